"""Language packs and the registry: whole ones are read, broken ones are refused with the place."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from parses import dictionary_form

from kg import registry as registry_module
from kg.cues import compile_cues
from kg.errors import DataError, LanguageError
from kg.languages import NO_RELATION, language_pack, languages, read_pack
from kg.lexicon import compile_lexicon
from kg.pipeline import load_reader
from kg.registry import registry
from kg.resources import data_dir, ontology_dir
from kg.vocabulary import relations

Edit = Callable[[str], str]


@pytest.fixture
def broken(tmp_path: Path) -> Callable[[str, Edit], Path]:
    """A copy of the English pack in which one file is edited."""

    def make(name: str, edit: Edit) -> Path:
        folder = tmp_path / "en"
        folder.mkdir()
        for file in ("language.toml", "frames.toml", "times.toml"):
            shutil.copy(data_dir() / "languages" / "en" / file, folder / file)
        before = (folder / name).read_text(encoding="utf-8")
        after = edit(before)
        assert after != before, "the edit has no effect: the pack has changed"
        (folder / name).write_text(after, encoding="utf-8")
        return folder

    return make


def replace(old: str, new: str) -> Edit:
    """An edit of the first place with some words."""
    return lambda text: text.replace(old, new, 1)


def append(more: str) -> Edit:
    """An edit that adds lines at the end."""
    return lambda text: f"{text}\n{more}\n"


REFUSED: dict[str, tuple[str, Edit, str, str]] = {
    "unknown relation": (
        "frames.toml",
        append('[[befriends]]\nverbs = ["befriend"]'),
        "unknown relation 'befriends'",
        "befriends",
    ),
    "unknown type": (
        "frames.toml",
        append('[[protests]]\nverbs = ["picket"]\nobject_types = ["Robot"]'),
        "unknown entity type 'Robot'",
        "Robot",
    ),
    "unknown key of a frame": (
        "frames.toml",
        append('[[protests]]\nverbs = ["picket"]\nmood = "grim"'),
        "Extra inputs are not permitted",
        "grim",
    ),
    "frame without an expression": (
        "frames.toml",
        append('[[protests]]\nobjects = ["at"]'),
        "name at least one of `verbs`, `nouns`, `adjectives`",
        "",
    ),
    "confidence out of range": (
        "frames.toml",
        append('[[protests]]\nverbs = ["picket"]\nconfidence = 1.5'),
        "less than or equal to 1",
        "1.5",
    ),
    "upper-case word": (
        "frames.toml",
        append('[[protests]]\nverbs = ["Picketize"]'),
        "should match pattern",
        "Picketize",
    ),
    "upper-case word of a list": (
        "language.toml",
        replace('negation = ["not"', 'negation = ["NOTT"'),
        "should match pattern",
        "NOTT",
    ),
    "unknown role": (
        "language.toml",
        replace('nsubj = "subject"', 'nsubj = "doer"'),
        "Input should be 'root', 'subject'",
        'nsubj = "doer"',
    ),
    "wrong modality": (
        "language.toml",
        replace('must = "obligation"', 'must = "duty"'),
        "Input should be 'asserted'",
        'must = "duty"',
    ),
    "unknown key": (
        "language.toml",
        replace('[passive]', '[passive]\nsurprise = "yes"'),
        "Extra inputs are not permitted",
        'surprise = "yes"',
    ),
    "two pipelines": (
        "language.toml",
        replace('[pipeline]', '[pipeline]\nmodel = "another"'),
        "name either `package` or `model`",
        "",
    ),
    "missing list": (
        "language.toml",
        lambda text: re.sub(r"^honorifics = .*\n", "", text, flags=re.M),
        "Field required",
        "",
    ),
}  # fmt: skip


def refusal(folder: Path, name: str) -> tuple[str, str]:
    """The message with which a pack is refused, and the line that it points at."""
    with pytest.raises(DataError) as caught:
        read_pack(folder)
    message = str(caught.value)
    place = re.match(rf"{re.escape(str(folder / name))}:(\d+): ", message)
    assert place, message
    lines = (folder / name).read_text(encoding="utf-8").splitlines()
    return message, lines[int(place[1]) - 1]


@pytest.mark.parametrize("what", REFUSED)
def test_a_broken_pack_is_refused(what: str, broken: Callable[[str, Edit], Path]) -> None:
    name, edit, reason, _ = REFUSED[what]
    message, _ = refusal(broken(name, edit), name)
    assert reason in message
    assert message.endswith("mend the entry and try again")


@pytest.mark.parametrize("what", [what for what, (_, _, _, line) in REFUSED.items() if line])
def test_the_line_of_a_refused_entry_is_named(
    what: str, broken: Callable[[str, Edit], Path]
) -> None:
    name, edit, _, line = REFUSED[what]
    assert line in refusal(broken(name, edit), name)[1]


@pytest.mark.parametrize("name", ["language.toml", "frames.toml", "times.toml"])
def test_a_missing_file_is_named(name: str, broken: Callable[[str, Edit], Path]) -> None:
    folder = broken(name, append("# to be removed"))
    (folder / name).unlink()
    with pytest.raises(DataError, match=rf"{name}: missing; a language pack needs this file"):
        read_pack(folder)


@pytest.mark.parametrize("name", ["language.toml", "frames.toml", "times.toml"])
def test_what_is_no_toml_is_named(name: str, broken: Callable[[str, Edit], Path]) -> None:
    folder = broken(name, append("[[[ no"))
    with pytest.raises(DataError, match=rf"{name}: not a TOML file: .*line \d+"):
        read_pack(folder)


def test_a_copied_pack_is_the_pack(tmp_path: Path) -> None:
    shutil.copytree(data_dir() / "languages" / "en", tmp_path / "en")
    assert read_pack(tmp_path / "en") == language_pack("en")


def test_a_language_without_a_pack_is_refused() -> None:
    with pytest.raises(LanguageError, match=r"no language pack for 'tlh'; there are: en, id"):
        language_pack("tlh")


# Whole packs -----------------------------------------------------------------------------------


@pytest.mark.parametrize("code", languages())
def test_a_pack_has_frames_for_every_relation(code: str) -> None:
    """Or, for what somebody is, nouns of roles."""
    pack = language_pack(code)
    said = {*pack.frames, *(role.relation for role in pack.role), NO_RELATION}
    assert {relation.name for relation in relations()} - said == set()


@pytest.mark.parametrize("code", languages())
def test_other_relations_of_a_pack_are_relations(code: str) -> None:
    pack = language_pack(code)
    known = {relation.name for relation in relations()}
    assert {role.relation for role in pack.role} <= known
    assert {one.relation for one in pack.possession} <= known
    assert set(pack.fallback) <= known


@pytest.mark.parametrize("code", languages())
def test_every_label_of_the_parser_has_a_role(code: str) -> None:
    """A label without one would be "other", and its words lost."""
    parser = load_reader(code).nlp.get_pipe("parser")
    plain = {label for label in parser.labels if "||" not in label}
    assert plain - set(language_pack(code).dependencies) == set()


@pytest.mark.parametrize("code", languages())
def test_every_name_class_of_the_pipeline_that_a_pack_uses_exists(code: str) -> None:
    pipeline = language_pack(code).pipeline
    labels = set(load_reader(code).nlp.get_pipe("ner").labels)
    assert {*pipeline.entities, *pipeline.times, *pipeline.amounts} - labels == set()


@pytest.mark.parametrize("code", languages())
def test_every_expression_is_indexed_under_its_head(code: str) -> None:
    pack = language_pack(code)
    lexicon = compile_lexicon(pack, dictionary_form)
    indexed = sum(len(entries) for entries in lexicon.expressions.values())
    listed = sum(
        len(frame.verbs) + len(frame.nouns) + len(frame.adjectives)
        for frames in pack.frames.values()
        for frame in frames
    )
    assert indexed == listed > 2000
    for entries in lexicon.expressions.values():
        weights = [entry.weight for entry in entries]
        assert weights == sorted(weights, reverse=True)


@pytest.mark.parametrize("code", languages())
def test_no_word_is_listed_twice_in_a_frame(code: str) -> None:
    for relation, frames in language_pack(code).frames.items():
        for frame in frames:
            for words in (frame.verbs, frame.nouns, frame.adjectives):
                assert len(words) == len(set(words)), (relation, words[:3])


@pytest.mark.parametrize("code", languages())
def test_governors_are_indexed_by_kind(code: str) -> None:
    pack = language_pack(code)
    cues = compile_cues(pack, dictionary_form)
    for governor in pack.governor:
        for verb in governor.verbs:
            assert governor in cues.governors["verb", verb]
        for noun in governor.nouns:
            assert governor in cues.governors["noun", noun]


# Registry --------------------------------------------------------------------------------------


@pytest.fixture
def broken_registry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str, Edit], None]]:
    """Puts an edited copy of the registry in its place."""

    def make(name: str, edit: Edit) -> None:
        for file in ("entities.toml", "terms.toml"):
            shutil.copy(ontology_dir() / file, tmp_path / file)
        text = (tmp_path / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(edit(text), encoding="utf-8")
        monkeypatch.setattr(registry_module, "ontology_dir", lambda: tmp_path)

    registry.cache_clear()
    yield make
    registry.cache_clear()


@pytest.mark.parametrize(
    ("name", "edit", "message"),
    [
        (
            "entities.toml",
            append('[new-thing]\nlabels = { en = "New Thing" }'),
            r"entities\.toml: new-thing\.type: Field required; mend the entry",
        ),
        (
            "entities.toml",
            append('[new-thing]\ntype = "Company"\nlabels = { en = "New Thing" }\ncolour = "red"'),
            r"entities\.toml: new-thing\.colour: Extra inputs are not permitted; mend the entry",
        ),
        (
            "terms.toml",
            append('[openai]\ntype = "Group"\nlabels = { en = "x" }\nwords = {}'),
            r"terms\.toml: \[openai\] is in entities\.toml too; rename one",
        ),
        ("terms.toml", append("[[["), r"terms\.toml: not a TOML file: .*line \d+"),
    ],
)
def test_a_broken_registry_is_refused(
    name: str, edit: Edit, message: str, broken_registry: Callable[[str, Edit], None]
) -> None:
    broken_registry(name, edit)
    with pytest.raises(DataError, match=message):
        registry()


def test_an_unknown_type_in_the_registry_is_refused(
    broken_registry: Callable[[str, Edit], None],
) -> None:
    broken_registry(
        "entities.toml", append('[new-thing]\ntype = "Robot"\nlabels = { en = "New Thing" }')
    )
    with pytest.raises(DataError, match="Robot"):
        registry()


def test_a_missing_registry_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry_module, "ontology_dir", lambda: tmp_path)
    registry.cache_clear()
    with pytest.raises(DataError, match=r"entities\.toml: missing; the registry needs this file"):
        registry()
    registry.cache_clear()
