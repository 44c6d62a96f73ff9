"""A second round of training: an earlier pipeline goes on from where it stopped.

The treebanks alone teach it again, together with the project's own sentences, of which only one
construction is annotated: the earlier pipeline gives the rest of their trees, which then obey what
is annotated. Word vectors and names stay those of the earlier pipeline.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from kg.constructions import MarkedPairs, other_words, word_pairs
from kg.errors import TrainingError
from kg.training_settings import AgentSettings, Corpora, ModelSettings, RefinementSettings
from kg.treebanks import TreebankSentence


@dataclass(slots=True)
class Tree:
    """Heads and relations of the words of a sentence; the root is its own head.

    >>> tree = Tree([1, 1, 1], ["nsubj", "ROOT", "obj"])
    >>> tree.hang(0, 2, "nmod"), tree.heads, tree.relations
    (None, [2, 1, 1], ['nmod', 'ROOT', 'obj'])
    >>> tree.hang(1, 0, "acl"), tree.heads, tree.relations
    (None, [0, 0, 1], ['ROOT', 'acl', 'obj'])
    """

    heads: list[int]
    relations: list[str]

    def below(self, word: int, head: int) -> bool:
        """Whether ``word`` is ``head`` or hangs from it, at whatever distance."""
        while word != head and self.heads[word] != word:
            word = self.heads[word]
        return word == head

    def hang(self, word: int, head: int, relation: str) -> None:
        """Make ``head`` the head of ``word``; where it hung below ``word`` it takes its place."""
        if self.below(head, word):
            old = self.heads[word]
            self.heads[head] = head if old == word else old
            self.relations[head] = self.relations[word]
        self.heads[word] = head
        self.relations[word] = relation


def complete_marked(
    agents: Sequence[MarkedPairs],
    reports: Sequence[MarkedPairs],
    nlp: Language,
    corpora: Corpora,
) -> list[TreebankSentence]:
    """Full trees, by the parser of ``nlp``, of sentences in which one construction is annotated.

    A relation that is annotated as wrong becomes "", which teaches nothing.
    """
    label, complement = corpora.agent.label, corpora.complement
    trees: list[TreebankSentence] = []
    for sentence, doc in _parsed(agents, nlp):
        tree = _tree_of(doc)
        for cue, head in word_pairs(sentence, doc):
            tree.hang(head, cue, label)
        for verb in other_words(sentence, doc):
            for word in _bare_agents(doc, tree, verb, corpora.agent):
                tree.relations[word] = ""
        trees.append(_as_sentence(doc, tree))
    for sentence, doc in _parsed(reports, nlp):
        tree = _tree_of(doc)
        for cue, head in word_pairs(sentence, doc):
            marked = any(
                word.lower_ in complement.markers and tree.heads[word.i] == head for word in doc
            )
            if not marked and cue != head and tree.below(cue, head):
                tree.hang(cue, head, complement.above)
            else:
                tree.hang(head, cue, complement.label)
        trees.append(_as_sentence(doc, tree))
    return trees


def going_on(settings: RefinementSettings, steps: int) -> dict[str, object]:
    """What a second round of ``steps`` steps changes in the training configuration of the parser.

    The kept-out sentences are scored four times, also where there are few steps.
    """
    rate = "training.optimizer.learn_rate"
    return {
        f"{rate}.initial_rate": settings.rate,
        f"{rate}.warmup_steps": settings.warmup_steps,
        "training.batcher.size.start": settings.first_batch,
        "training.eval_frequency": max(1, steps // 4),
    }


def earlier_training(folder: Path, model: ModelSettings) -> dict[str, object]:
    """Version of the pipeline in ``folder`` and what it says of its own training.

    Raises ``TrainingError`` where no pipeline with the components of ``model`` is.
    """
    try:
        meta: Mapping[str, object] = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError) as error:
        raise TrainingError(
            f"{folder}: no pipeline to go on from: {error}; expected a folder that kg train made"
        ) from error
    if meta.get("pipeline") != list(model.components):
        raise TrainingError(
            f"{folder}: its components are {meta.get('pipeline')}; expected those of "
            f"{model.name}: {', '.join(model.components)}"
        )
    return {"version": meta.get("version"), "training": meta.get("training")}


def _parsed(sentences: Iterable[MarkedPairs], nlp: Language) -> Iterable[tuple[MarkedPairs, Doc]]:
    for sentence in sentences:
        doc = nlp.make_doc(sentence.text)
        for token in doc[1:]:
            token.is_sent_start = False
        yield sentence, nlp(doc)


def _tree_of(doc: Doc) -> Tree:
    return Tree([token.head.i for token in doc], [token.dep_ for token in doc])


def _bare_agents(doc: Doc, tree: Tree, verb: int, settings: AgentSettings) -> list[int]:
    return [
        word.i
        for word in doc
        if tree.heads[word.i] == verb
        and tree.relations[word.i] == settings.label
        and not any(tree.heads[m.i] == word.i and m.lower_ in settings.markers for m in doc)
    ]


def _as_sentence(doc: Doc, tree: Tree) -> TreebankSentence:
    return TreebankSentence(
        sent_id="",
        words=tuple(token.text for token in doc),
        spaces=tuple(bool(token.whitespace_) for token in doc),
        lemmas=("",) * len(doc),
        tags=tuple(token.pos_ for token in doc),
        features=tuple(str(token.morph) for token in doc),
        heads=tuple(tree.heads),
        relations=tuple(tree.relations),
    )
