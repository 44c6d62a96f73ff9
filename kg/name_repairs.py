"""Attachments of names that a parser is known to get wrong, mended by rule: names split by the
parser, days, sums and lists beside names, appositions."""

from kg.cues import Cues
from kg.phrase_repairs import lower_case
from kg.syntax import CLAUSES, VERBAL, Tree, hang

_AND = "&"


def repair_names(tree: Tree, cues: Cues) -> None:
    """Mends the attachments of names before anything else is mended.

    "Meetali Jain hailed": the last word of a name carries it, whatever an earlier one was taken
    for.

    "on Monday Clarkesworld stopped": the day is no part of the name behind it.

    "fined Clearview AI 30 million euros": whom a sum is laid on is no part of the sum.

    "Anthropic disputes": a name right before a verb without a subject is its subject.

    "the maker of the chatbot Claude will pay": the chatbot is Claude, not who pays.

    "sued X, its founders and Y": what stands before a further name is no apposition.

    "Menteri Komunikasi dan Digital X": one office of one person, not two subjects.
    """
    for first, end, _ in tree.names:
        _mend_name(tree, first, end)
        _mend_joined(tree, first, end)
    for token, lower in enumerate(tree.lower):
        if lower in cues.pack.words.offices and tree.word[token][:1].isupper():
            _mend_office(tree, token)
    first_is_head = cues.pack.words.noun_head == "first"
    described = {n for one in cues.pack.description for n in one.nouns} if first_is_head else set()
    times, amounts = cues.pack.pipeline.times, cues.pack.pipeline.amounts
    for token, role in enumerate(tree.role):
        if role == "oblique" and tree.pos[token] == "PROPN" and tree.entity[token] not in times:
            _mend_dated(tree, token, cues)
        elif role == "object" and (tree.entity[token] in amounts or tree.kids(token, "numeral")):
            _mend_amount(tree, token, cues.pack.words.agent_prepositions[0])
        elif role in ("adjective", "compound") and tree.pos[tree.head[token]] == "VERB":
            _mend_first(tree, token)
        elif role == "apposition" and tree.pos[token] == "NOUN":
            _mend_listed(tree, token)
            if tree.lower[token] in described:
                _mend_far(tree, token)
        elif role == "subject" and tree.pos[token] == "PROPN":
            _mend_named(tree, token)


def repair_appositions(tree: Tree) -> None:
    """Mends what the parser makes of a name and a noun that is set off beside it.

    "Sora Labs, a start-up from Bali, denied": a common noun between commas right behind a name is
    its apposition, not a second subject.

    "Di Jerman, Sora Labs, a start-up, denied": a name set off behind a place, of another kind than
    the place, is the subject where there is no other.
    """
    for token, role in enumerate(tree.role):
        if role == "subject" and tree.pos[token] in ("NOUN", "PROPN"):
            _mend_apposition(tree, token)
        elif role == "oblique" and tree.pos[token] == "PROPN":
            _mend_introduced(tree, token)


def _mend_far(tree: Tree, noun: int) -> None:
    """Hangs a description on the name right before its comma: "menyalahkan AdVon, perusahaan yang
    memasok artikel"."""
    before = tree.phrase(noun)[0] - 2
    head = tree.head[noun]
    if before < 0 or tree.word[before + 1] != "," or not tree.entity[before] or head >= noun:
        return
    name = before
    while tree.role[name] == "flat":
        name = tree.head[name]
    if name != head and tree.pos[name] == "PROPN" and name in tree.subtree(head):
        hang(tree, noun, name, "apposition")


def _mend_joined(tree: Tree, first: int, end: int) -> None:
    """Makes "&" and what follows it in one name parts of the name: "Taylor & Francis"."""
    for token in range(first + 1, end):
        joined = tree.role[token] == "conjunct" and first <= tree.head[token] < end
        signs = [kid for kid in tree.kids(token, "coordinator") if tree.word[kid] == _AND]
        if joined and signs:
            tree.role[token] = "flat"
            tree.role[signs[0]] = "flat"


def _mend_name(tree: Tree, first: int, end: int) -> None:
    """Lets the last word of a name carry it where an earlier one was taken for the head of a
    clause: "Meetali Jain hailed", with *Meetali* as a verb."""
    last = end - 1
    if last == first or tree.pos[last] != "PROPN":
        return
    wrong = tree.head[last]
    if not first <= wrong < last or tree.pos[wrong] == "PROPN" or tree.role[last] == "conjunct":
        return
    above, role = tree.head[wrong], tree.role[wrong]
    if above == wrong or (above > last and tree.pos[above] in VERBAL and role in CLAUSES):
        role = "subject" if above != wrong else "root"
        if role == "subject" and tree.kids(above, "subject"):
            return
    if role == "root":
        return
    hang(tree, last, above, role)
    for kid in [kid for kid in tree.children[wrong] if kid < first or kid > last]:
        hang(tree, kid, last, tree.role[kid])
    hang(tree, wrong, last, "compound")
    tree.pos[wrong] = "PROPN"


def _mend_office(tree: Tree, office: int) -> None:
    """Keeps the words of an office together, with who holds it: "Menteri Hukum dan HAM X"."""
    for other in tree.kids(office, "conjunct"):
        between = range(office + 1, other + 1)
        if other < office or not all(
            tree.word[i][:1].isupper() or tree.pos[i] == "CCONJ" for i in between
        ):
            continue
        for kid in [kid for kid in tree.children[other] if kid > other]:
            hang(tree, kid, office, tree.role[kid])
        for part in between:
            hang(tree, part, office, "flat")


def _mend_dated(tree: Tree, name: int, cues: Cues) -> None:
    """Sets a name free from the day before it: "on Monday Clarkesworld stopped …"."""
    verb = tree.head[name]
    days = [
        kid
        for kid in tree.kids(name, "compound")
        if kid < name and tree.lower[kid] in cues.pack.words.times
    ]
    if not days or tree.pos[verb] not in VERBAL or verb < name or tree.kids(verb, "subject"):
        return
    case = tree.case[name]
    for kid in [kid for kid in tree.children[name] if kid < days[0]]:
        hang(tree, kid, days[0], tree.role[kid])
    hang(tree, days[0], verb, "oblique")
    hang(tree, name, verb, "subject")
    tree.case[days[0]], tree.case[name] = case, ""


def _mend_amount(tree: Tree, amount: int, agent: str) -> None:
    """Takes whom a sum is laid on out of the sum: "fined Clearview AI 30 million euros"."""
    verb = tree.head[amount]
    if tree.pos[verb] in VERBAL and tree.passive[verb] and not tree.kids(verb, "agent"):
        for kid in tree.kids(amount, "nominal"):  # "was fined 30 million euros by the regulator"
            if tree.case[kid] == agent:
                hang(tree, kid, verb, "agent")
    numbers = [kid for kid in tree.kids(amount, "numeral", "compound") if tree.pos[kid] == "NUM"]
    numbers += [kid for kid in tree.kids(amount, "numeral") if tree.lower[kid][:1] in "$€£"]
    if not numbers or tree.pos[verb] not in VERBAL or tree.kids(verb, "recipient"):
        return
    for kid in tree.kids(amount, "nominal", "compound", "apposition"):
        if verb < kid < min(numbers) and tree.pos[kid] == "PROPN" and not tree.case[kid]:
            hang(tree, kid, verb, "recipient")
            for clause in tree.kids(amount, "noun_clause"):
                if tree.kids(clause, "marker"):  # "for building …"
                    hang(tree, clause, verb, "adverbial_clause")
            return


def _mend_named(tree: Tree, name: int) -> None:
    """Makes a name right behind a noun of another subject the noun's own: "the maker of the chatbot
    Claude will pay"."""
    before = tree.phrase(name)[0] - 1
    rivals = [kid for kid in tree.kids(tree.head[name], "subject") if kid < before]
    if before < 0 or not rivals or tree.pos[before] != "NOUN":
        return
    if (
        before in tree.subtree(rivals[-1])
        and tree.case[before]
        and not tree.kids(before, "case")[1:]
    ):
        hang(tree, name, before, "apposition")


def _mend_first(tree: Tree, name: int) -> None:
    """Makes a name right before its verb the subject that the verb lacks: "Anthropic disputes"."""
    verb = tree.head[name]
    if name != verb - 1 or not tree.word[name][:1].isupper() or tree.kids(verb, "subject"):
        return
    if tree.pos[name] == "NOUN" and not tree.entity[name]:
        return
    if tree.role[verb] in ("root", "conjunct", "complement", "parataxis") and tree.kids(
        verb, "object", "complement", "open_complement", "oblique"
    ):
        tree.role[name], tree.pos[name] = "subject", "PROPN"


def _mend_listed(tree: Tree, noun: int) -> None:
    """Makes what follows a name a further member of its list: "sued X, its founders and Y"."""
    name = tree.head[noun]
    if tree.kids(name, "conjunct") or not name < noun:
        return
    if tree.pos[name] != "PROPN" and not tree.entity[name]:
        return
    named = [kid for kid in tree.kids(noun, "conjunct") if tree.pos[kid] == "PROPN"]
    joined = [kid for kid in tree.kids(noun, "coordinator") if tree.word[kid - 1] != ","]
    if named and joined and (tree.plural[noun] or tree.kids(noun, "possessive")):
        hang(tree, noun, name, "conjunct")


def _mend_introduced(tree: Tree, place: int) -> None:
    """ "In Rome, X, publisher of Y, sued": X is who sued, not another name of Rome."""
    verb = tree.head[place]
    if tree.pos[verb] not in VERBAL or place > verb:
        return
    named = [
        kid
        for kid in tree.kids(place, "apposition")
        if kid < verb and tree.pos[kid] == "PROPN" and tree.entity[kid] != tree.entity[place]
    ]
    subjects = tree.kids(verb, "subject")
    if not named or not tree.entity[named[0]]:
        return
    name = named[0]
    if any(kid < name or tree.pos[kid] != "NOUN" or not lower_case(tree, kid) for kid in subjects):
        return
    for kid in [*tree.kids(place, "apposition"), *subjects]:
        if name < kid < verb and tree.word[tree.phrase(kid)[0] - 1] == ",":
            hang(tree, kid, name, "apposition")
    hang(tree, name, verb, "subject")


def _mend_apposition(tree: Tree, name: int) -> None:
    """Hangs a common noun between commas on the name before it: "X, a start-up, denied"."""
    if tree.pos[name] != "PROPN":
        return
    for noun in tree.kids(name, "conjunct"):  # "X, pendiri dan ketua Y, …"
        before = [kid for kid in tree.kids(name, "apposition") if kid < noun]
        if before and lower_case(tree, noun) and lower_case(tree, before[-1]):
            hang(tree, noun, before[-1], "conjunct")
    comma = tree.phrase(name)[1] + 1
    verb = tree.head[name]
    for noun in [*tree.kids(verb, "subject"), *tree.kids(name, "conjunct")]:
        if noun <= name or tree.pos[noun] != "NOUN" or tree.kids(noun, "coordinator", "copula"):
            continue
        first, last = tree.phrase(noun)
        if tree.word[comma] != "," or first != comma + 1 or len(tree.kids(name, "conjunct")) > 1:
            continue
        closed = any(tree.word[i] == "," for i in range(last + 1, max(verb, last + 2)))
        if closed and (tree.role[noun] == "subject" or not tree.kids(noun, "conjunct")):
            hang(tree, noun, name, "apposition")
            return
