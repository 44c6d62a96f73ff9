"""The page as a file: what it holds, its policy, its words and colours."""

import base64
import hashlib
import itertools
import json
import os
import random
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from disputes import ARTICLES, ARTISTS, HOSTILE, LEAK, OPENAI, STATEMENTS, crowd, say
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import page, page_files, vocabulary
from kg.errors import OutputError
from kg.page import page_html, view, write_page
from kg.records import Argument, Article, Entity, Sentence, Span, Statement
from kg.registry import registry

TEMPLATES = Path(page.__file__).parent / "templates"


class Elements(HTMLParser):
    """Start tags with attributes, and the text of scripts and styles, of a document."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.raw: list[tuple[str, dict[str, str | None], str]] = []
        self.feed(document)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1][0] in ("script", "style"):
            self.raw.append((*self.tags[-1], data))

    def handle_endtag(self, tag: str) -> None:
        self.tags.append((f"/{tag}", {}))


def data(document: str, name: str) -> Any:
    """What the page hands to its script under a name."""
    texts = [
        text
        for _, attributes, text in Elements(document).raw
        if attributes.get("id") == f"data-{name}"
    ]
    return json.loads("".join(texts))


def rows_of(document: str, name: str) -> list[dict[str, Any]]:
    """Statements or sentences of the page, which come as one list for each key."""
    columns = data(document, "page")[name]
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


# --- The file ------------------------------------------------------------------------------------


def test_nothing_is_loaded_and_no_attribute_runs() -> None:
    tags = Elements(page_html(STATEMENTS, articles=ARTICLES)).tags
    assert {"html", "main", "table", "script", "style"} <= {tag for tag, _ in tags}
    assert not {"link", "iframe", "img", "base", "object"} & {tag for tag, _ in tags}
    names = {name for _, attributes in tags for name in attributes}
    assert not {
        name for name in names if name.startswith("on") or name in ("src", "style", "srcset")
    }


def test_policy_names_exactly_the_scripts_and_the_style() -> None:
    elements = Elements(page_html(STATEMENTS))
    (policy,) = (a["content"] for tag, a in elements.tags if "http-equiv" in a and tag == "meta")
    assert policy is not None
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    runs: dict[str, list[str]] = {"script": [], "style": []}
    for tag, attributes, text in elements.raw:
        if attributes.get("type") != "application/json":
            runs[tag].append(text)
    # vis-network and the script of the page; sigma.js only where the lines are many.
    assert [len(runs["script"]), len(runs["style"])] == [2, 1]
    for tag, texts in runs.items():
        hashes = [base64.b64encode(hashlib.sha256(t.encode()).digest()).decode() for t in texts]
        wanted = " ".join(f"'sha256-{digest}'" for digest in hashes)
        assert f"{tag}-src {wanted};" in policy


def test_same_statements_same_bytes_whatever_order() -> None:
    shuffled = random.Random(3).sample(STATEMENTS, len(STATEMENTS))
    turned = dict(reversed(ARTICLES.items()))
    first = page_html(STATEMENTS, articles=ARTICLES)
    assert page_html([*shuffled, LEAK], articles=turned) == first


def test_same_bytes_in_another_process() -> None:
    script = (
        "import hashlib, kg.page as p, disputes as d;"
        "text = p.page_html(d.crowd(60) + d.STATEMENTS);"
        "print(hashlib.sha256(text.encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_label_and_sentence_comes_back(text: str) -> None:
    entity = Entity("odd", "Concept", text, (("en", text),))
    statement = replace(
        LEAK,
        subject=Argument(entity, Span(text, 0, len(text))),
        sentence=Sentence(0, text, 0, len(text)),
    )
    document = page_html([statement], articles={"sora-id": Article("sora-id", "", title=text)})
    labels = {node["id"]: node["label"] for node in data(document, "nodes")}
    held = data(document, "page")
    assert labels["odd"] == text
    assert held["sentences"]["text"] == [text]
    assert held["articles"]["sora-id"]["title"] == (text or "sora-id")


def test_title_is_text() -> None:
    document = page_html(STATEMENTS, title=HOSTILE)
    assert document.count("<script") == page_html(STATEMENTS, title="x").count("<script")
    assert "&lt;/script&gt;&lt;script&gt;window.broken=1" in document
    assert "{{7*7}}" in document


def test_marks_count_code_points_of_the_sentence() -> None:
    (first,) = rows_of(page_html([LEAK]), "statements")
    text = LEAK.sentence.text
    assert first["marks"][0] == [3, 15]
    assert [text[a:b] for a, b in first["marks"]] == ["Para seniman", "membocorkan", "Sora"]


def test_words_outside_the_sentence_have_no_mark() -> None:
    far = replace(LEAK, subject=Argument(ARTISTS, Span("Para seniman", 10, 22)))
    (first,) = rows_of(page_html([far]), "statements")
    assert first["marks"][0] == "Para seniman"
    assert first["marks"][1] == [16, 27]


def test_one_edge_for_each_direction_and_group() -> None:
    edges = data(page_html(STATEMENTS), "edges")
    found = {(e["from"], e["to"], e["group"]): len(e["statements"]) for e in edges}
    assert found == {
        ("artists", "openai", "contends"): 2,
        ("artists", "sora", "contends"): 2,
        ("artists", "open-letter", "relatesTo"): 1,
        ("openai", "artists", "affects"): 1,
        ("openai", "artists", "cooperates"): 1,
        ("authors-guild", "openai", "contends"): 1,
    }


@pytest.mark.parametrize(
    ("names", "limit", "shown"), [(70, None, 70), (71, None, 44), (201, 30, 30), (20, 30, 20)]
)
def test_first_view_of_a_crowd(names: int, limit: int | None, shown: int) -> None:
    document = page_html(crowd(names), limit=limit)
    nodes = data(document, "nodes")
    first = {node["id"] for node in nodes if node["first"]}
    assert len(nodes) == names
    assert data(document, "page")["partial"] is (shown < names)
    # Names without any line to another name of the first view are left out of it.
    assert shown * 0.9 <= len(first) <= shown
    assert "n000" in first


def test_a_first_view_shows_what_important_names_have_to_do_with() -> None:
    # Twenty hubs that touch nobody important, as in news of twenty disputes.
    statements = []
    for number in range(20):
        hub = Entity(f"hub{number:02}", "Company", f"Hub {number}")
        for rank in range(9):
            other = Entity(f"other{number:02}{rank:02}", "Person", f"Other {number} {rank}")
            statements.append(say("[s A] [t uses] [o B].", hub, "uses", other, at=rank))
    nodes = data(page_html(statements), "nodes")
    first = {node["id"] for node in nodes if node["first"]}
    assert len(first) == 44
    assert {f"hub{number:02}" for number in range(11)} <= first
    assert all(f"hub{one[5:7]}" in first for one in first if one.startswith("other"))


def test_a_first_view_has_its_actors_before_its_things() -> None:
    hub = Entity("hub", "Company", "Hub")
    statements = []
    for number in range(40):
        for kind in ("Person", "Work"):
            other = Entity(f"{kind.lower()}{number:02}", kind, f"{kind} {number}")
            statements.append(say("[s A] [t uses] [o B].", hub, "uses", other, at=number))
    nodes = data(page_html(statements), "nodes")
    first = {node["type"] for node in nodes if node["first"]}
    assert len(nodes) == 81
    assert sum(1 for node in nodes if node["first"]) == 44
    assert sum(1 for node in nodes if node["first"] and node["type"] == "Person") == 40
    assert first == {"Company", "Person", "Work"}


def test_phrases_that_are_mentioned_once_are_folded_away_where_names_are_many() -> None:
    hub = Entity("hub", "Company", "Hub")

    def first_of(phrases: int) -> set[str]:
        statements = []
        for number in range(phrases):
            phrase = Entity(f"phrase{number:02}", "Concept", f"some phrase {number}")
            statements.append(say("[s A] [t uses] [o B].", hub, "uses", phrase, at=number))
        statements.append(say("[s A] [t sues] [o B].", hub, "sues", OPENAI, at=900))
        nodes = data(page_html(statements), "nodes")
        return {node["id"] for node in nodes if node["first"]}

    assert first_of(10) == {"hub", "openai", *(f"phrase{number:02}" for number in range(10))}
    assert first_of(30) == {"hub", "openai"}


def test_names_and_their_labels_do_not_overlap() -> None:
    statements = crowd(60) + STATEMENTS
    document = page_html(statements)
    nodes = data(document, "nodes")
    assert len(nodes) == 65
    boxes = boxes_of(statements)
    for one, other in itertools.combinations(nodes, 2):
        across, down = (abs(p - q) for p, q in zip(one["whole"], other["whole"], strict=True))
        half = [boxes[n["id"]] for n in (one, other)]
        # Places are rounded to whole units.
        apart = across >= half[0][0] + half[1][0] - 2 or down >= half[0][1] + half[1][1] - 2
        assert apart, (one["label"], other["label"])


def boxes_of(statements: list[Statement]) -> dict[str, tuple[float, float]]:
    weights, entities = page._weights(statements), page._entities(statements)
    heaviest = max(weights.values())
    return {slug: page._box(entity, weights[slug], heaviest) for slug, entity in entities.items()}


def test_sigma_comes_with_its_licence_only_where_the_lines_are_many() -> None:
    most = page_files.look()["view"]["most_lines"]

    def scripts_of(statements: list[Statement]) -> list[str]:
        raw = Elements(page_html(statements)).raw
        return [text for tag, attributes, text in raw if tag == "script" and not attributes]

    assert len(scripts_of(crowd(most // 2))) == 2
    scripts = scripts_of(crowd(most))
    assert len(scripts) == 4
    for script in scripts[1:3]:
        assert "Permission is hereby granted" in script[:1500]
    assert not [script for script in scripts if "sourceMappingURL" in script]


def test_the_bundles_are_those_that_the_command_names() -> None:
    makefile = (Path(__file__).parents[1] / "Makefile").read_text(encoding="utf-8")
    for name, version in (("sigma", "3.0.3"), ("graphology", "0.26.0"), ("axe-core", "4.14.1")):
        assert f"{name}@{version}" in makefile
    sums = dict(
        reversed(line.split())
        for line in (TEMPLATES / "lib" / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    )
    for name, digest in sums.items():
        found = (Path(__file__).parents[1] / name).read_bytes()
        assert hashlib.sha256(found).hexdigest() == digest, name
    assert len(sums) == 3


def test_an_unknown_article_is_shown_by_its_id() -> None:
    held = data(page_html([LEAK]), "page")
    nothing = dict.fromkeys(("date", "source", "lang", "dispute"), "")
    assert held["articles"] == {"sora-id": {"title": "sora-id", **nothing}}


def test_writing_replaces_the_file_or_leaves_it(tmp_path: Path) -> None:
    target = tmp_path / "graph.html"
    write_page(target, STATEMENTS, articles=ARTICLES, title="Seni & 🎨")
    assert target.read_bytes().decode("utf-8") == page_html(
        STATEMENTS, articles=ARTICLES, title="Seni & 🎨"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["graph.html"]
    with pytest.raises(OutputError, match=r"nowhere.*folder is there"):
        write_page(tmp_path / "nowhere" / "graph.html", STATEMENTS)
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(OutputError, match="folder"):
        write_page(folder, STATEMENTS)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "graph.html"]


def test_a_notebook_gets_the_page_in_an_isolated_frame() -> None:
    shown = view(STATEMENTS, articles=ARTICLES, height=500)
    ((tag, attributes),) = [t for t in Elements(shown._repr_html_()).tags if t[0] == "iframe"]
    assert attributes["srcdoc"] == shown.html == page_html(STATEMENTS, articles=ARTICLES)
    assert "allow-same-origin" not in (attributes["sandbox"] or "")
    assert tag == "iframe"


# --- Words and colours ---------------------------------------------------------------------------


def script_text() -> str:
    return "".join(page_files.own_file("script", name) for name in page_files.SCRIPTS)


def test_every_script_is_in_the_page() -> None:
    assert sorted(path.name for path in (TEMPLATES / "script").iterdir()) == sorted(
        page_files.SCRIPTS
    )


def test_every_word_is_there_in_every_language_and_used() -> None:
    words = page_files.words()
    script, template = script_text(), page_files.own_file("page.html")
    used = set(re.findall(r'\bword\(\s*"(\w+)"[,)]', script))
    used |= set(re.findall(r'data-(?:label-)?word="(\w+)"', template)) | {"needs_script"}
    columns = script[script.index("const COLUMNS") : script.index("const CELLS")]
    used |= set(re.findall(r"^  (\w+):", columns, re.MULTILINE))
    counts = re.findall(r'counted\(\s*"(\w+)",', script)
    used |= {key + form for key in counts for form in ("", "_one")}
    # Names that the script puts together, or that it takes from a list.
    used |= {f"voice_{name}" for name in ("own", "reported", "negated")}
    used |= {f"role_{name}" for name in ("subject", "trigger", "object", "speaker")}
    used |= {f"time_{name}" for name in ("from", "to")}
    used |= {f"clock_{name}" for name in ("article", "event")}
    used |= {"groups", "relations", "voices", "types", "who_against", "who_what", "who_with"}
    used |= {"not_one", "not_many", "around", "around_off", "language", "many_names"}
    assert set(words) == {"en", "id"}
    for language, own in words.items():
        assert set(own) == used | {"of_many", "to_actors"}, language
        assert all(own[key] for key in used - {"many_names"})
    for key in used - {"many_names"}:
        holes = {tuple(sorted(re.findall(r"\{\w+\}", own[key]))) for own in words.values()}
        assert len(holes) == 1, key


def test_every_relation_has_its_english_form_for_many() -> None:
    """Indonesian verbs do not change with number; English ones without a form would be wrong."""
    forms = page_files.words()["en"]["of_many"]
    assert set(forms) == {relation.name for relation in vocabulary.relations()}
    assert page_files.words()["id"]["of_many"] == {}


def test_verbs_towards_actors_have_two_forms_each() -> None:
    names = {relation.name for relation in vocabulary.relations()}
    for language, words in page_files.words().items():
        assert set(words["to_actors"]) <= names, language
        assert all(len(forms) == 2 and all(forms) for forms in words["to_actors"].values())


def test_deeds_and_moves_that_the_look_names_are_there() -> None:
    measures = page_files.look()["view"]
    names = {relation.name for relation in vocabulary.relations()}
    assert set(measures["light"]) | set(measures["to_actors"]) <= names
    assert set(measures["moves"]) <= set(registry().entities)


def test_every_group_has_a_colour_and_every_type_a_form_of_its_own() -> None:
    look = page_files.look()
    assert set(look["groups"]) == {group.name for group in vocabulary.groups()}
    types = {term.name for term in vocabulary.entity_types()}
    assert types - set(look["types"]) <= {"Entity", "Actor"}
    forms = [tuple(sorted(form.items())) for form in look["types"].values()]
    repeated = {form for form in forms if forms.count(form) > 1}
    assert not repeated


# Machado, Oliveira, Fernandes 2009: full loss of one kind of cone, on linear RGB.
SIGHT = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}


def linear(colour: str) -> Any:
    values = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def cielab(rgb: Any) -> Any:
    matrix = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    xyz = matrix @ np.clip(rgb, 0, 1) / np.array([0.9505, 1.0, 1.089])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("sight", SIGHT)
def test_group_colours_stay_apart(scheme: int, sight: str) -> None:
    colours = {name: pair[scheme] for name, pair in page_files.look()["groups"].items()}
    seen = {name: cielab(SIGHT[sight] @ linear(colour)) for name, colour in colours.items()}
    for a, b in itertools.combinations(seen, 2):
        assert np.linalg.norm(seen[a] - seen[b]) > 20, (a, b)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_lines_and_names_stand_out_from_the_page(scheme: int) -> None:
    look = page_files.look()

    def luminance(colour: str) -> float:
        return float(np.array([0.2126, 0.7152, 0.0722]) @ linear(colour)) + 0.05

    ground = luminance(look["page"]["background"][scheme])
    for name, pair in {**look["groups"], **look["families"]}.items():
        line = luminance(pair[scheme])
        assert max(line, ground) / min(line, ground) >= 3, name
    assert {form["family"] for form in look["types"].values()} == set(look["families"])
