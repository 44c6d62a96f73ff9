"""The page beside stock pyvis, measured in one run of headless Chromium: ``make bench``.

Time from opening a file to the first settled picture, size of the file and memory of its script,
for graphs of 200, 2,000 and 10,000 names; stock pyvis with its physics on, as it comes, at the
first two (at 10,000 it does not settle in hours). Then how long one frame takes while the picture
is moved, drawn by vis-network and by sigma.js: up to which number of lines vis-network keeps up. A
browser without a screen has no graphics card, so that sigma.js is slower than at a desk.
"""

import random
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from browser.chromium import chromium, missing
from pyvis.network import Network
from rich.console import Console
from rich.table import Table
from selenium.common.exceptions import TimeoutException
from selenium.webdriver import Chrome

from kg import page_files
from kg.page import write_page
from kg.records import Argument, Article, Entity, Sentence, Span, Statement

NAMES = (200, 2_000, 10_000)
SOONER = {200: 15, 2_000: 100}
GROWTH = 2.0
PATIENCE = 200
RUNS = 5
LINES = (250, 500, 1_000, 2_000, 5_000)
RELATIONS = ("criticizes", "sues", "supports", "denies", "requires", "uses", "releases")
KINDS = ("Company", "Person", "Group", "AISystem", "Work", "EthicalIssue")

# Runs in the page before its own scripts: when the picture has settled, `settled` is the time of
# the next frame, in milliseconds from the beginning of the navigation.
WATCH = """
(() => {
  const stop = () => { window.settled ??= performance.now(); };
  const done = () => requestAnimationFrame(() => setTimeout(stop));
  const look = () => {
    const graph = document.getElementById("graph");
    if (graph?.dataset.renderer) done();
    else if (window.network?.on && !window.watched) {
      window.watched = true;
      window.network.on("stabilizationIterationsDone", done);
    }
    if (window.settled === undefined) setTimeout(look, 5);
  };
  look();
})();
"""


def main() -> None:
    if missing():
        print(f"the page is not measured: {missing()}")
        return
    table = Table("page", "value", "target", "met")
    with tempfile.TemporaryDirectory() as name, chromium(1440, 900) as browser:
        folder = Path(name)
        watch(browser)
        measure_moving(table, browser, folder)
        measure_settling(table, browser, folder)
    Console().print(table)


def watch(browser: Chrome) -> None:
    browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})


def measure_settling(table: Table, browser: Chrome, folder: Path) -> None:
    whole: dict[int, float] = {}
    for names in NAMES:
        statements = news(names, round(1.25 * names))
        ours = folder / f"ours-{names}.html"
        write_page(ours, statements, articles={"a": Article("a", "", date="2024-05-01")})
        seconds = settled(browser, ours)
        size = f"{ours.stat().st_size / 1e6:.1f} MB, {memory(browser):.0f} MB of memory"
        row(table, f"{names:,} names: first picture", f"{seconds:.2f} s; {size}")
        whole[names] = settled(browser, ours, "#show=all")
        row(table, f"{names:,} names: all drawn", f"{whole[names]:.2f} s; {memory(browser):.0f} MB")
        if names in SOONER:
            stock = folder / f"stock-{names}.html"
            stock_page(stock, statements)
            # A browser of its own: what does not settle would hold up all that comes after it.
            with chromium(1440, 900) as other:
                watch(other)
                theirs = settled(other, stock, runs=1)
                held = f", {memory(other):.0f} MB of memory" if theirs < PATIENCE else ""
            ratio = theirs / max(seconds, whole[names])
            unit, more = ("no end after ", "more than ") if theirs >= PATIENCE else ("", "")
            size = f"{stock.stat().st_size / 1e6:.1f} MB{held}"
            row(table, f"{names:,} names: stock pyvis", f"{unit}{theirs:.1f} s; {size}")
            least = SOONER[names]
            row(
                table,
                f"{names:,} names: sooner",
                f"{more}{ratio:.0f} x",
                f">= {least} x",
                ratio >= least,
            )
    growth = whole[NAMES[-1]] / whole[2_000]
    row(table, "10,000 names beside 2,000", f"{growth:.1f} x", f"<= {GROWTH} x", growth <= GROWTH)


def measure_moving(table: Table, browser: Chrome, folder: Path) -> None:
    limit = page_files.look()["view"]["most_lines"]
    file = folder / "moving.html"
    for lines in LINES:
        found = []
        for most in (10**9, 0):
            page_files.look()["view"]["most_lines"] = most
            write_page(file, news(round(0.8 * lines), lines))
            settled(browser, file, "#show=all", runs=1)
            found.append(min(browser.execute_async_script(MOVE) for _ in range(RUNS)))
        vis, sigma = found
        text = f"{vis:.0f} ms by vis-network, {sigma:.0f} ms by sigma.js"
        row(table, f"{lines:,} lines: a frame while moving", text)
    page_files.look()["view"]["most_lines"] = limit


# Mean milliseconds between frames while the picture is moved a little in each. The page lets
# sigma.js leave the lines out while it moves where no graphics card draws, as here.
MOVE = """
const [done] = arguments;
const { network, sigma } = document.getElementById("graph");
if (sigma) sigma.getCamera().animate({ x: 0.6 }, { duration: 60000 });
const move = sigma ? () => {} : (n) => network.moveTo({ position: { x: 10 * (n % 5), y: 0 } });
let n = 0;
let begun = 0;
const frame = (now) => {
  if (n === 5) begun = now;
  if (n === 25) return done((now - begun) / 20);
  move(n);
  n += 1;
  requestAnimationFrame(frame);
};
requestAnimationFrame(frame);
"""


def settled(browser: Chrome, file: Path, address: str = "", *, runs: int = RUNS) -> float:
    """The least of some times from opening a file to its settled picture, in seconds."""
    times = []
    for _ in range(runs):
        browser.get("about:blank")
        end = time.monotonic() + PATIENCE
        browser.set_page_load_timeout(PATIENCE)
        with suppress(TimeoutException):
            browser.get(file.as_uri() + address)
        found = None
        while found is None and time.monotonic() < end:
            time.sleep(0.05)
            # A page that computes without a pause does not answer.
            with suppress(TimeoutException):
                found = browser.execute_script("return window.settled")
        times.append(PATIENCE if found is None else found / 1000)
    return min(times)


def memory(browser: Chrome) -> float:
    """Megabytes of the script's memory."""
    browser.execute_cdp_cmd("HeapProfiler.collectGarbage", {})
    browser.execute_cdp_cmd("Performance.enable", {})
    metrics = browser.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]
    return float({one["name"]: one["value"] for one in metrics}["JSHeapUsedSize"]) / 1e6


def stock_page(path: Path, statements: list[Statement]) -> None:
    network = Network(directed=True, cdn_resources="in_line", height="900px")
    ends = [(s.subject.entity, s.object.entity, s.relation) for s in statements]
    for entity in dict.fromkeys(one for pair in ends for one in pair[:2]):
        network.add_node(entity.slug, label=entity.label)
    for source, target, relation in ends:
        network.add_edge(source.slug, target.slug, label=relation)
    path.write_text(network.generate_html(), encoding="utf-8")


def news(names: int, lines: int) -> list[Statement]:
    """A graph as news make it: disputes around a few actors, some of whom are in several."""
    rank = random.Random(names)
    entities = [
        Entity(f"n{i:05}", KINDS[i % len(KINDS)], f"Name of {KINDS[i % len(KINDS)]} {i}")
        for i in range(names)
    ]
    disputes = max(names // 40, 1)
    pairs = [(i, i % disputes) for i in range(disputes, names)]
    while len(pairs) < lines:
        hub = rank.randrange(disputes)
        pairs.append((hub, rank.randrange(names)))
    found = []
    for number, (one, other) in enumerate(pairs[:lines]):
        a, b = (entities[one], entities[other]) if number % 3 else (entities[other], entities[one])
        relation = RELATIONS[number % len(RELATIONS)]
        text = f"{a.label} is said to have done something to {b.label} in sentence {number}."
        spans = [
            Span(part, text.index(part), text.index(part) + len(part))
            for part in (a.label, "done", b.label)
        ]
        found.append(
            Statement(
                article="a",
                lang="en",
                subject=Argument(a, spans[0]),
                relation=relation,
                object=Argument(b, spans[2]),
                negated=False,
                modality="asserted",
                attributed_to=None,
                time=None,
                trigger=spans[1],
                sentence=Sentence(number, text, 0, len(text)),
                confidence=0.9,
            )
        )
    return found


def row(table: Table, measure: str, value: str, target: str = "", met: bool | None = None) -> None:
    table.add_row(measure, value, target, {None: "", True: "yes", False: "no"}[met])


if __name__ == "__main__":
    main()
