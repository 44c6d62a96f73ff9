"""Parsed text as plain lists in one scheme of roles, whatever the parser.

Between spaCy's tokens, which `kg.tokens` reads, and the stages that read trees. English comes with
prepositions as heads of their nouns (ClearNLP), Indonesian in Universal Dependencies; here both
become: a noun depends on its verb or noun, with its preposition as a ``case`` below it.
"""

import re
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from kg.languages import LanguagePack, Passive
from kg.records import Sentence, Span
from kg.tokens import Tokens, join_tokens, outer_token, read_tokens

if TYPE_CHECKING:
    from spacy.tokens import Doc

CLAUSES = frozenset(
    {
        "complement",
        "open_complement",
        "adverbial_clause",
        "noun_clause",
        "relative_clause",
        "clausal_subject",
        "parataxis",
    }
)
"""Roles whose words head a clause of their own."""

NOMINAL = ("NOUN", "PROPN")
VERBAL = ("VERB", "AUX")
"""Parts of speech that head a clause."""
MAX_CLIMB = 24
"""Heads above a word that are looked at."""

_OUTSIDE_PHRASE = CLAUSES | {"apposition", "conjunct", "coordinator", "marker", "parataxis"}
_LETTER_WITH_STOP = re.compile(r"[A-Z]\.$")
_NOT_FIRST = {
    "punctuation",
    "case",
    "preposition",
    "marker",
    "coordinator",
    "adverb",
    "negation",
    "copula",
}


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """The tokens of an article, as parallel lists indexed by token.

    ``lemma`` is what the lexicon matches; ``head`` of a root is the token itself; ``children`` are
    in text order; ``case`` holds the preposition that leads to a noun ("according to"),
    lower-case, or ""; ``start`` and ``end`` are character offsets into the article; ``sentence``
    the number of the sentence, from 0;
    ``entity`` the label of the named entity that covers the token, or ""; ``passive`` tells verbs
    in the passive voice; ``tag`` is the parser's own part of speech.
    """

    article: str
    word: list[str] = field(default_factory=list)
    lower: list[str] = field(default_factory=list)
    lemma: list[str] = field(default_factory=list)
    pos: list[str] = field(default_factory=list)
    role: list[str] = field(default_factory=list)
    head: list[int] = field(default_factory=list)
    children: list[list[int]] = field(default_factory=list)
    case: list[str] = field(default_factory=list)
    start: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    sentence: list[int] = field(default_factory=list)
    entity: list[str] = field(default_factory=list)
    passive: list[bool] = field(default_factory=list)
    clitic: list[str] = field(default_factory=list)
    plural: list[bool] = field(default_factory=list)
    tag: list[str] = field(default_factory=list)
    bounds: list[tuple[int, int]] = field(default_factory=list)
    names: list[tuple[int, int, str]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.word)

    def kids(self, token: int, *roles: str) -> list[int]:
        """Children with one of the roles, in text order."""
        children, role = self.children[token], self.role
        return [kid for kid in children if role[kid] in roles] if children else []

    def conjuncts(self, token: int) -> list[int]:
        """The token and what is coordinated with it, in text order, without clauses in between."""
        found, children, role = [token], self.children, self.role
        for one in found:
            if children[one]:
                found += [kid for kid in children[one] if role[kid] == "conjunct"]
        return found

    def subtree(self, token: int, leave_out: frozenset[str] = frozenset()) -> list[int]:
        """The token and all below it, sorted, without branches whose role is left out."""
        found, children, role = [token], self.children, self.role
        for one in found:
            if children[one]:
                found += [kid for kid in children[one] if role[kid] not in leave_out]
        found.sort()
        return found

    def depth(self, token: int) -> int:
        """How many words lie above a token."""
        steps = 0
        while self.head[token] != token and steps < len(self):
            token, steps = self.head[token], steps + 1
        return steps

    def span(self, first: int, last: int) -> Span:
        """The words from one token to another, both included."""
        start, end = self.start[first], self.end[last]
        return Span(self.article[start:end], start, end)

    def text(self, first: int, last: int) -> str:
        """The words from one token to another, both included, with single blanks between them."""
        return " ".join(self.article[self.start[first] : self.end[last]].split())

    def sentence_record(self, index: int) -> Sentence:
        """The sentence of a number, white space around it left out."""
        first, last = self.bounds[index]
        start, end = self.start[first], self.end[last - 1]
        if self.article[end : end + 1] == ".":  # the stop behind a name of one letter
            end += 1
        return Sentence(index, self.article[start:end], start, end)

    def phrase(self, token: int) -> tuple[int, int]:
        """First and last token of the noun phrase of a head, prepositional phrases kept.

        Relative clauses, appositions, further conjuncts and the phrase's own preposition are left
        out; of what remains, the unbroken run around the head.
        """
        inside = set(self.subtree(token, frozenset(_OUTSIDE_PHRASE)))
        for kid in self.children[token]:
            if self.pos[kid] == "VERB" and self.role[kid] in ("nominal", "oblique", "other"):
                inside.difference_update(self.subtree(kid))
            elif self.role[kid] == "nominal" and self.case[kid] and kid > token:
                below = self.subtree(kid)
                if self.word[below[0]] == "," or self.word[below[0] - 1] == ",":
                    inside.difference_update(below)  # "musicians, among them X,"
        own_case = [
            kid for kid in self.children[token] if self.role[kid] in ("case", "preposition")
        ]
        inside.difference_update(own_case)
        first = last = token
        while first - 1 in inside:
            first -= 1
        while last + 1 in inside:
            last += 1
        while first < token and self.role[first] in _NOT_FIRST:
            first += 1
        while last > token and self.role[last] in ("punctuation", "coordinator", "marker"):
            last -= 1
        return first, last


def build_tree(
    article: str,
    parts: Iterable[tuple[int, "Doc"]],
    pack: LanguagePack,
    stem_of: Callable[[str, str], str] | None = None,
) -> Tree:
    """One tree from the parsed parts of an article, each with its offset, in text order.

    ``stem_of`` gives the lemma of a word with a part of speech; without it, lemmas are the
    parser's.
    """
    tree = Tree(article)
    for offset, doc in parts:
        _add_doc(tree, offset, doc, pack, stem_of)
    return tree


def _add_doc(
    tree: Tree,
    offset: int,
    doc: "Doc",
    pack: LanguagePack,
    stem_of: Callable[[str, str], str] | None,
) -> None:
    base = len(tree.word)
    tokens = read_tokens(doc)
    groups = join_tokens(tokens)
    if not groups:
        return
    renumber = {token: base + at for at, group in enumerate(groups) for token in group}
    outer = [group[0] if len(group) == 1 else outer_token(tokens, group) for group in groups]
    spans = [(tokens.start[group[0]], tokens.end(group[-1])) for group in groups]
    tree.word.extend(tokens.text[begin:end] for begin, end in spans)
    tree.lower.extend(word.lower() for word in tree.word[base:])
    tree.lemma.extend(_lemmas(tokens, groups, outer, pack, stem_of))
    tree.pos.extend(tokens.pos[token] for token in outer)
    tree.role.extend(pack.dependencies.get(tokens.dep[token], "other") for token in outer)
    tree.head.extend(
        renumber.get(_head(tokens, token, renumber), renumber[token]) for token in outer
    )
    tree.children.extend([] for _ in groups)
    tree.case.extend([""] * len(groups))
    tree.start.extend(offset + begin for begin, _ in spans)
    tree.end.extend(offset + end for _, end in spans)
    tree.entity.extend(tokens.entity[token] for token in outer)
    tree.tag.extend(tokens.tag[token] for token in outer)
    _read_forms(tree, [tokens.morph[token] for token in outer], pack.passive)
    _read_bounds(tree, base, [tokens.opens[group[0]] for group in groups])
    _free_letters(tree, base)
    _link_children(tree, base)
    _lower_prepositions(tree, base)
    _read_cases(tree, base)
    if pack.passive.tags:
        _find_passives(tree, base, frozenset(pack.passive.tags), frozenset(pack.passive.perfect))
    for entity in doc.ents:
        inside = [renumber[i] for i in range(entity.start, entity.end) if i in renumber]
        if inside:
            tree.names.append((inside[0], inside[-1] + 1, entity.label_))


def _lemmas(
    tokens: Tokens,
    groups: list[list[int]],
    outer: list[int],
    pack: LanguagePack,
    stem_of: Callable[[str, str], str] | None,
) -> list[str]:
    """What the lexicon matches of each word; of what hyphens join, the lemma of its last part."""
    found: list[str] = []
    for token, group in zip(outer, groups, strict=True):
        last = group[-1]
        if len(group) > 1:
            before = tokens.text[tokens.start[group[0]] : tokens.start[last]].lower()
            found.append(before + _lemma(tokens, last, stem_of))
        else:
            own = pack.lemmas.get(tokens.word[token].lower())
            found.append(own or _lemma(tokens, token, stem_of))
    return found


def _lemma(tokens: Tokens, token: int, stem_of: Callable[[str, str], str] | None) -> str:
    if stem_of is not None:
        return stem_of(tokens.word[token], tokens.pos[token])
    return (tokens.lemma[token] or tokens.word[token]).lower()


def _head(tokens: Tokens, token: int, kept: Container[int]) -> int:
    """The head of a token, or what is above it where that is white space."""
    head = tokens.head[token]
    while head not in kept and tokens.head[head] != head:
        head = tokens.head[head]
    return head


def _read_forms(tree: Tree, morphs: list[str], voice: Passive) -> None:
    """Voice, clitic and number of the words that are new in a tree, by their morphology."""
    first = len(tree.passive)
    passive = {morph: any(mark in morph for mark in voice.morph) for morph in set(morphs)}
    tree.passive.extend(
        passive[morph] and (not voice.prefixes or lower.startswith(voice.prefixes))
        for morph, lower in zip(morphs, tree.lower[first:], strict=True)
    )
    tree.clitic.extend(_clitic(morph) for morph in morphs)
    tree.plural.extend("Number=Plur" in morph for morph in morphs)


def _read_bounds(tree: Tree, base: int, opens: list[bool]) -> None:
    """Numbers the sentences of the words that are new in a tree, given which of them open one."""
    firsts = [base, *(base + at for at, new in enumerate(opens) if new and at)]
    bounds = list(pairwise((*firsts, base + len(opens))))
    for number, (first, end) in enumerate(bounds, len(tree.bounds)):
        tree.sentence.extend([number] * (end - first))
    tree.bounds.extend(bounds)


def _clitic(morph: str) -> str:
    return morph.partition("Clitic=")[2].partition("|")[0]


def _free_letters(tree: Tree, base: int) -> None:
    """Takes the stop of the sentence from a name of one letter: "they left X." has no initial."""
    for first, end in tree.bounds:
        last = end - 1
        if first >= base and _LETTER_WITH_STOP.match(tree.word[last]):
            tree.word[last] = tree.word[last][:-1]
            tree.lower[last] = tree.lemma[last] = tree.word[last].lower()
            tree.pos[last] = "PROPN"
            tree.end[last] -= 1
            if tree.role[last] == "punctuation":
                tree.role[last] = "object"


def _link_children(tree: Tree, base: int) -> None:
    for here in range(base, len(tree.word)):
        head = tree.head[here]
        if head != here:
            tree.children[head].append(here)


def hang(tree: Tree, token: int, head: int, role: str) -> None:
    """Hangs a token on another, or makes it a root where both are the same."""
    old = tree.head[token]
    if old != token:
        tree.children[old].remove(token)
    tree.head[token] = head
    tree.role[token] = role
    if head != token:
        siblings = tree.children[head]
        siblings.append(token)
        siblings.sort()


def _lower_prepositions(tree: Tree, base: int) -> None:
    """Makes nouns the heads of their prepositions; the innermost preposition first."""
    for here in range(base, len(tree.word)):  # "against artists and against writers"
        first = tree.head[here]
        if (
            tree.role[here] == "conjunct"
            and tree.pos[here] == "ADP"
            and tree.role[first] == "preposition"
            and tree.kids(here, "preposition_object", "preposition_clause")
        ):
            hang(tree, here, tree.head[first], "preposition")
    for here in range(len(tree.word) - 1, base - 1, -1):
        if tree.role[here] not in ("preposition", "agent", "recipient"):
            continue
        governed = tree.kids(here, "preposition_object", "preposition_clause", "oblique", "nominal")
        if not governed or tree.pos[here] not in ("ADP", "SCONJ", "VERB", "ADV", "PART", "ADJ"):
            if tree.role[here] == "preposition":
                tree.role[here] = "adverb"
            continue
        target = governed[0]
        head = tree.head[here]
        above = "" if head == here else tree.pos[head]
        if tree.role[target] == "preposition_clause":
            role = "adverbial_clause" if above not in ("NOUN", "PROPN") else "noun_clause"
            below = "marker"
        else:
            role = tree.role[here]
            if role == "preposition":
                role = "nominal" if above in ("NOUN", "PROPN", "PRON", "NUM") else "oblique"
            below = "case"
        if head == here:
            continue
        hang(tree, target, head, role)
        hang(tree, here, target, below)
        for extra in governed[1:]:
            hang(tree, extra, target, "nominal")
    _free_objects(tree, base)


def _free_objects(tree: Tree, base: int) -> None:
    """Makes the object of a verb what the parser hung on a preposition and then on the verb:
    "brushing aside the warnings"."""
    for here in range(base, len(tree.word)):
        head = tree.head[here]
        if tree.role[here] == "preposition_object" and tree.pos[head] in VERBAL and head < here:
            if not tree.kids(head, "object"):
                tree.role[here] = "object"


def _read_cases(tree: Tree, base: int) -> None:
    for here in range(base, len(tree.word)):
        if tree.role[here] == "case":
            head = tree.head[here]
            if here < head:
                words = [tree.lower[i] for i in (here, *tree.kids(here, "flat", "case"))]
                tree.case[head] = " ".join([*filter(None, [tree.case[head]]), *words])
    for here in range(base, len(tree.word)):
        if tree.role[here] == "conjunct" and not tree.case[here]:
            tree.case[here] = tree.case[tree.head[here]]


def _find_passives(tree: Tree, base: int, tags: frozenset[str], perfect: frozenset[str]) -> None:
    """Participles are passive after a passive auxiliary, or below a noun without an object."""
    for here in range(base, len(tree.word)):
        if tree.tag[here] not in tags or tree.pos[here] not in ("VERB", "ADJ"):
            continue
        if tree.kids(here, "passive_auxiliary"):
            tree.passive[here] = True
            continue
        helpers = tree.kids(here, "auxiliary")
        if any(tree.lemma[kid] in perfect for kid in helpers):
            continue
        if tree.role[here] in ("noun_clause", "adverbial_clause", "open_complement"):
            tree.passive[here] = not tree.kids(here, "object", "subject")
        elif tree.role[here] == "conjunct" and not helpers:
            tree.passive[here] = tree.passive[tree.head[here]] and not tree.kids(here, "object")
