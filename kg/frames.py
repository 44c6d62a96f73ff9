"""From clauses to relations of the ontology, by the expressions of ``frames.toml`` alone.

The idea of a lexicon of frames with argument slots is that of FrameNet and PropBank.
"""

from collections.abc import Iterator

from kg.attribution import find_source
from kg.clauses import Clauses, Status
from kg.findings import FROM_CONTEXT, Finding, combine, is_agent
from kg.languages import NO_RELATION
from kg.lexicon import Expression, Lexicon
from kg.linking import Linker
from kg.methods import linked
from kg.negation import has_negative_determiner
from kg.nominal_acts import UNDERSTOOD, act_itself, nominal_act
from kg.records import Argument
from kg.slots import GAP, led_by, objects_of_slot
from kg.status import read_status
from kg.syntax import NOMINAL, VERBAL, Tree

_STAR_GAP = 10  # words that the object of "take * to court" may have
_FILLERS = ("ADV", "ADJ", "DET", "PART", "NUM", "PUNCT")
_AUTHORITY_MEMORY = 8  # sentences back in which the court that fined is looked for


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


def _match(
    clauses: Clauses, linker: Linker, token: int, entries: list[Expression]
) -> Iterator[Finding]:
    """Tries the expressions of a head, longest first; the first length that matches decides."""
    matched = -1
    done: set[str] = set()
    present = clauses.words_of_sentence(token)
    kinds = _kinds(clauses, token)
    entries = [entry for entry in entries if entry.kind in kinds]
    for entry in entries:
        if entry.weight < matched:
            break
        if not entry.needs <= present or not _words_match(clauses, token, entry):
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
        loose = [one for entry in entries if entry.loose for one in entry.loose]
        for entry in loose:
            found = list(_findings(clauses, linker, token, entry))
            yield from found
            if found:
                return
        for entry in entries:
            acts = entry.frame.itself and entry.kind == "noun"
            if acts and entry.weight >= matched and _words_match(clauses, token, entry):
                yield from act_itself(clauses, linker, token, entry)
                return


def _kinds(clauses: Clauses, token: int) -> list[str]:
    """The kinds of expressions that a word can be the head of."""
    tree = clauses.tree
    pos, role = tree.pos[token], tree.role[token]
    if pos in NOMINAL:
        return ["noun"]
    if pos in VERBAL:
        verbal = role not in ("auxiliary", "compound", "adjective", "case", "passive_auxiliary")
    else:
        verbal = pos == "ADJ" and role in ("root", "conjunct", "complement", "relative_clause")
    found = ["verb"] if verbal else []
    if pos in ("ADJ", "VERB", "ADV") and role != "auxiliary":
        found.append("adjective")
    return found


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
    here, gap = token, GAP
    end = tree.bounds[tree.sentence[token]][1]
    words = entry.words
    if entry.kind == "verb" and words[0][0] not in "*+" and entry.relation != NO_RELATION:
        moved = clauses.moved_object(token)
        if moved is not None and tree.lemma[moved] == words[0]:
            words = words[1:]  # "the claim was dismissed", "the suit that they dropped"
    apart = {tree.lower[kid]: kid for kid in tree.kids(token, "particle")}  # "threw the case out"
    for word in words:
        if word == "*":
            gap = _STAR_GAP
            continue
        if word.startswith("+"):
            led = led_by(clauses, token, word[1:], with_objects=here > token)
            return bool(led) or _next_is(tree, here, word[1:], end) or word[1:] in apart
        found = apart.get(word, -1) if here == token else -1
        for i in () if found > here else range(here + 1, min(end, here + 2 + gap)):
            if (tree.lemma[i] == word or tree.lower[i] == word) and (
                gap == GAP or _belongs(tree, i, token)
            ):
                found = i
                break
            if gap == GAP and not _is_filler(tree, i):
                break
        if found < 0:
            return False
        here, gap = found, GAP
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
    for i in range(here + 1, min(end, here + 2 + GAP)):
        if tree.lower[i] == word:
            return True
        if not _is_filler(tree, i):
            return False
    return False


def _is_filler(tree: Tree, token: int) -> bool:
    """May a word stand inside an expression: "threw *their full* weight behind"?"""
    own = tree.pos[token] == "PRON" and tree.role[token] == "possessive"
    return own or tree.pos[token] in _FILLERS or tree.role[token] == "adverb"


def _findings(clauses: Clauses, linker: Linker, token: int, entry: Expression) -> Iterator[Finding]:
    if entry.kind == "noun":
        yield from nominal_act(clauses, linker, token, entry)
        return
    predicate = token
    tree = clauses.tree
    if entry.kind == "adjective" and tree.role[token] == "predicative":
        predicate = tree.head[token]
    status = read_status(clauses, predicate)
    if predicate != token:
        lower = read_status(clauses, token)
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
        subjects = _developers(linker, entry, objects_of_slot(clauses, token, "obj"))
        subjects = subjects or _authority(clauses, linker, token, entry)
        subjects = subjects or _main_actor(clauses, linker, token, entry)
    source = find_source(clauses, predicate)
    if "source" in entry.subjects:  # the judgement is an act of who speaks, however it is hedged
        status, source = Status(status.negated), None
    hosts = (predicate,) if "subj" in entry.objects else ()
    yield from combine(clauses, linker, token, entry, subjects, status, source, hosts)


def _only_denied(entry: Expression) -> bool:
    """Does it say its relation only where the sentence denies it: "not happy with"?"""
    return entry.frame.only_denied or (entry.kind == "adjective" and entry.frame.negated)


def _is_none(clauses: Clauses, predicate: int, entry: Expression) -> bool:
    """Is the act denied by a determiner: "no artist sued", "filed no suit against"?"""
    tree = clauses.tree
    inside = [kid for kid in tree.kids(predicate, "object") if tree.lemma[kid] in entry.needs]
    return any(
        has_negative_determiner(clauses.tree, clauses.cues, one) and tree.case[one] == ""
        for one in (*clauses.subjects(predicate), *inside)
    )


def _subjects(
    clauses: Clauses, linker: Linker, predicate: int, token: int, entry: Expression
) -> list[tuple[Argument, float]]:
    tree = clauses.tree
    for slot in entry.subjects:
        if slot == "source":
            said = find_source(clauses, predicate)
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
            tokens = tuple(objects_of_slot(clauses, token, slot))
        own = set(tree.kids(predicate, "subject"))
        says = any(effect.attributed for effect in clauses.cues.effects("verb", tree, predicate))
        found = [
            (argument, 1.0 if one in own else UNDERSTOOD)
            for one in tokens
            for argument in (says and _senders(clauses, linker, one)) or _meant(linker, one, says)
        ]
        if found:
            return found
    return []


def _meant(linker: Linker, token: int, says: bool) -> list[Argument]:
    """What a subject stands for: of a word of speech, whoever speaks in the lawsuit that does."""
    if says and linker.tree.lemma[token] in linker.names.documents:
        return [one for one in linker.speakers(token) if one is not None]
    return linker.link_all(token)


def _senders(clauses: Clauses, linker: Linker, token: int) -> list[Argument]:
    """Who sent or published the text that speaks: "melayangkan surat yang meminta …"."""
    tree = clauses.tree
    verb = tree.head[token]
    text = linker.names.head_types.get(tree.lemma[token]) == "Document"
    if not text or tree.role[token] != "object" or tree.lemma[verb] not in clauses.cues.light:
        return []
    sent = [one for actor in clauses.subjects(verb) for one in linker.link_all(actor)]
    return [one for one in sent if is_agent(one)]


def _developers(
    linker: Linker, entry: Expression, objects: list[int]
) -> list[tuple[Argument, float]]:
    """Who an agentless "Sora was released" is about: the known maker of the system, where the
    article names it."""
    if not entry.frame.by_developer:
        return []
    for one in objects:
        argument = linker.link(one)
        if argument is not None:
            maker = linker.names.registry.developers.get(argument.entity.slug)
            if maker is not None and any(n.entity.slug == maker for n in linker.found):
                found = linker.names.registry.entities[maker]
                return [(linked(found, argument.span, "byContext"), 0.7)]
    return []


def _main_actor(
    clauses: Clauses, linker: Linker, token: int, entry: Expression
) -> list[tuple[Argument, float]]:
    """Who an agentless "customers were scanned" is about: the organization the article is about."""
    status = read_status(clauses, token)
    if entry.relation not in clauses.cues.pack.authority.acts or status.modality == "possible":
        return []
    done_to = clauses.objects(token)
    avoid = {argument.entity.slug for one in done_to for argument in linker.link_all(one)}
    source = find_source(clauses, token)
    if source is not None and source.speaker is not None:
        avoid |= {argument.entity.slug for argument in linker.link_all(source.speaker)}
    if status.modality == "desired":  # "we ask that our voices be deleted": not by us
        above = clauses.surface_subjects(_above(clauses.tree, token))
        avoid |= {argument.entity.slug for one in above for argument in linker.link_all(one)}
    entity = linker.main_of(token, "Organization", avoid)
    if entity is None:
        return []
    return [(linked(entity, clauses.tree.span(token, token), "byContext"), FROM_CONTEXT)]


def _above(tree: Tree, verb: int) -> int:
    """The predicate that governs a clause, whatever it is coordinated with."""
    while tree.role[verb] == "conjunct" and tree.pos[tree.head[verb]] in VERBAL:
        verb = tree.head[verb]
    return tree.head[verb]


def _authority(
    clauses: Clauses, linker: Linker, token: int, entry: Expression
) -> list[tuple[Argument, float]]:
    """Who an agentless "the firm was fined" is about: the court or body spoken of last."""
    authority = clauses.cues.pack.authority
    status = read_status(clauses, token)
    done_to = clauses.objects(token)
    staff = any(clauses.tree.lemma[one] in authority.staff for one in done_to)
    relations = authority.of_staff if staff else authority.relations
    if entry.relation not in relations or status.negated or status.modality == "possible":
        return []
    avoid = {argument.entity.slug for one in done_to for argument in linker.link_all(one)}
    types = authority.employers if staff else authority.types
    entity = linker.reference.last_within(token, types, _AUTHORITY_MEMORY, avoid)
    if entity is None:
        return []
    return [(linked(entity, clauses.tree.span(token, token), "byContext"), FROM_CONTEXT)]
