"""Decisions of people about entities: obeyed by every build, taken back, refused where wrong."""

from pathlib import Path

import pytest
from claims import SORA, SORA_CLAIMS
from hypothesis import given
from hypothesis import strategies as st

from kg.build import build
from kg.cli import main
from kg.decisions import (
    Decision,
    Decisions,
    add_decision,
    decide,
    decision_toml,
    decisions_beside,
    parse_decisions,
    read_decisions,
    remove_decision,
)
from kg.errors import DataError, UsageError
from kg.iris import entity_iri
from kg.store import open_store

MERGE = '[[decision]]\nmerge = "a"\ninto = "openai"\n'

WRONG = {
    "[[decision]\n": (1, "not TOML"),
    MERGE + "\n[[decision]]\nmerge = \n": (6, "not TOML"),
    "# nothing\n\n[entity]\n": (3, "'entity' is no decision"),
    'decision = "merge"\n': (1, "'decision' is no decision"),
    MERGE + '\n[[decision]]\nunite = "b"\n': (6, "'unite' is nothing"),
    MERGE + '\n[[decision]]\ninto = "b"\n': (5, "exactly one of"),
    '[[decision]]\nmerge = "a"\nretype = "a"\ninto = "openai"\n': (1, "merge and retype"),
    '[[decision]]\nmerge = "a"\n': (1, "needs 'into'"),
    '\n[[decision]]\nrename = "a"\n': (2, "needs 'labels'"),
    '[[decision]]\nretype = "a"\ntype = "Firm"\n': (3, "unknown entity type 'Firm'"),
    '[[decision]]\nretype = "a"\ntype = "Company"\nwords = ["A"]\n': (4, "no 'words'"),
    '[[decision]]\nrename = "a"\nlabels = { en = " " }\n': (3, "labels"),
    '[[decision]]\nmerge = "a"\ninto = "a"\n': (1, "into itself"),
    '[[decision]]\nmerge = "a"\ninto = "b"\n': (1, "'b' is not in the registry"),
    MERGE + MERGE: (4, "decided on line 1 already"),
    MERGE + '[[decision]]\nretype = "a"\ntype = "Company"\n': (4, "merged into 'openai' on line 1"),
    '[[decision]]\nmerge = "a"\ninto = "b"\n[[decision]]\nmerge = "b"\ninto = "a"\n': (
        1,
        "in a circle",
    ),
    '[[decision]]\nsplit = "a"\ninto = "b"\ntype = "Person"\nlabels = { en = "B" }\n': (
        1,
        "'articles' or 'words'",
    ),
}


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_file_is_refused_with_its_line(text: str, tmp_path: Path) -> None:
    file = tmp_path / "decisions.toml"
    file.write_text(text, encoding="utf-8")
    line, reason = WRONG[text]
    with pytest.raises(DataError) as error:
        read_decisions(file)
    assert str(error.value).startswith(f"{file}:{line}: ")
    assert reason in str(error.value)


def test_a_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file"):
        read_decisions(tmp_path / "none.toml")


slugs = st.from_regex(r"[a-z]{1,6}", fullmatch=True)
texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8).filter(str.strip)


@given(slugs, texts, st.lists(texts, min_size=1, max_size=3), texts)
def test_what_is_written_is_read(slug: str, label: str, words: list[str], note: str) -> None:
    row = Decision(
        split="x" + slug,
        into="y" + slug,
        type="Person",
        labels={"en": label},
        words=tuple(words),
        note=note,
    )
    assert parse_decisions(decision_toml(row), "x").rows == (row,)


def test_taking_back_leaves_the_rest_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "decisions.toml"
    own = "# ours\n\n" + MERGE + "note = 'why'\n\n# about B\n"
    file.write_text(own, encoding="utf-8")
    add_decision(file, Decision(retype="b", type="Company"))
    assert [row.act for row in read_decisions(file).rows] == ["merge", "retype"]
    assert file.read_text(encoding="utf-8").startswith(own)
    assert remove_decision(file).entity == "b"
    assert file.read_text(encoding="utf-8").strip() == own.strip()
    assert remove_decision(file, 1).entity == "a"
    assert file.read_text(encoding="utf-8") == "# ours\n\n# about B\n"
    with pytest.raises(UsageError, match="no decision"):
        remove_decision(file)


def test_a_contradiction_is_not_written(tmp_path: Path) -> None:
    file = tmp_path / "decisions.toml"
    add_decision(file, Decision(merge="a", into="openai"))
    before = file.read_bytes()
    with pytest.raises(DataError, match="already"):
        add_decision(file, Decision(merge="a", into="meta"))
    assert file.read_bytes() == before


def test_merges_are_chained_and_both_names_stay() -> None:
    rows = (
        Decision(merge="artists", into="b", names={"id": ["perupa"]}),
        Decision(merge="b", into="openai"),
    )
    decided = decide(SORA_CLAIMS, Decisions(rows), article=SORA)
    slugs = {one.subject.entity.slug for one in decided}
    assert "artists" not in slugs
    assert not any(one.subject.entity.slug == one.object.entity.slug for one in decided)
    [company] = {one.subject.entity for one in decided if one.subject.entity.slug == "openai"}
    assert company.label == "OpenAI"
    assert company.replaces == ("artists", "b")
    assert ("id", "perupa") in company.names
    methods = {one.subject.method for one in decided if one.subject.entity.slug == "openai"}
    assert "byDecision" in methods


def test_a_split_needs_its_article_and_its_words() -> None:
    subject = SORA_CLAIMS[0].subject
    for articles, words, parted in (
        (("sora",), (), True),
        (("guild",), (), False),
        ((), (subject.span.text.upper(),), True),
        (("sora",), ("nobody",), False),
    ):
        row = Decision(
            split=subject.entity.slug,
            into="x",
            type="Group",
            labels={"en": "X"},
            articles=articles,
            words=words,
        )
        [one, *_] = decide(SORA_CLAIMS[:1], Decisions((row,)), article=SORA)
        assert (one.subject.entity.slug == "x") == parted
        assert (one.subject.method, one.subject.score) == (
            ("byDecision", 1.0) if parted else ("", 1.0)
        )


# In builds and on the command line --------------------------------------------------------------

TEXTS = {
    "one": "Jane Doe sued Getty Images. The artists criticized OpenAI.",
    "two": "J. Doe criticized OpenAI. Meta sued Google.",
    "three": "Reuters sued Google.",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    articles = tmp_path / "articles"
    articles.mkdir()
    for name, text in TEXTS.items():
        (articles / f"{name}.txt").write_text(text, encoding="utf-8")
    return tmp_path


def run(folder: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    code = main(["entities", *arguments, "--store", str(folder / "out" / "store")])
    out, err = capsys.readouterr()
    assert code == 0, err
    return out


def test_a_merge_survives_a_rebuild_and_can_be_undone(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = folder / "out"
    store = out / "store"
    build([folder / "articles"], out=out, lang="en")
    before = (out / "graph.ttl").read_bytes()
    listed = run(folder, capsys)
    assert "0.90   person-j-doe" in listed
    run(folder, capsys, "merge", "J. Doe", "Jane Doe", "-q")
    assert read_decisions(decisions_beside(store)).rows

    done = build([folder / "articles"], out=out, lang="en")
    assert (done.changed, done.unchanged) == (2, 1)  # nothing is decided about the third
    merged = (out / "graph.ttl").read_bytes()
    shown = run(folder, capsys, "show", "j. doe")
    assert "person-jane-doe" in shown
    assert "byDecision" in shown
    with open_store(store, read_only=True) as opened:
        ask = "ASK { <%s> dcterms:isReplacedBy <%s> . <%s> skos:exactMatch <%s> }"
        old, new = entity_iri("person-j-doe"), entity_iri("person-jane-doe")
        assert opened.query(ask % (old, new, new, old))
        assert not opened.query(f"ASK {{ ?x dkg:subject <{old}> }}")
        assert opened.query(f'ASK {{ <{new}> skos:altLabel "J. Doe"@en }}')

    assert build([folder / "articles"], out=out, lang="en").unchanged == 3
    for file in sorted(store.iterdir()):
        file.unlink()
    store.rmdir()
    build([folder / "articles"], out=out, lang="en")
    assert (out / "graph.ttl").read_bytes() == merged

    run(folder, capsys, "undo", "-q")
    done = build([folder / "articles"], out=out, lang="en")
    assert (done.changed, done.unchanged) == (2, 1)
    assert (out / "graph.ttl").read_bytes() == before


def test_splitting_naming_and_typing_by_hand(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = folder / "out"
    build([folder / "articles"], out=out, lang="en")
    run(folder, capsys, "split", "Google", "--as", "Google Fund", "--article", "three", "-q")
    run(folder, capsys, "rename", "Jane Doe", "Jane A. Doe", "-q")
    run(folder, capsys, "type", "artists", "Association", "-q")
    assert run(folder, capsys, "decisions").count("\n") > 4
    build([folder / "articles"], out=out, lang="en")
    with open_store(out / "store", read_only=True) as opened:
        statements = list(opened.statements())
    told = {(s.article, s.subject.entity.label, s.object.entity.label) for s in statements}
    assert ("three", "Reuters", "Google Fund") in told
    assert ("two", "Meta", "Google") in told
    entities = {s.subject.entity.slug: s.subject.entity for s in statements}
    assert entities["person-jane-doe"].label == "Jane A. Doe"
    assert ("en", "Jane Doe") in entities["person-jane-doe"].names
    assert entities["artists"].type == "Association"


def test_a_build_refuses_a_wrong_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = folder / "mine.toml"
    file.write_text("[[decision]]\n", encoding="utf-8")
    arguments = ["-o", str(folder / "out"), "--decisions", str(file), "-q"]
    assert main(["build", str(folder / "articles"), *arguments]) == 1
    assert f"{file}:1: " in capsys.readouterr().err
    assert not (folder / "out").exists()


def test_what_cannot_be_decided_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build([folder / "articles"], out=folder / "out", lang="en")
    store = ["--store", str(folder / "out" / "store")]
    for arguments, message in (
        (["merge", "Nobody", "Google"], "no statement here is about 'Nobody'"),
        (["type", "Google", "Firm"], "no type 'Firm'"),
        (["split", "Google", "--as", "X"], "--article"),
        (["undo"], "no decision"),
    ):
        assert main(["entities", *arguments, *store]) == 2
        assert message in capsys.readouterr().err


def test_extraction_obeys_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = folder / "mine.toml"
    file.write_text('[[decision]]\nmerge = "meta"\ninto = "openai"\n', encoding="utf-8")
    article = str(folder / "articles" / "two.txt")
    assert main(["extract", article, "--lang", "en", "--decisions", str(file)]) == 0
    out = capsys.readouterr().out
    assert "Meta sued" in out
    assert "/entity/meta" not in out
