"""What somebody finds of something: "she called the ruling a disgrace", "the fine is unfair, they
say".

Words that judge are data (``[[evaluation]]`` of a language pack). Whose judgment it is must be
told: what the article itself finds good or bad makes no statement.
"""

from collections.abc import Iterator

from kg.attribution import find_source
from kg.clauses import Clauses
from kg.findings import FROM_CONTEXT, Finding
from kg.linking import Linker
from kg.methods import linked
from kg.records import Argument
from kg.status import read_status
from kg.syntax import NOMINAL, VERBAL
from kg.vocabulary import is_a

_SURE = 0.7
_MEMORY = 4  # sentences back in which the court or body that judges is looked for
_PREDICATED = ("predicative", "complement", "open_complement", "object")


def find_evaluations(clauses: Clauses, linker: Linker) -> Iterator[Finding]:
    """Who judges what, in the order of the words that judge."""
    tree, cues = clauses.tree, clauses.cues
    if not cues.judging:
        return
    judging = cues.judging.keys() | cues.judging_denied.keys()
    for token, lemma in enumerate(tree.lemma):
        lower = tree.lower[token]
        if lemma not in judging and lower not in judging:
            continue
        verb = tree.pos[token] == "VERB"
        if verb and tree.kids(token, "object"):
            continue  # "merugikan penerbit" says what is done
        forms = (lower,) if verb else (lemma, lower)  # "memanipulasi" is no "manipulasi"
        plain = next((cues.judging[one] for one in forms if one in cues.judging), None)
        denied = next(
            (cues.judging_denied[one] for one in forms if one in cues.judging_denied), None
        )
        if not (plain or denied) or tree.pos[token] not in (*NOMINAL, "ADJ", "VERB"):
            continue
        relation = denied if _is_denied(clauses, token) else plain
        if relation is None:
            continue
        whole = tree.head[token] if tree.role[token] == "adjective" else token
        if whole != token and _is_said_of(clauses, token, whole):
            yield from _of_noun(clauses, linker, token, whole, relation)
            continue
        yield from _named(clauses, linker, whole, relation)
        yield from _said(clauses, linker, whole, relation, denied=relation != plain)


def _is_denied(clauses: Clauses, word: int) -> bool:
    """Does a negation stand right before a word, or among what belongs to it?"""
    tree, negation = clauses.tree, clauses.cues.pack.words.negation
    before = word > 0 and tree.lower[word - 1] in negation
    return before or any(tree.lower[kid] in negation for kid in tree.kids(word, "adverb"))


def _is_said_of(clauses: Clauses, quality: int, noun: int) -> bool:
    """Is an adjective behind a definite noun no part of its phrase, but what is said of it:
    "menilai langkah itu berlebihan"?"""
    tree, words = clauses.tree, clauses.cues.pack.words
    between = [i for i in tree.kids(noun, "determiner") if noun < i < quality]
    return words.noun_head == "first" and any(tree.lower[i] in words.definite for i in between)


def _of_noun(
    clauses: Clauses, linker: Linker, word: int, noun: int, relation: str
) -> Iterator[Finding]:
    """What a verb of naming says of its own object, the quality taken for a part of that."""
    tree, verb = clauses.tree, clauses.tree.head[noun]
    if tree.role[noun] != "object" or tree.lemma[verb] not in clauses.cues.naming:
        return
    status = read_status(clauses, verb)
    if not (status.negated or status.unsaid):
        yield from _judgments(clauses, linker, word, relation, verb, [noun])


def _named(clauses: Clauses, linker: Linker, word: int, relation: str) -> Iterator[Finding]:
    """ "Called the ruling a disgrace", "described it as unfair"."""
    tree, cues = clauses.tree, clauses.cues
    verb = tree.head[word]
    led = tree.case[word] in cues.pack.words.role_prepositions or any(
        tree.lower[kid] in cues.pack.words.role_prepositions for kid in tree.kids(word, "marker")
    )
    if tree.pos[verb] not in VERBAL or tree.lemma[verb] not in cues.naming:
        return
    if not led and tree.role[word] not in _PREDICATED:
        return
    objects = [
        one
        for one in (*clauses.objects(verb), *tree.kids(word, "subject"))
        if one != word and one < word
    ]
    status = read_status(clauses, verb)
    if not (status.negated or status.unsaid):
        yield from _judgments(clauses, linker, word, relation, verb, objects)


def _judgments(
    clauses: Clauses, linker: Linker, word: int, relation: str, verb: int, judged: list[int]
) -> Iterator[Finding]:
    judges = _linked(linker, clauses.subjects(verb))
    sure = _SURE
    if not judges and clauses.tree.passive[verb]:
        judges, sure = _untold(clauses, linker, verb), _SURE * FROM_CONTEXT
    for subject in judges:
        if is_a(subject.entity.type, "Actor") or is_a(subject.entity.type, "Document"):
            for thing in _linked(linker, judged):
                yield from _finding(clauses, word, relation, subject, thing, verb, sure)


def _untold(clauses: Clauses, linker: Linker, verb: int) -> list[Argument]:
    """Whose judgment a passive is that names nobody: that of the document which says so ("in the
    complaint it is called a theft"), or of the court or body spoken of last."""
    said = _linked(linker, [kid for _, kid in clauses.obliques(verb)])
    found = [one for one in said if is_a(one.entity.type, "Document")]
    source = find_source(clauses, verb)
    if found or (source is not None and source.speaker is not None):
        return found
    authority = clauses.cues.pack.authority
    body = linker.reference.last_within(verb, authority.types, _MEMORY)
    span = clauses.tree.span(verb, verb)
    return [linked(body, span, "byContext")] if body is not None else []


def _said(
    clauses: Clauses, linker: Linker, word: int, relation: str, *, denied: bool
) -> Iterator[Finding]:
    """ "The fine is unfair, they said"; ``denied`` where the word only judges with its negation."""
    tree = clauses.tree
    verb = clauses.predicate_of(word)
    if verb is None and tree.role[word] == "predicative":
        verb = tree.head[word] if tree.pos[tree.head[word]] == "AUX" else None
    if verb is None and tree.kids(word, "subject"):
        verb = word  # a predicate without a verb: "langkah itu bencana, kata X"
    if verb is None:
        return
    source, status = find_source(clauses, verb), read_status(clauses, verb)
    if source is None or source.speaker is None or status.negated != denied or status.unsaid:
        return
    if status.modality not in ("asserted", "alleged"):
        return
    for subject in _linked(linker, (source.speaker,)):
        if is_a(subject.entity.type, "Actor"):
            for one in clauses.surface_subjects(verb):
                for judged in linker.link_all(one):
                    if judged.entity.type == "Concept" and not _is_pointed_at(clauses, one):
                        continue  # "building machines is dangerous": of a topic, not of a party
                    yield from _finding(clauses, word, relation, subject, judged, verb, _SURE)


def _is_pointed_at(clauses: Clauses, noun: int) -> bool:
    """Is it a thing that was told of, "langkah itu"?"""
    tree, words = clauses.tree, clauses.cues.pack.words
    behind = [kid for kid in tree.kids(noun, "determiner") if kid > noun]
    return words.noun_head == "first" and any(tree.lower[kid] in words.definite for kid in behind)


def _linked(linker: Linker, tokens: tuple[int, ...] | list[int]) -> list[Argument]:
    return [argument for one in tokens for argument in linker.link_all(one)]


def _finding(
    clauses: Clauses,
    word: int,
    relation: str,
    subject: Argument,
    judged: Argument,
    verb: int,
    sure: float,
) -> Iterator[Finding]:
    if subject.entity.slug == judged.entity.slug:
        return
    upper = clauses.tree.head[verb]
    above = find_source(clauses, upper) if upper != verb else None
    source = above if above is not None and above.speaker is not None else None
    if source is not None and find_source(clauses, verb) == source:
        source = None  # the judge is the speaker: that they judge is what the article says
    yield Finding(word, relation, subject, judged, False, "asserted", source, sure)
