"""A language pack made ready to read: its spaCy pipeline and its words indexed for it.

An article is parsed paragraph by paragraph, so that a headline without a full stop ends where its
line ends and an article of any length fits into memory; offsets are those of the whole article.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

import spacy
from spacy.attrs import ORTH  # type: ignore[import-not-found]
from spacy.pipeline import Lemmatizer
from spacy.tokenizer import Tokenizer  # type: ignore[import-not-found]
from spacy.tokens import Doc

from kg.cues import Cues, compile_cues
from kg.errors import DataError
from kg.languages import LanguagePack, language_pack
from kg.lemmas import read_stems
from kg.lexicon import Lexicon, compile_lexicon
from kg.names import Names, compile_names
from kg.records import Article
from kg.registry import registry
from kg.resources import data_dir
from kg.syntax import Tree, build_tree
from kg.times import Scanner, compile_times
from kg.tokens import words_of
from kg.voices import with_passives

if TYPE_CHECKING:
    from spacy.language import Language

_BASE_FORM = {"VERB": "VerbForm=Inf", "NOUN": "Number=Sing", "ADJ": "Degree=Pos"}
_LONGEST_PART = 20_000  # characters; a longer paragraph is cut at white space


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """Everything that reads one language. ``version`` names the pipeline and its version.

    ``stem_of`` gives what the lexicon takes for the lemma of a word with a part of speech, where
    the pipeline's own lemmas are roots; else it is None.
    """

    pack: LanguagePack
    nlp: "Language"
    stem_of: Callable[[str, str], str] | None
    cues: Cues
    names: Names
    lexicon: Lexicon
    scanner: Scanner
    version: str


@cache
def load_reader(code: str) -> Reader:
    """The reader of a language, loaded once.

    Raises LanguageError where there is no pack, DataError where the pipeline is not installed.
    """
    return reader_for(code, load_nlp(language_pack(code)))


@cache
def reader_for(code: str, nlp: "Language") -> Reader:
    """A reader of a language on a pipeline that the caller has loaded."""
    pack = language_pack(code)
    stem_of = _stems(nlp)
    if stem_of is not None:
        stem_of = with_passives(stem_of, pack)
    lemma_of = stem_of or _lemmatizer(nlp)
    return Reader(
        pack=pack,
        nlp=nlp,
        stem_of=stem_of,
        cues=compile_cues(pack, lemma_of),
        names=compile_names(
            pack,
            registry(),
            words_of=lambda name: words_of(nlp.make_doc(name)),
            lemma_of=lemma_of,
        ),
        lexicon=compile_lexicon(pack, lemma_of),
        scanner=compile_times(pack.times),
        version=f"{nlp.lang}_{nlp.meta['name']} {nlp.meta['version']}",
    )


def load_nlp(pack: LanguagePack) -> "Language":
    """The bare spaCy pipeline of a pack. Raises DataError where it is not there."""
    exclude = list(pack.pipeline.exclude)
    if pack.pipeline.package:
        try:
            package = import_module(pack.pipeline.package)
        except ModuleNotFoundError:
            raise DataError(
                f"the spaCy pipeline {pack.pipeline.package!r} for {pack.name} is not installed; "
                f"install it with: pip install {pack.pipeline.package.replace('_', '-')}"
            ) from None
        nlp: Language = package.load(exclude=exclude)
        _keep_names_whole(nlp, pack.code)
        _part_letters(nlp, pack.code)
        return nlp
    folder = data_dir() / "models" / pack.pipeline.model
    if not (folder / "meta.json").is_file():
        raise DataError(
            f"{folder}: the spaCy pipeline for {pack.name} is missing; "
            f"install the package again or train it with: kg train {pack.code}"
        )
    nlp = spacy.load(folder, exclude=exclude)
    _part_letters(nlp, pack.code)
    return nlp


def _keep_names_whole(nlp: "Language", code: str) -> None:
    """Teaches a tokenizer the known names with a full stop inside: "Character.AI" is no end of a
    sentence."""
    for name, _ in registry().names_in(code):
        for word in name.split():
            if "." in word[1:-1] and len(nlp.make_doc(word)) > 1:
                assert isinstance(nlp.tokenizer, Tokenizer)
                nlp.tokenizer.add_special_case(word, [{ORTH: word}])


def _part_letters(nlp: "Language", code: str) -> None:
    """Teaches a tokenizer the known names of one letter: "posted on X." ends a sentence, where
    other letters with a full stop are initials."""
    for name, _ in registry().names_in(code):
        if len(name) == 1 and name.isupper():
            assert isinstance(nlp.tokenizer, Tokenizer)
            nlp.tokenizer.add_special_case(f"{name}.", [{ORTH: name}, {ORTH: "."}])


def _stems(nlp: "Language") -> Callable[[str, str], str] | None:
    """What gives the stem of a word in frames, cues, names and trees, if the model has stems."""
    if not nlp.has_pipe("lemmatizer"):
        return None
    lemmatizer = nlp.get_pipe("lemmatizer")
    assert isinstance(lemmatizer, Lemmatizer)
    return read_stems(lemmatizer.lookups)


def _lemmatizer(nlp: "Language") -> Callable[[str, str], str]:
    """What the pipeline makes of a dictionary form, given its part of speech."""
    if not nlp.has_pipe("lemmatizer"):
        return lambda word, pos: word.lower()
    lemmatizer = nlp.get_pipe("lemmatizer")
    assert isinstance(lemmatizer, Lemmatizer)

    @cache
    def lemma_of(word: str, pos: str) -> str:
        token = Doc(nlp.vocab, words=[word], pos=[pos], morphs=[_BASE_FORM.get(pos, "")])[0]
        return str((lemmatizer.lemmatize(token) or [word])[0]).lower()

    return lemma_of


_PARAGRAPH_END = re.compile(r"(?:[.!?:;][\"”’»)\]]*|^)[ \t]*\r?\n|\n[ \t]*\r?\n", re.MULTILINE)


def parts_of(text: str) -> Iterator[tuple[int, str]]:
    """Paragraphs with their offsets: cut at blank lines and at line ends after closing punctuation.

    >>> list(parts_of("A headline\\n\\nOne sentence\\nover two lines. \\nAnother."))
    [(0, 'A headline\\n\\n'), (12, 'One sentence\\nover two lines. \\n'), (42, 'Another.')]
    """
    start = 0
    for match in _PARAGRAPH_END.finditer(text):
        yield from _pieces(text, start, match.end())
        start = match.end()
    yield from _pieces(text, start, len(text))


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    while end - start > _LONGEST_PART:
        cut = text.rfind(" ", start, start + _LONGEST_PART) + 1
        if cut <= start:
            cut = start + _LONGEST_PART
        yield start, text[start:cut]
        start = cut
    if text[start:end].strip():
        yield start, text[start:end]


_TREEBANK_MARKS = {
    "-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]", "-LCB-": "{", "-RCB-": "}",
    "``": '"', "''": '"',
}  # fmt: skip
_TREEBANK_MARK = re.compile("|".join(map(re.escape, _TREEBANK_MARKS)))


def _as_printed(text: str) -> str:
    """A text with the marks of tokenised corpora as they are printed, every offset kept.

    >>> _as_printed("-LRB- see below -RRB-")
    '(     see below )    '
    """
    return _TREEBANK_MARK.sub(lambda m: _TREEBANK_MARKS[m[0]].ljust(len(m[0])), text)


def parse(reader: Reader, articles: Iterable[Article]) -> Iterator[tuple[Article, Tree]]:
    """Articles of the reader's language with their parses, in the order given."""
    waiting: Article | None = None
    parts: list[tuple[int, Doc]] = []

    def pieces() -> Iterator[tuple[str, tuple[Article, int]]]:
        for article in articles:
            empty = True
            for offset, text in parts_of(article.text):
                empty = False
                yield _as_printed(text), (article, offset)
            if empty:
                yield "", (article, 0)

    for doc, (article, offset) in reader.nlp.pipe(pieces(), as_tuples=True, batch_size=64):
        if waiting is not None and article is not waiting:
            yield waiting, build_tree(waiting.text, parts, reader.pack, reader.stem_of)
            parts = []
        waiting = article
        parts.append((offset, doc))
    if waiting is not None:
        yield waiting, build_tree(waiting.text, parts, reader.pack, reader.stem_of)
