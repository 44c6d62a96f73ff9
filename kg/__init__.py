"""dispute-kg: news on AI-ethics disputes, in Indonesian and English, as a knowledge graph.

The names below are the whole Python interface; each is loaded when it is first asked for, so that
``import kg`` costs nothing.

>>> import kg
>>> sorted(kg.__all__)[:3]
['Article', 'Entity', 'Statement']
"""

from importlib import import_module

_HOMES = {
    "Article": "kg.records",
    "Entity": "kg.records",
    "Statement": "kg.records",
    "read_articles": "kg.articles",
    "extract": "kg.statements",
    "open_store": "kg.store",
    "build_graph": "kg.graph",
    "view": "kg.page",
}

__all__ = sorted(_HOMES)  # noqa: PLE0605
__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'kg' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
