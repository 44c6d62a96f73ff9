"""The frames of a language pack as expressions, indexed by the lemma of their head."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from kg.languages import EXACTLY, Frame, LanguagePack, Possession, RoleNouns
from kg.vocabulary import is_a

_LOOSE = 0.7  # factor of confidence
_UNKNOWN = ("Concept",)
_PHRASES = ("Concept", "Practice", "EthicalIssue")  # types that the words of a phrase only suggest
_POS = {"verb": "VERB", "noun": "NOUN", "adjective": "ADJ"}


@dataclass(frozen=True, slots=True)
class Expression:
    """One expression of a frame, in lemmas. ``words`` are what stands around the head: after it,
    or, for nouns of a language that puts the head last, before it. "*" is the
    object, "+on" a preposition that leads to it. ``weight`` counts the words: the longest
    expression wins. ``needs`` are the words without which it is not worth a look; ``loose`` are the
    same with an object or a subject of unknown type, for where nothing else is found."""

    relation: str
    frame: Frame
    kind: str
    head: str
    words: tuple[str, ...]
    subjects: tuple[str, ...]
    objects: tuple[str, ...]
    weight: int
    needs: frozenset[str]
    loose: tuple["Expression", ...] = ()


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All expressions of a language by the lemma of their head, longest first.

    ``by_need`` has, for a head, the places of its expressions by a word that each needs, "" for
    those that need none.
    """

    expressions: dict[str, tuple[Expression, ...]]
    by_need: dict[str, dict[str, tuple[int, ...]]]
    roles: dict[str, tuple[tuple[tuple[str, ...], RoleNouns], ...]]
    possessions: tuple[Possession, ...]

    def worth_a_look(self, head: str, present: frozenset[str]) -> list[Expression]:
        """The expressions of a head that can be there among the words that are present, longest
        first."""
        places = self.by_need[head]
        if len(places) == 1 and "" in places:
            return [*self.expressions[head]]
        found = [*places.get("", ())]
        for word in places.keys() & present:
            found += places[word]
        entries = self.expressions[head]
        return [entries[place] for place in sorted(found)]


def compile_lexicon(pack: LanguagePack, lemma_of: Callable[[str, str], str]) -> Lexicon:
    """Indexes the frames of a pack by the lemmas of a pipeline."""
    prepositions = {
        slot
        for frames in pack.frames.values()
        for frame in frames
        for slot in (*frame.objects, *frame.subjects)
        if slot not in SLOTS
    } | _closing(pack)
    light = {lemma_of(word, "VERB") for word in pack.light.verbs}
    by_head: dict[str, list[Expression]] = {}
    for relation, frames in pack.frames.items():
        for frame in frames:
            for kind, expressions in (
                ("verb", frame.verbs),
                ("noun", frame.nouns),
                ("adjective", frame.adjectives),
            ):
                for text in expressions:
                    entry = _expression(pack, relation, frame, kind, text, prepositions, lemma_of)
                    if entry.kind == "verb" and entry.head not in light:
                        entry = _with_loose(pack, entry)
                    by_head.setdefault(entry.head, []).append(entry)
    roles: dict[str, list[tuple[tuple[str, ...], RoleNouns]]] = {}
    for role in pack.role:
        for noun in role.nouns:
            words = [lemma_of(word, "NOUN") for word in noun.split()]
            head = words.pop() if pack.words.noun_head == "last" else words.pop(0)
            roles.setdefault(head, []).append((tuple(words), role))
    sorted_by_head = {
        head: tuple(sorted(entries, key=lambda entry: -entry.weight))
        for head, entries in by_head.items()
    }
    return Lexicon(
        expressions=sorted_by_head,
        by_need={head: _by_need(entries) for head, entries in sorted_by_head.items()},
        roles={
            head: tuple(sorted(entries, key=lambda entry: -len(entry[0])))
            for head, entries in roles.items()
        },
        possessions=pack.possession,
    )


def _with_loose(pack: LanguagePack, entry: Expression) -> Expression:
    """A verb with itself done to, or by, what has no known type: for the relations that the pack
    names, one of the two sides at a time."""
    if entry.words:
        return entry
    frame, loose = entry.frame, []
    things = any(not is_a(kind.removeprefix(EXACTLY), "Actor") for kind in frame.object_types)
    if things and entry.relation in pack.unknown_objects:
        loose.append({"object_types": (*frame.object_types, *_PHRASES)})
    if frame.subject_types and entry.relation in pack.unknown_subjects:
        loose.append({"subject_types": (*frame.subject_types, *_UNKNOWN)})
    sure = {"confidence": round(frame.confidence * _LOOSE, 3)}
    wider = (frame.model_copy(update={**types, **sure}) for types in loose)
    return replace(entry, loose=tuple(replace(entry, frame=one) for one in wider))


def _by_need(entries: tuple[Expression, ...]) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = {}
    for place, entry in enumerate(entries):
        found.setdefault(
            max(entry.needs, key=lambda word: (len(word), word), default=""), []
        ).append(place)
    return {word: tuple(places) for word, places in found.items()}


SLOTS = frozenset(
    {"subj", "obj", "obj_owner", "iobj", "poss", "comp", "comp_subj", "comp_obj", "self", "source"}
)
"""Slots that are not prepositions: see the head of any ``frames.toml``. ``source`` is who says
so: "the ban is unfair, said X" has X criticize the ban. ``obj_owner`` is whose the object is: in
"heads the group's desk", the group. ``comp_subj`` is the subject of the complement clause: in "they
allege that X lied", X; ``comp_obj`` its object: in "they bar employees from using X", X."""


def _expression(
    pack: LanguagePack,
    relation: str,
    frame: Frame,
    kind: str,
    text: str,
    prepositions: set[str],
    lemma_of: Callable[[str, str], str],
) -> Expression:
    words = text.split()
    last = words[-1]
    if kind == "noun" and pack.words.noun_head == "last":
        head, rest = words[-1], words[:-1]
    else:
        head, rest = words[0], words[1:]
    objects = frame.objects or (("obj",) if kind != "noun" else ())
    if rest and kind != "noun":
        if "*" in rest and "obj" not in frame.subjects:
            objects = ("obj", *(slot for slot in objects if slot != "obj"))
            if kind == "verb" and "comp_subj" not in objects:
                objects = (*objects, "comp_subj")  # "called the move reckless"
        elif last in prepositions:
            objects = (last,)
            rest = [*rest[:-1], f"+{last}"]
    subjects = frame.subjects or (
        ("subj",) if kind != "noun" else ("poss", *pack.words.agent_prepositions)
    )
    return Expression(
        relation=relation,
        frame=frame,
        kind=kind,
        head=lemma_of(head, _POS[kind]),
        words=tuple(rest),
        subjects=subjects,
        objects=objects,
        weight=len([word for word in rest if word != "*"]),
        needs=frozenset(
            part for word in rest if word != "*" for part in word.removeprefix("+").split()
        ),
    )


def _closing(pack: LanguagePack) -> frozenset[str]:
    """Prepositions that an expression can end in."""
    return frozenset(
        {
            *pack.words.agent_prepositions,
            *pack.words.recipient_prepositions,
            *pack.words.prepositions,
        }
    )
