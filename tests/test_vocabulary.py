"""The ontology: what is in it, in both languages, and that its namespace is closed."""

import subprocess
import sys
import tomllib

import pyoxigraph as ox
import pytest

from kg.errors import DataError
from kg.resources import ontology_dir
from kg.vocabulary import (
    PREFIXES,
    entity_types,
    groups,
    is_a,
    issues,
    modalities,
    ontology_files,
    relation,
    relations,
    term,
)

GROUPS = {
    "contends": "protests criticizes opposes accuses sues demands boycotts leaks warnsOf leaves",
    "cooperates": "supports promises partnersWith compensates apologizesTo settlesWith",
    "responds": "respondsTo denies confirms defends claims",
    "governs": "requires restricts permits regulates investigates penalizes rulesAgainst rulesFor",
    "affects": "exploits harms infringes uses trainsOn copies misleads replaces monitors"
    " discriminatesAgainst benefits",
    "relatesTo": "develops releases publishes provides participatesIn affiliatedWith owns funds"
    " contacts raisesIssue",
}


def test_relations_are_the_agreed_ones_by_group() -> None:
    found: dict[str, list[str]] = {}
    for each in relations():
        found.setdefault(each.group, []).append(each.name)
    assert found == {group: names.split() for group, names in GROUPS.items()}
    assert [group.name for group in groups()] == list(GROUPS)


@pytest.mark.parametrize("each", [*relations(), *groups(), *modalities(), *entity_types()])
def test_everything_is_named_and_defined_in_both_languages(each: object) -> None:
    for texts in (each.labels, each.definitions):
        assert [lang for lang, _ in texts] == ["en", "id"], each
        assert all(text.strip() for _, text in texts)


def test_every_relation_reads_backwards_and_takes_a_stance() -> None:
    for each in relations():
        assert [lang for lang, _ in each.inverse_labels] == ["en", "id"], each.name
        assert each.sign in (-1, 0, 1)
        is_a(each.domain, "Entity")
        is_a(each.range, "Entity")
    assert relation("sues").inverse_label("id") == "digugat oleh"
    assert (relation("accuses").plover, relation("supports").sign) == ("ACCUSE", 1)


def test_modalities_begin_with_the_default() -> None:
    names = "asserted alleged obligation promised possible planned desired"
    assert [each.name for each in modalities()] == names.split()


def test_types_and_what_they_lie_under() -> None:
    names = {each.name for each in entity_types()}
    assert len(names) == 20
    assert {"Person", "Group", "AISystem", "Concept", "EthicalIssue"} <= names
    assert not names & {"Statement", "Evidence", "Article", "Modality"}
    assert is_a("Court", "Actor")
    assert not is_a("AISystem", "Actor")
    with pytest.raises(DataError, match="Compnay"):
        is_a("Compnay", "Actor")


@pytest.mark.parametrize("wrong", ["sue", "Sues", "negate", ""])
def test_a_misspelt_term_raises(wrong: str) -> None:
    with pytest.raises(DataError, match="no term"):
        term(wrong)
    with pytest.raises(DataError, match="no relation"):
        relation(wrong)


def test_labels_fall_back_to_english_then_the_name() -> None:
    assert relation("sues").label("fr") == "sues"
    assert relation("warnsOf").label("id") == "memperingatkan tentang"


def test_issues_are_those_of_the_terms_with_the_same_labels() -> None:
    terms = tomllib.loads((ontology_dir() / "terms.toml").read_text(encoding="utf-8"))
    wanted = {
        entry["issue"]: tuple(sorted(entry["labels"].items()))
        for entry in terms.values()
        if "issue" in entry
    }
    assert len(wanted) > 20
    assert {issue.name: issue.labels for issue in issues()} == wanted


@pytest.mark.parametrize("file", [*ontology_files(), "shapes.ttl"])
def test_files_use_only_terms_that_are_defined(file: str) -> None:
    count = 0
    for quad in ox.parse(path=ontology_dir() / file):
        for node in (quad.subject, quad.predicate, quad.object):
            if isinstance(node, ox.NamedNode) and node.value.startswith(PREFIXES["dkg"]):
                term(node.value.removeprefix(PREFIXES["dkg"]))
                count += 1
    assert count > 20 or file == "issues.ttl"


def test_shapes_follow_the_vocabulary() -> None:
    shape = ox.NamedNode("https://w3id.org/dispute-kg/shapes#Acts")
    subjects_of = ox.NamedNode("http://www.w3.org/ns/shacl#targetSubjectsOf")
    quads = list(ox.parse(path=ontology_dir() / "shapes.ttl"))
    acts = {q.object for q in quads if q.subject == shape and q.predicate == subjects_of}
    assert acts == {term(each.name) for each in relations() if each.domain == "Actor"}


def test_importing_reads_no_file() -> None:
    code = (
        "import sys; opened = [];"
        "sys.addaudithook(lambda event, args: opened.append(str(args[0]))"
        " if event == 'open' else None);"
        "import kg.vocabulary;"
        "assert not [name for name in opened if name.endswith(('.ttl', '.toml'))], opened;"
        "import kg.graph, kg.store, kg.queries;"
        "assert not [name for name in opened if name.endswith(('.ttl', '.toml', '.rq'))], opened"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
