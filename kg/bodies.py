"""The names of institutions in a normal form that is the same in every language and word order.

"Kepolisian South Wales" and "South Wales Police" are made of the same words: what kind of body it
is (its heads) and what tells it from others. The words come from ``ontology/bodies.toml``; those
that are not there stand for themselves, as "Bologna" does in either language.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from pydantic import BaseModel, ConfigDict, TypeAdapter

from kg.errors import DataError
from kg.registry import NEUTRAL, EntityType, read_table, registry
from kg.resources import ontology_dir
from kg.vocabulary import is_a

_AROUND = "\"'“”‘’«»()[],;:."
_LONGEST = 5  # words of an entry
_FEWEST = 2  # keys: "the court" alone is no name
_NAMES_KEPT = 1 << 14


class _Head(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    type: EntityType
    words: dict[str, tuple[str, ...]]
    alone: bool = False


class _Ordered(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    heads: frozenset[str]
    joint: dict[str, str]
    first: tuple[str, ...]


class _Legal(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    first: frozenset[str]
    last: frozenset[str]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    leading: frozenset[str]
    legal: _Legal
    silent: dict[str, frozenset[str]]
    endings: dict[str, tuple[str, ...]]
    ordered: _Ordered
    heads: dict[str, _Head]
    words: dict[str, dict[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Body:
    """A name of an institution by what it is made of.

    ``heads`` are the keys that tell what it is, ``rest`` those that tell which one; ``type`` is the
    class of its kind; ``whole`` tells that every word is known or a proper name. Equal when the
    keys are.
    """

    heads: frozenset[str]
    rest: frozenset[str]
    type: str = field(compare=False)
    whole: bool = field(compare=False)

    @property
    def form(self) -> str:
        """The keys in one order, as a slug has them.

        >>> body_of("Kepolisian South Wales", "id").form
        'police-south-wales'
        """
        return "-".join((*sorted(self.heads), *sorted(self.rest)))


@dataclass(frozen=True, slots=True)
class _Words:
    """Entry to key for one language; ``leading`` tells that a name begins with its head."""

    heads: Mapping[str, str]
    rest: Mapping[str, str]
    silent: frozenset[str]
    endings: tuple[str, ...]
    joint: str
    leading: bool


@cache
def _file() -> _File:
    file = ontology_dir() / "bodies.toml"
    return read_table(file, TypeAdapter(_File), user="names of bodies need")


@cache
def _words(lang: str) -> _Words:
    content = _file()
    return _Words(
        heads=_by_entry({key: head.words for key, head in content.heads.items()}, lang),
        rest=_by_entry(content.words, lang),
        silent=content.silent.get(lang, frozenset()),
        endings=content.endings.get(lang, ()),
        joint=content.ordered.joint.get(lang, ""),
        leading=lang in content.leading,
    )


def _by_entry(entries: Mapping[str, Mapping[str, tuple[str, ...]]], lang: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, words in entries.items():
        for word in words.get(lang, ()):
            if found.setdefault(word, key) != key:
                raise DataError(
                    f"{ontology_dir() / 'bodies.toml'}: {word!r} ({lang}) is in {found[word]!r} and"
                    f" in {key!r}; leave it in one"
                )
    return found


def without_legal_form(name: str) -> str:
    """The name of an organization without its legal form, where anything is left.

    >>> without_legal_form("PT Samudra Digital Tbk"), without_legal_form("Luka, Inc.")
    ('Samudra Digital', 'Luka')
    """
    legal, words = _file().legal, name.split()
    while len(words) > 1 and words[0].lower() in legal.first:
        words = words[1:]
    while len(words) > 1 and words[-1].lower() in legal.last:
        words = words[:-1]
    return " ".join(words).rstrip(",")


@lru_cache(_NAMES_KEPT)
def body_of(name: str, lang: str) -> Body | None:
    """A name of a language by what it is made of, None where it is that of no institution.

    Names in English are understood in text of any language.

    >>> body_of("Pengadilan Banding Amsterdam", "id") == body_of("Amsterdam Court of Appeal", "en")
    True
    >>> body_of("Authors Guild of India", "id").form, body_of("Mahkamah", "id")
    ('union-author-india', None)
    """
    words = [word for one in name.split() if (word := one.strip(_AROUND))]
    found = _made_of(words, _words(lang))
    if found is None and lang != NEUTRAL:
        found = _made_of(words, _words(NEUTRAL))
    return found


def _made_of(words: Sequence[str], known: _Words) -> Body | None:
    cased, words = words, [word.lower() for word in words]
    heads: list[str] = []
    rest: list[str] = []
    whole = True
    at = 0
    while at < len(words):
        tables = (known.heads, known.rest)
        if known.leading and heads:
            tables = (known.rest, known.heads)
        length, key, of_head = _longest(words, at, tables, known)
        if not key and words[at] in known.silent:
            at += 1
            continue
        if of_head:
            heads.append(_in_order(key, words[at + length :], known))
        elif known.leading and not heads:
            return None
        else:
            rest.append(key or _plain(words[at], known.endings))
            whole = whole and (bool(key) or cased[at][:1].isupper())
        at += length
    if not heads:
        return None
    kind = _file().heads[heads[0 if known.leading else -1].removesuffix(_OF)]
    if len({*heads, *rest}) < _FEWEST and not kind.alone:
        return None
    return Body(frozenset(heads), frozenset(rest) - frozenset(heads), kind.type, whole)


_OF = "-of"


def _longest(
    words: Sequence[str], at: int, tables: tuple[Mapping[str, str], ...], known: _Words
) -> tuple[int, str, bool]:
    """How many words the longest entry at a place has, its key, and whether it is a head."""
    for length in range(min(_LONGEST, len(words) - at), 0, -1):
        entry = " ".join(words[at : at + length])
        for form in (entry, _plain(entry, known.endings)):
            for table in tables:
                if form in table:
                    return length, table[form], table is known.heads
    return 1, "", False


def _plain(word: str, endings: Sequence[str]) -> str:
    """A word without its ending, in plain letters: "authors'" is "authors"."""
    for ending in endings:
        if word.endswith(ending):
            word = word.removesuffix(ending)
            break
    plain = unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode()
    return plain or word


def _in_order(key: str, behind: Sequence[str], known: _Words) -> str:
    """The key of a head, another one where "Head of X" is not "X Head"."""
    ordered = _file().ordered
    if key not in ordered.heads or not behind:
        return key
    if known.joint:
        return key + _OF if behind[0] == known.joint else key
    name = " ".join(behind)
    return key if any(f"{name} ".startswith(f"{one} ") for one in ordered.first) else key + _OF


@lru_cache(_NAMES_KEPT)
def says_kind(name: str, noun: str, lang: str) -> bool:
    """Does a name say that it is what a noun of a language calls it, in whatever language it is?

    >>> says_kind("Netherlands Institute for Human Rights", "lembaga", "id")
    True
    """
    key = _words(lang).heads.get(noun)
    body = body_of(name, lang) if key else None
    return body is not None and key in {head.removesuffix(_OF) for head in body.heads}


def is_short_for(short: Body, full: Body) -> bool:
    """Is a name a part of another one that says less of which one it is?

    >>> short = body_of("federasi penerbit", "id")
    >>> full = body_of("Federation of Indian Publishers", "en")
    >>> is_short_for(short, full), is_short_for(full, full)
    (True, False)
    """
    return short.heads <= full.heads and short.rest < full.rest


@cache
def _registered() -> dict[Body, str]:
    """The institutions of the registry by what their names are made of, where that is one's own."""
    known = registry()
    found: dict[Body, set[str]] = {}
    for lang, pairs in known.names.items():
        for name, slug in pairs:
            if is_a(known.entities[slug].type, "Organization") and slug not in known.ambiguous:
                body = body_of(name, lang)
                if body is not None:
                    found.setdefault(body, set()).add(slug)
    return {body: slugs.pop() for body, slugs in found.items() if len(slugs) == 1}


def registered_body(body: Body) -> str:
    """The slug of the institution of the registry that a name is a translation of, or "".

    >>> registered_body(body_of("Serikat Pengemudi dan Kurir Aplikasi", "id"))
    'app-drivers-and-couriers-union'
    """
    return _registered().get(body, "")
