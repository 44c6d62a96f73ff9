"""Speed and memory, measured: the first part of ``make bench``, three minutes on a quiet machine.

Words per second of extraction beside those of the bare spaCy pipelines on the same texts, turn by
turn so that both meet the same machine, in time of the processor that the reading thread takes; the
start of ``kg --help``; the linking of many mentions; the peak memory of ``kg extract`` on 250 and
on 1,000 articles, which must be the same, and that of ``kg build``. Each of those articles is a
paragraph of data/articles with a date of its own. A row is told when it is there, and all of them
at the end; names of measures, as arguments, choose some.
"""

import argparse
import gc
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table
from spacy.tokens import Doc

from kg.articles import read_articles
from kg.clauses import Clauses
from kg.languages import languages
from kg.linking import Linker
from kg.pipeline import Reader, load_reader, parts_of
from kg.records import Article
from kg.resources import data_dir
from kg.statements import extract
from kg.syntax import Tree, build_tree

ROUNDS = 5
ARTICLES = 1_000
FEW_ARTICLES = 250
MOST_ON_TOP = 0.2  # of the time of the bare pipeline
MOST_GROWTH = 0.1  # of the memory, with four times as many articles
MOST_SECONDS = 0.4
MENTIONS = (50_000, 100_000)
PER_ARTICLE = 100
MOST_LINKING = 60  # seconds on one core
MOST_LINK_GROWTH = 0.15  # of the time of a mention, with twice as many
PROGRESS = Console(stderr=True)


def main() -> None:
    measures = {
        "extraction": measure_extractions,
        "start": measure_start,
        "linking": measure_linking,
        "memory": measure_memory,
    }
    parser = argparse.ArgumentParser(description="Speed and memory.")
    parser.add_argument("measures", nargs="*", help=f"some of: {', '.join(measures)}")
    chosen = parser.parse_args().measures
    if not measures.keys() >= set(chosen):
        parser.error(f"no such measure; expected some of: {', '.join(measures)}")
    table = Table("measure", "value", "target", "met")
    try:
        for name, measure in measures.items():
            if name in (chosen or measures):
                measure(table)
    finally:
        Console().print(table)


def row(table: Table, measure: str, value: str, target: str = "", met: bool | None = None) -> None:
    """Adds a row to a table, and tells it at once: an interruption loses nothing."""
    cells = (measure, value, target, {None: "", True: "yes", False: "no"}[met])
    table.add_row(*cells)
    PROGRESS.print("  ".join(filter(None, cells)), highlight=False)


def measure_extractions(table: Table) -> None:
    articles = list(read_articles([data_dir() / "articles"]))
    for code in languages():
        measure_extraction(table, code, [one for one in articles if one.lang == code])


def measure_start(table: Table) -> None:
    start = min(seconds(lambda: kg("--help")) for _ in range(10))
    row(table, "kg --help", f"{start:.2f} s", f"<= {MOST_SECONDS} s", start <= MOST_SECONDS)


def measure_extraction(table: Table, code: str, articles: list[Article]) -> None:
    reader = load_reader(code)
    words = sum(len(article.text.split()) for article in articles)
    list(extract(articles))  # warm: what is loaded once is not the speed
    bare, whole = [], []
    for _ in track(range(ROUNDS), f"extraction, {code}", console=PROGRESS, transient=True):
        bare.append(processor_seconds(lambda: read_bare(reader, articles)))
        whole.append(processor_seconds(lambda: list(extract(articles))))
    on_top = statistics.median(two / one - 1 for one, two in zip(bare, whole, strict=True))
    row(table, f"bare spaCy pipeline, {code}", f"{words / statistics.median(bare):,.0f} words/s")
    row(table, f"extraction, {code}", f"{words / statistics.median(whole):,.0f} words/s")
    met = on_top <= MOST_ON_TOP
    row(table, f"on top of the pipeline, {code}", f"{on_top:.0%}", f"<= {MOST_ON_TOP:.0%}", met)


def measure_linking(table: Table) -> None:
    """Mentions that all differ, linked; the parses are made beforehand and do not count."""
    reader = load_reader("en")
    rates = []
    for mentions in track(MENTIONS, "linking", console=PROGRESS, transient=True):
        trees = [made_up_tree(reader, first) for first in range(0, mentions, PER_ARTICLE)]
        taken = seconds(lambda trees=trees: link_subjects(reader, trees))
        rates.append(taken / mentions)
        met = taken <= MOST_LINKING if mentions == MENTIONS[-1] else None
        target = f"<= {MOST_LINKING} s" if mentions == MENTIONS[-1] else ""
        row(table, f"linking {mentions:,} distinct mentions", f"{taken:.1f} s", target, met)
    growth = rates[1] / rates[0] - 1
    met = growth <= MOST_LINK_GROWTH
    row(table, "a mention, twice as many", f"{growth:+.0%}", f"<= +{MOST_LINK_GROWTH:.0%}", met)


def made_up_tree(reader: Reader, first: int) -> Tree:
    """An article of sentences "Abcde Fghij sued the strict klmno rules.": names, then phrases."""
    words, pos, deps, heads, ents = [], [], [], [], []
    for number in range(first, first + PER_ARTICLE, 2):
        name, noun = made_up_word(number), made_up_word(number + 1)
        at = len(words)
        words += [name.title(), "Doe", "sued", "the", "strict", noun, "rules", "."]
        pos += ["PROPN", "PROPN", "VERB", "DET", "ADJ", "NOUN", "NOUN", "PUNCT"]
        deps += ["compound", "nsubj", "ROOT", "det", "amod", "compound", "dobj", "punct"]
        heads += [at + head for head in (1, 2, 2, 6, 6, 6, 2, 2)]
        ents += ["B-PERSON", "I-PERSON", *["O"] * 6]
    doc = Doc(
        reader.nlp.vocab,
        words=words,
        pos=pos,
        deps=deps,
        heads=heads,
        ents=ents,
        lemmas=[word.lower() for word in words],
    )
    return build_tree(doc.text, [(0, doc)], reader.pack)


def made_up_word(number: int) -> str:
    """Five letters that no other number has, from thirteen."""
    letters = []
    for _ in range(5):
        number, digit = divmod(number, 13)
        letters.append("abdefgiklmnou"[digit])
    return "".join(letters)


def link_subjects(reader: Reader, trees: list[Tree]) -> None:
    slugs = set()
    for number, tree in enumerate(trees):
        linker = Linker(Clauses(tree, reader.cues), reader.names, f"article-{number}")
        for token, role in enumerate(tree.role):
            if role in ("subject", "object"):
                argument = linker.link(token)
                slugs.add(argument.entity.slug if argument else "")
    assert len(slugs) == len(trees) * PER_ARTICLE


def read_bare(reader: Reader, articles: list[Article]) -> None:
    parts = (text for article in articles for _, text in parts_of(article.text))
    for _ in reader.nlp.pipe(parts, batch_size=64):
        pass


def measure_memory(table: Table) -> None:
    articles = list(read_articles([data_dir() / "articles"]))
    with tempfile.TemporaryDirectory() as folder:
        few = write_articles(Path(folder) / "few.jsonl", articles, FEW_ARTICLES)
        many = write_articles(Path(folder) / "many.jsonl", articles, ARTICLES)
        peaks: list[float] = []
        for number, file in track(
            ((FEW_ARTICLES, few), (ARTICLES, many)), "memory", console=PROGRESS, transient=True
        ):
            extraction = partial(peak_of, "extract", str(file), "--quiet")
            taken = seconds(lambda extraction=extraction: peaks.append(extraction()))
            row(table, f"peak memory of kg extract, {number:,} articles", f"{peaks[-1]:,.0f} MB")
            row(table, f"kg extract, {number:,} articles", f"{taken:.0f} s")
        growth = peaks[1] / peaks[0] - 1
        met = growth <= MOST_GROWTH
        row(table, "growth of that memory", f"{growth:.0%}", f"<= {MOST_GROWTH:.0%}", met)
        taken = seconds(partial(kg, "extract", str(many), "--quiet", "--processes", "2"))
        row(table, f"kg extract, {ARTICLES:,} articles, two processes", f"{taken:.0f} s")
        taken = seconds(lambda: kg("build", str(many), "-o", folder + "/out", "--quiet"))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    row(table, f"kg build, {ARTICLES:,} articles", f"{taken:.0f} s")
    row(table, f"peak memory of kg build, {ARTICLES:,} articles", f"{peak:,.0f} MB")


def write_articles(file: Path, articles: list[Article], count: int) -> Path:
    with file.open("w", encoding="utf-8") as out:
        for number in range(count):
            turn, which = divmod(number, len(articles))
            article = articles[which]
            paragraphs = article.text.split("\n\n")
            text = paragraphs[turn % len(paragraphs)]
            name = f"{article.id}-{number}"
            line = {"id": name, "text": text, "lang": article.lang, "date": a_date(number)}
            out.write(json.dumps(line) + "\n")
    return file


def a_date(number: int) -> str:
    return (date(2022, 1, 1) + timedelta(number)).isoformat()


def peak_of(*arguments: str) -> float:
    """The peak memory of a command in MB, told by its own process."""
    code = (
        "import resource, sys; from kg.cli import main; main(sys.argv[1:]);"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], check=True, capture_output=True, text=True
    )
    return float(done.stderr.split()[-1])


def kg(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "kg", *arguments], check=True, stdout=subprocess.DEVNULL)


def processor_seconds(work: Callable[[], object]) -> float:
    """What this thread takes of the processor, whatever else the machine does meanwhile."""
    gc.collect()  # nobody clears away what another has left
    start = time.thread_time()
    work()
    return time.thread_time() - start


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
