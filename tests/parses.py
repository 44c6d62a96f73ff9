"""Parses written by hand, so that no trained pipeline can change what a rule of grammar is given.

A parse is a table, a line for each token: word, lemma, part of speech, label of the dependency,
number of the head (from 1; the root is its own head), then the tag (English) or the morphology
(Indonesian) and the label of the named entity, with ``+`` where the name goes on; ``_`` stands for
none. A word that ends in ``~`` has no blank behind it. Lemmas are dictionary forms, in Indonesian
the active verb.
"""

from functools import cache

import spacy
from spacy.tokens import Doc

from kg.clauses import Clauses
from kg.cues import Cues, compile_cues
from kg.findings import Finding
from kg.languages import language_pack
from kg.lexicon import Lexicon, compile_lexicon
from kg.linking import Linker
from kg.names import Names, compile_names
from kg.registry import registry
from kg.statements import find_all
from kg.syntax import Tree, build_tree
from kg.tokens import words_of

_VOCAB = spacy.blank("xx").vocab
_NUMBER = dict.fromkeys(("NNS", "NNPS"), "Number=Plur")  # what an English tag says of number


def dictionary_form(word: str, pos: str) -> str:
    """The lemma of a word of a pack: the word, since packs and tables are in dictionary forms."""
    del pos
    return word


@cache
def cues_of(lang: str) -> Cues:
    """The cues of a pack for lemmas in dictionary form."""
    return compile_cues(language_pack(lang), dictionary_form)


@cache
def lexicon_of(lang: str) -> Lexicon:
    """The lexicon of a pack for lemmas in dictionary form."""
    return compile_lexicon(language_pack(lang), dictionary_form)


@cache
def names_of(lang: str) -> Names:
    """The names of the registry as the rule-based tokenizer of the language cuts them."""
    nlp = spacy.blank(lang)
    return compile_names(
        language_pack(lang),
        registry(),
        words_of=lambda name: words_of(nlp.make_doc(name)),
        lemma_of=dictionary_form,
    )


def doc_of(lang: str, table: str) -> Doc:
    """The parse of a table."""
    rows = [line.split() for line in table.strip().splitlines()]
    rows = [row + ["_"] * (7 - len(row)) for row in rows]
    extra = ["" if row[5] == "_" else row[5] for row in rows]
    english = lang == "en"
    return Doc(
        _VOCAB,
        words=[row[0].removesuffix("~") for row in rows],
        spaces=[not row[0].endswith("~") for row in rows],
        lemmas=[row[1] for row in rows],
        pos=[row[2] for row in rows],
        deps=[row[3] for row in rows],
        heads=[int(row[4]) - 1 for row in rows],
        tags=extra if english else None,
        morphs=[_NUMBER.get(tag, "") for tag in extra] if english else extra,
        ents=[_entity(row[6]) for row in rows],
    )


def _entity(label: str) -> str:
    if label == "_":
        return "O"
    return f"I-{label[:-1]}" if label.endswith("+") else f"B-{label}"


def tree_of(lang: str, *tables: str) -> Tree:
    """The tree of an article of one part or several, a blank line between them."""
    parts, text = [], ""
    for table in tables:
        doc = doc_of(lang, table)
        parts.append((len(text), doc))
        text += doc.text + "\n\n"
    return build_tree(text, parts, language_pack(lang))


def clauses_of(lang: str, *tables: str) -> Clauses:
    """The clauses of an article, its parse mended."""
    return Clauses(tree_of(lang, *tables), cues_of(lang))


def linker_of(lang: str, *tables: str) -> Linker:
    """The linker of an article."""
    return Linker(clauses_of(lang, *tables), names_of(lang), "article")


def findings_of(lang: str, *tables: str) -> list[Finding]:
    """What the lexicon sees in an article."""
    linker = linker_of(lang, *tables)
    return list(find_all(linker.clauses, linker, lexicon_of(lang)))


def told(finding: Finding) -> tuple[str, str, str]:
    """Subject, relation and object by the slugs of the entities."""
    return finding.subject.entity.slug, finding.relation, finding.object.entity.slug


def at(tree: Tree, word: str) -> int:
    """The token of a word that stands once in a text."""
    return tree.word.index(word)


def words(tree: Tree, tokens: tuple[int, ...] | list[int]) -> list[str]:
    """The words of tokens, in the order given."""
    return [tree.word[token] for token in tokens]
