"""Speed of the store, measured: the second half of ``make bench``.

First the same triples in Oxigraph and in rdflib's memory store, one after the other: loading, four
queries, Turtle. Then a store of 10,000 articles with 100,000 statements, as a build leaves it: each
named query by the command, its start included, the replacing of one article, and `kg validate`.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import rdflib
from bench import peak_of, row, seconds
from made_up import PER_ARTICLE, reading, readings
from rich.console import Console
from rich.table import Table

from kg.formats import turtle
from kg.graph import article_quads
from kg.iris import prefixes
from kg.queries import NamedQuery, named_queries
from kg.store import open_store

TRIPLES = 1_000_000
ARTICLES = 10_000
ROUNDS = 2  # of each query; the quickest counts
REPLACED = 7
MOST_SECONDS = 1.0
MOST_TO_VALIDATE = 120  # seconds, for 100,000 statements
MOST_MEMORY = 2_048  # MB, for the same
QUERIES = {
    "three joins": "SELECT ?who ?whom { ?s dkg:relation dkg:sues ; dkg:subject ?who ;"
    " dkg:object ?whom }",
    "one actor's evidence": "SELECT ?s ?article { ?s dkg:subject entity:actor-40 ;"
    " dkg:evidence ?e . ?e oa:hasSource ?article }",
    "count by relation": "SELECT ?r (COUNT(*) AS ?n) { ?s dkg:relation ?r } GROUP BY ?r",
    "the latest": "SELECT ?s ?date { ?s a dkg:Statement ; dkg:negated false ; dkg:evidence ?e ."
    " ?e oa:hasSource ?a . ?a dcterms:date ?date } ORDER BY DESC(?date) ?s LIMIT 20",
}


def main() -> None:
    parser = argparse.ArgumentParser(description="Speed of the store.")
    parser.add_argument("--triples", type=int, default=TRIPLES)
    parser.add_argument("--articles", type=int, default=ARTICLES)
    given = parser.parse_args()
    table = Table("measure", "value", "target", "met")
    with tempfile.TemporaryDirectory() as folder:
        if given.triples:
            compare(table, Path(folder), given.triples)
        if given.articles:
            measure_large(table, Path(folder) / "store", given.articles)
    Console(width=160).print(table)


def compare(table: Table, folder: Path, triples: int) -> None:
    """One file of triples, both libraries: Oxigraph first."""
    file = folder / "triples.nt"
    seen: set[ox.Triple] = set()
    for of, claims, _ in readings():
        seen.update(quad.triple for quad in article_quads(of, claims, extractor="kg bench"))
        if len(seen) >= triples:
            break
    with file.open("w", encoding="utf-8") as out:
        out.writelines(f"{triple} .\n" for triple in seen)
    del seen
    told(f"comparing with rdflib on {triples:,} triples")
    ours, sizes = measure_oxigraph(file)
    theirs, their_sizes = measure_rdflib(file)
    assert sizes == their_sizes
    sorted_turtle, held = ours.pop("sorted Turtle"), sizes["triples"]
    for name, taken in ours.items():
        value = f"{taken:.3f} s, rdflib {theirs[name]:.2f} s: {theirs[name] / taken:.0f} times"
        row(table, f"{name}, {held:,} triples", value, ">= 1", theirs[name] >= taken)
    row(table, "kg export's sorted Turtle, the same", f"{sorted_turtle:.1f} s")


def measure_oxigraph(file: Path) -> tuple[dict[str, float], dict[str, int]]:
    """Seconds by what was done, and how many triples there are and rows of each query."""
    store = ox.Store()
    taken = {"loading": seconds(lambda: store.bulk_load(path=file))}
    sizes = {"triples": len(store)}
    for name, query in QUERIES.items():
        found: list[object] = []
        taken[name] = seconds(
            lambda query=query, found=found: found.extend(store.query(query, prefixes=prefixes()))
        )
        sizes[name] = len(found)
    options = {"format": ox.RdfFormat.TURTLE, "prefixes": prefixes()}
    taken["writing Turtle"] = seconds(
        lambda: store.dump(str(file) + ".ttl", from_graph=ox.DefaultGraph(), **options)
    )
    taken["sorted Turtle"] = seconds(lambda: turtle(store))
    return taken, sizes


def measure_rdflib(file: Path) -> tuple[dict[str, float], dict[str, int]]:
    """The same with rdflib's store in memory."""
    graph = rdflib.Graph()
    taken = {"loading": seconds(lambda: graph.parse(file, format="nt"))}
    sizes = {"triples": len(graph)}
    for name, query in QUERIES.items():
        found: list[object] = []
        taken[name] = seconds(
            lambda query=query, found=found: found.extend(graph.query(query, initNs=prefixes()))
        )
        sizes[name] = len(found)
    taken["writing Turtle"] = seconds(lambda: graph.serialize(str(file) + ".ttl", format="turtle"))
    return taken, sizes


def measure_large(table: Table, path: Path, articles: int) -> None:
    """A store like that of a build, asked by the command and changed by one article."""
    told(f"storing {articles:,} articles")
    with open_store(path) as store:
        taken = seconds(lambda: store.replace_articles(readings(articles), extractor="kg bench"))
        taken += seconds(store.tidy)
    told(f"stored {articles:,} articles: {taken:.0f} s")
    what = f"{articles * PER_ARTICLE:,} statements"
    row(table, f"storing {articles:,} articles", f"{taken:.0f} s, {articles / taken:,.0f} a second")
    for query in named_queries():
        for asked in ways_to_ask(query):
            measure_query(table, path, query, asked, what)
    measure_replacing(table, path, articles)
    peaks: list[float] = []
    report = str(path.with_suffix(".json"))
    check = ("validate", "--store", str(path), "--format", "json", "-o", report)
    before = processor_time()
    taken = seconds(lambda: peaks.append(peak_of(*check)))
    row(
        table,
        f"kg validate, {what}",
        f"{taken:.0f} s ({processor_time() - before:.0f} s of processor), {peaks[0]:,.0f} MB",
        f"<= {MOST_TO_VALIDATE} s, {MOST_MEMORY} MB",
        taken <= MOST_TO_VALIDATE and peaks[0] <= MOST_MEMORY,
    )
    size = sum(file.stat().st_size for file in path.iterdir()) / 1e6
    row(table, f"on disk, {what}", f"{size:,.0f} MB")


def ways_to_ask(query: NamedQuery) -> Iterator[list[str]]:
    """Of everything, then with each parameter that narrows a query."""
    yield []
    values = {"entity": "Actor 40", "dispute": "dispute-7", "type": "Court"}
    narrowing = [one for one in query.parameters if one.kind in values]
    if query.name == "ai-systems":
        values["entity"] = an_ai_system()
    for parameter in narrowing:
        yield ["-p", f"{parameter.name}={values[parameter.kind]}"]


def an_ai_system() -> str:
    """The name of one that the first articles speak of."""
    entities = (one.object.entity for _, claims, _ in readings(50) for one in claims)
    return next(entity.label for entity in entities if entity.type == "AISystem")


def measure_query(table: Table, path: Path, query: NamedQuery, asked: list[str], what: str) -> None:
    command = [sys.executable, "-m", "kg", "query", "--store", str(path), "--name", query.name]
    times, processor = [], []
    for _ in range(ROUNDS):
        before = processor_time()
        times.append(seconds(lambda: subprocess.run([*command, *asked], check=True, **_QUIET)))
        processor.append(processor_time() - before)
    told(f"{query.name} {' '.join(asked)}: {min(times):.2f} s")
    row(
        table,
        f"kg query -n {query.name} {' '.join(asked[1:])}, {what}",
        f"{min(times):.2f} s ({min(processor):.2f} s of processor)",
        f"<= {MOST_SECONDS} s",
        min(times) <= MOST_SECONDS,
    )


def processor_time() -> float:
    """Seconds that ended commands have taken; on a busy machine they tell more than the clock."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure_replacing(table: Table, path: Path, articles: int) -> None:
    """Articles of the store are read anew, with other claims; as a build does it."""
    times, processor = [], []
    with open_store(path) as store:
        for number in range(0, articles, max(1, articles // REPLACED)):
            changed = reading(number, version=1)
            before = time.process_time()
            times.append(
                seconds(lambda it=changed: store.replace_articles([it], extractor="kg bench"))
            )
            processor.append(time.process_time() - before)
    row(
        table,
        f"replacing one of {articles:,} articles",
        f"{max(times):.2f} s at most ({max(processor):.2f} s of processor)",
        f"<= {MOST_SECONDS} s",
        max(times) <= MOST_SECONDS,
    )


def told(what: str) -> None:
    """A line of progress; the results come in one table at the end."""
    print(what, file=sys.stderr, flush=True)


_QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


if __name__ == "__main__":
    main()
