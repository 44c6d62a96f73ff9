"""How good linking is: gold mentions beside what the linker makes of them.

Accuracy counts mentions. B-cubed (Bagga and Baldwin 1998) compares the clusters of mentions of a
language, whatever they are called. Pairs across languages are entities of one dispute in its
articles of both languages: the same thing is to be one node.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from typing import Any

from kg.articles import read_articles
from kg.clauses import Clauses
from kg.errors import DataError
from kg.linking import Linker
from kg.pipeline import Reader, load_reader, parse
from kg.records import Argument, Article
from kg.registry import registry
from kg.resources import data_dir
from kg.statements import find_all
from kg.syntax import Tree

OWN = "~"
"""Before the name of an entity that no registry has."""

_MENTION = re.compile(r"([^\[\]]*)\[([^\[\]]+)\]([^\[\]]*)")
Key = frozenset[str]
"""What a mention stands for: one entity, or several at once."""


@dataclass(frozen=True, slots=True)
class GoldMention:
    """A place of an article, by code points, with every acceptable reading, the best first."""

    start: int
    end: int
    readings: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class GoldMentions:
    """An article with its mentions in text order."""

    article: Article
    dispute: str
    mentions: tuple[GoldMention, ...]


@dataclass(frozen=True, slots=True)
class Linked:
    """A gold mention beside the prediction: ``slugs`` is empty where nothing was linked.

    ``gold`` is the reading that the prediction is nearest to; ``right`` tells whether it is met.
    """

    dispute: str
    lang: str
    text: str
    gold: Key
    slugs: Key
    method: str
    score: float
    right: bool


@dataclass(frozen=True, slots=True)
class LanguageScore:
    """Mentions of a language: how many, how many right, B-cubed precision and recall in [0, 1]."""

    lang: str
    mentions: int
    right: int
    precision: float
    recall: float

    @property
    def accuracy(self) -> float:
        """Share of the mentions that are linked to what they stand for."""
        return self.right / self.mentions if self.mentions else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of B-cubed precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    @property
    def rates(self) -> tuple[float, float, float, float]:
        """Accuracy, then B-cubed precision, recall and F1."""
        return self.accuracy, self.precision, self.recall, self.f1


@dataclass(frozen=True, slots=True)
class MethodScore:
    """A method of linking: mentions, how many right, and the mean of the stated scores."""

    method: str
    mentions: int
    right: int
    stated: float


@dataclass(frozen=True, slots=True)
class PairScore:
    """Entities of a dispute in both languages: pairs that are one, pairs made one, both."""

    gold: int
    predicted: int
    both: int

    @property
    def precision(self) -> float:
        """Share of the pairs made one that are one."""
        return self.both / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Share of the pairs that are one that were made one."""
        return self.both / self.gold if self.gold else 0.0


@dataclass(frozen=True, slots=True)
class LinkEvaluation:
    """Scores of linking; ``linked`` are the mentions themselves, by article and text order."""

    languages: tuple[LanguageScore, ...]
    methods: tuple[MethodScore, ...]
    pairs: PairScore
    linked: tuple[Linked, ...]


def read_mentions(folder: Path) -> list[GoldMentions]:
    """The gold mentions of a folder and the folders in it, by path.

    A file is named after its article, which lies beside it or in ``data/articles``. Raises
    DataError with file and line for what does not fit.
    """
    files = sorted(folder.rglob("*.tsv")) if folder.is_dir() else []
    if not files:
        raise DataError(f"{folder}: no gold mentions; expected a folder with *.tsv files")
    return [_read(file) for file in files]


def _read(file: Path) -> GoldMentions:
    article = _article(file)
    dispute = article.dispute or article.id
    found: dict[tuple[int, int], GoldMention] = {}
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        place = f"{file}:{number}"
        entity, tab, words = line.partition("\t")
        bracketed = _MENTION.fullmatch(words)
        if not tab or not bracketed:
            raise DataError(f"{place}: expected an entity, a tab and words with a [mention]")
        readings = tuple(
            frozenset(_checked(slug, dispute, place) for slug in reading.split("+"))
            for reading in entity.split("|")
        )
        spans = list(_places(article.text, *bracketed.groups()))
        if not spans:
            raise DataError(f"{place}: the article does not say {words!r}; mend the words")
        for start, end in spans:
            found.setdefault((start, end), GoldMention(start, end, readings))
    return GoldMentions(article, dispute, tuple(found[span] for span in sorted(found)))


def _article(file: Path) -> Article:
    for place in (*sorted(file.parent.glob(f"{file.stem}.*")), *_shipped(file.stem)):
        if place != file:
            return next(iter(read_articles([place])))
    raise DataError(f"{file}: no article {file.stem!r} beside it or in data/articles; add it")


def _shipped(name: str) -> list[Path]:
    file = data_dir() / "articles" / f"{name}.md"
    return [file] if file.is_file() else []


def _checked(slug: str, dispute: str, place: str) -> str:
    if slug.startswith(OWN) and slug != OWN:
        return f"{slug}@{dispute}"
    if slug not in registry().entities:
        raise DataError(
            f"{place}: {slug!r} is not in the registry; put {OWN} before a name of yours"
        )
    return slug


def _places(text: str, before: str, words: str, after: str) -> Iterator[tuple[int, int]]:
    """Where a wording stands, no word cut."""
    pattern = re.escape(before) + f"({re.escape(words)})" + re.escape(after)
    for match in re.finditer(pattern, text):
        whole = match.group()
        starts = match.start() == 0 or not (text[match.start() - 1] + whole[0]).isalnum()
        ends = match.end() == len(text) or not (whole[-1] + text[match.end()]).isalnum()
        if starts and ends:
            yield match.span(1)


def evaluate_mentions(gold: Sequence[GoldMentions]) -> LinkEvaluation:
    """Links every gold mention and scores the links."""
    found = list(_predicted(gold))
    names = _aligned(found)
    linked = tuple(_judged(*each, names=names) for each in found)
    return LinkEvaluation(
        languages=tuple(
            _language_score(lang, [one for one in linked if one.lang == lang])
            for lang in sorted({one.lang for one in linked})
        ),
        methods=_method_scores(linked),
        pairs=_pair_score(linked),
        linked=linked,
    )


_Prediction = tuple[GoldMentions, GoldMention, list[Argument]]


def _predicted(gold: Sequence[GoldMentions]) -> Iterator[_Prediction]:
    for lang in sorted({one.article.lang or "" for one in gold}):
        reader = load_reader(lang)
        group = [one for one in gold if one.article.lang == lang]
        parsed = parse(reader, [one.article for one in group])
        for one, (_, tree) in zip(group, parsed, strict=True):
            link = _linker(one, tree, reader)
            for mention in one.mentions:
                yield one, mention, link(mention)


def _linker(
    gold: GoldMentions, tree: Tree, reader: Reader
) -> Callable[[GoldMention], list[Argument]]:
    clauses = Clauses(tree, reader.cues)
    linker = Linker(clauses, reader.names, gold.dispute)
    find_all(clauses, linker, reader.lexicon)  # tells the linker who sues whom

    def link(mention: GoldMention) -> list[Argument]:
        inside = [
            token
            for token in range(len(tree))
            if tree.start[token] < mention.end and tree.end[token] > mention.start
        ]
        heads = [t for t in inside if tree.head[t] not in inside or tree.head[t] == t]
        named = [t for t in heads if linker.name_at(t)]
        nominal = [t for t in heads if tree.pos[t] not in ("DET", "PUNCT", "ADP", "PART")]
        for token in (named or nominal or heads)[:1]:
            return linker.link_all(token)
        return []

    return link


def _aligned(found: Iterable[_Prediction]) -> dict[str, str]:
    """Which minted entity is which one of the annotators': one to one, the most frequent first."""
    counts: Counter[tuple[str, str]] = Counter()
    for _, mention, arguments in found:
        minted = [one.entity.slug for one in arguments if not one.entity.known]
        own = {key for reading in mention.readings for key in reading if key.startswith(OWN)}
        counts.update(product(sorted(own), sorted(set(minted))))
    names: dict[str, str] = {}
    for (key, slug), _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        if slug not in names and key not in names.values():
            names[slug] = key
    return names


def _judged(
    gold: GoldMentions, mention: GoldMention, arguments: list[Argument], *, names: dict[str, str]
) -> Linked:
    slugs = frozenset(one.entity.slug for one in arguments)
    keys = frozenset(names.get(slug, slug) for slug in slugs)
    nearest = max(mention.readings, key=lambda reading: (reading == keys, len(reading & keys)))
    return Linked(
        dispute=gold.dispute,
        lang=gold.article.lang or "",
        text=gold.article.text[mention.start : mention.end],
        gold=nearest,
        slugs=slugs,
        method=arguments[0].method if arguments else "",
        score=arguments[0].score if arguments else 0.0,
        right=keys == nearest,
    )


def _language_score(lang: str, linked: list[Linked]) -> LanguageScore:
    clusters = [one.slugs or frozenset({f"nothing {i}"}) for i, one in enumerate(linked)]
    golden = [one.gold for one in linked]
    return LanguageScore(
        lang=lang,
        mentions=len(linked),
        right=sum(one.right for one in linked),
        precision=_b_cubed(clusters, golden),
        recall=_b_cubed(golden, clusters),
    )


def _b_cubed(clusters: list[Key], other: list[Key]) -> float:
    """Mean over mentions of the share of its cluster that is with it in the other clustering.

    >>> a, b = frozenset("a"), frozenset("b")
    >>> round(_b_cubed([a, a, a], [a, a, b]), 3)
    0.556
    """
    sizes = Counter(clusters)
    together = Counter(zip(clusters, other, strict=True))
    shares = (together[pair] / sizes[pair[0]] for pair in zip(clusters, other, strict=True))
    return sum(shares) / len(clusters) if clusters else 0.0


def _method_scores(linked: Iterable[Linked]) -> tuple[MethodScore, ...]:
    groups: dict[str, list[Linked]] = {}
    for one in linked:
        groups.setdefault(one.method or "nothing", []).append(one)
    found = [
        MethodScore(
            method=method,
            mentions=len(group),
            right=sum(one.right for one in group),
            stated=sum(one.score for one in group) / len(group),
        )
        for method, group in groups.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.mentions, one.method)))


def _pair_score(linked: Iterable[Linked]) -> PairScore:
    """An entity of an article is what most of its mentions were linked to, the sure ones counting
    most."""
    votes: dict[tuple[str, str, Key], dict[Key, float]] = {}
    for one in linked:
        if len(one.gold) == 1 and one.slugs:
            counts = votes.setdefault((one.dispute, one.lang, one.gold), {})
            counts[one.slugs] = counts.get(one.slugs, 0.0) + one.score
    node = {
        which: min(counts, key=lambda slugs: (-counts[slugs], sorted(slugs)))
        for which, counts in votes.items()
    }
    gold = predicted = both = 0
    for (dispute, lang, entity), first in node.items():
        for (other_dispute, other_lang, other), second in node.items():
            if dispute != other_dispute or lang >= other_lang:
                continue
            same, merged = entity == other, first == second
            gold += same
            predicted += merged
            both += same and merged
    return PairScore(gold, predicted, both)


def link_scores_json(result: LinkEvaluation) -> dict[str, Any]:
    """The scores as plain values, without the mentions."""
    return {
        "languages": {
            one.lang: {
                "mentions": one.mentions,
                "right": one.right,
                "accuracy": round(one.accuracy, 4),
                "b_cubed": {
                    "precision": round(one.precision, 4),
                    "recall": round(one.recall, 4),
                    "f1": round(one.f1, 4),
                },
            }
            for one in result.languages
        },
        "across_languages": {
            **asdict(result.pairs),
            "precision": round(result.pairs.precision, 4),
            "recall": round(result.pairs.recall, 4),
        },
        "methods": [asdict(one) for one in result.methods],
    }


def link_error_lines(result: LinkEvaluation) -> Iterator[str]:
    """A line for each mention that was linked to something else, in the order of the articles."""
    for one in result.linked:
        if not one.right:
            told = " + ".join(sorted(one.slugs)) or "nothing"
            wanted = " + ".join(sorted(one.gold))
            linked = f"linked to {told} {one.method}".strip()
            yield f"{one.dispute}.{one.lang}: {one.text!r} is {wanted}, {linked}"
