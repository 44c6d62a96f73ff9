"""From clauses to relations of the ontology, by the expressions of ``frames.toml`` alone.

The idea of a lexicon of frames with argument slots is that of FrameNet and PropBank; nominal acts
and light verbs follow NomBank (Meyers et al. 2004): "X filed a suit against Y" and "X's suit
against Y" say what "X sued Y" says.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from kg.clauses import Clauses, Source, Status
from kg.languages import NO_RELATION
from kg.lexicon import SLOTS, Expression, Lexicon
from kg.linking import Linker
from kg.methods import linked
from kg.records import Argument
from kg.syntax import NOMINAL, VERBAL, Tree
from kg.understood import act_in_clause
from kg.vocabulary import is_a

_GAP = 2  # adverbs, adjectives and determiners that may stand inside an expression
_STAR_GAP = 10  # words that the object of "take * to court" may have
_FILLERS = ("ADV", "ADJ", "DET", "PART", "NUM", "PUNCT")
_UNDERSTOOD = 0.9  # factors of confidence
_RESOLVED = 0.85
_PHRASE = 0.95
_ACT_ITSELF = 0.6
_FROM_CONTEXT = 0.7
_AUTHORITY_MEMORY = 8  # sentences back in which the court that fined is looked for


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


def find_relations(
    clauses: Clauses,
    linker: Linker,
    lexicon: Lexicon,
    *,
    only: frozenset[str] = frozenset(),
) -> Iterator[Finding]:
    """What the lexicon sees in an article, in the order of the triggers; ``only`` some relations
    where some are named."""
    tree = clauses.tree
    for token, lemma in enumerate(tree.lemma):
        if lemma not in lexicon.expressions:
            continue
        entries = lexicon.worth_a_look(lemma, clauses.words_of_sentence(token))
        if entries and (not only or any(e.relation in only for e in entries)):
            for finding in _match(clauses, linker, token, entries):
                if not only or finding.relation in only:
                    yield finding


# Matching --------------------------------------------------------------------------------------


def _match(
    clauses: Clauses, linker: Linker, token: int, entries: list[Expression]
) -> Iterator[Finding]:
    """Tries the expressions of a head, longest first; the first length that matches decides."""
    matched = -1
    done: set[str] = set()
    present = clauses.words_of_sentence(token)
    for entry in entries:
        if entry.weight < matched:
            break
        if (
            not entry.needs <= present
            or not _is_kind(clauses, token, entry)
            or not _words_match(clauses, token, entry)
        ):
            continue
        if entry.relation == NO_RELATION:
            return
        if linker.name_at(token) is not None and entry.kind != "verb":
            continue
        found = list(_findings(clauses, linker, token, entry))
        for finding in found:
            if entry.relation in done and not entry.frame.every:
                break
            yield finding
        if found:
            done.add(entry.relation)
            matched = max(matched, entry.weight + _only_denied(entry))
    if not done:
        for entry in entries:
            acts = entry.frame.itself and entry.kind == "noun" and _is_kind(clauses, token, entry)
            if acts and entry.weight >= matched and _words_match(clauses, token, entry):
                yield from _act_itself(clauses, linker, token, entry)
                return


def _is_kind(clauses: Clauses, token: int, entry: Expression) -> bool:
    tree = clauses.tree
    pos, role = tree.pos[token], tree.role[token]
    if entry.kind == "verb":
        if pos in VERBAL:
            return role not in ("auxiliary", "compound", "adjective", "case", "passive_auxiliary")
        return pos == "ADJ" and role in ("root", "conjunct", "complement", "relative_clause")
    if entry.kind == "noun":
        return pos in NOMINAL
    return pos in ("ADJ", "VERB", "ADV") and role != "auxiliary"


def _words_match(clauses: Clauses, token: int, entry: Expression) -> bool:
    tree = clauses.tree
    if not entry.words:
        return True
    if entry.kind == "noun" and clauses.cues.pack.words.noun_head == "last":
        here = token
        for word in reversed(entry.words):
            here -= 1
            if here < 0 or tree.sentence[here] != tree.sentence[token]:
                return False
            if tree.lemma[here] == word or tree.lower[here] == word:
                continue
            return False
        return True
    here, gap = token, _GAP
    end = tree.bounds[tree.sentence[token]][1]
    words = entry.words
    if entry.kind == "verb" and words[0][0] not in "*+" and entry.relation != NO_RELATION:
        moved = clauses.moved_object(token)
        if moved is not None and tree.lemma[moved] == words[0]:
            words = words[1:]  # "the claim was dismissed", "the suit that they dropped"
    for word in words:
        if word == "*":
            gap = _STAR_GAP
            continue
        if word.startswith("+"):
            led = _led_by(clauses, token, word[1:], with_objects=here > token)
            return bool(led) or _next_is(tree, here, word[1:], end)
        found = -1
        for i in range(here + 1, min(end, here + 2 + gap)):
            if (tree.lemma[i] == word or tree.lower[i] == word) and (
                gap == _GAP or _belongs(tree, i, token)
            ):
                found = i
                break
            if gap == _GAP and not _is_filler(tree, i):
                break
        if found < 0:
            return False
        here, gap = found, _GAP
    return True


def _belongs(tree: Tree, word: int, verb: int) -> bool:
    """Does a word behind the object hang on the verb or its object: "warned X *to* stop", but not
    "warned X about harms *to* children"?"""
    here = tree.head[word]
    for step in range(4):
        if here == verb or (step and tree.case[here] and tree.role[here] in ("oblique", "nominal")):
            return here == verb
        here = tree.head[here]
    return False


def _next_is(tree: Tree, here: int, word: str, end: int) -> bool:
    for i in range(here + 1, min(end, here + 2 + _GAP)):
        if tree.lower[i] == word:
            return True
        if not _is_filler(tree, i):
            return False
    return False


def _is_filler(tree: Tree, token: int) -> bool:
    """May a word stand inside an expression: "threw *their full* weight behind"?"""
    own = tree.pos[token] == "PRON" and tree.role[token] == "possessive"
    return own or tree.pos[token] in _FILLERS


def _led_by(
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
        for i in range(token + 1, min(end, token + 3 + _GAP)):
            if tree.lower[i] == preposition and tree.role[i] == "case" and tree.head[i] > i:
                return [tree.head[i]]
            if tree.pos[i] in VERBAL:
                break
    return found


# Arguments -------------------------------------------------------------------------------------


def _findings(clauses: Clauses, linker: Linker, token: int, entry: Expression) -> Iterator[Finding]:
    if entry.kind == "noun":
        yield from _nominal(clauses, linker, token, entry)
        return
    predicate = token
    tree = clauses.tree
    if entry.kind == "adjective" and tree.role[token] == "predicative":
        predicate = tree.head[token]
    status = clauses.status(predicate)
    if predicate != token:
        lower = clauses.status(token)
        negation = clauses.cues.pack.words.negation
        told_once = any(tree.lower[kid] in negation for kid in tree.children[predicate])
        status = Status(
            status.negated != (lower.negated and not told_once),
            status.modality if status.modality != "asserted" else lower.modality,
            status.unsaid or lower.unsaid,
        )
    if status.unsaid or (_only_denied(entry) and not status.negated):
        return  # "tidak puas dengan" criticizes; "puas dengan" alone denies nothing
    if _is_none(clauses, predicate, entry):
        status = Status(not status.negated, status.modality)
    subjects = _subjects(clauses, linker, predicate, token, entry)
    if not subjects and tree.passive[predicate]:
        subjects = _developers(linker, entry, _objects_of_slot(clauses, token, "obj"))
        subjects = subjects or _authority(clauses, linker, token, entry)
    source = clauses.source(predicate)
    if "source" in entry.subjects:  # the judgement is an act of who speaks, however it is hedged
        status, source = Status(status.negated), None
    hosts = (predicate,) if "subj" in entry.objects else ()
    yield from _combine(clauses, linker, token, entry, subjects, status, source, hosts)


def _only_denied(entry: Expression) -> bool:
    """Does it say its relation only where the sentence denies it: "not happy with"?"""
    return entry.frame.only_denied or (entry.kind == "adjective" and entry.frame.negated)


def _is_none(clauses: Clauses, predicate: int, entry: Expression) -> bool:
    """Is the act denied by a determiner: "no artist sued", "filed no suit against"?"""
    tree = clauses.tree
    inside = [kid for kid in tree.kids(predicate, "object") if tree.lemma[kid] in entry.needs]
    return any(
        clauses.negative_determiner(one) and tree.case[one] == ""
        for one in (*clauses.subjects(predicate), *inside)
    )


def _subjects(
    clauses: Clauses, linker: Linker, predicate: int, token: int, entry: Expression
) -> list[tuple[Argument, float]]:
    tree = clauses.tree
    for slot in entry.subjects:
        if slot == "source":
            said = clauses.source(predicate)
            tokens: tuple[int, ...] = (
                () if said is None or said.speaker is None else (said.speaker,)
            )
        elif slot == "subj":
            if entry.kind == "adjective" and tree.role[token] == "adjective":
                tokens = (tree.head[token],)
            elif entry.kind == "adjective":
                tokens = clauses.surface_subjects(predicate)
            else:
                tokens = clauses.subjects(predicate)
        else:
            tokens = tuple(_objects_of_slot(clauses, token, slot))
        own = set(tree.kids(predicate, "subject"))
        says = any(effect.attributed for effect in clauses.cues.effects("verb", tree, predicate))
        found = [
            (argument, 1.0 if one in own else _UNDERSTOOD)
            for one in tokens
            for argument in _meant(linker, one, says)
        ]
        if found:
            return found
    return []


def _meant(linker: Linker, token: int, says: bool) -> list[Argument]:
    """What a subject stands for: of a word of speech, whoever speaks in the lawsuit that does."""
    if says and linker.tree.lemma[token] in linker.names.documents:
        return [one for one in linker.speakers(token) if one is not None]
    return linker.link_all(token)


def _developers(
    linker: Linker, entry: Expression, objects: list[int]
) -> list[tuple[Argument, float]]:
    """Who an agentless "Sora was released" is about: the known maker of the system."""
    if not entry.frame.by_developer:
        return []
    for one in objects:
        argument = linker.link(one)
        if argument is not None:
            maker = linker.names.registry.developers.get(argument.entity.slug)
            if maker is not None:
                found = linker.names.registry.entities[maker]
                return [(linked(found, argument.span, "byContext"), 0.7)]
    return []


def _authority(
    clauses: Clauses, linker: Linker, token: int, entry: Expression
) -> list[tuple[Argument, float]]:
    """Who an agentless "the firm was fined" is about: the court or body spoken of last."""
    authority = clauses.cues.pack.authority
    status = clauses.status(token)
    if entry.relation not in authority.relations or status.negated or status.modality == "possible":
        return []
    done_to = clauses.objects(token)
    avoid = {argument.entity.slug for one in done_to for argument in linker.link_all(one)}
    entity = linker.reference.last_within(token, authority.types, _AUTHORITY_MEMORY, avoid)
    if entity is None:
        return []
    return [(linked(entity, clauses.tree.span(token, token), "byContext"), _FROM_CONTEXT)]


def _objects_of_slot(clauses: Clauses, token: int, slot: str) -> list[int]:
    """Tokens that fill a slot of a predicate, coordination distributed."""
    tree = clauses.tree
    if slot == "obj":
        return list(clauses.objects(token))
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
    found = [one for kid in _led_by(clauses, token, slot) for one in clauses.expand(kid)]
    if not found and any(tree.lower[kid] == slot for kid in tree.kids(token, "particle")):
        return list(clauses.objects(token))  # "laid off moderators": no preposition
    return found


def _clausal(clauses: Clauses, token: int, slot: str) -> list[int]:
    """Heads of clauses that fill a slot: complements, or clauses led by the preposition."""
    tree = clauses.tree
    if slot == "comp":
        found = [
            one
            for one in clauses.complements(token)
            if tree.pos[one] != "ADJ" or tree.kids(one, "subject", "copula")
        ]
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


def _arguments(
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
                yield argument, 1.0, clauses.negative_determiner(token)
        else:
            tokens = [one for host in hosts for one in _objects_of_slot(clauses, host, slot)]
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
                        yield from ((loser, _PHRASE, False) for loser in losers)
                        continue
                clitic = tree.clitic[one] == "Obj"
                if one == token and not clitic:
                    continue
                if tree.pos[one] == "ADJ":
                    continue
                if tree.pos[one] in VERBAL and tree.children[one] and not clitic:
                    yield _clause_argument(clauses, linker, one), _PHRASE, False
                    got = True
                    continue
                for argument in linker.link_all(one):
                    if linker.fits(argument, entry.frame.object_types):
                        got = True
                        yield argument, 1.0, clauses.negative_determiner(one)
            if not got:
                for host in hosts:
                    for one in _clausal(clauses, host, slot):
                        got = True
                        yield _clause_argument(clauses, linker, one), _PHRASE, False
        filled = filled or (got and slot == "obj")
        if got and not entry.frame.every:
            return


def _owners_that_fit(
    clauses: Clauses, linker: Linker, noun: int, entry: Expression
) -> list[Argument]:
    """Whose the noun of an expression is, where the frame is about such actors."""
    if not any(is_a(kind, "Actor") for kind in entry.frame.object_types):
        return []
    linked = [linker.link(owner) for owner in clauses.owners(noun)]
    return [a for a in linked if a is not None and linker.fits(a, entry.frame.object_types)]


def _clause_argument(clauses: Clauses, linker: Linker, verb: int) -> Argument:
    """The words of a clause, from its verb on, without what is added to it by commas."""
    tree = clauses.tree
    inside = set(
        tree.subtree(
            verb, frozenset({"marker", "parataxis", "relative_clause", "conjunct", "coordinator"})
        )
    )
    first = min(
        [verb]
        + [tree.phrase(i)[0] for i in tree.kids(verb, "subject") if i < verb]
        + [i for i in tree.kids(verb, "negation", "auxiliary") if i < verb]
    )
    last = verb
    while last + 1 in inside and last - first < 14 and tree.role[last + 1] != "punctuation":
        last += 1
    return linker.phrase_argument(first, last)


def _combine(
    clauses: Clauses,
    linker: Linker,
    token: int,
    entry: Expression,
    subjects: list[tuple[Argument, float]],
    status: Status,
    source: Source | None,
    hosts: tuple[int, ...] = (),
) -> Iterator[Finding]:
    frame = entry.frame
    subjects = [item for item in subjects if linker.fits(item[0], frame.subject_types)]
    if not subjects:
        return
    arguments = list(_arguments(clauses, linker, token, entry, hosts or (token,)))
    if not arguments and entry.relation in clauses.cues.pack.reciprocal and len(subjects) > 1:
        arguments = [(other, 1.0, False) for other, _ in subjects[1:]]
        subjects = subjects[:1]
    if entry.relation in clauses.cues.pack.fallback:
        arguments = _topics(clauses, linker, arguments, hosts or (token,), subjects)
    carried = entry.kind != "noun" or len(hosts) > 1
    if not arguments and frame.about and carried:
        arguments = _from_context(linker, token, entry, subjects)
    for argument, sure, denied in arguments:
        if frame.object_types and not linker.fits(argument, frame.object_types):
            continue
        for subject, certain in subjects:
            if subject.entity.slug == argument.entity.slug:
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


def _topics(
    clauses: Clauses,
    linker: Linker,
    arguments: list[tuple[Argument, float, bool]],
    hosts: tuple[int, ...],
    subjects: list[tuple[Argument, float]],
) -> list[tuple[Argument, float, bool]]:
    """What is claimed of what: the topic of each clause instead of its words."""
    told = [one for host in hosts for one in _clausal(clauses, host, "comp")]
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
    return [(linked(entity, span, "byContext"), _FROM_CONTEXT, False)]


def _confidence(
    tree: Tree, linker: Linker, base: float, subject: Argument, object_: Argument
) -> float:
    for argument in (subject, object_):
        lower = argument.span.text.lower()
        if lower in linker.names.pronouns:
            base *= _RESOLVED
    return round(min(base, 1.0), 3)


# Nominal acts ----------------------------------------------------------------------------------


def _nominal(clauses: Clauses, linker: Linker, noun: int, entry: Expression) -> Iterator[Finding]:
    tree, cues = clauses.tree, clauses.cues
    above = tree.head[noun]
    top = noun
    while tree.role[top] == "conjunct" and tree.pos[tree.head[top]] in NOMINAL:
        top = tree.head[top]
        above = tree.head[top]
    status = Status()
    source = clauses.source(noun)
    subjects: list[tuple[Argument, float]] = []
    hosts: tuple[int, ...] = (noun,)
    while tree.role[top] == "nominal" and tree.lemma[above] in cues.pack.words.quantifying_nouns:
        top, above = above, tree.head[above]  # "a wave of lawsuits"
    carried = _carrier(clauses, top, above)
    if tree.kids(noun, "subject"):  # "mereka keberatan dengan …": the noun is the predicate
        status = clauses.status(noun)
        subjects = [
            (argument, 1.0)
            for one in clauses.surface_subjects(noun)
            for argument in linker.link_all(one)
        ]
    elif carried is not None:
        status, source = clauses.status(carried), clauses.source(carried)
        if status.unsaid:
            return
        if tree.lemma[carried] in cues.light:
            subjects = [
                (argument, _PHRASE)
                for one in clauses.subjects(carried)
                for argument in linker.link_all(one)
            ]
            hosts = (noun, carried)
        elif tree.lemma[carried] in cues.inverse:
            yield from _inverse(clauses, linker, noun, carried, entry, status, source)
            return
        else:
            status = _presupposed(clauses, carried)
    elif (said_of := clauses.predicate_of(noun)) is not None and said_of != noun:
        status = clauses.status(said_of)
        if status.unsaid:
            return
    if clauses.negative_determiner(noun):
        status = Status(not status.negated, status.modality)
    if not subjects:
        for slot in entry.subjects:
            subjects = [
                (argument, _PHRASE)
                for one in _objects_of_slot(clauses, noun, slot if slot != "subj" else "poss")
                for argument in linker.link_all(one)
                if slot == "self" or _is_agent(argument)
            ]
            if subjects:
                break
        owned = "poss" in entry.subjects and "self" not in entry.objects
        if not subjects and owned and tree.clitic[noun] in ("Poss", "Det"):
            owner = linker.clitic_antecedent(noun, "Actor")  # "gugatannya terhadap X"
            if owner is not None:
                span = tree.span(noun, noun)
                subjects = [(linked(owner, span, "byPronoun"), _UNDERSTOOD)]
    understood = None if subjects else act_in_clause(clauses, noun, own=entry.frame.own)
    if understood is not None and not understood.status.unsaid:
        status, source = understood.status, understood.source
        subjects = [
            (argument, _UNDERSTOOD)
            for one in understood.agents
            for argument in linker.link_all(one)
            if _is_agent(argument)
        ]
    yield from _combine(clauses, linker, noun, entry, subjects, status, source, hosts)


def _act_itself(
    clauses: Clauses, linker: Linker, noun: int, entry: Expression
) -> Iterator[Finding]:
    """ "The suit was filed by X": where nothing else is named, the act itself is the object."""
    tree = clauses.tree
    verb = _carrier(clauses, noun, tree.head[noun])
    act = linker.link(noun)
    if verb is None or act is None or tree.lemma[verb] not in clauses.cues.light:
        return
    status = clauses.status(verb)
    for one in () if status.unsaid else clauses.subjects(verb):
        for subject in linker.link_all(one):
            if _is_agent(subject) and linker.fits(subject, entry.frame.subject_types):
                yield Finding(
                    trigger=noun,
                    relation=entry.relation,
                    subject=subject,
                    object=act,
                    negated=status.negated ^ clauses.negative_determiner(noun),
                    modality=entry.frame.modality or status.modality,
                    source=clauses.source(verb),
                    confidence=round(entry.frame.confidence * _ACT_ITSELF, 3),
                )


def _is_agent(argument: Argument) -> bool:
    """Can it act? A phrase of unknown kind can not."""
    return is_a(argument.entity.type, "Actor")


def _carrier(clauses: Clauses, noun: int, above: int) -> int | None:
    """The verb that a nominal act is the logical object of."""
    tree = clauses.tree
    for kid in tree.kids(noun, "noun_clause", "relative_clause"):
        if noun in clauses.objects(kid):  # "the suit filed by X", "the suit that X filed"
            if tree.lemma[kid] in clauses.cues.light and clauses.subjects(kid):
                return kid
    if above != noun and tree.pos[above] in VERBAL:
        if tree.role[noun] == "object":
            return above
        if tree.role[noun] == "subject" and tree.passive[above]:
            return above
    return None


def _presupposed(clauses: Clauses, verb: int) -> Status:
    """How an act is meant that a verb speaks about: what is wanted has not happened."""
    tree = clauses.tree
    for effect in clauses.cues.effects("verb", tree, verb):
        if effect.modality is not None and effect.modality != "alleged":
            return Status(False, effect.modality)
    return Status()


def _inverse(
    clauses: Clauses,
    linker: Linker,
    noun: int,
    verb: int,
    entry: Expression,
    status: Status,
    source: Source | None,
) -> Iterator[Finding]:
    """ "Adobe faced criticism from artists": the subject is what the act is directed at."""
    targets = [argument for one in clauses.subjects(verb) if (argument := linker.link(one))]
    agents: list[Argument] = []
    for slot in (*clauses.cues.pack.words.agent_prepositions, "poss"):
        tokens = (
            _objects_of_slot(clauses, noun, slot)
            if slot == "poss"
            else [
                one
                for host in (noun, verb)
                for case, kid in clauses.obliques(host)
                if case == slot
                for one in clauses.expand(kid)
            ]
        )
        agents = [a for one in tokens if (a := linker.link(one)) is not None and _is_agent(a)]
        if agents:
            break
    for kid in () if agents else clauses.tree.kids(noun, "noun_clause", "relative_clause"):
        if clauses.tree.lemma[kid] in clauses.cues.light and noun in clauses.objects(kid):
            agents = [
                argument
                for one in clauses.subjects(kid)  # "faces a suit brought by X"
                for argument in linker.link_all(one)
                if _is_agent(argument)
            ]
    aimed = [
        argument
        for argument, _sure, _denied in _arguments(clauses, linker, noun, entry, (noun, verb))
        if argument.entity.slug not in {agent.entity.slug for agent in agents}
    ]
    for agent in agents:
        if not linker.fits(agent, entry.frame.subject_types):
            continue
        for target in [one for one in aimed if _is_agent(one)] or targets or aimed:
            if target.entity.slug == agent.entity.slug or not linker.fits(
                target, entry.frame.object_types
            ):
                continue
            yield Finding(
                trigger=noun,
                relation=entry.relation,
                subject=agent,
                object=target,
                negated=status.negated ^ clauses.negative_determiner(noun),
                modality=entry.frame.modality or status.modality,
                source=source,
                confidence=round(entry.frame.confidence * _PHRASE, 3),
            )
