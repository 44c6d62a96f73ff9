"""The project's own sentences: reading, offsets to words, and scores on parses made by hand."""

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
import spacy
from parses import doc_of
from spacy.language import Language
from spacy.tokens import Doc

from kg.constructions import (
    MarkedNames,
    MarkedPairs,
    Pair,
    Span,
    SplitText,
    other_words,
    read_names,
    read_pairs,
    read_splits,
    score_agents,
    score_reports,
    score_splits,
    to_bio,
    word_pairs,
)
from kg.corpora import plain_text
from kg.errors import TrainingError
from kg.name_corpora import kinds_of
from kg.training import make_tokenizer
from kg.training_settings import load_corpora, training_dir

SETTINGS = load_corpora("id")
TOKENIZER = make_tokenizer("id")
SENTENCES = training_dir("id") / "sentences"

NAMES = {
    "text": "Gugatan Sam Altman ditolak.",
    "date": "2024-08",
    "topic": "openai",
    "spans": [{"start": 8, "end": 18, "label": "PER"}],
}
PAIRS = {"text": "Data disalin peretas.", "pairs": [{"cue": [5, 12], "head": [13, 20]}], "none": []}
SPLIT = {"kind": "quote", "text": "Satu. Dua.", "sentences": ["Satu.", "Dua."]}


class Parses:
    """Stands for a pipeline: gives the docs that a test wrote, in the order of the texts."""

    def __init__(self, *docs: Doc) -> None:
        self.docs = {doc.text: doc for doc in docs}

    def pipe(self, texts: Iterable[str]) -> Iterator[Doc]:
        """The docs of texts."""
        return (self.docs[text] for text in texts)


def pipeline(*docs: Doc) -> Language:
    return cast(Language, Parses(*docs))


def marked(doc: Doc, *pairs: tuple[str, str]) -> MarkedPairs:
    """A sentence with pairs of words that occur once in it."""

    def place(word: str) -> tuple[int, int]:
        (token,) = (token for token in doc if token.text == word)
        return token.idx, token.idx + len(token)

    return MarkedPairs(doc.text, tuple(Pair(place(cue), place(head)) for cue, head in pairs))


# Reading


def write(path: Path, *rows: object) -> Path:
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return path


def test_sentences_are_read_in_order(tmp_path: Path) -> None:
    other = {**NAMES, "text": "Tidak ada.", "spans": []}
    assert read_names(write(tmp_path / "n", NAMES, other)) == [
        MarkedNames("Gugatan Sam Altman ditolak.", "2024-08", "openai", (Span(8, 18, "PER"),)),
        MarkedNames("Tidak ada.", "2024-08", "openai", ()),
    ]
    assert read_pairs(write(tmp_path / "p", PAIRS)) == [
        MarkedPairs("Data disalin peretas.", (Pair((5, 12), (13, 20)),), ())
    ]
    assert read_splits(write(tmp_path / "s", SPLIT)) == [
        SplitText("quote", "Satu. Dua.", ("Satu.", "Dua."))
    ]


@pytest.mark.parametrize(
    ("read", "good", "bad", "reason"),
    [
        (read_names, NAMES, "{", r"Invalid JSON"),
        (read_names, NAMES, "", r"Invalid JSON"),
        (read_names, NAMES, {"text": "x"}, r"date: .*"),
        (read_names, NAMES, {**NAMES, "extra": 1}, r"extra: .*"),
        (
            read_names,
            NAMES,
            {**NAMES, "spans": [{"start": "x", "end": 3, "label": "PER"}]},
            r"spans\.0\.start: .*integer",
        ),
        (
            read_names,
            NAMES,
            {**NAMES, "spans": [{"start": 8, "end": 28, "label": "PER"}]},
            r"8 to 28: .*from 0 to 27",
        ),
        (
            read_names,
            NAMES,
            {**NAMES, "spans": [{"start": 8, "end": 8, "label": "PER"}]},
            r"8 to 8: .*expected",
        ),
        (
            read_names,
            NAMES,
            {**NAMES, "spans": [{"start": -3, "end": 2, "label": "PER"}]},
            r"-3 to 2: .*expected",
        ),
        (
            read_names,
            NAMES,
            {**NAMES, "spans": [*NAMES["spans"], {"start": 12, "end": 20, "label": "ORG"}]},  # type: ignore[misc]
            r"two names at 12: expected|two names at 12; expected",
        ),
        (read_pairs, PAIRS, {**PAIRS, "pairs": [{"cue": [5, 12]}]}, r"pairs\.0\.head: .*"),
        (read_pairs, PAIRS, {**PAIRS, "none": [[13, 40]]}, r"13 to 40: .*expected"),
        (
            read_pairs,
            PAIRS,
            {**PAIRS, "pairs": [{"cue": [5, 12], "head": [20, 13]}]},
            r"20 to 13: .*expected",
        ),
        (read_splits, SPLIT, {**SPLIT, "sentences": "Satu."}, r"sentences: .*"),
        (read_splits, SPLIT, {**SPLIT, "sentences": ["Satu."]}, r"make up the text"),
        (read_splits, SPLIT, {**SPLIT, "sentences": ["Dua.", "Satu."]}, r"make up the text"),
    ],
)
def test_a_bad_line_is_named_with_file_line_and_reason(
    tmp_path: Path, read: Callable[[Path], object], good: object, bad: object, reason: str
) -> None:
    path = write(tmp_path / "bad.jsonl", good, bad, good)
    with pytest.raises(TrainingError, match=rf"bad\.jsonl:2: .*({reason})"):
        read(path)


@pytest.mark.parametrize("read", [read_names, read_pairs, read_splits])
def test_a_missing_or_unreadable_file_is_named(
    tmp_path: Path, read: Callable[[Path], object]
) -> None:
    with pytest.raises(TrainingError, match=r"none\.jsonl.*expected JSON lines"):
        read(tmp_path / "none.jsonl")
    (tmp_path / "latin.jsonl").write_bytes(b'{"text": "caf\xe9"}')
    with pytest.raises(TrainingError, match=r"latin\.jsonl.*expected JSON lines"):
        read(tmp_path / "latin.jsonl")


# Offsets and words


@pytest.mark.parametrize(
    ("text", "spans", "words", "tags"),
    [
        (
            "Gugatan Sam Altman, ditolak.",
            [(8, 18, "PER")],
            "Gugatan Sam Altman , ditolak .",
            "O B-PER I-PER O O O",
        ),
        ("OpenAI Sora", [(0, 6, "ORG"), (7, 11, "SYS")], "OpenAI Sora", "B-ORG B-SYS"),
        ("Karya Sam-nya hilang", [(6, 9, "PER")], "Karya Sam-nya hilang", "O B-PER O"),
        ("«É. Zola», x", [(1, 8, "PER")], "« É. Zola » , x", "O B-PER I-PER O O O"),
        ("Tidak ada", [], "Tidak ada", "O O"),
    ],
    ids=["two words", "side by side", "part of a word", "quotes and accents", "none"],
)
def test_names_as_labels_of_words(
    text: str, spans: list[tuple[int, int, str]], words: str, tags: str
) -> None:
    sentence = MarkedNames(text, "", "", tuple(Span(*span) for span in spans))
    (labelled,) = to_bio([sentence], TOKENIZER)
    assert labelled == (tuple(words.split()), tuple(tags.split()))


def test_pairs_as_places_of_words() -> None:
    doc = TOKENIZER("Datanya, kata Rara, disalin-ulang peretas itu.")
    sentence = MarkedPairs(doc.text, (Pair((20, 33), (34, 41)), Pair((9, 13), (20, 27))), ((0, 4),))
    words = [(doc[cue].text, doc[head].text) for cue, head in word_pairs(sentence, doc)]
    assert words == [("disalin-ulang", "peretas"), ("kata", "disalin-ulang")]
    assert [doc[i].text for i in other_words(sentence, doc)] == ["Datanya"]


def test_offsets_beyond_the_doc_are_an_error() -> None:
    doc = TOKENIZER("Pendek.")
    sentence = MarkedPairs("Pendek. Lebih panjang.", (), ((8, 13),))
    with pytest.raises(TrainingError, match=r"Pendek.*no word at 8 to 13"):
        other_words(sentence, doc)


# Scores

AGENTS = doc_of(
    "id",
    """
    Data     data   NOUN  nsubj:pass 2
    disalin  salin  VERB  ROOT       2
    peretas  retas  NOUN  obl:agent  2
    dan      dan    CCONJ cc         5
    dijual   jual   VERB  conj       2
    oleh     oleh   ADP   case       7
    firma    firma  NOUN  obl:agent  5
    """,
)
MISSED = doc_of(
    "id",
    """
    Karya    karya  NOUN  nsubj:pass 2
    ditiru   tiru   VERB  ROOT       2
    mesin    mesin  NOUN  obl        2
    """,
)


def test_bare_agents_are_edges_with_the_label_and_no_marker() -> None:
    scores = score_agents(
        pipeline(AGENTS, MISSED), [marked(AGENTS, ("disalin", "peretas"))], SETTINGS.agent
    )
    assert scores == {"precision": 100, "recall": 100, "F": 100}


def test_agents_that_are_missed_wrong_or_too_many_cost() -> None:
    missed = [marked(AGENTS, ("disalin", "peretas")), marked(MISSED, ("ditiru", "mesin"))]
    scores = score_agents(pipeline(AGENTS, MISSED), missed, SETTINGS.agent)
    assert scores == pytest.approx({"precision": 100, "recall": 50, "F": 200 / 3})
    extra = [marked(AGENTS), marked(MISSED, ("ditiru", "mesin"))]
    scores = score_agents(pipeline(AGENTS, MISSED), extra, SETTINGS.agent)
    assert scores == {"precision": 0, "recall": 0, "F": 0}
    turned = [marked(AGENTS, ("peretas", "disalin"))]
    assert score_agents(pipeline(AGENTS), turned, SETTINGS.agent)["F"] == 0


def test_nothing_to_find_and_nothing_found_is_zero() -> None:
    scores = score_agents(pipeline(MISSED), [marked(MISSED)], SETTINGS.agent)
    assert scores == {"precision": 0, "recall": 0, "F": 0}


REPORTS = {
    "complement": """
        Ia       ia     PRON  nsubj  2
        bilang   bilang VERB  ROOT   2
        firma    firma  NOUN  nsubj  4
        rugi     rugi   ADJ   ccomp  2
        """,
    "clause with a complementizer": """
        Ia       ia     PRON  nsubj  2
        bilang   bilang VERB  ROOT   2
        bahwa    bahwa  SCONJ mark   4
        rugi     rugi   ADJ   advcl  2
        """,
    "quote above": """
        Firma    firma  NOUN  nsubj     2
        rugi     rugi   ADJ   ROOT      2
        ,        ,      PUNCT punct     4
        bilang   bilang VERB  parataxis 2
        """,
    "quote below": """
        Ia       ia     PRON  nsubj     2
        bilang   bilang VERB  ROOT      2
        :        :      PUNCT punct     2
        rugi     rugi   ADJ   parataxis 2
        """,
}


@pytest.mark.parametrize("name", REPORTS)
def test_reported_clauses_have_several_forms(name: str) -> None:
    doc = doc_of("id", REPORTS[name])
    for pair in (("bilang", "rugi"), ("rugi", "bilang")):
        scores = score_reports(pipeline(doc), [marked(doc, pair)], SETTINGS.complement)
        assert scores == {"precision": 100, "recall": 100, "F": 100}


@pytest.mark.parametrize(
    ("table", "found"),
    [
        (
            """
            Ia       ia     PRON  nsubj  2
            bilang   bilang VERB  ROOT   2
            karena   karena SCONJ mark   4
            rugi     rugi   ADJ   advcl  2
            """,
            0,
        ),
        (
            """
            Bahwa    bahwa  SCONJ mark   2
            rugi     rugi   ADJ   ROOT   2
            bilang   bilang VERB  dep    2
            """,
            0,
        ),
        (
            """
            Ia       ia     PRON  nsubj  2
            bilang   bilang VERB  ROOT   2
            senang   senang ADJ   ccomp  2
            rugi     rugi   ADJ   obj    2
            """,
            1,
        ),
    ],
    ids=["adverbial clause", "root with a complementizer", "another word"],
)
def test_what_is_no_reported_clause(table: str, found: int) -> None:
    doc = doc_of("id", table)
    gold = [marked(doc, ("bilang", "rugi"))]
    assert score_reports(pipeline(doc), gold, SETTINGS.complement)["recall"] == 0
    good = doc_of("id", REPORTS["complement"])
    both = [marked(good, ("bilang", "rugi")), marked(doc)]
    scores = score_reports(pipeline(good, doc), both, SETTINGS.complement)
    assert scores["precision"] == pytest.approx(100 / (1 + found))


def split(text: str, *starts: str) -> Doc:
    """A text of the tokenizer, with sentences that begin at these words (and at the first)."""
    doc = TOKENIZER(text)
    for token in doc:
        token.is_sent_start = token.i == 0 or token.text in starts
    return doc


def test_sentences_need_both_ends_and_white_space_does_not_count() -> None:
    quote = SplitText("quote", "Satu. Dua. Tiga.", ("Satu.", "Dua.", "Tiga."))
    line = SplitText("line", "Judul\n\nIsi pertama.", ("Judul", "Isi pertama."))
    right = score_splits(
        pipeline(split(quote.text, "Dua", "Tiga"), split(line.text, "Isi")), [quote, line]
    )
    assert right == {"all": 100, "quote": 100, "line": 100}
    # The break begins the second sentence: still the same words.
    assert score_splits(pipeline(split(line.text, "\n\n")), [line]) == {"all": 100, "line": 100}
    joined = score_splits(
        pipeline(split(quote.text, "Dua"), split(line.text, "Isi")), [quote, line]
    )
    assert joined == pytest.approx({"quote": 40, "line": 100, "all": 600 / 9})
    assert score_splits(pipeline(split(quote.text)), [quote]) == {"all": 0, "quote": 0}


def test_a_break_that_is_a_sentence_of_its_own_does_not_count() -> None:
    line = SplitText("line", "Judul\n\nIsi.", ("Judul", "Isi."))
    doc = split(line.text, "\n\n", "Isi")
    assert len(list(doc.sents)) == 3
    assert score_splits(pipeline(doc), [line]) == {"all": 100, "line": 100}


def test_equal_sentences_in_a_text_are_told_apart() -> None:
    twice = SplitText("short", "Ya. Ya.", ("Ya.", "Ya."))
    doc = TOKENIZER(twice.text)
    for token in doc:
        token.is_sent_start = token.text == "Ya"
    assert score_splits(pipeline(doc), [twice]) == {"all": 100, "short": 100}


def test_scores_of_a_real_pipeline_take_raw_text() -> None:
    nlp = spacy.blank("id")
    nlp.add_pipe("sentencizer")
    texts = [SplitText("stop", "Ia kalah. Ia pergi.", ("Ia kalah.", "Ia pergi."))]
    assert score_splits(nlp, texts) == {"all": 100, "stop": 100}


# The project's sentences


def test_the_sentences_of_the_project_are_many_whole_and_apart() -> None:
    names = {p: read_names(SENTENCES / f"names-{p}.jsonl") for p in ("train", "dev", "test")}
    pairs: dict[str, list[Any]] = {
        f"{kind}-{part}": read_pairs(SENTENCES / f"{kind}-{part}.jsonl")
        for kind in ("agents", "reports")
        for part in ("train", "test")
    }
    splits = {p: read_splits(SENTENCES / f"splits-{p}.jsonl") for p in ("dev", "test")}
    assert min(map(len, (*names.values(), *pairs.values(), *splits.values()))) >= 50
    texts = {**names, **pairs, **{f"splits-{part}": texts for part, texts in splits.items()}}
    plain = {name: {plain_text(one.text) for one in part} for name, part in texts.items()}
    assert {name: len(part) for name, part in texts.items()} == {
        name: len(part) for name, part in plain.items()
    }
    tests = {name: plain[name] for name in plain if name.endswith("test")}
    assert len(tests) == 4
    shared = {
        (test, other): both
        for test, tested in tests.items()
        for other in plain
        if other != test and (both := tested & plain[other])
    }
    assert shared == {}


def test_every_mark_of_the_project_is_on_words_of_the_tokenizer() -> None:
    count = 0
    for path in sorted(SENTENCES.glob("*-*.jsonl")):
        if not path.name.startswith(("agents", "reports")):
            continue
        for sentence in read_pairs(path):
            doc = TOKENIZER(sentence.text)
            places = word_pairs(sentence, doc)
            assert all(cue != head for cue, head in places), path.name
            assert not {cue for cue, _ in places} & {*other_words(sentence, doc)}, path.name
            count += len(places)
    assert count > 300
    train = to_bio(read_names(SENTENCES / "names-train.jsonl"), TOKENIZER)
    dev_test = [
        labelled
        for part in ("dev", "test")
        for labelled in to_bio(read_names(SENTENCES / f"names-{part}.jsonl"), TOKENIZER)
    ]
    assert set(kinds_of(dev_test)) <= set(kinds_of(train))
    marks = sum(len(s.spans) for s in read_names(SENTENCES / "names-train.jsonl"))
    assert sum(tag.startswith("B-") for _, tags in train for tag in tags) == marks


def test_labels_and_relations_of_the_settings_are_the_ones_counted() -> None:
    assert SETTINGS.complement.label in SETTINGS.complement.reports
    assert SETTINGS.complement.above in SETTINGS.complement.reports
    assert SETTINGS.agent.label in SETTINGS.scores.core
