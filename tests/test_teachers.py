"""Teachers: the packed encoder, word pieces, the parser and the recogniser, on tiny networks."""
# ruff: noqa: E402 - what these modules import may not be there

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

for _package in ("torch", "transformers", "tokenizers", "ufal.chu_liu_edmonds"):
    pytest.importorskip(_package, reason="needs the packages of the extra `teacher`")

import torch
from packed import INNER, LAYERS, PLACES, SPECIAL, WIDTH, pack, pieces_of

from kg import teachers as kg_teachers
from kg.encoder import (
    Pretrained,
    WordEncoder,
    WordPieces,
    find_weights,
    group_by_length,
    make_batch,
    read_pretrained,
)
from kg.errors import TrainingError
from kg.name_corpora import NamedSentence
from kg.teachers import (
    Hints,
    NameTeacher,
    ParserTeacher,
    best_tree,
    find_names,
    labels_of,
    parse,
    restore_names,
    restore_parser,
    save,
    train_names,
    train_parser,
)
from kg.training_settings import load_corpora
from kg.treebanks import TreebankSentence

if TYPE_CHECKING:
    import numpy.typing as npt

SETTINGS = replace(
    load_corpora("id").teacher,
    parser_epochs=60,
    name_epochs=60,
    encoder_rate=2e-3,
    head_rate=5e-3,
    batch_words=60,
    hidden_share=0.0,
)
TREES = tuple(
    TreebankSentence(
        sent_id=str(number),
        words=tuple(words.split()),
        spaces=(True,) * len(words.split()),
        lemmas=("",) * len(words.split()),
        tags=tuple(tags.split()),
        features=tuple("" if f == "_" else f for f in features.split()),
        heads=heads,
        relations=tuple(relations.split()),
    )
    for number, (words, tags, features, heads, relations) in enumerate(
        [
            (
                "Penulis menggugat OpenAI .",
                "NOUN VERB PROPN PUNCT",
                "_ Voice=Act _ _",
                (1, 1, 1, 1),
                "nsubj ROOT obj punct",
            ),
            (
                "Data itu disalin peretas kemarin .",
                "NOUN DET VERB NOUN ADV PUNCT",
                "_ _ Voice=Pass _ _ _",
                (2, 0, 2, 2, 2, 2),
                "nsubj:pass det ROOT obl:agent advmod punct",
            ),
            (
                "Firma mengaku bahwa ia rugi",
                "NOUN VERB SCONJ PRON ADJ",
                "_ Voice=Act _ _ _",
                (1, 1, 4, 4, 1),
                "nsubj ROOT mark nsubj ccomp",
            ),
        ]
    )
)
NAMED: dict[str, list[NamedSentence]] = {
    "news": [
        (("Sam", "Altman", "pergi"), ("B-PER", "I-PER", "O")),
        (("OpenAI", "digugat", "Sam"), ("B-ORG", "O", "B-PER")),
    ],
    "field": [(("Sora", "buatan", "OpenAI"), ("B-SYS", "O", "B-ORG"))],
}
KINDS = {"news": ("ORG", "PER"), "field": ("ORG", "SYS")}
WORDS = sorted(
    {word for tree in TREES for word in tree.words}
    | {word for part in NAMED.values() for words, _ in part for word in words}
)


def quiet(message: str) -> None:
    """Takes what a training says."""


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("packed") / "tiny.bin"
    pack(path, WORDS)
    return path


@pytest.fixture(scope="module")
def pretrained(file: Path) -> Pretrained:
    return read_pretrained(file)


@pytest.fixture(scope="module")
def pieces(pretrained: Pretrained) -> WordPieces:
    return WordPieces(pretrained, WORDS)


@pytest.fixture(scope="module")
def parser(pretrained: Pretrained, pieces: WordPieces) -> ParserTeacher:
    return train_parser(TREES, pretrained, pieces, SETTINGS, seed=1, say=quiet)


@pytest.fixture(scope="module")
def recogniser(pretrained: Pretrained, pieces: WordPieces) -> NameTeacher:
    return train_names(NAMED, KINDS, {"field": 2}, pretrained, pieces, SETTINGS, seed=1, say=quiet)


# The packed encoder


def test_packed_weights_are_read_into_every_part_of_the_network(
    tmp_path: Path, pieces: WordPieces
) -> None:
    wanted = pack(tmp_path / "tiny.bin", WORDS)
    pretrained = read_pretrained(tmp_path / "tiny.bin")
    config = pretrained.config
    assert (config.hidden_size, config.num_hidden_layers) == (WIDTH, LAYERS)
    assert (config.intermediate_size, config.max_position_embeddings) == (INNER, PLACES)
    assert config.layer_norm_eps == pytest.approx(1e-12)
    encoder = WordEncoder(pretrained, pieces, hidden_share=0.0)
    inside = encoder.bert.state_dict()
    long = {
        "emb.word": "embeddings.word_embeddings.weight",
        "emb.pos": "embeddings.position_embeddings.weight",
        "emb.ln.w": "embeddings.LayerNorm.weight",
        "l1.q.w": "encoder.layer.1.attention.self.query.weight",
        "l0.ao.b": "encoder.layer.0.attention.output.dense.bias",
        "l1.fi.w": "encoder.layer.1.intermediate.dense.weight",
        "l0.fo.w": "encoder.layer.0.output.dense.weight",
        "l1.aln.b": "encoder.layer.1.attention.output.LayerNorm.bias",
        "l0.oln.w": "encoder.layer.0.output.LayerNorm.weight",
    }
    for short, name in long.items():
        numbers = wanted[short][pieces.kept] if short == "emb.word" else wanted[short]
        assert np.allclose(inside[name].numpy(), numbers, atol=1e-6), name
    types = inside["embeddings.token_type_embeddings.weight"].numpy()
    assert np.allclose(types[0], wanted["emb.type"][0])
    # Nothing of the network is left as it was drawn.
    learnt = {name for name, _ in encoder.bert.named_parameters()}
    assert learnt == set(pretrained.weights)
    assert len(learnt) == 5 + 16 * LAYERS


def test_pieces_of_the_file_are_those_of_the_tokenizer(pretrained: Pretrained) -> None:
    texts = [text for text, _ in pieces_of(WORDS)]
    special = (pretrained.begin, pretrained.end, pretrained.pad, pretrained.unknown)
    assert [texts[i] for i in special] == ["<s>", "</s>", "<pad>", "<unk>"]
    assert pretrained.tokenizer.get_vocab_size() == len(texts)
    encoded = pretrained.tokenizer.encode("\u2581OpenAI", add_special_tokens=False)
    assert encoded.tokens == ["\u2581OpenAI"]


def test_other_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.bin"
    path.write_bytes(b"GGUF" + bytes(60))
    with pytest.raises(TrainingError, match=r"other\.bin.*E5S1"):
        read_pretrained(path)
    pack(path, WORDS, block=64)
    with pytest.raises(TrainingError, match=r"other\.bin: blocks of 64 weights; expected 32"):
        read_pretrained(path)


def test_a_missing_package_names_the_extra() -> None:
    with pytest.raises(TrainingError, match=r"no_such_package.*dispute-kg\[teacher\]"):
        find_weights("no_such_package", "x.bin")
    with pytest.raises(TrainingError, match=r"package json: no file x\.bin"):
        find_weights("json", "x.bin")
    assert find_weights("json", "__init__.py").is_file()


# Word pieces and batches


def test_word_pieces_are_renumbered_to_those_in_use(pretrained: Pretrained) -> None:
    pieces = WordPieces(pretrained, ["OpenAI", "rugi"])
    assert len(pieces.kept) == len(SPECIAL) + 2
    assert pieces.kept == sorted(pieces.kept)
    numbers = [pieces.of(word) for word in ("OpenAI", "rugi")]
    assert all(len(n) == 1 for n in numbers)
    whole = [pieces.kept[n[0]] for n in numbers]
    assert [pretrained.tokenizer.id_to_token(n) for n in whole] == ["\u2581OpenAI", "\u2581rugi"]
    kept = [pieces.kept[n] for n in (pieces.begin, pieces.end, pieces.pad, pieces.unknown)]
    assert kept == [0, 2, 1, 3]


def test_words_that_were_not_shown_are_unknown_and_long_ones_cut(pretrained: Pretrained) -> None:
    pieces = WordPieces(pretrained, ["OpenAI"], longest=3)
    assert set(pieces.of("kemarin")) == {pieces.unknown}
    assert len(pieces.of("abcdefghij")) == 3
    assert pieces.of("") != []
    letters = WordPieces(pretrained, ["ab"])
    first, *rest = letters.of("ba")
    assert letters.unknown not in (first, *rest)


def test_a_batch_knows_the_word_of_every_piece(pretrained: Pretrained) -> None:
    pieces = WordPieces(pretrained, ["OpenAI", "ab"])
    batch = make_batch([["ab", "OpenAI"], ["OpenAI"]], pieces)
    assert batch.word_of.tolist() == [[0, 1, 1, 1, 2, 0], [0, 1, 0, 0, 0, 0]]
    assert batch.words.tolist() == [[True, True, True], [True, True, False]]
    assert batch.mask.tolist() == [[1] * 6, [1, 1, 1, 0, 0, 0]]
    assert batch.pieces[1, 3:].tolist() == [pieces.pad] * 3
    assert batch.pieces[:, 0].tolist() == [pieces.begin] * 2
    cut = make_batch([["OpenAI"] * 9], pieces, longest=4)
    assert cut.word_of.tolist() == [[0, 1, 2, 3]]
    assert cut.words.shape == (1, 10)


def test_vectors_of_words_do_not_depend_on_the_padding(
    pretrained: Pretrained, pieces: WordPieces
) -> None:
    encoder = WordEncoder(pretrained, pieces, hidden_share=0.5).eval()
    short, long = TREES[0].words, TREES[1].words
    with torch.no_grad():
        alone = encoder(make_batch([short], pieces))
        both = encoder(make_batch([short, long], pieces))
    assert both.shape == (2, len(long) + 1, WIDTH)
    assert torch.allclose(alone[0], both[0, : len(short) + 1], atol=1e-5)
    assert not both[0, len(short) + 1 :].any()


def test_pieces_are_hidden_in_training_only(pretrained: Pretrained, pieces: WordPieces) -> None:
    encoder = WordEncoder(pretrained, pieces, hidden_share=1.0)
    batch = make_batch([["OpenAI", "rugi"]], pieces)
    other = make_batch([["peretas", "itu"]], pieces)
    with torch.no_grad():
        assert torch.allclose(encoder.train()(batch), encoder(other), atol=1e-6)
        assert not torch.allclose(encoder.eval()(batch), encoder(other), atol=1e-3)


def test_groups_hold_every_sentence_once_within_the_size() -> None:
    lengths = [1, 40, 7, 7, 3, 19, 2, 90, 5]
    groups = group_by_length(lengths, 60)
    assert sorted(i for group in groups for i in group) == list(range(len(lengths)))
    for group in groups:
        assert len(group) == 1 or len(group) * (max(lengths[i] for i in group) + 2) <= 60
    assert group_by_length([], 60) == []


# Trees


def scored(tree: Sequence[int], scores: "npt.NDArray[np.float64]") -> float:
    return float(sum(scores[i + 1, head] for i, head in enumerate(tree)))


def is_tree(heads: Sequence[int]) -> bool:
    """Whether each word reaches the root (0) and one word is under it."""
    for word in range(1, len(heads) + 1):
        steps = 0
        while word and steps <= len(heads):
            word, steps = heads[word - 1], steps + 1  # noqa: PLW2901
        if word:
            return False
    return list(heads).count(0) == 1


@pytest.mark.parametrize("pull", [0.0, 3.0], ids=["any", "many roots"])
def test_the_best_tree_has_one_root_and_no_better_one_exists(pull: float) -> None:
    chance = np.random.default_rng(3)
    every = [t for t in itertools.product(range(5), repeat=4) if is_tree(t)]
    assert len(every) == 64
    for _ in range(40):
        scores = chance.normal(0, 1, (5, 5))
        scores[1:, 0] += pull
        found = best_tree(scores.copy())
        assert is_tree(found)
        assert scored(found, scores) == pytest.approx(max(scored(t, scores) for t in every))


# The parser


def as_parse(tree: TreebankSentence) -> tuple[object, ...]:
    return tree.tags, tree.features, tree.heads, tree.relations


def parses(
    teacher: ParserTeacher, pieces: WordPieces, hints: dict[int, Hints] | None = None
) -> list[kg_teachers.Parse]:
    found = dict(parse([teacher], [t.words for t in TREES], pieces, hints=hints))
    return [found[i] for i in range(len(TREES))]


def test_a_parser_learns_its_sentences(parser: ParserTeacher, pieces: WordPieces) -> None:
    found = parses(parser, pieces)
    assert [(p.tags, p.features, p.heads, p.relations) for p in found] == [*map(as_parse, TREES)]
    assert all(0.8 < p.confidence <= 1 for p in found)


def test_a_parse_does_not_depend_on_the_batch(parser: ParserTeacher, pieces: WordPieces) -> None:
    sentences = [TREES[k].words for k in (2, 0, 1, 0, 2)]
    small = dict(parse([parser], sentences, pieces, batch_words=8))
    large = dict(parse([parser, parser], sentences, pieces))
    assert sorted(small) == sorted(large) == [0, 1, 2, 3, 4]
    for i, words in enumerate(sentences):
        assert small[i].heads == large[i].heads
        assert small[i].relations == large[i].relations
        assert len(small[i].tags) == len(words)


def test_a_parser_that_has_learnt_nothing_gives_trees_with_one_root(
    pretrained: Pretrained, pieces: WordPieces
) -> None:
    labels = labels_of(TREES)
    for seed in range(5):
        torch.manual_seed(seed)
        drawn = ParserTeacher(WordEncoder(pretrained, pieces, hidden_share=0.0), labels).eval()
        for found in parses(drawn, pieces):
            assert is_tree([0 if i == h else h + 1 for i, h in enumerate(found.heads)])
            roots = [i for i, relation in enumerate(found.relations) if relation == "ROOT"]
            assert roots == [i for i, h in enumerate(found.heads) if i == h]


def test_the_same_seed_gives_the_same_parser(pretrained: Pretrained, pieces: WordPieces) -> None:
    few = replace(SETTINGS, parser_epochs=2, hidden_share=0.3)

    def weights(seed: int) -> dict[str, torch.Tensor]:
        said: list[str] = []
        model = train_parser(TREES, pretrained, pieces, few, seed=seed, say=said.append)
        assert len(said) == 2
        return model.state_dict()

    first, again, other = weights(1), weights(1), weights(2)
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not all(torch.equal(first[name], other[name]) for name in first)


def test_hints_are_obeyed(parser: ParserTeacher, pieces: WordPieces) -> None:
    # What the parser has learnt is all different: peretas is the subject's, kemarin the agent.
    hints = {1: Hints({3: (0, "det"), 4: (2, "obl:agent")})}
    plain, hinted, last = parses(parser, pieces, hints)
    assert (hinted.heads[3], hinted.relations[3]) == (0, "det")
    assert (hinted.heads[4], hinted.relations[4]) == (2, "obl:agent")
    assert hinted.relations.count("ROOT") == 1
    assert [plain.heads, last.heads] == [TREES[0].heads, TREES[2].heads]


def test_a_hint_against_all_that_was_learnt_is_obeyed(
    parser: ParserTeacher, pieces: WordPieces
) -> None:
    # The verb under its object: the object must get another head, and so must the root.
    _, hinted, _ = parses(parser, pieces, {1: Hints({2: (3, "ccomp")})})
    assert (hinted.heads[2], hinted.relations[2]) == (3, "ccomp")
    assert is_tree([0 if i == h else h + 1 for i, h in enumerate(hinted.heads)])


def test_a_hint_outweighs_a_parser_that_is_certain() -> None:
    # Word 2 is certainly under 1, 1 under the root, 3 under 2; everything else all but excluded.
    scores = np.full((4, 4), np.log(1e-9))
    for word, head in ((1, 0), (2, 1), (3, 2)):
        scores[word, head] = 0.0
    assert best_tree(scores.copy()) == [0, 1, 2]
    heads = kg_teachers._hinted_tree(scores.copy(), Hints({0: (1, "x")}))
    assert heads[0] == 2
    assert is_tree(heads)


def test_pairs_without_direction_take_the_likelier_one(
    parser: ParserTeacher, pieces: WordPieces
) -> None:
    label, above = "ccomp", "advmod"
    either = {2: Hints({}, either=((1, 4, label, above),))}
    found = parses(parser, pieces, either)[2]
    assert (found.heads[4], found.relations[4]) == (1, label)
    turned = {2: Hints({}, either=((4, 1, above, label),))}
    found = parses(parser, pieces, turned)[2]
    assert (found.heads[4], found.relations[4]) == (1, label)
    # Two words that have no edge of their own: one of the two must be the other's head.
    apart = {1: Hints({}, either=((1, 4, label, above),))}
    found = parses(parser, pieces, apart)[1]
    down = (found.heads[4], found.relations[4]) == (1, label)
    up = (found.heads[1], found.relations[1]) == (4, above)
    assert down != up


def test_relations_that_a_head_may_not_have_are_replaced(
    parser: ParserTeacher, pieces: WordPieces
) -> None:
    hints = {1: Hints({}, never=((2, "obl:agent"), (2, "no such relation")))}
    found = parses(parser, pieces, hints)[1]
    assert found.heads == TREES[1].heads
    assert found.relations[3] not in {"obl:agent", "ROOT"}
    others = [0, 1, 2, 4, 5]
    assert [found.relations[i] for i in others] == [TREES[1].relations[i] for i in others]


def test_a_parser_is_restored(
    parser: ParserTeacher, pretrained: Pretrained, pieces: WordPieces, tmp_path: Path
) -> None:
    save(parser, tmp_path / "weights.pt")
    again = restore_parser(tmp_path / "weights.pt", TREES, pretrained, pieces, SETTINGS)
    assert again.labels == parser.labels == labels_of(reversed(TREES))
    assert parses(again, pieces) == parses(parser, pieces)


# The recogniser


def names_of(
    teacher: NameTeacher, pieces: WordPieces, corpus: str, sentences: Sequence[Sequence[str]]
) -> list[tuple[str, ...]]:
    return [tags for tags, _ in find_names([teacher], sentences, pieces, corpus=corpus)]


def test_a_recogniser_learns_the_names_of_each_corpus(
    recogniser: NameTeacher, pieces: WordPieces
) -> None:
    for corpus, part in NAMED.items():
        words = [words for words, _ in part]
        found = find_names([recogniser], words, pieces, corpus=corpus)
        assert [tags for tags, _ in found] == [tags for _, tags in part]
        assert all(0.5 < sure <= 1 for _, sure in found)
    assert recogniser.kinds == KINDS
    assert recogniser.labels["field"] == ("O", "B-ORG", "I-ORG", "B-SYS", "I-SYS")


def test_one_corpus_knows_no_names_of_another(recogniser: NameTeacher, pieces: WordPieces) -> None:
    sora = NAMED["field"][0][0]
    ((tags, _),) = find_names([recogniser], [sora], pieces, corpus="news")
    assert {tag[2:] for tag in tags} <= {"", *KINDS["news"]}
    assert "SYS" in {tag[2:] for tag in names_of(recogniser, pieces, "field", [sora])[0]}


def test_labels_found_are_valid_and_in_the_order_of_the_sentences(
    pretrained: Pretrained, pieces: WordPieces
) -> None:
    torch.manual_seed(4)
    drawn = NameTeacher(WordEncoder(pretrained, pieces, hidden_share=0.0), KINDS).eval()
    sentences = [tree.words[:n] for n in (4, 1, 3, 2) for tree in TREES]
    found = find_names([drawn], sentences, pieces, corpus="news", batch_words=12)
    assert [len(tags) for tags, _ in found] == [len(words) for words in sentences]
    for tags, sure in found:
        assert 0 <= sure <= 1
        for before, tag in zip(("O", *tags), tags, strict=False):
            assert not tag.startswith("I-") or before[2:] == tag[2:]


def test_the_best_labels_are_the_best_valid_ones() -> None:
    labels = kg_teachers.bio_labels(["PER", "ORG"])
    follows = kg_teachers._allowed(labels)
    chance = np.random.default_rng(5)

    def valid(path: Sequence[int]) -> bool:
        tags = [labels[i] for i in path]
        return all(
            not tag.startswith("I-") or before[2:] == tag[2:]
            for before, tag in zip(("O", *tags), tags, strict=False)
        )

    every = [p for p in itertools.product(range(len(labels)), repeat=4) if valid(p)]
    for _ in range(30):
        scores = np.log(chance.dirichlet([0.4] * len(labels), 4) + 1e-9)
        best = max(every, key=lambda path: sum(scores[i, label] for i, label in enumerate(path)))
        assert kg_teachers._best_path(scores, follows) == list(best)


def test_the_same_seed_gives_the_same_recogniser(
    pretrained: Pretrained, pieces: WordPieces
) -> None:
    few = replace(SETTINGS, name_epochs=2, hidden_share=0.3)

    def weights(seed: int) -> dict[str, torch.Tensor]:
        made = train_names(NAMED, KINDS, {}, pretrained, pieces, few, seed=seed, say=quiet)
        return made.state_dict()

    first, again, other = weights(1), weights(1), weights(2)
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not all(torch.equal(first[name], other[name]) for name in first)


def test_a_recogniser_is_restored(
    recogniser: NameTeacher, pretrained: Pretrained, pieces: WordPieces, tmp_path: Path
) -> None:
    save(recogniser, tmp_path / "weights.pt")
    again = restore_names(tmp_path / "weights.pt", KINDS, pretrained, pieces, SETTINGS)
    words = [words for part in NAMED.values() for words, _ in part]
    found = [find_names([t], words, pieces, corpus="news") for t in (again, recogniser)]
    assert found[0] == found[1]
