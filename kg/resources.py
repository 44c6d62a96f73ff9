"""Where the project's data files live: beside the package in a checkout, inside it in a wheel."""

from functools import cache
from pathlib import Path

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
