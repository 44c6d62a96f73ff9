"""What a page is made of: template, style, script, words, look, and the bundles of others.

The template is filled with autoescaping on, and a Content-Security-Policy lets nothing run but the
scripts that it names by their hashes.
"""

import base64
import hashlib
import json
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import jinja2
from markupsafe import Markup

from kg.errors import DataError

TEMPLATES = files("kg") / "templates"
_VIS = ("templates", "lib", "vis-9.1.2", "vis-network.min.js")
_WEBGL = ("graphology", "sigma")
SCRIPTS = (
    "words.js",
    "pieces.js",
    "state.js",
    "places.js",
    "drawing.js",
    "canvas.js",
    "webgl.js",
    "stories.js",
    "panel.js",
    "table.js",
    "timeline.js",
    "controls.js",
    "downloads.js",
    "start.js",
)


@cache
def words() -> dict[str, dict[str, Any]]:
    """The words of the page by language; DataError where the languages do not say the same.

    >>> words()["id"]["search"]
    'Cari nama'
    """
    found: dict[str, dict[str, Any]] = tomllib.loads(own_file("words.toml"))
    first, *others = found
    for language in others:
        if missing := found[first].keys() ^ found[language].keys():
            raise DataError(
                f"kg/templates/words.toml: [{language}] and [{first}] differ in "
                f"{', '.join(sorted(missing))}; every language needs the same keys"
            )
    return found


@cache
def look() -> dict[str, Any]:
    """Colours, forms and measures of the page, as ``kg/templates/look.toml`` has them.

    >>> look()["types"]["Person"]["shape"]
    'dot'
    """
    return tomllib.loads(own_file("look.toml"))


def own_file(*names: str) -> str:
    """The text of a file below ``kg/templates``; OSError where there is none.

    >>> own_file("script", "start.js").startswith("// --- Beginning")
    True
    """
    return TEMPLATES.joinpath(*names).read_text(encoding="utf-8")


@cache
def _libraries(*, large: bool) -> tuple[str, ...]:
    """The vis-network bundle that pyvis carries and, for large graphs, those of sigma.js."""
    vis = files("pyvis").joinpath(*_VIS).read_text(encoding="utf-8")
    webgl = [
        f"/*\n{own_file('lib', f'{name}.LICENSE.txt')}*/\n{own_file('lib', f'{name}.min.js')}"
        for name in (_WEBGL if large else ())
    ]
    # A source map is a file beside the bundle, which browsers ask for.
    return tuple(text.partition("//# sourceMappingURL=")[0] for text in (vis, *webgl))


@cache
def _script() -> str:
    """The script of the page: its files in one function, so that no name leaves it."""
    parts = "\n".join(own_file("script", name) for name in SCRIPTS)
    return f'"use strict";\n(() => {{\n{parts}}})();\n'


def environment(title: str, page: Mapping[str, Any], *, large: bool) -> jinja2.Environment:
    """Templates with autoescaping on, and with what pyvis itself does not hand over.

    ``page`` is what the script reads; ``large`` adds the bundles that draw large graphs.

    >>> environment("A & B", {}, large=False).from_string("{{ title }}").render()
    'A &amp; B'
    """
    made = jinja2.Environment(
        loader=jinja2.FunctionLoader(own_file),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
    )
    style, scripts = own_file("page.css"), (*_libraries(large=large), _script())
    made.filters["fromjson"] = json.loads
    # The order of our mappings is meant: languages, groups and types are shown in it.
    made.policies["json.dumps_kwargs"] = {"sort_keys": False, "separators": (",", ":")}
    made.globals.update(
        title=title,
        page=page,
        words=next(iter(words().values())),
        policy=_policy(style, *scripts),
        # Our own files and the pinned bundles; nothing that came from an article.
        style=Markup(style),
        scripts=[Markup(script) for script in scripts],
    )
    return made


def _policy(style: str, *scripts: str) -> str:
    """A Content-Security-Policy that runs these very texts and loads nothing."""
    allowed = " ".join(_source_hash(script) for script in scripts)
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_source_hash(style)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _source_hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
