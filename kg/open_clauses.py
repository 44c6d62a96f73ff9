"""Open extraction: every clause with each of its arguments, in the article's own words."""

from collections.abc import Iterator

from kg.clauses import Clauses
from kg.records import Clause, Span
from kg.syntax import VERBAL


def open_clauses(clauses: Clauses, article_id: str) -> Iterator[Clause]:
    """Every clause with each of its arguments, in the article's own words, in text order.

    A clause without an argument besides its subject is given once, with ``object`` None.
    """
    tree = clauses.tree
    for verb in clauses.predicates():
        status = clauses.status(verb)
        sentence = tree.sentence_record(tree.sentence[verb])
        source = clauses.source(verb)
        speaker = cue = content = None
        if source is not None:
            cue = tree.span(source.cue, source.cue)
            inside = tree.subtree(verb)
            content = tree.span(inside[0], inside[-1])
            if source.speaker is not None:
                speaker = tree.span(*tree.phrase(source.speaker))
        subjects = clauses.subjects(verb)
        active = bool(subjects) or not tree.passive[verb]
        if not active:  # "she was born in Warsaw": nobody acts, the passive stays as it is
            subjects = clauses.surface_subjects(verb)
        objects = clauses.objects(verb) if active else ()
        arguments: list[tuple[str, Span | None]] = [
            ("", tree.span(*_open_phrase(clauses, one)))
            for one in (*objects, *tree.kids(verb, "predicative"))
        ]
        arguments += [("", tree.span(*tree.phrase(one))) for one in clauses.recipients(verb)]
        arguments += [
            (case, tree.span(*tree.phrase(one)))
            for case, head in clauses.obliques(verb)
            if tree.role[head] != "agent"
            for one in clauses.expand(head)
        ]
        phrase = _predicate_phrase(clauses, verb)
        for subject in subjects:
            for case, argument in arguments or [("", None)]:
                yield Clause(
                    article=article_id,
                    lang=clauses.cues.pack.code,
                    sentence=sentence,
                    subject=tree.span(*_open_phrase(clauses, subject)),
                    predicate=f"{phrase} {case}".strip(),
                    trigger=tree.span(verb, verb),
                    object=argument,
                    negated=status.negated,
                    modality=status.modality,
                    source=speaker,
                    cue=cue,
                    content=content,
                )


def _open_phrase(clauses: Clauses, token: int) -> tuple[int, int]:
    tree = clauses.tree
    if tree.pos[token] in VERBAL:
        inside = tree.subtree(token)
        return inside[0], inside[-1]
    return tree.phrase(token)


def _predicate_phrase(clauses: Clauses, verb: int) -> str:
    tree = clauses.tree
    parts = [
        kid
        for kid in tree.children[verb]
        if tree.role[kid] in ("auxiliary", "negation", "particle", "copula")
        or (tree.role[kid] == "passive_auxiliary" and tree.passive[verb])
        or (tree.role[kid] == "adverb" and tree.lower[kid] in clauses.cues.pack.words.negation)
    ]
    word = tree.word[verb]
    if tree.passive[verb] and clauses.subjects(verb):  # voice is undone: no passive auxiliary
        parts = [kid for kid in parts if tree.role[kid] != "passive_auxiliary"]
        helpers = [tree.lemma[kid] for kid in parts if tree.role[kid] == "auxiliary"]
        if helpers and helpers[-1] not in clauses.cues.pack.passive.perfect:
            word = tree.lemma[verb]
    return " ".join(word if i == verb else tree.word[i] for i in sorted([*parts, verb]))
