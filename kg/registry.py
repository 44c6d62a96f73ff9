"""The canonical entities of the field and the names they go by, from ``ontology/*.toml``."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, TypeAdapter, ValidationError

from kg.errors import DataError, first_problem
from kg.records import Entity
from kg.resources import ontology_dir, read_toml
from kg.vocabulary import entity_types

_Table = TypeVar("_Table")
NEUTRAL = "en"
"""The language whose names in ``entities.toml`` are tried on text of every language."""


def _known_type(kind: str) -> str:
    if kind not in {known.name for known in entity_types()}:
        raise ValueError(f"unknown entity type {kind!r}; `kg ontology` lists the types")
    return kind


EntityType = Annotated[str, AfterValidator(_known_type)]
"""The name of a class of entities, checked against the ontology."""


class _Names(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    type: EntityType
    labels: dict[str, str]
    aliases: dict[str, tuple[str, ...]] = {}
    wikidata: str = ""
    developer: str = ""
    ambiguous: bool = False


class _Term(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    type: EntityType
    labels: dict[str, str]
    words: dict[str, tuple[str, ...]]
    issue: str = ""


@dataclass(frozen=True, slots=True)
class Registry:
    """Entities by slug, with their names (case-sensitive) and terms (lemmas, lower-case)."""

    entities: dict[str, Entity]
    names: dict[str, tuple[tuple[str, str], ...]]
    terms: dict[str, tuple[tuple[str, str], ...]]
    developers: dict[str, str]
    wikidata: dict[str, str]
    ambiguous: frozenset[str]

    def names_in(self, lang: str) -> Iterator[tuple[str, str]]:
        """Pairs of name and slug to look for in text of a language."""
        yield from self.names.get(NEUTRAL, ())
        if lang != NEUTRAL:
            yield from self.names.get(lang, ())

    def terms_in(self, lang: str) -> tuple[tuple[str, str], ...]:
        """Pairs of term and slug of a language."""
        return self.terms.get(lang, ())


@cache
def registry() -> Registry:
    """The registry of the project, read once. Raises DataError with the file and the reason."""
    names_file, terms_file = ontology_dir() / "entities.toml", ontology_dir() / "terms.toml"
    user = "the registry needs"
    named = read_table(names_file, TypeAdapter(dict[str, _Names]), user=user)
    terms = read_table(terms_file, TypeAdapter(dict[str, _Term]), user=user)
    twice = sorted(set(named) & set(terms))
    if twice:
        raise DataError(f"{terms_file}: [{twice[0]}] is in {names_file.name} too; rename one")
    entities: dict[str, Entity] = {}
    by_language: dict[str, list[tuple[str, str]]] = {}
    words: dict[str, list[tuple[str, str]]] = {}
    for slug, item in named.items():
        entities[slug] = _entity(slug, item.type, item.labels)
        for lang, label in item.labels.items():
            by_language.setdefault(lang, []).append((label, slug))
        for lang, aliases in item.aliases.items():
            by_language.setdefault(lang, []).extend((alias, slug) for alias in aliases)
    for slug, term in terms.items():
        entities[slug] = _entity(slug, term.type, term.labels)
        for lang, forms in term.words.items():
            label = term.labels.get(lang, "").lower()
            own = dict.fromkeys([*filter(None, [label]), *forms])
            words.setdefault(lang, []).extend((word, slug) for word in own)
    return Registry(
        entities=entities,
        names={lang: tuple(pairs) for lang, pairs in by_language.items()},
        terms={lang: tuple(pairs) for lang, pairs in words.items()},
        developers={slug: item.developer for slug, item in named.items() if item.developer},
        wikidata={slug: item.wikidata for slug, item in named.items() if item.wikidata},
        ambiguous=frozenset(slug for slug, item in named.items() if item.ambiguous),
    )


def _entity(slug: str, kind: str, labels: dict[str, str]) -> Entity:
    label = labels.get(NEUTRAL) or next(iter(labels.values()))
    return Entity(slug, kind, label, tuple(sorted(labels.items())), known=True)


def read_table(file: Path, schema: TypeAdapter[_Table], *, user: str) -> _Table:
    """What a TOML file of the ontology holds, as its schema has it. Raises DataError with the entry
    that is wrong; ``user`` as in `kg.resources.read_toml`."""
    try:
        return schema.validate_python(read_toml(file, user=user))
    except ValidationError as error:
        raise DataError(f"{file}: {first_problem(error)}; mend the entry") from None
