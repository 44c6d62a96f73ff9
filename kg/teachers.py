"""Teachers: a graph-based parser and a recogniser of names, made only to annotate raw text.

The parser scores every head for every word with a biaffine classifier and takes the best tree
(Dozat and Manning 2017, "Deep Biaffine Attention for Neural Dependency Parsing"; Chu and Liu 1965,
Edmonds 1967); tags and features are read from the same vectors. The recogniser labels words in BIO
form with one head for each corpus, so that corpora of different conventions teach one encoder.
Several teachers of one kind vote: their probabilities are averaged. What they annotate is raw
material of ``kg.silver``. This module needs the packages of the extra ``teacher``.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional
from ufal.chu_liu_edmonds import chu_liu_edmonds

from kg.encoder import (
    Batch,
    Pretrained,
    WordEncoder,
    WordPieces,
    find_weights,
    group_by_length,
    make_batch,
    read_pretrained,
)
from kg.name_corpora import NamedSentence
from kg.training_settings import TeacherSettings
from kg.treebanks import TreebankSentence

_NEVER = -1e4
# More than the logarithms of all other edges of a sentence together.
_CERTAIN = 1e4
_IGNORED = -100
_Say = Callable[[str], None]
_Teacher = TypeVar("_Teacher", bound=nn.Module)


def load_pretrained(settings: TeacherSettings) -> Pretrained:
    """The encoder that the settings name; ``TrainingError`` where its package is missing."""
    return read_pretrained(find_weights(settings.package, settings.weights))


class _Layer(nn.Sequential):
    def __init__(self, width: int, units: int) -> None:
        super().__init__(nn.Linear(width, units), nn.LeakyReLU(0.1), nn.Dropout(0.33))


@dataclass(frozen=True, slots=True)
class Labels:
    """What a parser can say: tags, features and relations, sorted."""

    tags: tuple[str, ...]
    features: tuple[str, ...]
    relations: tuple[str, ...]


def labels_of(sentences: Iterable[TreebankSentence]) -> Labels:
    """All labels of a treebank."""
    tags: set[str] = set()
    features: set[str] = set()
    relations: set[str] = set()
    for sentence in sentences:
        tags.update(sentence.tags)
        features.update(sentence.features)
        relations.update(sentence.relations)
    return Labels(*(tuple(sorted(part)) for part in (tags, features, relations)))


class ParserTeacher(nn.Module):
    """Biaffine parser with tags and features; see the module.

    Calling it gives log-scores: tags, features (B x (N + 1) x labels), heads (B x dependents x
    heads, the root first) and two tensors from which ``relations`` scores the labels of edges.
    """

    def __init__(self, encoder: WordEncoder, labels: Labels) -> None:
        super().__init__()
        width, edge, label = encoder.width, 400, 128
        self.encoder = encoder
        self.labels = labels
        self.dropout = nn.Dropout(0.33)
        self.as_dependent, self.as_head = _Layer(width, edge), _Layer(width, edge)
        self.as_labelled, self.as_labelling = _Layer(width, label), _Layer(width, label)
        self.edges = nn.Parameter(torch.empty(edge + 1, edge))
        self.edge_labels = nn.Parameter(torch.empty(len(labels.relations), label + 1, label + 1))
        nn.init.xavier_uniform_(self.edges)
        nn.init.xavier_uniform_(self.edge_labels)
        self.tags = nn.Sequential(_Layer(width, 256), nn.Linear(256, len(labels.tags)))
        self.features = nn.Sequential(_Layer(width, 256), nn.Linear(256, len(labels.features)))

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """Scores of all labels and heads of a batch."""
        x = self.dropout(self.encoder(batch))
        one = torch.ones(*x.shape[:2], 1)
        dependents = torch.cat([self.as_dependent(x), one], -1)
        heads = (dependents @ self.edges) @ self.as_head(x).transpose(1, 2)
        heads = heads.masked_fill(~batch.words.unsqueeze(1), _NEVER)
        heads = heads.masked_fill(torch.eye(heads.shape[1], dtype=torch.bool), _NEVER)
        labelled = torch.cat([self.as_labelled(x), one], -1)
        labelling = torch.cat([self.as_labelling(x), one], -1)
        return self.tags(x), self.features(x), heads, labelled, labelling

    def relations(self, labelled: Tensor, labelling: Tensor, heads: Tensor) -> Tensor:
        """Scores of the labels of the edges from each word to its head in ``heads``."""
        index = heads.unsqueeze(-1).expand(-1, -1, labelling.shape[-1])
        above = torch.gather(labelling, 1, index)
        inner = torch.einsum("bni,rij->bnrj", labelled, self.edge_labels)
        return torch.einsum("bnrj,bnj->bnr", inner, above)


def _optimiser(
    model: nn.Module, encoder: WordEncoder, settings: TeacherSettings, steps: int
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    inside = {id(p) for p in encoder.bert.parameters()}
    groups: list[dict[str, Any]] = [
        {
            "params": list(encoder.bert.parameters()),
            "lr": settings.encoder_rate,
            "weight_decay": 0.01,
        },
        {
            "params": [p for p in model.parameters() if id(p) not in inside],
            "lr": settings.head_rate,
            "weight_decay": 0.0,
        },
    ]
    optimiser = torch.optim.AdamW(groups, betas=(0.9, 0.98), fused=True)
    warm = max(1.0, 0.08 * steps)

    def rate(step: int) -> float:
        return min((step + 1) / warm, max(0.02, (steps - step) / (steps - warm + 1)))

    return optimiser, torch.optim.lr_scheduler.LambdaLR(optimiser, rate)


def _column(
    rows: Sequence[Sequence[int]], width: int, *, fill: int = _IGNORED, shift: int = 1
) -> Tensor:
    filled = torch.full((len(rows), width), fill)
    for i, row in enumerate(rows):
        filled[i, shift : len(row) + shift] = torch.tensor(row, dtype=torch.long)
    return filled


def _loss(scores: Tensor, gold: Tensor) -> Tensor:
    return functional.cross_entropy(
        scores.float().flatten(0, 1), gold.flatten(), ignore_index=_IGNORED
    )


def _seeded(seed: int) -> random.Random:
    torch.manual_seed(seed)
    return random.Random(seed)


def train_parser(
    sentences: Sequence[TreebankSentence],
    pretrained: Pretrained,
    pieces: WordPieces,
    settings: TeacherSettings,
    *,
    seed: int,
    say: _Say,
) -> ParserTeacher:
    """Fine-tune the encoder to parse; the same seed and sentences on one machine give the same."""
    chance = _seeded(seed)
    labels = labels_of(sentences)
    encoder = WordEncoder(pretrained, pieces, hidden_share=settings.hidden_share)
    model = ParserTeacher(encoder, labels)
    tag_of, feature_of, relation_of = (
        {label: i for i, label in enumerate(part)}
        for part in (labels.tags, labels.features, labels.relations)
    )
    lengths = [len(s.words) for s in sentences]
    groups = group_by_length(lengths, settings.batch_words)
    optimiser, rate = _optimiser(model, encoder, settings, len(groups) * settings.parser_epochs)
    began = time.monotonic()
    for epoch in range(1, settings.parser_epochs + 1):
        model.train()
        lost = 0.0
        for group in group_by_length(lengths, settings.batch_words, chance):
            part = [sentences[i] for i in group]
            batch = make_batch([s.words for s in part], pieces)
            width = batch.words.shape[1]
            heads = _column(
                [[0 if h == i else h + 1 for i, h in enumerate(s.heads)] for s in part], width
            )
            with torch.autocast("cpu", torch.bfloat16):
                tags, features, edges, labelled, labelling = model(batch)
                relations = model.relations(labelled, labelling, heads.clamp(min=0))
            gold_tags = _column([[tag_of[t] for t in s.tags] for s in part], width)
            gold_features = _column([[feature_of[f] for f in s.features] for s in part], width)
            gold_relations = _column([[relation_of[r] for r in s.relations] for s in part], width)
            loss = (
                _loss(edges, heads)
                + _loss(relations, gold_relations)
                + 0.5 * _loss(tags, gold_tags)
                + 0.3 * _loss(features, gold_features)
            )
            _step(model, loss, optimiser)
            rate.step()
            lost += loss.item()
        _tell(say, epoch, lost / len(groups), began)
    return model.eval()


def _tell(say: _Say, epoch: int, loss: float, began: float) -> None:
    minutes = (time.monotonic() - began) / 60
    say(f"  epoch {epoch}: loss {loss:.3f}, {minutes:.1f} minutes")


def _step(model: nn.Module, loss: Tensor, optimiser: torch.optim.Optimizer) -> None:
    optimiser.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(model.parameters(), 2.0)
    optimiser.step()


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known of a sentence before it is parsed, by word from 0.

    ``edges`` maps a dependent to its head and relation; ``either`` are pairs of words of which one
    is the other's head: (first, second, relation if the first is the head, relation if the second
    is); ``never`` are pairs of a head and a relation that none of its dependents may have.
    """

    edges: Mapping[int, tuple[int, str]]
    either: tuple[tuple[int, int, str, str], ...] = ()
    never: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Parse:
    """A predicted tree in the form of ``TreebankSentence`` and how sure its edges are.

    ``confidence`` is the mean probability of the chosen heads, in [0, 1].
    """

    tags: tuple[str, ...]
    features: tuple[str, ...]
    heads: tuple[int, ...]
    relations: tuple[str, ...]
    confidence: float


def best_tree(scores: npt.NDArray[np.float64]) -> list[int]:
    """Heads of the best tree with one child of the root; rows are dependents, the root first.

    >>> import numpy as np
    >>> best_tree(np.log(np.array([[.1, .1, .1], [.7, .1, .2], [.6, .3, .1]])))
    [0, 1]
    """
    heads, _ = chu_liu_edmonds(scores)
    roots = [i for i in range(1, len(heads)) if heads[i] == 0]
    if len(roots) > 1:
        trees = []
        for root in roots:
            alone = scores.copy()
            alone[1:, 0] = 10 * _NEVER
            alone[root, 0] = scores[root, 0]
            candidate, score = chu_liu_edmonds(alone)
            trees.append((score, candidate))
        heads = max(trees, key=lambda tree: tree[0])[1]
    return [int(head) for head in heads[1:]]


def parse(
    teachers: Sequence[ParserTeacher],
    sentences: Sequence[Sequence[str]],
    pieces: WordPieces,
    *,
    hints: Mapping[int, Hints] | None = None,
    batch_words: int = 4000,
) -> Iterator[tuple[int, Parse]]:
    """Parse sentences (their words) with the mean of all teachers.

    Yields the index of a sentence with its parse, sentences of like length together; ``hints`` are
    by index. All teachers must have been trained on the same labels.
    """
    labels = teachers[0].labels
    root = labels.relations.index("ROOT")
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for group in group_by_length([len(words) for words in sentences], batch_words):
            batch = make_batch([sentences[i] for i in group], pieces)
            outputs = [teacher(batch) for teacher in teachers]
            tags, features, edges = (
                torch.stack([torch.softmax(o[k].float(), -1) for o in outputs]).mean(0)
                for k in range(3)
            )
            logs = edges.clamp(min=1e-9).log().numpy().astype(np.float64)
            known = [(hints or {}).get(i, Hints({})) for i in group]
            trees = [
                _hinted_tree(logs[k, : len(sentences[i]) + 1, : len(sentences[i]) + 1], known[k])
                for k, i in enumerate(group)
            ]
            heads = _column(trees, batch.words.shape[1], fill=0)
            relations = torch.stack(
                [
                    torch.softmax(teacher.relations(o[3], o[4], heads).float(), -1)
                    for teacher, o in zip(teachers, outputs, strict=True)
                ]
            ).mean(0)
            relations[:, :, root] = _NEVER
            for k, i in enumerate(group):
                count, tree = len(sentences[i]), trees[k]
                _hint_relations(relations[k], tree, known[k], labels.relations)
                chosen = relations[k, 1 : count + 1].argmax(-1).tolist()
                sure = [float(edges[k, j + 1, tree[j]]) for j in range(count)]
                yield (
                    i,
                    Parse(
                        tags=_names(tags[k], count, labels.tags),
                        features=_names(features[k], count, labels.features),
                        heads=tuple(h - 1 if h else j for j, h in enumerate(tree)),
                        relations=tuple(
                            labels.relations[r] if h else "ROOT"
                            for r, h in zip(chosen, tree, strict=True)
                        ),
                        confidence=sum(sure) / count,
                    ),
                )


def _names(scores: Tensor, count: int, labels: Sequence[str]) -> tuple[str, ...]:
    return tuple(labels[i] for i in scores[1 : count + 1].argmax(-1).tolist())


def _hinted_tree(scores: npt.NDArray[np.float64], hints: Hints) -> list[int]:
    for word, (head, _) in hints.edges.items():
        scores[word + 1, head + 1] = _CERTAIN
    for first, second, _, _ in hints.either:
        below = scores[second + 1, first + 1] >= scores[first + 1, second + 1]
        word, head = (second, first) if below else (first, second)
        scores[word + 1, head + 1] = _CERTAIN
    return best_tree(scores)


def _hint_relations(
    scores: Tensor, tree: Sequence[int], hints: Hints, relations: Sequence[str]
) -> None:
    for head, relation in hints.never:
        for word, above in enumerate(tree):
            if above == head + 1 and relation in relations:
                scores[word + 1, relations.index(relation)] = _NEVER
    known = dict(hints.edges)
    for first, second, if_first, if_second in hints.either:
        known[second] = (first, if_first)
        known[first] = (second, if_second)
    for word, (head, relation) in known.items():
        if tree[word] == head + 1:
            scores[word + 1, relations.index(relation)] = _CERTAIN


class NameTeacher(nn.Module):
    """Labels of words in BIO form, with one classifier for each corpus over one encoder."""

    def __init__(self, encoder: WordEncoder, labels: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        self.encoder = encoder
        self.kinds = {corpus: tuple(kinds) for corpus, kinds in labels.items()}
        self.labels = {corpus: bio_labels(kinds) for corpus, kinds in labels.items()}
        self.dropout = nn.Dropout(0.3)
        self.classifiers = nn.ModuleDict(
            {
                corpus: nn.Sequential(_Layer(encoder.width, 256), nn.Linear(256, len(tags)))
                for corpus, tags in self.labels.items()
            }
        )

    def forward(self, batch: Batch, corpus: str) -> Tensor:
        """Scores of the labels of a corpus, B x N x labels."""
        scores: Tensor = self.classifiers[corpus](self.dropout(self.encoder(batch)))
        return scores[:, 1:]


def bio_labels(kinds: Iterable[str]) -> tuple[str, ...]:
    """The BIO labels of kinds of names.

    >>> bio_labels(["PER", "ORG"])
    ('O', 'B-PER', 'I-PER', 'B-ORG', 'I-ORG')
    """
    return ("O", *(f"{place}-{kind}" for kind in kinds for place in "BI"))


def train_names(
    corpora: Mapping[str, Sequence[NamedSentence]],
    kinds: Mapping[str, Sequence[str]],
    copies: Mapping[str, int],
    pretrained: Pretrained,
    pieces: WordPieces,
    settings: TeacherSettings,
    *,
    seed: int,
    say: _Say,
) -> NameTeacher:
    """Fine-tune the encoder on several corpora of names, each with its own ``kinds``.

    A corpus is gone through ``copies`` times in an epoch (default: once).
    """
    chance = _seeded(seed)
    encoder = WordEncoder(pretrained, pieces, hidden_share=settings.hidden_share)
    model = NameTeacher(encoder, kinds)
    lengths = {name: [len(words) for words, _ in part] for name, part in corpora.items()}

    def plan() -> list[tuple[str, list[int]]]:
        steps = [
            (name, group)
            for name in corpora
            for _ in range(copies.get(name, 1))
            for group in group_by_length(lengths[name], settings.batch_words, chance)
        ]
        chance.shuffle(steps)
        return steps

    optimiser, rate = _optimiser(model, encoder, settings, len(plan()) * settings.name_epochs)
    began = time.monotonic()
    for epoch in range(1, settings.name_epochs + 1):
        model.train()
        steps, lost = plan(), 0.0
        for name, group in steps:
            part = [corpora[name][i] for i in group]
            batch = make_batch([words for words, _ in part], pieces)
            index = {label: i for i, label in enumerate(model.labels[name])}
            gold = [[index[tag] for tag in tags] for _, tags in part]
            with torch.autocast("cpu", torch.bfloat16):
                scores = model(batch, name)
            loss = _loss(scores, _column(gold, scores.shape[1], shift=0))
            _step(model, loss, optimiser)
            rate.step()
            lost += loss.item()
        _tell(say, epoch, lost / len(steps), began)
    return model.eval()


def find_names(
    teachers: Sequence[NameTeacher],
    sentences: Sequence[Sequence[str]],
    pieces: WordPieces,
    *,
    corpus: str,
    batch_words: int = 4000,
) -> list[tuple[tuple[str, ...], float]]:
    """BIO labels of sentences as a corpus would have them, with the least sure word's probability.

    The labels of a sentence are the best valid ones (Viterbi 1967) under the mean of all teachers.
    """
    labels = teachers[0].labels[corpus]
    follows = _allowed(labels)
    found: list[tuple[tuple[str, ...], float]] = [((), 0.0)] * len(sentences)
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for group in group_by_length([len(words) for words in sentences], batch_words):
            batch = make_batch([sentences[i] for i in group], pieces)
            scores = torch.stack(
                [torch.softmax(teacher(batch, corpus).float(), -1) for teacher in teachers]
            ).mean(0)
            for k, i in enumerate(group):
                part = scores[k, : len(sentences[i])].numpy().astype(np.float64)
                path = _best_path(np.log(part + 1e-9), follows)
                sure = min(float(part[j, label]) for j, label in enumerate(path))
                found[i] = (tuple(labels[label] for label in path), sure)
    return found


def _allowed(labels: Sequence[str]) -> npt.NDArray[np.float64]:
    """0 where a label may follow another, else much less; the last row is the beginning."""
    table = np.zeros((len(labels) + 1, len(labels)))
    for j, label in enumerate(labels):
        if label.startswith("I-"):
            for i, before in enumerate([*labels, "O"]):
                if before[2:] != label[2:]:
                    table[i, j] = _NEVER
    return table


def _best_path(scores: npt.NDArray[np.float64], follows: npt.NDArray[np.float64]) -> list[int]:
    best = scores[0] + follows[-1]
    back = []
    for row in scores[1:]:
        ways = best[:, None] + follows[:-1]
        back.append(ways.argmax(0))
        best = ways.max(0) + row
    path = [int(best.argmax())]
    for pointers in reversed(back):
        path.append(int(pointers[path[-1]]))
    return path[::-1]


def save(teacher: nn.Module, path: Path) -> None:
    """Write the weights of a teacher."""
    torch.save(teacher.state_dict(), path)


def _restored(teacher: _Teacher, path: Path) -> _Teacher:
    teacher.load_state_dict(torch.load(path, weights_only=True))
    return teacher.eval()


def restore_parser(
    path: Path,
    sentences: Sequence[TreebankSentence],
    pretrained: Pretrained,
    pieces: WordPieces,
    settings: TeacherSettings,
) -> ParserTeacher:
    """A parser with the weights that ``save`` wrote; it was trained on the same ``sentences``."""
    encoder = WordEncoder(pretrained, pieces, hidden_share=settings.hidden_share)
    return _restored(ParserTeacher(encoder, labels_of(sentences)), path)


def restore_names(
    path: Path,
    kinds: Mapping[str, Sequence[str]],
    pretrained: Pretrained,
    pieces: WordPieces,
    settings: TeacherSettings,
) -> NameTeacher:
    """A recogniser with the weights that ``save`` wrote; it was trained on the same ``kinds``."""
    encoder = WordEncoder(pretrained, pieces, hidden_share=settings.hidden_share)
    return _restored(NameTeacher(encoder, kinds), path)
