"""Names that an article introduces for what it has named in full: surnames, first words, acronyms.

The acronym in brackets behind its long form is that of Schwartz and Hearst (2003), the initials
taken from the capitalised words.
"""

from collections.abc import Iterator, Mapping, Sequence

from kg.names import Name, Names
from kg.syntax import Tree
from kg.vocabulary import is_a

_LONGEST = 8  # letters of an acronym
_LEAST = 2
_LEAST_INITIALS = 3  # of an acronym that the article does not explain
_WORDS = 3  # of an organization that goes by the first one: "Universal" of "Universal Music Group"
_ARTICLE = "The"


def is_acronym(word: str) -> bool:
    """Can a word in brackets be a short form of the name before it: "SPD", "OECD"?"""
    return word.isupper() and _LEAST <= len(word) <= _LONGEST and word.isalpha()


def initials(words: Sequence[str]) -> str:
    """The first letters of the capitalised words of a name, "" where they are too few to go by.

    >>> initials("App Drivers and Couriers Union".split()), initials(["Stability", "AI"])
    ('ADCU', '')
    """
    letters = "".join(word[0] for word in words if word[:1].isupper() and word != _ARTICLE)
    return letters if is_acronym(letters) and len(letters) >= _LEAST_INITIALS else ""


def defined_names(tree: Tree) -> Iterator[tuple[int, int]]:
    """Long forms before an acronym in brackets whose letters begin their capitalised words.

    First and last token but one of each, in text order: "Serikat Pekerja Digital (SPD)".
    """
    for bracket in range(1, len(tree) - 2):
        acronym = tree.word[bracket + 1]
        if tree.word[bracket] != "(" or not is_acronym(acronym) or tree.word[bracket + 2] != ")":
            continue
        first, left = bracket, list(acronym)
        while left and first > 0 and tree.sentence[first - 1] == tree.sentence[bracket]:
            word = tree.word[first - 1]
            if word[:1].isupper():
                if word[0] != left[-1]:
                    break
                left.pop()
            elif not (word.isalpha() and len(word) <= 4):  # "dan", "of", "for"
                break
            first -= 1
        if not left:
            yield first, bracket


def introduced_acronyms(tree: Tree, ends: Mapping[int, str]) -> set[str]:
    """Acronyms in brackets behind names; ``ends`` maps the token behind a name to its type.

    A person has none: "(R)" and "(AS)" behind one are party and country.
    """
    return {
        tree.word[end + 1]
        for end, kind in ends.items()
        if end + 2 < len(tree)
        and tree.word[end] == "("
        and tree.word[end + 2] in (")", "/", ",", ";")
        and is_acronym(tree.word[end + 1])
        and not is_a(kind, "Person")
    }


def has_first_name(tree: Tree, names: Names, token: int) -> bool:
    """Is a surname preceded by a first name, and not by a title: "Robert Altman", "CEO Altman"?"""
    before = token - 1
    if before < 0 or tree.sentence[before] != tree.sentence[token]:
        return False
    lower, lemma = tree.lower[before], tree.lemma[before]
    titled = lower in names.pack.words.honorifics or lemma in names.role_nouns
    described = lemma in names.titles or lemma in names.descriptions
    common = lower in names.terms or lemma in names.terms
    return (
        tree.pos[before] == "PROPN"
        and tree.word[before][:1].isupper()
        and "PER" in tree.entity[before][:3]
        and "PER" in tree.entity[token][:3]
        and not (titled or described or common)
    )


def _is_own(tree: Tree, names: Names, name: Name) -> bool:
    """Is the first word of a name its own, and no country, number or quality: "Meridian Health"?"""
    known = tree.word[name.first] in names.by_first
    return all(
        tree.pos[token] == "PROPN"
        and (name.first <= token < name.end or not (known and tree.entity[token]))
        for token, word in enumerate(tree.word)
        if word == tree.word[name.first]
    )


def add_short_names(tree: Tree, found: list[Name], taken: list[bool], names: Names) -> None:
    """Surnames after full names, the first word of a company of two words and acronyms in
    brackets, where nothing else has the words and they are no common term."""
    short: dict[str, tuple[Name, str]] = {}
    for name in sorted(found, key=lambda name: name.first):
        kind = name.entity.type
        words = tree.word[name.first : name.end]
        if words[0] == _ARTICLE:
            words = words[1:]  # "Arena" of "The Arena Group"
        if is_a(kind, "Person") and len(words) > 1 and names.pack.words.first_names:
            first_word = words[0]
            if first_word.lower() not in names.terms and len(first_word.rstrip(".")) > 1:
                short.setdefault(first_word, (name, "byShortName"))
        if (is_a(kind, "Person") and len(words) > 1) or (kind == "NewsOutlet" and len(words) > 2):
            short.setdefault(words[-1], (name, "byShortName"))
        elif (
            _LEAST <= len(words) <= _WORDS
            and words[0].lower() not in names.terms
            and (kind == "Company" or (kind == "Organization" and _is_own(tree, names, name)))
        ):
            short.setdefault(words[0], (name, "byShortName"))
        for acronym in introduced_acronyms(tree, {name.end: kind}):
            short.setdefault(acronym, (name, "byAcronym"))
        if is_a(kind, "Organization"):
            for full in (words, name.entity.label.split()):
                short.setdefault(initials(full), (name, "byAcronym"))
    short.pop("", None)
    if not short:
        return
    for token, word in enumerate(tree.word):
        if word not in short or taken[token] or tree.pos[token] == "ADJ":
            continue
        name, method = short[word]
        person = is_a(name.entity.type, "Person")
        if name.end > token or (person and has_first_name(tree, names, token)):
            continue
        first = token
        if tree.word[name.first] == tree.word[token - 1] == _ARTICLE and not taken[token - 1]:
            first -= 1  # "The Times" of "The New York Times"
        found.append(Name(first, token + 1, name.entity, method))
        taken[first : token + 1] = [True] * (token + 1 - first)
