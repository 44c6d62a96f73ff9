"""The registry files themselves: every entry well formed, no name or word claimed twice."""

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ONTOLOGY = Path(__file__).parent.parent / "ontology"
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
QID = re.compile(r"Q[1-9][0-9]*")
ORGANIZATIONS = {
    "Organization", "Company", "PublicBody", "Court", "Association", "NewsOutlet",
}  # fmt: skip
NAMED = ORGANIZATIONS | {
    "Person", "Group", "AISystem", "Platform", "Work", "Document", "Law", "Practice",
    "EthicalIssue", "Place", "Event",
}  # fmt: skip
COMMON = {"Group", "Work", "Document", "Practice", "EthicalIssue", "Event", "Concept", "Court"}
LANGUAGES = ("en", "id")
NEUTRAL = "en"

Table = dict[str, dict[str, Any]]


def load(name: str) -> Table:
    return tomllib.loads((ONTOLOGY / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def entities() -> Table:
    return load("entities.toml")


@pytest.fixture(scope="module")
def terms() -> Table:
    return load("terms.toml")


def names(entry: dict[str, Any], lang: str) -> Iterator[str]:
    """The names to try on text of a language: its own and those neutral of language."""
    for own in dict.fromkeys((NEUTRAL, lang)):
        if own in entry["labels"]:
            yield entry["labels"][own]
        yield from entry.get("aliases", {}).get(own, [])


def claimed_twice(claims: dict[str, set[str]]) -> dict[str, set[str]]:
    return {name: slugs for name, slugs in claims.items() if len(slugs) > 1}


def test_slugs_are_well_formed_and_unique_over_both_files(entities: Table, terms: Table) -> None:
    assert [slug for slug in [*entities, *terms] if not SLUG.fullmatch(slug)] == []
    assert set(entities) & set(terms) == set()


def test_entity_tables_keep_to_the_schema(entities: Table) -> None:
    allowed = {"type", "wikidata", "developer", "ambiguous", "labels", "aliases"}
    for slug, entry in entities.items():
        assert set(entry) <= allowed, slug
        assert entry["type"] in NAMED, slug
        assert entry["labels"].get(NEUTRAL), slug
        assert set(entry["labels"]) <= set(LANGUAGES), slug
        assert set(entry.get("aliases", {})) <= set(LANGUAGES), slug
        assert entry.get("ambiguous", True) is True, slug
        assert entry["labels"].get("id") != entry["labels"][NEUTRAL], slug


def test_no_name_is_blank_or_padded_or_repeated_in_its_entity(entities: Table) -> None:
    for slug, entry in entities.items():
        every = list(entry["labels"].values())
        for aliases in entry.get("aliases", {}).values():
            every += aliases
        assert all(name and name == " ".join(name.split()) for name in every), slug
        assert [name for name, count in Counter(every).items() if count > 1] == [], slug


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_name_belongs_to_one_entity(entities: Table, lang: str) -> None:
    claims: dict[str, set[str]] = defaultdict(set)
    for slug, entry in entities.items():
        for name in names(entry, lang):
            claims[name].add(slug)
    assert claimed_twice(claims) == {}


def test_people_have_no_bare_first_name(entities: Table) -> None:
    """An alias of one word, other than the whole label, is never how the label begins."""
    allowed = {"nadiem-makarim", "prabowo-subianto", "luhut"}  # known by it in Indonesian news
    for slug, entry in entities.items():
        if entry["type"] == "Person" and slug not in allowed:
            first = entry["labels"][NEUTRAL].split()[0]
            for aliases in entry.get("aliases", {}).values():
                assert first not in aliases, slug


def test_developers_are_organizations_of_the_registry(entities: Table) -> None:
    for slug, entry in entities.items():
        if "developer" in entry:
            assert entry["type"] in {"AISystem", "Platform", "Work"}, slug
            assert entities[entry["developer"]]["type"] in ORGANIZATIONS, slug


def test_wikidata_identifiers_are_well_formed_and_used_once(entities: Table) -> None:
    used = Counter(entry["wikidata"] for entry in entities.values() if "wikidata" in entry)
    assert [qid for qid in used if not QID.fullmatch(qid)] == []
    assert [qid for qid, count in used.items() if count > 1] == []
    assert len(used) >= 190


def test_term_tables_keep_to_the_schema(terms: Table) -> None:
    for slug, entry in terms.items():
        assert entry["type"] in COMMON, slug
        keys = {"type", "labels", "words"}
        if entry["type"] == "EthicalIssue":
            keys.add("issue")
            assert entry["issue"] == slug
        assert set(entry) == keys, slug
        assert set(entry["labels"]) == set(entry["words"]) == set(LANGUAGES), slug
        assert all(entry["labels"].values()), slug
        assert all(entry["words"].values()), slug


@pytest.mark.parametrize("lang", LANGUAGES)
def test_words_are_lower_case_and_belong_to_one_concept(terms: Table, lang: str) -> None:
    claims: dict[str, set[str]] = defaultdict(set)
    for slug, entry in terms.items():
        words = entry["words"][lang]
        assert all(word and word == " ".join(word.lower().split()) for word in words), slug
        assert len(words) == len(set(words)), slug
        for word in [entry["labels"][lang].lower(), *words]:
            claims[word].add(slug)
    assert claimed_twice(claims) == {}


def test_the_registry_covers_the_field(entities: Table, terms: Table) -> None:
    kinds = Counter(entry["type"] for entry in entities.values())
    assert len(entities) >= 1000
    least = {
        "Person": 200, "Company": 140, "NewsOutlet": 90, "Organization": 90, "PublicBody": 70,
        "Association": 60, "AISystem": 50, "Law": 50, "Place": 50, "Platform": 25, "Work": 20,
        "Court": 10,
    }  # fmt: skip
    assert {kind: kinds[kind] for kind, count in least.items() if kinds[kind] < count} == {}
    concepts = Counter(entry["type"] for entry in terms.values())
    least = {"Group": 90, "Practice": 60, "EthicalIssue": 40, "Concept": 15}
    assert {kind: concepts[kind] for kind, count in least.items() if concepts[kind] < count} == {}
    assert concepts["Work"] + concepts["Document"] >= 60
