"""Speed and memory, measured: ``make bench``.

Words per second of extraction beside those of the bare spaCy pipelines on the same texts, turn by
turn so that both meet the same machine; the start of ``kg --help``; the peak memory of ``kg build``
on 1,000 articles, each of them one of data/articles with the paragraphs in an order of its own.
"""

import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from kg.articles import read_articles
from kg.languages import languages
from kg.pipeline import Reader, load_reader, parts_of
from kg.records import Article
from kg.resources import data_dir
from kg.statements import extract

ROUNDS = 7
COPIES = 4
ARTICLES = 1_000
LEAST_RATIO = 0.8
MOST_SECONDS = 0.4


def main() -> None:
    articles = list(read_articles([data_dir() / "articles"]))
    table = Table("measure", "value", "target", "met")
    for code in languages():
        measure_extraction(table, code, [one for one in articles if one.lang == code])
    start = min(seconds(lambda: kg("--help")) for _ in range(10))
    row(table, "kg --help", f"{start:.2f} s", f"<= {MOST_SECONDS} s", start <= MOST_SECONDS)
    measure_memory(table, articles)
    Console().print(table)


def row(table: Table, measure: str, value: str, target: str = "", met: bool | None = None) -> None:
    table.add_row(measure, value, target, {None: "", True: "yes", False: "no"}[met])


def measure_extraction(table: Table, code: str, articles: list[Article]) -> None:
    reader = load_reader(code)
    texts = articles * COPIES
    words = sum(len(article.text.split()) for article in texts)
    list(extract(articles))  # warm: what is loaded once is not the speed
    bare, whole = [], []
    for _ in range(ROUNDS):
        bare.append(seconds(lambda: read_bare(reader, texts)))
        whole.append(seconds(lambda: list(extract(texts))))
    ratio = statistics.median(one / other for one, other in zip(bare, whole, strict=True))
    row(table, f"bare spaCy pipeline, {code}", f"{words / statistics.median(bare):,.0f} words/s")
    row(table, f"extraction, {code}", f"{words / statistics.median(whole):,.0f} words/s")
    row(table, f"ratio, {code}", f"{ratio:.2f}", f">= {LEAST_RATIO}", ratio >= LEAST_RATIO)


def read_bare(reader: Reader, articles: list[Article]) -> None:
    parts = (text for article in articles for _, text in parts_of(article.text))
    for _ in reader.nlp.pipe(parts, batch_size=64):
        pass


def measure_memory(table: Table, articles: list[Article]) -> None:
    shuffle = random.Random(1).sample
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "articles.jsonl"
        with file.open("w", encoding="utf-8") as out:
            for number in range(ARTICLES):
                article = articles[number % len(articles)]
                paragraphs = article.text.split("\n\n")
                text = "\n\n".join(shuffle(paragraphs, len(paragraphs)))
                line = {"id": f"{article.id}-{number}", "text": text, "lang": article.lang}
                out.write(json.dumps(line) + "\n")
        taken = seconds(lambda: kg("build", str(file), "-o", folder + "/out", "--quiet"))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    row(table, f"kg build, {ARTICLES:,} articles", f"{taken:.0f} s")
    row(table, f"peak memory, {ARTICLES:,} articles", f"{peak:,.0f} MB")


def kg(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "kg", *arguments], check=True, stdout=subprocess.DEVNULL)


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
