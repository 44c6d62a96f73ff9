"""The same dispute told in Indonesian and in English gives one connected graph."""

import networkx as nx
import pytest

from kg.articles import read_articles
from kg.records import Statement
from kg.resources import data_dir
from kg.statements import extract

SHARED = {
    "sora-leak": {"openai", "sora", "artists", "open-letters--sora-leak"},
    "garante-chatgpt": {"openai", "garante", "chatgpt"},
    "nyt-openai": {"openai", "microsoft", "new-york-times", "ian-crosby"},
    "character-ai": {"character-ai", "google", "megan-garcia"},
}


def graph_of(statements: list[Statement]) -> nx.Graph:
    """Entities with a line for each statement, speaker and link between entities."""
    graph = nx.Graph()
    for statement in statements:
        entities = [statement.subject.entity, statement.object.entity]
        graph.add_edge(*(entity.slug for entity in entities))
        if statement.attributed_to:
            entities.append(statement.attributed_to.entity)
            graph.add_edge(statement.attributed_to.entity.slug, statement.subject.entity.slug)
        for entity in entities:
            for one in (*entity.broader, *entity.mentions):
                graph.add_edge(entity.slug, one.slug)
    return graph


@pytest.mark.parametrize("dispute", SHARED)
def test_one_dispute_in_two_languages_is_one_graph(dispute: str) -> None:
    articles = list(
        read_articles([data_dir() / "articles" / f"{dispute}.{lang}.md" for lang in ("en", "id")])
    )
    told = {article.lang: statements for article, statements in extract(articles)}
    english, indonesian = (graph_of(told[lang]) for lang in ("en", "id"))
    shared = set(english) & set(indonesian)
    assert {slug.replace("person-", "") for slug in shared} >= SHARED[dispute]
    whole = nx.compose(english, indonesian)
    largest = max(nx.connected_components(whole), key=len)
    assert SHARED[dispute] <= {slug.replace("person-", "") for slug in largest}
    assert len(largest) >= 0.75 * len(whole)  # few statements are about nothing else in the dispute
    for graph in (english, indonesian):
        assert len(largest & set(graph)) >= 0.7 * len(graph)
