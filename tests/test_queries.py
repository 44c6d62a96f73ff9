"""Every named query, on two small articles: the rows that a careful reader expects."""

# ruff: noqa: E501  rows of a table stay whole

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from claims import GUILD, GUILD_CLAIMS, SORA, SORA_CLAIMS, article, claim, entity
from made_up import PER_DISPUTE, reading

from kg import queries
from kg.errors import DataError, QueryError, UsageError
from kg.iris import entity_iri
from kg.queries import (
    NamedQuery,
    named_queries,
    named_query,
    run_query,
    run_query_to_read,
)
from kg.records import Argument, Entity
from kg.store import Store, open_store

# Without parameters, but for `evidence`: of the Authors Guild. Column names, then rows; - is unbound.
EXPECTED = {
    "actors-in-several-articles": """
        actor | type | articles | statements
        OpenAI | Company | 2 | 10
        artists | Group | 2 | 8
    """,
    "agreements": """
        actor | relation | object | negated | modality | speaker | time | article
        Meta | settles with | Authors Guild | false | asserted | - | - | guild
        OpenAI | promises | akses awal | false | asserted | - | - | sora
    """,
    "allegations": """
        speaker | subject | relation | object | negated | modality | article
        Authors Guild | OpenAI | copies | books | false | alleged | guild
        artists | OpenAI | copies | books | false | alleged | sora
        artists | artists | accuses | OpenAI | false | asserted | sora
    """,
    "articles": """
        article | title | date | language | dispute | statements
        guild | On guild | 2023-09-20 | en | - | 7
        sora | On sora | 2024-11-28 | en | sora-leak | 10
    """,
    "claims-with-speakers": """
        speaker | subject | relation | object | negated | modality | article
        Authors Guild | OpenAI | copies | books | false | alleged | guild
        OpenAI | OpenAI | copies | books | true | asserted | sora
        artists | Meta | harms | artists | false | possible | guild
        artists | OpenAI | copies | books | false | alleged | sora
    """,
    "contradictions": """
        subject | relation | object | held_by | article | against | against_article | kind
        OpenAI | copies | books | Authors Guild | guild | OpenAI | sora | negation
        OpenAI | copies | books | artists | sora | OpenAI | sora | negation
        artists | accuses | OpenAI | artists | sora | OpenAI | sora | denied accusation
    """,
    "demands": """
        actor | relation | object | negated | modality | speaker | time | article
        artists | demands | copyright | false | desired | - | - | guild
    """,
    "direct-conflicts": """
        subject | relation | object | modality
        Authors Guild | sues | OpenAI | asserted
        artists | accuses | OpenAI | asserted
        artists | protests | OpenAI | asserted
    """,
    "entities-by-type": """
        type | entity | statements
        AI system | Sora | 1
        association | Authors Guild | 3
        company | OpenAI | 10
        company | Meta | 3
        concept | akses awal | 2
        ethical issue | copyright | 1
        group | artists | 8
        practice | art washing | 2
        practice | content review | 2
        public body | FTC | 1
        work | books | 3
    """,
    "evidence": """
        actor | role | subject | relation | object | negated | modality | speaker | trigger | sentence | article | start | end | confidence
        Authors Guild | subject | Authors Guild | sues | OpenAI | false | asserted | - | sued | The Authors Guild sued OpenAI on 19 September over copyright. | guild | 0 | 61 | 0.9
        Authors Guild | speaker | OpenAI | copies | books | false | alleged | Authors Guild | copies | According to the Authors Guild, OpenAI copies books. | guild | 62 | 114 | 0.9
        Authors Guild | object | Meta | settles with | Authors Guild | false | asserted | - | settled with | Meta settled with the Authors Guild. | guild | 205 | 241 | 0.9
    """,
    "harms": """
        actor | relation | object | negated | modality | speaker | time | article
        Meta | harms | artists | false | possible | artists | - | guild
        OpenAI | copies | books | false | alleged | Authors Guild | - | guild
        OpenAI | copies | books | false | alleged | artists | - | sora
        OpenAI | copies | books | true | asserted | OpenAI | - | sora
    """,
    "issues": """
        issue | statements | articles
        copyright | 1 | 1
    """,
    "lawsuits": """
        actor | relation | object | negated | modality | speaker | time | article
        Authors Guild | sues | OpenAI | false | asserted | - | 2023-09-19 | guild
        Meta | settles with | Authors Guild | false | asserted | - | - | guild
    """,
    "negated-claims": """
        actor | relation | object | negated | modality | speaker | time | article
        OpenAI | copies | books | true | asserted | OpenAI | - | sora
    """,
    "objections-about": """
        actor | relation | object | about | negated | modality | speaker | article
        Authors Guild | sues | OpenAI | OpenAI | false | asserted | - | guild
        artists | accuses | OpenAI | OpenAI | false | asserted | - | sora
        artists | protests | OpenAI | OpenAI | false | asserted | - | sora
        artists | leaks | akses awal | akses awal | false | asserted | - | sora
        artists | criticizes | art washing | art washing | false | asserted | - | sora
        artists | opposes | content review | content review | false | asserted | - | sora
        artists | demands | copyright | copyright | false | desired | - | guild
    """,
    "promises": """
        actor | relation | object | negated | modality | speaker | time | article
        OpenAI | promises | akses awal | false | asserted | - | - | sora
    """,
    "regulators": """
        actor | relation | object | negated | modality | speaker | time | article
        FTC | investigates | Meta | false | asserted | - | - | guild
    """,
    "relation-counts": """
        group | relation | statements | negated_ones | attributed
        affects | copies | 3 | 1 | 3
        affects | harms | 1 | 0 | 1
        contends | accuses | 1 | 0 | 0
        contends | criticizes | 1 | 0 | 0
        contends | demands | 1 | 0 | 0
        contends | leaks | 1 | 0 | 0
        contends | opposes | 1 | 0 | 0
        contends | protests | 1 | 0 | 0
        contends | sues | 1 | 0 | 0
        cooperates | promises | 1 | 0 | 0
        cooperates | settles with | 1 | 0 | 0
        governs | investigates | 1 | 0 | 0
        governs | requires | 1 | 0 | 0
        relatesTo | develops | 1 | 0 | 0
        responds | denies | 1 | 0 | 0
    """,
    "requirements": """
        actor | relation | required | negated | modality | speaker | sentence | article
        OpenAI | requires | content review | false | asserted | - | OpenAI requires content review. | sora
    """,
    "responses": """
        actor | relation | object | negated | modality | speaker | time | article
        OpenAI | denies | art washing | false | asserted | - | - | sora
    """,
    "timeline": """
        when | subject | relation | object | negated | modality | speaker | article
        2023-09-19 | Authors Guild | sues | OpenAI | false | asserted | - | guild
        2023-09-20 | FTC | investigates | Meta | false | asserted | - | guild
        2023-09-20 | Meta | harms | artists | false | possible | artists | guild
        2023-09-20 | Meta | settles with | Authors Guild | false | asserted | - | guild
        2023-09-20 | OpenAI | copies | books | false | alleged | Authors Guild | guild
        2023-09-20 | OpenAI | develops | Sora | false | asserted | - | guild
        2023-09-20 | artists | demands | copyright | false | desired | - | guild
        2024-11-28 | OpenAI | copies | books | false | alleged | artists | sora
        2024-11-28 | OpenAI | copies | books | true | asserted | OpenAI | sora
        2024-11-28 | OpenAI | denies | art washing | false | asserted | - | sora
        2024-11-28 | OpenAI | promises | akses awal | false | asserted | - | sora
        2024-11-28 | OpenAI | requires | content review | false | asserted | - | sora
        2024-11-28 | artists | accuses | OpenAI | false | asserted | - | sora
        2024-11-28 | artists | criticizes | art washing | false | asserted | - | sora
        2024-11-28 | artists | leaks | akses awal | false | asserted | - | sora
        2024-11-28 | artists | opposes | content review | false | asserted | - | sora
        2024-11-28 | artists | protests | OpenAI | false | asserted | - | sora
    """,
    "who-against-whom": """
        actor | relation | target | over | modality | speaker
        Authors Guild | sues | OpenAI | - | asserted | -
        artists | accuses | OpenAI | content review; art washing | asserted | -
        artists | criticizes | art washing | content review | asserted | -
        artists | demands | - | copyright | desired | -
        artists | leaks | akses awal | content review; art washing | asserted | -
        artists | opposes | content review | art washing | asserted | -
        artists | protests | OpenAI | content review; art washing | asserted | -
    """,
    "demands-and-answers": """
        actor | demanded | answered_by | answer | about | negated | article | answer_article
        artists | copyright | - | - | - | - | guild | -
    """,
    "promises-kept": """
        actor | promise | object | then_by | then | negated | modality | article | then_article
        OpenAI | promises | akses awal | artists | leaks | false | asserted | sora | sora
    """,
    "sources-per-claim": """
        subject | relation | object | negated | articles | sources | speakers | since
        OpenAI | copies | books | false | 2 | sora; guild | artists; Authors Guild | 2023-09-20
        Authors Guild | sues | OpenAI | false | 1 | guild | - | 2023-09-20
        FTC | investigates | Meta | false | 1 | guild | - | 2023-09-20
        Meta | harms | artists | false | 1 | guild | artists | 2023-09-20
        Meta | settles with | Authors Guild | false | 1 | guild | - | 2023-09-20
        OpenAI | copies | books | true | 1 | sora | OpenAI | 2024-11-28
        OpenAI | denies | art washing | false | 1 | sora | - | 2024-11-28
        OpenAI | develops | Sora | false | 1 | guild | - | 2023-09-20
        OpenAI | promises | akses awal | false | 1 | sora | - | 2024-11-28
        OpenAI | requires | content review | false | 1 | sora | - | 2024-11-28
        artists | accuses | OpenAI | false | 1 | sora | - | 2024-11-28
        artists | criticizes | art washing | false | 1 | sora | - | 2024-11-28
        artists | demands | copyright | false | 1 | guild | - | 2023-09-20
        artists | leaks | akses awal | false | 1 | sora | - | 2024-11-28
        artists | opposes | content review | false | 1 | sora | - | 2024-11-28
        artists | protests | OpenAI | false | 1 | sora | - | 2024-11-28
    """,
    "actors-in-several-disputes": """
        actor | type | disputes | which
    """,
    "disputes": """
        dispute | articles | statements | first | last
        sora-leak | 1 | 10 | 2024-11-28 | 2024-11-28
    """,
    "common-opponents": """
        actor | other | target
        artists | Authors Guild | OpenAI
    """,
    "ai-systems": """
        system | made_by | used_by | opposed_by
        Sora | OpenAI | - | -
    """,
    "lawsuit-outcomes": """
        actor | target | sued | outcome_by | outcome | about | negated | when | article
        Authors Guild | OpenAI | 2023-09-19 | - | - | - | - | - | -
    """,
}


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with open_store(None) as opened:
        opened.replace_articles(
            [(SORA, SORA_CLAIMS, "s"), (GUILD, GUILD_CLAIMS, "g")], extractor="kg test"
        )
        yield opened


def rows(store: Store, name: str, **bindings: str) -> list[list[str]]:
    result = run_query(store, name, bindings=bindings)
    columns = [variable.value for variable in result.variables]
    found = [[value.value if value else "-" for value in row] for row in result]
    return [columns, *(_sorted_lists(row) for row in found)]


def _sorted_lists(row: list[str]) -> list[str]:
    return ["; ".join(sorted(cell.split("; "))) for cell in row]


def test_every_query_is_expected_something_of() -> None:
    assert [query.name for query in named_queries()] == sorted(EXPECTED)
    assert len(EXPECTED) == 30


@pytest.mark.parametrize("name", EXPECTED)
def test_answers(store: Store, name: str) -> None:
    bindings = {"actor": "authors-guild"} if name == "evidence" else {}
    expected = [line.strip().split(" | ") for line in EXPECTED[name].strip().splitlines()]
    assert rows(store, name, **bindings) == [expected[0], *map(_sorted_lists, expected[1:])]


SAME_IN_INDONESIAN = (
    "agreements", "actors-in-several-articles", "actors-in-several-disputes", "ai-systems",
    "lawsuit-outcomes",
)  # fmt: skip  # none of the names in their answers has another form
PARAMETERS = [
    (query, parameter)
    for query in named_queries()
    for parameter in query.parameters
    if parameter.kind != "dispute" and query.name != "actors-in-several-disputes"
]
OF_DISPUTES = [
    query.name
    for query in named_queries()
    if "dispute" in [parameter.kind for parameter in query.parameters]
]


@pytest.mark.parametrize(
    ("query", "parameter"), PARAMETERS, ids=[f"{q.name}-{p.name}" for q, p in PARAMETERS]
)
def test_every_parameter_has_an_effect(
    store: Store, query: NamedQuery, parameter: queries.Parameter
) -> None:
    other = "openai" if query.name == "ai-systems" else "sora"
    nothing = {"entity": other, "type": "Place", "language": "id"}[parameter.kind]
    columns, *found = rows(store, query.name, **{parameter.name: nothing})
    before = rows(store, query.name)[1:]
    if parameter.kind != "language":
        assert len(found) < len(before)
        assert (found == []) == (query.name != "evidence")
    elif query.name not in SAME_IN_INDONESIAN:
        assert found != before
    assert len(found) <= len(before)
    assert columns == rows(store, query.name)[0]


@pytest.mark.parametrize("name", OF_DISPUTES)
def test_of_a_dispute_is_told_what_its_articles_say(store: Store, name: str) -> None:
    with open_store(None) as other:
        other.replace_article(SORA, SORA_CLAIMS, extractor="x", fingerprint="x")
        assert rows(store, name, dispute="Sora-Leak") == rows(other, name)
    with pytest.raises(UsageError, match="no dispute 'sora' here; expected one of: sora-leak"):
        rows(store, name, dispute="sora")


LOOK_BEYOND = ("contradictions", "lawsuit-outcomes", "promises-kept")
"""What became of a lawsuit, a promise or a claim may be told in another dispute."""


@pytest.fixture(scope="module")
def many() -> Iterator[tuple[Store, Store]]:
    """Made-up articles about eight disputes, and those about one of them alone; it has a lawsuit, a
    demand, a promise and two claims that contradict each other."""
    with open_store(None) as store, open_store(None) as alone:
        store.replace_articles(map(reading, range(8 * PER_DISPUTE)), extractor="x")
        about_one = map(reading, range(4 * PER_DISPUTE, 5 * PER_DISPUTE))
        alone.replace_articles(about_one, extractor="x")
        yield store, alone


@pytest.mark.parametrize("name", [one for one in OF_DISPUTES if one not in LOOK_BEYOND])
def test_among_many_articles_a_dispute_is_told_as_if_alone(
    many: tuple[Store, Store], name: str
) -> None:
    store, alone = many
    _, *found = rows(store, name, dispute="dispute-4")
    assert sorted(found) == sorted(rows(alone, name)[1:])
    assert found or name in ("issues", "common-opponents", "regulators"), "a test of nothing"
    assert len(found) < len(rows(store, name)) - 1 or name == "issues"


@pytest.mark.parametrize("name", LOOK_BEYOND)
def test_what_became_of_it_is_told_wherever_it_stands(many: tuple[Store, Store], name: str) -> None:
    store, alone = many
    found = {tuple(row) for row in rows(store, name, dispute="dispute-4")[1:]}
    assert found <= {tuple(row) for row in rows(store, name)[1:]}
    # Where nothing was told in the dispute itself, an unbound answer may give way to one.
    told = {row for row in map(tuple, rows(alone, name)[1:]) if "-" not in row[3:5]}
    assert told <= found
    assert found


def test_actors_in_several_disputes_are_told_apart() -> None:
    of = replace(GUILD, dispute="books")
    with open_store(None) as other:
        other.replace_articles([(SORA, SORA_CLAIMS, "s"), (of, GUILD_CLAIMS, "g")], extractor="x")
        openai = ["OpenAI", "Company", "2", "books; sora-leak"]
        artists = ["artists", "Group", "2", "books; sora-leak"]
        assert rows(other, "actors-in-several-disputes")[1:] == [openai, artists]
        assert rows(other, "actors-in-several-disputes", actor="openai")[1:] == [openai]
        assert rows(other, "actors-in-several-disputes", lang="id", actor="seniman")[1:] == [
            ["seniman", *artists[1:]]
        ]
        assert rows(other, "actors-in-several-disputes", actor="meta")[1:] == []


def test_most_queries_can_be_asked_of_a_dispute() -> None:
    assert len(OF_DISPUTES) >= 26


_LATER = (
    "Artists demand content review from OpenAI.",
    "OpenAI responded to artists.",
    "OpenAI does not provide early access.",
    "The Authors Guild sued Meta.",
    "The FTC fined Meta.",
    "Artists use Sora and criticize Sora.",
)
LATER = article("later", *_LATER, date="2025-02-01", dispute="sora-leak")
LATER_CLAIMS = [
    claim(LATER, _LATER[0], ("artists", "Artists"), ("demands", "demand"), ("content-review", "content review")),
    claim(LATER, _LATER[0], ("artists", "Artists"), ("demands", "demand"), ("openai", "OpenAI")),
    claim(LATER, _LATER[1], ("openai", "OpenAI"), ("respondsTo", "responded"), ("artists", "artists")),
    claim(LATER, _LATER[2], ("openai", "OpenAI"), ("provides", "provide"), ("early-access", "early access"), negated=True),
    claim(LATER, _LATER[3], ("authors-guild", "Authors Guild"), ("sues", "sued"), ("meta", "Meta")),
    claim(LATER, _LATER[4], ("ftc", "FTC"), ("penalizes", "fined"), ("meta", "Meta"), time="2025-01"),
    claim(LATER, _LATER[5], ("artists", "Artists"), ("uses", "use"), ("sora", "Sora")),
    claim(LATER, _LATER[5], ("artists", "Artists"), ("criticizes", "criticize"), ("sora", "Sora")),
]  # fmt: skip
ANSWERS = {
    "demands-and-answers": """
        artists | OpenAI | OpenAI | denies | art washing | false | later | sora
        artists | OpenAI | OpenAI | promises | akses awal | false | later | sora
        artists | OpenAI | OpenAI | requires | content review | false | later | sora
        artists | OpenAI | OpenAI | responds to | artists | false | later | later
        artists | content review | OpenAI | requires | content review | false | later | sora
        artists | content review | OpenAI | responds to | artists | false | later | later
        artists | copyright | - | - | - | - | guild | -
    """,
    "promises-kept": """
        OpenAI | promises | akses awal | OpenAI | provides | true | asserted | sora | later
        OpenAI | promises | akses awal | artists | leaks | false | asserted | sora | sora
    """,
    "lawsuit-outcomes": """
        Authors Guild | Meta | - | FTC | penalizes | Meta | false | 2025-01 | later
        Authors Guild | Meta | - | Meta | settles with | Authors Guild | false | - | guild
        Authors Guild | OpenAI | 2023-09-19 | - | - | - | - | - | -
    """,
    "actors-in-several-disputes": """
        Authors Guild | Association | 2 | authors-suits; sora-leak
        FTC | PublicBody | 2 | authors-suits; sora-leak
        Meta | Company | 2 | authors-suits; sora-leak
        OpenAI | Company | 2 | authors-suits; sora-leak
        artists | Group | 2 | authors-suits; sora-leak
    """,
    "disputes": """
        sora-leak | 2 | 18 | 2024-11-28 | 2025-02-01
        authors-suits | 1 | 7 | 2023-09-20 | 2023-09-20
    """,
    "common-opponents": """
        artists | Authors Guild | OpenAI
    """,
    "ai-systems": """
        Sora | OpenAI | artists | artists
    """,
}


@pytest.mark.parametrize("name", ANSWERS)
def test_questions_over_several_articles(name: str) -> None:
    expected = [line.strip().split(" | ") for line in ANSWERS[name].strip().splitlines()]
    with open_store(None) as other:
        other.replace_articles(
            [
                (SORA, SORA_CLAIMS, "s"),
                (replace(GUILD, dispute="authors-suits"), GUILD_CLAIMS, "g"),
                (LATER, LATER_CLAIMS, "l"),
            ],
            extractor="kg test",
        )
        assert rows(other, name)[1:] == [_sorted_lists(row) for row in expected]


def test_entities_are_given_by_slug_or_iri(store: Store) -> None:
    by_slug = rows(store, "who-against-whom", actor="authors-guild", target="openai")
    assert by_slug == rows(store, "who-against-whom", actor=entity_iri("authors-guild"))
    assert [row[:3] for row in by_slug[1:]] == [["Authors Guild", "sues", "OpenAI"]]
    assert [row[1] for row in rows(store, "entities-by-type", type="Company")[1:]] == [
        "OpenAI",
        "Meta",
    ]


@pytest.mark.parametrize(
    "name",
    ["authors guild", "AUTHORS-GUILD", "entity:authors-guild", entity_iri("authors-guild"),
     f"<{entity_iri('authors-guild')}>", " The Authors Guild "],
)  # fmt: skip
def test_entities_are_given_by_any_name(store: Store, name: str) -> None:
    assert rows(store, "lawsuits", actor=name) == rows(store, "lawsuits", actor="authors-guild")
    assert len(rows(store, "lawsuits", actor=name)) == 2


def test_entities_are_given_by_names_of_either_language(store: Store) -> None:
    expected = rows(store, "who-against-whom", actor="artists")
    assert len(expected) > 1
    assert rows(store, "who-against-whom", actor="Seniman") == expected
    by_alias = rows(store, "regulators", actor="Federal Trade Commission")
    assert by_alias == rows(store, "regulators", actor="ftc")
    assert len(by_alias) == 2


def test_a_name_of_several_entities_means_them_all() -> None:
    twins = [
        replace(SORA_CLAIMS[0], subject=Argument(replace(entity("artists"), slug=slug), span))
        for slug in ("artists-1", "artists-2")
        for span in [SORA_CLAIMS[0].trigger]
    ]
    with open_store(None) as other:
        other.replace_article(SORA, twins, extractor="x", fingerprint="x")
        assert len(rows(other, "who-against-whom", actor="artists")) == 3
        assert len(rows(other, "who-against-whom", actor="artists-2")) == 2


def test_names_come_in_the_language_asked_for(store: Store) -> None:
    found = rows(store, "who-against-whom", lang="id")[1:]
    assert ["seniman", "mengkritik", "art washing"] in [row[:3] for row in found]
    assert rows(store, "issues", lang="id")[1][0] == "hak cipta"


def test_negated_claims_are_told_apart(store: Store) -> None:
    openai, books = (Argument(entity(slug), SORA_CLAIMS[0].trigger) for slug in ("openai", "books"))
    with open_store(None) as other:
        said = replace(SORA_CLAIMS[0], subject=openai, relation="sues", object=books)
        other.replace_article(SORA, [replace(said, negated=True)], extractor="x", fingerprint="x")
        assert len(rows(other, "who-against-whom")) == 1
        assert len(rows(other, "direct-conflicts")) == 1
        assert len(rows(other, "negated-claims")) == 2


def test_reported_conflicts_count_and_say_how(store: Store) -> None:
    wanted = replace(GUILD_CLAIMS[0], modality="desired")
    with open_store(None) as other:
        other.replace_article(GUILD, [wanted], extractor="x", fingerprint="x")
        assert rows(other, "direct-conflicts")[1:] == [
            ["Authors Guild", "sues", "OpenAI", "desired"]
        ]


def test_a_demand_is_against_whom_it_is_made_over_what_is_demanded() -> None:
    demand = GUILD_CLAIMS[4]
    spans = demand.trigger
    objects = [Argument(entity(slug), spans) for slug in ("meta", "copyright", "sora")]
    later = replace(spans, start=spans.start + 1, end=spans.end + 1)
    elsewhere = replace(demand, object=Argument(entity("books"), spans), trigger=later)
    demands = [*(replace(demand, object=object) for object in objects), elsewhere]
    with open_store(None) as other:
        other.replace_article(GUILD, demands, extractor="x", fingerprint="x")
        assert rows(other, "who-against-whom")[1:] == [
            ["artists", "demands", "-", "books", "desired", "-"],
            ["artists", "demands", "Meta", "Sora; copyright", "desired", "-"],
        ]
        other.replace_article(GUILD, demands[1:], extractor="x", fingerprint="y")
        found = [row[2:4] for row in rows(other, "who-against-whom")[1:]]
        assert sorted(found) == [["-", "Sora; copyright"], ["-", "books"]]


@pytest.mark.parametrize("query", named_queries(), ids=lambda query: query.name)
def test_queries_also_run_as_plain_text(store: Store, query: NamedQuery) -> None:
    columns, *found = rows(store, query.name)
    result = store.query(query.text, reported=query.reported)
    plain = [[value.value if value else "-" for value in row] for row in result]
    assert [_sorted_lists(row) for row in plain] == found
    assert query.title
    assert query.answers.endswith((".", "?"))
    assert len(columns) > 1


def test_an_empty_store_gives_no_rows_and_no_error() -> None:
    with open_store(None) as empty:
        for query in named_queries():
            assert list(run_query(empty, query.name)) == [], query.name


def test_wrong_calls_are_explained(store: Store) -> None:
    with pytest.raises(UsageError, match="did you mean lawsuits"):
        named_query("lawsuit")
    with pytest.raises(UsageError, match="--list"):
        named_query("xyz")
    with pytest.raises(UsageError, match="no parameter 'who'; expected one of: lang, actor"):
        run_query(store, "lawsuits", bindings={"who": "openai"})
    with pytest.raises(UsageError, match="no entity type 'Firm'"):
        run_query(store, "entities-by-type", bindings={"type": "Firm"})
    with pytest.raises(UsageError, match=r"no parameter 'acter'.*did you mean actor"):
        run_query(store, "lawsuits", bindings={"acter": "openai"})
    with pytest.raises(UsageError, match=r"about 'Opn AI'; near it: .*openai"):
        run_query(store, "lawsuits", bindings={"actor": "Opn AI"})
    with pytest.raises(UsageError, match="about 'nobody at all'"):
        run_query(store, "lawsuits", bindings={"actor": "nobody at all"})
    with pytest.raises(UsageError, match="no language 'xx' here; expected one of: en, id"):
        run_query(store, "lawsuits", bindings={"lang": "xx"})
    with pytest.raises(UsageError, match="did you mean Company"):
        run_query(store, "entities-by-type", bindings={"type": "Compny"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT ?x {\n ?x dkg:sues ?y .\n ?y nope:sues ?z }",
         "line 3, column 14, near 'nope:sues ?z }': prefix not found"),
        ("SELECT ?x {\n ?x dkg:sues }", "line 2, column 14, near 'dkg:sues }': not expected here"),
        ("SELEC ?who { }", "near '?who { }': expected SELECT, ASK, DESCRIBE or CONSTRUCT"),
        ("SELECT ?x { ?x dkg:sues ?y", "line 1, column 27, near '?y': the query ends too early"),
        ("", "line 1, column 1, at an empty line: the query ends too early"),
        ("SELECT (COUNT(?x) AS ?n) ?z { ?x ?p ?y }", "contains a variable that is unbound"),
        ("SELECT ?x { ?x <a b> ?y }", "IRI parsing failed"),
        (f"SELECT * {{ ?x {'n' * 500}:y ?z }}", "prefix not found"),
    ],
)  # fmt: skip
def test_what_does_not_parse_is_told_shortly(store: Store, text: str, expected: str) -> None:
    with pytest.raises(QueryError) as told:
        store.query(text)
    message = str(told.value)
    assert message.startswith("the query does not parse: line ")
    assert expected in message
    assert len(message) <= 200
    assert "\n" not in message


def test_parameters_cannot_smuggle_in_sparql(store: Store) -> None:
    for value in ("openai> ?p ?o } #", '"', "\\u003e", "?x y z"):
        with pytest.raises(UsageError, match="no statement here"):
            rows(store, "lawsuits", actor=value)
    with pytest.raises(UsageError, match="no language"):
        rows(store, "lawsuits", lang='" } #')


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("SELECT * {}", "without `# title:`"),
        ("# title: a\n# anwers: b\n", "x.rq:2: '# anwers: b'"),
        ("# title: a\n# answers: b?\n# parameter: x\n", "x.rq:3"),
    ],
)
def test_a_file_with_a_wrong_head_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, complaint: str
) -> None:
    folder = tmp_path / "queries"
    folder.mkdir()
    (folder / "x.rq").write_text(text)
    monkeypatch.setattr(queries, "ontology_dir", lambda: tmp_path)
    named_queries.cache_clear()
    try:
        with pytest.raises(DataError, match=complaint):
            named_queries()
    finally:
        named_queries.cache_clear()


def test_an_objection_to_what_is_somebody_s_is_about_them() -> None:
    """ "The 16 artists who signed oppose OpenAI's rules" answers what artists object to in OpenAI."""
    signers = Entity("signers", "Group", "16 artists who signed", broader=(entity("artists"),))
    rules = Entity("rules", "Concept", "OpenAI's rules", mentions=(entity("openai"),))
    base = SORA_CLAIMS[0]
    claim = replace(
        base,
        subject=replace(base.subject, entity=signers),
        relation="opposes",
        object=replace(base.object, entity=rules),
    )
    with open_store(None) as other:
        other.replace_article(SORA, [claim], extractor="x", fingerprint="x")
        [found] = rows(other, "objections-about", actor="artists", about="OpenAI")[1:]
        assert found[:4] == ["16 artists who signed", "opposes", "OpenAI's rules", "OpenAI"]
        assert list(other.statements()) == [claim]


MANY = [query for query in named_queries() if query.choice is not None]


def _choosing(monkeypatch: pytest.MonkeyPatch, query: NamedQuery, most: int) -> None:
    few = replace(query, choice=replace(query.choice, most=most))
    monkeypatch.setattr(queries, "named_query", lambda name: few)
    monkeypatch.setattr(queries, "MOST_TO_READ", 10_000)  # the choice alone cuts
    monkeypatch.setattr(queries, "LARGE", 0)


@pytest.mark.parametrize("query", MANY, ids=[query.name for query in MANY])
def test_a_part_of_an_answer_is_whole_rows_in_its_order(
    many: tuple[Store, Store], query: NamedQuery, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, _ = many
    whole = rows(store, query.name)[1:]
    _choosing(monkeypatch, query, 10_000)
    everything, are_more = run_query_to_read(store, query.name)
    assert [_sorted_lists(row) for row in _cells(everything)] == whole
    assert not are_more
    _choosing(monkeypatch, query, 2)
    part, are_more = run_query_to_read(
        store, query.name, bindings={"lang": "en"} if _has_lang(query) else {}
    )
    found = [_sorted_lists(row) for row in _cells(part)]
    assert are_more
    assert len(found) < len(whole)
    assert found or query.name in ("common-opponents", "direct-conflicts")
    assert found == [row for row in whole if row in found]


def _has_lang(query: NamedQuery) -> bool:
    return "lang" in [one.name for one in query.parameters]


def _cells(result: object) -> list[list[str]]:
    return [[value.value if value else "-" for value in row] for row in result]


@pytest.mark.parametrize("query", MANY, ids=[query.name for query in MANY])
def test_a_part_is_chosen_among_what_the_parameters_allow(
    many: tuple[Store, Store], query: NamedQuery, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, _ = many
    for parameter in query.parameters:
        values = {"dispute": "dispute-4", "type": "Company", "language": "en", "entity": "actor-0"}
        given = {parameter.name: values[parameter.kind]}
        _choosing(monkeypatch, query, 10_000)
        allowed = [
            _sorted_lists(row)
            for row in _cells(run_query_to_read(store, query.name, bindings=given)[0])
        ]
        assert allowed == rows(store, query.name, **given)[1:]
        _choosing(monkeypatch, query, 1)
        part, are_more = run_query_to_read(store, query.name, bindings=given)
        found = [_sorted_lists(row) for row in _cells(part)]
        assert all(row in allowed for row in found)
        assert are_more or found == allowed


def test_most_queries_with_many_rows_choose() -> None:
    assert len(MANY) == 24


def test_more_rows_than_can_be_read_are_cut(
    many: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, _ = many
    whole = rows(store, "relation-counts")[1:]
    monkeypatch.setattr(queries, "MOST_TO_READ", 3)
    part, are_more = run_query_to_read(store, "relation-counts")
    assert (_cells(part), are_more) == (whole[:3], True)
    monkeypatch.setattr(queries, "MOST_TO_READ", len(whole))
    assert run_query_to_read(store, "relation-counts")[1] is False


def test_a_choice_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    file = tmp_path / "odd.rq"
    file.write_text("# title: a\n# answers: b\n# choice: ?statement: no number\n\nASK { }\n")
    with pytest.raises(DataError, match=r"odd.rq:3: .*# choice: \?variable … number: pattern"):
        queries._read(file)
