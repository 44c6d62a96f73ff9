"""Times: what expressions come to, and which clause they belong to, on parses written by hand."""

import calendar
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from parses import at, lexicon_of, linker_of

from kg.graph import article_quads
from kg.languages import language_pack, languages
from kg.readback import statements_from
from kg.records import Article
from kg.statements import extract
from kg.times import Times, compile_times

DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))
MONTHS = {
    "en": list(calendar.month_name)[1:],
    "id": ["Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September",
           "Oktober", "November", "Desember"],
}  # fmt: skip
WEEKDAYS = {
    "en": list(calendar.day_name),
    "id": ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"],
}
ON = {"en": "on", "id": "pada"}

SUED = """
Getty   getty   PROPN  nsubj  2  NNP
sued    sue     VERB   ROOT   2  VBD
Apple   apple   PROPN  dobj   2  NNP
"""
MENGGUGAT = """
Getty       getty       PROPN  nsubj  2
menggugat   menggugat   VERB   root   2  Voice=Act
Apple       apple       PROPN  obj    2
"""


def times_of(lang: str, table: str, written: str) -> Times:
    linker = linker_of(lang, table)
    scanner = compile_times(language_pack(lang).times)
    return Times(linker.clauses, linker, lexicon_of(lang), scanner, written)


def when(lang: str, phrase: str, written: str = "", modality: str = "asserted") -> str | None:
    """The time of "Getty sued Apple" with a prepositional phrase behind it."""
    label = {"en": ("prep", "pobj"), "id": ("case", "obl")}[lang]
    first, *rest = phrase.split()
    lines = (SUED if lang == "en" else MENGGUGAT).strip().splitlines()
    if first == ON[lang] and lang == "en":
        lines.append(f"{first} {first} ADP {label[0]} 2 IN")
        head = 4
        lines += [f"{word} {word} NOUN {label[1]} {head} NN" for word in rest]
    elif first == ON[lang]:
        lines.append(f"{first} {first} ADP {label[0]} 5")
        lines.append(f"{rest[0]} {rest[0]} NOUN {label[1]} 2")
        lines += [f"{word} {word} NOUN flat 5" for word in rest[1:]]
    else:
        free = {"en": "npadvmod", "id": "obl"}[lang]
        lines.append(f"{first} {first} NOUN {free} 2")
        lines += [f"{word} {word} NOUN {'nmod' if lang == 'en' else 'flat'} 4" for word in rest]
    times = times_of(lang, "\n".join(lines), written)
    return times.of(1, modality)


@pytest.mark.parametrize("lang", languages())
@given(day=DAYS, written=DAYS)
@settings(max_examples=60, deadline=None)
def test_a_full_date_is_that_date_whatever_the_article(lang: str, day: date, written: date) -> None:
    phrase = f"{ON[lang]} {day.day} {MONTHS[lang][day.month - 1]} {day.year}"
    assert when(lang, phrase, written.isoformat()) == day.isoformat()
    assert when(lang, phrase) == day.isoformat()


@pytest.mark.parametrize("lang", languages())
@given(day=DAYS)
@settings(max_examples=40, deadline=None)
def test_a_month_with_its_year_is_told_no_finer(lang: str, day: date) -> None:
    phrase = f"{ON[lang]} {MONTHS[lang][day.month - 1]} {day.year}"
    assert when(lang, phrase) == day.isoformat()[:7]


@pytest.mark.parametrize("lang", languages())
@given(written=DAYS, number=st.integers(0, 6))
@settings(max_examples=60, deadline=None)
def test_a_weekday_is_the_nearest_one_in_its_direction(
    lang: str, written: date, number: int
) -> None:
    phrase = f"{ON[lang]} {WEEKDAYS[lang][number]}"
    told = date.fromisoformat(str(when(lang, phrase, written.isoformat())))
    assert told.weekday() == number
    assert timedelta(0) <= written - told < timedelta(7)
    ahead = date.fromisoformat(str(when(lang, phrase, written.isoformat(), "promised")))
    assert ahead.weekday() == number
    assert timedelta(0) <= ahead - written < timedelta(7)


@pytest.mark.parametrize("lang", languages())
@given(written=DAYS, month=st.integers(1, 12))
@settings(max_examples=60, deadline=None)
def test_a_month_without_a_year_is_the_last_one_or_the_next(
    lang: str, written: date, month: int
) -> None:
    phrase = f"{ON[lang]} {MONTHS[lang][month - 1]}"
    last = str(when(lang, phrase, written.isoformat()))
    assert last <= written.isoformat()[:7]
    assert int(last[5:]) == month
    assert written.year - int(last[:4]) in (0, 1)
    coming = str(when(lang, phrase, written.isoformat(), "planned"))
    assert coming >= written.isoformat()[:7]
    assert int(coming[:4]) - written.year in (0, 1)


@pytest.mark.parametrize(("lang", "phrase"), [("en", "last week"), ("id", "pekan lalu")])
@given(written=DAYS)
@settings(max_examples=40, deadline=None)
def test_last_week_is_the_seven_days_before_monday(lang: str, phrase: str, written: date) -> None:
    start, _, end = str(when(lang, phrase, written.isoformat())).partition("/")
    monday = written - timedelta(written.weekday())
    assert date.fromisoformat(start) == monday - timedelta(7)
    assert date.fromisoformat(end) == monday - timedelta(1)


@pytest.mark.parametrize(
    ("lang", "phrase"),
    [
        ("en", "on Tuesday"), ("en", "on March"), ("en", "last week"), ("en", "yesterday"),
        ("id", "pada Selasa"), ("id", "pada Maret"), ("id", "pekan lalu"), ("id", "kemarin"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("written", ["", "2024", "2024-11"])
def test_without_the_day_of_writing_nothing_is_guessed(
    lang: str, phrase: str, written: str
) -> None:
    assert when(lang, phrase, written) is None


LAW = """
Perusahaan  perusahaan  NOUN   nsubj    2
melanggar   melanggar   VERB   root     2  Voice=Act
aturan      aturan      NOUN   obj      2
2016        2016        NUM    nummod   3
"""


def test_a_bare_year_behind_a_noun_is_the_nouns() -> None:
    assert times_of("id", LAW, "2024-11-29").of(1) is None


REPORTED = """
OpenAI   openai   PROPN  nsubj  2  NNP
said     say      VERB   ROOT   2  VBD
on       on       ADP    prep   2  IN
Tuesday  tuesday  PROPN  pobj   3  NNP
that     that     SCONJ  mark   7  IN
Getty    getty    PROPN  nsubj  7  NNP
sued     sue      VERB   ccomp  2  VBD
Apple    apple    PROPN  dobj   7  NNP
in       in       ADP    prep   7  IN
2023     2023     NUM    pobj   9  CD
"""


def test_saying_and_what_is_said_have_times_of_their_own() -> None:
    times = times_of("en", REPORTED, "2024-11-29")
    tree = times.clauses.tree
    assert times.of(at(tree, "said")) == "2024-11-26"
    assert times.of(at(tree, "sued")) == "2023"


def test_a_leap_day_is_looked_for_in_leap_years_only() -> None:
    assert when("en", "on February 29", "2025-06-01") == "2024-02-29"
    assert when("en", "on February 29", "2025-06-01", "planned") == "2028-02-29"
    assert when("id", "pada 29 Februari 2023", "2025-06-01") is None


def test_threads_agree() -> None:
    wanted = [(f"on {day} March", f"2024-03-{day:02}") for day in range(10, 30)] * 4
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda pair: when("en", pair[0], "2024-11-29"), wanted))
    assert told == [value for _, value in wanted]


def test_patterns_of_a_pack_are_read() -> None:
    """Every expression can match something: its tables are there and it compiles."""
    for lang in languages():
        scanner = compile_times(language_pack(lang).times)
        assert len(scanner.expressions) == len(language_pack(lang).times.expression) > 40


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Getty Images sued Stability AI on 17 January 2023.", "date"),
        ("Getty Images sued Stability AI in January 2023.", "gYearMonth"),
        ("Getty Images sued Stability AI in 2023.", "gYear"),
        ("Between 2012 and 2020, Rite Aid used facial recognition.", "string"),
    ],
)
def test_times_go_to_rdf_and_come_back(text: str, kind: str) -> None:
    article = Article("a", text, "en")
    [(_, statements)] = extract([article])
    assert statements[0].time
    quads = list(article_quads(article, statements, extractor="test"))
    literals = [q.object for q in quads if q.predicate.value.endswith("#time")]
    assert {literal.datatype.value.rpartition("#")[2] for literal in literals} == {kind}
    assert [one.time for one in statements_from(quads)] == [one.time for one in statements]
