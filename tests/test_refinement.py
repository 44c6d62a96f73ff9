"""A second round of training: trees that obey what is annotated, and going on from a pipeline."""

import json
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from kg.constructions import MarkedPairs, Pair
from kg.errors import TrainingError
from kg.refinement import Tree, complete_marked, earlier_training, going_on
from kg.training_settings import load_corpora
from kg.treebanks import TreebankSentence

SETTINGS = load_corpora("id")
# Words of a sentence -> heads and relations that the earlier parser gives them.
PARSES = {
    "Data itu diambil peretas .": ([2, 0, 2, 2, 2], "nsubj:pass det ROOT obj punct"),
    "Naskah ditulis mesin itu tahun lalu": (
        [1, 1, 1, 2, 1, 4],
        "nsubj:pass ROOT obl:agent det obl:agent amod",
    ),
    "Ia dibayar oleh firma": ([1, 1, 3, 1], "nsubj:pass ROOT case obl:agent"),
    "Klaim bahwa data aman diragukan": ([4, 4, 3, 4, 4], "nsubj mark nsubj csubj ROOT"),
    "Kami rugi , kata firma": ([1, 1, 1, 1, 3], "nsubj ROOT punct advcl nsubj"),
    "Firma berkata Kami rugi": ([1, 1, 3, 1], "nsubj ROOT nsubj obj"),
}


@pytest.fixture(scope="module")
def parser() -> Language:
    """A pipeline that knows the trees of ``PARSES`` and insists on one sentence a text."""

    @Language.component("known_trees")
    def known_trees(doc: Doc) -> Doc:
        assert not any(token.is_sent_start for token in doc[1:])
        heads, relations = PARSES[" ".join(token.text for token in doc)]
        return Doc(
            doc.vocab,
            words=[token.text for token in doc],
            spaces=[bool(token.whitespace_) for token in doc],
            pos=["X"] * len(doc),
            heads=heads,
            deps=relations.split(),
        )

    nlp = spacy.blank("id")
    nlp.add_pipe("known_trees")
    return nlp


def marked(text: str, *pairs: tuple[str, str], none: tuple[str, ...] = ()) -> MarkedPairs:
    def at(word: str) -> tuple[int, int]:
        begin = text.index(word)
        return begin, begin + len(word)

    return MarkedPairs(
        text, tuple(Pair(at(cue), at(head)) for cue, head in pairs), tuple(map(at, none))
    )


def edges(tree: TreebankSentence) -> dict[str, tuple[str, str]]:
    return {
        word: (tree.words[head], relation)
        for word, head, relation in zip(tree.words, tree.heads, tree.relations, strict=True)
    }


def test_a_marked_agent_hangs_from_its_verb(parser: Language) -> None:
    sentence = marked("Data itu diambil peretas .", ("diambil", "peretas"))
    (tree,) = complete_marked([sentence], [], parser, SETTINGS)
    assert edges(tree)["peretas"] == ("diambil", "obl:agent")
    assert edges(tree)["Data"] == ("diambil", "nsubj:pass")
    assert tree.tags == ("X",) * 5


def test_an_agent_that_is_none_teaches_no_relation(parser: Language) -> None:
    sentence = marked("Naskah ditulis mesin itu tahun lalu", none=("ditulis",))
    (tree,) = complete_marked([sentence], [], parser, SETTINGS)
    assert [tree.relations[i] for i in (2, 4)] == ["", ""]
    assert tree.relations.count("") == 2


def test_an_agent_with_oleh_stays_though_the_verb_has_no_bare_one(parser: Language) -> None:
    sentence = marked("Ia dibayar oleh firma", none=("dibayar",))
    (tree,) = complete_marked([sentence], [], parser, SETTINGS)
    assert edges(tree)["firma"] == ("dibayar", "obl:agent")


@pytest.mark.parametrize(
    ("text", "cue", "head", "word", "edge"),
    [
        ("Klaim bahwa data aman diragukan", "Klaim", "aman", "aman", ("Klaim", "ccomp")),
        ("Kami rugi , kata firma", "kata", "rugi", "kata", ("rugi", "parataxis")),
        ("Firma berkata Kami rugi", "berkata", "rugi", "rugi", ("berkata", "ccomp")),
    ],
    ids=["bahwa under a noun", "a quote above what reports it", "a quote below"],
)
def test_a_reported_clause_hangs_from_what_reports_it_or_above(
    parser: Language, text: str, cue: str, head: str, word: str, edge: tuple[str, str]
) -> None:
    (tree,) = complete_marked([], [marked(text, (cue, head))], parser, SETTINGS)
    assert edges(tree)[word] == edge
    roots = [i for i, above in enumerate(tree.heads) if above == i]
    assert [tree.relations[i] for i in roots] == ["ROOT"]


def test_a_head_that_hung_below_takes_the_place_of_the_word() -> None:
    tree = Tree([3, 0, 1, 3], ["obj", "nmod", "acl", "ROOT"])
    tree.hang(0, 2, "obl:agent")
    assert tree.heads == [2, 0, 3, 3]
    assert tree.relations == ["obl:agent", "nmod", "obj", "ROOT"]


def test_a_second_round_overrides_what_the_configuration_has() -> None:
    config = spacy.util.load_config(
        Path(__file__).parents[1] / "data/languages/id/training/syntax.cfg",
        overrides=going_on(SETTINGS.refinement, 40),
    )
    assert config["training"]["optimizer"]["learn_rate"]["initial_rate"] == SETTINGS.refinement.rate
    assert config["training"]["batcher"]["size"]["start"] == SETTINGS.refinement.first_batch
    assert config["training"]["eval_frequency"] == 10


def test_an_earlier_pipeline_must_be_one(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="no pipeline to go on from"):
        earlier_training(tmp_path, SETTINGS.model)
    meta = {"version": "1", "pipeline": ["tok2vec"], "training": {"seed": 3}}
    (tmp_path / "meta.json").write_text(json.dumps(meta), encoding="utf-8")
    with pytest.raises(TrainingError, match=r"components are \['tok2vec'\]; expected .*parser"):
        earlier_training(tmp_path, SETTINGS.model)
    meta["pipeline"] = list(SETTINGS.model.components)
    (tmp_path / "meta.json").write_text(json.dumps(meta), encoding="utf-8")
    assert earlier_training(tmp_path, SETTINGS.model) == {"version": "1", "training": {"seed": 3}}
