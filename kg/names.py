"""Names in a text: the registry's, the pipeline's named entities, and short forms of both."""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Set
from dataclasses import dataclass
from types import MappingProxyType

from kg.bodies import body_of, without_legal_form
from kg.languages import Description, LanguagePack, Pronoun
from kg.records import Entity
from kg.registry import Registry
from kg.vocabulary import is_a

_AMBIGUOUS = 0.9  # a name that is an ordinary word too, where nothing speaks against it
_ORGANIZATION = "Organization"
_ALIKE = MappingProxyType(
    {
        **dict.fromkeys((_ORGANIZATION, "Place", "Group", "Event", "Concept"), "name"),
        "Platform": "AISystem",
    }
)  # what the slug of a name starts with instead of its type


@dataclass(frozen=True, slots=True)
class Names:
    """What the registry and a pack know of names, indexed for one pipeline.

    ``by_first`` maps the first word of a name to the rest and the slug, the longest first;
    ``terms`` a phrase in lemmas to a slug; ``head_types`` the lemma of a one-word term to its type;
    ``headed`` the head of longer terms, where it is a concept and describes things, to the
    practices that go by these, as "technology" to facial recognition.
    """

    pack: LanguagePack
    registry: Registry
    by_first: dict[str, tuple[tuple[tuple[str, ...], str], ...]]
    terms: dict[str, str]
    head_types: dict[str, str]
    headed: dict[str, frozenset[str]]
    pronouns: dict[str, Pronoun]
    descriptions: dict[str, tuple[Description, ...]]
    compounds: dict[str, tuple[Description, ...]]
    compound_firsts: frozenset[str]
    role_nouns: frozenset[str]
    titles: dict[str, str]
    parties: dict[str, tuple[str, str]]
    documents: dict[str, tuple[str, str]]
    maker_nouns: frozenset[str]
    possessing: frozenset[str]


def compile_names(
    pack: LanguagePack,
    registry: Registry,
    *,
    words_of: Callable[[str], list[str]],
    lemma_of: Callable[[str, str], str],
) -> Names:
    """Indexes the registry for a pipeline: ``words_of`` cuts a name as its tokenizer does,
    ``lemma_of`` gives the lemma of a word."""
    by_first: dict[str, dict[tuple[str, ...], str]] = {}
    for name, slug in registry.names_in(pack.code):
        first, *rest = words_of(name)
        by_first.setdefault(first, {}).setdefault(tuple(rest), slug)
    terms: dict[str, str] = {}
    head_types: dict[str, str] = {}
    for phrase, slug in registry.terms_in(pack.code):
        words = phrase.split()
        terms.setdefault(" ".join(words), slug)
        terms.setdefault(" ".join(lemma_of(word, "NOUN") for word in words), slug)
        if len(words) == 1:
            head_types.setdefault(lemma_of(phrase, "NOUN"), registry.entities[slug].type)
    descriptions: dict[str, tuple[Description, ...]] = {}
    compounds: dict[str, tuple[Description, ...]] = {}
    for description in pack.description:
        for noun in description.nouns:
            first, *rest = noun.split()
            into = compounds if rest else descriptions
            key = noun if rest else lemma_of(first, "NOUN")
            into[key] = (*into.get(key, ()), description)
    return Names(
        pack=pack,
        registry=registry,
        by_first={
            first: tuple(sorted(rests.items(), key=lambda item: (-len(item[0]), item)))
            for first, rests in by_first.items()
        },
        terms=terms,
        head_types=head_types,
        headed=_headed(
            pack,
            registry,
            {noun for noun in descriptions if _is_concept(terms.get(noun, ""), registry)},
            lemma_of,
        ),
        pronouns={form: pronoun for pronoun in pack.pronoun for form in pronoun.forms},
        descriptions=descriptions,
        compounds=compounds,
        compound_firsts=frozenset(noun.split()[0] for noun in compounds),
        role_nouns=frozenset(
            lemma
            for role in pack.role
            for noun in role.nouns
            if (
                lemma := lemma_of(noun.split()[-1 if pack.words.noun_head == "last" else 0], "NOUN")
            )
            and (" " not in noun or lemma not in descriptions)  # a parent company is no person
        ),
        documents={
            lemma_of(noun, "NOUN"): (party.relation, party.side)
            for party in pack.party
            for noun in party.documents
        },
        parties={
            lemma_of(noun, "NOUN"): (party.relation, party.side)
            for party in pack.party
            for noun in party.nouns
        },
        titles={lemma_of(noun, "NOUN"): t.type for t in pack.title for noun in t.nouns},
        possessing=frozenset(word for one in pack.possession for word in one.prepositions),
        maker_nouns=frozenset(
            lemma_of(noun, "NOUN")
            for role in pack.role
            if role.resolves_to_developer
            for noun in role.nouns
        ),
    )


def _is_concept(slug: str, registry: Registry) -> bool:
    return bool(slug) and registry.entities[slug].type == "Concept"


def _headed(
    pack: LanguagePack,
    registry: Registry,
    nouns: Set[str],
    lemma_of: Callable[[str, str], str],
) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for phrase, slug in registry.terms_in(pack.code):
        words = phrase.split()
        lemma = lemma_of(words[0 if pack.words.noun_head == "first" else -1], "NOUN")
        if len(words) > 1 and lemma in nouns and registry.entities[slug].type == "Practice":
            found.setdefault(lemma, set()).add(slug)
    return {lemma: frozenset(slugs) for lemma, slugs in found.items()}


@dataclass(frozen=True, slots=True)
class Name:
    """A name in the text: its tokens (end not included), the entity it stands for, how it was
    taken for it and what makes that less sure than the method is, in [0, 1]."""

    first: int
    end: int
    entity: Entity
    method: str
    factor: float = 1.0


_AROUND = "\"'“”‘’«»()[],;: "
_PAIRS = (('"', '"'), ("“", "”"), ("«", "»"), ("(", ")"), ("[", "]"))
_NOT_WORD = re.compile(r"[^a-z0-9]+")


def tidy_label(words: str) -> str:
    """Words as a label: single blanks, no marks around them, no quote or bracket without its other.

    >>> tidy_label('kredit artistik" dalam  proyek,'), tidy_label("the tag (NoAI) of ArtStation")
    ('kredit artistik dalam proyek', 'the tag (NoAI) of ArtStation')
    """
    label = " ".join(words.split()).strip(_AROUND)
    for opening, closing in _PAIRS:
        count, other = label.count(opening), label.count(closing)
        if count != other or (opening == closing and count % 2):
            label = label.replace(opening, "").replace(closing, "")
    return label


def mint(kind: str, label: str, lang: str, *, name: bool = False) -> Entity:
    """A new entity for words that no known entity goes by; the same words give the same one.

    Names keep their form in both languages, phrases belong to the language of the text; an
    institution that is named by what it is has one slug for its name in either language. The slug
    starts with the type, so that a person called Sora and the system Sora stay apart, but for what
    a name alone does not tell apart: places, groups and kinds of organizations.

    >>> mint("Person", "Jane Doe", "en", name=True).slug
    'person-jane-doe'
    >>> mint("Court", "Paris Court of Appeal", "en", name=True).slug
    'organization-court-appeal-paris'
    >>> mint("Court", "Pengadilan Banding Paris", "id", name=True).slug
    'organization-court-appeal-paris'
    >>> mint("Company", "PT Samudra Digital", "id", name=True).slug
    'name-samudra-digital'
    """
    start = _ORGANIZATION if is_a(kind, _ORGANIZATION) else kind
    body = body_of(label, lang) if start == _ORGANIZATION else None
    if body is not None and (name or body.whole):
        label_only = () if name else ((lang, label),)
        return Entity(f"{start.lower()}-{body.form}", kind, label, label_only)
    plain = without_legal_form(label) if name and start == _ORGANIZATION else label
    if name:
        start = _ALIKE.get(start, start)
    normal = unicodedata.normalize("NFKD", plain.lower()).encode("ascii", "ignore").decode()
    slug = _NOT_WORD.sub("-", normal).strip("-")
    if not slug or len(slug) > 80:
        digest = hashlib.sha256(label.lower().encode()).hexdigest()[:10]
        slug = f"{slug[:60].rstrip('-')}-{digest}".strip("-")
    return Entity(f"{start.lower()}-{slug}", kind, label, () if name else ((lang, label),))
