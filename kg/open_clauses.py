"""Open extraction: every clause with each of its arguments, in the article's own words.

What open-extraction benchmarks want (Del Corro & Gemulla 2013, ClausIE; Gashteovski et al. 2022,
BenchIE): one argument for each triple, the relation whole with what it needs ("left him there
for"), the voice of the sentence, pronouns as they are, no word that is not in the text.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kg.attribution import find_source
from kg.clauses import Clauses, Status
from kg.records import Clause
from kg.status import read_status
from kg.syntax import CLAUSES, NOMINAL, VERBAL, Tree

_WORDS_OF_VERB = ("auxiliary", "passive_auxiliary", "negation", "particle", "copula")
_NO_PREDICATE_NOUN = frozenset(
    {
        "subject", "copula", "negation", "auxiliary", "adverbial_clause", "relative_clause",
        "parataxis", "conjunct", "coordinator", "apposition", "marker", "punctuation", "expletive",
    }
)  # fmt: skip
_LONGEST_CHAIN = 4  # "wants to start to try to sell"

Words = tuple[int, ...]
"""Tokens of a relation, in text order."""


@dataclass(frozen=True, slots=True)
class _Argument:
    """An argument with the words that lead to it: tokens of the relation, preposition at the end,
    first and last token of the argument."""

    relation: Words
    case: str
    first: int
    last: int


def open_clauses(clauses: Clauses, article_id: str) -> Iterator[Clause]:
    """Every clause with each of its arguments, in the article's own words, in text order.

    A clause without an argument besides its subject is given once, with ``object`` None. The
    voice is that of the sentence: "was sued by".
    """
    tree = clauses.tree
    for verb in _predicates(clauses):
        subjects = _subjects(clauses, verb)
        if not subjects:
            continue
        prefix = _prefix(clauses, verb)
        arguments = list(_arguments(clauses, verb, prefix))
        if not arguments:
            if _chained_below(clauses, verb) or tree.role[verb] == "parataxis":
                continue
            arguments = [_Argument(_verb_words(clauses, verb, prefix), "", -1, -1)]
        status = read_status(clauses, verb)
        for subject in subjects:
            for one in arguments:
                yield _clause(clauses, article_id, verb, status, subject, one)


def _clause(
    clauses: Clauses,
    article_id: str,
    verb: int,
    status: Status,
    subject: tuple[int, int],
    argument: _Argument,
) -> Clause:
    tree = clauses.tree
    source = find_source(clauses, verb)
    speaker = cue = content = None
    if source is not None:
        cue = tree.span(source.cue, source.cue)
        inside = tree.subtree(verb)
        content = tree.span(inside[0], inside[-1])
        if source.speaker is not None:
            speaker = tree.span(*tree.phrase(source.speaker))
    words = _written(tree, argument.relation)
    return Clause(
        article=article_id,
        lang=clauses.cues.pack.code,
        sentence=tree.sentence_record(tree.sentence[verb]),
        subject=tree.span(*subject),
        predicate=f"{words} {argument.case}".strip(),
        trigger=tree.span(verb, verb),
        object=tree.span(argument.first, argument.last) if argument.first >= 0 else None,
        negated=status.negated,
        modality=status.modality,
        source=speaker,
        cue=cue,
        content=content,
    )


def _written(tree: Tree, tokens: Words) -> str:
    """Words as they stand in the text, a blank where others stood between: "cannot be"."""
    text, end = "", -1
    for token in tokens:
        text += " " * bool(text and tree.start[token] != end)
        text += tree.article[tree.start[token] : tree.end[token]]
        end = tree.end[token]
    return text


# Predicates ------------------------------------------------------------------------------------


def _predicates(clauses: Clauses) -> Iterator[int]:
    """Heads of clauses: verbs, and what a copula says of a subject, in text order."""
    tree = clauses.tree
    verbs = set(clauses.predicates())
    for token in range(len(tree)):
        if token in verbs:
            if not _is_left_out(clauses, token):
                yield token
        elif tree.pos[token] not in VERBAL and tree.kids(token, "copula"):
            yield token


def _is_left_out(clauses: Clauses, verb: int) -> bool:
    """Infinitives that no verb governs and gerunds behind prepositions have nobody in the text who
    does them; nor has a question inside a sentence."""
    tree, relativizers = clauses.tree, clauses.cues.pack.words.relativizers
    own = tree.kids(verb, "subject")
    if own and tree.role[verb] in ("complement", "adverbial_clause"):
        # "nobody knows who painted it": nobody in the text did
        return all(tree.lower[kid] in relativizers for kid in own)
    if own or _chained_above(clauses, verb) is not None:
        return False
    if _is_infinitive(tree, verb):  # "the right to vote", "unable to vote"
        return True
    return tree.role[verb] == "adverbial_clause" and bool(tree.kids(verb, "marker", "case"))


def _is_infinitive(tree: Tree, verb: int) -> bool:
    return any(tree.pos[kid] == "PART" for kid in tree.kids(verb, "auxiliary", "marker"))


def _chained_above(clauses: Clauses, verb: int) -> int | None:
    """The verb that this one belongs to: "wants to sell", "was forced to leave"."""
    tree = clauses.tree
    head = tree.head[verb]
    if head == verb or tree.kids(verb, "subject"):
        return None
    if tree.role[verb] == "conjunct":
        return _chained_above(clauses, head) if tree.pos[head] in VERBAL else None
    if verb < head or tree.pos[verb] not in VERBAL:
        return None
    if tree.role[head] == "predicative" and tree.role[verb] == "open_complement":
        return tree.head[head]  # "was able to sell"
    if tree.pos[head] not in VERBAL:
        return None
    if tree.role[verb] == "open_complement":
        return head
    purpose = tree.role[verb] == "adverbial_clause" and not tree.kids(verb, "marker", "case")
    return head if purpose and _is_infinitive(tree, verb) else None


def _chained_below(clauses: Clauses, verb: int) -> bool:
    tree = clauses.tree
    hosts = (verb, *tree.kids(verb, "predicative"))
    return any(
        _chained_above(clauses, kid) == verb
        for host in hosts
        for kid in tree.kids(host, "open_complement", "adverbial_clause")
    )


def _prefix(clauses: Clauses, verb: int) -> Words:
    """The words of the verbs above in a chain, with the objects between ("asked him to leave")."""
    words: Words = ()
    here = verb
    for _ in range(_LONGEST_CHAIN):
        above = _chained_above(clauses, here)
        if above is None:
            break
        middle = [i for i in _with_objects(clauses, above, ()) if i < here]
        words = (*_verb_words(clauses, above, ()), *middle, *words)
        here = above
    return tuple(sorted(set(words)))


def _verb_words(clauses: Clauses, verb: int, prefix: Words) -> Words:
    """The words of a predicate: auxiliaries, negation, particles and the verb."""
    tree, words = clauses.tree, clauses.cues.pack.words
    found = [
        kid
        for kid in tree.children[verb]
        if (tree.role[kid] in _WORDS_OF_VERB and tree.lower[kid] not in words.relativizers)
        or (tree.role[kid] == "adverb" and tree.lower[kid] in words.negation)
        or (
            kid == verb + 1
            and tree.role[kid] in ("adverb", "case")
            and tree.lower[kid] in words.prepositions
            and not tree.children[kid]
        )
    ]
    head = tree.head[verb]
    shares = (
        tree.role[verb] == "conjunct"
        and tree.pos[head] in VERBAL
        and tree.tag[verb] == tree.tag[head]
        and not tree.kids(verb, "auxiliary", "passive_auxiliary", "subject")
    )
    if shares:  # "was built in 1850 and destroyed in 1944"
        found += [
            kid for kid in tree.kids(head, "auxiliary", "passive_auxiliary", "negation")
            if kid < head
        ]  # fmt: skip
    if tree.pos[verb] not in VERBAL:  # the copula speaks for the noun or the adjective
        return (*prefix, *sorted(found))
    return (*prefix, *sorted({*found, verb}))


def _subjects(clauses: Clauses, verb: int) -> list[tuple[int, int]]:
    """First and last tokens of the subjects; what only stands in for one, where there is none."""
    tree, relativizers = clauses.tree, clauses.cues.pack.words.relativizers
    top = verb
    for _ in range(_LONGEST_CHAIN):
        above = _chained_above(clauses, top)
        if above is None:
            break
        top = above
    found = []
    for one in clauses.surface_subjects(top):
        whole = _whole(clauses, one)
        if whole == verb or tree.lower[whole] in relativizers:
            continue
        found.append(_phrase(clauses, whole))
    if not found:
        found = [(kid, kid) for kid in tree.kids(top, "expletive") if kid < top]
    return found


# Arguments -------------------------------------------------------------------------------------


def _arguments(clauses: Clauses, verb: int, prefix: Words) -> Iterator[_Argument]:
    tree = clauses.tree
    own = _verb_words(clauses, verb, prefix)
    if tree.pos[verb] not in VERBAL:
        yield _Argument(own, "", *_predicate_noun(tree, verb))
        return
    given = _recipient_words(clauses, verb)
    objects = _objects(clauses, verb)
    for one in objects:
        yield _Argument((*own, *given), "", *_phrase(clauses, one))
    if not objects:
        for one in tree.kids(verb, "recipient"):
            if not tree.case[one]:
                yield _Argument(own, "", *_phrase(clauses, one))
    if tree.passive[verb]:  # "ditulis Pramoedya": an agent without a preposition
        for one in clauses.subjects(verb):
            if not tree.case[one] and one > verb and one not in objects:
                yield _Argument(own, "", *_phrase(clauses, one))
    whole = _with_objects(clauses, verb, own)
    for kid in tree.kids(verb, "predicative"):
        yield from _predicative(clauses, verb, whole, kid)
    words = clauses.cues.pack.words
    for case, head in clauses.obliques(verb):
        if case in words.sources:
            continue
        divided = case not in words.undivided
        for one in tree.conjuncts(head) if divided else [head]:
            if tree.lower[one] in words.relativizers:
                meant = _antecedent(clauses, verb)
                if meant is not None:  # "with whom he had two sons"
                    yield _Argument(whole, case, *_phrase(clauses, meant))
                continue
            relation = _with_adverbs(tree, verb, whole, one)
            first, last = _phrase(clauses, one)
            if not divided:
                last = max(last, *(_phrase(clauses, c)[1] for c in tree.conjuncts(head)))
            yield _Argument(relation, case, first, last)
    for kid in tree.kids(verb, "adverb"):
        bare = tree.pos[kid] in (*NOMINAL, "NUM") and not tree.case[kid]
        if bare and kid > verb:
            yield _Argument(whole, "", *_phrase(clauses, kid))
    for kid in tree.kids(verb, "complement"):
        yield _Argument(whole, "", *_content(clauses, kid, ()))
    for kid in tree.kids(verb, "adverbial_clause"):
        led = [i for i in tree.kids(kid, "marker", "case") if tree.pos[i] == "ADP" and i < kid]
        if led and not tree.kids(kid, "subject") and kid > verb:  # "works by blocking a protein"
            for one in (kid, *tree.kids(kid, "conjunct")):
                yield _Argument(whole, tree.lower[led[0]], *_content(clauses, one, led))


def _antecedent(clauses: Clauses, verb: int) -> int | None:
    """The noun that a relative clause is about."""
    tree = clauses.tree
    if tree.role[verb] != "relative_clause":
        return None
    noun = tree.head[verb]
    return noun if tree.pos[noun] in (*NOMINAL, "PRON", "NUM") else None


def _objects(clauses: Clauses, verb: int) -> list[int]:
    """Direct objects as they stand, each for itself; of a relative clause its antecedent."""
    tree, relativizers = clauses.tree, clauses.cues.pack.words.relativizers
    found = [
        one
        for kid in tree.kids(verb, "object")
        if tree.lower[kid] not in relativizers and (tree.pos[kid] not in VERBAL or kid > verb)
        for one in tree.conjuncts(kid)
    ]
    led = tree.kids(verb, "adverb", "marker")
    elsewhere = any(tree.lower[kid] in relativizers for kid in led)  # "where she learned to read"
    if not found and not elsewhere and not tree.passive[verb] and tree.pos[verb] == "VERB":
        found = [
            _whole(clauses, one)
            for one in clauses.objects(verb)
            if one != verb and tree.role[one] != "subject"
        ]
    return found


def _object_words(clauses: Clauses, verb: int) -> Words:
    """The words of the direct objects without what hangs on them, where they follow the verb."""
    tree = clauses.tree
    kids = [kid for kid in tree.kids(verb, "object", "recipient") if kid > verb]
    found = set()
    for kid in kids:
        if tree.case[kid] or tree.pos[kid] in VERBAL:
            continue
        first = _phrase(clauses, kid)[0]
        last = _base_end(clauses, tree.conjuncts(kid)[-1])
        found |= set(range(first, last + 1))
    return tuple(sorted(found))


def _base_end(clauses: Clauses, noun: int) -> int:
    """The last word of a noun phrase before what prepositions and clauses add to it."""
    tree, words = clauses.tree, clauses.cues.pack.words
    last = tree.phrase(noun)[1]
    for kid in tree.children[noun]:
        if tree.lemma[noun] in words.quantifying_nouns or tree.pos[noun] == "NUM":
            if tree.case[kid] in words.quantifying_preposition:
                continue  # "thousands of divers" is one thing
        if kid > noun and (tree.case[kid] or tree.role[kid] in CLAUSES):
            last = min(last, tree.subtree(kid)[0] - 1)
    return max(last, noun)


def _recipient_words(clauses: Clauses, verb: int) -> Words:
    """ "gave his daughter": who receives, where no preposition says so."""
    tree = clauses.tree
    found = [kid for kid in tree.kids(verb, "recipient") if not tree.case[kid] and kid > verb]
    return tuple(i for kid in found for i in range(*_until(tree.phrase(kid))))


def _until(stretch: tuple[int, int]) -> tuple[int, int]:
    return stretch[0], stretch[1] + 1


def _with_objects(clauses: Clauses, verb: int, own: Words) -> Words:
    """The predicate with its objects, which a further argument needs: "left him there for"."""
    tree = clauses.tree
    found = {*own, *_object_words(clauses, verb)}
    for kid in tree.kids(verb, "predicative"):
        if tree.pos[kid] not in VERBAL and kid > verb:
            found |= set(range(tree.phrase(kid)[0], _base_end(clauses, kid) + 1))
    return tuple(sorted(found))


def _with_adverbs(tree: Tree, verb: int, relation: Words, argument: int) -> Words:
    """Adverbs right behind an object belong to the relation: "left him *there* for"."""
    last = max(relation)
    found = [
        kid
        for kid in tree.kids(verb, "adverb")
        if last < kid < argument and tree.pos[kid] == "ADV" and kid == last + 1 and last > verb
    ]
    return (*relation, *found)


def _predicative(clauses: Clauses, verb: int, whole: Words, kid: int) -> Iterator[_Argument]:
    """What a subject is said to be: "is famous", "is famous for | its lake"."""
    tree = clauses.tree
    first, last = _phrase(clauses, kid)
    own = tuple(i for i in whole if not first <= i <= last)
    if tree.pos[kid] not in ("ADJ", "VERB"):
        for one in tree.conjuncts(kid):
            if tree.pos[one] not in VERBAL:
                yield _Argument(own, "", *_phrase(clauses, one))
        return
    led = [(case, one) for case, head in clauses.obliques(kid) for one in tree.conjuncts(head)]
    base = _base_end(clauses, kid)
    if not any(_chained_above(clauses, below) for below in tree.kids(kid, "open_complement")):
        yield _Argument(own, "", first, base)
    for case, one in led:
        relation = (*own, *range(first, base + 1))
        yield _Argument(relation, case, *_phrase(clauses, one))
    for one in tree.conjuncts(kid)[1:]:
        if tree.pos[one] == "ADJ":
            yield _Argument(own, "", *_phrase(clauses, one))


def _predicate_noun(tree: Tree, noun: int) -> tuple[int, int]:
    """The phrase of a noun or adjective that a copula says of a subject."""
    inside = set(tree.subtree(noun, _NO_PREDICATE_NOUN))
    first = last = noun
    while first - 1 in inside:
        first -= 1
    while last + 1 in inside:
        last += 1
    return first, last


def _content(clauses: Clauses, clause: int, led: Sequence[int]) -> tuple[int, int]:
    """The words of a clause without the word that leads it, its coordinated clauses included where
    it is a complement."""
    tree, words = clauses.tree, clauses.cues.pack.words
    inside = [
        i
        for i in tree.subtree(clause, frozenset({"conjunct"}) if led else frozenset())
        if i not in led
        and not (led and tree.head[i] == clause and tree.role[i] == "case" and i < clause)
        and not (i < clause and tree.head[i] == clause and tree.lower[i] in words.complementizers)
    ]
    runs = [inside[:1]]
    for before, here in pairwise(inside):
        if here == before + 1:
            runs[-1].append(here)
        else:
            runs.append([here])
    [run] = [run for run in runs if clause in run] or [[clause]]
    while run[0] != clause and tree.role[run[0]] == "punctuation":
        run = run[1:]
    while run[-1] != clause and tree.role[run[-1]] in ("punctuation", "coordinator"):
        run = run[:-1]
    return run[0], run[-1]


def _whole(clauses: Clauses, token: int) -> int:
    """The quantifying noun above a noun: "hundreds of fans", and not the fans."""
    tree, words = clauses.tree, clauses.cues.pack.words
    head = tree.head[token]
    if (
        tree.role[token] in ("nominal", "oblique", "compound", "flat")
        and tree.lemma[head] in words.quantifying_nouns
        and (not words.quantifying_preposition or tree.case[token] in words.quantifying_preposition)
    ):
        return _whole(clauses, head) if head != token else token
    return token


def _phrase(clauses: Clauses, token: int) -> tuple[int, int]:
    tree = clauses.tree
    if tree.pos[token] in VERBAL:
        inside: Sequence[int] = tree.subtree(token)
        return inside[0], inside[-1]
    first, last = tree.phrase(token)
    for kid in tree.kids(token, "apposition"):  # "the photographer Ellen Brandt", not set off
        inner = tree.phrase(kid)
        if inner[0] == last + 1:
            last = inner[1]
    for kid in tree.kids(token, "adjective"):  # "Mr. Halloran, 58 years old, remains": set off
        begin = tree.subtree(kid)[0]
        if token < begin <= last and tree.role[begin - 1] == "punctuation":
            last = begin - 2
    before = first - 1
    if before >= 0 and tree.lower[before] in clauses.cues.pack.words.negation:
        if (
            tree.role[before] != "coordinator" and first <= tree.head[before] <= last
        ):  # "not all of the passengers"
            first = before
    return first, max(last, token)
