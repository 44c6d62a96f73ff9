"""From words to entities: names of the registry, named entities, terms, descriptions, pronouns.

Precision first: what cannot be resolved is None, and makes no statement.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field, replace

from kg.clauses import Clauses
from kg.languages import EXACTLY, Description, Pronoun, type_fits
from kg.names import Name, Names, find_names, mint
from kg.records import Argument, Entity
from kg.syntax import Tree
from kg.vocabulary import is_a

_ANYBODY = ("Person", "Organization")
_LONGEST_PHRASE = 8  # words; a longer phrase loses prepositional phrases from its end
_SEVERAL_MEMORY = 8  # sentences back in which the members of "both companies" are looked for
_MEMORY = 4  # sentences back in which the antecedent of a pronoun is looked for
_DESCRIPTION_MEMORY = 12
_SAYS_SO = 2.0  # a description that is part of the name: "the commission"
_UNKNOWN_KIND = 1.5
_PHRASE_END = ("nominal", "oblique")
_SINGLE_THINGS = ("Document", "Event")
_INSIDE = ("compound", "adjective", "flat")


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where an entity is spoken of: the head token, and whether it is the subject of its
    clause and stands for several."""

    token: int
    entity: Entity
    subject: bool
    plural: bool


@dataclass(slots=True, eq=False)
class Linker:
    """Resolves the tokens of one article to entities.

    ``scope`` names the dispute or the article: what a text only calls "the lawsuit" or "that
    decision" is a thing of its own there, not the lawsuit of another article.
    """

    clauses: Clauses
    names: Names
    scope: str
    found: list[Name] = field(default_factory=list)
    _name_at: dict[int, Name] = field(default_factory=dict)
    _mentions: list[Mention] | None = None
    _antecedents: dict[int, int] = field(default_factory=dict)
    _titles: dict[str, set[str]] | None = None
    _parties: dict[tuple[str, str], tuple[Entity, ...]] = field(default_factory=dict)
    _links: dict[int, Argument | None] = field(default_factory=dict)

    @property
    def tree(self) -> Tree:
        return self.clauses.tree

    def __post_init__(self) -> None:
        self.found.extend(find_names(self.tree, self.names))
        for name in self.found:
            for token in range(name.first, name.end):
                self._name_at[token] = name
        self.mentions()  # in text order, before anything refers back

    def settle(self, parties: Mapping[tuple[str, str], tuple[Entity, ...]]) -> None:
        """Tells who stands on which side of a relation, so that "the plaintiffs" are who sued.

        The key is a relation and "subject" or "object". What was linked before is linked anew.
        """
        self._parties = dict(parties)
        self._links, self._antecedents, self._mentions = {}, {}, None
        self.mentions()

    def name_at(self, token: int) -> Name | None:
        """The name that a token is part of."""
        return self._name_at.get(token)

    def names_in(self, first: int, last: int) -> list[Name]:
        """The names that lie wholly between two tokens, both included, in text order."""
        begin = bisect_left(self.found, first, key=lambda name: name.first)
        end = bisect_right(self.found, last, key=lambda name: name.first)
        return [name for name in self.found[begin:end] if name.end - 1 <= last]

    def link(self, token: int) -> Argument | None:
        """The entity that the noun phrase of a head stands for, or None where that is not clear."""
        if token not in self._links:
            self._links[token] = None  # a circle of pronouns ends here
            self._links[token] = self._find(token)
        return self._links[token]

    def link_all(self, token: int) -> list[Argument]:
        """What a head stands for, several things where a plural description does: "the companies",
        "keduanya"."""
        several = self._several(token)
        if several:
            return several
        one = self.link(token)
        if one is None:
            return []
        antecedent = self._antecedents.get(token)
        if antecedent is not None:
            return [Argument(entity, one.span) for entity in self._coordinated(antecedent)]
        return [one, *self._further_names(token, one), *self._examples(token)]

    def _coordinated(self, position: int) -> list[Entity]:
        """An antecedent with what it is coordinated with: "they" are all of them."""
        tree = self.tree
        while tree.role[position] == "conjunct" and tree.head[position] != position:
            position = tree.head[position]
        found: dict[str, Entity] = {}
        for member in tree.conjuncts(position):
            for argument in self.link_all(member):
                if not found or argument.entity.type == next(iter(found.values())).type:
                    found[argument.entity.slug] = argument.entity
        return list(found.values())

    def _further_names(self, token: int, one: Argument) -> list[Argument]:
        """The other names of an apposition: "two engineers, David Baker and Vinesh Kannan"."""
        if self.name_at(token) is not None:
            return []
        further: list[Argument] = []
        first, last = self.tree.phrase(token)
        heads = [self._head_of(name) for name in self.names_in(first, last)]
        for kid in (*self.tree.kids(token, "apposition"), *heads):
            name = self.name_at(kid)
            if name is None or name.entity.slug != one.entity.slug or further:
                continue
            for other in self.tree.conjuncts(kid):
                named = self.name_at(other)
                if named is not None and named.entity.slug != one.entity.slug:
                    span = self.tree.span(named.first, named.end - 1)
                    further.append(Argument(named.entity, span))
        return further

    def _examples(self, token: int) -> list[Argument]:
        """The names that a plural is said to include: "groups such as Noyb and Foxglove"."""
        tree, words = self.tree, self.names.pack.words
        if not words.examples or not tree.plural[token]:
            return []
        hosts = [token]
        if tree.lemma[tree.head[token]] in words.quantifying_nouns:
            hosts.append(tree.head[token])
        found: list[Argument] = []
        for kid in [kid for host in hosts for kid in tree.kids(host, "nominal")]:
            for case in tree.kids(kid, "case")[:1]:
                lead = tree.lower[case]
                if lead in words.examples or f"{tree.lower[case - 1]} {lead}" in words.examples:
                    names = [name for one in tree.conjuncts(kid) if (name := self.name_at(one))]
                    found += [
                        Argument(name.entity, tree.span(name.first, name.end - 1))
                        for name in names
                        if is_a(name.entity.type, "Actor")
                    ]
        return found

    def _several(self, token: int) -> list[Argument]:
        tree, names = self.tree, self.names
        words = names.pack.words
        side = names.parties.get(tree.lemma[token])
        if side is not None and side in self._parties:
            first, last = self._short_phrase(token)
            if self._content(first, last) == [token]:
                span = tree.span(first, last)
                return [Argument(entity, span) for entity in self._parties[side]]
        number = words.numbers.get(tree.lower[token], 0)
        types: tuple[str, ...] = _ANYBODY if number else ()
        descriptions = [
            d for d in names.descriptions.get(tree.lemma[token], ()) if d.number != "singular"
        ]
        phrase = [tree.lower[i] for i in range(token, tree.phrase(token)[1] + 1)]
        while phrase and phrase[-1] in words.definite:
            phrase.pop()
        compound = names.compounds.get(" ".join(phrase), ())
        descriptions = list(compound) or descriptions
        if not number and descriptions and not self.name_at(token):
            counts = [words.numbers.get(tree.lower[kid], 0) for kid in tree.children[token]]
            number = max(counts, default=0)
            if number or (tree.plural[token] and self._defined(token)):
                first, last = self._short_phrase(token)
                extra = [
                    i
                    for i in range(first, last + 1)
                    if i != token
                    and tree.lower[i] not in words.definite
                    and tree.lower[i] not in words.numbers
                    and tree.lower[i] not in words.determiners
                    and not (compound and i > token)
                ]
                types = () if extra else tuple(t for d in descriptions for t in d.types)
        if not types:
            return []
        found: dict[str, Entity] = {}
        for mention in self._before(token):
            position, entity = mention.token, mention.entity
            if tree.sentence[token] - tree.sentence[position] > _SEVERAL_MEMORY:
                break
            if any(type_fits(entity.type, kind) for kind in types):
                if number and types == _ANYBODY and not found:  # two of a kind
                    types = tuple(kind for kind in types if type_fits(entity.type, kind))
                found.setdefault(entity.slug, entity)
            if len(found) == (number or 3):
                break
        if len(found) < 2 or (number and len(found) < number):
            return []
        span = tree.span(*tree.phrase(token))
        return [Argument(entity, span) for entity in reversed(found.values())]

    def _find(self, token: int) -> Argument | None:
        tree, names = self.tree, self.names
        lower = tree.lower[token]
        if tree.entity[token] in names.pack.pipeline.times and tree.entity[token]:
            return None
        if (
            lower in names.pack.words.sources
            or lower in names.pack.words.times
            or tree.lemma[token] in names.pack.words.times
        ):
            return None
        if tree.clitic[token] == "Obj" and tree.pos[token] in ("VERB", "AUX"):
            entity = self.clitic_antecedent(token)
            return Argument(entity, tree.span(token, token)) if entity else None
        pronoun = names.pronouns.get(lower)
        if pronoun is not None and tree.pos[token] in ("PRON", "DET", "NOUN"):
            entity = self._antecedent(token, pronoun)
            return Argument(entity, tree.span(token, token)) if entity else None
        if lower in names.pack.words.relativizers:
            antecedent = self._relative_antecedent(token)
            return self.link(antecedent) if antecedent is not None else None
        name = self.name_at(token)
        if name is not None:
            return Argument(name.entity, tree.span(name.first, name.end - 1))
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
        first, last = self._short_phrase(token)
        maker = self._maker(token, first, last)
        if maker is not None:
            return Argument(maker, tree.span(first, last))
        named = self._name_beside(token, first, last)
        if named is not None:
            return Argument(
                named.entity, tree.span(min(first, named.first), max(last, named.end - 1))
            )
        apposed = self._name_apposed(token)
        if apposed is not None:
            return Argument(apposed, tree.span(first, last))
        renamed = self._renamed(token)
        if renamed is not None:
            return Argument(renamed, tree.span(first, last))
        content = self._content(first, last)
        if not content:
            return None
        described = self._described(token, content)
        if described is not None:
            return Argument(described, tree.span(first, last))
        slug = self._term(content)
        if slug is not None:
            return Argument(self._instance(names.registry.entities[slug]), tree.span(first, last))
        entity = self._mint(token, content)
        if len(content) == 1 and entity.type == "Concept" and self._defined(token):
            entity = replace(entity, slug=f"{entity.slug}--{self.scope}")
        return Argument(entity, tree.span(first, last))

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
        label = " ".join(tree.article[tree.start[first] : tree.end[last]].split())
        entity = mint("Concept", label, self.names.pack.code)
        return Argument(entity, tree.span(first, last))

    # Phrases -----------------------------------------------------------------------------------

    def _short_phrase(self, token: int) -> tuple[int, int]:
        tree = self.tree
        first, last = tree.phrase(token)
        while last - first + 1 > _LONGEST_PHRASE:
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

    def _content(self, first: int, last: int) -> list[int]:
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

    def _term(self, content: list[int]) -> str | None:
        tree, terms = self.tree, self.names.terms
        by_lemma = " ".join(tree.lemma[i] for i in content)
        by_word = " ".join(tree.lower[i] for i in content)
        return terms.get(by_word) or terms.get(by_lemma)

    def _defined(self, token: int) -> bool:
        tree, definite = self.tree, self.names.pack.words.definite
        if any(tree.lower[kid] in definite for kid in tree.children[token]):
            return True
        last = tree.phrase(token)[1]  # "perusahaan asal Roma itu": names are definite by themselves
        named = tree.pos[tree.head[last]] == "PROPN" and tree.head[last] > token
        return named and tree.role[last] == "determiner" and tree.lower[last] in definite

    def _name_beside(self, token: int, first: int, last: int) -> Name | None:
        """The name that a common noun introduces: "the company OpenAI", "CEO OpenAI Sam Altman"."""
        tree, names = self.tree, self.names
        lemma = tree.lemma[token]
        for kid in tree.kids(token, "apposition"):
            name = self.name_at(kid)
            if name is not None and kid - token <= 12 and self._fits(lemma, name.entity):
                return name
        if lemma in names.role_nouns:
            for name in self.names_in(first, last):
                if is_a(name.entity.type, "Person") and not tree.case[name.end - 1]:
                    return name
        compound = names.compounds.get(" ".join(tree.lower[token : token + 2]), ())
        if lemma in names.descriptions or compound:
            for name in self.names_in(token + 1, last):
                if not any(tree.case[i] for i in range(token + 1, name.end)):
                    apt = is_a(name.entity.type, "Person") or not self._is_personal(token)
                    if compound:  # "kantor berita Reuters"
                        kinds = [kind for d in compound for kind in d.types]
                        apt = any(type_fits(name.entity.type, kind) for kind in kinds)
                    if apt and self._fits(lemma, name.entity):
                        return name  # but "the Labour senator" is not the party
        return None

    def _name_apposed(self, token: int) -> Entity | None:
        """Whom a phrase beside a name says more about: in "Wiener, the senator who wrote the bill",
        the senator is Wiener."""
        tree = self.tree
        name = self.name_at(tree.head[token]) if tree.role[token] == "apposition" else None
        if name is None or name.end > token or tree.word[name.end] != ",":
            return None
        if tree.plural[token] or tree.kids(token, "conjunct") or tree.role[name.end] == "conjunct":
            return None
        determined = any(
            tree.lower[kid] in self.names.pack.words.determiners for kid in tree.children[token]
        )
        lemma, kind = tree.lemma[token], name.entity.type
        known = [k for d in self.names.descriptions.get(lemma, ()) for k in d.types]
        known += ["Person"] if lemma in self.names.role_nouns else []
        fits = any(type_fits(kind, one) for one in known) if known else determined
        return name.entity if fits else None

    def _renamed(self, token: int) -> Entity | None:
        """Whom a description set off behind a name describes: "Luka, a firm that makes …"."""
        tree, names = self.tree, self.names
        head, lemma = tree.head[token], tree.lemma[token]
        name = self.name_at(head)
        if tree.role[token] != "apposition" or name is None or not 0 < token - head <= 12:
            return None
        known = lemma in names.descriptions or lemma in names.role_nouns
        role = lemma in names.role_nouns and lemma not in names.descriptions
        apt = is_a(name.entity.type, "Person") == (role or self._is_personal(token))
        return name.entity if known and apt and self._fits(lemma, name.entity) else None

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
        return None

    def _fits(self, lemma: str, entity: Entity) -> bool:
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

    def _mint(self, token: int, content: list[int]) -> Entity:
        tree, names = self.tree, self.names
        kind = names.head_types.get(tree.lemma[token], "")
        if not kind and tree.lemma[token] in names.role_nouns:
            kind = "Person"
        if not kind and tree.lemma[token] in names.descriptions:
            kind = names.descriptions[tree.lemma[token]][0].types[0].removeprefix(EXACTLY)
        label = " ".join(
            tree.article[tree.start[content[0]] : tree.end[content[-1]]].split()
        ).strip("\"'“”‘’«»()[] ")
        if not kind and tree.pos[token] == "PROPN" and label[:1].isupper():
            kind = self._kind_of_fellow(token)
            if kind:
                return mint(kind, label, names.pack.code, name=True)
        return mint(kind or "Concept", label or tree.word[token], names.pack.code)

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

    # Descriptions and pronouns -----------------------------------------------------------------

    def mentions(self) -> list[Mention]:
        """What pronouns and descriptions can refer to, in text order: names, groups, and the
        subjects of clauses, with what these were resolved to."""
        if self._mentions is not None:
            return self._mentions
        tree = self.tree
        self._mentions = []
        heads = {self._head_of(name): name for name in self.found}
        groups = self.names.head_types
        for token, lemma in enumerate(tree.lemma):
            name = heads.get(token)
            if name is not None:
                plural = tree.role[token] == "conjunct" or bool(tree.kids(token, "conjunct"))
                subject = self._is_subject(token)
                self._mentions.append(Mention(token, name.entity, subject, plural and subject))
                continue
            if token in self._name_at or tree.pos[token] not in ("NOUN", "PROPN", "PRON", "NUM"):
                continue
            subject = tree.role[token] == "subject"
            group = groups.get(lemma) == "Group" and tree.role[token] not in _INSIDE
            if subject or group:
                linked = self.link_all(token)
                if linked and (subject or is_a(linked[0].entity.type, "Group")):
                    plural = (
                        len(linked) > 1
                        or tree.plural[token]
                        or is_a(linked[0].entity.type, "Group")
                    )
                    subject = subject or self._is_subject(token)
                    self._mentions.append(Mention(token, linked[-1].entity, subject, plural))
        return self._mentions

    def _before(self, token: int) -> Iterator[Mention]:
        """Mentions before a token, the nearest first."""
        mentions = self.mentions()
        end = bisect_left(mentions, token, key=lambda mention: mention.token)
        return (mentions[at] for at in range(end - 1, -1, -1))

    def _head_of(self, name: Name) -> int:
        """The token by which a name hangs in the sentence."""
        for token in range(name.end - 1, name.first - 1, -1):
            if not name.first <= self.tree.head[token] < name.end:
                return token
        return name.end - 1

    def _is_subject(self, token: int) -> bool:
        tree = self.tree
        while (
            tree.role[token] in ("conjunct", "flat", "compound", "apposition")
            and tree.head[token] != token
        ):
            token = tree.head[token]
        return tree.role[token] in ("subject", "agent")

    def _antecedent(
        self, token: int, pronoun: Pronoun, avoid: Set[str] = frozenset()
    ) -> Entity | None:
        tree = self.tree
        if pronoun.number == "speaker":
            source = self.clauses.source(self._clause_head(token))
            if source is None or source.speaker is None or source.speaker == token:
                return None
            spoken = self.link(source.speaker)
            return spoken.entity if spoken else None
        partners = self._co_arguments(token)
        partner_slugs = {a.entity.slug for one in partners for a in self.link_all(one)}
        best: tuple[float, Mention] | None = None
        for mention in self._before(token):
            position, entity = mention.token, mention.entity
            distance = tree.sentence[token] - tree.sentence[position]
            if distance > _MEMORY:
                break
            if entity.slug in avoid or position in partners or entity.slug in partner_slugs:
                continue
            if not any(is_a(entity.type, kind) for kind in pronoun.types):
                continue
            if is_a(entity.type, "Place") or (is_a(entity.type, "NewsOutlet") and distance > 1):
                continue
            score = -1.0 * distance + (0.9 if mention.subject else 0.0)
            if pronoun.number == "any" and is_a(entity.type, "Person"):
                score += 0.5
            if tree.role[token] == "possessive" and is_a(entity.type, "Organization"):
                score += 1.0
            if pronoun.number == "plural":
                collective = is_a(entity.type, "Association")
                score += 1.5 if mention.plural else (0.0 if collective else -0.8)
            if pronoun.number == "singular" and mention.plural:
                score -= 0.5
            if best is None or score > best[0]:
                best = score, mention
        if best is None:
            return None
        if pronoun.number == "plural" and best[1].plural:
            self._antecedents[token] = best[1].token
        return best[1].entity

    def clitic_antecedent(self, verb: int) -> Entity | None:
        """Whom the clitic of a verb or a noun means: "menuduhnya", "pendirinya"."""
        for form, pronoun in self.names.pronouns.items():
            if pronoun.number == "any" and self.tree.lower[verb].endswith(form):
                subjects = {
                    argument.entity.slug
                    for one in self.clauses.surface_subjects(verb)
                    if (argument := self.link(one)) is not None
                }
                return self._antecedent(verb, pronoun, avoid=subjects)
        return None

    def _clause_head(self, token: int) -> int:
        tree = self.tree
        for _ in range(12):
            head = tree.head[token]
            if head == token:
                break
            token = head
            if tree.pos[token] in ("VERB", "AUX"):
                break
        return token

    def _co_arguments(self, token: int) -> set[int]:
        """Subjects of the clause that a non-subject pronoun stands in: it is none of them."""
        tree = self.tree
        if tree.role[token] in ("subject", "possessive"):
            return set()
        return set(self.clauses.surface_subjects(self._clause_head(token)))

    def _described(self, token: int, content: list[int]) -> Entity | None:
        """The last thing that a definite description fits, None where nothing does."""
        tree, names = self.tree, self.names
        definite = names.pack.words.definite
        phrase = " ".join(tree.lower[i] for i in content if tree.lower[i] not in definite)
        descriptions = names.compounds.get(phrase)
        if descriptions is None:
            descriptions = names.descriptions.get(tree.lemma[token])
            if descriptions is None or not self._is_anaphoric(token, content):
                return None
        elif not self._defined(token) and names.pack.pipeline.article:
            return None
        avoid = self._others(token)
        counts: Counter[str] = Counter()
        candidates: list[tuple[float, Entity]] = []
        for mention in self._before(token):
            position, entity = mention.token, mention.entity
            distance = tree.sentence[token] - tree.sentence[position]
            if distance > _DESCRIPTION_MEMORY:
                break
            counts[entity.slug] += 1
            if entity.slug in avoid or not self._answers(entity, token, descriptions):
                continue
            score = -0.6 * distance + (0.6 if mention.subject else 0.0)
            if self._says(entity, tree.lemma[token]):
                score += _SAYS_SO
            elif not entity.known and entity.type == "Organization":
                score -= _UNKNOWN_KIND
            candidates.append((score, entity))
        best = max(
            candidates,
            key=lambda found: found[0] + 0.3 * min(counts[found[1].slug], 5),
            default=None,
        )
        return best[1] if best else None

    def _answers(self, entity: Entity, token: int, descriptions: tuple[Description, ...]) -> bool:
        """Is an entity what a noun can describe?"""
        tree = self.tree
        for description in descriptions:
            if description.number == ("singular" if tree.plural[token] else "plural"):
                continue
            if not any(type_fits(entity.type, kind) for kind in description.types):
                if not self._may_be(entity, tree.lemma[token], description):
                    continue
            if not is_a(entity.type, "Person") or self._is_called(entity, tree.lemma[token]):
                return True
        return False

    def _may_be(self, entity: Entity, noun: str, description: Description) -> bool:
        """Can an organization of unknown kind be what a noun describes: "the department" is the
        Department of Justice, "the company" any that nothing is known of?"""
        if entity.known or entity.type != "Organization":
            return False
        return description.unknown_too or self._says(entity, noun)

    def _says(self, entity: Entity, noun: str) -> bool:
        return noun in entity.label.lower().split()

    def fits(self, argument: Argument, types: tuple[str, ...]) -> bool:
        """Is the entity of one of the types? Titles count too: a judge as a court."""
        if not types or any(type_fits(argument.entity.type, kind) for kind in types):
            return True
        entity = argument.entity
        return any(
            (entity.slug == self.names.terms.get(noun) or self._is_called(entity, noun))
            and not is_a(entity.type, "Place")
            and type_fits(kind, wanted)
            for noun, kind in self.names.titles.items()
            for wanted in types
        )

    def _is_called(self, person: Entity, noun: str) -> bool:
        """Has the article said that a person is one: "Judge Stein", "Stein, a judge"?"""
        if self._titles is None:
            tree = self.tree
            self._titles = {}
            for name in self.found:
                head = self._head_of(name)
                beside = tree.kids(head, "compound", "apposition", "adjective", "nominal", "flat")
                beside += [tree.head[head], name.first - 1]
                titles = self._titles.setdefault(name.entity.slug, set())
                before = name.first - 1  # "hakim Mahkamah Agung Alexandre de Moraes"
                while before > 0 and (self.name_at(before) or tree.pos[before] == "PROPN"):
                    before -= 1
                if name.first - before <= _LONGEST_PHRASE:
                    beside.append(before)
                titles |= {tree.lemma[i] for i in beside if i >= 0}
        return noun in self._titles.get(person.slug, ())

    def _others(self, token: int) -> set[str]:
        """Whom a description does not mean: the subject of its own clause and who accuses in it."""
        verb = self._clause_head(token)
        tokens = [] if self._is_subject(token) else list(self.clauses.surface_subjects(verb))
        source = self.clauses.source(verb)
        if source is not None and source.speaker is not None and self._accuses(source.cue):
            tokens.append(source.speaker)
        return {a.entity.slug for one in tokens if one != token for a in self.link_all(one)}

    def _accuses(self, cue: int) -> bool:
        governors = self.clauses.cues.governors.get(("verb", self.tree.lemma[cue]), ())
        return any(effect.modality == "alleged" for effect in governors)

    def _is_anaphoric(self, token: int, content: list[int]) -> bool:
        """Is a description definite, with nothing that tells it from others?"""
        definite = self.names.pack.words.definite
        for clause in self.tree.kids(token, "relative_clause"):
            apart = self.tree.role[min(self.tree.subtree(clause)) - 1] == "punctuation"
            if not apart and (self.names.pack.pipeline.article or not self._defined(token)):
                return False
        demonstrated = not self.names.pack.pipeline.article and self._defined(token)
        for i in content:
            name = self.name_at(i)
            national = name is not None and name.entity.type in ("Place", "Group")
            if demonstrated and (name is None or national or self._is_personal(token)):
                continue  # "perusahaan konsultan itu", "senator Partai Hijau itu"
            generic = self.tree.lower[i] in self.names.pack.words.generic_modifiers
            if i != token and self.tree.lower[i] not in definite and not (national or generic):
                return False
        if self.names.pack.pipeline.article:
            return self._defined(token)
        quantified = self.tree.kids(token, "numeral", *(() if demonstrated else ("adjective",)))
        determined = [
            kid
            for kid in self.tree.kids(token, "determiner")
            if self.tree.lower[kid] not in self.names.pack.words.definite
        ]
        return not quantified and not determined

    def _is_personal(self, token: int) -> bool:
        """Does a noun describe nobody but persons?"""
        described = self.names.descriptions.get(self.tree.lemma[token], ())
        return bool(described) and all(d.types == ("Person",) for d in described)

    def main_of(self, token: int, kind: str) -> Entity | None:
        """The entity of a type that the article has named most often before a token."""
        counts: Counter[str] = Counter()
        found: dict[str, Entity] = {}
        for mention in self._before(token):
            if is_a(mention.entity.type, kind):
                counts[mention.entity.slug] += 1
                found[mention.entity.slug] = mention.entity
        return found[counts.most_common(1)[0][0]] if counts else None

    def last_of(self, token: int, kind: str, avoid: Set[str] = frozenset()) -> Entity | None:
        """The entity of a type that was named last before a token, in the article."""
        for mention in self._before(token):
            entity = mention.entity
            if entity.slug not in avoid and is_a(entity.type, kind):
                return entity
        return None
