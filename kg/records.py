"""The records that flow from stage to stage: frozen, comparable by value, free of spaCy and rdflib.

Offsets are code points into ``Article.text``, counted from 0, end not included:
``article.text[span.start:span.end] == span.text`` always holds.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Article:
    """A text with what is known about where it comes from. Equal when every field is equal.

    ``lang`` is a language code with a pack in ``data/languages`` or None while it is not known;
    ``date`` is ISO 8601 (``2024-11-28``) or empty; ``dispute`` is the slug of the dispute that the
    article was filed under by hand, or empty.
    """

    id: str
    text: str
    lang: str | None = None
    title: str = ""
    date: str = ""
    source: str = ""
    dispute: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of an article's text with its offsets."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and its number in the article, from 0."""

    index: int
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing of the graph: one identifier whatever the language or wording.

    ``slug`` is the local part of its IRI (``artists``); ``type`` a class of relations.md
    (``Group``); ``labels`` pairs of language code and canonical name, sorted by code; ``label``
    the one to show; ``known`` tells entities of the registry from those minted from a text.

    ``broader`` is what a phrase is a kind or a part of (``artists`` for "the 16 artists who
    signed"), ``mentions`` what stands inside its words; both hold entities without further ones,
    sorted by slug. ``names`` are further names, pairs like ``labels``, and ``replaces`` slugs of
    what was merged into it by decision, both sorted.
    """

    slug: str
    type: str
    label: str
    labels: tuple[tuple[str, str], ...] = ()
    known: bool = False
    broader: tuple["Entity", ...] = ()
    mentions: tuple["Entity", ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Argument:
    """An entity as a text mentions it: the entity and the words that stand for it.

    ``method`` tells how the words were taken for it, one of ``kg.methods.SCORES`` or "" where
    nothing is known of that; ``score`` in [0, 1] how sure it is.
    """

    entity: Entity
    span: Span
    method: str = ""
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Clause:
    """Who does what to whom, in the article's own words: one predicate with one argument.

    ``predicate`` is the predicate as a phrase, with the preposition that leads to the object;
    ``trigger`` the predicate's head word; ``source`` who it is said to come from, ``cue`` the
    reporting word and ``content`` the reported span, where the clause is attributed.
    """

    article: str
    lang: str
    sentence: Sentence
    subject: Span
    predicate: str
    trigger: Span
    object: Span | None
    negated: bool = False
    modality: str = "asserted"
    source: Span | None = None
    cue: Span | None = None
    content: Span | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim of an article in the terms of the ontology, with the words it is known from.

    ``relation`` and ``modality`` are local names of relations.md; ``attributed_to`` is whom the
    article says it from, None where the article itself says it; ``time`` ISO 8601 or None;
    ``confidence`` lies in [0, 1]. ``role`` is what the subject is to the object, in the article's
    words ("former chief scientist"), where the relation is affiliatedWith and the text tells it.
    """

    article: str
    lang: str
    subject: Argument
    relation: str
    object: Argument
    negated: bool
    modality: str
    attributed_to: Argument | None
    time: str | None
    trigger: Span
    sentence: Sentence
    confidence: float
    role: str = ""
