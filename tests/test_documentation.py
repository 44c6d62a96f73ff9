"""The page of the ontology: every term, both languages, no request, no dead link."""

from html.parser import HTMLParser
from pathlib import Path

import pytest

from kg.cli import main
from kg.documentation import ontology_page
from kg.queries import named_queries
from kg.vocabulary import entity_types, groups, issues, modalities, relations


class Reader(HTMLParser):
    """Ids, links and tags of a page; the text of each article by its id."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.texts: dict[str, str] = {}
        self._open = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.add(tag)
        if found.get("id"):
            self.ids.append(found["id"] or "")
        if found.get("href"):
            self.links.append(found["href"] or "")
        if tag == "article":
            self._open = found["id"] or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "article":
            self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open:
            self.texts[self._open] = self.texts.get(self._open, "") + data


@pytest.fixture(scope="module")
def page() -> Reader:
    reader = Reader()
    reader.feed(ontology_page())
    return reader


def test_every_term_is_there_in_both_languages(page: Reader) -> None:
    terms = [*entity_types(), *groups(), *relations(), *modalities()]
    for term in terms:
        for texts in (term.labels, term.definitions):
            for _, text in texts:
                assert text in page.texts[term.name], term.name
    for issue in issues():
        assert all(label in page.texts[f"issue-{issue.name}"] for _, label in issue.labels)
    assert "digugat oleh" in page.texts["sues"]
    assert "airo:AISystem" in page.texts["AISystem"]
    assert "ACCUSE" in page.texts["sues"]
    assert "Getty Images menggugat Stability AI" in page.texts["sues"]
    assert len(page.texts) > 180


def test_links_lead_somewhere_and_ids_are_unique(page: Reader) -> None:
    assert len(page.ids) == len(set(page.ids))
    inner = {link.removeprefix("#") for link in page.links if link.startswith("#")}
    assert inner <= set(page.ids)
    assert len(inner) > 150


def test_it_asks_nothing_of_the_network(page: Reader) -> None:
    assert not page.tags & {"script", "link", "img", "iframe", "object", "base"}
    text = ontology_page()
    assert "default-src 'none'" in text
    assert "@import" not in text
    assert "url(" not in text


def test_the_command_writes_it(tmp_path: Path) -> None:
    path = tmp_path / "ontology.html"
    assert main(["ontology", "--format", "html", "-o", str(path)]) == 0
    text = path.read_text(encoding="utf-8")
    assert text == ontology_page()
    assert all(f"<code>{query.name}</code>" in text for query in named_queries())
