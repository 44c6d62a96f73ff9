"""Attachments inside noun phrases that a parser is known to get wrong, mended by rule."""

from kg.cues import Cues
from kg.syntax import NOMINAL, VERBAL, Tree, hang

_MISPLACED = ("subject", "object", "agent", "apposition", "compound", "nominal")
_MISPLACED_ADVERBS = ("noun_clause", "adjective", "nominal", "compound", "adverb")
_DEEPEST = 6  # words between a name and the relative clause around it


def repair_phrases(tree: Tree, cues: Cues) -> None:
    """Mends what hangs on which noun, before the clauses are looked at.

    "A bersama B menggugat": who is named with somebody is coordinated with them. "A, B, dan C": a
    name between two of its kind is a member of the list, not another name of the first.

    "lembaga yang berkantor di Roma itu": a name needs no demonstrative; it belongs to the noun
    before the relative clause. "mengirim kepada X sebuah surat": a noun with a determiner and
    without a preposition behind a prepositional phrase is the object.

    "Sora milik OpenAI menyesatkan …": a word of possession belongs to the noun before it.

    "surat di platform X yang merinci …": the clause belongs to the letter, not to where it is.

    "raksasa pencarian tersebut": a demonstrative behind a description belongs to all of it; what
    stands behind one is no part of the phrase: "menyebut kebijakan itu bencana". "menyebut
    pembatalan itu kemenangan": where nouns lead, one before another is its subject.

    "di depan kantor X": a noun of place between a preposition and its noun is a part of the
    preposition.

    "JPMorgan Chase dan Verizon": what is coordinated with a part of a name is so with the name.
    "pengadilan lalu mengizinkan": a word for what comes next belongs to the verb behind it.

    "menghubunginya": a pronoun that the parser has not seen at the end of a verb is its object,
    and "ditolaknya" who acts in the passive.

    "juru bicara OpenAI, Rina Sari": a person is not another name of an organization; "Sora,
    aplikasi buatan OpenAI, meniru …": what is set off behind a name says more about it.
    """
    _find_clitics(tree, cues)
    for token, clitic in enumerate(tree.clitic):
        if clitic == "Obj" and tree.lemma[token] in cues.naming:
            for kid in tree.kids(token, "object"):  # "menjulukinya jalur cepat"
                tree.role[kid] = "complement"
    words = cues.pack.words
    persons = frozenset(
        label for label, kind in cues.pack.pipeline.entities.items() if kind == "Person"
    )
    for token, lower in enumerate(tree.lower):
        if lower in words.relational and tree.pos[token] in ("NOUN", "ADJ", "ADV"):
            _mend_preposition(tree, token, words.prepositions)
    for token, role in enumerate(tree.role):
        first = tree.head[token]
        if role == "conjunct" and tree.role[first] == "flat" and tree.pos[token] == "PROPN":
            if tree.role[tree.head[first]] != "flat" and tree.head[first] != token:
                hang(tree, token, tree.head[first], "conjunct")
        elif tree.lower[token] in words.sequencers and role in _MISPLACED_ADVERBS:
            _mend_sequencer(tree, token)
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
    described = {noun for one in cues.pack.description for noun in one.nouns}
    for token, role in enumerate(tree.role if words.noun_head == "first" else []):
        if role == "determiner" and tree.lower[token] in words.definite:
            _mend_superlative(tree, token, words.everywhere)
            _mend_closing(tree, token, described)
        elif role in ("complement", "open_complement") and tree.pos[token] == "NOUN":
            _mend_called(tree, token)
    of_person = {
        w for one in cues.pack.possession if one.thing_is_subject for w in one.prepositions
    }
    for token, role in enumerate(tree.role):
        if tree.case[token] in words.joining and role in ("oblique", "nominal", "conjunct"):
            _mend_company(tree, token)
        elif role == "oblique" and tree.case[token] in of_person:
            _mend_body(tree, token, persons)
    owned = {word for possession in cues.pack.possession for word in possession.prepositions}
    for token, role in enumerate(tree.role):
        if tree.lower[token] in owned and role in _MISPLACED:
            _mend_possession(tree, token, described)
    for token, role in enumerate(tree.role):
        if role in ("adverb", "other") and tree.pos[token] == "PROPN" and not tree.case[token]:
            _mend_topic(tree, token, places)


def lower_case(tree: Tree, token: int) -> bool:
    return tree.word[token][:1].islower()


def phrase_head(tree: Tree, token: int, begin: int) -> int:
    inner = ("flat", "compound", "adjective", "nominal", "determiner", "numeral", "possessive")
    while tree.role[token] in inner and begin <= tree.head[token] and tree.head[token] != token:
        token = tree.head[token]
    return token


def _find_clitics(tree: Tree, cues: Cues) -> None:
    clitics = tuple(f for one in cues.pack.pronoun if one.number == "any" for f in one.forms)
    for token in [i for i, pos in enumerate(tree.pos) if pos == "VERB" and not tree.clitic[i]]:
        ends = tree.lower[token].endswith(clitics) and not tree.lemma[token].endswith(clitics)
        if ends and not tree.passive[token] and not tree.kids(token, "object"):
            tree.clitic[token] = "Obj"
        elif ends and tree.lower[token].startswith(cues.pack.passive.prefixes[0]):
            if tree.passive[token] and not tree.kids(token, "agent"):
                tree.clitic[token] = "Agt"  # "tawaran itu ditolaknya"


def _mend_member(tree: Tree, name: int, persons: frozenset[str]) -> None:
    """ "A, B, and C": B is no other name of A; persons have but one."""
    first = tree.head[name]
    if tree.entity[name] in persons and tree.entity[first] not in ("", *persons):
        above = tree.head[first]  # "juru bicara OpenAI, Rina Sari": not another name of OpenAI
        if first != above and above < first and tree.pos[above] == "NOUN":
            hang(tree, name, above, "apposition")
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
        hang(tree, clause, outer, "relative_clause")


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
                hang(tree, word, above, "determiner")
            return
        here = above


def _mend_sequencer(tree: Tree, word: int) -> None:
    """Hangs "then" between a noun and its verb on the verb."""
    noun = tree.head[word]
    verb = tree.head[noun]
    if noun == word - 1 and tree.role[noun] == "subject" and word < verb and not tree.case[noun]:
        hang(tree, word, verb, "adverb")


def _mend_preposition(tree: Tree, word: int, prepositions: frozenset[str]) -> None:
    """Makes "front" in "in front of" a part of the preposition."""
    lead = word - 1
    if lead < 0 or tree.lower[lead] not in prepositions or tree.role[lead] != "case":
        return
    noun = tree.head[word]
    if noun < word or tree.head[lead] not in (word, noun):
        inner = [
            kid
            for kid in tree.kids(word, "nominal", "compound", "flat")
            if kid > word and tree.pos[kid] in (*NOMINAL, "PRON")
        ]
        if not inner or tree.head[lead] not in (word, inner[0]):
            return
        noun = inner[0]
        hang(tree, noun, noun if tree.head[word] == word else tree.head[word], tree.role[word])
        for kid in [kid for kid in tree.children[word] if kid != noun]:
            hang(tree, kid, noun, tree.role[kid])
    hang(tree, word, noun, "case")
    tree.case[noun] = f"{tree.lower[lead]} {tree.lower[word]}"
    for one in tree.conjuncts(noun)[1:]:
        tree.case[one] = tree.case[noun]


def _mend_superlative(tree: Tree, word: int, everywhere: frozenset[str]) -> None:
    """ "Perusahaan rekaman terbesar di dunia itu": the demonstrative belongs to the company."""
    noun = tree.head[word]
    if tree.lower[noun] in everywhere and tree.case[noun] and noun < word:
        above = tree.head[noun]
        if tree.pos[above] == "NOUN" and above < noun:
            hang(tree, word, above, "determiner")


def _mend_closing(tree: Tree, word: int, described: set[str]) -> None:
    """Hangs a demonstrative on the description that it closes, and sets free what is behind it."""
    noun = tree.head[word]
    if word < noun:
        return
    above = tree.head[noun]
    inner = tree.role[noun] in ("compound", "nominal") and not tree.case[noun]
    if inner and tree.pos[noun] == "NOUN" and tree.lower[noun] not in described:
        if above == noun - 1 and tree.lower[above] in described and tree.pos[above] == "NOUN":
            hang(tree, word, above, "determiner")
            noun, above = above, tree.head[above]
    if tree.role[noun] != "object" or tree.pos[above] not in VERBAL or noun > word:
        return
    for kid in tree.children[noun][:]:
        if kid > word and tree.role[kid] in ("compound", "nominal", "adjective", "flat"):
            if not tree.case[kid]:
                hang(tree, kid, above, "open_complement")


def _mend_called(tree: Tree, noun: int) -> None:
    """ "called the reversal a victory": the noun before the noun is what is called so."""
    verb = tree.head[noun]
    before = [
        kid
        for kid in tree.kids(noun, "nominal", "compound")
        if verb < kid < noun and not tree.case[kid] and tree.pos[kid] in NOMINAL
    ]
    if before and tree.pos[verb] == "VERB" and not tree.kids(verb, "object"):
        hang(tree, before[0], verb, "object")


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
            hang(tree, noun, verb, "object")


def _mend_body(tree: Tree, body: int, persons: frozenset[str]) -> None:
    """Hangs the body on the person right before it: "kata Chai Patel dari JCWI"."""
    before = tree.phrase(body)[0] - 1
    while before >= 0 and tree.role[before] == "case":
        before -= 1
    if before < 0 or tree.entity[before] not in persons or not tree.entity[body]:
        return
    person = tree.head[before] if tree.role[before] == "flat" else before
    if tree.pos[person] == "PROPN" and person not in tree.subtree(body):
        hang(tree, body, person, "nominal")


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
        hang(tree, fellow, host, "conjunct")
        for one in tree.conjuncts(fellow):
            tree.case[one] = ""


def _mend_possession(tree: Tree, word: int, described: set[str]) -> None:
    begin = tree.bounds[tree.sentence[word]][0]
    if word == begin or tree.pos[word] != "NOUN":
        return
    inner = tree.role[word] in ("compound", "nominal")
    beside = word + 1 < len(tree) and tree.head[word + 1] == tree.head[word]
    if inner and beside and tree.entity[word + 1] and tree.role[word + 1] == "nominal":
        hang(tree, word + 1, word, "nominal")  # "perusahaan besutan Aravind Srinivas"
    if inner and not any(kid > word and tree.pos[kid] in NOMINAL for kid in tree.children[word]):
        return  # "kecerdasan buatan"
    thing = phrase_head(tree, word - 1, begin)
    if tree.lower[word - 1] in described and tree.pos[word - 1] == "NOUN":
        thing = word - 1  # "tanggapan platform milik ByteDance tersebut": the platform's
        for kid in [kid for kid in tree.kids(word, "determiner") if kid > word]:
            hang(tree, kid, thing, "determiner")
    if tree.pos[thing] in ("NOUN", "PROPN") and thing not in tree.subtree(word):
        for kid in tree.kids(word, "conjunct"):  # "Gemini buatan Google dan model …"
            hang(tree, kid, thing, "conjunct")
        hang(tree, word, thing, "nominal")


def _mend_topic(tree: Tree, name: int, places: frozenset[str]) -> None:
    """ "X, an app of Y's, copies …": X is who copies, the app is its apposition."""
    verb = tree.head[name]
    if not tree.entity[name] or tree.entity[name] in places or tree.pos[verb] not in VERBAL:
        return
    comma = tree.phrase(name)[1] + 1
    for noun in tree.kids(verb, "subject"):
        first, last = tree.phrase(noun)
        behind = name < noun < verb and first == comma + 1 and tree.word[comma] == ","
        if (
            behind
            and lower_case(tree, noun)
            and any(tree.word[i] == "," for i in range(last, verb))
        ):
            hang(tree, noun, name, "apposition")
            tree.role[name] = "subject"
            return
