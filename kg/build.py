"""The main job: articles to a store, a Turtle file and a page; only what is new is read again."""

import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple, dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import kg
from kg.articles import STDIN, none_readable, read_placed
from kg.decisions import Decisions, decisions_beside, read_decisions
from kg.errors import ArticleError
from kg.files import make_folder, write_if_changed
from kg.graph import statement_entities
from kg.languages import language_pack
from kg.page import page_html
from kg.records import Article, Statement
from kg.resources import data_dir, ontology_dir
from kg.statements import Extracted, extractor
from kg.store import Store, open_server, open_store

if TYPE_CHECKING:
    from kg.endpoint import Address

STORE = "store"
TURTLE = "graph.ttl"
PAGE = "graph.html"

_AT_ONCE = 100  # articles that are read, extracted and stored together; bounds the memory


@dataclass(frozen=True, slots=True)
class Build:
    """What a build did and what the store holds after it.

    ``new``, ``changed`` and ``unchanged`` count the articles given; ``failures`` tells, one line
    each, which could not be read and why. The other numbers are those of the whole store, relations
    by how often they are stated, the most frequent first.
    """

    new: int
    changed: int
    unchanged: int
    failures: tuple[str, ...]
    articles: int
    statements: int
    entities: int
    by_language: tuple[tuple[str, int], ...]
    by_relation: tuple[tuple[str, int], ...]
    store: str
    turtle: Path
    page: Path


def build(
    paths: Iterable[str | Path],
    *,
    out: Path,
    store: Path | None = None,
    server: "Address | None" = None,
    lang: str | None = None,
    decisions: Path | None = None,
    processes: int = 1,
    stdin: BinaryIO | None = None,
    progress: Callable[[Article], None] | None = None,
) -> Build:
    """Reads articles into a store and writes ``graph.ttl`` and ``graph.html`` into ``out``.

    ``store`` is ``out/store`` where it is not given; ``server`` is a SPARQL server in its place.
    An article is extracted again only where its text, its metadata or the extractor has changed;
    articles that the store holds and that are not given stay. The same articles give the same
    bytes, and files that would not change are not written. ``progress`` is called after each
    article, extracted or not.

    Decisions about entities are obeyed: those of the file ``decisions``, else of ``decisions.toml``
    beside the store if there is one. An article is extracted again too where a decision that
    concerns its entities is new, changed or gone. DataError for a wrong file.

    A folder's articles are read without ``out`` and the store where they lie inside it.

    An article of an id that the store holds takes the place of the older one if it comes from the
    same file or that file is gone; while another file of that id is there, it is left out and told.

    An article that cannot be read is told in the result and leaves the rest alone; where none can
    be read, ArticleError is raised and nothing written. See `kg.articles.read_articles` for paths
    and ``stdin``; ``processes`` read articles side by side. Raises StoreError or
    OutputError where results cannot be kept.
    """
    failures: list[ArticleError] = []
    place = store or out / STORE
    beside = decisions_beside(place)
    decided = read_decisions(decisions or (beside if beside.exists() else None))
    articles_read = read_placed(
        paths,
        lang=lang,
        stdin=stdin,
        on_error=failures.append,
        leave_out=(out, out / PAGE, place),
    )
    chunks = _chunks(articles_read)
    first = next(chunks, None)
    if first is None:
        raise none_readable(failures)
    make_folder(out)
    kinds: Counter[str] = Counter()
    with (
        open_server(server) if server else open_store(place) as opened,
        extractor(decisions=decided, processes=processes) as extract_all,
    ):
        known = _Known(opened, decided)
        for chunk in _with_first(first, chunks):
            kinds += _store_chunk(
                opened,
                chunk,
                known,
                place,
                extract_all=extract_all,
                progress=progress,
                on_error=failures.append,
            )
        if not kinds:
            raise none_readable(failures)
        if kinds["new"] + kinds["changed"]:
            opened.tidy()
        statements = list(opened.statements())
        articles = opened.articles()
        turtle = opened.export("turtle")
    write_if_changed(out / TURTLE, turtle)
    page = page_html(statements, articles={article.id: article for article in articles})
    write_if_changed(out / PAGE, page)
    return Build(
        new=kinds["new"],
        changed=kinds["changed"],
        unchanged=kinds["unchanged"],
        failures=tuple(map(str, failures)),
        articles=len(articles),
        statements=len(statements),
        entities=len(_entities(statements)),
        by_language=_counted(article.lang or "" for article in articles),
        by_relation=_counted(statement.relation for statement in statements),
        store=server.query if server else str(place),
        turtle=out / TURTLE,
        page=out / PAGE,
    )


_Placed = tuple[Path, Article]


def _chunks(articles: Iterator[_Placed]) -> Iterator[list[_Placed]]:
    while chunk := list(islice(articles, _AT_ONCE)):
        yield chunk


def _with_first(first: list[_Placed], rest: Iterator[list[_Placed]]) -> Iterator[list[_Placed]]:
    yield first
    yield from rest


@dataclass(slots=True)
class _Known:
    """What the store knows of articles, and the decisions that hold now."""

    store: Store
    decisions: Decisions
    _prints: dict[str, str] = field(init=False)
    _entities: dict[str, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._prints = self.store.fingerprints()
        if self.decisions.rows:
            self._entities = self.store.entities_by_article()

    def of(self, article: str) -> tuple[str, str, str]:
        """Fingerprint, digest of the decisions and origin that an article was stored with."""
        print_, _, rest = self._prints.get(article, "").partition(" ")
        told, _, origin = rest.partition(" ")
        return print_, told, origin

    def told_of(self, article: str) -> str:
        """The digest of the decisions that would concern an article, as it is stored, now."""
        return self.decisions.concerning(self._entities.get(article, set()), article=article)


def _store_chunk(
    store: Store,
    articles: list[_Placed],
    known: "_Known",
    place: Path,
    *,
    extract_all: Callable[[Iterable[Article]], Iterator[Extracted]],
    progress: Callable[[Article], None] | None,
    on_error: Callable[[ArticleError], None],
) -> Counter[str]:
    """Extracts and stores what has changed, language by language; counts what was new.

    The store keeps with an article's fingerprint a digest of the decisions that concern it and the
    path, from the store, of the file it is from.
    """
    kinds: Counter[str] = Counter()
    due: list[Article] = []
    origins: dict[str, str] = {}
    for file, article in articles:
        print_, told, origin = known.of(article.id)
        origins[article.id] = _origin(file, place)
        if print_ == fingerprint(article) and told == known.told_of(article.id):
            kinds["unchanged"] += 1
            if progress:
                progress(article)
        elif origin not in ("", origins[article.id]) and _is_there(origin, place):
            on_error(
                ArticleError(
                    f"{file}: another article named {article.id!r} is in the store,"
                    f" from {_shown(origin, place)}; rename one or give it an id"
                )
            )
        else:
            kinds["changed" if print_ else "new"] += 1
            due.append(article)

    def readings(group: Iterable[Article]) -> Iterator[tuple[Article, list[Statement], str]]:
        for article, statements in extract_all(group):
            about = {entity.slug for entity in statement_entities(statements)}
            told = known.decisions.concerning(about, article=article.id)
            yield article, statements, f"{fingerprint(article)} {told} {origins[article.id]}"
            if progress:
                progress(article)

    due.sort(key=_language)  # stable: one pipeline reads all articles of its language in one go
    for lang, group in groupby(due, key=_language):
        store.replace_articles(readings(group), extractor=extractor_version(lang))
    return kinds


def _origin(file: Path, place: Path) -> str:
    if str(file) == STDIN:
        return STDIN
    return Path(os.path.relpath(file.resolve(), place.resolve())).as_posix()


def _is_there(origin: str, place: Path) -> bool:
    return origin == STDIN or (place.resolve() / origin).exists()


def _shown(origin: str, place: Path) -> str:
    if origin == STDIN:
        return "standard input"
    return os.path.relpath(place.resolve() / origin)


def _language(article: Article) -> str:
    return article.lang or ""


def _entities(statements: Iterable[Statement]) -> set[str]:
    return {
        argument.entity.slug
        for statement in statements
        for argument in (statement.subject, statement.object, statement.attributed_to)
        if argument
    }


def _counted(names: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(names).items(), key=lambda pair: (-pair[1], pair[0])))


def fingerprint(article: Article) -> str:
    """What an extraction depends on, as a hash: the article with its metadata and the extractor."""
    parts = json.dumps([*astuple(article), extractor_version(article.lang or "")])
    return hashlib.sha256(parts.encode()).hexdigest()


@cache
def extractor_version(code: str) -> str:
    """Names program, pipeline and data that read a language, without loading the pipeline.

    ``build`` is a hash of the code, the language pack, the weights of confidence, the registry and
    the ontology: another word in a list is another extractor.
    """
    folder = data_dir() / "languages" / code
    files = [*sorted(folder.glob("*.toml")), folder.parent / "confidence.toml"]
    files += sorted(ontology_dir().glob("*.t*"))
    files += sorted(Path(kg.__file__).parent.glob("*.py"))
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return f"dispute-kg {kg.__version__}, {_pipeline(code)}, build {digest.hexdigest()[:12]}"


def _pipeline(code: str) -> str:
    pipeline = language_pack(code).pipeline
    if pipeline.package:
        try:
            return f"{pipeline.package} {version(pipeline.package)}"
        except PackageNotFoundError:
            return pipeline.package  # loading it tells what to install
    meta = data_dir() / "models" / pipeline.model / "meta.json"
    found = json.loads(meta.read_text(encoding="utf-8"))["version"] if meta.is_file() else ""
    return f"{pipeline.model} {found}".strip()
