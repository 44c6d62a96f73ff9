"""Argument slots of expressions: the words that fill them, linked.

A slot is a role ("obj"), a preposition ("against") or a clause ("comp"): roles as in FrameNet and
PropBank, filled by what a predicate, its objects and its complements have below them.
"""

from collections.abc import Iterator

from kg.clauses import Clauses
from kg.governors import reports
from kg.lexicon import SLOTS, Expression
from kg.linking import Linker
from kg.negation import has_negative_determiner
from kg.records import Argument
from kg.syntax import VERBAL
from kg.vocabulary import is_a

GAP = 2
"""Adverbs, adjectives and determiners that may stand inside an expression."""
PHRASE = 0.95
"""Factor of confidence of an argument that is a phrase."""


def objects_of_slot(clauses: Clauses, token: int, slot: str) -> list[int]:
    """Tokens that fill a slot of a predicate, coordination distributed."""
    if (token, slot) not in clauses.slots:
        clauses.slots[token, slot] = tuple(_find_objects(clauses, token, slot))
    return list(clauses.slots[token, slot])


def _find_objects(clauses: Clauses, token: int, slot: str) -> list[int]:
    tree = clauses.tree
    if slot == "obj":
        return list(clauses.objects(token))
    if slot == "obj_owner":
        of = clauses.cues.pack.words.quantifying_preposition
        return [
            owner
            for one in clauses.objects(token)
            for owner in (
                *clauses.owners(one),
                *(kid for case, kid in clauses.obliques(one) if case in of),
            )
        ]
    if slot == "subj":
        return list(clauses.subjects(token))
    if slot == "iobj":
        found = list(clauses.recipients(token))
        if not found:
            wanted = clauses.cues.pack.words.recipient_prepositions
            found = [
                one
                for host in (token, *tree.kids(token, "object"))
                for case, kid in clauses.obliques(host)
                if case in wanted
                for one in clauses.expand(kid)
            ]
        return found
    if slot == "poss":
        return clauses.owners(token)
    if slot == "self":
        return list(clauses.bearers(token))
    if slot == "comp_obj":
        below = [
            kid
            for one in tree.kids(token, "object")
            for kid in tree.kids(one, "noun_clause")
            if tree.pos[kid] in VERBAL and not tree.kids(kid, "subject")
        ]
        return [
            one
            for verb in (*clauses.complements(token), *below)
            if not tree.passive[verb]
            for one in clauses.objects(verb)
        ]
    if slot == "comp_subj":
        return [
            one
            for verb in clauses.complements(token)
            for one in (
                clauses.subjects(verb) if tree.passive[verb] else clauses.surface_subjects(verb)
            )
        ]
    found = [one for kid in led_by(clauses, token, slot) for one in clauses.expand(kid)]
    if not found and any(tree.lower[kid] == slot for kid in tree.kids(token, "particle")):
        return list(clauses.objects(token))  # "laid off moderators": no preposition
    return found


def clausal(clauses: Clauses, token: int, slot: str) -> list[int]:
    """Heads of clauses that fill a slot: complements, or clauses led by the preposition."""
    tree = clauses.tree
    if slot == "comp":
        found = [
            one
            for one in clauses.complements(token)
            if tree.pos[one] != "ADJ" or tree.kids(one, "subject", "copula")
        ]
        if not found and _is_aside(clauses, token):
            said = tree.head[token]  # "building them is dangerous, X warned"
            found = [said, *(kid for kid in tree.kids(said, "conjunct") if kid < token)]
        if not found:
            through: set[str] = set()
            for kind in ("verb", "noun", "adjective"):
                for effect in clauses.cues.effects(kind, tree, token):
                    through |= effect.through
            found = [
                kid
                for kid in tree.kids(token, "adverbial_clause", "noun_clause")
                if any(
                    tree.lower[m] in through for m in tree.kids(kid, "marker", "case", "auxiliary")
                )
            ]
        return found
    if slot in SLOTS:
        return []
    return [
        kid
        for kid in tree.kids(token, "adverbial_clause", "noun_clause")
        if any(tree.lower[m] == slot for m in tree.kids(kid, "marker", "case"))
    ]


def _is_aside(clauses: Clauses, token: int) -> bool:
    """Is it a reporting verb that is put into what it reports: "…, X warned, …"?"""
    tree = clauses.tree
    beside = tree.role[token] == "parataxis" and tree.pos[tree.head[token]] in VERBAL
    return beside and reports(tree, clauses.cues, "verb", token) and not tree.kids(token, "object")


def led_by(
    clauses: Clauses, token: int, preposition: str, *, with_objects: bool = True
) -> list[int]:
    """Nouns behind a preposition that hang on a word, on its predicate or on its objects: "called
    on the company" has no other host than the verb, "took issue with" has the noun."""
    tree = clauses.tree
    roles = ["open_complement", "particle", "adverb", "adjective"]
    if with_objects or not tree.kids(token, "object"):  # not "called it a blow for us"
        roles.append("predicative")
    hosts = [
        host
        for host in (token, *tree.kids(token, *roles, *(["object"] if with_objects else [])))
        if host == token or tree.pos[host] != "VERB" or not tree.kids(host, "object")
    ]  # what leads to the object of a lower verb is the lower verb's
    if tree.role[token] in ("predicative", "object", "adjective", "compound") and not tree.kids(
        token, "copula"
    ):
        hosts.append(tree.head[token])
    found = [kid for host in hosts for case, kid in clauses.obliques(host) if case == preposition]
    if not found:
        end = tree.bounds[tree.sentence[token]][1]
        for i in range(token + 1, min(end, token + 3 + GAP)):
            if tree.lower[i] == preposition and tree.role[i] == "case" and tree.head[i] > i:
                return [tree.head[i]]
            if tree.pos[i] in VERBAL:
                break
    return found


def find_arguments(
    clauses: Clauses, linker: Linker, token: int, entry: Expression, hosts: tuple[int, ...]
) -> Iterator[tuple[Argument, float, bool]]:
    """Linked objects of the filled slots: argument, factor of confidence, denied by determiner."""
    tree = clauses.tree
    filled = False
    for slot in entry.objects:
        got = False
        if slot == "self":
            argument = linker.link(token)
            apart = tree.role[token] == "apposition"
            if argument is not None and (apart or argument.entity.type == "Concept"):
                named = [linker.link(one) for one in clauses.bearers(token)]
                argument = next(filter(None, named), argument)
            if argument is not None:
                got = True
                yield argument, 1.0, has_negative_determiner(clauses.tree, clauses.cues, token)
        else:
            tokens = [one for host in hosts for one in objects_of_slot(clauses, host, slot)]
            if slot in ("obj_owner", "poss"):
                tokens = [one for one in tokens if not linker.in_term(one)]
            if filled and slot not in SLOTS:  # "demanded of X the disclosure *of the program*"
                tokens = [one for one in tokens if tree.role[tree.head[one]] != "object"]
            if slot == "obj" and "*" in entry.words:  # "handed the firm a victory": the firm
                given = [one for host in hosts for one in clauses.recipients(host)]
                inner = any(tree.lemma[one] in entry.words for one in tokens)
                tokens = given if given and inner else tokens
            for one in dict.fromkeys(tokens):
                if tree.lower[one] in entry.words and entry.kind != "noun":
                    losers = _owners_that_fit(clauses, linker, one, entry)
                    if losers:  # "dismissed X's suit": X is who loses
                        got = True
                        yield from ((loser, PHRASE, False) for loser in losers)
                        continue
                clitic = tree.clitic[one] == "Obj"
                if one == token and not clitic:
                    continue
                if tree.pos[one] == "ADJ":
                    continue
                if tree.pos[one] in VERBAL and tree.children[one] and not clitic:
                    argument = clause_argument(clauses, linker, one)
                    if linker.fits(argument, entry.frame.object_types):
                        yield argument, PHRASE, False
                        got = True
                    continue
                for argument in linker.link_all(one):
                    if linker.fits(argument, entry.frame.object_types):
                        got = True
                        yield (
                            argument,
                            1.0,
                            has_negative_determiner(clauses.tree, clauses.cues, one),
                        )
            if not got:
                for host in hosts:
                    for one in clausal(clauses, host, slot):
                        got = True
                        yield _said(clauses, linker, host, one), PHRASE, False
        filled = filled or (got and slot == "obj")
        if got and not entry.frame.every:
            return


def _owners_that_fit(
    clauses: Clauses, linker: Linker, noun: int, entry: Expression
) -> list[Argument]:
    """Whose the noun of an expression is, where the frame is about such actors."""
    if not any(is_a(kind, "Actor") for kind in entry.frame.object_types):
        return []
    owners = [owner for owner in clauses.owners(noun) if not linker.in_term(owner)]
    linked = [linker.link(owner) for owner in owners]
    return [a for a in linked if a is not None and linker.fits(a, entry.frame.object_types)]


def _said(clauses: Clauses, linker: Linker, host: int, verb: int) -> Argument:
    """The words of a clause; where the reporting verb stands in its midst, what it is about."""
    about = clauses.surface_subjects(verb) if _is_aside(clauses, host) else ()
    topic = linker.link(about[0]) if about and about[0] < host else None
    return topic or clause_argument(clauses, linker, verb)


def clause_argument(clauses: Clauses, linker: Linker, verb: int) -> Argument:
    """The words of a clause, from its verb on, without what is added to it by commas."""
    tree = clauses.tree
    inside = set(
        tree.subtree(
            verb, frozenset({"marker", "parataxis", "relative_clause", "conjunct", "coordinator"})
        )
    )
    denials = clauses.cues.pack.words.negation
    first = min(
        [verb]
        + [tree.phrase(i)[0] for i in tree.kids(verb, "subject") if i < verb]
        + [i for i in tree.kids(verb, "negation", "auxiliary") if i < verb]
        + [i for i in tree.kids(verb, "adverb") if i < verb and tree.lower[i] in denials]
    )
    last = verb
    while last + 1 in inside and last - first < 14 and tree.role[last + 1] != "punctuation":
        last += 1
    return linker.phrase_argument(first, last)
