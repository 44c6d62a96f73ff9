"""What follows from a document for who is spoken of: what it demands of them ("under the deal,
studios must ask"), and what a court finds of them ("ruled that X broke the law").

The words are data: ``binding_prepositions``, ``[provision]`` and ``[ruling]`` of a language pack.
"""

from collections.abc import Iterable, Iterator

from kg.attribution import find_source
from kg.clauses import Clauses
from kg.findings import Finding, is_agent
from kg.linking import Linker
from kg.methods import linked
from kg.records import Argument
from kg.status import read_status
from kg.syntax import VERBAL
from kg.vocabulary import is_a

_SURE = 0.75


def find_provisions(clauses: Clauses, linker: Linker) -> Iterator[Finding]:
    """What documents oblige and allow to whom, in the order of the verbs: in "under the deal,
    studios must obtain consent", the deal requires something of the studios."""
    tree, provision = clauses.tree, clauses.cues.pack.provision
    prepositions = clauses.cues.pack.words.binding_prepositions
    for noun, case in enumerate(tree.case):
        verb = tree.head[noun]
        if case not in prepositions or tree.pos[verb] not in VERBAL:
            continue
        status = read_status(clauses, verb)
        relation = provision.relations.get(status.modality)
        if relation is None or status.unsaid or (status.negated and relation != provision.denied):
            continue
        document = linker.link(noun)
        if document is None or not (
            tree.lemma[noun] in clauses.cues.provisions or _binds(document)
        ):
            continue
        for one in clauses.surface_subjects(verb):
            for bound in linker.link_all(one):
                if is_agent(bound) and bound.entity.slug != document.entity.slug:
                    yield Finding(
                        verb, relation, document, bound, status.negated, "asserted",
                        find_source(clauses, verb), _SURE,
                    )  # fmt: skip


def _binds(document: Argument) -> bool:
    return any(is_a(document.entity.type, kind) for kind in ("Law", "Document"))


def find_rulings(
    clauses: Clauses, linker: Linker, findings: Iterable[Finding]
) -> Iterator[Finding]:
    """What a court decides for or against whom by what it finds of them: in "ruled that X broke the
    law", against X."""
    tree, ruling = clauses.tree, clauses.cues.pack.ruling
    for finding in findings:
        source = finding.source
        if source is None or source.speaker is None or finding.relation not in ruling.wrongs:
            continue
        if tree.lemma[source.cue] not in clauses.cues.ruling or tree.pos[source.cue] not in VERBAL:
            continue
        status, court = read_status(clauses, source.cue), linker.link(source.speaker)
        if court is None or status.negated or status.unsaid or status.modality != "asserted":
            continue
        titled = any(linker.phrases.is_called(court.entity, noun) for noun in linker.names.titles)
        if not titled and not any(is_a(court.entity.type, kind) for kind in ruling.types):
            continue
        party = _party(linker, finding.subject)
        if party is not None and party.entity.slug != court.entity.slug:
            yield Finding(
                source.cue,
                ruling.favour if finding.negated else ruling.against,
                court,
                party,
                False,
                "asserted",
                find_source(clauses, source.cue),
                _SURE,
            )


def _party(linker: Linker, subject: Argument) -> Argument | None:
    """Who is held to account for what somebody or something did: of a system, its maker."""
    if is_agent(subject):
        return subject
    maker = linker.names.registry.developers.get(subject.entity.slug)
    if maker is None:
        return None
    return linked(linker.names.registry.entities[maker], subject.span, "byMaker")
