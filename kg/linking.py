"""From words to entities: names of the registry, named entities, terms, what is minted from words.

What pronouns and descriptions stand for is found in `kg.pronouns` and `kg.descriptions`. Precision
first: what cannot be resolved is None, and makes no statement.
"""

from collections.abc import Set
from dataclasses import dataclass, field, replace

from kg.bodies import body_of, registered_body
from kg.clauses import Clauses
from kg.coreference import Coreference, Sides
from kg.descriptions import described, several
from kg.languages import EXACTLY, type_fits
from kg.methods import linked
from kg.names import Name, Names, mint, tidy_label
from kg.phrases import Phrases
from kg.pronouns import antecedent, clitic_antecedent, coordinated
from kg.recognition import find_names
from kg.records import Argument, Entity
from kg.syntax import NOMINAL, VERBAL, Tree
from kg.vocabulary import is_a

_FAR_APPOSITION = 12  # words between a name and what is said behind it
_LONGEST_RELATIVE = 10  # words of "those who …"
_FAR_CLAUSE = 4  # words between a noun and the clause that restricts it
_LONGEST_CLAUSE = 12
_SINGLE_THINGS = ("Document", "Event")
_PEOPLE = ("Person", "Group")
_OF_SYSTEMS = ("AISystem", "Platform", "Concept", "Work")  # types of terms for systems
_SMALL = ("ADP", "DET", "CCONJ")  # words of a name without a capital

_SEVERAL = 2  # names behind a noun that is not marked as a plural
_NEAR_LIST = 8  # words between a plural and the word that leads to its names


def _is_apt(name: Name) -> bool:
    """Can a name be one of several that act or are acted on?"""
    return any(is_a(name.entity.type, kind) for kind in ("Actor", "AISystem", "Platform"))


@dataclass(slots=True, eq=False)
class Linker:
    """Resolves the tokens of one article to entities.

    ``scope`` names the dispute or the article: what a text only calls "the lawsuit" or "that
    decision" is a thing of its own there, not the lawsuit of another article.
    """

    clauses: Clauses
    names: Names
    scope: str
    phrases: Phrases = field(init=False)
    reference: Coreference = field(init=False)
    tree: Tree = field(init=False)
    _links: dict[int, Argument | None] = field(default_factory=dict)
    _all: dict[int, list[Argument]] = field(default_factory=dict)

    @property
    def found(self) -> list[Name]:
        """The names of the article, in text order."""
        return self.phrases.found

    def __post_init__(self) -> None:
        self.tree = self.clauses.tree
        self.phrases = Phrases(self.tree, self.names, find_names(self.tree, self.names))
        self.settle({})

    def settle(self, parties: Sides) -> None:
        """Tells who stands on which side of a relation, so that "the plaintiffs" are who sued.

        What was linked before is linked anew.
        """
        self._links, self._all = {}, {}
        self.reference = Coreference(
            self.clauses, self.phrases, self.link, self.link_all, dict(parties)
        )
        self.reference.mentions()  # in text order, before anything refers back
        self._all = {}

    def name_at(self, token: int) -> Name | None:
        """The name that a token is part of."""
        return self.phrases.name_at(token)

    def names_in(self, first: int, last: int) -> list[Name]:
        """The names that lie wholly between two tokens, both included, in text order."""
        return self.phrases.names_in(first, last)

    def clitic_antecedent(self, verb: int, kind: str = "") -> Entity | None:
        """Whom the clitic of a verb or a noun means: "menuduhnya", "pendirinya"."""
        return clitic_antecedent(self.reference, verb, kind)

    def main_of(self, token: int, kind: str, avoid: Set[str] = frozenset()) -> Entity | None:
        """The entity of a type that the article has named most often before a token."""
        return self.reference.main_of(token, kind, avoid)

    def last_of(self, token: int, kind: str, avoid: Set[str] = frozenset()) -> Entity | None:
        """The entity of a type that was named last before a token, in the article."""
        return self.reference.last_of(token, kind, avoid)

    def link(self, token: int) -> Argument | None:
        """The entity that the noun phrase of a head stands for, or None where that is not clear."""
        if token not in self._links:
            self._links[token] = None  # a circle of pronouns ends here
            self._links[token] = self._find(token)
        return self._links[token]

    def link_all(self, token: int) -> list[Argument]:
        """What a head stands for, several things where a plural description does: "the companies",
        "keduanya"."""
        if token not in self._all:
            self._all[token] = self._find_all(token)
        return self._all[token]

    def _find_all(self, token: int) -> list[Argument]:
        members = several(self.reference, token)
        if members:
            return members
        one = self.link(token)
        if one is None:
            return []
        joined = coordinated(self.reference, token)
        if joined:
            return [replace(one, entity=entity) for entity in joined]
        return [one, *self._further_names(token, one), *self._examples(token)]

    def speakers(self, token: int) -> list[Argument | None]:
        """Who speaks where a head is said to: for a lawsuit those who sue, where they are known."""
        side = self.names.documents.get(self.tree.lemma[token])
        found = self.reference.parties.get(side, ()) if side is not None else ()
        span = self.tree.span(token, token)
        return [linked(one, span, "byParty") for one in found] or [self.link(token)]

    def _further_names(self, token: int, one: Argument) -> list[Argument]:
        """The other names of an apposition: "two engineers, David Baker and Vinesh Kannan"."""
        if self.name_at(token) is not None:
            return []
        further: list[Argument] = []
        first, last = self.phrases.edges(token)
        heads = [self.phrases.head_of(name) for name in self.names_in(first, last)]
        for kid in (*self.tree.kids(token, "apposition"), *heads):
            name = self.name_at(kid)
            if name is None or name.entity.slug != one.entity.slug or further:
                continue
            for other in self.tree.conjuncts(kid):
                named = self.name_at(other)
                if named is not None and named.entity.slug != one.entity.slug:
                    further.append(self.named(named))
        return further

    def _examples(self, token: int) -> list[Argument]:
        """The names that a plural is said to include: "groups such as Noyb and Foxglove"."""
        tree, words = self.tree, self.names.pack.words
        if not words.examples or tree.pos[token] not in NOMINAL:
            return []
        several = tree.plural[token] or self._counts(token)
        hosts = [token]
        if tree.lemma[tree.head[token]] in words.quantifying_nouns:
            hosts.append(tree.head[token])
        found: list[Argument] = []
        for host in hosts:
            for kid in tree.kids(host, "nominal", "noun_clause", "relative_clause"):
                for first in [i for i in (kid, *tree.kids(kid, "case")[:1]) if self._leads(i)]:
                    heads = [kid] if first != kid else tree.kids(kid, "object", "agent", "nominal")
                    members = [one for head in heads for one in tree.conjuncts(head)]
                    names = [name for one in members if (name := self.name_at(one))]
                    if not several and len(names) < _SEVERAL:
                        continue
                    found += [self.named(name) for name in names if _is_apt(name)]
        if not found and several:
            found = [self.named(name) for name in self._listed_behind(token) if _is_apt(name)]
        return found

    def _listed_behind(self, token: int) -> list[Name]:
        """The names that a word leads behind a plural, whatever the parser makes of the list:
        "17 authors, among them the novelist Jodi Picoult and John Grisham"."""
        tree = self.tree
        end = tree.bounds[tree.sentence[token]][1]
        here = next(
            (i for i in range(token + 1, min(end, token + _NEAR_LIST)) if self._leads(i)), 0
        )
        between = range(token + 1, here)
        if not here or any(
            tree.pos[i] in VERBAL or (tree.plural[i] and self.name_at(i) is None) for i in between
        ):
            return []
        here += 1 if tree.lower[here] in self.names.pack.words.examples else 2
        found: list[Name] = []
        while here < end:
            name = self.name_at(here)
            if name is not None and name.first == here:
                found.append(name)
                here = name.end
            elif tree.word[here] == "," or tree.role[here] in ("coordinator", "determiner"):
                here += 1
            elif tree.pos[here] in (*NOMINAL, "ADJ") and not tree.case[here]:
                here += 1  # "the novelist"
            else:
                break
        return found

    def _leads(self, token: int) -> bool:
        """Does a word, or it with its neighbour, lead examples?"""
        lower, examples = self.tree.lower, self.names.pack.words.examples
        pairs = (f"{lower[token - 1]} {lower[token]}", " ".join(lower[token : token + 2]))
        return lower[token] in examples or any(pair in examples for pair in pairs)

    def _counts(self, token: int) -> bool:
        """Is a noun counted, or the name of a group?"""
        group = self.names.head_types.get(self.tree.lemma[token]) == "Group"
        return group or bool(self.tree.kids(token, "numeral"))

    def _find(self, token: int) -> Argument | None:
        tree, names = self.tree, self.names
        lower = tree.lower[token]
        name = self.name_at(token)
        timed = tree.entity[token] and tree.entity[token] in names.pack.pipeline.times
        if timed and name is None:
            return None
        if (
            lower in names.pack.words.sources
            or lower in names.pack.words.times
            or tree.lemma[token] in names.pack.words.times
        ):
            return None
        if tree.clitic[token] in ("Obj", "Agt") and tree.pos[token] in ("VERB", "AUX"):
            entity = self.clitic_antecedent(token)
            return linked(entity, tree.span(token, token), "byPronoun") if entity else None
        pronoun = names.pronouns.get(lower)
        if pronoun is not None and tree.pos[token] in ("PRON", "DET", "NOUN"):
            entity = antecedent(self.reference, token, pronoun)
            return linked(entity, tree.span(token, token), "byPronoun") if entity else None
        if lower in names.pack.words.relativizers:
            before = self._relative_antecedent(token)
            return self.link(before) if before is not None else None
        if name is not None:
            return self.named(name)
        if lower in names.pack.words.definite and tree.plural[token]:
            return self._those_who(token)
        if lower in names.pack.words.vague or tree.pos[token] in (
            "PRON",
            "PUNCT",
            "ADP",
            "ADV",
            "SCONJ",
            "CCONJ",
            "AUX",
            "PART",
            "SYM",
        ):
            return None
        if tree.pos[token] == "NUM" or not any(c.isalpha() for c in tree.word[token]):
            return None
        counted = self._counted(token)
        if counted is not None:
            return self.link(counted)
        first, last = self.phrases.short(token)
        maker = self._maker(token, first, last)
        if maker is not None:
            return linked(maker, tree.span(first, last), "byMaker")
        named = self._name_beside(token, first, last)
        if named is not None:
            span = tree.span(min(first, named.first), max(last, named.end - 1))
            return linked(named.entity, span, "byApposition", factor=named.factor)
        renamed = self._renamed(token)
        if renamed is not None:
            return linked(renamed, tree.span(first, last), "byApposition")
        content = self.phrases.content(first, last)
        if not content:
            return None
        meant = described(self.reference, token, content)
        if meant is not None:
            return linked(meant, tree.span(first, last), "byDescription")
        slug = self._term(content)
        if slug is not None and self._is_single(token, content, slug):
            slug = None
        system = self._system(token, content, slug)
        if system is not None:
            return linked(system, tree.span(first, last), "byWords")
        apart = self._group_set_apart(token, first, slug)
        if apart is not None:
            return apart
        if slug is not None:
            term = self._instance(names.registry.entities[slug])
            return linked(term, tree.span(first, last), "byTerm")
        longer = self._longer_term(token, content)
        if longer is not None:
            return longer
        institution = self._institution(token, content)
        if institution is not None:
            return linked(institution, tree.span(first, last), "byTranslation")
        entity = self._mint(token, content)
        if len(content) == 1 and (
            tree.lemma[token] in names.descriptions
            or (entity.type == "Concept" and self.phrases.is_defined(token))
        ):  # "a company", "the decision": one of its own here, not that of another article
            entity = replace(entity, slug=f"{entity.slug}--{self.scope}")
        return linked(entity, tree.span(first, last), "byWords")

    def _counted(self, token: int) -> int | None:
        """What a quantity is of, where it is the head of the phrase: "hundreds of nurses"."""
        tree, words = self.tree, self.names.pack.words
        quantity = tree.lemma[token] in words.quantifying_nouns and tree.entity[token]
        if not quantity or tree.entity[token] not in self.names.pack.pipeline.amounts:
            return None
        counted = [
            kid
            for kid in tree.kids(token, "nominal")
            if tree.case[kid] in words.quantifying_preposition and tree.plural[kid]
        ]
        return counted[0] if counted else None

    def named(self, name: Name) -> Argument:
        """What a name stands for."""
        span = self.tree.span(name.first, name.end - 1)
        return linked(name.entity, span, name.method, factor=name.factor)

    def _instance(self, entity: Entity) -> Entity:
        """Documents and events are single things: a text means its own lawsuit, not lawsuits."""
        if entity.type not in _SINGLE_THINGS:
            return entity
        return replace(entity, slug=f"{entity.slug}--{self.scope}", known=False)

    def phrase_argument(self, first: int, last: int) -> Argument:
        """A stretch of text as a concept of its own: a clause that somebody demands or promises."""
        tree = self.tree
        while last > first and tree.role[last] == "punctuation":
            last -= 1
        label = tidy_label(tree.text(first, last))
        entity = mint("Concept", label, self.names.pack.code)
        entity = replace(entity, mentions=self._inside(first, last, entity.slug))
        return linked(entity, tree.span(first, last), "byWords")

    def _group_set_apart(self, token: int, first: int, slug: str | None) -> Argument | None:
        """A counted group that a clause tells from others: "the 16 artists who signed".

        It is a group of its own, narrower than the one that its noun names, and of this dispute.
        """
        tree, names = self.tree, self.names
        if slug is None or not is_a(names.registry.entities[slug].type, "Group"):
            return None
        vague = names.pack.words.quantifying_nouns  # "puluhan": no count
        counts = [
            kid
            for kid in tree.kids(token, "numeral")
            if tree.pos[kid] == "NUM" and tree.lemma[kid] not in vague
        ]
        for clause in tree.kids(token, "relative_clause", "noun_clause") if counts else ():
            inside = tree.subtree(clause, frozenset({"conjunct", "coordinator"}))
            begin, end = inside[0], inside[-1]
            if begin <= token or begin - token > _FAR_CLAUSE or end - begin >= _LONGEST_CLAUSE:
                continue
            if any(tree.role[i] == "punctuation" for i in range(token + 1, begin)):
                continue
            while end > begin and tree.role[end] == "punctuation":
                end -= 1
            start = min(counts[0], token)
            label = tidy_label(tree.text(start, end))
            entity = mint("Group", label, names.pack.code)
            entity = replace(
                entity,
                slug=f"{entity.slug}--{self.scope}",
                broader=(names.registry.entities[slug],),
                mentions=self._inside(start, end, entity.slug),
            )
            return linked(entity, tree.span(min(first, start), end), "byWords")
        return None

    def _inside(self, first: int, last: int, slug: str) -> tuple[Entity, ...]:
        """The things that are named within a phrase, but for the phrase itself, sorted by slug."""
        found = {name.entity.slug: name.entity for name in self.names_in(first, last)}
        found.pop(slug, None)
        return tuple(found[slug] for slug in sorted(found))

    def _wider(self, token: int, content: list[int]) -> tuple[Entity, ...]:
        """The concept that a phrase is a kind of: the longest part of it around its head that is a
        term, as "content review" in "strict content review rules"."""
        at = content.index(token) if token in content else -1
        for length in range(len(content) - 1, 0, -1) if at >= 0 else ():
            for begin in range(max(0, at - length + 1), min(at, len(content) - length) + 1):
                slug = self._term(content[begin : begin + length])
                if slug is not None:
                    return (self.names.registry.entities[slug],)
        return ()

    def _term(self, content: list[int]) -> str | None:
        tree, terms = self.tree, self.names.terms
        by_lemma = " ".join(tree.lemma[i] for i in content)
        by_word = " ".join(tree.lower[i] for i in content)
        return terms.get(by_word) or terms.get(by_lemma)

    def in_term(self, token: int) -> bool:
        """Is a word but a part of a term with the noun that it hangs on: "buatan" in "kecerdasan
        buatan"?"""
        first, last = sorted((token, self.tree.head[token]))
        return first < last and self._term(list(range(first, last + 1))) is not None

    def _is_single(self, token: int, content: list[int], slug: str) -> bool:
        """Is it one of a kind, and not all of them: "the authority", not *the authorities*?"""
        tree, names = self.tree, self.names
        one = bool(names.pack.pipeline.article) and not tree.plural[token] and len(content) == 1
        described = tree.lemma[token] in names.descriptions and self.phrases.is_defined(token)
        return one and described and names.registry.entities[slug].type == "Group"

    def _goes_on_with_case(self, token: int, content: list[int]) -> bool:
        """Does nothing but what a preposition leads follow the head of a phrase?"""
        behind = token + 1
        return content[0] == token and behind in content and self.tree.pos[behind] == "ADP"

    def _system(self, token: int, content: list[int], slug: str | None) -> Entity | None:
        """The system of this dispute that a phrase describes without a name: "an algorithm", "the
        tool". It goes by the term for such systems, or by its type, in either language."""
        kind = self.phrases.described_system(token)
        if kind and slug is None and self._goes_on_with_case(token, content):
            content = [token]  # "sebuah algoritma kepada pasien"
            slug = self._term(content)
        if not kind or (slug is None and len(content) > 1):
            return None
        term = self.names.registry.entities[slug] if slug is not None else None
        if term is not None and term.type not in _OF_SYSTEMS:
            return None
        tree = self.tree
        label = tidy_label(tree.text(content[0], content[-1]))
        return Entity(
            slug=f"{slug or kind.lower()}--{self.scope}",
            type=kind,
            label=label,
            labels=term.labels if term else ((self.names.pack.code, label),),
            broader=(term,) if term else (),
        )

    def _longer_term(self, token: int, content: list[int]) -> Argument | None:
        """A term that goes on behind the phrase, where the parser has a clause: "kebebasan
        berbicara"."""
        tree, registry = self.tree, self.names.registry
        last = content[-1]
        if last + 1 >= len(tree) or tree.head[last + 1] != token:
            return None
        slug = self.names.terms.get(" ".join(tree.lower[i] for i in (*content, last + 1)))
        if slug is None:
            return None
        span = tree.span(content[0], last + 1)
        return linked(self._instance(registry.entities[slug]), span, "byTerm")

    def _name_beside(self, token: int, first: int, last: int) -> Name | None:
        """The name that a common noun introduces: "the company OpenAI", "CEO OpenAI Sam Altman"."""
        tree, names = self.tree, self.names
        lemma = tree.lemma[token]
        called = self._called(token)
        if called is not None:
            return called
        for kid in tree.kids(token, "apposition"):
            name = self.name_at(kid)
            apart = token < tree.head[token] < kid  # "the court has named two experts, X and Y"
            near = name is not None and kid - token <= _FAR_APPOSITION and not apart
            if name is not None and near and self.phrases.may_name(lemma, name.entity):
                return name
        if lemma in names.role_nouns:
            for name in self.names_in(first, last):
                if is_a(name.entity.type, "Person") and not tree.case[name.end - 1]:
                    return name
        if names.pack.words.noun_head == "first":
            person = self._person_behind(token, last)
            if person is not None:
                return person
        compound = names.compounds.get(" ".join(tree.lower[token : token + 2]), ())
        beside = self.name_at(token + 1) if names.pack.pipeline.article else None
        if lemma in names.descriptions and last == token and beside is not None:
            here = beside.first == token + 1 and tree.sentence[token + 1] == tree.sentence[token]
            one = here and not tree.plural[token]
            if one and self.phrases.may_name(lemma, beside.entity):
                return beside  # "the music service Tunely", whatever Tunely hangs on
        if lemma in names.descriptions or compound:
            for name in self.names_in(token + 1, last):
                before = tree.lower[name.first - 1]
                term = f"{tree.lower[name.first - 2]} {before}" in names.terms
                owned = before in names.possessing and not term  # "kecerdasan buatan X"
                if not owned and not any(tree.case[i] for i in range(token + 1, name.end)):
                    apt = is_a(name.entity.type, "Person") or not self.phrases.is_personal(token)
                    if compound:  # "kantor berita Reuters"
                        kinds = [kind for d in compound for kind in d.types]
                        apt = any(type_fits(name.entity.type, kind) for kind in kinds)
                    if apt and self.phrases.may_name(lemma, name.entity):
                        return name  # but "the Labour senator" is not the party
        return None

    def _person_behind(self, token: int, last: int) -> Name | None:
        """The person named behind a word for such people: "pengisi suara Linnea Sage"."""
        if self.tree.plural[token] or self.tree.kids(token, "determiner"):
            return None  # "para pendukung Gebru" are others
        for name in self.names_in(token + 1, last):
            slug = self._term(list(range(token, name.first)))
            group = slug is not None and self.names.registry.entities[slug].type == "Group"
            cased = any(self.tree.case[i] for i in range(token + 1, name.end))
            return name if group and not cased and is_a(name.entity.type, "Person") else None
        return None

    def _called(self, token: int) -> Name | None:
        """The name behind a word of naming that hangs on a noun: "a band called X"."""
        tree, naming = self.tree, self.names.pack.words.naming
        inside = tree.subtree(token) if naming and tree.pos[token] == "NOUN" else []
        for name in self.names_in(token + 1, inside[-1]) if inside else []:
            lead = tree.lower[max(token + 1, name.first - 2) : name.first]
            if " ".join(lead) in naming or (lead and lead[-1] in naming):
                verb = name.first - 1  # the clause or phrase of naming is the noun's own
                while verb not in (token, tree.head[verb]):
                    verb = tree.head[verb]
                return (
                    name
                    if verb == token and self.phrases.may_name(tree.lemma[token], name.entity)
                    else None
                )
        return None

    def _renamed(self, token: int) -> Entity | None:
        """Whom a phrase set off behind a name says more about: in "Luka, a firm that makes …" and
        "Wiener, the senator who wrote the bill", the firm is Luka and the senator is Wiener.

        A noun that may name the thing needs no more; any other must have a determiner or an owner,
        behind a comma.
        """
        tree, names = self.tree, self.names
        head, lemma = tree.head[token], tree.lemma[token]
        name = self.name_at(head) if tree.role[token] == "apposition" else None
        if name is None or not name.end <= token <= head + _FAR_APPOSITION:
            return None
        if tree.plural[token] or tree.kids(token, "conjunct") or tree.role[name.end] == "conjunct":
            return None
        if lemma in names.descriptions or lemma in names.role_nouns:
            personal = self.phrases.is_personal(token) or lemma not in names.descriptions
            apt = is_a(name.entity.type, "Person") == personal
            return name.entity if apt and self.phrases.may_name(lemma, name.entity) else None
        determined = any(
            tree.lower[kid] in names.pack.words.determiners or tree.role[kid] == "possessive"
            for kid in tree.children[token]
        )
        return name.entity if determined and tree.word[name.end] == "," else None

    def _those_who(self, token: int) -> Argument | None:
        """ "Those who report crimes": nobody by name, but said in full."""
        tree = self.tree
        clauses = tree.kids(token, "relative_clause")
        if not clauses:
            return None
        last = max(tree.subtree(clauses[0], frozenset({"conjunct", "coordinator", "punctuation"})))
        if last < token or last - token > _LONGEST_RELATIVE:
            return None
        span = tree.span(token, last)
        entity = mint("Group", " ".join(span.text.split()), self.names.pack.code)
        return linked(entity, span, "byWords")

    def _relative_antecedent(self, token: int) -> int | None:
        """The noun whose relative clause a relative pronoun stands in."""
        tree = self.tree
        for _ in range(8):
            if tree.role[token] == "relative_clause" and tree.pos[tree.head[token]] in (
                "NOUN",
                "PROPN",
            ):
                return tree.head[token]
            if tree.head[token] == token:
                break
            token = tree.head[token]
        return None

    def _maker(self, token: int, first: int, last: int) -> Entity | None:
        """ "The developer of ChatGPT" is the known developer of the system named in the phrase."""
        if self.tree.lemma[token] not in self.names.maker_nouns:
            return None
        for name in self.names_in(first, last):
            maker = self.names.registry.developers.get(name.entity.slug)
            if maker is not None:
                return self.names.registry.entities[maker]
        for kid in self.tree.kids(token, "nominal", "possessive"):  # "the maker of the chatbot"
            made = self.link(kid) if first <= kid <= last else None
            maker = self.names.registry.developers.get(made.entity.slug) if made else None
            if maker is not None:
                return self.names.registry.entities[maker]
        return None

    def _institution(self, token: int, content: list[int]) -> Entity | None:
        """The institution of the registry that a name which the pipeline does not see says."""
        if not self._is_proper(token, content):
            return None
        tree, names = self.tree, self.names
        label = tidy_label(tree.text(content[0], content[-1]))
        body = body_of(label, names.pack.code)
        known = registered_body(body) if body is not None else ""
        return names.registry.entities[known] if known else None

    def _is_proper(self, token: int, content: list[int]) -> bool:
        """Is a phrase written as a name: a capital for every word but the small ones, and not only
        because a sentence begins with it?"""
        tree = self.tree
        begins = tree.bounds[tree.sentence[token]][0] == content[0]
        capital = all(
            tree.word[i][:1].isupper() or not tree.word[i].isalpha() or tree.pos[i] in _SMALL
            for i in content
        )
        alone = len(content) == 1 and begins and not tree.word[token].isupper()
        return capital and tree.pos[token] in ("PROPN", "X") and not alone

    def _mint(self, token: int, content: list[int]) -> Entity:
        tree, names = self.tree, self.names
        kind = names.head_types.get(tree.lemma[token], "")
        one = tree.lemma[token] in names.role_nouns or tree.lemma[token] in names.descriptions
        if one and names.pack.pipeline.article and not tree.plural[token] and kind == "Group":
            kind = ""  # "a spokesperson", "the authority": one, not many
        if not kind and tree.lemma[token] in names.descriptions:
            kind = names.descriptions[tree.lemma[token]][0].types[0].removeprefix(EXACTLY)
        if not kind and tree.lemma[token] in names.role_nouns:
            kind = "Group" if tree.plural[token] else "Person"
        if not kind and tree.lemma[token] in names.pack.words.people:
            kind = "Group" if tree.plural[token] else "Person"
        label = tidy_label(tree.text(content[0], content[-1]))
        if not kind and tree.pos[token] == "PROPN" and label[:1].isupper():
            kind = self._kind_of_fellow(token) or self._kind_of_speaker(token, content)
            if kind:
                return mint(kind, label, names.pack.code, name=True)
        if self._is_proper(token, content):
            body = body_of(label, names.pack.code)
            if body is not None and not (kind and is_a(kind, "Organization")):
                kind = body.type
            if not kind or body is not None:
                return mint(kind or "Concept", label, names.pack.code, name=True)
        entity = mint(kind or "Concept", label or tree.word[token], names.pack.code)
        return replace(
            entity,
            broader=self._wider(token, content),
            mentions=self._inside(content[0], content[-1], entity.slug),
        )

    def _kind_of_speaker(self, token: int, content: list[int]) -> str:
        """The type of an unknown name of two or three words that speaks, or ""."""
        tree = self.tree
        verb = tree.head[token]
        named = all(tree.pos[i] == "PROPN" and tree.word[i].istitle() for i in content)
        if not named or len(content) > 3 or tree.kids(token, "determiner"):
            return ""
        if len(content) == 1:  # "Facewise, which supplies the software, put the errors down to …"
            acts = tree.role[token] == "subject" and tree.pos[verb] == "VERB"
            return "Organization" if acts and not tree.passive[verb] else ""
        effects = self.clauses.cues.effects("verb", tree, verb)
        speaks = tree.role[token] == "subject" and any(effect.attributed for effect in effects)
        return "Person" if speaks else ""

    def _kind_of_fellow(self, token: int) -> str:
        """The type of the named actor that an unknown name is coordinated with, or ""."""
        tree = self.tree
        top = token
        while tree.role[top] == "conjunct" and tree.head[top] != top:
            top = tree.head[top]
        for fellow in tree.conjuncts(top):
            name = self.name_at(fellow)
            if name is not None and is_a(name.entity.type, "Actor"):
                return name.entity.type
        return ""

    def can_act(self, argument: Argument, types: tuple[str, ...]) -> bool:
        """Can it be who acts, where actors of some types do: a country or a city can, too?"""
        place = argument.entity.type == "Place" and argument.entity.known
        return (place and ("Actor" in types or "Organization" in types)) or self.fits(
            argument, types
        )

    def fits(self, argument: Argument, types: tuple[str, ...]) -> bool:
        """Is the entity of one of the types? Titles count too: a judge as a court."""
        if not types or any(type_fits(argument.entity.type, kind) for kind in types):
            return True
        entity = argument.entity
        if is_a(entity.type, "Place"):
            return False
        if entity.labels and not entity.known and entity.type in _PEOPLE:
            if any(kind in types for kind in _PEOPLE):
                return True  # "komponis": one or many, the noun alone does not tell
        return any(
            (entity.slug == self.names.terms.get(noun) or self.phrases.is_called(entity, noun))
            and any(type_fits(kind, wanted) for wanted in types)
            for noun, kind in self.names.titles.items()
        )
