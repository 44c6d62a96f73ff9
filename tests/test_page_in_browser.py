"""What a browser without network makes of the page: eye, keyboard and screen reader."""

import csv
import io
import itertools
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import nbclient
import nbformat
import pyoxigraph as ox
import pytest
from browser.chromium import chromium, emulate, missing
from disputes import (
    ARTICLES,
    ARTISTS,
    GUILD,
    HOSTILE,
    LEAK,
    LETTER,
    OPENAI,
    SORA,
    STATEMENTS,
    crowd,
    say,
)
from selenium.webdriver import ActionChains, Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select

from kg import vocabulary
from kg.graph import article_quads
from kg.page import page_html
from kg.records import Argument, Article, Entity, Sentence, Span, Statement

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing() or "-")

AXE = Path(__file__).parent / "browser" / "axe" / "axe.min.js"
SIZES = {"desktop": (1440, 900), "tablet": (820, 1180), "telephone": (390, 844)}


@pytest.fixture(scope="module")
def browser() -> Iterator[Chrome]:
    with chromium(1440, 900) as started:
        yield started


@pytest.fixture(autouse=True)
def desktop(browser: Chrome) -> None:
    emulate(browser, *SIZES["desktop"])


@pytest.fixture
def chrome(browser: Chrome, tmp_path: Path) -> Iterator[Chrome]:
    """The browser; afterwards nothing may have reached the console or the network."""
    yield browser
    assert complaints(browser) == []
    assert {url for url in requests(browser) if not url.startswith(("blob:", "about:"))} <= {
        (tmp_path / "page.html").as_uri()
    }


@pytest.fixture
def shown(chrome: Chrome, tmp_path: Path) -> Chrome:
    """The page of STATEMENTS."""
    return opened(chrome, tmp_path, page_html(STATEMENTS, articles=ARTICLES, title="Disputes"))


def opened(browser: Chrome, folder: Path, document: str, address: str = "") -> Chrome:
    file = folder / "page.html"
    file.write_text(document, encoding="utf-8", newline="\n")
    browser.get("about:blank")
    browser.get_log("browser")
    browser.get_log("performance")
    browser.get(file.as_uri() + address)
    return browser


def complaints(browser: Chrome) -> list[str]:
    # What Chromium's software renderer says of its own speed is not the page's doing.
    return [
        entry["message"]
        for entry in browser.get_log("browser")
        if "GL Driver Message" not in entry["message"]
    ]


def requests(browser: Chrome) -> list[str]:
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    return [
        event["params"]["request"]["url"].partition("#")[0]
        for event in events
        if event["method"] == "Network.requestWillBeSent"
    ]


def texts(browser: Chrome, selector: str) -> list[str]:
    return [found.text for found in browser.find_elements(By.CSS_SELECTOR, selector)]


def one(browser: Chrome, selector: str) -> Any:
    return browser.find_element(By.CSS_SELECTOR, selector)


def rows(browser: Chrome) -> int:
    return len(browser.find_elements(By.CSS_SELECTOR, "#rows tr"))


def drawn(browser: Chrome) -> tuple[list[str], list[str]]:
    """Ids of the names and of the lines that are drawn, whoever draws them."""
    found: list[list[str]] = browser.execute_script(
        "const graph = document.getElementById('graph');"
        "if (graph.dataset.renderer === 'webgl') {"
        "  const inside = graph.sigma.getGraph();"
        "  return [inside.nodes(), inside.edges()];"
        "}"
        "const { nodes, edges } = graph.network.body.data;"
        "return [nodes.getIds(), edges.getIds()]"
    )
    return sorted(found[0]), sorted(found[1])


def line(browser: Chrome, edge: str) -> dict[str, Any]:
    found: dict[str, Any] = browser.execute_script(
        "return document.getElementById('graph').network.body.data.edges.get(arguments[0])", edge
    )
    return found


def at_line(browser: Chrome, edge: str) -> ActionChains:
    """The mouse on the middle of a line."""
    found: list[float] = browser.execute_script(
        "const network = document.getElementById('graph').network;"
        "const line = network.body.edges[arguments[0]].edgeType;"
        "const { x, y } = network.canvasToDOM(line.getPoint(0.5));"
        "const box = document.getElementById('graph').getBoundingClientRect();"
        "return [x - box.width / 2, y - box.height / 2]",
        edge,
    )
    where = (round(found[0]), round(found[1]))
    return ActionChains(browser).move_to_element_with_offset(one(browser, "#graph"), *where)


def chip(browser: Chrome, box: str, name: str) -> Any:
    return one(browser, f'#{box} [data-name="{name}"]')


def address(browser: Chrome) -> str:
    found: str = browser.execute_script("return decodeURIComponent(location.hash)")
    return found


# --- Opening --------------------------------------------------------------------------------------


def test_a_page_that_misbehaves_would_be_noticed(browser: Chrome, tmp_path: Path) -> None:
    bad = '<!DOCTYPE html><img src="http://example.org/x.png" alt=""><script>nonsense()</script>'
    opened(browser, tmp_path, bad)
    assert "http://example.org/x.png" in requests(browser)
    assert any("nonsense" in message for message in complaints(browser))


def test_opens_without_network(shown: Chrome) -> None:
    assert one(shown, "h1").text == "Disputes"
    assert drawn(shown)[0] == ["artists", "authors-guild", "open-letter", "openai", "sora"]
    assert len(drawn(shown)[1]) == 6
    inked = shown.execute_script(
        "const c = document.querySelector('#graph canvas');"
        "const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
        "return d.filter((v, i) => i % 4 === 3 && v > 0).length"
    )
    assert inked > 2000
    assert rows(shown) == len(STATEMENTS)


def test_no_statements(chrome: Chrome, tmp_path: Path) -> None:
    opened(chrome, tmp_path, page_html([], title="Nothing"))
    assert one(chrome, "#empty h2").text == "There are no statements here."
    assert not one(chrome, "#full").is_displayed()
    one(chrome, "[data-language=id]").click()
    assert one(chrome, "#empty h2").text == "Tidak ada pernyataan di sini."


def test_one_is_singular(chrome: Chrome, tmp_path: Path) -> None:
    opened(chrome, tmp_path, page_html([LEAK]))
    one(chrome, "[data-language=en]").click()
    assert one(chrome, "#counts").text == "1 statement · 1 article · 2 names"
    one(chrome, "[data-language=id]").click()
    assert one(chrome, "#counts").text == "1 pernyataan · 1 artikel · 2 nama"


# --- In words -------------------------------------------------------------------------------------


def test_the_brief_says_who_stands_against_whom_over_what_and_who_says_so(
    chrome: Chrome, tmp_path: Path
) -> None:
    work = Entity("works", "Work", "creative works", (("en", "creative works"), ("id", "karya")))
    statements = [
        *STATEMENTS[:3],
        say("[s OpenAI] [t menyalin] [o karya].", OPENAI, "copies", work, at=700),
        say(
            "[a Guild]: [s seniman] [t menuduh] [o OpenAI].",
            ARTISTS,
            "accuses",
            OPENAI,
            at=800,
            speaker=GUILD,
        ),
    ]
    opened(chrome, tmp_path, page_html(statements, articles=ARTICLES), "#lang=en")
    summary = one(chrome, "#summary").text
    assert summary == "Artists criticize and protest OpenAI over creative works and Sora."
    story = one(chrome, "#brief .stories li").text
    assert story == (
        "artists criticize, protest, and accuse OpenAI over creative works and Sora\n"
        "3 statements in 1 article · said by the articles themselves (2) and Authors Guild (1)"
    )
    one(chrome, "[data-language=id]").click()
    assert (
        one(chrome, "#summary").text
        == "Seniman mengkritik dan memprotes OpenAI perihal karya dan Sora."
    )
    one(chrome, "#brief .story").click()
    assert one(chrome, "#panel h2").text == "seniman ↔ OpenAI"
    assert texts(chrome, "#panel h3") == ["seniman → OpenAI · 3"]


def test_several_disputes_are_summed_up_by_whom_they_are_against(shown: Chrome) -> None:
    assert one(shown, "#summary").text == (
        "Most is directed against OpenAI (3 statements). "
        "Most of it comes from artists (2 statements)."
    )
    assert one(shown, "#counts").text == "8 statements · 2 articles · 2 disputes"
    Select(one(shown, "#dispute")).select_by_value("guild-openai")
    assert one(shown, "#summary").text == "Authors Guild sues OpenAI."
    assert one(shown, "#scope").text == "Authors Guild sues OpenAI"


def test_those_who_do_the_same_are_told_together(chrome: Chrome, tmp_path: Path) -> None:
    meta = Entity("meta", "Company", "Meta", (("en", "Meta"),), True)
    gemini = Entity("gemini", "AISystem", "Gemini", (("en", "Gemini"),), True)
    marked = "[s One] [t sued] [o another]."
    both = [
        say(marked, who, "sues", whom, at=at, article="guild")
        for at, (who, whom) in enumerate(itertools.product((GUILD, ARTISTS), (OPENAI, meta)))
    ]
    both[2:] = [replace(one, relation="protests") for one in both[2:]]
    back = say("[s OpenAI] [t menuduh] [o seniman].", OPENAI, "accuses", ARTISTS, at=90)
    aside = say("[s OpenAI] [t melarang] [o Gemini].", ARTISTS, "copies", gemini, at=95)
    document = page_html([*both, back, aside], articles=ARTICLES)
    opened(chrome, tmp_path, document, "#lang=en")
    told = [text.split("\n")[0] for text in texts(chrome, "#brief .stories li")]
    # One and all of whom it sues; what one accuses another of is not what the others are about.
    assert told[:2] == ["artists protest OpenAI and Meta", "Authors Guild sues OpenAI and Meta"]
    assert told[2] == "OpenAI accuses artists over Gemini"
    opened(
        chrome, tmp_path, page_html([*both[:1], *both[2:3], back], articles=ARTICLES), "#lang=en"
    )
    assert "Authors Guild sues OpenAI" in texts(chrome, "#brief .story")
    alike = [both[0], replace(both[2], relation="sues")]
    opened(chrome, tmp_path, page_html([*alike, back], articles=ARTICLES), "#lang=en")
    assert texts(chrome, "#brief .story")[0] == "Authors Guild and artists sue OpenAI"
    one(chrome, "#brief .story").click()
    assert one(chrome, "#panel h2").text == "OpenAI ↔ Authors Guild, artists"
    assert len(texts(chrome, "#panel blockquote")) == 3
    assert texts(chrome, "#panel h3")[0] == "Authors Guild → OpenAI · 1"
    assert "select=pair:openai+authors-guild+artists" in address(chrome)
    # Of two disputes they are two stories.
    alike[0] = replace(alike[0], article="sora-id", lang="id")
    opened(chrome, tmp_path, page_html(alike, articles=ARTICLES), "#lang=en")
    found = sorted(texts(chrome, "#brief .story"))
    assert found == ["Authors Guild sues OpenAI", "artists sue OpenAI"]


def test_what_is_opposed_or_demanded_is_told_beside_whom(chrome: Chrome, tmp_path: Path) -> None:
    fee = Entity("concept-biaya", "Concept", "biaya yang adil", (("id", "biaya yang adil"),))
    statements = [
        say("[s Seniman] [t menuntut] [o biaya yang adil].", ARTISTS, "demands", fee, at=1),
        say("[s Seniman] [t menentang] [o Sora].", ARTISTS, "opposes", SORA, at=50),
        say("[s Seniman] [t menuntut] [o OpenAI].", ARTISTS, "demands", OPENAI, at=99),
    ]
    opened(chrome, tmp_path, page_html(statements, articles=ARTICLES), "#lang=en")
    headings = ["Who stands against whom", "Who opposes or demands what", "Most often named"]
    assert texts(chrome, "#brief h3") == headings
    assert texts(chrome, "#brief .story") == [
        "artists make demands of OpenAI over Sora",
        "artists oppose Sora",
        # The article's words, in another language than the page.
        "artists demand “biaya yang adil”",
    ]
    opened(chrome, tmp_path, page_html(statements[:2], articles=ARTICLES), "#lang=en")
    assert one(chrome, "#summary").text == "Artists oppose Sora."


def test_a_headline_is_what_an_article_says_at_first_hand(chrome: Chrome, tmp_path: Path) -> None:
    planned = say("[s Seniman] akan [t menggugat] [o OpenAI].", ARTISTS, "sues", OPENAI, at=1)
    planned = replace(planned, modality="planned", confidence=1.0)
    heard = say(
        "[a Guild]: [s OpenAI] [t melarang] [o seniman].",
        OPENAI,
        "restricts",
        ARTISTS,
        at=50,
        speaker=GUILD,
    )
    accused = say("[s The guild] [t accused] [o OpenAI].", GUILD, "accuses", OPENAI, at=90)
    accused = replace(accused, modality="alleged", confidence=0.5)
    opened(chrome, tmp_path, page_html([planned, heard, accused], articles=ARTICLES), "#lang=en")
    assert one(chrome, "#summary").text == "Authors Guild accuses OpenAI."
    told = dict(text.split("\n") for text in texts(chrome, "#brief .stories li"))
    # The others are told, with how and by whom they are said.
    assert " · planned (1) · said by the articles themselves (1)" in told["artists sue OpenAI"]
    assert told["OpenAI restricts artists"].endswith(" · said by Authors Guild (1)")
    # Without a first hand there is no headline.
    opened(chrome, tmp_path, page_html([planned, heard], articles=ARTICLES), "#lang=en")
    assert one(chrome, "#summary").text == "Who says what about whom, sentence by sentence."


def test_whom_an_article_does_not_name_is_told_so(chrome: Chrome, tmp_path: Path) -> None:
    board = Entity("organization-dewan--x", "Organization", "dewan", (("id", "dewan"),))
    makers = Entity("company-makers--x", "Company", "makers of bots", (("en", "makers of bots"),))
    statements = [
        say("[s Dewan] [t menuntut] [o OpenAI].", board, "demands", OPENAI, at=1),
        say("[s Makers of bots] [t sued] [o OpenAI].", makers, "sues", OPENAI, article="guild"),
    ]
    opened(chrome, tmp_path, page_html(statements, articles=ARTICLES), "#lang=en")
    label = (
        "return document.getElementById('graph').network.body.data.nodes.get(arguments[0]).label"
    )
    assert chrome.execute_script(label, board.slug) == "dewan (not named)"
    assert chrome.execute_script(label, makers.slug) == "makers of bots"
    assert "makers of bots sue OpenAI" in texts(chrome, "#brief .story")
    one(chrome, "#search").send_keys("dewan")
    assert texts(chrome, "#matches small") == ["organization · Seniman bocorkan Sora"]
    one(chrome, "#search").send_keys(Keys.ENTER)
    facts = one(chrome, "#panel .entity").text
    assert "Spoken of in\nSeniman bocorkan Sora" in facts
    # A word of another language says so to screen readers, and to the eye.
    words = one(chrome, "#panel h2 bdi")
    assert words.get_attribute("lang") == "id"
    assert words.value_of_css_property("font-style") == "italic"
    one(chrome, "[data-language=id]").click()
    assert chrome.execute_script(label, board.slug) == "dewan (tanpa nama)"


def test_verbs_agree_with_their_subject(shown: Chrome) -> None:
    relations = texts(shown, "#rows td.relation")
    assert "leak" in relations  # artists
    assert "sues" in relations  # the guild
    assert any("do not oppose" in relation for relation in relations)


def test_the_labels_of_few_lines_are_not_covered_by_names(shown: Chrome) -> None:
    boxes = shown.execute_script(
        "const { body } = document.getElementById('graph').network;"
        "const sizes = body.data.edges.getIds().map((id) => body.edges[id].labelModule.size);"
        "const labels = sizes.map(({ left, top, width, height }) =>"
        "  ({ left, top, right: left + width, bottom: top + height }));"
        "const names = body.data.nodes.getIds().map((id) => body.nodes[id].shape.boundingBox);"
        "return { labels, names }"
    )
    assert len(boxes["labels"]) == 6
    for label, name in itertools.product(boxes["labels"], boxes["names"]):
        across = min(label["right"], name["right"]) - max(label["left"], name["left"])
        down = min(label["bottom"], name["bottom"]) - max(label["top"], name["top"])
        assert across <= 0 or down <= 0, (label, name)


# --- Evidence -------------------------------------------------------------------------------------


def test_clicking_a_line_shows_its_sentences(shown: Chrome) -> None:
    at_line(shown, "artists contends sora").click().perform()
    assert texts(shown, "#panel blockquote") == [
        "🎨🎭 Para seniman membocorkan Sora.",
        "Seniman tidak menentang Sora.",
    ]
    assert texts(shown, "#panel .card:nth-of-type(1) mark") == [
        "Para seniman",
        "membocorkan",
        "Sora",
    ]
    assert texts(shown, "#panel .relation.negated") == ["do not oppose"]
    assert "1 of 2 negated" in one(shown, "#panel .kind").text
    assert one(shown, "#panel .article a").get_attribute("href") == "https://example.org/sora"
    assert "2024-11-28" in one(shown, "#panel .article").text
    assert "90%" in one(shown, "#panel .facts").text
    assert "select=edge:artists+contends+sora" in address(shown)


def test_pointing_at_a_line_names_it(shown: Chrome) -> None:
    at_line(shown, "artists contends openai").perform()
    tip = one(shown, "#tip")
    assert tip.is_displayed()
    assert tip.text.split("\n") == ["artists → OpenAI", "criticize", "protest", "2 statements"]


def test_lines_tell_count_reported_and_negated(shown: Chrome) -> None:
    # So few lines are named; a selection elsewhere leaves the counts.
    assert line(shown, "artists contends openai")["label"] == "criticize\nprotest"
    one(shown, "#search").send_keys("guild", Keys.ENTER)
    assert line(shown, "openai affects artists")["dashes"] == [7, 6]
    assert line(shown, "openai cooperates artists")["dashes"] is False
    assert line(shown, "artists contends sora")["arrows"]["to"]["type"] == "arrow"
    one(shown, "#panel .close").click()
    chip(shown, "voices", "negated").click()
    assert line(shown, "artists contends sora")["arrows"]["to"]["type"] == "bar"
    assert line(shown, "artists contends sora")["label"] == "do not oppose"


def test_who_says_so_and_modality(shown: Chrome) -> None:
    one(shown, "#search").send_keys("OpenAI", Keys.ENTER)
    assert one(shown, "#panel h2").text.strip() == "OpenAI"
    cards = texts(shown, "#panel .card")
    (alleged,) = (card for card in cards if "exploits" in card)
    assert "According to artists" in alleged
    assert "alleged" in alleged
    assert len(cards) == 5
    assert texts(shown, "#panel h3") == [
        "What OpenAI does · 2",
        "What others do towards OpenAI · 3",
    ]
    (sued,) = (card for card in cards if "sues" in card)
    assert "Time: 2023-09-19" in sued


def test_a_name_has_its_kind_its_names_and_its_identifiers(shown: Chrome) -> None:
    one(shown, "#search").send_keys("Open AI", Keys.ENTER)
    facts = one(shown, "#panel .entity").text.split("\n")
    assert facts[:4] == ["Kind", "company", "English", "OpenAI"]
    assert "entity:openai" in facts
    href = one(shown, "#panel .entity a").get_attribute("href")
    assert href == "https://www.wikidata.org/wiki/Q21708200"
    one(shown, "#search").send_keys("artists", Keys.ENTER)
    facts = one(shown, "#panel .entity").text.split("\n")
    assert facts[2:6] == ["English", "artists", "Indonesia", "seniman"]


def test_only_what_touches_a_name(shown: Chrome) -> None:
    one(shown, "#search").send_keys("guild", Keys.ENTER)
    one(shown, "#around").click()
    assert drawn(shown)[0] == ["authors-guild", "openai"]
    assert rows(shown) == 1
    assert "around=authors-guild" in address(shown)
    one(shown, "#around-chip").click()
    assert rows(shown) == len(STATEMENTS)


# --- Finding --------------------------------------------------------------------------------------


def test_filters(shown: Chrome) -> None:
    everything = len(STATEMENTS)
    chip(shown, "groups", "affects").click()
    assert (rows(shown), drawn(shown)) == (1, (["artists", "openai"], ["openai affects artists"]))
    chip(shown, "groups", "cooperates").click()
    assert (rows(shown), len(drawn(shown)[1])) == (2, 2)
    assert texts(shown, "#table-count") == [f"2 of {everything}"]
    one(shown, "#reset").click()
    assert (rows(shown), len(drawn(shown)[1])) == (everything, 6)
    # A chosen group opens its relations, which narrow it.
    chip(shown, "groups", "contends").click()
    assert rows(shown) == 5
    chip(shown, "relations", "sues").click()
    assert rows(shown) == 1
    chip(shown, "relations", "leaks").click()
    assert rows(shown) == 2
    one(shown, "#reset").click()
    chip(shown, "types", "Document").click()
    assert drawn(shown)[0] == ["artists", "open-letter"]
    chip(shown, "types", "Document").click()
    Select(one(shown, "#article")).select_by_visible_text("2023-09-20 · Authors Guild sues OpenAI")
    assert drawn(shown)[0] == ["authors-guild", "openai"]
    Select(one(shown, "#article")).select_by_index(0)
    Select(one(shown, "#speaker")).select_by_value("artists")
    assert texts(shown, "#rows td.relation") == ["exploits"]
    Select(one(shown, "#speaker")).select_by_index(0)
    one(shown, "#least").send_keys(*[Keys.ARROW_RIGHT] * 12)
    assert one(shown, "#least-text").text == "60%"
    assert rows(shown) == everything - 1
    one(shown, "#reset").click()
    chip(shown, "voices", "negated").click()
    chip(shown, "groups", "affects").click()
    assert rows(shown) == 0
    assert one(shown, "#none").is_displayed()
    one(shown, "#reset").click()
    assert rows(shown) == everything


@pytest.mark.parametrize(("voice", "count"), [("own", 6), ("reported", 1), ("negated", 1)])
def test_every_statement_is_said_in_one_way(shown: Chrome, voice: str, count: int) -> None:
    counts = {
        element.get_attribute("data-name"): element.find_element(By.CLASS_NAME, "counts").text
        for element in shown.find_elements(By.CSS_SELECTOR, "#voices .chip")
    }
    assert counts[voice] == str(count)
    chip(shown, "voices", voice).click()
    assert rows(shown) == count


def test_search_knows_names_of_the_other_language_and_further_ones(shown: Chrome) -> None:
    search = one(shown, "#search")
    search.send_keys("surat ter")
    assert [text.split("\n") for text in texts(shown, "#matches li")] == [
        ["open letter", "document · surat terbuka"]
    ]
    search.send_keys(Keys.ARROW_DOWN, Keys.ENTER)
    assert "open letter" in one(shown, "#panel h2").text
    assert "surat terbuka" in one(shown, "#panel .entity").text
    search.send_keys("open a")
    assert texts(shown, "#matches li bdi") == ["OpenAI"]
    search.clear()
    search.send_keys("nobody of that name")
    assert one(shown, "#no-match").text == "No name matches."


def test_the_timeline_is_dragged(shown: Chrome) -> None:
    bars = one(shown, "#bars")
    width = bars.size["width"]
    mouse = ActionChains(shown)
    mouse.move_to_element_with_offset(bars, 3 - width // 2, 0).click_and_hold()
    mouse.move_by_offset(width // 4, 0).move_by_offset(width // 4, 0).release().perform()
    assert rows(shown) == 1
    assert "to=2024-" in address(shown)
    assert "–" in one(shown, "#range").text
    # The chosen time is moved as a whole.
    mouse = ActionChains(shown)
    mouse.move_to_element_with_offset(bars, -width // 4, 0).click_and_hold()
    mouse.move_by_offset(width, 0).release().perform()
    assert "from=2024-" in address(shown)
    assert "to=" not in address(shown)
    assert rows(shown) == len(STATEMENTS) - 1
    one(shown, "#all-times").click()
    assert rows(shown) == len(STATEMENTS)


def test_the_timeline_by_keyboard(shown: Chrome) -> None:
    one(shown, "#from").send_keys(Keys.ARROW_RIGHT)
    assert rows(shown) == len(STATEMENTS) - 1
    assert "from=2023-10" in address(shown)
    assert one(shown, "#from").get_attribute("aria-valuetext") == "Oct 2023"
    one(shown, "#from").send_keys(Keys.HOME)
    assert rows(shown) == len(STATEMENTS)


def test_the_timeline_counts_what_happened_as_well(chrome: Chrome, tmp_path: Path) -> None:
    times = ["2022-05/2022-06", "2023", "2024-02-03", "../2025", "spring", "13-45-99", None]
    statements = [replace(LEAK, time=time, confidence=0.1 + i / 10) for i, time in enumerate(times)]
    # With one article there is only what happened to count.
    opened(chrome, tmp_path, page_html(statements, articles=ARTICLES))
    assert not one(chrome, "#clock").is_displayed()
    assert one(chrome, "#range").text.startswith("May 2022 to Jan 2025")
    statements.append(STATEMENTS[-1])
    times.append(STATEMENTS[-1].time)
    opened(chrome, tmp_path, page_html(statements, articles=ARTICLES))
    assert one(chrome, "#range").text.startswith("Sep 2023 to Nov 2024")
    Select(one(chrome, "#clock")).select_by_value("event")
    assert one(chrome, "#range").text.startswith("May 2022 to Jan 2025")
    one(chrome, "#from").send_keys(Keys.ARROW_RIGHT)
    assert "clock=event&from=2022-06" in address(chrome)
    found = {"2023-09-19", "2023", "2024-02-03", "… – 2025"}
    assert set(texts(chrome, "#rows td.time")) == found
    assert "3 without a date left out" in one(chrome, "#range").text
    Select(one(chrome, "#clock")).select_by_value("article")
    assert rows(chrome) == len(times)


@pytest.mark.parametrize(
    "asked",
    [
        "lang=id&group=contends,affects&voice=own",
        "lang=en&dispute=sora-leak&select=edge:artists+contends+sora",
        "lang=en&type=Document&select=node:open-letter&sort=-confidence",
        "lang=en&relation=sues,supports&confidence=60",
        "lang=en&speaker=artists",
        "lang=en&from=2024-01&around=openai&select=pair:artists+openai",
        "lang=en&select=pair:openai+artists+authors-guild",
    ],
)
def test_an_address_gives_the_same_view_again(chrome: Chrome, tmp_path: Path, asked: str) -> None:
    document = page_html(STATEMENTS, articles=ARTICLES)

    def seen() -> tuple[object, ...]:
        return (drawn(chrome), texts(chrome, "#rows tr"), texts(chrome, ".side"))

    opened(chrome, tmp_path, document, "#" + asked)
    assert address(chrome) == "#" + asked
    before = seen()
    # From another view of the same page, as when an address is pasted.
    chrome.execute_script("location.hash = ''")
    one(chrome, "[data-language=en]").click()
    assert seen() != before
    chrome.execute_script("location.hash = arguments[0]", asked)
    chrome.execute_async_script("setTimeout(arguments[0], 50)")
    assert seen() == before


def test_an_address_that_fits_nothing_is_passed_over(chrome: Chrome, tmp_path: Path) -> None:
    nonsense = (
        "#lang=xx&group=toString&relation=nope&type=,&voice=loud&speaker=nobody&confidence=1e9"
        "&from=soon&around=constructor&show=none&select=node:__proto__&sort=length&article=toString"
    )
    opened(chrome, tmp_path, page_html(STATEMENTS, articles=ARTICLES), nonsense)
    assert rows(chrome) == len(STATEMENTS)
    assert address(chrome) == "#lang=en"


# --- Two languages --------------------------------------------------------------------------------


def test_language_switch(shown: Chrome) -> None:
    one(shown, "[data-language=id]").click()
    assert one(shown, "html").get_attribute("lang") == "id"
    assert "8 pernyataan" in one(shown, "#counts").text
    assert "membocorkan" in texts(shown, "#rows td.relation")
    assert "tidak menentang" in " ".join(texts(shown, "#rows td.relation"))
    assert "seniman" in texts(shown, "#rows td.subject")
    labels = shown.execute_script(
        "return document.getElementById('graph').network.body.data.nodes.get('artists').label"
    )
    assert labels == "seniman"
    assert texts(shown, "#groups .chip")[0].startswith(vocabulary.groups()[0].label("id"))
    # A dispute goes by the title of its article.
    assert "Seniman bocorkan Sora" in texts(shown, "#dispute option")
    one(shown, "[data-language=en]").click()
    assert "8 statements" in one(shown, "#counts").text


# --- The table ------------------------------------------------------------------------------------


def test_table_sorts_and_leads_to_the_evidence(shown: Chrome) -> None:
    def heads() -> list[str | None]:
        found = shown.find_elements(By.CSS_SELECTOR, "#heads th[aria-sort]")
        return [head.get_attribute("aria-sort") for head in found]

    assert set(heads()) == {"none"}
    one(shown, "th.confidence button").click()
    assert texts(shown, "#rows td.confidence")[0] == "55%"
    one(shown, "th.confidence button").click()
    assert texts(shown, "#rows td.confidence")[-1] == "55%"
    assert heads().count("descending") == 1
    one(shown, "th.time button").click()
    assert texts(shown, "#rows td.time")[0] == "2023-09-19"
    one(shown, "#rows tr:first-child td.relation button").click()
    assert texts(shown, "#panel blockquote") == ["The guild sued OpenAI."]


# --- What is saved --------------------------------------------------------------------------------


def saved(browser: Chrome, folder: Path, kind: str) -> Path:
    browser.execute_cdp_cmd(
        "Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)}
    )
    one(browser, "#saves summary").click()
    one(browser, f'[data-save="{kind}"]').click()
    file = folder / f"disputes.{kind}"
    waited_for(file.is_file)
    assert one(browser, "#status").get_attribute("textContent") == f"Saved: {file.name}"
    return file


def waited_for(condition: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def test_save_as_csv_what_is_shown(shown: Chrome, tmp_path: Path) -> None:
    chip(shown, "groups", "contends").click()
    text = saved(shown, tmp_path, "csv").read_bytes().decode("utf-8")
    assert text.startswith("\ufeff")
    found = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert len(found) == 5
    (sues,) = (line for line in found if line["relation"] == "sues")
    assert sues["subject"] == "Authors Guild"
    assert sues["sentence"] == "The guild sued OpenAI."
    assert (sues["time"], sues["date"], sues["confidence"]) == ("2023-09-19", "2023-09-20", "0.55")
    (opposes,) = (line for line in found if line["relation"] == "opposes")
    assert opposes["negated"] == "true"


def test_a_spreadsheet_runs_no_words_of_an_article(chrome: Chrome, tmp_path: Path) -> None:
    formula = '=HYPERLINK("http://example.org","x")\n,"'
    bad = Entity("bad", "Person", formula, (("en", formula),))
    statement = replace(LEAK, subject=Argument(bad, LEAK.subject.span))
    opened(chrome, tmp_path, page_html([statement], title="Disputes"))
    text = saved(chrome, tmp_path, "csv").read_bytes().decode("utf-8-sig")
    (found,) = csv.DictReader(io.StringIO(text, newline=""))
    assert found["subject"] == "'" + formula


def quads_of(statements: list[Statement]) -> set[ox.Triple]:
    triples = set()
    for name, group in itertools.groupby(
        sorted(statements, key=lambda s: s.article), key=lambda s: s.article
    ):
        for quad in article_quads(ARTICLES[name], group, extractor=""):
            if "/reported/" not in str(quad.graph_name):
                triples.add(quad.triple)
    return triples


def test_save_as_turtle_what_is_shown(shown: Chrome, tmp_path: Path) -> None:
    Select(one(shown, "#dispute")).select_by_value("sora-leak")
    kept = [statement for statement in STATEMENTS if statement.article == "sora-id"]
    text = saved(shown, tmp_path, "ttl").read_bytes()
    parsed = ox.parse(text, format=ox.RdfFormat.TURTLE)
    found = {ox.Triple(quad.subject, quad.predicate, quad.object) for quad in parsed}
    # All of it is in the graph that the same statements make.
    assert found <= quads_of(kept)
    store = ox.Store()
    store.extend(ox.Quad(*triple) for triple in found)
    count = store.query(
        "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s a dkg:Statement ; dkg:evidence ?e ;"
        " dkg:subject/rdfs:label ?who . ?e oa:hasSelector/oa:exact ?text ; oa:hasSource ?a }",
        prefixes=vocabulary.PREFIXES,
    )
    assert int(next(iter(count))[0].value) == len(kept)
    direct = "ASK { ?a dkg:leaks ?b FILTER NOT EXISTS { ?c dkg:exploits ?d } }"
    assert bool(store.query(direct, prefixes=vocabulary.PREFIXES))


def test_turtle_keeps_odd_words(chrome: Chrome, tmp_path: Path) -> None:
    odd = 'a"b\\c\nd\re\tf\x01 🎨\u202e ’'
    entity = Entity("o'dd (1)*!", "Concept", odd, (("en", odd),))
    statement = replace(LEAK, object=Argument(entity, LEAK.object.span), time="spring")
    opened(chrome, tmp_path, page_html([statement], articles=ARTICLES, title="Disputes"))
    text = saved(chrome, tmp_path, "ttl").read_bytes()
    found = {
        ox.Triple(quad.subject, quad.predicate, quad.object)
        for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)
    }
    assert found <= quads_of([statement])
    assert any(getattr(triple.object, "value", "") == odd for triple in found)


def test_save_as_svg_what_is_drawn(shown: Chrome, tmp_path: Path) -> None:
    chip(shown, "groups", "contends").click()
    root = ElementTree.fromstring(saved(shown, tmp_path, "svg").read_text(encoding="utf-8"))
    space = "{http://www.w3.org/2000/svg}"
    words = {element.text for element in root.iter(f"{space}text")}
    assert {"artists", "OpenAI", "Sora", "Authors Guild", "Disputes"} <= words
    # What it is of stands below, and what its colours mean.
    assert "Most is directed against OpenAI (3 statements). Most of it comes from" in " ".join(
        word for word in words if word
    )
    assert "contends with" in words
    assert "cooperates with" not in words
    assert "open letter" not in words
    titles = {element.text for element in root.iter(f"{space}title")}
    assert "artists → OpenAI: criticize, protest" in titles


@pytest.mark.parametrize("many", [False, True], ids=["canvas", "webgl"])
def test_save_as_png_what_is_drawn(chrome: Chrome, tmp_path: Path, many: bool) -> None:
    statements = crowd(1400) if many else STATEMENTS
    document = page_html(statements, articles=ARTICLES, title="Disputes")
    opened(chrome, tmp_path, document, "#show=all")
    assert one(chrome, "#graph").get_attribute("data-renderer") == ("webgl" if many else "canvas")
    picture = saved(chrome, tmp_path, "png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    width, height = (int.from_bytes(picture[at : at + 4]) for at in (16, 20))
    assert width == one(chrome, "#graph").size["width"]
    assert height > one(chrome, "#graph").size["height"]
    # An empty canvas would shrink to a few kilobytes.
    assert len(picture) > (40_000 if many else 15_000)


# --- Keyboard and screen reader -------------------------------------------------------------------


def focused(browser: Chrome) -> str:
    found: str = browser.execute_script("return document.activeElement.id")
    return found


def press(browser: Chrome, *keys: str) -> None:
    ActionChains(browser).send_keys(*keys).perform()


def test_by_keyboard_from_search_to_evidence_and_back(shown: Chrome) -> None:
    press(shown, Keys.TAB)
    assert shown.execute_script("return document.activeElement.className") == "skip"
    for _ in range(20):
        if focused(shown) == "search":
            break
        press(shown, Keys.TAB)
    assert focused(shown) == "search"
    press(shown, "sora", Keys.ENTER)
    assert focused(shown) == "panel"
    assert one(shown, "#status").get_attribute("textContent") == "Sora: 2 statements"
    press(shown, Keys.ESCAPE)
    assert focused(shown) == "search"
    assert not one(shown, "#panel").is_displayed()
    assert one(shown, "#brief").is_displayed()


def test_by_keyboard_over_the_drawing(shown: Chrome) -> None:
    shown.execute_script("document.getElementById('graph').focus()")
    press(shown, Keys.ARROW_RIGHT)
    assert one(shown, "#panel h2").text.strip() in ("artists", "OpenAI")
    walked = {one(shown, "#panel h2").text}
    for key in (Keys.ARROW_LEFT, Keys.ARROW_RIGHT, Keys.ARROW_UP, Keys.ARROW_DOWN) * 2:
        press(shown, key)
        walked.add(one(shown, "#panel h2").text)
    assert len(walked) >= 3
    assert focused(shown) == "graph"
    press(shown, Keys.ENTER)
    assert focused(shown) == "panel"

    def scale() -> float:
        found: float = shown.execute_script(
            "return byId('graph').network.getScale()".replace("byId", "document.getElementById")
        )
        return found

    shown.execute_script("document.getElementById('graph').focus()")
    before = scale()
    press(shown, "+")
    waited_for(lambda: scale() > before * 1.2)
    press(shown, "0")
    waited_for(lambda: scale() == pytest.approx(before, rel=0.02))


def test_every_control_is_reached_and_seen_by_keyboard(shown: Chrome) -> None:
    reached = set()
    for _ in range(120):
        press(shown, Keys.TAB)
        active = shown.switch_to.active_element
        mark = active.get_attribute("id") or active.get_attribute("data-name") or active.text
        if active.tag_name == "body":
            break
        reached.add(mark)
        outline = active.value_of_css_property("outline-style")
        assert outline != "none", mark
    controls = {"search", "dispute", "graph", "zoom-in", "fit", "from", "to", "contends"}
    assert controls | {"negated", "article", "speaker", "least", "Save", "ID"} <= reached


def run_axe(browser: Chrome) -> dict[str, Any]:
    browser.execute_cdp_cmd("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8")})
    found: dict[str, Any] = browser.execute_async_script("axe.run().then(arguments[0])")
    return found


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_no_barrier(chrome: Chrome, tmp_path: Path, size: str, dark: bool) -> None:
    emulate(chrome, *SIZES[size], dark=dark)
    statements = crowd(16) + STATEMENTS
    document = page_html(statements, articles=ARTICLES, title="Disputes")
    for view_ in ("#lang=en", "#lang=id&group=contends&select=node:artists&from=2024"):
        opened(chrome, tmp_path, document, view_)
        one(chrome, "#search").send_keys("op")
        chrome.execute_script("document.getElementById('filters').open = true")
        found = run_axe(chrome)
        wrong = {
            violation["id"]: [node["html"][:200] for node in violation["nodes"]]
            for violation in found["violations"]
        }
        assert wrong == {}, view_
        assert len(found["passes"]) > 20
    opened(chrome, tmp_path, page_html([]))
    assert not run_axe(chrome)["violations"]


# --- Large graphs ---------------------------------------------------------------------------------


def test_a_crowd_opens_with_its_most_important(chrome: Chrome, tmp_path: Path) -> None:
    opened(chrome, tmp_path, page_html(crowd(230)))
    first = len(drawn(chrome)[0])
    assert 40 <= first <= 44
    assert one(chrome, "#part-text").text.startswith(f"The {first} most important of 230 names, ")
    one(chrome, '[data-show="more"]').click()
    assert 140 <= len(drawn(chrome)[0]) <= 150
    one(chrome, '[data-show="all"]').click()
    assert len(drawn(chrome)[0]) == 230
    assert "show=all" in address(chrome)
    one(chrome, '[data-show=""]').click()
    assert len(drawn(chrome)[0]) == first
    # A name that is folded away is drawn with what it touches once it is chosen.
    one(chrome, "#search").send_keys("Name 229", Keys.ENTER)
    assert drawn(chrome)[0] == ["n000", "n228", "n229"]
    one(chrome, "#reset").click()
    assert rows(chrome) == 100
    one(chrome, "#more").click()
    assert rows(chrome) == 200


def test_many_lines_are_drawn_by_sigma_and_all_can_be_reached(
    chrome: Chrome, tmp_path: Path
) -> None:
    statements = crowd(1400)
    opened(chrome, tmp_path, page_html(statements), "#show=all")
    assert one(chrome, "#graph").get_attribute("data-renderer") == "webgl"
    assert [len(ids) for ids in drawn(chrome)] == [1400, len(statements)]
    # A name is chosen, with its surroundings, on the same drawing.
    one(chrome, "#search").send_keys("Name 1399", Keys.ENTER)
    assert one(chrome, "#graph").get_attribute("data-renderer") == "webgl"
    assert len(texts(chrome, "#panel .card")) == 2
    # It was moved to the middle, where a click meets it.
    press(chrome, Keys.ESCAPE)
    ActionChains(chrome).move_to_element(one(chrome, "#graph")).click().perform()
    assert one(chrome, "#panel h2").text.strip() == "Name 1399"
    # Few lines are drawn by vis-network again.
    one(chrome, "#around").click()
    assert one(chrome, "#graph").get_attribute("data-renderer") == "canvas"
    assert not one(chrome, "#webgl").is_displayed()


def test_a_line_drawn_by_sigma_is_one_click_from_its_sentence(
    chrome: Chrome, tmp_path: Path
) -> None:
    opened(chrome, tmp_path, page_html(crowd(1400)), "#lang=en&show=all&select=node:n000")
    press(chrome, Keys.ESCAPE)
    found: list[float] = chrome.execute_script(
        "const { sigma } = document.getElementById('graph');"
        "const [a, b] = ['n000', 'n001'].map((id) => sigma.getNodeDisplayData(id));"
        "sigma.getCamera().setState({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, ratio: 0.05 });"
        "sigma.refresh();"
        "const { width, height } = document.getElementById('graph').getBoundingClientRect();"
        "const at = (id) => sigma.framedGraphToViewport(sigma.getNodeDisplayData(id));"
        "const [c, d] = [at('n000'), at('n001')];"
        "return [0.8 * c.x + 0.2 * d.x - width / 2, 0.8 * c.y + 0.2 * d.y - height / 2]"
    )
    where = (round(found[0]), round(found[1]))
    ActionChains(chrome).move_to_element_with_offset(
        one(chrome, "#graph"), *where
    ).click().perform()
    assert " → " in one(chrome, "#panel h2").text
    assert set(texts(chrome, "#panel blockquote")) == {"One criticized another."}


def outside(browser: Chrome) -> list[str]:
    """Names that lie, with their labels, not wholly on the visible canvas."""
    found: list[str] = browser.execute_script(
        "const network = document.getElementById('graph').network;"
        "const { width, height } = document.getElementById('graph').getBoundingClientRect();"
        "return network.body.data.nodes.getIds().filter((id) => {"
        "  const { left, top, right, bottom } = network.getBoundingBox(id);"
        "  const low = network.canvasToDOM({ x: left, y: top });"
        "  const high = network.canvasToDOM({ x: right, y: bottom });"
        "  return low.x < 0 || low.y < 0 || high.x > width || high.y > height;"
        "})"
    )
    return sorted(found)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("names", [20, 60, 230])
def test_the_first_view_shows_all_its_names(
    chrome: Chrome, tmp_path: Path, names: int, size: str
) -> None:
    emulate(chrome, *SIZES[size])
    opened(chrome, tmp_path, page_html(crowd(names)))
    assert outside(chrome) == []


def test_a_turned_screen_shows_all_its_names_again(chrome: Chrome, tmp_path: Path) -> None:
    opened(chrome, tmp_path, page_html(crowd(60)))
    many = len(drawn(chrome)[0])
    emulate(chrome, *SIZES["telephone"])
    waited_for(lambda: len(drawn(chrome)[0]) < many)
    assert outside(chrome) == []


@pytest.mark.parametrize("size", ["desktop", "telephone"])
def test_names_that_are_arranged_anew_do_not_overlap_and_lie_always_alike(
    chrome: Chrome, tmp_path: Path, size: str
) -> None:
    emulate(chrome, *SIZES[size])
    document = page_html(crowd(90) + STATEMENTS, articles=ARTICLES)
    measure = (
        "const network = document.getElementById('graph').network;"
        "return network.body.data.nodes.getIds().sort().map((id) => network.getBoundingBox(id))"
    )
    opened(chrome, tmp_path, document, "#group=contends")
    boxes = chrome.execute_script(measure)
    assert len(boxes) >= (10 if size == "telephone" else 40)
    for a, b in itertools.combinations(boxes, 2):
        apart = (
            a["right"] <= b["left"]
            or b["right"] <= a["left"]
            or a["bottom"] <= b["top"]
            or b["bottom"] <= a["top"]
        )
        assert apart, (a, b)
    opened(chrome, tmp_path, document, "#group=contends")
    assert chrome.execute_script(measure) == boxes


# --- Harm, small screens, notebooks ---------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        HOSTILE,
        "\"'`&lt;&amp;</style></title>--><svg/onload=window.broken=1>",
        "\u202eelit lufmrah\u202c \u2067right\u2069 \u200f\u0000\u0007 line\u2028next",
        "long " * 400 + "x" * 2000,
    ],
    ids=["script", "quotes", "direction", "length"],
)
def test_hostile_words_stay_words(chrome: Chrome, tmp_path: Path, words: str) -> None:
    bad = Entity("bad", "Person", words, (("en", words), ("id", words)))
    span = Span(words, 0, len(words))
    statement = Statement(
        article=words,
        lang="en",
        subject=Argument(bad, span),
        relation="sues",
        object=Argument(OPENAI, span),
        negated=True,
        modality="alleged",
        attributed_to=Argument(replace(bad, slug="worse"), span),
        time=words,
        trigger=span,
        sentence=Sentence(0, words, 0, len(words)),
        confidence=0.5,
    )
    article = Article(
        words, "", title=words, date=words, source="javascript:window.broken=1", dispute=words
    )
    plain = replace(LEAK, object=Argument(LETTER, LEAK.object.span))
    document = page_html([statement, plain], articles={words: article, **ARTICLES}, title=words)
    opened(chrome, tmp_path, document)
    content = "return document.querySelector(arguments[0]).textContent"
    assert chrome.execute_script(content, "h1") == words.replace("\0", "")
    one(chrome, "#search").send_keys("penai", Keys.ENTER)
    assert chrome.execute_script(content, "#panel blockquote") == words
    one(chrome, "[data-language=id]").click()
    one(chrome, "td.relation .negated").click()
    assert words in chrome.execute_script(content, "#panel")
    for kind in ("svg", "csv", "ttl"):
        one(chrome, "#saves summary").click()
        one(chrome, f'[data-save="{kind}"]').click()
    assert chrome.find_elements(By.CSS_SELECTOR, "#panel .article a, img, iframe") == []
    assert chrome.execute_script("return window.broken") is None
    width = chrome.execute_script("return document.documentElement.scrollWidth")
    assert width <= SIZES["desktop"][0]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_fits_every_size_and_theme(chrome: Chrome, tmp_path: Path, size: str, dark: bool) -> None:
    width, height = SIZES[size]
    emulate(chrome, width, height, dark=dark)
    opened(chrome, tmp_path, page_html(STATEMENTS, articles=ARTICLES, title="Disputes"))
    background = one(chrome, "body").value_of_css_property("background-color")
    assert background == ("rgba(22, 24, 28, 1)" if dark else "rgba(251, 250, 248, 1)")
    assert chrome.execute_script("return document.documentElement.scrollWidth") <= width
    # The drawing is on the first screen.
    box = one(chrome, "#graph").rect
    assert box["y"] < height * 0.6
    assert box["height"] > 250
    assert one(chrome, "#groups").is_displayed() is (size == "desktop")
    one(chrome, "#search").send_keys("artists", Keys.ENTER)
    sheet = chrome.execute_script(
        "const { top, bottom } = document.getElementById('panel').getBoundingClientRect();"
        "return [top, bottom]"
    )
    # Beside the drawing, or on small screens as a sheet that rises from below.
    assert sheet[1] <= height + 1
    if size != "desktop":
        assert sheet[1] == pytest.approx(height, abs=1)
        assert sheet[0] > height * 0.35
        # Above the sheet the drawing is seen.
        assert (
            -1
            <= chrome.execute_script(
                "return document.getElementById('graph-section').getBoundingClientRect().top"
            )
            < sheet[0] - 150
        )
        one(chrome, "#filters summary").click()
        assert one(chrome, "#groups").is_displayed()
    assert chrome.execute_script("return document.documentElement.scrollWidth") <= width


NOTEBOOK = """
import socket
def nowhere(*address): raise OSError("no network here")
socket.socket.connect = socket.create_connection = nowhere
import kg
article = kg.Article(id="own", text="Para seniman menggugat OpenAI pada Senin.", lang="id")
found = [one for _, statements in kg.extract([article]) for one in statements]
kg.view(found, articles={"own": article})
"""


# The kernel's own start makes sockets and event loops that Python warns of at exit.
@pytest.mark.filterwarnings("default")
def test_works_inside_a_notebook(chrome: Chrome, tmp_path: Path) -> None:
    cell = nbformat.v4.new_code_cell(NOTEBOOK)
    notebook = nbformat.v4.new_notebook(cells=[cell])
    resources = {"metadata": {"path": str(tmp_path)}}
    nbclient.NotebookClient(notebook, timeout=120, resources=resources).execute()
    shown = notebook.cells[0].outputs[-1]["data"]["text/html"]
    opened(chrome, tmp_path, f"<!DOCTYPE html><title>Notebook</title>{shown}")
    chrome.switch_to.frame(one(chrome, "iframe"))
    assert drawn(chrome)[1] == ["artists contends openai"]
    one(chrome, "#search").send_keys("OpenAI", Keys.ENTER)
    # The frame is a process of its own, in which the panel fades in.
    waited_for(lambda: "OpenAI" in one(chrome, "#panel h2").text)
    assert texts(chrome, "#panel blockquote") == ["Para seniman menggugat OpenAI pada Senin."]
    chip(chrome, "voices", "negated").click()
    assert rows(chrome) == 0
    chrome.switch_to.default_content()
