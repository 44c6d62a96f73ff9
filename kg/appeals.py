"""What somebody says that others should do: "Congress should pass a law, the union said".

To say so is to demand it. The relation and the modality are data (``[appeal]`` of a language pack).
"""

from collections.abc import Iterator

from kg.attribution import find_source
from kg.clauses import Clauses
from kg.findings import Finding, is_agent
from kg.governors import reports
from kg.linking import Linker
from kg.status import read_status
from kg.syntax import VERBAL

_SURE = 0.6


def find_appeals(clauses: Clauses, linker: Linker) -> Iterator[Finding]:
    """Who demands something of whom by saying that they should do it, in the order of the verbs;
    of a passive ("protocols must be adopted") what is to be done to."""
    tree, appeal = clauses.tree, clauses.cues.pack.appeal
    if not appeal.relation:
        return
    for verb in clauses.predicates():
        status = read_status(clauses, verb)
        if status.modality != appeal.modality or status.negated or status.unsaid:
            continue
        source = find_source(clauses, verb)
        if source is None or source.speaker is None or tree.pos[source.cue] not in VERBAL:
            continue
        said = read_status(clauses, source.cue)
        if said.negated or said.unsaid or not reports(tree, clauses.cues, "verb", source.cue):
            continue
        speaker = linker.link(source.speaker)
        if speaker is None or not is_agent(speaker):
            continue
        for one in clauses.surface_subjects(verb):
            for asked in linker.link_all(one):
                if asked.entity.slug == speaker.entity.slug:
                    continue
                if tree.passive[verb] or is_agent(asked):
                    yield Finding(
                        verb,
                        appeal.relation,
                        speaker,
                        asked,
                        False,
                        "asserted",
                        find_source(clauses, source.cue),
                        _SURE,
                    )
