"""Decisions of people about entities: what is one thing, what are two, its names and its type.

They are a TOML file that a person can read, comment and keep under version control; every build
obeys it. ``kg entities merge`` and its fellows write it::

    [[decision]]
    merge = "person-s-altman"     # is the same as …
    into = "sam-altman"
    names = { en = ["S. Altman"] }

    [[decision]]
    split = "person-sora"         # in these articles, or where it goes by these words, it is …
    into = "person-sora-the-painter"
    labels = { en = "Sora (painter)" }
    type = "Person"
    articles = ["exhibition"]
    words = ["Sora"]

    [[decision]]
    rename = "name-luka"
    labels = { en = "Luka Inc." }

    [[decision]]
    retype = "name-noyb"
    type = "Association"

``into`` tells ``labels`` and ``type`` where it is not in the registry. Every decision may have a
``note``. Decisions hold at once, whatever their order; merges may be chained.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kg.errors import DataError, UsageError
from kg.files import whole_file
from kg.methods import SCORES
from kg.records import Argument, Article, Entity, Statement
from kg.registry import NEUTRAL, EntityType, registry

FILE = "decisions.toml"
"""Name of the file that builds look for beside the store."""

NONE = "-"
"""`concerning` of what no decision concerns."""

_ACTS = ("merge", "split", "rename", "retype")
_NEEDS = {
    "merge": ("into",),
    "split": ("into", "labels", "type"),
    "rename": ("labels",),
    "retype": ("type",),
}
_TAKES = {
    "merge": {"into", "labels", "type", "names"},
    "split": {"into", "labels", "type", "articles", "words"},
    "rename": {"labels"},
    "retype": {"type"},
}
_HEADER = re.compile(r"\s*\[\[\s*decision\s*\]\]")
_PLACE = re.compile(r"\(at (?:line (\d+), column \d+|end of document)\)")
_HEAD = """\
# Decisions about entities, obeyed by every later build. Written by `kg entities merge`, `split`,
# `rename` and `type`, taken back by `kg entities undo`; edit it by hand as you like.
"""

_Slug = Annotated[str, Field(pattern=r"^\S+$")]
_Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
_Name = Annotated[str, Field(pattern=r"\S")]


class Decision(BaseModel):
    """One decision: exactly one of merge, split, rename and retype names the entity."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    merge: _Slug | None = None
    split: _Slug | None = None
    rename: _Slug | None = None
    retype: _Slug | None = None
    into: _Slug | None = None
    type: EntityType | None = None
    labels: dict[_Language, _Name] = {}
    names: dict[_Language, tuple[_Name, ...]] = {}
    articles: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    note: str = ""

    @property
    def act(self) -> str:
        """merge, split, rename or retype."""
        return next(act for act in _ACTS if getattr(self, act))

    @property
    def entity(self) -> str:
        """The slug that it is about."""
        return str(getattr(self, self.act))


@dataclass(frozen=True, slots=True)
class Decisions:
    """All decisions of a file, in its order; equal when they are the same."""

    rows: tuple[Decision, ...] = ()
    _merged: Mapping[str, Decision] = field(init=False, compare=False)
    _named: frozenset[str] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        merged = {row.entity: row for row in self.rows if row.act == "merge"}
        named = {slug for row in self.rows for slug in (row.entity, row.into or row.entity)}
        object.__setattr__(self, "_merged", merged)
        object.__setattr__(self, "_named", frozenset(named))

    def final(self, slug: str) -> str:
        """What a slug is merged into in the end; itself where it is not."""
        while slug in self._merged:
            slug = str(self._merged[slug].into)
        return slug

    def merged_into(self, slug: str) -> tuple[str, ...]:
        """The slugs that are merged into one in the end, sorted."""
        return tuple(sorted(old for old in self._merged if self.final(old) == slug))

    def of(self, act: str, slug: str) -> Iterator[Decision]:
        """The decisions of an act about a slug, in the order of the file."""
        return (row for row in self.rows if row.act == act and row.entity == slug)

    def telling(self, slug: str) -> Decision:
        """The first decision that tells type and labels of an entity that others go into."""
        return next(row for row in self.rows if row.into == slug and row.type and row.labels)

    def concerns(self, slug: str) -> bool:
        """Does any decision name an entity?"""
        return slug in self._named

    def concerning(self, slugs: Set[str], *, article: str) -> str:
        """A digest of the decisions that concern an article with some entities, or `NONE`.

        While it stays the same, the article need not be read again.
        """
        found = [
            row.model_dump_json()
            for row in self.rows
            if (not row.articles or article in row.articles)
            and {row.entity, row.into or row.entity, self.final(row.into or row.entity)} & slugs
        ]
        return hashlib.sha256("\n".join(found).encode()).hexdigest()[:12] if found else NONE


def read_decisions(file: Path | None) -> Decisions:
    """The decisions of a file, none where ``file`` is None.

    DataError with file and line for what is no such file, is no decision or contradicts another.
    """
    if file is None:
        return Decisions()
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise DataError(f"{file}: no such file; check the name, or leave --decisions out") from None
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{file}: {error}; expected decisions in UTF-8") from error
    return parse_decisions(text, str(file))


def decisions_beside(store: Path) -> Path:
    """Where the decisions about the entities of a store are kept where nothing else is said."""
    return store.parent / FILE


def parse_decisions(text: str, file: str) -> Decisions:
    """The decisions in the text of a file, whose name is for messages; see `read_decisions`."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        line = int(place[1]) if place and place[1] else text.count("\n") + 1
        reason = _PLACE.sub("", str(error)).strip()
        raise DataError(f"{file}:{line}: not TOML: {reason}; mend the line") from None
    starts = [number for number, line in enumerate(text.splitlines(), 1) if _HEADER.match(line)]
    other = next((key for key in found if key != "decision"), "")
    if other or not isinstance(found.get("decision", []), list):
        line = _line_of(text, other or "decision", 0)
        raise DataError(
            f"{file}:{line}: {other or 'decision'!r} is no decision;"
            " expected tables under [[decision]]"
        )
    rows: list[Decision] = []
    for number, table in enumerate(found.get("decision", [])):
        line = starts[number] if number < len(starts) else 1
        rows.append(_decision(table, text, file, line))
    lines = starts + [1] * (len(rows) - len(starts))
    _refuse_contradictions(rows, lines, file)
    return Decisions(tuple(rows))


def _line_of(text: str, key: str, start: int) -> int:
    """The line of a key in the table that starts on a line, of the whole file where that is 0."""
    lines = text.splitlines()
    for number in range(start, len(lines)):
        if start and _HEADER.match(lines[number]):
            break
        if re.match(rf"\s*\[*\"?{re.escape(key)}\b", lines[number]):
            return number + 1
    return max(start, 1)


def _decision(table: Any, text: str, file: str, line: int) -> Decision:
    try:
        row = Decision.model_validate(table)
    except ValidationError as error:
        first = error.errors()[0]
        key = str(first["loc"][0]) if first["loc"] else ""
        reason = f"{key}: {first['msg']}" if key else first["msg"]
        if first["type"] == "extra_forbidden":
            reason = f"{key!r} is nothing that a decision has"
        raise DataError(f"{file}:{_line_of(text, key, line)}: {reason}; mend it") from None
    acts = [act for act in _ACTS if getattr(row, act)]
    if len(acts) != 1:
        raise DataError(
            f"{file}:{line}: a decision has exactly one of {', '.join(_ACTS)},"
            f" this has {' and '.join(acts) or 'none'}"
        )
    missing = [key for key in _NEEDS[row.act] if not getattr(row, key)]
    if missing:
        raise DataError(f"{file}:{line}: {row.act} needs {missing[0]!r}; add it")
    useless = sorted(row.model_fields_set - _TAKES[row.act] - {row.act, "note"})
    if useless:
        place = _line_of(text, useless[0], line)
        raise DataError(f"{file}:{place}: {row.act} has no {useless[0]!r}; take it out")
    if row.act == "split" and not (row.articles or row.words):
        raise DataError(f"{file}:{line}: split needs 'articles' or 'words' that tell the two apart")
    if row.into == row.entity:
        raise DataError(f"{file}:{line}: {row.entity!r} cannot go into itself; name another entity")
    return row


def _refuse_contradictions(rows: list[Decision], lines: list[int], file: str) -> None:
    merged: dict[str, int] = {}
    said: dict[tuple[str, str], int] = {}
    for row, line in zip(rows, lines, strict=True):
        if row.act != "split":
            before = said.setdefault((row.act, row.entity), line)
            if before != line:
                raise DataError(
                    f"{file}:{line}: {row.act} of {row.entity!r} is decided on line {before}"
                    " already; keep one"
                )
        if row.act == "merge":
            merged[row.entity] = line
    into = {row.entity: str(row.into) for row in rows if row.act == "merge"}
    described = {row.into for row in rows if row.type and row.labels}
    for row, line in zip(rows, lines, strict=True):
        if row.act == "merge":
            slug, seen = row.entity, {row.entity}
            while slug in into:
                slug = into[slug]
                if slug in seen:
                    raise DataError(
                        f"{file}:{line}: merging {row.entity!r} into {row.into!r} goes in a circle;"
                        " take one of the merges out"
                    )
                seen.add(slug)
            if slug not in registry().entities and slug not in described:
                raise DataError(
                    f"{file}:{line}: {slug!r} is not in the registry;"
                    " give its 'type' and 'labels' with the merge"
                )
        elif row.act in ("rename", "retype") and row.entity in merged:
            raise DataError(
                f"{file}:{line}: {row.entity!r} is merged into {into[row.entity]!r} on line"
                f" {merged[row.entity]}; {row.act} that one"
            )


# Obeying ---------------------------------------------------------------------------------------


def decide(
    statements: Iterable[Statement], decisions: Decisions, *, article: Article
) -> list[Statement]:
    """The statements of an article as the decisions want their entities, in the order given.

    Where two become one for a sentence the surer one stays; a statement about itself goes.
    """
    if not decisions.rows:
        return list(statements)
    best: dict[tuple[object, ...], Statement] = {}
    for statement in statements:
        speaker = statement.attributed_to
        decided = replace(
            statement,
            subject=_decided(statement.subject, decisions, article),
            object=_decided(statement.object, decisions, article),
            attributed_to=_decided(speaker, decisions, article) if speaker else None,
        )
        who, what = decided.subject.entity.slug, decided.object.entity.slug
        key = (decided.sentence.index, decided.relation, who, what, decided.negated)
        if who != what and (key not in best or best[key].confidence < decided.confidence):
            best[key] = decided
    return list(best.values())


def _decided(argument: Argument, decisions: Decisions, article: Article) -> Argument:
    for row in decisions.of("split", argument.entity.slug):
        here = not row.articles or article.id in row.articles
        so_called = not row.words or argument.span.text.casefold() in map(str.casefold, row.words)
        if here and so_called:
            apart = entity_as_decided(_told(row), decisions)
            return replace(argument, entity=apart, method="byDecision", score=SCORES["byDecision"])
    found = entity_as_decided(argument.entity, decisions)
    # what was merged goes by the same words, which are as sure as before
    merged = found.slug != argument.entity.slug
    return replace(argument, entity=found, method="byDecision" if merged else argument.method)


def entity_as_decided(entity: Entity, decisions: Decisions) -> Entity:
    """An entity as merges, renames and changes of type want it, with what stands inside it."""
    entity = replace(
        entity,
        broader=_all_decided(entity.broader, decisions),
        mentions=_all_decided(entity.mentions, decisions),
    )
    slug = decisions.final(entity.slug)
    if not decisions.concerns(slug):
        return entity
    names = set(entity.names)
    if slug != entity.slug:
        names |= set(_own_names(entity))
        entity = registry().entities.get(slug) or _told(decisions.telling(slug))
    for row in decisions.of("retype", slug):
        entity = replace(entity, type=str(row.type))
    for row in decisions.of("rename", slug):
        names |= set(_own_names(entity))
        labels = {**dict(entity.labels), **row.labels}
        label = labels.get(NEUTRAL, labels[min(labels)])
        entity = replace(entity, labels=tuple(sorted(labels.items())), label=label)
    replaces = decisions.merged_into(slug)
    for old in replaces:
        names |= _registered(old)
        for row in decisions.of("merge", old):
            names |= {(lang, name) for lang, found in row.names.items() for name in found}
    names -= {*_own_names(entity), *_registered(slug)}
    return replace(entity, names=tuple(sorted(names)), replaces=replaces)


def _all_decided(entities: Iterable[Entity], decisions: Decisions) -> tuple[Entity, ...]:
    found = {}
    for one in entities:
        decided = replace(entity_as_decided(one, decisions), broader=(), mentions=())
        found[decided.slug] = decided
    return tuple(found[slug] for slug in sorted(found))


def _told(row: Decision) -> Entity:
    """The entity that a decision leads to, as it tells it."""
    slug = str(row.into)
    known = registry().entities.get(slug)
    if known is not None:
        return known
    label = row.labels.get(NEUTRAL, row.labels[min(row.labels)])
    return Entity(slug, str(row.type), label, tuple(sorted(row.labels.items())))


def _own_names(entity: Entity) -> tuple[tuple[str, str], ...]:
    """Its labels; one without language counts as neutral of language."""
    return entity.labels or ((NEUTRAL, entity.label),)


def _registered(slug: str) -> set[tuple[str, str]]:
    """The names of an entity in the registry, none for another."""
    known = registry()
    names = known.names.items()
    found = {(lang, name) for lang, pairs in names for name, of in pairs if of == slug}
    return found | set(known.entities[slug].labels if slug in known.entities else ())


# Writing ---------------------------------------------------------------------------------------


def add_decision(file: Path, decision: Decision) -> None:
    """Writes a decision at the end of a file, made if there is none; what is there stays as it is.

    DataError where the file would contradict itself.
    """
    text = file.read_text(encoding="utf-8") if file.exists() else _HEAD
    text = text.rstrip("\n") + "\n\n" + decision_toml(decision)
    parse_decisions(text, str(file))
    with whole_file(file) as out:
        out.write(text)


def remove_decision(file: Path, number: int | None = None) -> Decision:
    """Takes a decision out of a file, the last one or that of a number from 1; returns it.

    Comments between it and the next stay. UsageError where there is none of that number.
    """
    rows = read_decisions(file).rows if file.exists() else ()
    if not rows:
        raise UsageError(f"{file}: no decision to take back")
    if number is not None and not 1 <= number <= len(rows):
        raise UsageError(
            f"{file}: there is no decision {number}; `kg entities decisions` numbers them"
            f" from 1 to {len(rows)}"
        )
    at = (number or len(rows)) - 1
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    starts = [i for i, line in enumerate(lines) if _HEADER.match(line)]
    end = starts[at + 1] if at + 1 < len(starts) else len(lines)
    while end > starts[at] + 1 and not lines[end - 1].split("#")[0].strip():
        end -= 1  # blank lines and comments belong to what follows
    text = "".join(lines[: starts[at]]).rstrip("\n") + "\n" + "".join(lines[end:])
    parse_decisions(text, str(file))
    with whole_file(file) as out:
        out.write(text.rstrip("\n") + "\n")
    return rows[at]


def decision_toml(decision: Decision) -> str:
    """A decision as a table of TOML.

    >>> print(decision_toml(Decision(retype="noyb", type="Association")), end="")
    [[decision]]
    retype = "noyb"
    type = "Association"
    """
    lines = ["[[decision]]"]
    for key, value in decision.model_dump(exclude_unset=True).items():
        if value:
            lines.append(f"{key} = {_toml(value)}")
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    # JSON's strings are TOML's, but for DEL, which TOML wants escaped
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
