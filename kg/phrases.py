"""The noun phrases of one article: their edges, the names in them, the nouns they may go by."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from kg.bodies import says_kind
from kg.languages import EXACTLY
from kg.names import Name, Names
from kg.records import Entity
from kg.syntax import Tree
from kg.vocabulary import is_a

LONGEST_PHRASE = 8
"""Words; a longer phrase loses prepositional phrases from its end."""

_PHRASE_END = ("nominal", "oblique")
_FAR_APPOSITION = 8  # words between a name and what is said beside it


@dataclass(slots=True, eq=False)
class Phrases:
    """What can be asked of the phrases of one article: ``found`` are its names in text order."""

    tree: Tree
    names: Names
    found: list[Name]
    _name_at: dict[int, Name] = field(default_factory=dict)
    _firsts: list[int] = field(init=False)
    _edges: dict[int, tuple[int, int]] = field(default_factory=dict)
    _titles: dict[str, set[str]] | None = None
    _beside: dict[str, set[str]] | None = None

    def __post_init__(self) -> None:
        self._firsts = [name.first for name in self.found]
        for name in self.found:
            for token in range(name.first, name.end):
                self._name_at[token] = name

    def name_at(self, token: int) -> Name | None:
        """The name that a token is part of."""
        return self._name_at.get(token)

    def names_in(self, first: int, last: int) -> list[Name]:
        """The names that lie wholly between two tokens, both included, in text order."""
        begin = bisect_left(self._firsts, first)
        end = bisect_right(self._firsts, last)
        return [name for name in self.found[begin:end] if name.end - 1 <= last]

    def edges(self, token: int) -> tuple[int, int]:
        """First and last token of the noun phrase of a head, as `kg.syntax.Tree.phrase` has it."""
        if token not in self._edges:
            self._edges[token] = self.tree.phrase(token)
        return self._edges[token]

    def head_of(self, name: Name) -> int:
        """The token by which a name hangs in the sentence."""
        for token in range(name.end - 1, name.first - 1, -1):
            if not name.first <= self.tree.head[token] < name.end:
                return token
        return name.end - 1

    def is_subject(self, token: int) -> bool:
        """Does a noun do what its clause says, by itself or as part of a name or a list?"""
        tree = self.tree
        while (
            tree.role[token] in ("conjunct", "flat", "compound", "apposition")
            and tree.head[token] != token
        ):
            token = tree.head[token]
        return tree.role[token] in ("subject", "agent")

    def short(self, token: int) -> tuple[int, int]:
        """First and last token of the phrase of a head, without what belongs to the verb
        and the last prepositional phrases of a long one."""
        tree = self.tree
        first, last = self.edges(token)
        for kid in tree.kids(token, *_PHRASE_END, "adverb"):
            adverbial = tree.case[kid] in self.names.pack.words.adverbial_prepositions
            if token < kid <= last and (adverbial or self._is_time(kid)):
                last = max(token, min(tree.subtree(kid)) - 1)
        last = self._end_of_definite(token, last)
        if self.names.pack.pipeline.article and self._is_company(token) and self.is_defined(token):
            for kid in tree.kids(token, *_PHRASE_END):
                if token < kid <= last and tree.case[kid] in self.names.pack.words.accused_of:
                    last = max(token, min(tree.subtree(kid)) - 1)  # "accused the company of fraud"
        while last - first + 1 > LONGEST_PHRASE:
            cut = [
                kid
                for kid in tree.children[token]
                if token < kid <= last and tree.case[kid] and tree.role[kid] in _PHRASE_END
            ]
            if not cut:
                break
            before = min(tree.subtree(cut[-1])) - 1
            if before >= last or before < token:
                break
            last = before
        return first, last

    def _is_time(self, token: int) -> bool:
        """Does a phrase behind a noun tell when: "a statement on Monday", "work the same day"?"""
        tree, pack = self.tree, self.names.pack
        timed = tree.entity[token] in pack.pipeline.times or tree.lemma[token] in pack.words.times
        led = tree.case[token] or tree.role[token] == "adverb"
        return bool(timed and led) and tree.case[token] not in pack.words.quantifying_preposition

    def content(self, first: int, last: int) -> list[int]:
        """The tokens of a phrase without determiners and quantifiers at its edges."""
        tree, words = self.tree, self.names.pack.words
        light = words.determiners | words.definite
        while first < last and (
            tree.lower[first] in light
            or tree.pos[first] in ("DET", "NUM", "PUNCT")
            or tree.role[first] in ("numeral", "determiner")
        ):
            first += 1
        while last > first and (tree.lower[last] in light or tree.pos[last] in ("DET", "PUNCT")):
            last -= 1
        if tree.lower[first] in light:
            return []
        return list(range(first, last + 1))

    def is_defined(self, token: int) -> bool:
        """Does an article or a demonstrative say that a known thing is meant?"""
        tree, definite = self.tree, self.names.pack.words.definite
        if any(tree.lower[kid] in definite for kid in tree.children[token]):
            return True
        same = self.names.pack.words.same  # "perusahaan yang sama"
        if any(tree.lower[kid] in same for kid in tree.kids(token, "relative_clause")):
            return True
        last = self.edges(token)[1]  # "perusahaan asal Roma itu": names are definite by themselves
        named = tree.pos[tree.head[last]] == "PROPN" and tree.head[last] > token
        return named and tree.role[last] == "determiner" and tree.lower[last] in definite

    def _end_of_definite(self, token: int, last: int) -> int:
        """Where a definite phrase ends: at the demonstrative that closes it ("penyanyi itu, salah
        satu …"), before what a comma sets off ("the singer, one of …")."""
        tree, definite = self.tree, self.names.pack.words.definite
        if not self.names.pack.pipeline.article:
            closing = [
                kid
                for kid in tree.kids(token, "determiner")
                if token < kid <= last and tree.lower[kid] in definite
            ]
            return closing[0] if closing else last
        set_off = token + 1 < last and tree.word[token + 1] == "," and self.is_defined(token)
        return token if set_off else last

    def _is_company(self, token: int) -> bool:
        """Is a noun a word for companies, and none for what they make or have?"""
        lemma = self.tree.lemma[token]
        described = self.names.descriptions.get(lemma, ())
        made = lemma in self.names.maker_nouns or lemma in self.names.role_nouns
        return bool(described) and not made and all(d.types == ("Company",) for d in described)

    def is_personal(self, token: int) -> bool:
        """Does a noun describe nobody but persons?"""
        described = self.names.descriptions.get(self.tree.lemma[token], ())
        return bool(described) and all(d.types == ("Person",) for d in described)

    def described_system(self, token: int) -> str:
        """The type of the single system that a phrase describes without a name, "" where it does
        none: "an algorithm", "the tool", "sistem itu"."""
        tree, names = self.tree, self.names
        if tree.plural[token] or tree.pos[token] != "NOUN" or self.name_at(token) is not None:
            return ""
        after = " ".join(tree.lower[token : token + 2])
        told = names.compounds.get(after) or names.descriptions.get(tree.lemma[token], ())
        kinds = [kind for d in told for kind in d.types]
        if "AISystem" not in kinds:
            return ""
        part = "possessive" if names.pack.pipeline.article else "relative_clause"
        new = any(tree.lower[kid] in names.pack.words.single for kid in tree.children[token])
        one = new or self.is_defined(token) or bool(tree.kids(token, part))
        return kinds[0].removeprefix(EXACTLY) if one else ""

    def may_name(self, lemma: str, entity: Entity) -> bool:
        """Can a noun with this lemma stand beside the name of an entity, and mean it?"""
        known = self.names.head_types.get(lemma)
        kinds = [
            kind.removeprefix(EXACTLY)
            for d in self.names.descriptions.get(lemma, ())
            for kind in d.types
        ]
        kinds += [known] if known is not None else []
        kinds += ["Person"] if lemma in self.names.role_nouns else []
        return not kinds or any(
            is_a(entity.type, kind) or (is_a(entity.type, "Actor") and is_a(kind, "Actor"))
            for kind in kinds
        )

    def says(self, entity: Entity, token: int) -> bool:
        """Is a noun a word of the name of an entity, for a definite one in the language of the
        name: "lembaga itu" after "Netherlands Institute for Human Rights"?"""
        noun = self.tree.lemma[token]
        labels = (entity.label, *(label for _, label in entity.labels))
        if any(noun in label.lower().split() for label in labels):
            return True
        if not is_a(entity.type, "Organization") or not self.is_defined(token):
            return False
        return any(says_kind(label, noun, self.names.pack.code) for label in labels)

    def is_told(self, entity: Entity, noun: str) -> bool:
        """Has the article called an entity so right beside its name: "Runway, the video start-up",
        "kantor berita Antara"?"""
        return noun in self._told().get(entity.slug, ())

    def _told(self) -> dict[str, set[str]]:
        if self._beside is None:
            tree = self.tree
            self._beside = {}
            for name in self.found:
                head = self.head_of(name)
                beside = [
                    kid
                    for kid in tree.kids(head, "apposition")
                    if not tree.plural[kid] and kid - name.end < _FAR_APPOSITION
                ]
                above = tree.head[head]
                if tree.role[head] == "apposition" and 0 <= name.first - above <= _FAR_APPOSITION:
                    beside.append(above)
                beside += [kid for kid in tree.kids(head, "compound") if kid < name.first]
                nouns = {tree.lemma[i] for i in beside if self.name_at(i) is None}
                self._beside.setdefault(name.entity.slug, set()).update(nouns)
        return self._beside

    def is_called(self, person: Entity, noun: str) -> bool:
        """Has the article said that a person is one: "Judge Stein", "Stein, a judge"?"""
        return noun in self.titles_of(person)

    def titles_of(self, person: Entity) -> set[str]:
        """The lemmas of the words beside the names of somebody, titles and roles among them."""
        if self._titles is None:
            tree = self.tree
            self._titles = {}
            for name in self.found:
                head = self.head_of(name)
                beside = tree.kids(head, "compound", "apposition", "adjective", "nominal", "flat")
                beside += [tree.head[head], name.first - 1]
                titles = self._titles.setdefault(name.entity.slug, set())
                before = name.first - 1  # "hakim Mahkamah Agung Alexandre de Moraes"
                while before > 0 and (self.name_at(before) or tree.pos[before] == "PROPN"):
                    before -= 1
                if name.first - before <= LONGEST_PHRASE:
                    beside.append(before)
                titles |= {tree.lemma[i] for i in beside if i >= 0}
        return self._titles.get(person.slug, set())
