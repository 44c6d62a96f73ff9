"""Attachments that a parser is known to get wrong, mended by rule."""

from kg.cues import Cues
from kg.syntax import CLAUSES, NOMINAL, VERBAL, Tree

_MISPLACED = ("subject", "object", "apposition", "compound", "nominal")
_DEEPEST = 6  # words between a name and the relative clause around it


def repair(tree: Tree, cues: Cues) -> None:
    """Mends attachments that a parser is known to get wrong.

    "X denies that A, and argues that B": a second reporting verb without a subject, hung below
    the first one's content, is coordinated with the first reporting verb where both have the same
    form.

    "mengutuk keras penggunaan X": an adjective or adverb right after its verb is no object; the
    noun below it is. "memberi mereka kredit": a noun below an object pronoun is the object, the
    pronoun the recipient.

    "mengetahui bahwa artis …, secara terbuka menyatakan protes": a noun with a subordinating word
    that is no predicate is the subject of the next verb beside it that has none.

    "that the model is biased": the subject belongs to the verb, not to its auxiliary.

    "called the decision disproportionate": the noun before a quality is no part of it.

    "A, B and C sued": where a parser takes only C for the subject, the list is put together.

    "accuse the company of breaching …": the clause hangs on the verb that takes it by its
    preposition, not on the noun.

    "seniman yang menguji Sora memprotes OpenAI": a second verb without a subject behind the object
    of a relative clause is the main verb, where the sentence has none.

    "Sora Labs, a start-up from Bali, denied": a common noun between commas right behind a name is
    its apposition, not a second subject.

    "Sora milik OpenAI menyesatkan …": a word of possession belongs to the noun before it.

    "Di Jerman, Sora Labs, a start-up, denied": a name set off behind a place, of another kind than
    the place, is the subject where there is no other.

    "penggunaan kamera pengawas oleh toko itu": the agent belongs to the outer noun, the act.

    "the backlash from artists against Adobe": the target belongs to the act, not to its agent.

    "A bersama B menggugat": who is named with somebody is coordinated with them. "A, B, dan C": a
    name between two of its kind is a member of the list, not another name of the first.

    "lembaga yang berkantor di Roma itu": a name needs no demonstrative; it belongs to the noun
    before the relative clause. "mengirim kepada X sebuah surat": a noun with a determiner and
    without a preposition behind a prepositional phrase is the object.

    "has denied the allegations and maintains that …": a verb coordinated with a noun is
    coordinated with the verb of that noun, where both have the same form.
    """
    words = cues.pack.words
    persons = frozenset(
        label for label, kind in cues.pack.pipeline.entities.items() if kind == "Person"
    )
    places = frozenset(
        label for label, kind in cues.pack.pipeline.entities.items() if kind == "Place"
    )
    for token, role in enumerate(tree.role):
        if role == "relative_clause" and words.noun_head == "first":
            _mend_antecedent(tree, token)
        if role == "apposition" and tree.pos[token] == "PROPN":
            _mend_member(tree, token, persons)
        elif role == "determiner" and tree.lower[token] in words.definite:
            _mend_demonstrative(tree, token)
        elif role in ("oblique", "nominal") and not tree.case[token] and words.noun_head == "first":
            _mend_late_object(tree, token, words.determiners - words.definite)
    for token, role in enumerate(tree.role):
        if tree.case[token] in words.joining and role in ("oblique", "nominal", "conjunct"):
            _mend_company(tree, token)
    owned = {word for possession in cues.pack.possession for word in possession.prepositions}
    for token, role in enumerate(tree.role):
        if tree.lower[token] in owned and role in _MISPLACED:
            _mend_possession(tree, token)
    times = cues.pack.pipeline.times
    for token, role in enumerate(tree.role):
        if role == "oblique" and tree.pos[token] == "PROPN" and tree.entity[token] not in times:
            _mend_dated(tree, token, cues)
        elif role == "conjunct" and tree.pos[token] == "VERB":
            _mend_relative(tree, token, cues.pack.words.relativizers)
            _mend_voice(tree, token, cues)
    for token, role in enumerate(tree.role):
        helper = tree.head[token]
        if role == "subject" and tree.role[helper] in ("auxiliary", "passive_auxiliary"):
            if tree.pos[tree.head[helper]] in VERBAL and tree.head[helper] != token:
                _hang(tree, token, tree.head[helper], "subject")
    for token, role in enumerate(tree.role):
        if role == "object" and tree.pos[tree.head[token]] in VERBAL:
            _mend_object(tree, token, tree.lower[token] in cues.pack.words.manner)
        elif tree.lower[token] in cues.pack.words.before_roles:
            _mend_role(tree, token, cues)
    for token, role in enumerate(tree.role):
        if role == "predicative" and tree.pos[token] == "ADJ":
            _mend_small_clause(tree, token)
    for token, role in enumerate(tree.role):
        if role == "subject" and tree.pos[token] in ("NOUN", "PROPN"):
            _mend_list(tree, token)
            _mend_apposition(tree, token)
        elif role == "oblique" and tree.pos[token] == "PROPN":
            _mend_introduced(tree, token)
        elif role in ("adverb", "other") and tree.pos[token] == "PROPN" and not tree.case[token]:
            _mend_topic(tree, token, places)
    for token, role in enumerate(tree.role):
        if role in ("adverbial_clause", "complement") and tree.pos[token] in ("NOUN", "PROPN"):
            _mend_subject(tree, token)
        elif role == "conjunct" and tree.pos[token] == "VERB":
            _mend_conjunct(tree, token)
        elif role in CLAUSES and (tree.lower[token - 1], tree.lower[token]) in cues.role_pairs:
            if tree.head[token] == token - 1:  # "juru bicara" is one name of a role
                tree.role[token] = "flat"
        elif role == "relative_clause" and tree.role[tree.head[token]] == "root":
            _mend_main(tree, token, cues)
        elif role == "noun_clause" and tree.pos[token] == "VERB":
            _mend_charge(tree, token, cues)
        elif role == "nominal" and tree.case[token] == cues.pack.words.agent_prepositions[0]:
            _mend_agent(tree, token)
        elif role == "nominal" and tree.case[token] in cues.pack.words.target_prepositions:
            agent = tree.head[token]
            if tree.role[agent] == "nominal" and (
                tree.case[agent] in cues.pack.words.agent_prepositions
            ):
                _hang(tree, token, tree.head[agent], "nominal")
    for token, role in enumerate(tree.role):
        if role != "conjunct" or not cues.effects("verb", tree, token):
            continue
        first = tree.head[token]
        above = tree.head[first]
        if (
            tree.role[first] in ("complement", "parataxis")
            and tree.pos[above] in VERBAL
            and cues.effects("verb", tree, above)
            and tree.tag[token] == tree.tag[above]
            and tree.passive[token] == tree.passive[above]
            and not tree.kids(token, "subject", "auxiliary")
            and tree.kids(token, "complement", "open_complement", "object")
        ):
            _hang(tree, token, above, "conjunct")


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
        _hang(tree, kid, days[0], tree.role[kid])
    _hang(tree, days[0], verb, "oblique")
    _hang(tree, name, verb, "subject")
    tree.case[days[0]], tree.case[name] = case, ""


def _mend_relative(tree: Tree, verb: int, relativizers: frozenset[str]) -> None:
    """Brings a second relative clause to the first: "laws that require … and that ban …"."""
    subjects = tree.kids(verb, "subject")
    above = tree.head[verb]
    if len(subjects) != 1 or tree.lower[subjects[0]] not in relativizers:
        return
    if tree.role[above] in ("relative_clause", "noun_clause"):
        return
    begin = tree.bounds[tree.sentence[verb]][0]
    for first in range(subjects[0] - 1, begin, -1):
        if tree.role[first] == "relative_clause" and tree.head[first] < first:
            if verb not in tree.subtree(first) and first not in tree.subtree(verb):
                _hang(tree, verb, first, "conjunct")
            return


def _mend_voice(tree: Tree, verb: int, cues: Cues) -> None:
    """Makes a verb passive that the first of its list is and that lacks the object that it must
    have: "was found liable and ordered to pay"."""
    first = tree.head[verb]
    if not tree.passive[first] or tree.passive[verb] or tree.tag[first] == tree.tag[verb]:
        return
    if tree.kids(verb, "subject", "object", "auxiliary", "complement"):
        return
    made = any(e.modality == "obligation" or e.negated for e in cues.effects("verb", tree, verb))
    if made and tree.kids(verb, "open_complement", "oblique") and tree.pos[first] == "VERB":
        tree.passive[verb] = True


def _hang(tree: Tree, token: int, head: int, role: str) -> None:
    if tree.head[token] != token:
        tree.children[tree.head[token]].remove(token)
    tree.children[head].append(token)
    tree.children[head].sort()
    tree.head[token] = head
    tree.role[token] = role


def _mend_member(tree: Tree, name: int, persons: frozenset[str]) -> None:
    """ "A, B, and C": B is no other name of A; persons have but one."""
    first = tree.head[name]
    if tree.entity[name] in persons and tree.entity[first] not in ("", *persons):
        above = tree.head[first]  # "juru bicara OpenAI, Rina Sari": not another name of OpenAI
        if first != above and above < first and tree.pos[above] == "NOUN":
            _hang(tree, name, above, "apposition")
        return
    later = [kid for kid in tree.kids(first, "conjunct") if kid > name]
    listed = any(tree.kids(kid, "coordinator") for kid in later)
    same = tree.entity[name] and tree.entity[name] == tree.entity[first]
    beside = tree.word[tree.phrase(name)[0] - 1] == "," and tree.entity[name] in persons
    if (listed or beside) and same and name > first and tree.pos[first] == "PROPN":
        tree.role[name] = "conjunct"


def _mend_antecedent(tree: Tree, clause: int) -> None:
    """Hangs a clause on the thing, not on where it is: a name needs no clause to be told from
    others, so in "a letter on the platform X that details …" the letter details; behind a comma
    the clause belongs to the whole phrase."""
    inner = tree.head[clause]
    outer = tree.head[inner]
    if tree.role[inner] != "nominal" or tree.pos[outer] != "NOUN" or clause < inner < outer:
        return
    apart = tree.role[min(tree.subtree(clause)) - 1] == "punctuation"
    named = tree.pos[inner] == "PROPN" or any(
        tree.pos[kid] == "PROPN" and tree.entity[kid] and not tree.case[kid]
        for kid in tree.kids(inner, "nominal", "flat", "apposition")
    )
    if named != apart and tree.case[inner] and not tree.entity[outer]:
        _hang(tree, clause, outer, "relative_clause")


def _mend_demonstrative(tree: Tree, word: int) -> None:
    """Hangs the demonstrative behind a relative clause on the noun of the clause."""
    name = tree.head[word]
    if tree.pos[name] != "PROPN" or not tree.entity[name] or name > word:
        return
    here = name
    for _ in range(_DEEPEST):
        above = tree.head[here]
        if above == here:
            return
        if tree.role[here] == "relative_clause":
            if tree.pos[above] == "NOUN" and tree.subtree(here)[-1] == word:
                _hang(tree, word, above, "determiner")
            return
        here = above


def _mend_late_object(tree: Tree, noun: int, determiners: frozenset[str]) -> None:
    """Makes the noun behind a prepositional phrase the object: "sent to X a letter"."""
    if tree.pos[noun] != "NOUN" or tree.entity[noun]:
        return
    if not any(tree.lower[kid] in determiners for kid in tree.kids(noun, "determiner")):
        return
    above = tree.head[noun]
    verb = tree.head[above] if tree.role[noun] == "nominal" else above
    between = above if tree.role[noun] == "nominal" else -1
    if between < 0:
        before = [kid for kid in tree.kids(verb, "oblique") if kid < noun]
        between = before[-1] if before else -1
    led = between >= 0 and tree.role[between] == "oblique" and tree.case[between]
    if led and verb < noun and tree.pos[verb] == "VERB" and not tree.passive[verb]:
        if not tree.kids(verb, "object") and tree.clitic[verb] != "Obj":
            _hang(tree, noun, verb, "object")


def _mend_company(tree: Tree, fellow: int) -> None:
    """Coordinates who is named with somebody: "A together with B"."""
    if tree.pos[fellow] != "PROPN" and not tree.entity[fellow]:
        return
    host = tree.head[fellow]
    if tree.role[fellow] == "oblique" and tree.pos[host] in VERBAL:
        actors = tree.kids(host, "agent" if tree.passive[host] else "subject")
        if not actors or actors[-1] > fellow:
            return
        host = actors[-1]
    if tree.pos[host] in NOMINAL and tree.role[host] in ("subject", "agent", "conjunct"):
        _hang(tree, fellow, host, "conjunct")
        for one in tree.conjuncts(fellow):
            tree.case[one] = ""


def _mend_small_clause(tree: Tree, quality: int) -> None:
    """Makes the noun before a quality the object: "called the decision disproportionate"."""
    verb = tree.head[quality]
    if tree.pos[verb] != "VERB" or tree.passive[verb] or tree.kids(verb, "object"):
        return
    nouns = [kid for kid in tree.kids(quality, "compound") if verb < kid == quality - 1]
    if nouns and tree.pos[nouns[0]] in ("NOUN", "PROPN"):
        for kid in tree.kids(quality, "determiner", "possessive", "adjective", "compound"):
            if kid < nouns[0]:
                _hang(tree, kid, nouns[0], tree.role[kid])
        _hang(tree, nouns[0], verb, "object")


def _mend_list(tree: Tree, last: int) -> None:
    """Brings the first members of a list of subjects back to the last: "A, B and C sued"."""
    joiners = [kid for kid in tree.kids(last, "coordinator") if kid < last]
    verb = tree.head[last]
    if not joiners or verb <= last or tree.pos[verb] not in VERBAL:
        return
    own = set(tree.conjuncts(last))
    begin = tree.bounds[tree.sentence[last]][0]
    members: list[int] = []
    here = joiners[0] - 1
    while here >= begin:
        if tree.word[here] == ",":
            here -= 1
        head = _phrase_head(tree, here, begin)
        if head in own or tree.pos[head] not in ("NOUN", "PROPN") or tree.kids(head, "subject"):
            break
        first = tree.phrase(head)[0]
        if tree.phrase(head)[1] != here:
            break
        members.append(head)
        if first - 1 < begin or tree.word[first - 1] != ",":
            break
        here = first - 1
    if not members:
        return
    above = tree.head[verb]
    while tree.head[above] != above:
        above = tree.head[above]
        if above in members and tree.head[verb] not in members:
            return
    top = min(members)
    if tree.head[verb] in members:
        if tree.head[top] == top:
            tree.children[tree.head[verb]].remove(verb)
            tree.head[verb], tree.role[verb] = verb, "root"
        else:
            _hang(tree, verb, tree.head[top], tree.role[top])
    for member in members:
        _hang(tree, member, last, "conjunct")
        tree.case[member] = ""


def _mend_possession(tree: Tree, word: int) -> None:
    begin = tree.bounds[tree.sentence[word]][0]
    if word == begin or tree.pos[word] != "NOUN":
        return
    inner = tree.role[word] in ("compound", "nominal")
    if inner and not any(kid > word and tree.pos[kid] in NOMINAL for kid in tree.children[word]):
        return  # "kecerdasan buatan"
    thing = _phrase_head(tree, word - 1, begin)
    if tree.pos[thing] in ("NOUN", "PROPN") and thing not in tree.subtree(word):
        _hang(tree, word, thing, "nominal")


def _mend_apposition(tree: Tree, name: int) -> None:
    """Hangs a common noun between commas on the name before it: "X, a start-up, denied"."""
    if tree.pos[name] != "PROPN":
        return
    for noun in tree.kids(name, "conjunct"):  # "X, pendiri dan ketua Y, …"
        before = [kid for kid in tree.kids(name, "apposition") if kid < noun]
        if before and _lower(tree, noun) and _lower(tree, before[-1]):
            _hang(tree, noun, before[-1], "conjunct")
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
            _hang(tree, noun, name, "apposition")
            return


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
    if any(kid < name or tree.pos[kid] != "NOUN" or not _lower(tree, kid) for kid in subjects):
        return
    for kid in [*tree.kids(place, "apposition"), *subjects]:
        if name < kid < verb and tree.word[tree.phrase(kid)[0] - 1] == ",":
            _hang(tree, kid, name, "apposition")
    _hang(tree, name, verb, "subject")


def _mend_topic(tree: Tree, name: int, places: frozenset[str]) -> None:
    """ "X, an app of Y's, copies …": X is who copies, the app is its apposition."""
    verb = tree.head[name]
    if not tree.entity[name] or tree.entity[name] in places or tree.pos[verb] not in VERBAL:
        return
    comma = tree.phrase(name)[1] + 1
    for noun in tree.kids(verb, "subject"):
        first, last = tree.phrase(noun)
        behind = name < noun < verb and first == comma + 1 and tree.word[comma] == ","
        if behind and _lower(tree, noun) and any(tree.word[i] == "," for i in range(last, verb)):
            _hang(tree, noun, name, "apposition")
            tree.role[name] = "subject"
            return


def _lower(tree: Tree, token: int) -> bool:
    return tree.word[token][:1].islower()


def _mend_agent(tree: Tree, agent: int) -> None:
    """Brings the agent of an act from a noun inside its phrase up to the act."""
    noun = tree.head[agent]
    while (
        tree.role[noun] in ("nominal", "compound", "possessive")
        and not tree.case[noun]
        and tree.pos[tree.head[noun]] == "NOUN"
    ):
        noun = tree.head[noun]
    if noun != tree.head[agent]:
        _hang(tree, agent, noun, "nominal")


def _phrase_head(tree: Tree, token: int, begin: int) -> int:
    inner = ("flat", "compound", "adjective", "nominal", "determiner", "numeral", "possessive")
    while tree.role[token] in inner and begin <= tree.head[token] and tree.head[token] != token:
        token = tree.head[token]
    return token


def _mend_subject(tree: Tree, noun: int) -> None:
    markers = tree.kids(noun, "marker")
    if not markers or tree.kids(noun, "subject", "copula"):
        return
    head = tree.head[noun]
    for sibling in tree.children[head]:
        if (
            sibling > noun
            and tree.pos[sibling] == "VERB"
            and tree.role[sibling]
            in ("adverbial_clause", "complement", "conjunct", "open_complement")
            and not tree.kids(sibling, "subject", "marker")
        ):
            tree.role[sibling] = tree.role[noun]
            _hang(tree, noun, sibling, "subject")
            for marker in markers:
                _hang(tree, marker, sibling, "marker")
            return


def _mend_main(tree: Tree, clause: int, cues: Cues) -> None:
    """Makes the verb behind a relative clause the predicate of a sentence without one."""
    noun = tree.head[clause]
    if tree.pos[noun] not in ("NOUN", "PROPN") or tree.kids(noun, "subject", "copula", "parataxis"):
        return
    if tree.kids(noun, "case", "marker"):
        return
    takes_clause = cues.effects("verb", tree, clause)
    below = [
        kid
        for one in tree.kids(clause, "object", "oblique", "agent")
        for kid in tree.kids(one, "noun_clause")
    ]
    beside = tree.kids(clause, "open_complement", "conjunct", "parataxis", "complement")
    if takes_clause:  # "yang menolak menguji …", but not "yang ditolak oleh X"
        beside, below = [], below if tree.passive[clause] else []
    for verb in (*beside, *below):
        between = [kid for kid in tree.children[clause] if clause < kid < verb]
        if (
            tree.pos[verb] == "VERB"
            and any(tree.role[kid] in ("object", "oblique", "agent") for kid in between)
            and not any(tree.role[kid] == "punctuation" for kid in between)
            and not tree.kids(verb, "subject", "marker", "coordinator", "case")
        ):
            tree.children[tree.head[verb]].remove(verb)
            tree.head[verb], tree.role[verb] = verb, "root"
            for kid in tree.children[noun][:]:
                if kid > verb:
                    _hang(tree, kid, verb, tree.role[kid])
            _hang(tree, noun, verb, "subject")
            return


def _mend_charge(tree: Tree, clause: int, cues: Cues) -> None:
    noun = tree.head[clause]
    verb = tree.head[noun]
    if tree.role[noun] not in ("object", "subject", "recipient") or tree.pos[verb] not in VERBAL:
        return
    markers = {tree.lower[kid] for kid in tree.kids(clause, "marker", "case")}
    markers &= cues.pack.words.object_control
    effects = cues.effects("verb", tree, verb)
    if any(markers & effect.through for effect in effects):
        _hang(tree, clause, verb, "adverbial_clause")


def _mend_conjunct(tree: Tree, verb: int) -> None:
    noun = tree.head[verb]
    above = tree.head[noun]
    if (
        tree.pos[noun] in ("NOUN", "PROPN")
        and tree.role[noun] in ("object", "oblique")
        and tree.pos[above] == "VERB"
        and (tree.tag[above] == tree.tag[verb] or tree.kids(above, "auxiliary"))
        and not tree.kids(verb, "subject", "marker")
        and tree.kids(verb, "object", "complement", "open_complement", "oblique")
    ):
        _hang(tree, verb, above, "conjunct")


def _mend_role(tree: Tree, before: int, cues: Cues) -> None:
    """Makes a role the head of the word before it ("mantan CTO", "current and former staff")."""
    inner = [
        kid
        for kid in tree.kids(before, "compound", "nominal", "flat", "object", "apposition")
        if kid == before + 1
    ]
    inner += [
        kid
        for kid in tree.kids(before, "conjunct")
        if kid == before + 3 and tree.lower[kid - 1] in cues.pack.words.before_roles
    ]
    if not inner:
        return
    role, head, above = tree.role[before], tree.head[before], inner[0]
    for kid in tree.children[before][:]:
        if kid != above:
            _hang(tree, kid, above, tree.role[kid])
    if head == before:
        tree.children[before].remove(above)
        tree.head[above], tree.role[above] = above, role
    else:
        _hang(tree, above, head, role)
    tree.case[above] = tree.case[before]
    _hang(tree, before, above, "adjective")


def _mend_object(tree: Tree, token: int, manner: bool) -> None:
    adverb = manner or tree.pos[token] in ("ADJ", "ADV")
    if not adverb and tree.pos[token] != "PRON":
        return
    below = [
        kid
        for kid in tree.children[token]
        if kid > token
        and tree.role[kid] in ("nominal", "compound", "flat", "object", "possessive")
        and tree.pos[kid] in ("NOUN", "PROPN")
        and not tree.case[kid]
    ]
    if manner:
        tree.role[token] = "adverb"
    if not below:
        return
    _hang(tree, below[0], tree.head[token], "object")
    tree.role[token] = "adverb" if adverb else "recipient"
