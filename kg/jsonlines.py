"""Statements and open clauses as JSON, one object a line: the format that other programs read."""

import json
from collections.abc import Mapping
from typing import Any

from kg.iris import BASE, entity_iri
from kg.records import Argument, Clause, Sentence, Span, Statement

# Line separators that JSON leaves in strings but many programs split lines at.
_LINE_ENDS = str.maketrans({mark: f"\\u{ord(mark):04x}" for mark in "\x85\u2028\u2029"})


def json_line(record: Mapping[str, Any]) -> str:
    """An object as one line without its end; no character in it ends a line for anyone.

    >>> json_line({"text": "dua\\u2028baris – ya"})
    '{"text": "dua\\\\u2028baris – ya"}'
    """
    return json.dumps(record, ensure_ascii=False).translate(_LINE_ENDS)


def statement_json(statement: Statement, *, base: str = BASE) -> dict[str, Any]:
    """A statement as the object that ``kg extract --format jsonl`` prints.

    ``subject``, ``object`` and ``attributed_to`` carry the entity's IRI under ``base``; ``role``
    is there only where the text tells what the subject is to the object.
    """
    speaker = statement.attributed_to
    return {
        "article": statement.article,
        "lang": statement.lang,
        "subject": _argument(statement.subject, base),
        "relation": statement.relation,
        "object": _argument(statement.object, base),
        "negated": statement.negated,
        "modality": statement.modality,
        "attributed_to": _argument(speaker, base) if speaker else None,
        "time": statement.time,
        "trigger": _span(statement.trigger),
        "sentence": _sentence(statement.sentence),
        "confidence": round(statement.confidence, 3),
        **({"role": statement.role} if statement.role else {}),
    }


def clause_json(clause: Clause) -> dict[str, Any]:
    """An open clause as the object that ``kg extract --open --format jsonl`` prints."""
    content = clause.content
    return {
        "article": clause.article,
        "lang": clause.lang,
        "sentence": _sentence(clause.sentence),
        "subject": _span(clause.subject),
        "relation": clause.predicate,
        "object": _span(clause.object) if clause.object else None,
        "negated": clause.negated,
        "modality": clause.modality,
        "attributed_to": _span(clause.source) if clause.source else None,
        "source_span": _span(clause.source) if clause.source else None,
        "cue": _span(clause.cue) if clause.cue else None,
        "content": {"start": content.start, "end": content.end} if content else None,
    }


def _argument(argument: Argument, base: str) -> dict[str, Any]:
    entity = argument.entity
    return {
        "id": entity_iri(entity.slug, base=base),
        "label": entity.label,
        "labels": dict(entity.labels),
        "type": entity.type,
        **_span(argument.span),
        **({"method": argument.method, "score": argument.score} if argument.method else {}),
    }


def _span(span: Span) -> dict[str, Any]:
    return {"text": span.text, "start": span.start, "end": span.end}


def _sentence(sentence: Sentence) -> dict[str, Any]:
    return {
        "index": sentence.index,
        "text": sentence.text,
        "start": sentence.start,
        "end": sentence.end,
    }
