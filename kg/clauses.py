"""Who does what to whom, in any sentence on any topic: voice undone, understood subjects found,
coordination distributed.

The method follows the clause-based open extractors (Del Corro & Gemulla 2013, ClausIE; Angeli et
al. 2015) on top of a dependency parse. No word of any language
is in this module: they come from the language pack.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from kg.cues import Cues
from kg.governors import reports, steers
from kg.negation import has_own_negation
from kg.repairs import repair
from kg.syntax import CLAUSES, NOMINAL, VERBAL, Tree


@dataclass(frozen=True, slots=True)
class Source:
    """Who some content is said to come from: the token that names them (None where nobody is
    named), and the token of the reporting word."""

    speaker: int | None
    cue: int


@dataclass(frozen=True, slots=True)
class Status:
    """How a clause is meant. ``unsaid`` content is only mentioned ("did not say that …")."""

    negated: bool = False
    modality: str = "asserted"
    unsaid: bool = False


@dataclass(frozen=True, slots=True)
class Speech:
    """The quotes of an article, by first and last token inside, in text order; which of them a
    token stands in; and the nouns that a sentence names as its source."""

    quotes: list[tuple[int, int]]
    quote_of: dict[int, int]
    named: dict[int, list[int]]


@dataclass(slots=True, eq=False)
class Clauses:
    """The clauses of an article, found as they are asked for. Tokens are indices of the tree.

    ``statuses``, ``sources``, ``speech`` and ``slots`` keep what was read of them: ask
    ``kg.status`` how a clause is meant, ``kg.attribution`` who says it, ``kg.slots`` what it takes.
    """

    tree: Tree
    cues: Cues
    statuses: dict[int, Status] = field(default_factory=dict)
    sources: dict[int, Source | None] = field(default_factory=dict)
    slots: dict[tuple[int, str], tuple[int, ...]] = field(default_factory=dict)
    speech: Speech | None = None
    _subjects: dict[int, tuple[int, ...]] = field(default_factory=dict)
    _words: dict[int, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        repair(self.tree, self.cues)

    def words_of_sentence(self, token: int) -> frozenset[str]:
        """The words and the lemmas of the sentence that a token stands in."""
        number = self.tree.sentence[token]
        if number not in self._words:
            first, last = self.tree.bounds[number]
            self._words[number] = frozenset(self.tree.lower[first:last]) | frozenset(
                self.tree.lemma[first:last]
            )
        return self._words[number]

    def expand(self, token: int) -> tuple[int, ...]:
        """What is coordinated with an argument, each unwrapped to the word that carries meaning
        ("a group of artists" is about artists)."""
        tree = self.tree
        found = tree.conjuncts(token)
        if len(found) == 1:  # "the start-up X, its founders and Y": coordinated with the name
            found += [
                other
                for name in tree.kids(token, "apposition")
                if tree.pos[name] == "PROPN"
                for other in tree.conjuncts(name)[1:]
                if self.tree.pos[other] in NOMINAL
            ]
        return tuple(self.unwrap(one) for one in found)

    def unwrap(self, token: int) -> int:
        """The noun inside a quantifying one: the artists of "some of the artists"."""
        tree, pack = self.tree, self.cues.pack
        words = pack.words
        for _ in range(3):
            counted = tree.pos[token] == "NUM" or tree.entity[token] in pack.pipeline.amounts
            if tree.lemma[token] not in words.quantifying_nouns and not (
                counted and words.quantifying_preposition  # "five of the artists"
            ):
                break
            inner = [
                kid
                for kid in tree.kids(token, "nominal", "oblique", "compound", "flat")
                if kid > token
                and (
                    tree.case[kid] in words.quantifying_preposition
                    if words.quantifying_preposition
                    else not tree.case[kid]
                )
                and tree.pos[kid] in ("NOUN", "PROPN", "PRON")
            ]
            if not inner:
                break
            token = inner[0]
        return token

    def surface_subjects(self, verb: int) -> tuple[int, ...]:
        """The grammatical subjects of a predicate, understood ones included, in text order."""
        if verb in self._subjects:
            return self._subjects[verb]
        self._subjects[verb] = ()  # a cycle of control ends here
        found = self._find_subjects(verb)
        self._subjects[verb] = found
        return found

    def _find_subjects(self, verb: int) -> tuple[int, ...]:
        tree, words = self.tree, self.cues.pack.words
        role, head = tree.role[verb], tree.head[verb]
        explicit = tree.kids(verb, "subject")
        plain = [kid for kid in explicit if tree.lower[kid] not in words.relativizers]
        if plain:
            before = [kid for kid in plain if kid < verb]
            if len(before) > 1 and self._is_cut(before[-2], before[-1]):
                plain = before[-1:]  # "no fan of it, said Clarke; he blames …"
            also = (*self._too(verb), *self._together(verb))
            return tuple(one for kid in (*plain, *also) for one in self.expand(kid))
        clausal = tree.kids(verb, "clausal_subject")
        if clausal and not explicit:
            return (clausal[0],)
        if role == "relative_clause":
            return self._antecedents(head, verb)
        if explicit and role in ("noun_clause", "adverbial_clause") and head != verb:
            if tree.pos[head] in ("NOUN", "PROPN", "PRON"):
                return self._antecedents(head)
        if head == verb:
            return ()
        if role == "conjunct":
            if tree.pos[head] in ("NOUN", "PROPN") and not self.is_predicate(head):
                return ()
            return self.surface_subjects(head)
        if role == "other" and tree.pos[head] in VERBAL and tree.tag[head] == tree.tag[verb]:
            return self.surface_subjects(head)  # a coordination that the parser has no name for
        if role in ("predicative", "auxiliary"):
            return self.surface_subjects(head)
        if role == "noun_clause":
            return self._subjects_of_noun_clause(verb, head)
        if role in ("open_complement", "complement", "adverbial_clause"):
            return self._controller(verb, head, role)
        return ()

    def _too(self, verb: int) -> list[int]:
        """Who is said to do the same: "X objected, as did Y"."""
        tree, words = self.tree, self.cues.pack.words
        return [
            subject
            for kid in tree.kids(verb, "adverbial_clause", "conjunct", "parataxis")
            if kid > verb and tree.lemma[kid] in words.pro_verbs
            for subject in tree.kids(kid, "subject")
            if subject > kid and not tree.kids(kid, "object", "open_complement", "complement")
        ]

    def _is_cut(self, first: int, last: int) -> bool:
        """Does a clause end between two nouns: at a copula, at "he said"?"""
        tree = self.tree
        return tree.pos[last] in (*NOMINAL, "PRON") and any(
            tree.role[i] in ("copula", "parataxis") for i in range(first + 1, last)
        )

    def _together(self, verb: int) -> list[int]:
        """Who acts with the subject: "X sued together with Y"."""
        tree, words = self.tree, self.cues.pack.words
        return [
            kid
            for kid in tree.kids(verb, "oblique")
            if tree.case[kid] in words.comitative
            or any(
                f"{tree.lower[case - 1]} {tree.lower[case]}" in words.comitative
                for case in tree.kids(kid, "case")
                if case
            )
        ]

    def _antecedents(self, noun: int, clause: int = -1) -> tuple[int, ...]:
        tree, words = self.tree, self.cues.pack.words
        joined = [kid for kid in tree.kids(noun, "conjunct") if noun < kid < clause]
        if joined and all(tree.pos[kid] in NOMINAL for kid in joined):
            return self.expand(noun)  # behind them all, on the first: of "X and Y, who sued", both
        verb = tree.head[noun]
        if tree.case[noun] in words.role_prepositions and tree.pos[verb] in VERBAL:
            called = self.objects(verb)  # "sees the ruling as a precedent that protects …"
            if called and tree.role[noun] == "oblique":
                return called
        noun = self.unwrap(noun)
        if self.tree.pos[noun] not in ("NOUN", "PROPN", "PRON", "NUM", "X"):
            return ()
        return self._described_by(noun) or self._together_with_others(noun)

    def _together_with_others(self, noun: int) -> tuple[int, ...]:
        """A noun with those that it is counted among: "X, Y and eleven other authors who sued"."""
        tree = self.tree
        others = any(tree.lower[kid] in self.cues.pack.words.others for kid in tree.children[noun])
        top = noun
        while others and tree.role[top] == "conjunct" and tree.pos[tree.head[top]] in NOMINAL:
            top = tree.head[top]
        if top == noun:
            return (noun,)
        first = tree.head[top]  # of a list the parser makes the second an apposition of the first
        listed = tree.role[top] == "apposition" and tree.pos[top] == tree.pos[first] == "PROPN"
        return (self.unwrap(first), *self.expand(top)) if listed else self.expand(top)

    def _described_by(self, noun: int) -> tuple[int, ...]:
        """Who a predicate noun is said of, where it is not said of nobody: in "Luka is a firm that
        sells companions", Luka sells; but not in the cleft "it was the firm that …"."""
        tree, words = self.tree, self.cues.pack.words
        verb = self.predicate_of(noun)
        if verb is None or tree.pos[noun] != "NOUN":
            return ()
        plain = [kid for kid in tree.kids(verb, "subject") if kid != noun]
        definite = any(tree.lower[kid] in words.definite for kid in tree.children[noun])
        if definite and any(tree.lower[kid] in words.vague for kid in plain):
            return ()
        if not plain or any(has_own_negation(tree, self.cues, i) for i in (verb, noun)):
            return ()
        if any(tree.lemma[kid] in words.quantifying_nouns for kid in plain):
            return ()  # "all that they offered was a coupon, which …"
        return self.surface_subjects(verb)

    def predicate_of(self, noun: int) -> int | None:
        """The word whose subject a noun is predicated of: the copula above it, or itself."""
        tree = self.tree
        if tree.role[noun] == "predicative" and tree.pos[tree.head[noun]] == "AUX":
            return tree.head[noun]
        return noun if tree.kids(noun, "copula") else None

    def bearers(self, noun: int) -> tuple[int, ...]:
        """Who a noun is said of: in "Ava is a critic of X" and "Ava, a critic of X", Ava; else what
        the noun itself stands for."""
        tree = self.tree
        verb = self.predicate_of(noun)
        if verb is not None:
            return self.surface_subjects(verb)
        if tree.role[noun] in ("apposition", "compound", "flat") and not tree.case[noun]:
            if tree.pos[tree.head[noun]] == "PROPN":
                return (tree.head[noun],)
        return self.expand(noun)

    def _subjects_of_noun_clause(self, verb: int, noun: int) -> tuple[int, ...]:
        tree = self.tree
        if tree.pos[noun] in VERBAL:
            return self._controller(verb, noun, "adverbial_clause")
        infinitive = tree.kids(verb, "auxiliary", "marker", "case")
        effects = self.cues.effects("noun", tree, noun)
        if tree.passive[verb] or not (infinitive or effects):
            return self._antecedents(noun)
        if any(effect.modality == "alleged" for effect in effects):
            return self._charged(noun)
        owners = tree.kids(noun, "possessive")
        if owners:
            return self.expand(owners[0])
        above = tree.head[noun]
        if tree.role[noun] in ("object", "oblique") and tree.pos[above] in VERBAL:
            return self._given(above, noun) or self.surface_subjects(above)
        return ()

    def _given(self, verb: int, noun: int) -> tuple[int, ...]:
        """Who is given time or leave to do something: "gave them two days to download it"."""
        tree, cues = self.tree, self.cues
        if tree.role[noun] != "object" or tree.passive[verb]:
            return ()
        timed = tree.entity[noun] in cues.pack.pipeline.times and tree.entity[noun]
        leave = any(effect.modality == "possible" for effect in cues.effects("noun", tree, noun))
        return self.recipients(verb) if timed or leave else ()

    def _charged(self, noun: int) -> tuple[int, ...]:
        """Who is said to have done what a charge is about: of a denied charge who denies it, else
        whom the verb is done to: "sued X on the charge of pirating …"."""
        tree = self.tree
        verb = tree.head[noun]
        if tree.pos[verb] not in VERBAL:
            return ()
        effects = self.cues.effects("verb", tree, verb)
        if any(effect.negated for effect in effects) or tree.lemma[verb] in self.cues.inverse:
            return self.surface_subjects(verb)
        return tuple(one for one in self.objects(verb) if one != noun)

    def _controller(self, verb: int, head: int, role: str) -> tuple[int, ...]:
        """Who is understood to do the lower verb: the upper object or the upper subject."""
        tree, cues = self.tree, self.cues
        if tree.pos[head] in ("NOUN", "PROPN") and role != "complement":
            if self.is_predicate(head):
                return self.surface_subjects(head)
            return self._subjects_of_noun_clause(verb, head)
        given = tree.kids(head, "object") if role == "adverbial_clause" else ()
        free = self._given(head, given[0]) if given and given[0] < verb else ()
        if free and any(tree.pos[kid] == "PART" for kid in tree.kids(verb, "auxiliary")):
            return free
        gap = self._object_gap(head)
        if gap and reports(tree, cues, "verb", head):  # "the program that they say exploits …"
            return gap
        markers = {tree.lower[kid] for kid in tree.kids(verb, "marker", "case")}
        if markers & cues.pack.words.negative_markers:  # "trained it without paying the writers"
            return self.subjects(head)
        purpose = bool(markers & cues.pack.words.agent_control)
        if purpose and tree.passive[head] and not cues.effects("verb", tree, head):
            return self.subjects(head)  # "the books were used to train …": not by the books
        own = bool(markers & cues.pack.words.agent_control - cues.pack.words.object_control)
        by_object = (
            not own
            and tree.lemma[head] not in cues.subject_control
            and (
                role in ("open_complement", "complement")
                or bool(markers & cues.pack.words.object_control)
                or (not markers and steers(tree, cues, head, verb))
            )
        )
        if by_object and not tree.passive[head]:
            if tree.clitic[head] == "Obj":
                return (head,)
            upper = [kid for kid in tree.kids(head, "object", "recipient") if kid != verb]
            if not upper:  # "called on artists to …"
                through = {
                    word for effect in cues.effects("verb", tree, head) for word in effect.through
                }
                upper = [kid for case, kid in self.obliques(head) if case in through and kid < verb]
            if markers & cues.pack.words.reasons and upper and not self._is_charged(head, markers):
                # "melanggar perjanjian karena meluncurkan …", "menjatuhkan denda kepada X karena …"
                upper = self._aimed_at(head, upper) if tree.lemma[head] in cues.light else upper
                first, last = tree.phrase(upper[0]) if upper else (0, -1)
                met = tree.lemma[head] in cues.inverse  # "menuai kecaman dari X lantaran …"
                if met or not any(tree.entity[i] for i in range(first, last + 1)):
                    return self.surface_subjects(head)
            # "opened a probe to find out": not the probe; but "condemned the use of it to …"
            own_aim = tree.lemma[head] in cues.light or not cues.effects("verb", tree, head)
            carries = purpose and own_aim and bool(upper) and not tree.entity[upper[0]]
            if upper and tree.pos[upper[0]] in ("NOUN", "PROPN", "PRON", "X") and not carries:
                return self.expand(upper[0])
        return self.surface_subjects(head)

    def _aimed_at(self, verb: int, objects: list[int]) -> list[int]:
        """Whom a light verb with its noun is aimed at: "menjatuhkan denda kepada X"; else the
        objects."""
        words = self.cues.pack.words
        wanted = words.recipient_prepositions | words.target_prepositions
        aimed = [
            kid for host in (verb, *objects) for case, kid in self.obliques(host) if case in wanted
        ]
        return aimed or objects

    def _is_charged(self, verb: int, markers: set[str]) -> bool:
        """Does a verb charge its object with what such a marker leads: "mendenda X karena"?"""
        effects = self.cues.effects("verb", self.tree, verb)
        return any(markers & effect.through for effect in effects)

    def is_predicate(self, token: int) -> bool:
        """Is a noun or adjective said of somebody: has it a copula or a subject?"""
        return bool(self.tree.kids(token, "copula", "subject"))

    def _object_gap(self, verb: int) -> tuple[int, ...]:
        """The noun before a relative clause without an object ("the program that they reject")."""
        tree, words = self.tree, self.cues.pack.words
        if tree.role[verb] not in ("relative_clause", "noun_clause"):
            return ()
        if tree.kids(verb, "object") and not any(
            tree.lower[kid] in words.relativizers for kid in tree.kids(verb, "object")
        ):
            return ()  # "at home, where they sued it": the gap is no object
        own = [
            kid for kid in tree.kids(verb, "subject") if tree.lower[kid] not in words.relativizers
        ]
        return self._antecedents(tree.head[verb], verb) if own else ()

    def objects(self, verb: int) -> tuple[int, ...]:
        """Logical direct objects: what is acted on, in the active or the passive voice."""
        tree = self.tree
        if tree.passive[verb]:
            return self.surface_subjects(verb)
        found = [
            one
            for kid in tree.kids(verb, "object")
            if tree.lower[kid] not in self.cues.pack.words.relativizers
            for one in self.expand(kid)
        ]
        if not found and tree.clitic[verb] == "Obj":
            found = [verb]
        amounts = self.cues.pack.pipeline.amounts
        counted = found and (
            tree.entity[found[0]] in amounts or bool(tree.kids(found[0], "numeral"))
        )
        if counted:  # "fined the company a million euros"
            found = list(self.recipients(verb)) or found
        if not found:
            found = list(self._object_gap(verb)) or self._so_called(verb)
        if not found:
            for kid in tree.kids(verb, "conjunct"):  # "protested and sued OpenAI"
                joined = tree.kids(kid, "coordinator", "subject", "marker")
                close = kid - verb <= 3 and not any(tree.role[k] == "subject" for k in joined)
                if close and tree.pos[kid] in VERBAL and tree.passive[kid] == tree.passive[verb]:
                    found = [one for o in tree.kids(kid, "object") for one in self.expand(o)]
        return tuple(found)

    def _so_called(self, verb: int) -> list[int]:
        """What somebody acts on under the name that another gives it: "built what they called an
        illegal database"."""
        tree = self.tree
        return [
            named
            for clause in tree.kids(verb, "complement", "object")
            if any(
                tree.lower[kid] in self.cues.pack.words.relativizers and kid > verb
                for kid in tree.kids(clause, "object", "subject", "predicative")
            )
            for named in tree.kids(clause, "predicative")
            if named > clause and tree.pos[named] in NOMINAL
        ]

    def moved_object(self, verb: int) -> int | None:
        """The logical object where it stands before the verb: of a passive or a relative clause."""
        tree = self.tree
        if not tree.passive[verb] and tree.role[verb] not in ("relative_clause", "noun_clause"):
            return None
        found = self.objects(verb)
        return found[0] if found and found[0] < verb else None

    def subjects(self, verb: int) -> tuple[int, ...]:
        """Logical subjects: who acts; of a passive its agent."""
        tree, pack = self.tree, self.cues.pack
        if not tree.passive[verb]:
            return self.surface_subjects(verb)
        agents = [
            one
            for kid in tree.kids(verb, "agent")
            if tree.case[kid] or tree.entity[kid] or not tree.kids(kid, "numeral")
            for one in self.expand(kid)
        ]  # "dibatasi 1.024 bita": a measure does not act
        if not agents and tree.clitic[verb] == "Agt":
            return (verb,)
        if not agents:
            agents = [
                one
                for kid in tree.kids(verb, "oblique")
                if tree.case[kid] == pack.words.agent_prepositions[0]
                for one in self.expand(kid)
            ]
        if (
            not agents
            and pack.passive.bare_agent
            and tree.lemma[verb] not in self.cues.bare_agent_except
        ):
            agents = [
                one
                for kid in tree.kids(verb, "object")
                if kid > verb and tree.pos[kid] in ("NOUN", "PROPN", "PRON") and not tree.case[kid]
                for one in self.expand(kid)
            ]
        if not agents:  # "disebut tidak adil oleh X": hung on the quality
            agents = [
                one
                for quality in tree.kids(verb, "open_complement", "predicative", "adjective")
                if tree.pos[quality] == "ADJ"
                for case, kid in self.obliques(quality)
                if case == pack.words.agent_prepositions[0]
                for one in self.expand(kid)
            ]
        joined = tree.role[verb] == "conjunct" and tree.passive[tree.head[verb]]
        if not agents and joined and not tree.kids(verb, "subject"):
            agents = list(self.subjects(tree.head[verb]))
        return tuple(agents)

    def recipients(self, verb: int) -> tuple[int, ...]:
        """Indirect objects."""
        return tuple(one for kid in self.tree.kids(verb, "recipient") for one in self.expand(kid))

    def obliques(self, token: int) -> list[tuple[str, int]]:
        """Preposition and noun of each prepositional phrase of a verb, noun or adjective."""
        tree = self.tree
        return [
            (tree.case[kid], kid)
            for kid in tree.children[token]
            if tree.case[kid]
            and tree.role[kid] in ("oblique", "nominal", "agent", "recipient", "adverb")
        ]

    def complements(self, verb: int) -> tuple[int, ...]:
        """Heads of complement clauses and infinitives, in text order; a noun that reports also has
        the one that is hung on its verb: "denied the charge that …"."""
        tree = self.tree
        found = [
            kid
            for kid in tree.kids(
                verb, "complement", "open_complement", "adverbial_clause", "noun_clause"
            )
            if tree.role[kid] in ("complement", "open_complement") or self._is_complement(kid)
        ]
        if not found and tree.role[verb] == "object" and reports(tree, self.cues, "noun", verb):
            beside = tree.kids(tree.head[verb], "complement", "adverbial_clause")
            found = [kid for kid in beside if kid > verb and self._is_complement(kid)]
        return tuple(one for kid in found for one in (kid, *tree.kids(kid, "conjunct")))

    def owners(self, noun: int) -> list[int]:
        """Who a noun is said to be of: possessors and, before or behind it, bare nouns."""
        tree = self.tree
        found = [one for kid in tree.kids(noun, "possessive") for one in self.expand(kid)]
        return found or self._bare_owners(noun)

    def _bare_owners(self, noun: int) -> list[int]:
        """Nouns without a preposition beside a noun, outermost first: "OpenAI policy", "syarat
        moderasi OpenAI", in which the owner hangs on the inner noun."""
        tree = self.tree
        head_first = self.cues.pack.words.noun_head == "first"
        found: list[int] = []
        level = [noun]
        for _ in range(3):
            level = [
                one
                for host in level
                for kid in tree.kids(host, "compound", "nominal", "flat")
                if not tree.case[kid]
                and (tree.pos[kid] in ("PROPN", "NOUN", "PRON", "X") or tree.entity[kid])
                and (kid > noun) == head_first
                for one in self.expand(kid)
            ]
            found.extend(one for one in level if one not in found)
        return found

    def _is_complement(self, clause: int) -> bool:
        """Is a clause a complement by the word that leads it ("bahwa")?"""
        tree, words = self.tree, self.cues.pack.words.complementizers
        return any(tree.lower[kid] in words for kid in tree.kids(clause, "marker"))

    def predicates(self) -> Iterator[int]:
        """Verbs that head a clause, in text order."""
        tree = self.tree
        for token, pos in enumerate(tree.pos):
            if pos == "VERB" or (
                pos == "AUX" and tree.role[token] in CLAUSES | {"root", "conjunct"}
            ):
                if tree.role[token] not in ("adjective", "compound", "auxiliary", "case", "marker"):
                    yield token
