"""The mean of pipelines: every weight is the mean, what cannot be averaged is refused."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
import spacy
from spacy.training import Example

from kg.averaging import average_pipelines
from kg.errors import TrainingError

PARTS = ("tok2vec", "tagger", "parser")
TEXTS = (
    ("Penulis menggugat OpenAI", "NOUN VERB PROPN", (1, 1, 1), "nsubj ROOT obj"),
    ("Data diambil peretas", "NOUN VERB NOUN", (1, 1, 1), "nsubj:pass ROOT obl:agent"),
)


def pipeline(*, width: int = 8, depth: int = 1, labels: Iterable[str] = ()) -> spacy.Language:
    """A tagger and a parser that listen to one encoder, with random weights."""
    nlp = spacy.blank("xx")
    encoder = nlp.get_factory_meta("tok2vec").default_config["model"]
    encoder = {**encoder, "width": width, "depth": depth, "embed_size": 20}
    nlp.add_pipe("tok2vec", config={"model": encoder})
    listener = {"@architectures": "spacy.Tok2VecListener.v1", "width": width}
    tagger = nlp.add_pipe("tagger", config={"model": {"tok2vec": listener}})
    states = {"tok2vec": listener, "hidden_width": 4}
    parser = nlp.add_pipe("parser", config={"model": states, "min_action_freq": 1})
    for label in labels:
        tagger.add_label(label)  # type: ignore[attr-defined]
        parser.add_label(label)  # type: ignore[attr-defined]
    nlp.initialize(lambda: examples(nlp))
    return nlp


def examples(nlp: spacy.Language) -> list[Example]:
    return [
        Example.from_dict(
            nlp.make_doc(text),
            {"tags": tags.split(), "heads": list(heads), "deps": relations.split()},
        )
        for text, tags, heads, relations in TEXTS
    ]


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """One pipeline before and after two trainings that go on from it."""
    folder = tmp_path_factory.mktemp("seeds")
    spacy.util.fix_random_seed(0)
    pipeline().to_disk(folder / "0")
    for seed in (1, 2):
        nlp = spacy.load(folder / "0")
        spacy.util.fix_random_seed(seed)
        optimizer = nlp.resume_training()
        for _ in range(3):
            nlp.update(examples(nlp), sgd=optimizer, drop=0.5)
        nlp.to_disk(folder / str(seed))
    return [folder / str(number) for number in range(3)]


def weights(nlp: spacy.Language) -> dict[tuple[str, int, str], np.ndarray]:
    return {
        (part, place, name): node.get_param(name)
        for part in PARTS
        for place, node in enumerate(nlp.get_pipe(part).model.walk())  # type: ignore[attr-defined]
        for name in node.param_names
        if node.has_param(name)
    }


def test_every_weight_is_the_mean_and_all_of_them_moved(seeds: list[Path], tmp_path: Path) -> None:
    average_pipelines(seeds, PARTS).to_disk(tmp_path)
    mean = weights(spacy.load(tmp_path))
    parts = [weights(spacy.load(folder)) for folder in seeds]
    assert {part for part, _, _ in mean} == set(PARTS)
    assert all(mean.keys() == part.keys() for part in parts)
    for place, array in mean.items():
        np.testing.assert_allclose(array, sum(p[place] for p in parts) / 3, rtol=1e-5, atol=1e-7)
    moved = [place for place in mean if (parts[1][place] != parts[2][place]).any()]
    assert {part for part, _, _ in moved} == set(PARTS)


def test_what_is_not_averaged_stays_as_in_the_first(seeds: list[Path]) -> None:
    mean, first = average_pipelines(seeds[1:], ["parser"]), spacy.load(seeds[1])
    for (part, *rest), array in weights(mean).items():
        if part != "parser":
            assert (array == weights(first)[(part, *rest)]).all()


def test_one_pipeline_is_its_own_mean(seeds: list[Path]) -> None:
    same, first = weights(average_pipelines(seeds[:1], PARTS)), weights(spacy.load(seeds[0]))
    assert all((same[place] == array).all() for place, array in first.items())


def test_a_pipeline_named_twice_counts_double(seeds: list[Path]) -> None:
    mean = weights(average_pipelines([seeds[0], *seeds[:2]], PARTS))
    once, other = (weights(spacy.load(folder)) for folder in seeds[:2])
    for place, array in mean.items():
        expected = (2 * once[place] + other[place]) / 3
        np.testing.assert_allclose(array, expected, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"width": 12}, r"component 'tok2vec', node \d+ is .*12.*expected as in .*8"),
        ({"depth": 2}, r"component 'tok2vec', node \d+ is "),
        ({"labels": ["dep", "iobj"]}, "component 'tagger' has other labels"),
    ],
    ids=["shapes", "nodes", "labels"],
)
def test_networks_that_differ_are_refused_with_the_place(
    seeds: list[Path], tmp_path: Path, other: dict[str, object], reason: str
) -> None:
    pipeline(**other).to_disk(tmp_path)  # type: ignore[arg-type]
    with pytest.raises(TrainingError, match=reason) as caught:
        average_pipelines([seeds[0], tmp_path], PARTS)
    assert str(tmp_path) in str(caught.value)
    assert "went on from the same one" in str(caught.value)


def test_a_component_that_is_missing_is_named(seeds: list[Path]) -> None:
    with pytest.raises(TrainingError, match="no component 'ner' to average; it has tok2vec"):
        average_pipelines(seeds, ["ner"])
    with pytest.raises(TrainingError, match="no pipeline to average"):
        average_pipelines([], PARTS)
