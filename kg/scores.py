"""Scores of a trained pipeline on treebanks, names and single constructions, beside its goals."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spacy.language import Language
from spacy.scorer import Scorer
from spacy.tokens import Doc
from spacy.training import Example

from kg.constructions import (
    MarkedPairs,
    SplitText,
    score_agents,
    score_reports,
    score_splits,
)
from kg.corpora import plain_text
from kg.name_corpora import NamedSentence
from kg.training_documents import make_documents, make_name_documents
from kg.training_settings import Corpora, ScoreSettings
from kg.treebanks import TreebankSentence


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What a pipeline is tested on: treebanks, names by test set, the project's sentences."""

    treebanks: Mapping[str, Sequence[TreebankSentence]]
    names: Mapping[str, Sequence[NamedSentence]]
    agents: Sequence[MarkedPairs]
    reports: Sequence[MarkedPairs]
    splits: Sequence[SplitText]

    def texts(self) -> frozenset[str]:
        """The texts of all test sentences in the form of ``plain_text``: never trained on."""
        texts = [s.text for part in self.treebanks.values() for s in part]
        texts += [" ".join(words) for part in self.names.values() for words, _ in part]
        texts += [s.text for part in (self.agents, self.reports) for s in part]
        texts += [sentence for s in self.splits for sentence in s.sentences]
        return frozenset(plain_text(text) for text in texts)


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of a pipeline, all in percent but ``words_per_second``.

    ``syntax`` maps a test set to UAS, LAS, UPOS and features (all tokens, gold tokens, one
    sentence a document), lemma (the tokens whose lemma the treebank gives, capitals ignored), verb
    lemma (those of them that the treebank calls verbs), cLAS (without punctuation, labels made one
    as ``corpora.toml`` says), core F (edges of subject, passive subject, object and agent, with
    their labels), and tokens and sentences F on raw text, ten sentences a document. ``names`` maps
    a test set to F of all names and of each label that the test set has, on gold tokens.
    ``constructions`` are precision, recall and F of bare agents and of reported clauses on raw
    text; ``sentences`` F of splitting, by what is hard in the text. ``words_per_second`` is the
    speed of the whole pipeline: words per second of processor time, all cores counted together, so
    that other programs that run beside it make little difference.
    """

    syntax: dict[str, dict[str, float]]
    names: dict[str, dict[str, float]]
    constructions: dict[str, dict[str, float]]
    sentences: dict[str, dict[str, float]]
    words_per_second: float

    def of(self, test: str, measure: str) -> float | None:
        """One figure; None if there is none."""
        if test == "speed":
            return self.words_per_second
        for table in (self.syntax, self.names, self.constructions, self.sentences):
            if test in table:
                return table[test].get(measure)
        return None


def _f_score(right: int, predicted: int, gold: int) -> float:
    """F1 in percent; 0 if nothing was right."""
    return 200 * right / (predicted + gold) if right else 0.0


def score_syntax(
    nlp: Language, sentences: Sequence[TreebankSentence], settings: ScoreSettings
) -> dict[str, float]:
    """The scores of ``Scores.syntax`` for one test set."""
    blank = [Doc(nlp.vocab, words=list(s.words), spaces=list(s.spaces)) for s in sentences]
    right: Counter[str] = Counter()
    merge = settings.merge
    for sentence, doc in zip(sentences, nlp.pipe(blank), strict=True):
        for i, token in enumerate(doc):
            head, relation = sentence.heads[i], sentence.relations[i]
            attached = token.head.i == head
            right["words"] += 1
            right["UAS"] += attached
            right["LAS"] += attached and token.dep_ == relation
            right["UPOS"] += token.pos_ == sentence.tags[i]
            right["features"] += str(token.morph) == sentence.features[i]
            if sentence.lemmas[i]:
                same = token.lemma_.casefold() == sentence.lemmas[i].casefold()
                kinds = ("lemma", "verb lemma") if sentence.tags[i] == "VERB" else ("lemma",)
                for kind in kinds:
                    right[f"gold {kind}"] += 1
                    right[kind] += same
            if sentence.tags[i] != "PUNCT":
                right["content"] += 1
                same = merge.get(token.dep_, token.dep_) == merge.get(relation, relation)
                right["cLAS"] += attached and same
            right["gold core"] += relation in settings.core
            right["found core"] += token.dep_ in settings.core
            right["core"] += attached and token.dep_ == relation and relation in settings.core
    chance = random.Random(0)
    references = make_documents(sentences, nlp.vocab, chance=chance, shortest=10, longest=10)
    golden = list(references)
    predicted = nlp.pipe([doc.text for doc in golden])
    examples = [Example(p, g) for p, g in zip(predicted, golden, strict=True)]
    raw = Scorer.score_tokenization(examples)
    raw |= Scorer.score_spans(
        examples, "sents", getter=lambda doc, _: doc.sents, has_annotation=None
    )
    return {
        **{k: 100 * right[k] / right["words"] for k in ("UAS", "LAS", "UPOS", "features")},
        **{k: 100 * right[k] / n for k in ("lemma", "verb lemma") if (n := right[f"gold {k}"])},
        "cLAS": 100 * right["cLAS"] / right["content"],
        "core F": _f_score(right["core"], right["found core"], right["gold core"]),
        "tokens F": 100 * raw["token_f"],
        "sentences F": 100 * raw["sents_f"],
    }


def score_names(nlp: Language, sentences: Sequence[NamedSentence]) -> dict[str, float]:
    """F of names, all and per label; a name is right if both ends and the label are.

    Labels that the test set does not know are left out of what was found.
    """
    golden = list(make_name_documents(sentences, nlp.vocab, chance=random.Random(0)))
    blank = [Doc(nlp.vocab, words=list(words)) for words, _ in sentences]
    known = {entity.label_ for gold in golden for entity in gold.ents}
    counts: Counter[tuple[str, str]] = Counter()
    for gold, doc in zip(golden, nlp.pipe(blank), strict=True):
        wanted = {(e.start, e.end, e.label_) for e in gold.ents}
        found = {(e.start, e.end, e.label_) for e in doc.ents if e.label_ in known}
        for kind, names in (("gold", wanted), ("found", found), ("right", wanted & found)):
            counts.update((kind, label) for _, _, label in names)
            counts[kind, "all"] += len(names)
    labels = sorted({label for _, label in counts} - {"all"})
    return {
        label: _f_score(counts["right", label], counts["found", label], counts["gold", label])
        for label in ("all", *labels)
    }


def evaluate(nlp: Language, tests: HeldOut, corpora: Corpora) -> Scores:
    """Score a pipeline on all test sets and measure its speed on the text of the treebanks."""
    texts = [s.text for sentences in tests.treebanks.values() for s in sentences]
    began = time.process_time()
    words = sum(len(doc) for doc in nlp.pipe(texts))
    seconds = time.process_time() - began
    return Scores(
        syntax={n: score_syntax(nlp, part, corpora.scores) for n, part in tests.treebanks.items()},
        names={name: score_names(nlp, part) for name, part in tests.names.items()},
        constructions={
            "bare agents": score_agents(nlp, tests.agents, corpora.agent),
            "reported clauses": score_reports(nlp, tests.reports, corpora.complement),
        },
        sentences={"sentence splitting": score_splits(nlp, tests.splits)},
        words_per_second=words / seconds,
    )


def format_scores(scores: Scores) -> list[str]:
    """The scores as lines of Markdown tables."""
    lines = []
    for table in (scores.syntax, scores.names, scores.constructions, scores.sentences):
        columns = list(dict.fromkeys(key for row in table.values() for key in row))
        lines += [f"| test set | {' | '.join(columns)} |", "| --- " * (len(columns) + 1) + "|"]
        for name, row in table.items():
            cells = [f"{row[key]:.1f}" if key in row else "" for key in columns]
            lines.append(f"| {name} | {' | '.join(cells)} |")
        lines.append("")
    return [*lines, f"{scores.words_per_second:.0f} words a second on one core, all components."]


def format_goals(scores: Scores, corpora: Corpora) -> list[str]:
    """The goals with what was reached, and published figures of others, as Markdown tables."""
    lines = ["| test set | measure | reached | goal | |", "| --- | --- | --- | --- | --- |"]
    for goal in corpora.goal:
        value = scores.of(goal.test, goal.measure)
        reached = "" if value is None else f"{value:,.1f}"
        met = "met" if value is not None and value >= goal.least else "not met"
        lines.append(f"| {goal.test} | {goal.measure} | {reached} | {goal.least:,g} | {met} |")
    lines += ["", "| system | test set | measure | figure | what differs |"]
    lines.append("| --- | --- | --- | --- | --- |")
    for figure in corpora.published:
        value = scores.of(figure.test, figure.measure)
        if value is not None:
            own = f"| this pipeline | {figure.test} | {figure.measure} | {value:.1f} | |"
            lines += [] if own in lines else [own]
        lines.append(
            f"| {figure.system} | {figure.test} | {figure.measure} | {figure.value} "
            f"| {figure.note} |"
        )
    return lines
