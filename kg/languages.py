"""Language packs: everything the extractor knows of a language, read from ``data/languages``.

A pack is a folder with ``language.toml`` (pipeline, dependency labels, word lists),
``frames.toml`` (which expressions say which relation) and ``times.toml`` (how it says when). A new
language is such a folder; no code asks for a language by name.
"""

import re
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from kg.errors import DataError, LanguageError, first_problem
from kg.registry import EntityType
from kg.resources import data_dir, read_toml
from kg.vocabulary import entity_types, is_a, relations

Role = Literal[
    "root",
    "subject",
    "clausal_subject",
    "expletive",
    "object",
    "recipient",
    "agent",
    "oblique",
    "predicative",
    "complement",
    "open_complement",
    "adverbial_clause",
    "noun_clause",
    "relative_clause",
    "nominal",
    "possessive",
    "apposition",
    "conjunct",
    "coordinator",
    "negation",
    "auxiliary",
    "passive_auxiliary",
    "copula",
    "marker",
    "case",
    "determiner",
    "numeral",
    "adjective",
    "compound",
    "flat",
    "adverb",
    "parataxis",
    "preposition",
    "preposition_object",
    "preposition_clause",
    "particle",
    "punctuation",
    "other",
]
"""What a word is to its head, whatever the scheme of the parser. ``preposition`` and the two
beside it exist for parsers in which a preposition is the head of its noun; ``kg.syntax`` turns
them into ``oblique``, ``nominal``, ``agent`` and ``adverbial_clause`` with a ``case``."""

Modality = Literal[
    "asserted", "alleged", "obligation", "promised", "possible", "planned", "desired"
]
MODALITIES: tuple[str, ...] = get_args(Modality)

SHORTHANDS = {"Thing": ("AISystem", "Platform", "Work", "Document")}
"""Names for several entity types at once, allowed wherever a pack lists types."""


EXACTLY = "="
"""Before a type: only the type itself, not what lies under it."""


def _known_types(names: object) -> object:
    if not isinstance(names, list | tuple):
        return names
    expanded = [kind for name in names for kind in SHORTHANDS.get(name, (name,))]
    known = {kind.name for kind in entity_types()}
    for name in expanded:
        if str(name).removeprefix(EXACTLY) not in known:
            raise ValueError(f"unknown entity type {name!r}; `kg ontology` lists the types")
    return expanded


Types = Annotated[tuple[str, ...], BeforeValidator(_known_types)]
Word = Annotated[str, Field(min_length=1, pattern=r"^[^A-Z]*$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Pipeline(_Part):
    """Which spaCy pipeline reads the language: an installed package, or a model of the project."""

    package: str = ""
    model: str = ""
    exclude: tuple[str, ...] = ()
    entities: dict[str, str]
    times: frozenset[str] = frozenset()
    amounts: frozenset[str] = frozenset()
    article: str = ""

    @model_validator(mode="after")
    def _one_source(self) -> "Pipeline":
        if bool(self.package) == bool(self.model):
            raise ValueError("name either `package` or `model`")
        return self


class Passive(_Part):
    """How the language marks the passive voice, and where it puts the agent."""

    morph: tuple[str, ...]
    tags: tuple[str, ...]
    prefixes: tuple[str, ...]
    bare_agent: bool
    bare_agent_except: tuple[Word, ...]
    active: tuple[tuple[Word, str], ...] = ()
    perfect: tuple[Word, ...]


class Words(_Part):
    """Closed word classes, as sets of lower-case words."""

    negation: frozenset[Word]
    negative_determiners: frozenset[Word]
    negative_markers: frozenset[Word]
    negation_spreads: frozenset[Word]
    relativizers: frozenset[Word]
    agent_prepositions: tuple[Word, ...]
    object_control: frozenset[Word]
    role_prepositions: frozenset[Word] = frozenset()
    examples: frozenset[Word] = frozenset()
    naming: frozenset[Word] = frozenset()
    joining: frozenset[Word] = frozenset()
    relational: frozenset[Word] = frozenset()
    clause_leads: frozenset[Word] = frozenset()
    sequencers: frozenset[Word] = frozenset()
    same: frozenset[Word] = frozenset()
    single: frozenset[Word] = frozenset()
    copular: frozenset[Word] = frozenset()
    undivided: frozenset[Word] = frozenset()
    agent_control: frozenset[Word] = frozenset()
    pro_verbs: frozenset[Word] = frozenset()
    comitative: frozenset[Word] = frozenset()
    others: frozenset[Word] = frozenset()
    binding_prepositions: tuple[Word, ...] = ()
    accompanying: frozenset[Word] = frozenset()
    source_nouns: frozenset[Word] = frozenset()
    people: frozenset[Word] = frozenset()
    bodies: frozenset[Word] = frozenset()
    reasons: frozenset[Word] = frozenset()
    initial_sources: frozenset[Word] = frozenset()
    name_joints: frozenset[Word] = frozenset()
    everywhere: frozenset[Word] = frozenset()
    subject_control: tuple[Word, ...]
    determiners: frozenset[Word]
    numbers: dict[Word, int]
    definite: frozenset[Word]
    quantifying_nouns: frozenset[Word]
    quantifying_preposition: frozenset[Word]
    adverbial_prepositions: frozenset[Word] = frozenset()
    sources: tuple[Word, ...]
    vague: frozenset[Word]
    prepositions: frozenset[Word]
    noun_head: Literal["first", "last"]
    recipient_prepositions: frozenset[Word]
    times: frozenset[Word]
    quotes: tuple[tuple[str, str], ...]
    complementizers: frozenset[Word]
    generic_modifiers: frozenset[Word]
    target_prepositions: frozenset[Word]
    manner: frozenset[Word]
    before_roles: frozenset[Word]
    offices: dict[Word, Word] = {}
    first_names: bool = False
    against_names: frozenset[Word] = frozenset()
    impersonal: frozenset[Word] = frozenset()
    accused_of: frozenset[Word] = frozenset()
    name_types: dict[EntityType, frozenset[Word]] = {}
    honorifics: frozenset[Word]


class ModalityWords(_Part):
    """Words that say how a clause is meant."""

    auxiliaries: dict[Word, Modality]
    adverbs: dict[Word, Modality]
    markers: dict[Word, Modality]


class Governor(_Part):
    """Words that take a clause, and what they make of it: said by somebody, denied, wanted …"""

    verbs: tuple[Word, ...] = ()
    adjectives: tuple[Word, ...] = ()
    nouns: tuple[Word, ...] = ()
    attributed: bool = False
    negated: bool = False
    modality: Modality | None = None
    through: frozenset[Word] = frozenset()


class Light(_Part):
    """Verbs that only carry a noun: *file* a suit; inverse: *face* a suit; arising: criticism
    *came* from X."""

    verbs: tuple[Word, ...]
    inverse: tuple[Word, ...]
    arising: tuple[Word, ...] = ()


class RoleNouns(_Part):
    """Nouns for what somebody is to something, and the relation that this is."""

    relation: str
    resolves_to_developer: bool = False
    of_last: bool = False
    of_place: bool = False
    inverse: bool = False
    nouns: tuple[Word, ...]
    prepositions: tuple[Word, ...]
    objects: Types
    subjects: Types


class Possession(_Part):
    """What it says that a thing is somebody's."""

    relation: str
    owners: Types
    things: Types
    prepositions: tuple[Word, ...]
    thing_is_subject: bool = False
    only_led: bool = False


class Title(_Part):
    """Titles that make a person count as something else: a judge as a court."""

    nouns: tuple[Word, ...]
    type: str


class Party(_Part):
    """Nouns for those who stand on one side of a relation: plaintiffs are who sues. What
    ``documents`` say they say: "the lawsuit accuses"."""

    nouns: tuple[Word, ...]
    documents: tuple[Word, ...] = ()
    relation: str
    side: Literal["subject", "object"]


class Authority(_Part):
    """Relations whose agent, where a passive names none, is the court or body spoken of last, or
    the employer whose ``staff`` it is done to; or else, for ``acts``, the organization that the
    article is about."""

    relations: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    types: Types = ()
    staff: frozenset[Word] = frozenset()
    of_staff: tuple[str, ...] = ()
    employers: Types = ()


class Provision(_Part):
    """Nouns for what binds whoever is spoken of ("under the *deal*, studios must …"), besides what
    the registry knows as laws and documents, and what it does to them by the modality of what they
    are to do; ``denied`` is the relation that may be denied: "may not"."""

    nouns: tuple[Word, ...] = ()
    relations: dict[str, str] = {}
    denied: str = ""


class Ruling(_Part):
    """Verbs by which a court or body decides, the relations that are ``wrongs`` of who is found to
    stand in them, and the relations that such a finding makes."""

    verbs: tuple[Word, ...] = ()
    types: Types = ()
    wrongs: tuple[str, ...] = ()
    against: str = ""
    favour: str = ""


class Appeal(_Part):
    """The relation that it is to say of somebody, in this modality, that they do something."""

    relation: str = ""
    modality: Modality = "obligation"


class Evaluation(_Part):
    """Words that judge what they are said of, and the relation of who judges to it; ``denied`` are
    adjectives that do so where they are denied (not *fair*), ``naming`` are verbs that give a thing
    such a name: *call* it unfair."""

    relation: str
    adjectives: tuple[Word, ...] = ()
    denied: tuple[Word, ...] = ()
    nouns: tuple[Word, ...] = ()
    naming: tuple[Word, ...] = ()


class Pronoun(_Part):
    """Pronouns with the number and the entity types that they can stand for. The ``speakers`` of a
    quote ("we") are whom the person speaks for, its ``speaker`` ("I") is the person."""

    forms: tuple[Word, ...]
    number: Literal["singular", "plural", "speaker", "speakers", "any"]
    types: Types


class Description(_Part):
    """Nouns which, made definite, stand for the last thing of that type: *the company*; where they
    are ``so_named``, for the last one that has the noun in its name: *the government*."""

    nouns: tuple[Word, ...]
    types: Types
    number: Literal["singular", "plural", "any"] = "any"
    unknown_too: bool = False
    so_named: bool = False


class Frame(_Part):
    """Expressions that say one relation and share their argument slots."""

    verbs: tuple[Word, ...] = ()
    nouns: tuple[Word, ...] = ()
    adjectives: tuple[Word, ...] = ()
    subjects: tuple[Word, ...] = ()
    objects: tuple[Word, ...] = ()
    every: bool = False
    subject_types: Types = ()
    object_types: Types = ()
    negated: bool = False
    only_denied: bool = False
    modality: Modality | None = None
    confidence: Annotated[float, Field(gt=0, le=1)] = 0.85
    about: bool = False
    by_developer: bool = False
    itself: bool = False
    own: bool = False

    @model_validator(mode="after")
    def _some_expression(self) -> "Frame":
        if not (self.verbs or self.nouns or self.adjectives):
            raise ValueError("name at least one of `verbs`, `nouns`, `adjectives`")
        if self.only_denied and not self.negated:
            raise ValueError("`only_denied` needs `negated`")
        return self


class TimeExpression(_Part):
    """A way to say when. ``pattern`` is a regular expression with ``{name}`` for a table of words
    or digits (``{month2}``: the same table again); ``reads`` the English that dateparser is given.
    """

    pattern: Annotated[str, Field(min_length=1)]
    reads: Annotated[str, Field(min_length=1)]
    until: str = ""
    bare: bool = False
    whole: bool = False
    lead: Literal["", "within", "since", "until"] = ""
    prefer: Literal["", "past", "future"] = ""
    inside: str = ""
    counts_from: Literal["article", "told"] = "article"


class TimeWords(_Part):
    """How a language says when: what `kg.times` reads."""

    values: dict[str, dict[str, str]]
    digits: dict[str, str]
    leads: dict[Literal["within", "since", "until", "of", "other"], tuple[Word, ...]]
    fuzz: tuple[Word, ...]
    simultaneous: frozenset[Word]
    occasions: frozenset[Word]
    expression: tuple[TimeExpression, ...]

    @model_validator(mode="after")
    def _patterns_can_be_read(self) -> "TimeWords":
        tables = {**dict.fromkeys(self.values, "x"), **self.digits}
        for name, digits in self.digits.items():
            _compiled(f"{name} = {digits!r}", digits)
        for entry in self.expression:
            names = re.findall(r"\{(\w+)\}", entry.pattern)
            unknown = [n for n in names if n.rstrip("2") not in tables]
            unknown += [
                n for n in re.findall(r"\{(\w+)\}", entry.reads + entry.until) if n not in names
            ]
            if unknown:
                raise ValueError(f"{entry.pattern!r}: no table for {unknown[0]!r}")
            filled = re.sub(r"\{(\w+)\}", r"(?P<\1>x)", entry.pattern)
            _compiled(repr(entry.pattern), filled)
        return self


def _compiled(what: str, pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"{what}: {error}") from None


class LanguagePack(_Part):
    """All data of one language, checked. Equal when every word is equal."""

    code: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
    name: str
    detect: tuple[str, ...]
    pipeline: Pipeline
    dependencies: dict[str, Role]
    lemmas: dict[Word, Word] = {}
    passive: Passive
    words: Words
    modality: ModalityWords
    governor: tuple[Governor, ...]
    neg_raising: tuple[Word, ...]
    fallback: tuple[str, ...]
    reciprocal: tuple[str, ...]
    unknown_objects: frozenset[str] = frozenset()
    unknown_subjects: frozenset[str] = frozenset()
    directed: frozenset[str] = frozenset()
    light: Light
    role: tuple[RoleNouns, ...]
    possession: tuple[Possession, ...]
    title: tuple[Title, ...]
    party: tuple[Party, ...]
    authority: Authority = Authority()
    provision: Provision = Provision()
    ruling: Ruling = Ruling()
    appeal: Appeal = Appeal()
    evaluation: tuple[Evaluation, ...] = ()
    pronoun: tuple[Pronoun, ...]
    description: tuple[Description, ...]
    frames: dict[str, tuple[Frame, ...]]
    times: TimeWords

    @field_validator("frames")
    @classmethod
    def _relations_exist(cls, frames: dict[str, Any]) -> dict[str, Any]:
        known = {relation.name for relation in relations()} | {NO_RELATION}
        unknown = sorted(set(frames) - known)
        if unknown:
            raise ValueError(f"unknown relation {unknown[0]!r}")
        return frames


_OWN_FILES = ("frames", "times")
"""Parts of a pack that have a file of their own, beside ``language.toml``."""

NO_RELATION = "none"
"""Key of the frames that say nothing: they keep a shorter expression from matching."""


def type_fits(kind: str, wanted: str) -> bool:
    """Is an entity type one that a pack asks for, "=" before it meaning exactly that one?

    >>> type_fits("Company", "Organization"), type_fits("Company", "=Organization")
    (True, False)
    """
    if wanted.startswith(EXACTLY):
        return kind == wanted.removeprefix(EXACTLY)
    return is_a(kind, wanted)


def languages() -> tuple[str, ...]:
    """Codes of the languages that have a pack, sorted.

    >>> languages()
    ('en', 'id')
    """
    root = data_dir() / "languages"
    return tuple(sorted(path.parent.name for path in root.glob("*/language.toml")))


@cache
def language_pack(code: str) -> LanguagePack:
    """The pack of a language.

    Raises LanguageError for a language without a pack, DataError for a broken one.

    >>> language_pack("en").name
    'English'
    """
    if code not in languages():
        raise LanguageError(
            f"no language pack for {code!r}; there are: {', '.join(languages())}; "
            "choose one with --lang or leave the article out"
        )
    return read_pack(data_dir() / "languages" / code)


def read_pack(folder: Path) -> LanguagePack:
    """Reads and checks the pack in a folder. Raises DataError with file, line and reason."""
    user = "a language pack needs"
    content = read_toml(folder / "language.toml", user=user)
    for part in _OWN_FILES:
        content[part] = read_toml(folder / f"{part}.toml", user=user)
    try:
        return LanguagePack.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        place = [str(part) for part in first["loc"]]
        file = folder / (
            f"{place[0]}.toml" if place and place[0] in _OWN_FILES else "language.toml"
        )
        line = _line_of(file, place, first.get("input"), first["msg"])
        raise DataError(
            f"{file}:{line}: {first_problem(error)}; mend the entry and try again"
        ) from None


def _line_of(file: Path, place: list[str], value: object, message: str) -> int:
    """The line to look at: in the table of the refused entry, the one with its value or its key."""
    lines = file.read_text(encoding="utf-8").splitlines()
    path = place[1:] if place and place[0] in _OWN_FILES else place
    start = 0
    if len(path) > 1 and path[1].isdigit():
        tables = [i for i, line in enumerate(lines) if line.strip() == f"[[{path[0]}]]"]
        start = tables[int(path[1])] if int(path[1]) < len(tables) else 0
    keys = [part for part in reversed(path) if not part.isdigit()]
    named = [f"[[{name}]]" for name in re.findall(r"'(\w+)'", message)]
    named += [f'"{name}"' for name in re.findall(r"'([^']+)'", message)]
    for needle in ([f'"{value}"'] if isinstance(value, str) else []) + named + keys:
        for number in range(start, len(lines)):
            if needle in lines[number]:
                return number + 1
    return start + 1
