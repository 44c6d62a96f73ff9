"""What an article has spoken of, as pronouns and definite descriptions look back at it.

Rules in the tradition of Lappin and Leass (1994): of the things that were spoken of before and that
fit in number and type, the nearest and most prominent. Precision first: what nothing fits is None.
What pronouns mean is found in `kg.pronouns`, what descriptions mean in `kg.descriptions`.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field

from kg.clauses import Clauses
from kg.languages import type_fits
from kg.names import Name, Names
from kg.phrases import Phrases
from kg.records import Argument, Entity
from kg.syntax import Tree
from kg.vocabulary import is_a

Sides = Mapping[tuple[str, str], tuple[Entity, ...]]
"""Who stands on which side of a relation: the key is a relation and "subject" or "object"."""

_MEMORY = 4  # sentences back in which the antecedent of a pronoun is looked for
_MENTIONING = ("NOUN", "PROPN", "PRON", "NUM")
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
    """What was spoken of in one article. ``link`` and ``link_all`` say what phrases stand for;
    ``parties`` who is meant by "the plaintiffs"; ``antecedents`` are the mentions that plural
    pronouns were found to mean, by token."""

    clauses: Clauses
    phrases: Phrases
    link: Callable[[int], Argument | None]
    link_all: Callable[[int], list[Argument]]
    parties: Sides = field(default_factory=dict)
    antecedents: dict[int, int] = field(default_factory=dict)
    tree: Tree = field(init=False)
    names: Names = field(init=False)
    _mentions: list[Mention] | None = None
    _tokens: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tree, self.names = self.clauses.tree, self.phrases.names

    def mentions(self) -> list[Mention]:
        """What pronouns and descriptions can refer to, in text order: names, groups, and the
        subjects of clauses, with what these were resolved to."""
        if self._mentions is None:
            self._mentions = []
            heads = {self.phrases.head_of(name): name for name in self.phrases.found}
            for token in range(len(self.tree.lemma)):
                name = heads.get(token)
                mention = self._described_at(token) if name is None else self._named_at(token, name)
                if mention is not None:
                    self._mentions.append(mention)
                    self._tokens.append(token)
        return self._mentions

    def _named_at(self, token: int, name: Name) -> Mention:
        tree = self.tree
        plural = tree.role[token] == "conjunct" or bool(tree.kids(token, "conjunct"))
        subject = self.phrases.is_subject(token)
        return Mention(token, name.entity, subject, plural and subject)

    def _described_at(self, token: int) -> Mention | None:
        """What a word that is no name is a mention of, None where it is none."""
        tree = self.tree
        if self.phrases.name_at(token) or tree.pos[token] not in _MENTIONING:
            return None
        subject = tree.role[token] == "subject"
        group = self.names.head_types.get(tree.lemma[token]) == "Group"
        text = self._is_new_text(token)
        again = self._is_said_again(token)
        text = text or self._is_technology(token) or self._is_new_system(token)
        if not (subject or again or text or (group and tree.role[token] not in _INSIDE)):
            return None
        linked = self.link_all(token)
        if not linked:
            return None
        named = linked[0].entity.known or not linked[0].entity.labels
        several = is_a(linked[0].entity.type, "Group")
        if not (subject or named or text or several):
            return None
        return Mention(
            token,
            linked[-1].entity,
            subject or self.phrases.is_subject(token),
            len(linked) > 1 or tree.plural[token] or several,
        )

    def _is_said_again(self, token: int) -> bool:
        """ "The company" again, whatever its place in the clause."""
        names = self.names
        described = bool(names.pack.pipeline.article) and (
            self.tree.lemma[token] in names.descriptions
        )
        return described and self.phrases.is_defined(token)

    def _is_technology(self, token: int) -> bool:
        """ "Uses facial recognition": what "the technology" means next."""
        tree, names = self.tree, self.names
        if tree.role[token] != "object":
            return False  # "a bill on facial recognition" is about a bill
        beside = (token - 1, token + 1)
        pairs = [sorted((token, i)) for i in beside if 0 <= i < len(tree)]
        said = [f"{tree.lower[first]} {tree.lower[last]}" for first, last in pairs]
        slugs = {slug for one in said if (slug := names.terms.get(one)) is not None}
        return any(slugs & headed for headed in names.headed.values())

    def _is_new_system(self, token: int) -> bool:
        """ "An algorithm that …": what "the system" means next."""
        apart = self.tree.role[token] not in _INSIDE and not self.phrases.is_defined(token)
        return apart and bool(self.phrases.described_system(token))

    def _is_new_text(self, token: int) -> bool:
        """ "Vetoed a bill": what "it" and "the measure" mean next."""
        tree, names = self.tree, self.names
        return (
            bool(names.pack.pipeline.article)
            and names.head_types.get(tree.lemma[token]) in ("Document", "Law")
            and tree.role[token] == "object"
            and not tree.plural[token]
            and bool(tree.kids(token, "determiner"))
        )

    def before(self, token: int) -> Iterator[Mention]:
        """Mentions before a token, the nearest first."""
        mentions = self.mentions()
        end = bisect_left(self._tokens, token)
        return (mentions[at] for at in range(end - 1, -1, -1))

    def clause_head(self, token: int) -> int:
        tree = self.tree
        for _ in range(12):
            head = tree.head[token]
            if head == token:
                break
            token = head
            if tree.pos[token] in ("VERB", "AUX"):
                break
        return token

    def main_of(self, token: int, kind: str, avoid: Set[str] = frozenset()) -> Entity | None:
        """The entity of a type that the article has named most often before a token."""
        counts: Counter[str] = Counter()
        found: dict[str, Entity] = {}
        for mention in self.before(token):
            if is_a(mention.entity.type, kind) and mention.entity.slug not in avoid:
                counts[mention.entity.slug] += 1
                found[mention.entity.slug] = mention.entity
        return found[counts.most_common(1)[0][0]] if counts else None

    def last_of(self, token: int, kind: str, avoid: Set[str] = frozenset()) -> Entity | None:
        """The entity of a type that was named last before a token, in the article."""
        for mention in self.before(token):
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
        for mention in self.before(token):
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
        for mention in self.before(token):
            if self.tree.sentence[token] - self.tree.sentence[mention.token] > sentences:
                return None
            entity = mention.entity
            if entity.slug in avoid:
                continue
            titled = any(self.phrases.is_called(entity, noun) for noun in self.names.titles)
            if titled or any(is_a(entity.type, kind) for kind in kinds):
                return entity
        return None
