"""The error tree. Every message says what was wrong, where, what was expected, what to do.

::

    KgError
    ├── UsageError        a call or command that cannot be meant: exit code 2
    ├── ArticleError      an article that cannot be read
    │   └── LanguageError an article in a language that has no pack, or one that cannot be told
    ├── DataError         a broken file of the project's own kind (pack, registry, gold, ontology)
    ├── StoreError        a store that is missing, held by another process or damaged
    ├── QueryError        SPARQL that does not parse or cannot be run
    ├── OutputError       a file that could not be written
    └── TrainingError     training data or a training step that failed
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import ValidationError


class KgError(Exception):
    """Something that the user can mend; the message is one line meant for them."""

    exit_code = 1


class UsageError(KgError):
    """A call or a command that cannot be meant."""

    exit_code = 2


class ArticleError(KgError):
    """An article that cannot be read."""


class LanguageError(ArticleError):
    """An article in a language without a pack, or whose language cannot be told."""


class DataError(KgError):
    """A broken data file: language pack, registry, gold data, ontology."""


class StoreError(KgError):
    """A store that is missing, held by another process, or damaged."""


class QueryError(KgError):
    """A SPARQL query that does not parse or cannot be run."""


class OutputError(KgError):
    """A result that could not be written; what was there before is untouched."""


class TrainingError(KgError):
    """Training data that is missing or malformed, or a training step that failed."""


def first_problem(error: "ValidationError") -> str:
    """The first thing that a schema finds wrong in a file: its place, with dots, and why.

    What is wrong with a record as a whole has no place.
    """
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {first['msg']}" if place else first["msg"]
