"""Articles to statements: the stages called in order.

The command line, the Python calls and the spaCy component all come through here.
"""

import itertools
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from multiprocessing import get_context

from kg.appeals import find_appeals
from kg.clauses import Clauses
from kg.confidence import Features, confidence, features_of, weights
from kg.decisions import Decisions, decide
from kg.evaluations import find_evaluations
from kg.findings import Finding
from kg.frames import find_relations
from kg.lexicon import Lexicon
from kg.linking import Linker
from kg.open_clauses import open_clauses
from kg.pipeline import Reader, load_reader, parse
from kg.provisions import find_provisions, find_rulings
from kg.records import Argument, Article, Clause, Entity, Statement
from kg.roles import find_roles
from kg.syntax import Tree
from kg.times import Times
from kg.vocabulary import is_a

_FEW = 4  # more plaintiffs than this are "the plaintiffs"


Extracted = tuple[Article, list[Statement]]

_BATCH = 16  # articles that a process is given at once


def extract(
    articles: Iterable[Article], *, decisions: Decisions | None = None, processes: int = 1
) -> Iterator[Extracted]:
    """Statements of each article, in the order of the articles and of the text.

    ``decisions`` about entities are obeyed. Every article must have its language
    (``kg.articles.read_articles`` finds it). Raises LanguageError for a language without a pack.
    With several ``processes`` the statements and their order are the same; a script that asks for
    them needs the usual ``if __name__ == "__main__":``.

    >>> from kg.records import Article
    >>> article = Article("a", "The artists criticized OpenAI.", lang="en")
    >>> [(s.subject.entity.label, s.relation, s.object.entity.label)
    ...  for _, found in extract([article]) for s in found]
    [('artists', 'criticizes', 'OpenAI')]
    """
    with extractor(decisions=decisions, processes=processes) as extract_all:
        yield from extract_all(articles)


@contextmanager
def extractor(
    *, decisions: Decisions | None = None, processes: int = 1
) -> Iterator[Callable[[Iterable[Article]], Iterator[Extracted]]]:
    """`extract` for several calls that share their processes."""
    if processes == 1:
        yield partial(_decided, decisions=decisions)
        return
    # Started anew, not forked: libraries that compute in threads do not survive a fork.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        yield partial(_decided, decisions=decisions, read=partial(_spread, pool, 2 * processes))


def _decided(
    articles: Iterable[Article],
    *,
    decisions: Decisions | None,
    read: Callable[[Iterable[Article]], Iterator[Extracted]] | None = None,
) -> Iterator[Extracted]:
    for article, found in (read or _read)(articles):
        yield article, decide(found, decisions, article=article) if decisions else found


def _read(articles: Iterable[Article]) -> Iterator[Extracted]:
    for code, group in itertools.groupby(articles, key=lambda article: article.lang or ""):
        reader = load_reader(code)
        for article, tree in parse(reader, group):
            yield article, statements_of(article, tree, reader)


def _spread(
    pool: ProcessPoolExecutor, most: int, articles: Iterable[Article]
) -> Iterator[Extracted]:
    """Batches read by the processes of a pool, in order; at most so many wait at a time."""
    waiting: deque[Future[list[Extracted]]] = deque()
    rest = iter(articles)
    while batch := list(itertools.islice(rest, _BATCH)):
        waiting.append(pool.submit(_read_batch, batch))
        if len(waiting) >= most:
            yield from waiting.popleft().result()
    while waiting:
        yield from waiting.popleft().result()


def _read_batch(articles: list[Article]) -> list[Extracted]:
    return list(_read(articles))


def extract_open(articles: Iterable[Article]) -> Iterator[tuple[Article, list[Clause]]]:
    """Open clauses of each article: who does what to whom in its own words, no lexicon asked."""
    for code, group in itertools.groupby(articles, key=lambda article: article.lang or ""):
        reader = load_reader(code)
        for article, tree in parse(reader, group):
            yield article, list(open_clauses(Clauses(tree, reader.cues), article.id))


def statements_of(article: Article, tree: Tree, reader: Reader) -> list[Statement]:
    """The statements that one parsed article makes, in text order, each once for each sentence."""
    return [statement for statement, _ in rated_statements(article, tree, reader)]


def rated_statements(
    article: Article, tree: Tree, reader: Reader
) -> list[tuple[Statement, Features]]:
    """The statements of an article with what their confidence is made of."""
    clauses = Clauses(tree, reader.cues)
    linker = Linker(clauses, reader.names, article.dispute or article.id)
    times = Times(clauses, linker, reader.lexicon, reader.scanner, article.date)
    best: dict[tuple[object, ...], Finding] = {}
    for finding in _without_idle_claims(clauses, linker, reader):
        key = (
            tree.sentence[finding.trigger],
            finding.relation,
            finding.subject.entity.slug,
            finding.object.entity.slug,
            finding.negated,
        )
        known = best.get(key, finding)
        surer = max(known, finding, key=lambda one: one.confidence)
        best[key] = replace(surer, role=surer.role or known.role or finding.role)
    rated = [_rated(article, linker, times, one, reader) for one in best.values()]
    return sorted(rated, key=lambda pair: _in_text_order(pair[0]))


def find_all(clauses: Clauses, linker: Linker, lexicon: Lexicon) -> list[Finding]:
    """Everything that an article says in the terms of the ontology, by frames and by roles."""
    parties = _parties(clauses, linker, lexicon)
    if parties:
        linker.settle(parties)
    findings = [
        *find_relations(clauses, linker, lexicon),
        *find_roles(clauses, linker, lexicon),
        *find_evaluations(clauses, linker),
        *find_provisions(clauses, linker),
        *find_appeals(clauses, linker),
    ]
    return [*findings, *find_rulings(clauses, linker, findings)]


def _parties(
    clauses: Clauses, linker: Linker, lexicon: Lexicon
) -> dict[tuple[str, str], tuple[Entity, ...]]:
    """Who stands on the sides that the article later speaks of ("the plaintiffs"), where they are
    few enough to be meant by name."""
    sides = {**linker.names.documents, **linker.names.parties}
    wanted = {sides[lemma] for lemma in clauses.tree.lemma if lemma in sides}
    if not wanted:
        return {}
    relations = frozenset(relation for relation, _ in wanted)
    found: dict[tuple[str, str], dict[str, Entity]] = {}
    for finding in find_relations(clauses, linker, lexicon, only=relations):
        for side, argument in (("subject", finding.subject), ("object", finding.object)):
            if is_a(argument.entity.type, "Actor") and not argument.entity.slug.startswith(
                "group-"
            ):
                members = found.setdefault((finding.relation, side), {})
                members[argument.entity.slug] = argument.entity
    return {
        key: tuple(members.values())
        for key, members in found.items()
        if key in wanted and len(members) <= _FEW
    }


def _is_named(entity: Entity) -> bool:
    """Does it go by a name, and not by a phrase of the text or as a group?"""
    group = is_a(entity.type, "Group") or not is_a(entity.type, "Actor")
    return not group and (entity.known or not entity.labels)


def _without_idle_claims(clauses: Clauses, linker: Linker, reader: Reader) -> list[Finding]:
    """Findings without "X says …" where what X says is a statement itself."""
    findings = find_all(clauses, linker, reader.lexicon)
    fallback = frozenset(reader.pack.fallback)
    told = {f.source.cue for f in findings if f.source and f.relation not in fallback}
    return [f for f in findings if f.relation not in fallback or f.trigger not in told]


def _in_text_order(statement: Statement) -> tuple[object, ...]:
    return (
        statement.trigger.start,
        statement.relation,
        statement.subject.entity.slug,
        statement.object.span.start,
        statement.object.entity.slug,
        statement.negated,
    )


def _rated(
    article: Article, linker: Linker, times: Times, finding: Finding, reader: Reader
) -> tuple[Statement, Features]:
    tree, lang = linker.tree, reader.pack.code
    speaker: Argument | None = None
    modality = finding.modality
    if finding.source is not None:
        if finding.source.speaker is not None:
            speaker = linker.speakers(finding.source.speaker)[0]
        if speaker is None and modality == "asserted":
            modality = "alleged"  # somebody says so, whoever it is: not the article itself
    features = features_of(
        finding, linker.clauses, lang=lang, modality=modality, reported=speaker is not None
    )
    statement = Statement(
        article=article.id,
        lang=lang,
        subject=finding.subject,
        relation=finding.relation,
        object=finding.object,
        negated=finding.negated,
        modality=modality,
        attributed_to=speaker,
        time=times.of(finding.trigger, modality),
        trigger=tree.span(finding.trigger, finding.trigger),
        sentence=tree.sentence_record(tree.sentence[finding.trigger]),
        confidence=confidence(features, weights()),
        role=finding.role,
    )
    return statement, features
