"""From clauses to relations of the ontology, by the expressions of ``frames.toml`` alone.

The idea of a lexicon of frames with argument slots is that of FrameNet and PropBank; nominal acts
and light verbs follow NomBank (Meyers et al. 2004): "X filed a suit against Y" and "X's suit
against Y" say what "X sued Y" says.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kg.clauses import Clauses, Source, Status
from kg.languages import NO_RELATION, Frame, LanguagePack, Possession, RoleNouns
from kg.linking import Linker, Name
from kg.records import Argument
from kg.syntax import Tree
from kg.vocabulary import is_a

_GAP = 2  # adverbs, adjectives and determiners that may stand inside an expression
_STAR_GAP = 10  # words that the object of "take * to court" may have
_FILLERS = ("ADV", "ADJ", "DET", "PART", "NUM", "PUNCT")
_POS = {"verb": "VERB", "noun": "NOUN", "adjective": "ADJ"}
_VERBAL = ("VERB", "AUX")
_NOMINAL = ("NOUN", "PROPN")
_UNDERSTOOD = 0.9  # factors of confidence
_RESOLVED = 0.85
_PHRASE = 0.95
_ACT_ITSELF = 0.6
_FROM_CONTEXT = 0.7


@dataclass(frozen=True, slots=True)
class Expression:
    """One expression of a frame, in lemmas. ``words`` are what stands around the head: after it,
    or, for nouns of a language that puts the head last, before it. "*" is the
    object, "+on" a preposition that leads to it. ``weight`` counts the words: the longest
    expression wins. ``needs`` are the words without which it is not worth a look."""

    relation: str
    frame: Frame
    kind: str
    head: str
    words: tuple[str, ...]
    subjects: tuple[str, ...]
    objects: tuple[str, ...]
    weight: int
    needs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All expressions of a language by the lemma of their head, longest first."""

    expressions: dict[str, tuple[Expression, ...]]
    roles: dict[str, tuple[tuple[tuple[str, ...], RoleNouns], ...]]
    possessions: tuple[Possession, ...]


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


def compile_lexicon(pack: LanguagePack, lemma_of: Callable[[str, str], str]) -> Lexicon:
    """Indexes the frames of a pack by the lemmas of a pipeline."""
    prepositions = {
        slot
        for frames in pack.frames.values()
        for frame in frames
        for slot in (*frame.objects, *frame.subjects)
        if slot not in _SLOTS
    }
    by_head: dict[str, list[Expression]] = {}
    for relation, frames in pack.frames.items():
        for frame in frames:
            for kind, expressions in (
                ("verb", frame.verbs),
                ("noun", frame.nouns),
                ("adjective", frame.adjectives),
            ):
                for text in expressions:
                    entry = _expression(pack, relation, frame, kind, text, prepositions, lemma_of)
                    by_head.setdefault(entry.head, []).append(entry)
    roles: dict[str, list[tuple[tuple[str, ...], RoleNouns]]] = {}
    for role in pack.role:
        for noun in role.nouns:
            words = [lemma_of(word, "NOUN") for word in noun.split()]
            head = words.pop() if pack.words.noun_head == "last" else words.pop(0)
            roles.setdefault(head, []).append((tuple(words), role))
    return Lexicon(
        expressions={
            head: tuple(sorted(entries, key=lambda entry: -entry.weight))
            for head, entries in by_head.items()
        },
        roles={
            head: tuple(sorted(entries, key=lambda entry: -len(entry[0])))
            for head, entries in roles.items()
        },
        possessions=pack.possession,
    )


_SLOTS = frozenset({"subj", "obj", "iobj", "poss", "comp", "comp_subj", "self"})
"""Slots that are not prepositions: see the head of any ``frames.toml``. ``comp_subj`` is the
subject of the complement clause: in "they allege that X lied", X."""


def _expression(
    pack: LanguagePack,
    relation: str,
    frame: Frame,
    kind: str,
    text: str,
    prepositions: set[str],
    lemma_of: Callable[[str, str], str],
) -> Expression:
    words = text.split()
    last = words[-1]
    if kind == "noun" and pack.words.noun_head == "last":
        head, rest = words[-1], words[:-1]
    else:
        head, rest = words[0], words[1:]
    objects = frame.objects or (("obj",) if kind != "noun" else ())
    if rest and kind != "noun":
        if "*" in rest:
            objects = ("obj", *(slot for slot in objects if slot != "obj"))
        elif last in prepositions or last in _closing(pack):
            objects = (last,)
            rest = [*rest[:-1], f"+{last}"]
    subjects = frame.subjects or (
        ("subj",) if kind != "noun" else ("poss", *pack.words.agent_prepositions)
    )
    return Expression(
        relation=relation,
        frame=frame,
        kind=kind,
        head=lemma_of(head, _POS[kind]),
        words=tuple(rest),
        subjects=subjects,
        objects=objects,
        weight=len([word for word in rest if word != "*"]),
        needs=frozenset(
            part for word in rest if word != "*" for part in word.removeprefix("+").split()
        ),
    )


def _closing(pack: LanguagePack) -> frozenset[str]:
    """Prepositions that an expression can end in."""
    return frozenset(
        {
            *pack.words.agent_prepositions,
            *pack.words.recipient_prepositions,
            *pack.words.prepositions,
        }
    )


def find_relations(clauses: Clauses, linker: Linker, lexicon: Lexicon) -> Iterator[Finding]:
    """What the lexicon sees in an article, in the order of the triggers."""
    tree = clauses.tree
    for token, lemma in enumerate(tree.lemma):
        entries = lexicon.expressions.get(lemma)
        if entries is not None:
            yield from _match(clauses, linker, token, entries)
        roles = lexicon.roles.get(lemma)
        if roles is not None:
            yield from _roles(clauses, linker, token, roles)
    yield from _possessions(clauses, linker, lexicon)


# Matching --------------------------------------------------------------------------------------


def _match(
    clauses: Clauses, linker: Linker, token: int, entries: tuple[Expression, ...]
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
            matched = max(matched, entry.weight)
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
        if pos in _VERBAL:
            return role not in ("auxiliary", "compound", "adjective", "case", "passive_auxiliary")
        return pos == "ADJ" and role in ("root", "conjunct", "complement", "relative_clause")
    if entry.kind == "noun":
        return pos in _NOMINAL
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
    for word in entry.words:
        if word == "*":
            gap = _STAR_GAP
            continue
        if word.startswith("+"):
            led = _led_by(clauses, token, word[1:], with_objects=here > token)
            return bool(led) or _next_is(tree, here, word[1:], end)
        found = -1
        for i in range(here + 1, min(end, here + 2 + gap)):
            if tree.lemma[i] == word or tree.lower[i] == word:
                found = i
                break
            if gap == _GAP and tree.pos[i] not in _FILLERS:
                break
        if found < 0:
            return False
        here, gap = found, _GAP
    return True


def _next_is(tree: Tree, here: int, word: str, end: int) -> bool:
    for i in range(here + 1, min(end, here + 2 + _GAP)):
        if tree.lower[i] == word:
            return True
        if tree.pos[i] not in _FILLERS:
            return False
    return False


def _led_by(
    clauses: Clauses, token: int, preposition: str, *, with_objects: bool = True
) -> list[int]:
    """Nouns behind a preposition that hang on a word, on its predicate or on its objects: "called
    on the company" has no other host than the verb, "took issue with" has the noun."""
    tree = clauses.tree
    roles = ["open_complement", "particle", "adverb", "predicative", "adjective"]
    hosts = [token, *tree.kids(token, *roles, *(["object"] if with_objects else []))]
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
            if tree.pos[i] in _VERBAL:
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
        status = Status(
            status.negated != lower.negated,
            status.modality if status.modality != "asserted" else lower.modality,
            status.unsaid or lower.unsaid,
        )
    if status.unsaid:
        return
    subjects = _subjects(clauses, linker, predicate, token, entry)
    if not subjects and tree.passive[predicate]:
        subjects = _developers(linker, entry, _objects_of_slot(clauses, token, "obj"))
    yield from _combine(clauses, linker, token, entry, subjects, status, clauses.source(predicate))


def _subjects(
    clauses: Clauses, linker: Linker, predicate: int, token: int, entry: Expression
) -> list[tuple[Argument, float]]:
    tree = clauses.tree
    for slot in entry.subjects:
        if slot == "subj":
            if entry.kind == "adjective" and tree.role[token] == "adjective":
                tokens: tuple[int, ...] = (tree.head[token],)
            elif entry.kind == "adjective":
                tokens = clauses.surface_subjects(predicate)
            else:
                tokens = clauses.subjects(predicate)
        else:
            tokens = tuple(_objects_of_slot(clauses, token, slot))
        own = set(tree.kids(predicate, "subject"))
        found = [
            (argument, 1.0 if one in own else _UNDERSTOOD)
            for one in tokens
            for argument in linker.link_all(one)
        ]
        if found:
            return found
    return []


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
                return [(Argument(linker.names.registry.entities[maker], argument.span), 0.7)]
    return []


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
        return _owners(clauses, token)
    if slot == "comp_subj":
        return [one for verb in clauses.complements(token) for one in clauses.subjects(verb)]
    return [one for kid in _led_by(clauses, token, slot) for one in clauses.expand(kid)]


def _clausal(clauses: Clauses, token: int, slot: str) -> list[int]:
    """Heads of clauses that fill a slot: complements, or clauses led by the preposition."""
    tree = clauses.tree
    if slot == "comp":
        found = list(clauses.complements(token))
        if not found:
            through: set[str] = set()
            for kind in ("verb", "noun", "adjective"):
                for effect in clauses.cues.governors.get((kind, tree.lemma[token]), ()):
                    through |= effect.through
            found = [
                kid
                for kid in tree.kids(token, "adverbial_clause", "noun_clause")
                if any(
                    tree.lower[m] in through for m in tree.kids(kid, "marker", "case", "auxiliary")
                )
            ]
        return found
    if slot in _SLOTS:
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
    for slot in entry.objects:
        got = False
        if slot == "self":
            argument = linker.link(token)
            if argument is not None:
                got = True
                yield argument, 1.0, clauses.negative_determiner(token)
        else:
            tokens = [one for host in hosts for one in _objects_of_slot(clauses, host, slot)]
            for one in dict.fromkeys(tokens):
                if tree.lower[one] in entry.words and entry.kind != "noun":
                    continue
                clitic = tree.clitic[one] == "Obj"
                if one == token and not clitic:
                    continue
                if tree.pos[one] == "ADJ":
                    continue
                if tree.pos[one] in _VERBAL and tree.children[one] and not clitic:
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
        if got and not entry.frame.every:
            return


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
    if not arguments and frame.about:
        arguments = _from_context(linker, token, subjects)
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


def _from_context(
    linker: Linker, token: int, subjects: list[tuple[Argument, float]]
) -> list[tuple[Argument, float, bool]]:
    """The organization spoken of last, for an act whose object the sentence does not name."""
    known = {subject.entity.slug for subject, _ in subjects}
    entity = linker.last_of(token, "Organization", avoid=known)
    if entity is None:
        return []
    return [(Argument(entity, linker.tree.span(token, token)), _FROM_CONTEXT, False)]


def _confidence(
    tree: Tree, linker: Linker, base: float, subject: Argument, object_: Argument
) -> float:
    for argument in (subject, object_):
        lower = argument.span.text.lower()
        if lower in linker.names.pronouns:
            base *= _RESOLVED
    return round(min(base, 1.0), 3)


# Nominal acts ----------------------------------------------------------------------------------


def _owners(clauses: Clauses, noun: int) -> list[int]:
    """Who a noun is said to be of: possessors and, before or behind it, bare names."""
    tree = clauses.tree
    found = [one for kid in tree.kids(noun, "possessive") for one in clauses.expand(kid)]
    if not found:
        found = _bare_owners(clauses, noun)
    return found


def _bare_owners(clauses: Clauses, noun: int) -> list[int]:
    """Nouns without a preposition beside a noun, outermost first: "OpenAI policy", "syarat moderasi
    OpenAI", in which the owner hangs on the inner noun."""
    tree = clauses.tree
    head_first = clauses.cues.pack.words.noun_head == "first"
    found: list[int] = []
    level = [noun]
    for _ in range(3):
        level = [
            one
            for host in level
            for kid in tree.kids(host, "compound", "nominal", "flat")
            if not tree.case[kid]
            and tree.pos[kid] in ("PROPN", "NOUN", "PRON", "X")
            and (kid > noun) == head_first
            for one in clauses.expand(kid)
        ]
        found.extend(one for one in level if one not in found)
    return found


def _nominal(clauses: Clauses, linker: Linker, noun: int, entry: Expression) -> Iterator[Finding]:
    tree, cues = clauses.tree, clauses.cues
    above = tree.head[noun]
    top = noun
    while tree.role[top] == "conjunct" and tree.pos[tree.head[top]] in _NOMINAL:
        top = tree.head[top]
        above = tree.head[top]
    status = Status()
    source = clauses.source(noun)
    subjects: list[tuple[Argument, float]] = []
    hosts: tuple[int, ...] = (noun,)
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
    if clauses.negative_determiner(noun):
        status = Status(not status.negated, status.modality)
    if not subjects:
        for slot in entry.subjects:
            subjects = [
                (argument, _PHRASE)
                for one in _objects_of_slot(clauses, noun, slot if slot != "subj" else "poss")
                for argument in linker.link_all(one)
                if _is_agent(argument)
            ]
            if subjects:
                break
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
    if above != noun and tree.pos[above] in _VERBAL:
        if tree.role[noun] == "object":
            return above
        if tree.role[noun] == "subject" and tree.passive[above]:
            return above
    for kid in tree.kids(noun, "noun_clause", "relative_clause"):
        if tree.passive[kid] and noun in clauses.objects(kid):
            if tree.lemma[kid] in clauses.cues.light:
                return kid
    return None


def _presupposed(clauses: Clauses, verb: int) -> Status:
    """How an act is meant that a verb speaks about: wanted and threatened acts have not happened."""
    tree = clauses.tree
    for effect in clauses.cues.governors.get(("verb", tree.lemma[verb]), ()):
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
    aimed = [
        argument
        for argument, _sure, _denied in _arguments(clauses, linker, noun, entry, (noun, verb))
        if argument.entity.slug not in {agent.entity.slug for agent in agents}
    ]
    for agent in agents:
        if not linker.fits(agent, entry.frame.subject_types):
            continue
        for target in aimed or targets:
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


# Roles and possession --------------------------------------------------------------------------


def _roles(
    clauses: Clauses,
    linker: Linker,
    token: int,
    entries: tuple[tuple[tuple[str, ...], RoleNouns], ...],
) -> Iterator[Finding]:
    """Who is what to whom: "X, CEO of Y", "Y CEO X", "X is the CEO of Y"."""
    tree = clauses.tree
    if tree.pos[token] not in _NOMINAL:
        return
    last_head = clauses.cues.pack.words.noun_head == "last"
    for words, role in entries:
        begin = token - len(words) if last_head else token + 1
        if tuple(tree.lemma[begin : begin + len(words)]) != words:
            continue
        whole = _wholes(clauses, linker, token, role)
        subjects = _role_holders(clauses, linker, token, role)
        sure = 0.9
        if not whole and role.of_last and any(is_a(s.entity.type, "Person") for s in subjects):
            main = linker.main_of(token, "Company")
            whole = [Argument(main, tree.span(token, token))] if main is not None else []
            sure = 0.5
        if not whole:
            return
        if not subjects and not (
            tree.role[token] in ("predicative",) or tree.kids(token, "copula")
        ):
            own = linker.link(token)
            subjects = [own] if own is not None and linker.fits(own, role.subjects) else []
            if own is not None and own.entity.known and role.resolves_to_developer:
                if own.entity.type == "Group":
                    return
            sure = 0.6
        status = clauses.status(tree.head[token] if tree.role[token] == "predicative" else token)
        source = clauses.source(token)
        if status.unsaid:
            return
        for subject in subjects:
            for argument in whole:
                if subject.entity.slug != argument.entity.slug:
                    yield Finding(
                        token,
                        role.relation,
                        subject,
                        argument,
                        status.negated,
                        "asserted",
                        source,
                        sure,
                    )
        return


def _wholes(clauses: Clauses, linker: Linker, token: int, role: RoleNouns) -> list[Argument]:
    """What somebody in a role belongs to, makes or owns."""
    tree = clauses.tree
    led = [
        one
        for case, kid in clauses.obliques(token)
        if case in role.prepositions
        for one in clauses.expand(kid)
    ]
    own = _owners(clauses, token)
    possessors = tree.kids(token, "possessive")
    found = [
        a
        for one in (*led, *own)
        if (a := linker.link(one)) is not None
        and linker.fits(a, role.objects)
        and not is_a(a.entity.type, "Person")
        and (a.entity.type != "Concept" or one in led or one in possessors)
    ]
    named = [a for a in found if is_a(a.entity.type, "Organization")]
    if found:
        return named or found
    first, last = tree.phrase(token)
    top = token
    if tree.role[token] in ("compound", "flat"):
        top = tree.head[token]
        first, last = tree.phrase(top)
    return [
        Argument(name.entity, tree.span(name.first, name.end - 1))
        for name in linker.found
        if first <= name.first
        and name.end - 1 <= last
        and not name.first <= token < name.end
        and linker.fits(Argument(name.entity, tree.span(name.first, name.first)), role.objects)
        and not is_a(name.entity.type, "Person")
        and abs(name.first - token) <= 4
    ][:1]


def _role_holders(clauses: Clauses, linker: Linker, token: int, role: RoleNouns) -> list[Argument]:
    """Who has the role: the word it is an apposition of, its own apposition, the name beside it,
    the subject of "to be"."""
    tree = clauses.tree
    behind = [
        Argument(n.entity, tree.span(n.first, n.end - 1))
        for n in _names_behind(linker, tree, token)
    ]
    if behind and clauses.cues.pack.words.noun_head == "first":
        return behind[:1]
    candidates: list[int] = []
    if tree.role[token] == "apposition":
        candidates.append(tree.head[token])
    candidates += tree.kids(token, "apposition")
    if tree.role[token] == "predicative" or tree.kids(token, "copula"):
        verb = tree.head[token] if tree.role[token] == "predicative" else token
        candidates += clauses.surface_subjects(verb)
    if tree.role[token] in ("compound", "flat", "nominal") and not tree.case[token]:
        candidates.append(tree.head[token])
    candidates += [
        kid
        for kid in tree.kids(token, "flat", "compound", "nominal")
        if kid > token and not tree.case[kid]
    ]
    found = []
    for one in candidates:
        argument = linker.link(one)
        if (
            argument is not None
            and argument.entity.type != "Concept"
            and linker.fits(argument, role.subjects)
        ):
            if role.relation == "affiliatedWith" and not is_a(argument.entity.type, "Person"):
                continue
            found.append(argument)
    if not found and role.relation == "affiliatedWith":
        found = behind
    return found[:1]


def _names_behind(linker: Linker, tree: Tree, token: int) -> list[Name]:
    """A person's name right behind the role, or behind the organization that follows the role."""
    here = token + 1
    for _ in range(2):
        name = linker.name_at(here)
        while (
            name is None
            and here < len(tree)
            and tree.pos[here] in ("PROPN", "X", "NOUN")
            and here - token < 6
        ):
            here += 1
            name = linker.name_at(here)
        if name is None:
            return []
        if is_a(name.entity.type, "Person"):
            return [name]
        here = name.end
    return []


def _possessions(clauses: Clauses, linker: Linker, lexicon: Lexicon) -> Iterator[Finding]:
    """What belongs to whom: "OpenAI's Sora", "Sora milik OpenAI"."""
    tree = clauses.tree
    for name in linker.found:
        for possession in lexicon.possessions:
            if not any(is_a(name.entity.type, kind) for kind in possession.things):
                continue
            head = name.end - 1
            for token in range(name.first, name.end):
                if not name.first <= tree.head[token] < name.end:
                    head = token
            owners = tree.kids(head, "possessive")
            owners += [
                kid for case, kid in clauses.obliques(head) if case in possession.prepositions
            ]
            owners += [
                kid
                for kid in tree.kids(head, "compound", "nominal", "flat")
                if not tree.case[kid] and linker.name_at(kid) is not None
            ]
            if tree.role[head] == "apposition":
                owners += [
                    kid
                    for kid in tree.kids(tree.head[head], "possessive", "nominal", "compound")
                    if not tree.case[kid]
                ]
            thing = Argument(name.entity, tree.span(name.first, name.end - 1))
            for owner in owners:
                argument = linker.link(owner)
                if argument is None or argument.entity.slug == name.entity.slug:
                    continue
                if any(is_a(argument.entity.type, kind) for kind in possession.owners):
                    maker = linker.names.registry.developers.get(name.entity.slug)
                    if maker is not None and maker != argument.entity.slug:
                        continue
                    yield Finding(
                        head,
                        possession.relation,
                        argument,
                        thing,
                        False,
                        "asserted",
                        clauses.source(head),
                        0.8,
                    )
                    break
