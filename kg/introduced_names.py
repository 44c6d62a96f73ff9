"""Names that the pipeline does not see, told by the noun before them: "the music site Tunely"."""

from kg.bodies import body_of
from kg.languages import EXACTLY
from kg.names import Name, Names, mint
from kg.records import Entity
from kg.syntax import Tree
from kg.vocabulary import is_a

_LONGEST_NAME = 4  # words


def add_introduced(
    tree: Tree, names: Names, found: list[Name], taken: list[bool]
) -> dict[tuple[str, ...], Entity]:
    """Adds the names that a noun introduces where nothing was found; the noun says what they are.

    "The music service Tunely", "producer Nils Ek", "rumah produksi Nusa Kreasi"; and, where nouns
    lead, the body between a role and who has it: "Direktur Nusa Kreasi, Lidya Hartono". Returns
    what the words of each stand for; ``found`` and ``taken`` are added to.
    """
    minted: dict[tuple[str, ...], Entity] = {}
    staff = _staff(names)
    for noun in range(len(tree) - 1):
        if not tree.word[noun + 1][:1].isupper() or taken[noun] or tree.plural[noun]:
            continue
        first = end = noun + 1
        while (
            end < len(tree)
            and end - first < _LONGEST_NAME
            and _goes_on(tree, names, end, noun, taken)
        ):
            end += 1
        words = tuple(tree.word[first:end])
        if not words or words in minted:
            continue
        if tree.lower[noun] in staff:
            kind = "Organization" if _has_holder(tree, end, found) else ""
        else:
            kind = _kind(tree, names, noun)
        if kind and (len(words) > 1 or not is_a(kind, "Person")):
            label = tree.text(first, end - 1)
            if tree.pos[noun] == "PROPN" and body_of(label, names.pack.code):
                continue  # "Justice Department Council" is nobody's name
            minted[words] = mint(kind, label, names.pack.code, name=True)
            found.append(Name(first, end, minted[words], "byRecognition"))
            taken[first:end] = [True] * (end - first)
    return minted


def _staff(names: Names) -> frozenset[str]:
    """The last words of the roles that people have in an organization, where nouns lead: behind
    them stands its name."""
    if names.pack.words.noun_head != "first":
        return frozenset()
    roles = [role for role in names.pack.role if role.relation == "affiliatedWith"]
    return frozenset(noun.split()[-1] for role in roles if not role.of_place for noun in role.nouns)


def _has_holder(tree: Tree, end: int, found: list[Name]) -> bool:
    """Does a person follow, with or without a comma?"""
    behind = end + 1 if tree.word[end : end + 1] == [","] else end
    return any(one.first == behind and is_a(one.entity.type, "Person") for one in found)


def _kind(tree: Tree, names: Names, noun: int) -> str:
    """The type that a noun says of the name behind it, "" where it says none."""
    lemma, words = tree.lemma[noun], names.pack.words
    leads = words.noun_head == "first"
    if not leads and tree.pos[noun] == "PROPN" and lemma in names.titles:
        return "Person"  # "Justice Amit Bansal"
    if tree.pos[noun] != "NOUN" or (leads and tree.word[noun][:1].isupper()):
        return ""
    pair = f"{tree.lower[noun - 1]} {tree.lower[noun]}" if leads and noun > 0 else ""
    described = names.compounds.get(pair) or names.descriptions.get(lemma, ())
    kinds = [kind.removeprefix(EXACTLY) for one in described for kind in one.types]
    if kinds:
        return kinds[0]
    person = lemma in names.role_nouns or lemma in words.people
    return "Person" if person and not leads else ""


def _goes_on(tree: Tree, names: Names, token: int, noun: int, taken: list[bool]) -> bool:
    """Is a word one more of a name that the pipeline does not see?"""
    free = not taken[token] and tree.sentence[token] == tree.sentence[noun]
    dated = tree.lower[token] in names.pack.words.times or (
        tree.entity[token] in names.pack.pipeline.times and bool(tree.entity[token])
    )
    leads = names.pack.words.noun_head == "first"  # adjectives stand behind the noun, too
    kinds = {"PROPN", "X"} if leads else {"PROPN", "X", "ADV", "ADJ", "NOUN", "VERB"}
    generic = tree.lower[token] in names.pack.words.generic_modifiers
    title = leads and tree.lemma[token] in names.role_nouns
    return (
        free
        and not (dated or generic or title)
        and tree.pos[token] in kinds
        and tree.word[token][:1].isupper()
        and tree.word[token].isalnum()
    )
