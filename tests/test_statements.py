"""Statements of whole articles: words at their offsets, the same statements every time."""

import random
from collections.abc import Iterator
from functools import cache
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_cases import CASES

from kg.articles import read_articles
from kg.errors import LanguageError
from kg.languages import MODALITIES, languages
from kg.pipeline import load_reader, parse, parts_of
from kg.records import Article, Clause, Span, Statement
from kg.resources import data_dir
from kg.statements import extract, extract_open, extractor
from kg.vocabulary import relations

ODD = (
    "\r\n", "\r\n\r\n", "\n", "\n\n", "\t", "\u00a0", "\u200b", "\u2028", "\ufeff", "😀",
    "\U0001f469\U0001f3fd\u200d\U0001f3a8", "é", "e\u0301",
    "a\u0308\u0323", "“", "”", "\"", "«…»", "—", "İ", "ß", "ﬁ", "艺术家", "ا", "\x0b", "\u202e",
)  # fmt: skip
"""Characters that shift offsets where somebody strips, folds, lower-cases or normalises text."""

BLANKS = (" ", "\r\n", "\n", "  ", "\t", "\u00a0")

few = settings(
    max_examples=12, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip


@cache
def sentences(lang: str) -> tuple[str, ...]:
    """What texts are assembled from: the cases that state something, the paragraphs of the news."""
    cases = [case.text for case in CASES[lang].values() if case.statements]
    news = [
        part.strip()
        for article in read_articles([data_dir() / "articles"])
        if article.lang == lang
        for _, part in parts_of(article.text)
        if len(part) < 900
    ]
    assert len(news) >= 20
    return (*cases, *news)


@st.composite
def texts(draw: st.DrawFn, lang: str) -> str:
    """Sentences with odd characters between them, some over several lines."""
    pieces = []
    for sentence in draw(st.lists(st.sampled_from(sentences(lang)), min_size=1, max_size=5)):
        pieces.append(sentence.replace(" ", draw(st.sampled_from(BLANKS)), 2))
        pieces.append(draw(st.sampled_from(["", " ", " ", *ODD])))
        pieces.append(draw(st.sampled_from([" ", " ", *ODD])))
    return "".join(pieces)


def statements_of(lang: str, text: str) -> list[Statement]:
    [(_, statements)] = extract([Article("a", text, lang)])
    return statements


def spans_of(statement: Statement) -> list[Span]:
    spans = [statement.subject.span, statement.object.span, statement.trigger]
    if statement.attributed_to is not None:
        spans.append(statement.attributed_to.span)
    return spans


def open_spans(clause: Clause) -> list[Span]:
    spans = [clause.subject, clause.trigger, clause.object]
    return [span for span in (*spans, clause.source, clause.cue, clause.content) if span]


# Offsets ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", languages())
@few
@given(data=st.data())
def test_every_word_that_is_parsed_is_the_word_at_its_place(lang: str, data: st.DataObject) -> None:
    """What the pipeline read, against what the article has there."""
    text = data.draw(texts(lang))
    [(_, tree)] = parse(load_reader(lang), [Article("a", text, lang)])
    assert [text[start:end] for start, end in zip(tree.start, tree.end, strict=True)] == tree.word
    assert "".join("".join(tree.word).split()) == "".join(text.split())


@pytest.mark.parametrize("lang", languages())
@few
@given(data=st.data())
def test_every_span_is_the_words_at_its_place(lang: str, data: st.DataObject) -> None:
    text = data.draw(texts(lang))
    for statement in statements_of(lang, text):
        sentence = statement.sentence
        assert text[sentence.start : sentence.end] == sentence.text
        assert sentence.start <= statement.trigger.start < sentence.end
        for span in spans_of(statement):
            assert 0 <= span.start < span.end <= len(text)
            assert text[span.start : span.end] == span.text


@pytest.mark.parametrize("lang", languages())
@few
@given(data=st.data())
def test_every_span_of_an_open_clause_too(lang: str, data: st.DataObject) -> None:
    text = data.draw(texts(lang))
    [(_, clauses)] = extract_open([Article("a", text, lang)])
    for clause in clauses:
        for span in open_spans(clause):
            assert text[span.start : span.end] == span.text


@pytest.mark.parametrize("lang", languages())
def test_offsets_count_code_points(lang: str) -> None:
    """What stands before a sentence moves its statements by as many code points."""
    sentence = {"en": "Artists sued OpenAI.", "id": "Seniman menggugat OpenAI."}[lang]
    [plain] = [s for s in statements_of(lang, sentence) if s.relation == "sues"]
    before = "\U0001f469\U0001f3fd\u200d\U0001f3a8 e\u0301 \r\n\r\n"
    [moved] = [s for s in statements_of(lang, before + sentence) if s.relation == "sues"]
    shift = len(before)
    assert shift == 12
    assert [span.start + shift for span in spans_of(plain)] == [s.start for s in spans_of(moved)]
    assert [span.text for span in spans_of(plain)] == [s.text for s in spans_of(moved)]


# Parts -----------------------------------------------------------------------------------------


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(st.sampled_from('ab .!?:;"”)\r\n\t\u00a0\u2028😀e\u0301'), max_size=80))
def test_parts_have_every_character_that_is_not_blank_once(text: str) -> None:
    covered = [0] * len(text)
    end = 0
    for offset, part in parts_of(text):
        assert offset >= end
        assert text[offset : offset + len(part)] == part
        assert part.strip()
        end = offset + len(part)
        for i in range(offset, end):
            covered[i] += 1
    assert all(covered[i] == 1 for i, c in enumerate(text) if not c.isspace())
    assert max(covered, default=0) <= 1


def test_a_long_part_is_cut_at_white_space() -> None:
    text = ("word " * 9_000).rstrip()
    parts = list(parts_of(text))
    assert len(parts) == 3
    assert "".join(part for _, part in parts) == text
    assert all(len(part) <= 20_000 for _, part in parts)
    assert all(part.startswith("word") for _, part in parts)


def test_a_part_without_white_space_is_cut_all_the_same() -> None:
    parts = list(parts_of("x" * 45_000))
    assert [len(part) for _, part in parts] == [20_000, 20_000, 5_000]


# The same every time ---------------------------------------------------------------------------


def articles(seed: int) -> list[Article]:
    """Eight articles of three sentences, of both languages."""
    choice = random.Random(seed)
    return [
        Article(f"{lang}-{number}", " ".join(choice.sample(sentences(lang), 3)), lang)
        for lang in languages()
        for number in range(4)
    ]


def told(articles: list[Article]) -> dict[str, list[Statement]]:
    return {article.id: statements for article, statements in extract(articles)}


def test_the_same_text_gives_the_same_statements() -> None:
    assert told(articles(1)) == told(articles(1))


def test_the_order_of_articles_is_irrelevant() -> None:
    some = articles(2)
    expected = told(some)
    assert sum(len(statements) for statements in expected.values()) > 10
    for seed in range(3):
        shuffled = some.copy()
        random.Random(seed).shuffle(shuffled)
        assert told(shuffled) == expected
    alone = {article.id: found for one in some for article, found in extract([one])}
    assert alone == expected


def test_articles_come_in_the_order_given() -> None:
    some = articles(3)[::3]
    for order in permutations(some):
        assert [article for article, _ in extract(order)] == list(order)


@pytest.mark.parametrize("lang", languages())
@few
@given(data=st.data())
def test_statements_are_well_formed_and_in_text_order(lang: str, data: st.DataObject) -> None:
    known = {relation.name for relation in relations()}
    statements = statements_of(lang, data.draw(texts(lang)))
    assert [s.trigger.start for s in statements] == sorted(s.trigger.start for s in statements)
    for statement in statements:
        assert statement.relation in known
        assert statement.modality in MODALITIES
        assert 0 < statement.confidence <= 1
        assert statement.subject.entity.slug != statement.object.entity.slug
        assert (statement.article, statement.lang) == ("a", lang)
    keys = [
        (s.sentence.index, s.relation, s.subject.entity.slug, s.object.entity.slug, s.negated)
        for s in statements
    ]
    assert len(keys) == len(set(keys))


# Texts at the edge -----------------------------------------------------------------------------


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("text", ["", " ", "\r\n\r\n", "\ufeff", "😀", "...", '"', "“”", "-", "—?"])
def test_a_text_without_sentences_states_nothing(lang: str, text: str) -> None:
    assert statements_of(lang, text) == []


@pytest.mark.parametrize("lang", languages())
@settings(max_examples=25, deadline=None, derandomize=True)
@given(text=st.text(max_size=60))
def test_any_text_is_read(lang: str, text: str) -> None:
    """Odd text is never an error."""
    for statement in statements_of(lang, text):
        for span in spans_of(statement):
            assert text[span.start : span.end] == span.text


def test_an_empty_article_among_others_keeps_its_place() -> None:
    some = [Article("1", "", "en"), Article("2", "Artists sued OpenAI.", "en"),
            Article("3", "\n", "en")]  # fmt: skip
    assert [(a.id, bool(found)) for a, found in extract(some)] == [
        ("1", False),
        ("2", True),
        ("3", False),
    ]


@pytest.mark.parametrize("lang", ["xx", None])
def test_an_article_of_an_unknown_language_is_refused(lang: str | None) -> None:
    with pytest.raises(LanguageError):
        list(extract([Article("a", "Text.", lang)]))


def test_a_headline_ends_where_its_line_ends() -> None:
    """Without a full stop: its words are no part of the first sentence."""
    statements = statements_of("en", "Uproar over Adobe\n\nArtists sued OpenAI.")
    [suit] = [s for s in statements if s.relation == "sues"]
    assert suit.sentence.text == "Artists sued OpenAI."


# Several processes -----------------------------------------------------------------------------


def test_several_processes_give_the_same_statements_in_the_same_order() -> None:
    """And they are given a little at a time: few articles are read ahead of what is taken."""
    articles = list(read_articles([data_dir() / "articles"]))[:20]
    assert {article.lang for article in articles} == set(languages())
    one = list(extract(articles))
    taken = 0

    def more() -> Iterator[Article]:
        nonlocal taken
        for number in range(400):
            taken += 1
            yield Article(f"a{number}", "Artists sued OpenAI.", "en")

    with extractor(processes=2) as extract_all:
        assert list(extract_all(articles)) == one
        first, _ = next(extract_all(more()))
    assert [article.id for article, _ in one] == [article.id for article in articles]
    assert first.id == "a0"
    assert taken <= 100
