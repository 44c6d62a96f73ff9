"""What pronouns and definite descriptions of an article refer to.

Rules in the tradition of Lappin and Leass (1994): of the things that were spoken of before and that
fit in number and type, the nearest and most prominent. Precision first: what nothing fits is None.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field

from kg.clauses import Clauses
from kg.languages import EXACTLY, Description, Pronoun, type_fits
from kg.methods import linked
from kg.names import Names
from kg.phrases import Phrases
from kg.records import Argument, Entity
from kg.syntax import NOMINAL, Tree
from kg.vocabulary import is_a

Sides = Mapping[tuple[str, str], tuple[Entity, ...]]
"""Who stands on which side of a relation: the key is a relation and "subject" or "object"."""

_ANYBODY = ("Person", "Organization")
_SEVERAL_MEMORY = 8  # sentences back in which the members of "both companies" are looked for
_JOINT_MEMORY = 3  # sentences back to the subject that "both" are
_MEMORY = 4  # sentences back in which the antecedent of a pronoun is looked for
_DESCRIPTION_MEMORY = 12
_SAYS_SO = 2.0  # a description that is part of the name: "the commission"
_MODIFIED_MEMORY = 2
_UNKNOWN_KIND = 1.5
_NAMELESS = 1.2  # "her lawyer": a pronoun rather means who has a name
_SPEAKER = 0.8  # "X said that it would"
_UNKNOWN_THING = 0.7  # a phrase of no known type: "the line of defense", not "the firm"
_LESS_APT = 0.8  # a platform for "the company"
_LOOSE = 2.0  # what was itself only described
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
class Coreference:
    """Finds antecedents in one article. ``link`` and ``link_all`` say what other phrases stand for;
    ``parties`` who is meant by "the plaintiffs"."""

    clauses: Clauses
    phrases: Phrases
    link: Callable[[int], Argument | None]
    link_all: Callable[[int], list[Argument]]
    parties: Sides = field(default_factory=dict)
    _mentions: list[Mention] | None = None
    _antecedents: dict[int, int] = field(default_factory=dict)

    @property
    def tree(self) -> Tree:
        return self.clauses.tree

    @property
    def names(self) -> Names:
        return self.phrases.names

    def mentions(self) -> list[Mention]:
        """What pronouns and descriptions can refer to, in text order: names, groups, and the
        subjects of clauses, with what these were resolved to."""
        if self._mentions is not None:
            return self._mentions
        tree = self.tree
        self._mentions = []
        heads = {self.phrases.head_of(name): name for name in self.phrases.found}
        groups = self.names.head_types
        for token, lemma in enumerate(tree.lemma):
            name = heads.get(token)
            if name is not None:
                plural = tree.role[token] == "conjunct" or bool(tree.kids(token, "conjunct"))
                subject = self.phrases.is_subject(token)
                self._mentions.append(Mention(token, name.entity, subject, plural and subject))
                continue
            if self.phrases.name_at(token) or tree.pos[token] not in (
                "NOUN",
                "PROPN",
                "PRON",
                "NUM",
            ):
                continue
            subject = tree.role[token] == "subject"
            group = groups.get(lemma) == "Group" and tree.role[token] not in _INSIDE
            again = (  # "the company" again, whatever its place in the clause
                bool(self.names.pack.pipeline.article)
                and lemma in self.names.descriptions
                and self.phrases.is_defined(token)
            )
            text = (  # "vetoed a bill": what "it" and "the measure" mean next
                bool(self.names.pack.pipeline.article)
                and groups.get(lemma) in ("Document", "Law")
                and tree.role[token] == "object"
                and not tree.plural[token]
                and bool(tree.kids(token, "determiner"))
            )
            if subject or group or again or text:
                linked = self.link_all(token)
                named = bool(linked) and (linked[0].entity.known or not linked[0].entity.labels)
                if linked and (subject or named or text or is_a(linked[0].entity.type, "Group")):
                    plural = (
                        len(linked) > 1
                        or tree.plural[token]
                        or is_a(linked[0].entity.type, "Group")
                    )
                    subject = subject or self.phrases.is_subject(token)
                    self._mentions.append(Mention(token, linked[-1].entity, subject, plural))
        return self._mentions

    def _before(self, token: int) -> Iterator[Mention]:
        """Mentions before a token, the nearest first."""
        mentions = self.mentions()
        end = bisect_left(mentions, token, key=lambda mention: mention.token)
        return (mentions[at] for at in range(end - 1, -1, -1))

    def several(self, token: int) -> list[Argument]:
        """The things that a plural description or a number stands for, in text order: "both
        companies", "the plaintiffs"; none where fewer than two are found."""
        tree, names = self.tree, self.names
        words = names.pack.words
        side = names.parties.get(tree.lemma[token])
        if side is not None and side in self.parties:
            first, last = self.phrases.short(token)
            if self.phrases.content(first, last) == [token]:
                span = tree.span(first, last)
                return [linked(entity, span, "byParty") for entity in self.parties[side]]
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
        if not number and descriptions and not self.phrases.name_at(token):
            counts = [words.numbers.get(tree.lower[kid], 0) for kid in tree.children[token]]
            number = max(counts, default=0)
            if number or (tree.plural[token] and self.phrases.is_defined(token)):
                first, last = self.phrases.short(token)
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
        joint = self._joint_subject(token, number) if types == _ANYBODY else []
        if joint:
            return [linked(one, tree.span(*tree.phrase(token)), "byDescription") for one in joint]
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
        return [linked(entity, span, "byDescription") for entity in reversed(found.values())]

    def _joint_subject(self, token: int, number: int) -> list[Entity]:
        """The actors that were so many together as a subject in the last sentences: of "A and B
        sued C. Both …", A and B."""
        tree = self.tree
        for mention in self._before(token):
            position = mention.token
            if tree.sentence[token] - tree.sentence[position] > _JOINT_MEMORY:
                break
            if tree.role[position] not in ("subject", "agent") or tree.pos[position] == "PRON":
                continue
            members = [a for one in tree.conjuncts(position) for a in self.link_all(one)]
            slugs = {a.entity.slug for a in members}
            if len(slugs) == number and all(is_a(a.entity.type, "Actor") for a in members):
                return [a.entity for a in members]
        return []

    def coordinated(self, token: int) -> list[Entity]:
        """The antecedent of a plural pronoun with what it is coordinated with, nothing for other
        words: "they" are all of them."""
        tree = self.tree
        position = self._antecedents.get(token)
        if position is None:
            return []
        while tree.role[position] == "conjunct" and tree.head[position] != position:
            position = tree.head[position]
        found: dict[str, Entity] = {}
        for member in tree.conjuncts(position):
            for argument in self.link_all(member):
                if not found or argument.entity.type == next(iter(found.values())).type:
                    found[argument.entity.slug] = argument.entity
        return list(found.values())

    def antecedent(
        self, token: int, pronoun: Pronoun, avoid: Set[str] = frozenset(), kind: str = ""
    ) -> Entity | None:
        """Whom a pronoun means: of the things before it that fit, the nearest and most prominent.

        ``avoid`` are slugs that it does not mean; ``kind`` narrows the types that it can mean.
        """
        tree = self.tree
        if pronoun.number in ("speaker", "speakers"):
            source = self.clauses.source(self._clause_head(token))
            if source is None or source.speaker is None or source.speaker == token:
                return None
            spoken = self.link(source.speaker)
            if spoken is not None and pronoun.number == "speakers":
                return self._spoken_for(source.speaker, spoken.entity) or spoken.entity
            return spoken.entity if spoken else None
        partners = self._co_arguments(token)
        partner_slugs = {a.entity.slug for one in partners for a in self.link_all(one)}
        kinds = self._owners_of_role(token, pronoun)
        speaker = self._speaker(token) if pronoun.number == "singular" else ""
        best: tuple[float, Mention] | None = None
        for mention in self._before(token):
            position, entity = mention.token, mention.entity
            distance = tree.sentence[token] - tree.sentence[position]
            if distance > _MEMORY:
                break
            if entity.slug in avoid or position in partners or entity.slug in partner_slugs:
                continue
            if not any(is_a(entity.type, one) for one in ((kind,) if kind else kinds)):
                continue
            cited = is_a(entity.type, "NewsOutlet") and not mention.plural and distance > 1
            if is_a(entity.type, "Place") or cited:
                continue
            score = -1.0 * distance + (0.9 if mention.subject else 0.0)
            if entity.slug == speaker and is_a(entity.type, "Organization"):
                score += _SPEAKER
            if entity.type == "Concept":
                score -= _UNKNOWN_THING
            elif entity.type == "Person" and entity.labels and not entity.known:
                score -= _NAMELESS
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

    def _speaker(self, token: int) -> str:
        """Who says what the pronoun is part of, "" where nobody does: "X said that it …"."""
        if self.tree.role[token] != "subject":
            return ""
        source = self.clauses.source(self._clause_head(token))
        if source is None or source.speaker is None or source.speaker > token:
            return ""
        spoken = self.link(source.speaker)
        return spoken.entity.slug if spoken else ""

    def _owners_of_role(self, token: int, pronoun: Pronoun) -> tuple[str, ...]:
        """What a pronoun may stand for: "its chief executive" is that of an organization."""
        tree = self.tree
        possessed = tree.role[token] == "possessive"
        if possessed and pronoun.number == "singular" and "Organization" in pronoun.types:
            if tree.lemma[tree.head[token]] in self.names.role_nouns:
                return ("Organization", "Platform")
        return pronoun.types

    def clitic_antecedent(self, verb: int, kind: str = "") -> Entity | None:
        """Whom the clitic of a verb or a noun means: "menuduhnya", "pendirinya"; ``kind`` narrows
        the types."""
        for form, pronoun in self.names.pronouns.items():
            if pronoun.number == "any" and self.tree.lower[verb].endswith(form):
                thing = self._shared_object(verb)
                if thing is not None:
                    return thing
                owner = self._own_subject(verb)
                if owner is not None:
                    return owner if is_a(owner.type, kind or "Actor") else None
                tokens = self.clauses.surface_subjects(verb)
                subjects = {
                    argument.entity.slug
                    for one in tokens
                    if (argument := self.link(one)) is not None
                }
                if self.tree.clitic[verb] == "Obj":  # nor is it whoever the subject is of
                    subjects |= {
                        mention.entity.slug
                        for one in tokens
                        for mention in self.mentions()
                        if one < mention.token <= self.tree.phrase(one)[1]
                    }
                return self.antecedent(verb, pronoun, avoid=subjects, kind=kind)
        return None

    def _spoken_for(self, speaker: int, person: Entity) -> Entity | None:
        """Whose officer somebody has been said to be, where they speak as "we"."""
        tree, names = self.tree, self.names
        if not is_a(person.type, "Person"):
            return None
        told = [name for name in self.phrases.found if name.entity.slug == person.slug]
        heads = [speaker, *(self.phrases.head_of(name) for name in reversed(told))]
        for head in heads:
            for role in (head, tree.head[head], *tree.kids(head, "apposition")):
                if tree.lemma[role] not in names.role_nouns:
                    continue
                first, last = tree.phrase(role)
                owners = [self.link(one) for one in self.clauses.owners(role)]
                found = [one.entity for one in owners if one is not None]
                found += [name.entity for name in self.phrases.names_in(first, last)]
                for entity in found:
                    if is_a(entity.type, "Organization"):
                        return entity
        return None

    def _shared_object(self, verb: int) -> Entity | None:
        """What a first verb does something to, and a second one without a subject too: "copied the
        book and sold it"."""
        tree = self.tree
        first = tree.head[verb]
        if tree.clitic[verb] != "Obj" or tree.role[verb] != "conjunct" or tree.passive[first]:
            return None
        things = [kid for kid in tree.kids(first, "object") if kid < verb]
        if tree.kids(verb, "subject") or not things or tree.pos[things[-1]] not in NOMINAL:
            return None
        argument = self.link(things[-1])
        if argument is None or not (
            argument.entity.known or is_a(argument.entity.type, "Work")
        ):  # no act or matter of this text alone
            return None
        return argument.entity

    def _own_subject(self, noun: int) -> Entity | None:
        """The subject of the clause that a possessed noun is an object in: who "fires its staff"
        fires their own."""
        tree = self.tree
        if tree.clitic[noun] not in ("Poss", "Det") or tree.pos[noun] not in NOMINAL:
            return None
        verb = tree.head[noun]
        if tree.role[noun] != "object" or tree.passive[verb]:
            return None
        for one in self.clauses.surface_subjects(verb):
            argument = self.link(one) if one != noun else None
            if argument is not None:
                return argument.entity
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
        if tree.clitic[token] == "Obj":
            return set(self.clauses.surface_subjects(token))
        if tree.role[token] in ("subject", "possessive"):
            return set()
        return set(self.clauses.surface_subjects(self._clause_head(token)))

    def described(self, token: int, content: list[int]) -> Entity | None:
        """The last thing that a definite description fits, None where nothing does."""
        tree, names = self.tree, self.names
        definite = names.pack.words.definite
        phrase = " ".join(tree.lower[i] for i in content if tree.lower[i] not in definite)
        descriptions = names.compounds.get(phrase)
        if descriptions is None:
            descriptions = names.descriptions.get(tree.lemma[token])
            if descriptions is None:
                return self._only_person(token, phrase)
            if not self._is_anaphoric(token, content):
                return self._only_one(token, content, descriptions)
        elif not self.phrases.is_defined(token) and names.pack.pipeline.article:
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
            loose = self._is_loose(mention)
            if loose and tree.lemma[position] != tree.lemma[token]:
                continue  # "the studio" is no other "company" that was only described
            if entity.slug in avoid or not self._answers(entity, token, descriptions):
                continue
            score = -0.6 * distance + (0.6 if mention.subject else 0.0) - (_LOOSE if loose else 0.0)
            if self.phrases._says(entity, tree.lemma[token]) or (
                not is_a(entity.type, "Person")
                and self.phrases.is_called(
                    entity, tree.lemma[token]
                )  # "the airline X … the airline"
            ):
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

    def _only_one(
        self, token: int, content: list[int], descriptions: tuple[Description, ...]
    ) -> Entity | None:
        """What "the design start-up" stands for: the one thing close by that the noun describes."""
        tree, names = self.tree, self.names
        kinds = [kind.removeprefix(EXACTLY) for d in descriptions for kind in d.types]
        if not names.pack.pipeline.article or content[-1] != token or tree.plural[token]:
            return None
        if not self.phrases.is_defined(token) or tree.kids(token, "relative_clause", "noun_clause"):
            return None
        if not all(is_a(kind, "Organization") for kind in kinds):
            return None
        if any(self.phrases.name_at(i) for i in content):
            return None
        avoid = self._others(token)
        found: dict[str, Entity] = {}
        for mention in self._before(token):
            if tree.sentence[token] - tree.sentence[mention.token] > _MODIFIED_MEMORY:
                break
            entity = mention.entity
            if not self._is_loose(mention) and self._answers(entity, token, descriptions):
                found[entity.slug] = entity
        return next(iter(found.values())) if len(found) == 1 and not avoid & found.keys() else None

    def _only_person(self, token: int, phrase: str) -> Entity | None:
        """Who "pengisi suara itu" is: the one person of the last sentences, where the noun is for
        persons and no plural."""
        tree, names = self.tree, self.names
        known = names.registry.entities.get(names.terms.get(phrase, ""))
        personal = tree.lemma[token] in names.role_nouns or (known and known.type == "Group")
        if names.pack.pipeline.article or not personal or not self.phrases.is_defined(token):
            return None
        if tree.plural[token] or len(tree.kids(token, "determiner")) > 1:
            return None
        found: dict[str, Entity] = {}
        for mention in self._before(token):
            if tree.sentence[token] - tree.sentence[mention.token] > _MODIFIED_MEMORY:
                break
            if is_a(mention.entity.type, "Person") and not self._is_loose(mention):
                found[mention.entity.slug] = mention.entity
        avoid = self._others(token)
        return next(iter(found.values())) if len(found) == 1 and not avoid & found.keys() else None

    def _is_loose(self, mention: Mention) -> bool:
        """Is it itself only described, and nothing that the description was resolved to?"""
        entity = mention.entity
        return bool(entity.labels) and not entity.known and self._is_described(mention.token)

    def _is_described(self, token: int) -> bool:
        return self.tree.lemma[token] in self.names.descriptions

    def _answers(self, entity: Entity, token: int, descriptions: tuple[Description, ...]) -> bool:
        """Is an entity what a noun can describe?"""
        tree = self.tree
        for description in descriptions:
            if description.number == ("singular" if tree.plural[token] else "plural"):
                continue
            if description.so_named and not self.phrases._says(entity, tree.lemma[token]):
                continue
            if not any(type_fits(entity.type, kind) for kind in description.types):
                if not self._may_be(entity, tree.lemma[token], description):
                    continue
            if not is_a(entity.type, "Person") or self.phrases.is_called(entity, tree.lemma[token]):
                return True
        return False

    def _may_be(self, entity: Entity, noun: str, description: Description) -> bool:
        """Can an organization of unknown kind be what a noun describes: "the department" is the
        Department of Justice, "the company" any that nothing is known of?"""
        if entity.known or entity.type != "Organization":
            return False
        return description.unknown_too or self.phrases._says(entity, noun)

    def _others(self, token: int) -> set[str]:
        """Whom a description does not mean: the subject of its own clause and who accuses in it."""
        verb = self._clause_head(token)
        tokens = [] if self.phrases.is_subject(token) else list(self.clauses.surface_subjects(verb))
        source = self.clauses.source(verb)
        if source is not None and source.speaker is not None and self._accuses(source.cue):
            tokens.append(source.speaker)
        tokens += [  # "X, founder of Y, accused the company": not Y
            below
            for one in tokens
            for kid in self.tree.kids(one, "apposition")
            for below in self.tree.subtree(kid)
            if below < token and self.phrases.name_at(below)
        ]
        return {a.entity.slug for one in tokens if one != token for a in self.link_all(one)}

    def _accuses(self, cue: int) -> bool:
        effects = self.clauses.cues.effects("verb", self.tree, cue)
        return any(effect.modality == "alleged" for effect in effects)

    def _is_employer(self, token: int) -> bool:
        """Is it somebody's company, union or the like: "his company"?"""
        tree, names = self.tree, self.names
        kinds = [kind for d in names.descriptions.get(tree.lemma[token], ()) for kind in d.types]
        return any(
            (pronoun := names.pronouns.get(tree.lower[kid])) is not None
            and pronoun.types == ("Person",)
            for kid in tree.kids(token, "possessive")
        ) and any(is_a(kind.removeprefix(EXACTLY), "Organization") for kind in kinds)

    def _is_anaphoric(self, token: int, content: list[int]) -> bool:
        """Is a description definite, with nothing that tells it from others?"""
        definite = self.names.pack.words.definite
        for clause in self.tree.kids(token, "relative_clause"):
            apart = self.tree.role[min(self.tree.subtree(clause)) - 1] == "punctuation"
            if not apart and (
                self.names.pack.pipeline.article or not self.phrases.is_defined(token)
            ):
                return False
        demonstrated = not self.names.pack.pipeline.article and self.phrases.is_defined(token)
        for i in content:
            name = self.phrases.name_at(i)
            national = name is not None and name.entity.type in ("Place", "Group")
            owner = name is not None and self.tree.lower[name.first - 1] in self.names.possessing
            if demonstrated and (
                name is None or national or owner or self.phrases.is_personal(token)
            ):
                continue  # "perusahaan konsultan itu", "senator Partai Hijau itu"
            generic = self.tree.lower[i] in self.names.pack.words.generic_modifiers
            if i != token and self.tree.lower[i] not in definite and not (national or generic):
                return False
        if self.names.pack.pipeline.article:
            return self.phrases.is_defined(token) or self._is_employer(token)
        if self.tree.plural[token] and not demonstrated:
            return False  # "perusahaan-perusahaan teknologi" in general
        quantified = self.tree.kids(token, "numeral", *(() if demonstrated else ("adjective",)))
        determined = [
            kid
            for kid in self.tree.kids(token, "determiner")
            if self.tree.lower[kid] not in self.names.pack.words.definite
        ]
        return not quantified and not determined

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

    def topic(self, token: int, kinds: tuple[str, ...], avoid: Set[str]) -> Entity | None:
        """The most prominent thing of some types in the sentences before: what an act that names
        no object is about."""
        tree = self.tree
        counts: Counter[str] = Counter()
        scores: dict[str, tuple[float, Entity]] = {}
        for mention in self._before(token):
            distance = tree.sentence[token] - tree.sentence[mention.token]
            if distance > _MEMORY:
                break
            entity = mention.entity
            if entity.slug in avoid or not any(type_fits(entity.type, kind) for kind in kinds):
                continue
            counts[entity.slug] += 1
            score = -0.6 * distance + (0.6 if mention.subject else 0.0)
            scores.setdefault(entity.slug, (score, entity))
        best = max(
            scores.values(), key=lambda found: found[0] + 0.3 * counts[found[1].slug], default=None
        )
        return best[1] if best else None

    def last_within(
        self, token: int, kinds: tuple[str, ...], sentences: int, avoid: Set[str] = frozenset()
    ) -> Entity | None:
        """The entity of one of the types that was named last, in so many sentences back at most;
        ``avoid`` are slugs that are not meant."""
        for mention in self._before(token):
            if self.tree.sentence[token] - self.tree.sentence[mention.token] > sentences:
                return None
            entity = mention.entity
            if entity.slug in avoid:
                continue
            titled = any(self.phrases.is_called(entity, noun) for noun in self.names.titles)
            if titled or any(is_a(entity.type, kind) for kind in kinds):
                return entity
        return None
