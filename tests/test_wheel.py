"""The wheel works where it is installed, from another folder, with nothing of the checkout."""

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PIP = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            str(ROOT),
            "--no-deps",
            "--no-build-isolation",
            "--quiet",
            "--disable-pip-version-check",
            "--wheel-dir",
            str(folder),
        ],
        check=True,
        cwd=folder,
    )
    [found] = folder.glob("dispute_kg-*.whl")
    return found


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment with the wheel; its dependencies are those of this environment."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    python = folder / "bin" / "python"
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "--python",
            str(python),
            "install",
            "--no-deps",
            "--quiet",
            "--disable-pip-version-check",
            "--no-index",
            str(wheel),
        ],
        check=True,
    )
    [packages] = folder.glob("lib/python*/site-packages")
    # Only the folder, not its .pth files: the checkout, installed editable here, stays out.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return folder


def test_everything_that_is_needed_is_inside_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    inside = {name.removeprefix("kg/_resources/") for name in names if "_resources" in name}
    tracked = subprocess.run(
        ["git", "ls-files", "ontology", "data/languages", "data/models", "data/articles"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    ).stdout.split()
    assert set(tracked) <= inside
    for needed in (
        "ontology/dispute.ttl",
        "ontology/entities.toml",
        "ontology/queries/who-against-whom.rq",
        "data/languages/id/frames.toml",
        "data/models/id_dispute_news/meta.json",
        "data/models/id_dispute_news/LICENSE",
    ):
        assert needed in inside, needed
    assert "kg/templates/page.html" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not [name for name in names if name.startswith(("tests/", "data/", "examples/"))]


def test_the_installed_command_extracts_builds_and_asks(environment: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Para seniman menggugat OpenAI.", encoding="utf-8")
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [str(environment / "bin" / "kg"), *arguments],
            cwd=tmp_path,
            env=variables,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    [line] = run("extract", "a.txt").splitlines()
    statement = json.loads(line)
    assert (statement["lang"], statement["relation"]) == ("id", "sues")
    run("build", "a.txt", "-o", "out")
    assert "OpenAI" in run("query", "--name", "lawsuits")
    where = subprocess.run(
        [str(environment / "bin" / "python"), "-c", "import kg; print(kg.__file__)"],
        cwd=tmp_path,
        env=variables,
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(where.stdout.strip()).is_relative_to(environment)
