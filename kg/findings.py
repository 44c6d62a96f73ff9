"""What an expression says in a clause: every pair of its subjects and its objects."""

from collections.abc import Iterator
from dataclasses import dataclass

from kg.clauses import Clauses, Source, Status
from kg.lexicon import Expression
from kg.linking import Linker
from kg.methods import linked
from kg.records import Argument
from kg.slots import clausal, find_arguments
from kg.syntax import NOMINAL, Tree
from kg.vocabulary import is_a

FROM_CONTEXT = 0.7
"""Factor of confidence of an argument that only the context gives."""
_RESOLVED = 0.85


@dataclass(frozen=True, slots=True)
class Finding:
    """A relation found in a text, its arguments linked; tokens are indices of the tree."""

    trigger: int
    relation: str
    subject: Argument
    object: Argument
    negated: bool
    modality: str
    source: Source | None
    confidence: float
    role: str = ""


def combine(
    clauses: Clauses,
    linker: Linker,
    token: int,
    entry: Expression,
    subjects: list[tuple[Argument, float]],
    status: Status,
    source: Source | None,
    hosts: tuple[int, ...] = (),
) -> Iterator[Finding]:
    """Every pair of subject and object that fits the frame of an expression, as it is meant."""
    frame = entry.frame
    subjects = [item for item in subjects if linker.can_act(item[0], frame.subject_types)]
    if not subjects:
        return
    arguments = list(find_arguments(clauses, linker, token, entry, hosts or (token,)))
    if not arguments and entry.relation in clauses.cues.pack.reciprocal and len(subjects) > 1:
        arguments = [(other, 1.0, False) for other, _ in subjects[1:]]
        subjects = subjects[:1]
    if entry.relation in clauses.cues.pack.fallback:
        arguments = _topics(clauses, linker, arguments, hosts or (token,), subjects)
    carried = entry.kind != "noun" or len(hosts) > 1
    directed = not carried and entry.relation in clauses.cues.pack.directed
    if not arguments and ((frame.about and carried) or directed):
        arguments = _from_context(linker, token, entry, subjects)
    for argument, sure, denied in arguments:
        if frame.object_types and not linker.fits(argument, frame.object_types):
            continue
        for subject, certain in subjects:
            if subject.entity.slug == argument.entity.slug or _is_inside(argument, subject):
                continue
            yield Finding(
                trigger=token,
                relation=entry.relation,
                subject=subject,
                object=argument,
                negated=status.negated ^ frame.negated ^ denied,
                modality=frame.modality or status.modality,
                source=source,
                confidence=_confidence(
                    clauses.tree, linker, frame.confidence * sure * certain, subject, argument
                ),
            )


def _is_inside(object_: Argument, subject: Argument) -> bool:
    """Is the object a name inside the words of the subject, "penerbit lain seperti Wiley"?"""
    inner, outer = object_.span, subject.span
    own_words = not subject.entity.known and bool(subject.entity.labels)
    if not own_words or object_.method in ("byTerm", "byWords"):
        return False
    return outer.start < inner.start and inner.end <= outer.end


def _topics(
    clauses: Clauses,
    linker: Linker,
    arguments: list[tuple[Argument, float, bool]],
    hosts: tuple[int, ...],
    subjects: list[tuple[Argument, float]],
) -> list[tuple[Argument, float, bool]]:
    """What is claimed of what: the topic of each clause instead of its words."""
    told = [one for host in hosts for one in clausal(clauses, host, "comp")]
    if len(told) != len(arguments):
        return arguments
    speakers = {subject.entity.slug for subject, _ in subjects}
    return [
        (_topic(clauses, linker, verb, speakers) or argument, sure, denied)
        for (argument, sure, denied), verb in zip(arguments, told, strict=True)
    ]


def _topic(clauses: Clauses, linker: Linker, verb: int, speakers: set[str]) -> Argument | None:
    """What a reported clause is about: its subject or, where that is the speaker, its object."""
    tree = clauses.tree
    tokens = [
        *clauses.surface_subjects(verb),
        *clauses.objects(verb),
        *tree.kids(verb, "predicative"),
        *(kid for _, kid in clauses.obliques(verb)),
    ]
    for one in tokens:
        if tree.pos[one] in NOMINAL or tree.pos[one] == "PRON":
            argument = linker.link(one)
            if argument is not None and argument.entity.slug not in speakers:
                return argument
    return None


def _from_context(
    linker: Linker, token: int, entry: Expression, subjects: list[tuple[Argument, float]]
) -> list[tuple[Argument, float, bool]]:
    """What is spoken of, for an act whose object the sentence does not name: the organization
    named last or, where the frame has types, the most prominent thing of them close by."""
    known = {subject.entity.slug for subject, _ in subjects}
    kinds = entry.frame.object_types
    if kinds:
        entity = linker.reference.topic(token, kinds, avoid=known)
    else:
        entity = linker.last_of(token, "Organization", avoid=known)
    if entity is None:
        return []
    span = linker.tree.span(token, token)
    return [(linked(entity, span, "byContext"), FROM_CONTEXT, False)]


def _confidence(
    tree: Tree, linker: Linker, base: float, subject: Argument, object_: Argument
) -> float:
    for argument in (subject, object_):
        lower = argument.span.text.lower()
        if lower in linker.names.pronouns:
            base *= _RESOLVED
    return round(min(base, 1.0), 3)


def is_agent(argument: Argument) -> bool:
    """Can it act? A phrase of unknown kind can not."""
    return is_a(argument.entity.type, "Actor")
