"""Acts that a noun names: "X filed a suit against Y" and "X's suit against Y" say what "X sued Y"
says. Light verbs and the arguments of such nouns follow NomBank (Meyers et al. 2004).
"""

from collections.abc import Iterator

from kg.attribution import find_source
from kg.clauses import Clauses, Source, Status
from kg.findings import Finding, combine, is_agent
from kg.lexicon import Expression
from kg.linking import Linker
from kg.methods import linked
from kg.negation import has_negative_determiner
from kg.records import Argument
from kg.slots import PHRASE, find_arguments, objects_of_slot
from kg.status import read_status
from kg.syntax import NOMINAL, VERBAL
from kg.understood import act_in_clause

UNDERSTOOD = 0.9
"""Factor of confidence of a subject that is understood."""
_ACT_ITSELF = 0.6


def nominal_act(
    clauses: Clauses, linker: Linker, noun: int, entry: Expression
) -> Iterator[Finding]:
    """The statements of an act that a noun names, its agent found beside it or in its clause."""
    tree, cues = clauses.tree, clauses.cues
    above = tree.head[noun]
    top = noun
    while tree.role[top] == "conjunct" and tree.pos[tree.head[top]] in NOMINAL:
        top = tree.head[top]
        above = tree.head[top]
    status = Status()
    source = find_source(clauses, noun)
    subjects: list[tuple[Argument, float]] = []
    hosts: tuple[int, ...] = (noun,)
    while tree.role[top] == "nominal" and tree.lemma[above] in cues.pack.words.quantifying_nouns:
        top, above = above, tree.head[above]  # "a wave of lawsuits"
    carried = _carrier(clauses, top, above)
    if tree.kids(noun, "subject"):  # "mereka keberatan dengan …": the noun is the predicate
        status = read_status(clauses, noun)
        subjects = [
            (argument, 1.0)
            for one in clauses.surface_subjects(noun)
            for argument in linker.link_all(one)
        ]
    elif carried is not None:
        status, source = read_status(clauses, carried), find_source(clauses, carried)
        if status.unsaid:
            return
        if tree.lemma[carried] in cues.light:
            subjects = [
                (argument, PHRASE)
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
        status = read_status(clauses, said_of)
        if status.unsaid:
            return
    if has_negative_determiner(clauses.tree, clauses.cues, noun):
        status = Status(not status.negated, status.modality)
    if not subjects and tree.role[top] == "subject" and tree.lemma[above] in cues.arising:
        status, source, hosts = (
            read_status(clauses, above),
            find_source(clauses, above),
            (noun, above),
        )
        subjects = _origins(clauses, linker, above, entry)
    if not subjects:
        for slot in entry.subjects:
            subjects = [
                (argument, PHRASE)
                for one in objects_of_slot(clauses, noun, slot if slot != "subj" else "poss")
                for argument in linker.link_all(one)
                if slot == "self" or is_agent(argument)
            ]
            if subjects:
                break
        owned = "poss" in entry.subjects and "self" not in entry.objects
        if not subjects and owned and tree.clitic[noun] in ("Poss", "Det"):
            owner = linker.clitic_antecedent(noun, "Actor")  # "gugatannya terhadap X"
            if owner is not None:
                span = tree.span(noun, noun)
                subjects = [(linked(owner, span, "byPronoun"), UNDERSTOOD)]
    understood = None if subjects else act_in_clause(clauses, noun, own=entry.frame.own)
    if understood is not None and not understood.status.unsaid:
        status, source = understood.status, understood.source
        subjects = [
            (argument, UNDERSTOOD)
            for one in understood.agents
            for argument in linker.link_all(one)
            if understood.said_of or is_agent(argument)
        ]
    yield from combine(clauses, linker, noun, entry, subjects, status, source, hosts)


def _origins(
    clauses: Clauses, linker: Linker, verb: int, entry: Expression
) -> list[tuple[Argument, float]]:
    """Who an act comes from: "applause came from the union"."""
    return [
        (argument, PHRASE)
        for case, kid in clauses.obliques(verb)
        if case in clauses.cues.pack.words.agent_prepositions and case in entry.subjects
        for one in clauses.expand(kid)
        for argument in linker.link_all(one)
        if is_agent(argument)
    ]


def act_itself(clauses: Clauses, linker: Linker, noun: int, entry: Expression) -> Iterator[Finding]:
    """ "The suit was filed by X": where nothing else is named, the act itself is the object."""
    tree = clauses.tree
    verb = _carrier(clauses, noun, tree.head[noun])
    act = linker.link(noun)
    if verb is None or act is None or tree.lemma[verb] not in clauses.cues.light:
        return
    status = read_status(clauses, verb)
    for one in () if status.unsaid else clauses.subjects(verb):
        for subject in linker.link_all(one):
            if is_agent(subject) and linker.fits(subject, entry.frame.subject_types):
                yield Finding(
                    trigger=noun,
                    relation=entry.relation,
                    subject=subject,
                    object=act,
                    negated=status.negated
                    ^ has_negative_determiner(clauses.tree, clauses.cues, noun),
                    modality=entry.frame.modality or status.modality,
                    source=find_source(clauses, verb),
                    confidence=round(entry.frame.confidence * _ACT_ITSELF, 3),
                )


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
        met = tree.role[noun] == "agent" and not tree.case[noun]
        if met and tree.lemma[above] in clauses.cues.inverse:
            return above  # "dihujani kritik": who is met with it is the surface subject
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
    met = clauses.tree.role[noun] == "agent"
    sides = clauses.surface_subjects(verb) if met else clauses.subjects(verb)
    targets = [argument for one in sides if (argument := linker.link(one))]
    agents: list[Argument] = []
    for slot in (*clauses.cues.pack.words.agent_prepositions, "poss"):
        tokens = (
            objects_of_slot(clauses, noun, slot)
            if slot == "poss"
            else [
                one
                for host in (noun, verb)
                for case, kid in clauses.obliques(host)
                if case == slot
                for one in clauses.expand(kid)
            ]
        )
        agents = [a for one in tokens if (a := linker.link(one)) is not None and is_agent(a)]
        if agents:
            break
    for kid in () if agents else clauses.tree.kids(noun, "noun_clause", "relative_clause"):
        if clauses.tree.lemma[kid] in clauses.cues.light and noun in clauses.objects(kid):
            agents = [
                argument
                for one in clauses.subjects(kid)  # "faces a suit brought by X"
                for argument in linker.link_all(one)
                if is_agent(argument)
            ]
    aimed = [
        argument
        for argument, _sure, _denied in find_arguments(clauses, linker, noun, entry, (noun, verb))
        if argument.entity.slug not in {agent.entity.slug for agent in agents}
    ]
    for agent in agents:
        if not linker.fits(agent, entry.frame.subject_types):
            continue
        for target in [one for one in aimed if is_agent(one)] or targets or aimed:
            if target.entity.slug == agent.entity.slug or not linker.fits(
                target, entry.frame.object_types
            ):
                continue
            yield Finding(
                trigger=noun,
                relation=entry.relation,
                subject=agent,
                object=target,
                negated=status.negated ^ has_negative_determiner(clauses.tree, clauses.cues, noun),
                modality=entry.frame.modality or status.modality,
                source=source,
                confidence=round(entry.frame.confidence * PHRASE, 3),
            )
