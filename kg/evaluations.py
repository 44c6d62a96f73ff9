"""What somebody finds of something: "she called the ruling a disgrace", "the fine is unfair, they
say".

Words that judge are data (``[[evaluation]]`` of a language pack). Whose judgment it is must be
told: what the article itself finds good or bad makes no statement.
"""

from collections.abc import Iterator

from kg.attribution import find_source
from kg.clauses import Clauses
from kg.findings import Finding
from kg.linking import Linker
from kg.records import Argument
from kg.status import read_status
from kg.syntax import NOMINAL, VERBAL
from kg.vocabulary import is_a

_SURE = 0.7


def find_evaluations(clauses: Clauses, linker: Linker) -> Iterator[Finding]:
    """Who judges what, in the order of the words that judge."""
    tree, words = clauses.tree, clauses.cues.judging
    if not words:
        return
    for token, lemma in enumerate(tree.lemma):
        relation = words.get(lemma) or words.get(tree.lower[token])
        if relation is None or tree.pos[token] not in (*NOMINAL, "ADJ", "VERB"):
            continue
        whole = tree.head[token] if tree.role[token] == "adjective" else token
        yield from _named(clauses, linker, whole, relation)
        yield from _said(clauses, linker, whole, relation)


def _named(clauses: Clauses, linker: Linker, word: int, relation: str) -> Iterator[Finding]:
    """ "Called the ruling a disgrace", "described it as unfair"."""
    tree, cues = clauses.tree, clauses.cues
    verb = tree.head[word]
    led = tree.case[word] in cues.pack.words.role_prepositions or any(
        tree.lower[kid] in cues.pack.words.role_prepositions for kid in tree.kids(word, "marker")
    )
    if tree.pos[verb] not in VERBAL or tree.lemma[verb] not in cues.naming:
        return
    if not led and tree.role[word] not in ("predicative", "complement", "object"):
        return
    objects = [
        one
        for one in (*clauses.objects(verb), *tree.kids(word, "subject"))
        if one != word and one < word
    ]
    status = read_status(clauses, verb)
    if status.negated or status.unsaid:
        return
    for subject in _linked(linker, clauses.subjects(verb)):
        if is_a(subject.entity.type, "Actor") or is_a(subject.entity.type, "Document"):
            for judged in _linked(linker, objects):
                yield from _finding(clauses, word, relation, subject, judged, verb)


def _said(clauses: Clauses, linker: Linker, word: int, relation: str) -> Iterator[Finding]:
    """ "The fine is unfair, they said"."""
    tree = clauses.tree
    verb = clauses.predicate_of(word)
    if verb is None and tree.role[word] == "predicative":
        verb = tree.head[word] if tree.pos[tree.head[word]] == "AUX" else None
    if verb is None:
        return
    source, status = find_source(clauses, verb), read_status(clauses, verb)
    if source is None or source.speaker is None or status.negated or status.unsaid:
        return
    if status.modality not in ("asserted", "alleged"):
        return
    for subject in _linked(linker, (source.speaker,)):
        if is_a(subject.entity.type, "Actor"):
            for judged in _linked(linker, clauses.surface_subjects(verb)):
                if judged.entity.type == "Concept":
                    continue  # "building machines is dangerous": of a topic, not of a party
                yield from _finding(clauses, word, relation, subject, judged, verb)


def _linked(linker: Linker, tokens: tuple[int, ...] | list[int]) -> list[Argument]:
    return [argument for one in tokens for argument in linker.link_all(one)]


def _finding(
    clauses: Clauses, word: int, relation: str, subject: Argument, judged: Argument, verb: int
) -> Iterator[Finding]:
    if subject.entity.slug == judged.entity.slug:
        return
    upper = clauses.tree.head[verb]
    above = find_source(clauses, upper) if upper != verb else None
    source = above if above is not None and above.speaker is not None else None
    if source is not None and find_source(clauses, verb) == source:
        source = None  # the judge is the speaker: that they judge is what the article says
    yield Finding(word, relation, subject, judged, False, "asserted", source, _SURE)
