"""Files, folders and tables to articles, each with its language.

A text file is taken as it stands, because offsets count from its first character: bytes are decoded
as UTF-8, a byte-order mark is dropped and nothing else is changed. Of the other kinds the running
text is taken and offsets count in that.
"""

import csv
import json
import logging
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from io import BytesIO, StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from kg.errors import ArticleError, LanguageError
from kg.languages import language_pack, languages
from kg.records import Article

if TYPE_CHECKING:
    from lingua import LanguageDetector
    from markdown_it import MarkdownIt

STDIN = "-"
STDIN_ID = "stdin"

_FIELDS = ("id", "text", "lang", "title", "date", "source", "dispute")
_SAMPLE = 5_000  # characters that the language is told from
_PIECE = 110  # lingua uses its best models on texts of at most 120 characters
_SURE = 0.5  # a shorter text is told only where one language has this share of the likelihood
_LIKELY = 0.4  # share of a supported language against a look-alike; measured in tests/test_articles
_LETTERS = (
    20  # a text with fewer may be a name, which is of no language: it is never refused by name
)
_LONGEST_CELL = 2**31 - 1

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n")
_SURROGATE = re.compile("[\ud800-\udfff]")
_FRONT_MATTER = re.compile(
    r"---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)\s*", re.DOTALL | re.MULTILINE
)
_PART_OF_DATE = re.compile(r"\d{4}(?:-\d\d)?", re.ASCII)
_MARKS = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))
_MAGIC = (b"%PDF-", b"PK\x03\x04", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff", b"\x7fELF")


def read_articles(
    paths: Iterable[str | Path],
    *,
    lang: str | None = None,
    stdin: BinaryIO | None = None,
    on_error: Callable[[ArticleError], None] | None = None,
) -> Iterator[Article]:
    """The articles of files and folders, each with its language, in the order of `article_files`.

    Read are ``.txt``, ``.md`` (YAML front matter: title, date, lang, source, dispute), ``.html``,
    ``.pdf``, ``.csv`` (columns id, text, lang, title, date, source, dispute) and ``.jsonl`` (the
    same fields, one article a line); ``-`` is plain text from ``stdin``. The id of an article is
    its file's name without the ending; files of one name get the names of the folders above added.
    The language is ``lang``, else what the article says of itself, else what `detect_language`
    finds.

    An article that cannot be read goes to ``on_error`` as an ArticleError, and the rest is read;
    without ``on_error`` it is raised. A path that is not there is raised at once, before reading.

    >>> from kg.resources import data_dir
    >>> [article] = read_articles([data_dir() / "articles" / "sora-leak.en.md"])
    >>> article.id, article.lang, article.date
    ('sora-leak.en', 'en', '2024-12-10')
    """
    return (article for _, article in read_placed(paths, lang=lang, stdin=stdin, on_error=on_error))


def read_placed(
    paths: Iterable[str | Path],
    *,
    lang: str | None = None,
    stdin: BinaryIO | None = None,
    on_error: Callable[[ArticleError], None] | None = None,
    leave_out: Iterable[Path] = (),
) -> Iterator[tuple[Path, Article]]:
    """What `read_articles` gives, each article after the file it comes from (`STDIN` is one).

    What lies in ``leave_out`` is not taken from a folder around it.
    """
    if lang is not None and lang not in languages():
        raise LanguageError(f"no language pack for {lang!r}; {_supported()}")
    given = list(paths)
    files = article_files((path for path in given if str(path) != STDIN), leave_out=leave_out)
    return _read_all(
        files, stdin if STDIN in map(str, given) else None, lang, on_error or _raise_it
    )


def none_readable(failures: Sequence[ArticleError]) -> ArticleError:
    """The error to raise where not one article could be read: the only one, or all in one line."""
    if len(failures) == 1:
        return failures[0]
    listed = " | ".join(map(str, failures[:5]))
    return ArticleError(f"none of {len(failures)} articles could be read: {listed}")


def _raise_it(error: ArticleError) -> None:
    raise error


def _read_all(
    files: Mapping[Path, str],
    stdin: BinaryIO | None,
    lang: str | None,
    on_error: Callable[[ArticleError], None],
) -> Iterator[tuple[Path, Article]]:
    places: dict[str, str] = {}

    def sources() -> Iterator[tuple[Path, str, Article | ArticleError]]:
        if stdin is not None:
            for found in _attempt("standard input", lambda: _from_text(STDIN_ID, stdin.read())):
                yield Path(STDIN), *found
        for file, id in files.items():
            for found in _read_file(file, id):
                yield file, *found

    for file, place, found in sources():
        try:
            if isinstance(found, ArticleError):
                raise found
            if not found.text.strip():
                raise ArticleError(f"{place}: no text in it; give an article or leave it out")
            if found.id in places:
                raise ArticleError(
                    f"{place}: the id {found.id!r} is that of {places[found.id]} too;"
                    " give each article its own"
                )
            try:
                date = iso_date(found.date)
            except ValueError as error:
                raise ArticleError(f"{place}: {error}") from None
            article = replace(found, lang=_language(found, place, lang), date=date)
        except ArticleError as error:
            on_error(error)
        else:
            places[article.id] = place
            yield file, article


def iso_date(text: str) -> str:
    """A date of ISO 8601 as 2024-11-28, 2024-11 or 2024; empty where there is none.

    A time of day is dropped. ValueError, with what is expected, for another text.

    >>> iso_date("2024-11"), iso_date("20241128"), iso_date("2024-11-28T10:00:00Z")
    ('2024-11', '2024-11-28', '2024-11-28')
    """
    date = text.strip()
    known = {4: date + "-01-01", 7: date + "-01"} if _PART_OF_DATE.fullmatch(date) else {}
    try:
        found = datetime.fromisoformat(known.get(len(date), date)) if date else None
    except ValueError:
        raise ValueError(
            f"the date {text!r} is not one of ISO 8601; expected one like 2024-11-28 or 2024-11"
        ) from None
    return date if known or found is None else found.date().isoformat()


# ---- files


def article_files(
    paths: Iterable[str | Path], *, leave_out: Iterable[Path] = ()
) -> dict[Path, str]:
    """The files to read with the id that each gives its article; a table's rows have their own.

    In the order of the paths, folders through and through and sorted; a file given twice counts
    once. In folders only files of a known kind are taken; hidden ones are not, nor what lies in
    one of the files and folders ``leave_out`` inside the folder given. ArticleError for
    a path that is not there, a folder without articles, and a file of another kind.
    """
    found: dict[Path, Path] = {}
    apart = [path.resolve() for path in leave_out]
    for path in map(Path, paths):
        for file in _files_in(path, apart):
            found.setdefault(file.resolve(), file)
    return dict(zip(found.values(), _ids(list(found.values())), strict=True))


def _files_in(path: Path, leave_out: Iterable[Path]) -> list[Path]:
    kinds = ", ".join(sorted(_READERS))
    inside = [one for one in leave_out if path.resolve() in one.parents]
    try:
        if path.is_dir():
            files = sorted(
                file
                for file in path.rglob("*")
                if file.suffix.lower() in _READERS
                and file.is_file()
                and not any(part.startswith(".") for part in file.relative_to(path).parts)
                and not any(file.resolve().is_relative_to(one) for one in inside)
            )
            if not files:
                raise ArticleError(f"{path}: no articles in this folder; expected files in {kinds}")
            return files
        if not path.exists():
            raise ArticleError(f"{path}: no such file or folder; check the name")
    except OSError as error:
        raise _unreadable(path, error) from error
    if path.suffix.lower() not in _READERS:
        raise ArticleError(
            f"{path}: not known as an article by its name; expected a file in {kinds},"
            f" or the text on standard input with {STDIN!r}"
        )
    return [path]


def _ids(files: list[Path]) -> list[str]:
    """File names without ending; where two are alike, with as much of the path as tells them apart.

    The ending where they lie in one folder, else the folders above, the nearest first.
    """
    beside = Counter((file.parent, file.stem) for file in files)
    names = [
        file.stem if beside[file.parent, file.stem] == 1 else file.name.replace(".", "-")
        for file in files
    ]
    ids = names
    for depth in range(1, max((len(file.parts) for file in files), default=0)):
        times = Counter(ids)
        ids = [
            id if times[id] == 1 else _long_id(name, file, depth)
            for id, name, file in zip(ids, names, files, strict=True)
        ]
    return ids


def _long_id(name: str, file: Path, depth: int) -> str:
    folders = [part for part in file.parent.parts if part not in ("/", ".", "..")]
    return "-".join([name, *reversed(folders[-depth:])])


def _unreadable(path: Path, error: OSError) -> ArticleError:
    return ArticleError(f"{path}: cannot be read: {error.strerror}; check the file and its rights")


_Found = tuple[str, Article | ArticleError]


def _attempt(place: str, read: Callable[[], Article]) -> Iterator[_Found]:
    try:
        yield place, read()
    except ArticleError as error:
        yield place, ArticleError(f"{place}: {error}")


def _read_file(file: Path, id: str) -> Iterator[_Found]:
    try:
        data = file.read_bytes()
    except OSError as error:
        yield str(file), _unreadable(file, error)
        return
    if not data.strip():
        yield str(file), ArticleError(f"{file}: the file is empty; expected an article")
        return
    yield from _READERS[file.suffix.lower()](file, id, data)


def _single(
    read: Callable[[str, bytes], Article],
) -> Callable[[Path, str, bytes], Iterator[_Found]]:
    return lambda file, id, data: _attempt(str(file), lambda: read(id, data))


def _decode(data: bytes) -> str:
    for mark, name in _MARKS:
        if data.startswith(mark):
            raise ArticleError(f"encoded as {name}, expected UTF-8; save it as UTF-8")
    if data.startswith(_MAGIC) or b"\0" in data:
        raise ArticleError(
            "binary data, expected text in UTF-8; see that its name ends as its kind does"
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ArticleError(
            f"byte 0x{data[error.start]:02X} at offset {error.start}"
            f" (line {line}) is not UTF-8; save it as UTF-8,"
            " for example with: iconv -f WINDOWS-1252 -t UTF-8"
        ) from None


def _from_text(id: str, data: bytes) -> Article:
    return Article(id, _decode(data))


def _from_html(id: str, data: bytes) -> Article:
    import trafilatura  # noqa: PLC0415  read only for this kind of file

    if data.startswith(_MAGIC):
        raise ArticleError("binary data, expected HTML; see that its name ends as its kind does")
    found = trafilatura.bare_extraction(data, with_metadata=True, include_comments=False)
    if found is None or isinstance(found, dict) or not found.text:
        raise ArticleError("no running text found in this page; save the article as .txt")
    return Article(
        id,
        found.text.replace("\n", "\n\n"),  # one paragraph a line: a headline must not run on
        title=found.title or "",
        date=found.date or "",
        source=found.url or "",
    )


def _from_pdf(id: str, data: bytes) -> Article:
    from pypdf import PdfReader  # noqa: PLC0415  read only for this kind of file
    from pypdf.errors import PyPdfError  # noqa: PLC0415  read only for this kind of file

    # Its remarks on a damaged file would go to standard error where nobody has set up logging.
    logging.getLogger("pypdf").addHandler(logging.NullHandler())
    try:
        reader = PdfReader(BytesIO(data))
        text = "\n".join(page.extract_text() for page in reader.pages)
        title = reader.metadata.title if reader.metadata else None
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError) as error:
        # Beside its own errors pypdf lets through what a damaged object makes of its code.
        raise ArticleError(f"not a PDF that can be read: {error}; save it as .txt") from error
    if not text.strip():
        raise ArticleError("no text in this PDF, perhaps a scan; have its text recognized first")
    return Article(id, _SURROGATE.sub("\ufffd", text), title=str(title or ""))


# ---- Markdown


def _from_markdown(id: str, data: bytes) -> Article:
    text = _decode(data)
    match = _FRONT_MATTER.match(text)
    fields = _front_matter(match[1]) if match else {}
    body = text[match.end() :] if match else text
    return _article(id, {**fields, "text": _plain(body)})


def _front_matter(text: str) -> dict[str, str]:
    import yaml  # noqa: PLC0415  read only for this kind of file

    try:
        # The base loader keeps every value as written: no date objects, no `no` read as False.
        found = yaml.load(text, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 2}: " if mark else ""
        reason = getattr(error, "problem", None) or "not YAML"
        raise ArticleError(f"{line}front matter: {reason}; mend it or leave it out") from None
    if found in (None, ""):
        return {}
    if not isinstance(found, dict):
        raise ArticleError("front matter: expected lines `key: value` between the --- lines")
    return {key: value for key, value in found.items() if key in _FIELDS and key != "text"}


@cache
def _markdown() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # noqa: PLC0415  read only for this kind of file

    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


def _plain(body: str) -> str:
    """The words of a Markdown text, its blocks parted by blank lines.

    >>> _plain("# Art\\n\\nThe *artists* [sued](https://example.org)\\nMeta.\\n")
    'Art\\n\\nThe artists sued\\nMeta.'
    """
    blocks = []
    for token in _markdown().parse(body):
        if token.type == "inline":
            blocks.append("".join(_inline(child) for child in token.children or ()))
        elif token.type in ("fence", "code_block"):
            blocks.append(token.content.rstrip("\n"))
    return "\n\n".join(block for block in blocks if block.strip())


def _inline(token: Any) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    return token.content if token.type in ("text", "code_inline", "image") else ""


# ---- tables


def _from_csv(file: Path, id: str, data: bytes) -> Iterator[_Found]:
    try:
        text = _decode(data)
    except ArticleError as error:
        yield str(file), ArticleError(f"{file}: {error}")
        return
    csv.field_size_limit(_LONGEST_CELL)  # the default is 128 KiB, less than a long article
    rows = csv.DictReader(StringIO(text, newline=""), strict=True)
    try:
        if not {"id", "text"} <= set(rows.fieldnames or ()):
            yield (
                str(file),
                ArticleError(
                    f"{file}: line 1: no columns `id` and `text`;"
                    f" expected the columns {', '.join(_FIELDS)}, of which id and text are needed"
                ),
            )
            return
        for row in rows:
            fields = {key: value or "" for key, value in row.items() if key in _FIELDS}
            yield from _row(f"{file}:{rows.line_num}", fields)
    except csv.Error as error:
        place = f"{file}:{rows.line_num}"
        yield place, ArticleError(f"{place}: not CSV: {error}; mend the quotes of this row")


def _from_jsonl(file: Path, id: str, data: bytes) -> Iterator[_Found]:
    for number, line in enumerate(BytesIO(data), start=1):
        if line.strip():
            place = f"{file}:{number}"
            try:
                fields = json.loads(_decode(line))
            except ArticleError as error:
                yield place, ArticleError(f"{place}: {error}")
            except (json.JSONDecodeError, RecursionError) as error:
                yield place, ArticleError(f"{place}: not JSON: {error}; expected one object a line")
            else:
                yield from _row(place, fields)


def _row(place: str, fields: object) -> Iterator[_Found]:
    def read() -> Article:
        if not isinstance(fields, dict) or not fields.get("id") or "text" not in fields:
            raise ArticleError('no `id` and `text`; expected at least {"id": …, "text": …}')
        return _article(str(fields["id"]), fields)

    yield from _attempt(place, read)


def _article(id: str, fields: Mapping[str, object]) -> Article:
    def value(name: str) -> str:
        found = fields.get(name)
        if found is not None and not isinstance(found, str):
            raise ArticleError(f"`{name}` is {found!r}; expected text")
        return _SURROGATE.sub("\ufffd", found or "")

    return Article(
        id=_SURROGATE.sub("\ufffd", id),
        text=value("text"),
        lang=value("lang") or None,
        title=value("title"),
        date=value("date"),
        source=value("source"),
        dispute=value("dispute"),
    )


_READERS: Mapping[str, Callable[[Path, str, bytes], Iterator[_Found]]] = {
    ".txt": _single(_from_text),
    ".md": _single(_from_markdown),
    ".html": _single(_from_html),
    ".htm": _single(_from_html),
    ".pdf": _single(_from_pdf),
    ".csv": _from_csv,
    ".jsonl": _from_jsonl,
}


# ---- language


def _language(article: Article, place: str, lang: str | None) -> str:
    if lang is not None:
        return lang
    if article.lang:
        own = article.lang.lower().replace("_", "-").partition("-")[0]
        if own not in languages():
            raise LanguageError(f"{place}: in {article.lang!r} by its own account; {_choices()}")
        return own
    try:
        return detect_language(article.text)
    except LanguageError as error:
        raise LanguageError(f"{place}: {error}") from None


def _supported() -> str:
    names = ", ".join(f"{language_pack(code).name} ({code})" for code in languages())
    return f"languages that can be read: {names}"


def _choices() -> str:
    return f"{_supported()}; set one by hand with --lang if you know better"


@cache
def _codes() -> Mapping[str, str]:
    """ISO code -> language with a pack."""
    return {iso: code for code in languages() for iso in language_pack(code).detect}


@cache
def _detector(*codes: str) -> "LanguageDetector":
    """Without codes a quick look at all languages, else a thorough comparison of these."""
    from lingua import (  # noqa: PLC0415  only where a language must be told
        IsoCode639_1,
        LanguageDetectorBuilder,
    )

    if codes:
        wanted = [IsoCode639_1.from_str(code) for code in codes]
        return LanguageDetectorBuilder.from_iso_codes_639_1(*wanted).build()
    return LanguageDetectorBuilder.from_all_languages().with_low_accuracy_mode().build()


def detect_language(text: str) -> str:
    """The language of a text that has a pack; LanguageError for another and where none can be told.

    All languages that lingua knows are compared on the first 5,000 characters. Where none with a
    pack wins, the likeliest of them is compared with the winner once more, piece by piece, so that
    short Indonesian texts are not lost to Malay.

    >>> detect_language("Para seniman mengkritik OpenAI di depan pengadilan.")
    'id'
    """
    sample = text[:_SAMPLE]
    found = _shares(_detector(), sample)
    winner, share = max(found.items(), key=lambda item: (item[1], item[0]))
    codes = _codes()
    supported = max(codes, key=lambda iso: (found.get(iso, 0.0), iso))
    letters = sum(letter.isalpha() for letter in sample)
    if share >= _SURE or (share > 0 and letters >= _LETTERS):
        if winner in codes:
            return codes[winner]
        if _share_in_pieces(sample, supported, winner) >= _LIKELY:
            return codes[supported]
        if letters >= _LETTERS:
            from lingua import IsoCode639_1, Language  # noqa: PLC0415

            name = Language.from_iso_code_639_1(IsoCode639_1.from_str(winner)).name.title()
            raise LanguageError(f"in {name} ({winner}), as it seems; {_choices()}")
    raise LanguageError(f"too short to tell its language; {_choices()}")


def _shares(detector: "LanguageDetector", text: str) -> dict[str, float]:
    return {
        value.language.iso_code_639_1.name.lower(): value.value
        for value in detector.compute_language_confidence_values(text)
    }


def _share_in_pieces(text: str, one: str, other: str) -> float:
    """How much of a text is one language rather than another: the mean over pieces, in [0, 1]."""
    detector = _detector(one, other)
    pieces = [
        sentence[start : start + _PIECE]
        for sentence in _SENTENCE_END.split(text)
        for start in range(0, len(sentence), _PIECE)
    ]
    values = [_shares(detector, piece)[one] for piece in pieces if any(map(str.isalpha, piece))]
    return sum(values) / len(values) if values else 0.0
