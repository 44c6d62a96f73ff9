"""Every example runs as it stands and shows what it promises."""

import re
import subprocess
import sys
from pathlib import Path

import nbclient
import nbformat
import pytest

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


def test_all_examples_are_known_here() -> None:
    assert sorted(path.name for path in EXAMPLES.iterdir() if not path.name.startswith(".")) == [
        "article_to_page.py",
        "explore.ipynb",
        "own_sparql.py",
        "pictures",  # of the page, for the README
        "python_api.py",
    ]


def test_the_pictures_are_those_of_the_readme_and_small() -> None:
    readme = (EXAMPLES.parent / "README.md").read_text(encoding="utf-8")
    pictures = {path.name: path for path in (EXAMPLES / "pictures").iterdir()}
    assert set(re.findall(r"examples/pictures/([\w.-]+)", readme)) == set(pictures)
    assert len(pictures) == 6
    for path in pictures.values():
        assert path.read_bytes()[8:12] == b"WEBP"
        assert path.stat().st_size < 150_000, path


def run(name: str, *arguments: str, cwd: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", str(EXAMPLES / name), *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_python_api(tmp_path: Path) -> None:
    out = run("python_api.py", cwd=tmp_path)
    assert "Getty Images --sues--> Stability AI" in out
    assert "    says: union" in out
    assert "    negated" in out


def test_own_sparql(tmp_path: Path) -> None:
    rows = [line.split(maxsplit=2) for line in run("own_sparql.py", cwd=tmp_path).splitlines()]
    assert len(rows) == 10
    assert {lang for _, lang, _ in rows} == {"en", "id"}
    assert "OpenAI" in [actor for _, _, actor in rows]
    times = [int(number) for number, _, _ in rows]
    assert times == sorted(times, reverse=True)
    assert times[0] > 1


def test_article_to_page(tmp_path: Path) -> None:
    (tmp_path / "own.txt").write_text("Para seniman menggugat OpenAI.", encoding="utf-8")
    out = run("article_to_page.py", "own.txt", "own.html", cwd=tmp_path)
    assert "1 statements of own: open own.html" in out
    assert "Para seniman menggugat OpenAI." in (tmp_path / "own.html").read_text(encoding="utf-8")
    assert "page.html" in run("article_to_page.py", cwd=tmp_path)
    assert (tmp_path / "page.html").is_file()


# The kernel's own start makes sockets and event loops that Python warns of at exit.
@pytest.mark.filterwarnings("default")
def test_notebook() -> None:
    notebook = nbformat.read(EXAMPLES / "explore.ipynb", as_version=4)
    assert all(not cell.get("outputs") for cell in notebook.cells), "clear the outputs"
    nbclient.NotebookClient(
        notebook, timeout=300, resources={"metadata": {"path": str(EXAMPLES)}}
    ).execute()
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs for cell in code)
    assert "sora-leak.id" in code[0].outputs[0]["data"]["text/plain"]
    assert "OpenAI" in code[2].outputs[0]["data"]["text/plain"]
    assert "<iframe srcdoc=" in code[-1].outputs[0]["data"]["text/html"]
