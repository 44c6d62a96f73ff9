"""What textacy's subject-verb-object triples reach on the same gold, to compare with.

A triple of ``subject_verb_object_triples`` becomes a statement where our lexicon has its verb: the
lemma of the verb's last word, looked up among the verbs of ``frames.toml`` that need no further
word; the first relation in the order of the file counts. Subject and object are the words of the
triple and are compared as ours are. Nothing is negated, hedged or reported, and pronouns stand for
nobody. English only.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from kg.errors import DataError
from kg.lexicon import Lexicon
from kg.pipeline import load_reader, parts_of
from kg.records import Argument, Article, Entity, Sentence, Span, Statement

if TYPE_CHECKING:
    from spacy.tokens import Span as SpacySpan
    from spacy.tokens import Token

LANG = "en"
_CONFIDENCE = 1.0


def triples_as_statements(
    articles: Iterable[Article],
) -> Iterator[tuple[Article, list[Statement]]]:
    """The statements of each article by textacy's triples, none where it is not English.

    Raises DataError where textacy is not installed.
    """
    try:
        from textacy.extract.triples import subject_verb_object_triples  # noqa: PLC0415
    except ModuleNotFoundError:
        raise DataError(
            "textacy is not installed; install it with: pip install 'dispute-kg[baseline]'"
        ) from None
    reader = load_reader(LANG)
    relations = _plain_verbs(reader.lexicon)
    for article in articles:
        found: list[Statement] = []
        for offset, text in parts_of(article.text) if article.lang == LANG else ():
            doc = reader.nlp(text)
            for subject, verb, object_ in subject_verb_object_triples(doc):
                relation = relations.get(verb[-1].lemma_.lower())
                if relation is not None:
                    found.append(
                        Statement(
                            article=article.id,
                            lang=LANG,
                            subject=_argument(subject, offset),
                            relation=relation,
                            object=_argument(object_, offset),
                            negated=False,
                            modality="asserted",
                            attributed_to=None,
                            time=None,
                            trigger=_span(verb[-1:], offset),
                            sentence=_sentence(verb[-1].sent, offset),
                            confidence=_CONFIDENCE,
                        )
                    )
        yield article, found


def _plain_verbs(lexicon: Lexicon) -> dict[str, str]:
    """The relation of each verb that says one by itself, the first one where there are several."""
    relations: dict[str, str] = {}
    for head, entries in lexicon.expressions.items():
        for entry in entries:
            if entry.kind == "verb" and not entry.words and not entry.frame.negated:
                relations.setdefault(head, entry.relation)
    return relations


def _argument(tokens: "list[Token]", offset: int) -> Argument:
    span = _span(tokens, offset)
    return Argument(Entity(slug=span.text.lower(), type="Concept", label=span.text), span)


def _span(tokens: "list[Token]", offset: int) -> Span:
    first, last = tokens[0], tokens[-1]
    end = last.idx + len(last)
    return Span(first.doc.text[first.idx : end], offset + first.idx, offset + end)


def _sentence(sentence: "SpacySpan", offset: int) -> Sentence:
    return Sentence(0, sentence.text, offset + sentence.start_char, offset + sentence.end_char)
