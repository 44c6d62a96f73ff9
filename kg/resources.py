"""Where the project's data files live: beside the package in a checkout, inside it in a wheel."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from kg.errors import DataError

_PACKAGE = Path(__file__).resolve().parent


@cache
def _root(name: str) -> Path:
    inside = _PACKAGE / "_resources" / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


def data_dir() -> Path:
    """Folder with ``languages``, ``models``, ``articles`` and ``gold``."""
    return _root("data")


def ontology_dir() -> Path:
    """Folder with the ontology, the registry and the named queries."""
    return _root("ontology")


def read_toml(file: Path, *, user: str) -> dict[str, Any]:
    """What a TOML file of the project holds. Raises DataError; ``user`` tells there what a missing
    file is for: "the registry needs"."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError(f"{file}: missing; {user} this file") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{file}: not a TOML file: {error}") from None
