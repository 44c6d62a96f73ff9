"""How good the statements are: precision, recall and F1 against gold that people wrote.

Gold lists hold every acceptable value. Recall counts core statements; a prediction is right when it
matches a core or an optional one; further predictions that match only gold statements already
matched are left out of the count. Negation, modality and attribution are scored on matches.
"""

import itertools
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kg.confidence import Features, calibration_error, fit, reliability
from kg.confidence import confidence as stated_confidence
from kg.errors import DataError, first_problem
from kg.languages import language_pack, languages
from kg.pipeline import load_reader, parse
from kg.records import Argument, Article, Statement
from kg.statements import extract, rated_statements

MOST_EXTRA_WORDS = 5  # a prediction may have so many words more than the gold form in it


class GoldStatement(BaseModel):
    """What a reader accepts as one fact of a sentence; every list holds all acceptable values."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    s: Annotated[tuple[str, ...], Field(min_length=1)]
    p: Annotated[tuple[str, ...], Field(min_length=1)]
    o: Annotated[tuple[str, ...], Field(min_length=1)]
    neg: bool
    mod: Annotated[tuple[str, ...], Field(min_length=1)]
    attr: tuple[str, ...]
    core: bool
    note: str = ""


class GoldSentence(BaseModel):
    """A sentence with all that it states."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    i: int
    text: str
    statements: tuple[GoldStatement, ...]


class GoldArticle(BaseModel):
    """An annotated article; its text is its sentences joined by one blank."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    lang: str
    source: str
    date: str
    title: str
    sentences: tuple[GoldSentence, ...]

    def article(self) -> Article:
        """The article to extract from."""
        text = " ".join(sentence.text for sentence in self.sentences)
        return Article(self.id, text, self.lang, self.title, self.date, self.source)


def read_gold(folder: Path) -> list[GoldArticle]:
    """The annotated articles of a folder, by file name.

    Raises DataError for a folder without gold and for a file that is not gold, with the place.
    """
    files = sorted(folder.glob("*.json")) if folder.is_dir() else []
    if not files:
        raise DataError(f"{folder}: no gold data; expected a folder with *.json files")
    found = []
    for file in files:
        try:
            found.append(GoldArticle.model_validate(json.loads(file.read_text(encoding="utf-8"))))
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            raise DataError(f"{file}: not a JSON file: {error}") from None
        except ValidationError as error:
            raise DataError(f"{file}: {first_problem(error)}; see kg eval --help") from None
    return found


@dataclass(slots=True)
class Score:
    """Counts of one set of statements; the rates lie in [0, 1], 0 where nothing is counted."""

    core: int = 0
    found: int = 0
    predicted: int = 0
    right: int = 0
    matched: int = 0
    negation: int = 0
    modality: int = 0
    attribution: int = 0

    @property
    def precision(self) -> float:
        """Share of the counted predictions that are right."""
        return _share(self.right, self.predicted)

    @property
    def recall(self) -> float:
        """Share of the core statements that were found."""
        return _share(self.found, self.core)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


@dataclass(frozen=True, slots=True)
class Miss:
    """A sentence with what was not found and what should not have been."""

    article: str
    sentence: str
    missed: tuple[GoldStatement, ...]
    wrong: tuple[Statement, ...]


@dataclass(slots=True)
class Evaluation:
    """Scores overall, by language and by relation, and the sentences with errors in text order.

    ``rated`` has the stated confidence of every prediction that counts, and whether it is right.
    """

    overall: Score = field(default_factory=Score)
    by_language: dict[str, Score] = field(default_factory=dict)
    by_relation: dict[str, Score] = field(default_factory=dict)
    rated: list[tuple[float, bool]] = field(default_factory=list)
    misses: list[Miss] = field(default_factory=list)


Extractor = Callable[[Iterable[Article]], Iterable[tuple[Article, list[Statement]]]]


def evaluate(gold: Iterable[GoldArticle], *, extractor: Extractor | None = None) -> Evaluation:
    """Extracts from the text of every gold article and compares."""
    annotated = list(gold)
    result = Evaluation()
    read = extractor or extract
    pairs = zip(annotated, read(article.article() for article in annotated), strict=True)
    for article, (_, statements) in pairs:
        for sentence, predicted in _by_sentence(article, statements):
            _score_sentence(result, article, sentence, predicted)
    return result


@dataclass(frozen=True, slots=True)
class Rated:
    """A prediction that counts: its article, what its confidence is made of, is it right?"""

    article: str
    features: Features
    right: bool


def rate(gold: Iterable[GoldArticle]) -> list[Rated]:
    """Every prediction that counts on annotated articles, as `kg.confidence.fit` wants them."""
    found = []
    for lang, group in itertools.groupby(sorted(gold, key=_order), key=lambda one: one.lang):
        reader = load_reader(lang)
        annotated = list(group)
        parses = parse(reader, [one.article() for one in annotated])
        for one, (article, tree) in zip(annotated, parses, strict=True):
            rated = rated_statements(article, tree, reader)
            features = {id(statement): seen for statement, seen in rated}
            for sentence, predicted in _by_sentence(one, [statement for statement, _ in rated]):
                pairs, wrong = _align(sentence.statements, predicted)
                found += [Rated(one.id, features[id(s)], True) for _, s in pairs]
                found += [Rated(one.id, features[id(s)], False) for s in wrong]
    return found


def _order(article: GoldArticle) -> tuple[str, str]:
    return article.lang, article.id


def left_out(rated: Sequence[Rated], *, folds: int = 10) -> list[tuple[float, bool]]:
    """What weights state of predictions of articles that they were not fitted on, with the truth:
    every article is left out once, together with a tenth of the others."""
    number = {name: at % folds for at, name in enumerate(sorted({one.article for one in rated}))}
    pairs = []
    for fold in range(folds):
        seen = [one for one in rated if number[one.article] != fold]
        unseen = [one for one in rated if number[one.article] == fold]
        if seen and unseen:
            weights = fit([one.features for one in seen], [one.right for one in seen])
            pairs += [(stated_confidence(one.features, weights), one.right) for one in unseen]
    return pairs


def _by_sentence(
    article: GoldArticle, statements: list[Statement]
) -> Iterator[tuple[GoldSentence, list[Statement]]]:
    """A prediction belongs to the sentence in which its trigger starts."""
    start = 0
    for sentence in article.sentences:
        end = start + len(sentence.text) + 1
        yield sentence, [one for one in statements if start <= one.trigger.start < end]
        start = end


def _score_sentence(
    result: Evaluation, article: GoldArticle, sentence: GoldSentence, predicted: list[Statement]
) -> None:
    pairs, wrong = _align(sentence.statements, predicted)
    scores = [result.overall, result.by_language.setdefault(article.lang, Score())]
    matched = {id(gold) for gold, _ in pairs}
    for gold in sentence.statements:
        if gold.core:
            for score in (*scores, result.by_relation.setdefault(gold.p[0], Score())):
                score.core += 1
                score.found += id(gold) in matched
    for gold, statement in pairs:
        for score in (*scores, result.by_relation.setdefault(gold.p[0], Score())):
            score.predicted += 1
            score.right += 1
            score.matched += 1
            score.negation += statement.negated == gold.neg
            score.modality += statement.modality in gold.mod
            score.attribution += _same_source(statement, gold)
    for statement in wrong:
        for score in (*scores, result.by_relation.setdefault(statement.relation, Score())):
            score.predicted += 1
    result.rated += [(statement.confidence, True) for _, statement in pairs]
    result.rated += [(statement.confidence, False) for statement in wrong]
    missed = tuple(g for g in sentence.statements if g.core and id(g) not in matched)
    if missed or wrong:
        result.misses.append(Miss(article.id, sentence.text, missed, tuple(wrong)))


def _align(
    gold: tuple[GoldStatement, ...], predicted: list[Statement]
) -> tuple[list[tuple[GoldStatement, Statement]], list[Statement]]:
    """Pairs of gold and prediction, and the wrong predictions; repetitions of matches are neither.

    A prediction takes the first gold statement it matches that is still free, a core one before
    an optional one, one with the same negation before another; the least choosy goes last.
    """
    options = [[g for g in gold if matches(statement, g)] for statement in predicted]
    pairs: list[tuple[GoldStatement, Statement]] = []
    taken: set[int] = set()
    order = sorted(range(len(predicted)), key=lambda i: (len(options[i]), i))
    for i in order:
        free = [g for g in options[i] if id(g) not in taken]
        if free:
            best = min(free, key=lambda g: (g.neg != predicted[i].negated, not g.core))
            taken.add(id(best))
            pairs.append((best, predicted[i]))
    wrong = [statement for i, statement in enumerate(predicted) if not options[i]]
    return pairs, wrong


def matches(statement: Statement, gold: GoldStatement) -> bool:
    """Are subject, relation and object acceptable?"""
    return (
        statement.relation in gold.p
        and argument_matches(statement.subject, gold.s)
        and argument_matches(statement.object, gold.o)
    )


def _same_source(statement: Statement, gold: GoldStatement) -> bool:
    if statement.attributed_to is None:
        return not gold.attr
    return bool(gold.attr) and argument_matches(statement.attributed_to, gold.attr)


def argument_matches(argument: Argument, forms: Iterable[str]) -> bool:
    """Is one of the names of an argument one of the acceptable forms?"""
    entity = argument.entity
    names = {entity.label, argument.span.text, *(label for _, label in entity.labels)}
    wanted = [_words(form) for form in forms]
    return any(_same(_words(name), form) for name in names for form in wanted)


def _same(name: tuple[str, ...], form: tuple[str, ...]) -> bool:
    if not name or not form:
        return False
    if name == form:
        return True
    if len(name) > len(form):
        return len(name) - len(form) <= MOST_EXTRA_WORDS and _contains(name, form)
    return 2 * len(name) >= len(form) and _contains(form, name)


def _contains(longer: tuple[str, ...], shorter: tuple[str, ...]) -> bool:
    return any(
        longer[i : i + len(shorter)] == shorter for i in range(len(longer) - len(shorter) + 1)
    )


def _words(text: str) -> tuple[str, ...]:
    """Lower-case words without articles, demonstratives, quantifying words and possessive marks."""
    words = []
    for raw in text.lower().replace("’", "'").split():
        word = raw.strip(".,;:!?\"“”'()[]«»")
        word = word.removesuffix("'s").removesuffix("'")
        if len(word) > 5:
            word = word.removesuffix("nya")
        if word:
            words.append(word)
    kept = [word for word in words if word not in _light_words()]
    return tuple(kept or words)


@cache
def _light_words() -> frozenset[str]:
    """Articles, demonstratives and quantifying words of all languages, which do not count."""
    kinds = (language_pack(code).words for code in languages())
    return frozenset({"of"}).union(
        *(kind.determiners | kind.definite | kind.quantifying_nouns for kind in kinds)
    )


def most_frequent_errors(result: Evaluation) -> list[tuple[str, int]]:
    """Relations of missed core statements, the most frequent first."""
    return Counter(gold.p[0] for miss in result.misses for gold in miss.missed).most_common()


@dataclass(frozen=True, slots=True)
class Compared:
    """Scores of two extractors on the same articles of a language; no ``other`` where it does not
    read the language."""

    lang: str
    ours: Evaluation
    other: Evaluation | None


def compare(gold: Iterable[GoldArticle], extractor: Extractor, *, reads: str) -> list[Compared]:
    """Our statements beside those of another extractor that reads one language, by language."""
    annotated = list(gold)
    found = []
    for lang in sorted({article.lang for article in annotated}):
        part = [article for article in annotated if article.lang == lang]
        other = evaluate(part, extractor=extractor) if lang == reads else None
        found.append(Compared(lang, evaluate(part), other))
    return found


def compared_rows(compared: Sequence[Compared], baseline: str) -> tuple[list[str], list[list[str]]]:
    """Header and rows of a table: F1 of every relation by language, the most frequent first, and
    the number of core statements; ``–`` where there is nothing to find or nobody looks."""
    header, columns = [], []
    for one in compared:
        for name, result in ((one.lang, one.ours), (f"{one.lang}, {baseline}", one.other)):
            if result is not None:
                header.append(name)
                columns.append(result)
    core = Counter[str]()
    for one in compared:
        core.update({name: score.core for name, score in one.ours.by_relation.items()})
    rows = [["all", *(f"{result.overall.f1:.2f}" for result in columns), str(core.total())]]
    for name, number in sorted(core.items(), key=lambda item: (-item[1], item[0])):
        scores = [result.by_relation.get(name, Score()) for result in columns]
        shown = [f"{score.f1:.2f}" if score.core else "–" for score in scores]
        rows.append([name, *shown, str(number)])
    return ["relation", *header, "core"], rows


def scores_json(result: Evaluation) -> dict[str, Any]:
    """All counts and rates, overall, by language and by relation; rates lie in [0, 1].

    ``negation``, ``modality`` and ``attribution`` are shares of the ``matched`` statements.
    ``reliability`` sets the mean confidence that statements state beside the share that is right.
    """
    bins = reliability(result.rated)
    return {
        "overall": _score_json(result.overall),
        "by_language": {name: _score_json(one) for name, one in sorted(result.by_language.items())},
        "by_relation": {name: _score_json(one) for name, one in sorted(result.by_relation.items())},
        "reliability": {
            "bins": [asdict(one) for one in bins],
            "expected_calibration_error": calibration_error(bins),
        },
    }


def _score_json(score: Score) -> dict[str, float]:
    return {
        "precision": round(score.precision, 4),
        "recall": round(score.recall, 4),
        "f1": round(score.f1, 4),
        "core": score.core,
        "found": score.found,
        "predicted": score.predicted,
        "right": score.right,
        "matched": score.matched,
        "negation": round(_share(score.negation, score.matched), 4),
        "modality": round(_share(score.modality, score.matched), 4),
        "attribution": round(_share(score.attribution, score.matched), 4),
    }


def error_lines(result: Evaluation) -> Iterator[str]:
    """The sentences with errors as lines to read: ``-`` what was missed, ``+`` what is wrong."""
    for relation, number in most_frequent_errors(result):
        yield f"# missed {number} x {relation}"
    for miss in result.misses:
        yield ""
        yield f"{miss.article}: {miss.sentence}"
        for gold in miss.missed:
            yield f"- {'not ' * gold.neg}{gold.s[0]} | {' / '.join(gold.p)} | {gold.o[0]}"
        for one in miss.wrong:
            words = (one.subject.entity.label, one.relation, one.object.entity.label)
            yield f"+ {'not ' * one.negated}{' | '.join(words)}"
