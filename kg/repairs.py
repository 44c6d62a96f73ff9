"""Attachments that a parser is known to get wrong, mended by rule."""

from kg.cues import Cues
from kg.governors import reports
from kg.name_repairs import repair_appositions, repair_names
from kg.phrase_repairs import phrase_head, repair_phrases
from kg.syntax import CLAUSES, VERBAL, Tree, hang

_STOPS = (";", ":")


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

    "hingga berita ini diturunkan": a noun behind a word that can lead a clause, right before a verb
    without a subject, is its subject.

    "that the model is biased": the subject belongs to the verb, not to its auxiliary.

    "called the decision disproportionate": the noun before a quality is no part of it.

    "A, B and C sued": where a parser takes only C for the subject, the list is put together.

    "accuse the company of breaching …": the clause hangs on the verb that takes it by its
    preposition, not on the noun.

    "seniman yang menguji Sora memprotes OpenAI": a second verb without a subject behind the object
    of a relative clause is the main verb, where the sentence has none.

    "laws that require … and that ban …": a second relative clause goes to the first.

    "the suit was settled; no terms were disclosed": what stands before a semicolon or a colon is no
    complement of what follows.

    "was found liable and ordered to pay": the second verb is passive as the first is, where it
    lacks the object that it must have.

    "tawaran itu ia tolak": of two subjects before a bare stem the first is what is done to.

    "dituding lalai melindungi anak-anak": a negation between two verbs is the lower one's.

    "menuding X curang, lalu mengadukannya": what comes next is done by who did the first.

    "penggunaan kamera pengawas oleh toko itu": the agent belongs to the outer noun, the act.

    "the backlash from artists against Adobe": the target belongs to the act, not to its agent.

    "has denied the allegations and maintains that …": a verb coordinated with a noun is
    coordinated with the verb of that noun, where both have the same form.
    """
    repair_phrases(tree, cues)
    repair_names(tree, cues)
    _mend_voices_and_denials(tree, cues)
    for token, role in enumerate(tree.role):
        if role == "conjunct" and tree.pos[token] == "VERB":
            _mend_relative(tree, token, cues.pack.words.relativizers)
            _mend_voice(tree, token, cues)
            _mend_tense(tree, token)
        elif role == "complement" and token < tree.head[token]:
            _mend_sequence(tree, token)
    for token, role in enumerate(tree.role):
        helper = tree.head[token]
        if role == "subject" and tree.role[helper] in ("auxiliary", "passive_auxiliary"):
            if tree.pos[tree.head[helper]] in VERBAL and tree.head[helper] != token:
                hang(tree, token, tree.head[helper], "subject")
    for token, role in enumerate(tree.role):
        if role == "object" and tree.pos[tree.head[token]] in VERBAL:
            _mend_object(tree, token, tree.lower[token] in cues.pack.words.manner)
            _mend_recipient(tree, token, article=bool(cues.pack.pipeline.article))
        elif tree.lower[token] in cues.pack.words.before_roles:
            _mend_role(tree, token, cues)
    for token, role in enumerate(tree.role):
        if role == "predicative" and (
            tree.pos[token] == "ADJ" or tree.lower[token] in cues.judging
        ):
            _mend_small_clause(tree, token)
    for token, role in enumerate(tree.role):
        if role == "subject" and tree.pos[token] in ("NOUN", "PROPN"):
            _mend_list(tree, token)
    repair_appositions(tree)
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
        elif role == "adverbial_clause" and tree.pos[token] == "VERB":
            _mend_led(tree, token, cues.pack.words.clause_leads)
            _mend_next(tree, token, cues.pack.words.sequencers)
        elif role == "nominal" and tree.case[token] == cues.pack.words.agent_prepositions[0]:
            _mend_agent(tree, token)
        elif role == "nominal" and tree.case[token] in cues.pack.words.target_prepositions:
            _mend_target(tree, token, cues.pack.words.agent_prepositions)
    for token, role in enumerate(tree.role):
        if role == "conjunct":
            _mend_second_report(tree, token, cues)


def _mend_tense(tree: Tree, verb: int) -> None:
    """Brings a finite verb from a participle or an infinitive up to the verb of its own form:
    "accused it of looking away and called for a levy"."""
    first = tree.head[verb]
    if tree.tag[verb] == tree.tag[first] or tree.passive[first] or tree.passive[verb]:
        return
    if tree.role[first] not in CLAUSES or tree.kids(verb, "subject", "auxiliary", "marker"):
        return
    if tree.kids(first, "subject") or not tree.kids(verb, "object", "oblique", "complement"):
        return
    above = tree.head[first]
    while tree.head[above] != above and tree.tag[above] != tree.tag[verb]:
        above = tree.head[above]
    if tree.pos[above] == "VERB" and tree.tag[above] == tree.tag[verb] and not tree.passive[above]:
        hang(tree, verb, above, "conjunct")


def _mend_recipient(tree: Tree, first: int, *, article: bool) -> None:
    """Makes the first of two objects the recipient: "handed the start-up a victory"."""
    verb = tree.head[first]
    objects = tree.kids(verb, "object")
    if not article or len(objects) != 2 or objects[0] != first or tree.kids(verb, "recipient"):
        return
    second = objects[1]
    adjacent = tree.phrase(first)[1] + 1 == tree.phrase(second)[0]
    if first > verb and adjacent and tree.pos[second] == "NOUN":
        tree.role[first] = "recipient"


def _mend_sequence(tree: Tree, clause: int) -> None:
    """Makes a clause before a semicolon or a colon no complement of the one behind it."""
    above = tree.head[clause]
    inside = max(tree.subtree(clause, frozenset({"conjunct"})))
    between = [tree.word[i] for i in range(max(clause, inside - 1), above)]
    if any(word in _STOPS for word in between):
        tree.role[clause] = "conjunct"


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
                hang(tree, verb, first, "conjunct")
            return


def _mend_voice(tree: Tree, verb: int, cues: Cues) -> None:
    """Makes a verb passive that the first of its list is and that lacks the object that it must
    have: "was found liable and ordered to pay"."""
    first = tree.head[verb]
    if not tree.passive[first] or tree.passive[verb] or tree.tag[first] == tree.tag[verb]:
        return
    if tree.kids(verb, "subject", "object", "auxiliary", "complement"):
        return
    helpers = tree.kids(first, "passive_auxiliary")
    if helpers and tree.tag[first] != tree.tag[verb] not in {tree.tag[kid] for kid in helpers}:
        tree.passive[verb] = True  # "are rated and kicked off": no past beside a present
        return
    made = any(e.modality == "obligation" or e.negated for e in cues.effects("verb", tree, verb))
    if made and tree.kids(verb, "open_complement", "oblique") and tree.pos[first] == "VERB":
        tree.passive[verb] = True


def _mend_small_clause(tree: Tree, quality: int) -> None:
    """Makes the noun before a quality the object: "called the decision disproportionate"."""
    verb = tree.head[quality]
    if tree.pos[verb] != "VERB" or tree.passive[verb] or tree.kids(verb, "object"):
        return
    nouns = [kid for kid in tree.kids(quality, "compound") if verb < kid == quality - 1]
    if nouns and tree.pos[nouns[0]] in ("NOUN", "PROPN"):
        for kid in tree.kids(quality, "determiner", "possessive", "adjective", "compound"):
            if kid < nouns[0]:
                hang(tree, kid, nouns[0], tree.role[kid])
        hang(tree, nouns[0], verb, "object")


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
        head = phrase_head(tree, here, begin)
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
            hang(tree, verb, tree.head[top], tree.role[top])
    for member in members:
        hang(tree, member, last, "conjunct")
        tree.case[member] = ""


def _mend_target(tree: Tree, target: int, by: tuple[str, ...]) -> None:
    """Brings whom an act is aimed at from who acts up to the act: "a suit brought by X against Y",
    "a lawsuit from X against Y"."""
    agent = tree.head[target]
    if tree.role[agent] in ("nominal", "agent") and tree.case[agent] in by:
        act = tree.head[agent]
        hang(tree, target, act, "oblique" if tree.pos[act] in VERBAL else "nominal")


def _mend_second_report(tree: Tree, verb: int, cues: Cues) -> None:
    """Brings a second report from what is reported first up to the first: "said that … and warned
    of …"."""
    first = tree.head[verb]
    above = tree.head[first]
    if not cues.effects("verb", tree, verb) or tree.role[first] not in ("complement", "parataxis"):
        return
    alike = tree.tag[verb] == tree.tag[above] and tree.passive[verb] == tree.passive[above]
    reported = tree.kids(verb, "complement", "open_complement") or (
        tree.kids(verb, "object") and reports(tree, cues, "verb", verb)
    )
    if (
        reported
        and alike
        and tree.pos[above] in VERBAL
        and cues.effects("verb", tree, above)
        and not tree.kids(verb, "subject", "auxiliary")
    ):
        hang(tree, verb, above, "conjunct")


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
        hang(tree, agent, noun, "nominal")


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
            hang(tree, noun, sibling, "subject")
            for marker in markers:
                hang(tree, marker, sibling, "marker")
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
                    hang(tree, kid, verb, tree.role[kid])
            hang(tree, noun, verb, "subject")
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
        hang(tree, clause, verb, "adverbial_clause")


def _mend_denial(tree: Tree, word: int) -> None:
    """Hangs a word of negation between a verb and the verb below it on the lower one: "dituding
    lalai melindungi anak-anak"."""
    verb, lower = tree.head[word], word + 1
    while lower < len(tree) and tree.role[lower] in ("auxiliary", "adverb"):
        lower += 1
    behind = lower < len(tree) and verb < word and tree.head[lower] == verb
    if behind and tree.pos[lower] == "VERB" and tree.pos[verb] == "VERB":
        hang(tree, word, lower, "adverb")


def _mend_voices_and_denials(tree: Tree, cues: Cues) -> None:
    words = cues.pack.words
    for token, pos in enumerate(tree.pos):
        if pos == "VERB" and cues.pack.passive.bare_agent:
            if tree.lower[token] == tree.lemma[token]:
                _mend_fronted(tree, token, words.definite)
        elif tree.role[token] in ("adverb", "negation") and tree.lower[token] in words.negation:
            _mend_denial(tree, token)


def _mend_fronted(tree: Tree, verb: int, definite: frozenset[str]) -> None:
    """Makes the noun before the agent of a bare stem its object: "tawaran itu ia tolak", "kritik
    itu OpenAI bantah"."""
    if tree.passive[verb] or tree.kids(verb, "object") or verb == 0:
        return
    agent = verb - 1
    while tree.role[agent] in ("auxiliary", "adverb", "flat") and agent > 0:
        agent = tree.head[agent] if tree.role[agent] == "flat" else agent - 1
    if tree.pos[agent] not in ("PRON", "PROPN"):
        return
    nouns = [
        kid
        for kid in tree.kids(verb, "subject", "adverb")
        if kid < agent and tree.pos[kid] == "NOUN" and not tree.case[kid]
    ]
    if len(nouns) != 1 or not any(
        tree.lower[kid] in definite for kid in tree.kids(nouns[0], "determiner") if kid < agent
    ):
        return
    beside = tree.role[agent] == "subject" and tree.head[agent] == verb
    if beside or (tree.head[agent] == nouns[0] and tree.entity[agent] and not tree.case[agent]):
        hang(tree, agent, verb, "subject")
        tree.role[nouns[0]] = "object"


def _mend_next(tree: Tree, verb: int, sequencers: frozenset[str]) -> None:
    """Coordinates what comes next, "…, lalu V", with the verb above a complement that has a subject
    of its own."""
    first = tree.head[verb]
    above = tree.head[first]
    marks = [kid for kid in tree.kids(verb, "marker", "adverb") if tree.lower[kid] in sequencers]
    if not marks or tree.word[marks[0] - 1] != "," or tree.kids(verb, "subject"):
        return
    reported = tree.role[first] in ("complement", "open_complement") and first < verb
    if reported and tree.pos[above] == "VERB" and tree.kids(first, "subject"):
        hang(tree, verb, above, "conjunct")
        tree.role[marks[0]] = "adverb"


def _mend_led(tree: Tree, verb: int, leads: frozenset[str]) -> None:
    """Makes the noun right before a verb without a subject the subject: "until this was done"."""
    if tree.kids(verb, "subject", "marker"):
        return
    noun = verb - 1
    while noun >= 0 and tree.role[noun] in ("determiner", "adverb", "auxiliary", "negation"):
        noun -= 1
    while tree.role[noun] in ("nominal", "compound", "flat") and not tree.case[noun]:
        noun = tree.head[noun]
    if tree.case[noun] not in leads or tree.pos[noun] not in ("NOUN", "PROPN", "PRON"):
        return
    if tree.role[noun] not in ("nominal", "oblique") or noun in tree.subtree(verb):
        return
    for kid in tree.kids(noun, "case"):
        hang(tree, kid, verb, "marker")
    tree.case[noun] = ""
    hang(tree, noun, verb, "subject")


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
        hang(tree, verb, above, "conjunct")


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
            hang(tree, kid, above, tree.role[kid])
    if head == before:
        tree.children[before].remove(above)
        tree.head[above], tree.role[above] = above, role
    else:
        hang(tree, above, head, role)
    tree.case[above] = tree.case[before]
    hang(tree, before, above, "adjective")


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
    hang(tree, below[0], tree.head[token], "object")
    tree.role[token] = "adverb" if adverb else "recipient"
