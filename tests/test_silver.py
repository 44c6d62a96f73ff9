"""Silver data: raw text that is split, drawn and kept; trees and names that teachers give it."""
# ruff: noqa: E402 - what these modules import may not be there

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

for _package in ("torch", "transformers", "tokenizers", "ufal.chu_liu_edmonds"):
    pytest.importorskip(_package, reason="needs the packages of the extra `teacher`")

from kg import silver
from kg.constructions import MarkedPairs, Pair
from kg.corpora import plain_text
from kg.encoder import WordPieces
from kg.silver import (
    RawSentence,
    add_names,
    complete_names,
    draw,
    name_sentences,
    parse_marked,
    parse_paragraphs,
    read_paragraphs,
    spans,
    split_text,
    write_paragraphs,
)
from kg.teachers import Hints, NameTeacher, Parse
from kg.training import make_tokenizer
from kg.training_settings import load_corpora

SETTINGS = load_corpora("id")
TOKENIZER = make_tokenizer("id")
PIECES = cast(WordPieces, None)
"""No test here lets a real teacher read."""


def raw(text: str) -> RawSentence:
    words = text.split()
    return RawSentence(tuple(words), (True,) * len(words))


# Splitting raw text


@pytest.fixture(scope="module")
def nlp() -> Language:
    nlp = spacy.blank("id")
    nlp.add_pipe("sentencizer")
    return nlp


def split(
    nlp: Language, *lines: str, tested: Sequence[str] = (), shortest: int = 1, longest: int = 99
) -> list[list[str]]:
    settings = replace(SETTINGS.silver, shortest=shortest, longest=longest)
    never = frozenset(plain_text(text) for text in tested)
    return [[s.text for s in part] for part in split_text(lines, nlp, settings, never)]


def test_text_is_split_into_sentences_with_words_and_blanks(nlp: Language) -> None:
    any_length = replace(SETTINGS.silver, shortest=1, longest=99)
    lines = ["Ia (Rara) kalah. Ia pergi."]
    ((first, second),) = split_text(lines, nlp, any_length, frozenset())
    assert first.words == ("Ia", "(", "Rara", ")", "kalah", ".")
    assert first.spaces == (True, False, False, True, False, True)
    assert (first.text, second.text) == ("Ia (Rara) kalah.", "Ia pergi.")


def test_test_sentences_are_left_out_however_they_are_spaced(nlp: Language) -> None:
    lines = ["Satu pergi. Ia, kata OpenAI, kalah. Dua pergi.", "ia , kata OPENAI ,kalah ."]
    tested = ["Ia , kata OpenAI , kalah ."]
    assert split(nlp, *lines, tested=tested) == [["Satu pergi.", "Dua pergi."]]
    assert [len(part) for part in split(nlp, *lines)] == [3, 1]


def test_a_sentence_is_kept_once(nlp: Language) -> None:
    lines = ["Baca juga! Satu pergi.", "Baca juga! Dua pergi. Dua pergi.", "Baca juga!"]
    assert split(nlp, *lines) == [["Baca juga!", "Satu pergi."], ["Dua pergi."]]


def test_lines_with_a_sentence_too_short_or_too_long_are_left_out(nlp: Language) -> None:
    long = "Delapan sembilan sepuluh sebelas dua belas."
    lines = ["Satu dua tiga. Empat.", "Lima enam tujuh.", long + " Satu lagi saja."]
    assert split(nlp, *lines, shortest=3, longest=6) == [["Lima enam tujuh."]]
    # What is left out anyway does not count.
    assert split(nlp, *lines, tested=["Empat.", long], shortest=3, longest=6) == [
        ["Satu dua tiga."],
        ["Lima enam tujuh."],
        ["Satu lagi saja."],
    ]


# Keeping and drawing paragraphs

words_and_blanks = st.lists(st.tuples(st.text(min_size=1), st.booleans()), min_size=1, max_size=4)
sentences = words_and_blanks.map(
    lambda pairs: RawSentence(tuple(word for word, _ in pairs), tuple(space for _, space in pairs))
)


@given(st.lists(st.lists(sentences, min_size=1, max_size=3).map(tuple), max_size=4))
def test_paragraphs_are_read_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, paragraphs: list[tuple[RawSentence, ...]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "raw.jsonl"
    write_paragraphs(paragraphs, path)
    assert read_paragraphs(path) == paragraphs


def test_paragraphs_may_hold_any_white_space(tmp_path: Path) -> None:
    odd = [(RawSentence(("a\u2028b", "\u00a0", "\n"), (True, False, False)),), (raw("ya"),)]
    write_paragraphs(odd, tmp_path / "raw.jsonl")
    assert read_paragraphs(tmp_path / "raw.jsonl") == odd
    assert len((tmp_path / "raw.jsonl").read_bytes().split(b"\n")) == 3


PARAGRAPHS = [(raw(f"kalimat {n} panjang"), raw("ya benar")) for n in range(100)]


def test_as_many_words_as_asked_are_drawn_in_random_order() -> None:
    drawn = draw(PARAGRAPHS, 200, random.Random(1))
    assert len(drawn) == 40
    assert set(drawn) < set(PARAGRAPHS)
    assert drawn != PARAGRAPHS[:40]
    assert sorted(drawn, key=PARAGRAPHS.index) != drawn
    assert len(draw(PARAGRAPHS, 201, random.Random(1))) == 41
    assert draw(PARAGRAPHS, 0, random.Random(1)) == []
    everything = draw(iter(PARAGRAPHS), 10**6, random.Random(1))
    assert sorted(everything, key=PARAGRAPHS.index) == PARAGRAPHS


def test_the_same_chance_draws_the_same() -> None:
    before = [*PARAGRAPHS]
    first = draw(PARAGRAPHS, 200, random.Random(1))
    assert first == draw(PARAGRAPHS, 200, random.Random(1))
    assert first != draw(PARAGRAPHS, 200, random.Random(2))
    assert before == PARAGRAPHS


# Trees


def tree(heads: Sequence[int], relations: str, tags: str, sure: float = 1.0) -> Parse:
    return Parse(
        tags=tuple(tags.split()),
        features=("",) * len(heads),
        heads=tuple(heads),
        relations=tuple(relations.split()),
        confidence=sure,
    )


Given = tuple[list[tuple[str, ...]], dict[int, Hints]]


@pytest.fixture
def given_trees(monkeypatch: pytest.MonkeyPatch) -> Callable[[Sequence[Parse]], Given]:
    """Sets the parses that teachers give; gives the sentences and hints that they are asked."""

    def use(trees: Sequence[Parse]) -> Given:
        asked: Given = ([], {})

        def parse(
            teachers: object,
            words: Sequence[tuple[str, ...]],
            pieces: object,
            *,
            hints: dict[int, Hints] | None = None,
        ) -> Iterator[tuple[int, Parse]]:
            asked[0].extend(words)
            asked[1].update(hints or {})
            # Teachers answer in their own order.
            yield from reversed([*enumerate(trees)])

        monkeypatch.setattr(silver, "parse", parse)
        return asked

    return use


PASSIVE = "Data disalin peretas"
PASSIVE_TREE = ((1, 1, 1), "nsubj:pass ROOT obj", "NOUN VERB NOUN")


def test_paragraphs_are_kept_whose_edges_are_sure_on_average(
    given_trees: Callable[[Sequence[Parse]], Given],
) -> None:
    paragraphs = [
        (raw(PASSIVE), raw("Ya")),
        (raw("Ya"), raw(PASSIVE)),
        (raw(PASSIVE),),
    ]
    single = ((0,), "ROOT", "INTJ")
    given_trees(
        [
            tree(*PASSIVE_TREE, 0.9), tree(*single, 0.5),  # 0.8 a word
            tree(*single, 0.9), tree(*PASSIVE_TREE, 0.7),  # 0.75 a word
            tree(*PASSIVE_TREE, 0.9),
        ]
    )  # fmt: skip
    sure = replace(SETTINGS, silver=replace(SETTINGS.silver, least_confidence=0.79))
    kept = [*parse_paragraphs(paragraphs, [], PIECES, sure)]
    assert [[s.text for s in part] for part in kept] == [[PASSIVE, "Ya"], [PASSIVE]]
    sentence = kept[0][0]
    assert sentence.heads == (1, 1, 1)
    assert sentence.spaces == (True, True, True)
    assert sentence.lemmas == ("", "", "")


def test_trees_of_raw_text_follow_the_conventions_of_the_treebanks(
    given_trees: Callable[[Sequence[Parse]], Given],
) -> None:
    given_trees(
        [
            tree(*PASSIVE_TREE),
            tree((1, 1, 3, 1), "nsubj ROOT mark advcl", "PRON VERB SCONJ ADJ"),
        ]
    )
    ((first, second),) = parse_paragraphs(
        [(raw(PASSIVE), raw("Ia yakin bahwa rugi"))], [], PIECES, SETTINGS
    )
    assert first.relations == ("nsubj:pass", "ROOT", "obl:agent")
    assert second.relations == ("nsubj", "ROOT", "mark", "ccomp")


def test_marked_sentences_become_hints(given_trees: Callable[[Sequence[Parse]], Given]) -> None:
    asked = given_trees([tree(*PASSIVE_TREE)] * 3)
    agents = [
        MarkedPairs(PASSIVE, (Pair((5, 12), (13, 20)),)),
        MarkedPairs(PASSIVE, (), ((5, 12),)),
    ]
    reports = [MarkedPairs("Ia bilang rugi", (Pair((3, 9), (10, 14)),))]
    made = parse_marked(agents, reports, TOKENIZER, [], PIECES, SETTINGS)
    assert asked[0] == [("Data", "disalin", "peretas")] * 2 + [("Ia", "bilang", "rugi")]
    assert asked[1] == {
        0: Hints({2: (1, "obl:agent")}),
        1: Hints({}, never=((1, "obl:agent"),)),
        2: Hints({}, either=((1, 2, "ccomp", "parataxis"),)),
    }
    assert [s.text for s in made] == [PASSIVE, PASSIVE, "Ia bilang rugi"]
    # No rule makes an agent of a bare noun where people say that there is none.
    assert made[1].relations == ("nsubj:pass", "ROOT", "obj")


def test_a_verb_without_a_bare_agent_may_have_one_with_a_marker(
    given_trees: Callable[[Sequence[Parse]], Given],
) -> None:
    text = "Data disalin oleh firma"
    given_trees([tree((1, 1, 3, 1), "nsubj:pass ROOT case obl", "NOUN VERB ADP NOUN")])
    (made,) = parse_marked([MarkedPairs(text, (), ((5, 12),))], [], TOKENIZER, [], PIECES, SETTINGS)
    assert made.relations == ("nsubj:pass", "ROOT", "case", "obl:agent")


# Names

TEACHER = cast(NameTeacher, SimpleNamespace(kinds={"main": ("ORG", "PER"), "more": ("ORG", "SYS")}))
Answers = dict[str, list[tuple[str, float]]]


@pytest.fixture
def given_names(monkeypatch: pytest.MonkeyPatch) -> Callable[[Answers], None]:
    """Sets the labels and the certainty that teachers give, by corpus."""

    def use(answers: Answers) -> None:
        def find_names(
            teachers: object, sentences: Sequence[object], pieces: object, *, corpus: str
        ) -> list[tuple[tuple[str, ...], float]]:
            assert len(sentences) == len(answers[corpus])
            return [(tuple(tags.split()), sure) for tags, sure in answers[corpus]]

        monkeypatch.setattr(silver, "find_names", find_names)

    return use


def test_raw_sentences_get_the_names_of_both_corpora_if_sure(
    given_names: Callable[[Answers], None],
) -> None:
    given_names(
        {
            "main": [("B-PER O O", 0.9), ("O O B-ORG", 0.5), ("O O O", 0.9)],
            "more": [("O O B-SYS", 0.6), ("O O O", 0.9), ("B-SYS O O", 0.59)],
        }
    )
    words = [["Sam", "memakai", "Sora"]] * 3
    named = name_sentences(words, [TEACHER], PIECES, main="main", more="more", least=0.6)
    assert named == [(("Sam", "memakai", "Sora"), ("B-PER", "O", "B-SYS"))]
    every = name_sentences(words, [TEACHER], PIECES, main="main", more="more", least=0.5)
    assert [tags for _, tags in every] == [
        ("B-PER", "O", "B-SYS"),
        ("O", "O", "B-ORG"),
        ("B-SYS", "O", "O"),
    ]


@pytest.mark.parametrize(("keep", "first"), [(True, "B-ORG"), (False, "B-PER")])
def test_annotated_sentences_get_the_kinds_that_their_corpus_lacks(
    given_names: Callable[[Answers], None], keep: bool, first: str
) -> None:
    given_names({"main": [("B-PER O O", 0.1)], "more": [("B-SYS B-ORG B-SYS", 0.1)]})
    sentence = (("Sam", "memakai", "Sora"), ("B-ORG", "O", "O"))
    named = complete_names([sentence], [TEACHER], PIECES, main="main", more="more", keep=keep)
    assert named == [(sentence[0], (first, "O", "B-SYS"))]


@pytest.mark.parametrize(
    ("tags", "found"),
    [
        ("", []),
        ("O O", []),
        ("B-PER", [(0, 1, "PER")]),
        ("O B-PER I-PER O B-ORG", [(1, 3, "PER"), (4, 5, "ORG")]),
        ("B-PER B-PER I-PER", [(0, 1, "PER"), (1, 3, "PER")]),
        ("I-PER O I-PER", []),
        ("B-PER O I-PER", [(0, 1, "PER")]),
    ],
)
def test_spans_of_labels(tags: str, found: list[tuple[int, int, str]]) -> None:
    assert spans(tags.split()) == found


@pytest.mark.parametrize(
    ("tags", "more", "merged"),
    [
        ("O O O", "B-SYS I-SYS O", "B-SYS I-SYS O"),
        ("O O O", "B-ORG O B-SYS", "O O B-SYS"),
        ("B-PER O O", "B-SYS I-SYS O", "B-PER O O"),
        ("B-PER I-PER O", "O B-SYS I-SYS", "B-PER I-PER O"),
        ("B-PER O O", "O B-SYS B-WORK", "B-PER B-SYS B-WORK"),
        ("O O O", "O O O", "O O O"),
    ],
    ids=["new", "known kind", "overlap", "overlap at the end", "side by side", "none"],
)
def test_names_are_added_where_there_is_none(tags: str, more: str, merged: str) -> None:
    assert add_names(tags.split(), more.split(), but=["PER", "ORG"]) == tuple(merged.split())


def labels(kinds: str) -> st.SearchStrategy[list[str]]:
    """BIO labels of six words: names of one to three words."""

    def bio(draws: list[tuple[str, int]]) -> list[str]:
        tags: list[str] = []
        for kind, length in draws:
            tags += ["O"] if kind == "O" else [f"B-{kind}", *[f"I-{kind}"] * (length - 1)]
        return [*tags, *["O"] * 6][:6]

    draws = st.tuples(st.sampled_from(["O", *kinds]), st.integers(1, 3))
    return st.lists(draws, max_size=6).map(bio)


@given(tags=labels("PQ"), more=labels("PS"))
def test_added_names_leave_the_others_as_they_are(tags: list[str], more: list[str]) -> None:
    merged = add_names(tags, more, but=["P", "Q"])
    old, new, second = spans(tags), spans(merged), spans(more)
    assert [name for name in new if name[2] != "S"] == old
    added = [name for name in new if name[2] == "S"]
    apart = [s for s in second if not any(s[0] < end and begin < s[1] for begin, end, _ in old)]
    assert added == [name for name in apart if name[2] == "S"]
    assert add_names(merged, more, but=["P", "Q"]) == merged
