"""The words of a language pack that steer clauses, indexed by the lemmas of its pipeline."""

from collections.abc import Callable
from dataclasses import dataclass

from kg.languages import Governor, LanguagePack
from kg.syntax import Tree


@dataclass(frozen=True, slots=True)
class Cues:
    """A pack's words under the lemmas that the pipeline gives them. ``governors`` are looked up
    with ``effects``: one with a particle ("rule out") is another word than the bare verb."""

    pack: LanguagePack
    governors: dict[tuple[str, str], tuple[Governor, ...]]
    neg_raising: frozenset[str]
    light: frozenset[str]
    inverse: frozenset[str]
    arising: frozenset[str]
    subject_control: frozenset[str]
    bare_agent_except: frozenset[str]
    role_pairs: frozenset[tuple[str, str]]
    judging: dict[str, str]
    judging_denied: dict[str, str]
    naming: frozenset[str]
    provisions: frozenset[str]
    ruling: frozenset[str]

    def effects(self, kind: str, tree: Tree, token: int) -> tuple[Governor, ...]:
        """What a word makes of the clause that it takes, () where it takes none."""
        lemma = tree.lemma[token]
        for kid in tree.kids(token, "particle", "adverb"):
            found = self.governors.get((kind, f"{lemma} {tree.lower[kid]}"))
            if found is not None:
                return found
        return self.governors.get((kind, lemma), ())


def compile_cues(pack: LanguagePack, lemma_of: Callable[[str, str], str]) -> Cues:
    """Indexes a pack by lemma. ``lemma_of`` turns a dictionary form and its part of
    speech into the pipeline's lemma."""
    governors: dict[tuple[str, str], tuple[Governor, ...]] = {}
    for governor in pack.governor:
        for kind, pos, words in (
            ("verb", "VERB", governor.verbs),
            ("adjective", "ADJ", governor.adjectives),
            ("noun", "NOUN", governor.nouns),
        ):
            for word in words:
                first, *rest = word.split()
                key = kind, " ".join((lemma_of(first, pos), *rest))
                governors[key] = (*governors.get(key, ()), governor)

    def lemmas(words: tuple[str, ...]) -> frozenset[str]:
        return frozenset(lemma_of(word, "VERB") for word in words)

    return Cues(
        pack=pack,
        governors=governors,
        neg_raising=lemmas(pack.neg_raising),
        light=lemmas(pack.light.verbs),
        inverse=lemmas(pack.light.inverse),
        arising=lemmas(pack.light.arising),
        subject_control=lemmas(pack.words.subject_control),
        bare_agent_except=lemmas(pack.passive.bare_agent_except),
        judging={
            lemma_of(word, pos): evaluation.relation
            for evaluation in pack.evaluation
            for pos, words in (("ADJ", evaluation.adjectives), ("NOUN", evaluation.nouns))
            for word in words
        },
        judging_denied={
            lemma_of(word, "ADJ"): evaluation.relation
            for evaluation in pack.evaluation
            for word in evaluation.denied
        },
        provisions=frozenset(lemma_of(noun, "NOUN") for noun in pack.provision.nouns),
        ruling=lemmas(pack.ruling.verbs),
        naming=lemmas(tuple(verb for e in pack.evaluation for verb in e.naming)),
        role_pairs=frozenset(
            (first, second)
            for role in pack.role
            for noun in role.nouns
            for first, second in zip(noun.split(), noun.split()[1:], strict=False)
        ),
    )
