"""The commands ``kg entities …``: see which words became which entity, and decide otherwise."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.errors import UsageError
from kg.options import (
    accept_quiet,
    decisions_option,
    open_output,
    opened_store,
    output_option,
    store_option,
)

if TYPE_CHECKING:
    from kg.decisions import Decision, Decisions
    from kg.entities import Known
    from kg.similarity import LookAlikes

_WORDINGS = 3  # in the list; `show` has all


@click.group(
    "entities",
    invoke_without_command=True,
    short_help="List entities, join them, part them, name them.",
    epilog="Example: kg entities merge 'S. Altman' 'Sam Altman'",
)
@click.option("--type", "kind", metavar="TYPE", help="Only entities of this type.")
@click.option(
    "--limit", type=click.IntRange(min=0), default=50, show_default=True, help="Rows; 0 is all."
)
@click.option(
    "--near",
    type=click.IntRange(min=0),
    default=20,
    show_default=True,
    help="Look-alikes to show, the most alike first.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="Form of the result.",
)
@store_option
@output_option
@accept_quiet
@click.pass_context
def entities_command(
    context: click.Context,
    *,
    kind: str | None,
    limit: int,
    near: int,
    format_: str,
    store: Path,
    output: str,
) -> None:
    """Which words became which entity: entities with their mentions and names, what was merged by
    decision, and look-alikes that were kept apart.

    What is wrong is put right by merge, split, rename and type. They write to a file of decisions
    (decisions.toml beside the store, or --decisions FILE), which every later kg build obeys; undo
    takes a decision back.
    """
    if context.invoked_subcommand is not None:
        context.default_map = {context.invoked_subcommand: {"store": store}}
        return
    from kg.similarity import look_alikes

    known = _known(store)
    if kind is not None:
        from kg.vocabulary import is_a

        known = [one for one in known if is_a(one.entity.type, _checked_type(kind))]
    alike = look_alikes(one.entity for one in known)
    shown = known[: limit or None]
    with open_output(output) as out:
        if format_ == "json":
            _write_json(out, {
                "entities": [_row_json(one) for one in shown],
                "look_alikes": [_pair_json(one) for one in alike[:near]],
            })  # fmt: skip
            return
        from kg.tables import print_table

        rows = [
            (
                one.entity.slug,
                one.entity.label,
                one.entity.type,
                str(one.mentions),
                str(one.statements),
                _shortened(one),
                ", ".join(one.entity.replaces),
            )
            for one in shown
        ]
        columns = ("entity", "label", "type", "mentions", "statements", "words", "merged into it")
        print_table(out, columns, rows, numbers=("mentions", "statements"))
        if len(known) > len(shown):
            out.write(f"  {len(known) - len(shown)} more; --limit 0 shows all\n")
        if alike[:near]:
            cells = [
                (
                    f"{one.similarity:.2f}",
                    one.first.slug,
                    one.names[0],
                    one.second.slug,
                    one.names[1],
                )
                for one in alike[:near]
            ]
            heads = ("alike", "entity", "name", "other", "its name")
            print_table(out, heads, cells, title="look-alikes, kept apart", numbers=("alike",))


def _known(store: Path) -> list["Known"]:
    from kg.entities import known_entities

    with opened_store(store) as opened:  # an article at a time: no store need fit into memory
        return known_entities(
            statement
            for article in opened.articles()
            for statement in opened.statements(article=article.id)
        )


def _shortened(one: "Known") -> str:
    words = dict.fromkeys(wording.text for wording in one.wordings)
    more = f" and {len(words) - _WORDINGS} more" if len(words) > _WORDINGS else ""
    return ", ".join(list(words)[:_WORDINGS]) + more


def _row_json(one: "Known") -> dict[str, Any]:
    from kg.entities import further_names
    from kg.iris import entity_iri

    return {
        "id": entity_iri(one.entity.slug),
        "entity": one.entity.slug,
        "label": one.entity.label,
        "labels": dict(one.entity.labels),
        "type": one.entity.type,
        "names": further_names(one.entity),
        "in_registry": one.entity.known,
        "broader": [wider.slug for wider in one.entity.broader],
        "mentions_inside": [inner.slug for inner in one.entity.mentions],
        "replaces": one.entity.replaces,
        "mentions": one.mentions,
        "statements": one.statements,
        "articles": one.articles,
        "words": [
            {
                "text": wording.text,
                "method": wording.method,
                "score": wording.score,
                "mentions": wording.mentions,
                "articles": wording.articles,
            }
            for wording in one.wordings
        ],
    }


def _pair_json(pair: "LookAlikes") -> dict[str, Any]:
    return {
        "entities": [pair.first.slug, pair.second.slug],
        "names": pair.names,
        "similarity": round(pair.similarity, 3),
    }


def _write_json(out: Any, value: object) -> None:
    import json

    out.write(json.dumps(value, ensure_ascii=False, indent=1) + "\n")


@entities_command.command(
    "show",
    short_help="Everything about one entity.",
    epilog="Example: kg entities show OpenAI",
)
@click.argument("name", metavar="ENTITY")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="Form of the result.",
)
@store_option
@decisions_option
@output_option
@accept_quiet
def show_command(
    *, name: str, format_: str, store: Path, decisions: Path | None, output: str
) -> None:
    """Names, type and mentions of an entity (a name or its id), the words that stand for it with
    method and score, its look-alikes, and the decisions that concern it."""
    from kg.entities import entity_named, further_names
    from kg.similarity import look_alikes
    from kg.tables import print_table

    known = _known(store)
    one = entity_named(known, name)
    entity = one.entity
    alike = [
        pair
        for pair in look_alikes(other.entity for other in known)
        if entity.slug in (pair.first.slug, pair.second.slug)
    ]
    _, decided = _decisions(store, decisions, must_exist=decisions is not None)
    about = [row for row in decided.rows if entity.slug in (row.entity, row.into)]
    with open_output(output) as out:
        if format_ == "json":
            found = {**_row_json(one), "look_alikes": [_pair_json(pair) for pair in alike]}
            _write_json(out, {**found, "decisions": [_told(row) for row in about]})
            return
        labels = [f"{label} ({lang})" for lang, label in entity.labels]
        facts = [
            ("entity", entity.slug),
            ("label", entity.label),
            ("labels", ", ".join(labels)),
            ("names", ", ".join(further_names(entity))),
            ("type", entity.type),
            ("in registry", "yes" if entity.known else "no"),
            ("narrower than", ", ".join(wider.label for wider in entity.broader)),
            ("mentions inside", ", ".join(inner.label for inner in entity.mentions)),
            ("merged into it", ", ".join(entity.replaces)),
            ("mentions", f"{one.mentions} in {len(one.articles)} articles"),
            ("statements", str(one.statements)),
        ]
        print_table(out, ("", ""), [(key, value) for key, value in facts if value])
        columns = ("words", "linked", "score", "mentions", "articles")
        rows = [
            (w.text, w.method, f"{w.score:.2f}", str(w.mentions), str(w.articles))
            for w in one.wordings
        ]
        print_table(out, columns, rows, numbers=columns[2:])
        if alike:
            cells = [(f"{pair.similarity:.2f}", *_other(pair, entity.slug)) for pair in alike]
            print_table(out, ("alike", "look-alike", "name"), cells, numbers=("alike",))
        if about:
            print_table(out, ("decision",), [(_told(row),) for row in about])


def _other(pair: "LookAlikes", slug: str) -> tuple[str, str]:
    if pair.first.slug == slug:
        return pair.second.slug, pair.names[1]
    return pair.first.slug, pair.names[0]


# Decisions -------------------------------------------------------------------------------------


def _decisions(
    store: Path, file: Path | None, *, must_exist: bool = False
) -> tuple[Path, "Decisions"]:
    """The file of decisions and what it holds; none where it is not there and need not be."""
    from kg.decisions import decisions_beside, read_decisions

    place = file or decisions_beside(store)
    return place, read_decisions(place if must_exist or place.exists() else None)


def _told(row: "Decision") -> str:
    parts = [row.act, row.entity]
    if row.into:
        parts.append(f"into {row.into}")
    if row.type and row.act == "retype":
        parts.append(f"as {row.type}")
    if row.labels and row.act != "merge":
        parts.append("as " + ", ".join(f"{label} ({lang})" for lang, label in row.labels.items()))
    if row.articles:
        parts.append("in " + ", ".join(row.articles))
    if row.words:
        parts.append("where it says " + ", ".join(row.words))
    return " ".join(parts) + (f" · {row.note}" if row.note else "")


def _write(store: Path, file: Path | None, quiet: bool, **fields: Any) -> None:
    from kg.decisions import Decision, add_decision, decisions_beside

    place = file or decisions_beside(store)
    decision = Decision(**{key: value for key, value in fields.items() if value})
    add_decision(place, decision)
    if not quiet:
        click.echo(f"{place}: {_told(decision)}; the next kg build obeys", err=True)


def _checked_type(kind: str) -> str:
    from kg.vocabulary import entity_types

    known = [one.name for one in entity_types()]
    if kind not in known:
        raise UsageError(f"there is no type {kind!r}; expected one of {', '.join(known)}")
    return kind


_note_option = click.option("--note", metavar="TEXT", default="", help="Why; kept in the file.")
_quiet_option = click.option("-q", "--quiet", is_flag=True, help="No messages but errors.")


@entities_command.command(
    "merge",
    short_help="Two entities are one.",
    epilog="Example: kg entities merge 'S. Altman' 'Sam Altman'",
)
@click.argument("name", metavar="ENTITY")
@click.argument("into", metavar="INTO")
@_note_option
@store_option
@decisions_option
@_quiet_option
def merge_command(
    *, name: str, into: str, note: str, store: Path, decisions: Path | None, quiet: bool
) -> None:
    """Decides that ENTITY is INTO: a name or an id of the store each, INTO also of the registry.

    INTO keeps its label and gets the names of ENTITY; the old IRI leads to the new one.
    """
    from kg.entities import entity_named
    from kg.registry import NEUTRAL, registry

    known = _known(store)
    one = entity_named(known, name).entity
    other = registry().entities.get(into) or entity_named(known, into).entity
    own = one.labels or ((NEUTRAL, one.label),)
    names: dict[str, tuple[str, ...]] = {}
    for lang, label in (*own, *one.names) if not one.known else ():
        names[lang or NEUTRAL] = (*names.get(lang or NEUTRAL, ()), label)
    told = {} if other.known else {
        "type": other.type, "labels": dict(other.labels or ((NEUTRAL, other.label),))
    }  # fmt: skip
    _write(store, decisions, quiet, merge=one.slug, into=other.slug, names=names, note=note, **told)


@entities_command.command(
    "split",
    short_help="One entity is two.",
    epilog="Example: kg entities split Sora --as 'Sora (painter)' --type Person --article show-1",
)
@click.argument("name", metavar="ENTITY")
@click.option("--as", "label", metavar="NAME", required=True, help="Name of the part that goes.")
@click.option("--type", "kind", metavar="TYPE", help="Its type.  [default: as before]")
@click.option("--lang", metavar="CODE", default="en", show_default=True, help="Language of NAME.")
@click.option(
    "--article",
    "articles",
    metavar="ID",
    multiple=True,
    help="It goes in this article; repeatable.",
)
@click.option(
    "--words", metavar="WORDS", multiple=True, help="It goes where the text says so; repeatable."
)
@_note_option
@store_option
@decisions_option
@_quiet_option
def split_command(
    *,
    name: str,
    label: str,
    kind: str | None,
    lang: str,
    articles: tuple[str, ...],
    words: tuple[str, ...],
    note: str,
    store: Path,
    decisions: Path | None,
    quiet: bool,
) -> None:
    """Decides that ENTITY is something else in some articles, or where it goes by some words.

    With --article and --words both must hold.
    """
    from kg.entities import entity_named
    from kg.names import mint

    if not (articles or words):
        raise UsageError("what tells the two apart? give --article ID or --words WORDS")
    entity = entity_named(_known(store), name).entity
    type = _checked_type(kind or entity.type)
    into = mint(type, label, lang).slug
    _write(
        store,
        decisions,
        quiet,
        split=entity.slug,
        into=into,
        type=type,
        labels={lang: label},
        articles=articles,
        words=words,
        note=note,
    )


@entities_command.command(
    "rename",
    short_help="An entity has another label.",
    epilog="Example: kg entities rename person-s-altman 'Sam Altman'",
)
@click.argument("name", metavar="ENTITY")
@click.argument("label", metavar="LABEL")
@click.option("--lang", metavar="CODE", default="en", show_default=True, help="Language of LABEL.")
@_note_option
@store_option
@decisions_option
@_quiet_option
def rename_command(
    *,
    name: str,
    label: str,
    lang: str,
    note: str,
    store: Path,
    decisions: Path | None,
    quiet: bool,
) -> None:
    """Decides the label of ENTITY; its id stays, its old label becomes a further name."""
    from kg.entities import entity_named

    entity = entity_named(_known(store), name).entity
    _write(store, decisions, quiet, rename=entity.slug, labels={lang: label}, note=note)


@entities_command.command(
    "type",
    short_help="An entity is of another type.",
    epilog="Example: kg entities type Noyb Association",
)
@click.argument("name", metavar="ENTITY")
@click.argument("kind", metavar="TYPE")
@_note_option
@store_option
@decisions_option
@_quiet_option
def type_command(
    *, name: str, kind: str, note: str, store: Path, decisions: Path | None, quiet: bool
) -> None:
    """Decides the type of ENTITY, one of those that kg ontology lists; its id stays."""
    from kg.entities import entity_named

    entity = entity_named(_known(store), name).entity
    _write(store, decisions, quiet, retype=entity.slug, type=_checked_type(kind), note=note)


@entities_command.command(
    "decisions",
    short_help="List the decisions, numbered.",
    epilog="Example: kg entities decisions",
)
@store_option
@decisions_option
@accept_quiet
def decisions_command(*, store: Path, decisions: Path | None) -> None:
    """The decisions of the file in its order; refuses a file that is wrong, with its line."""
    from kg.tables import print_table

    _, found = _decisions(store, decisions, must_exist=decisions is not None)
    rows = [(str(number), _told(row)) for number, row in enumerate(found.rows, 1)]
    print_table(sys.stdout, ("", "decision"), rows, numbers=("",))


@entities_command.command(
    "undo",
    short_help="Take a decision back.",
    epilog="Example: kg entities undo",
)
@click.argument("number", type=int, required=False)
@store_option
@decisions_option
@_quiet_option
def undo_command(*, number: int | None, store: Path, decisions: Path | None, quiet: bool) -> None:
    """Takes the last decision out of the file, or that of a NUMBER of kg entities decisions."""
    from kg.decisions import decisions_beside, remove_decision

    place = decisions or decisions_beside(store)
    gone = remove_decision(place, number)
    if not quiet:
        click.echo(f"{place}: no longer: {_told(gone)}; the next kg build obeys", err=True)
