"""A part of the statements: what a page or an export is to show."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.errors import UsageError
from kg.records import Article, Entity, Statement
from kg.vocabulary import relations


@dataclass(frozen=True, slots=True)
class Selection:
    """What to keep; an empty field keeps all.

    ``around`` is the slug or a label of an entity (in any language, any case), ``relations`` names
    of relations or groups, ``since`` and ``until`` dates of articles, ISO 8601, both included.
    """

    around: str = ""
    relations: tuple[str, ...] = ()
    since: str = ""
    until: str = ""


def select(
    statements: Iterable[Statement], selection: Selection, *, articles: Mapping[str, Article]
) -> list[Statement]:
    """The statements that the selection keeps, in the order given.

    UsageError for an entity that no statement has, with the names that come near, and for a
    relation that there is not. Articles without a date are left out where a date is asked for.
    """
    kept = list(statements)
    if selection.relations:
        names = _relation_names(selection.relations)
        kept = [statement for statement in kept if statement.relation in names]
    if selection.since or selection.until:
        kept = [one for one in kept if _in_time(articles.get(one.article), selection)]
    if selection.around:
        slugs = _slugs(kept, selection.around)
        kept = [one for one in kept if slugs & {entity.slug for entity in _entities(one)}]
    return kept


def _relation_names(names: Iterable[str]) -> frozenset[str]:
    found: set[str] = set()
    for name in names:
        matching = {one.name for one in relations() if name in (one.name, one.group)}
        if not matching:
            near = difflib.get_close_matches(name, [one.name for one in relations()])
            hint = f"; did you mean {', '.join(near)}?" if near else ""
            raise UsageError(f"there is no relation {name!r}{hint}; `kg ontology` lists them")
        found |= matching
    return frozenset(found)


def _in_time(article: Article | None, selection: Selection) -> bool:
    date = article.date if article else ""
    if not date:
        return False
    # A date may be a year or a month only: it counts as within where its known part is.
    return selection.since[: len(date)] <= date and (
        not selection.until or date[: len(selection.until)] <= selection.until
    )


def _entities(statement: Statement) -> list[Entity]:
    arguments = (statement.subject, statement.object, statement.attributed_to)
    return [argument.entity for argument in arguments if argument]


def _slugs(statements: Iterable[Statement], name: str) -> set[str]:
    entities = (entity for statement in statements for entity in _entities(statement))
    names = (
        (label, entity.slug)
        for entity in entities
        for label in (entity.label, *(label for _, label in entity.labels))
    )
    return slugs_named(name, names)


def slugs_named(name: str, names: Iterable[tuple[str, str]]) -> set[str]:
    """The slugs that a slug or a label, in any case, stands for.

    ``names`` are pairs of label and slug. UsageError for a name that is not there, with those that
    come near.

    >>> slugs_named("Open AI", [("OpenAI", "openai"), ("Open AI", "openai")])
    {'openai'}
    """
    found: dict[str, set[str]] = {}
    for label, slug in names:
        for one in (label, slug):
            found.setdefault(one.casefold(), set()).add(slug)
    wanted = " ".join(name.split()).casefold()
    if wanted not in found:
        near = difflib.get_close_matches(wanted, sorted(found), cutoff=0.5)
        hint = f"; near it: {', '.join(near)}" if near else ""
        raise UsageError(f"no statement here is about {name!r}{hint}")
    return found[wanted]
