"""Lemmas by rule: the root of every word, and beside it the stem that the frames are built on.

The rules are ``data/languages/<code>/training/lemmas.toml``; what they cannot decide, treebanks, a
dictionary and frequencies in text decide. The results are tables inside the model, so that the
model needs no code of this project.

**Roots** are what ``token.lemma_`` gives: the dictionary base, as the treebanks of Universal
Dependencies have it by majority.

* Verbs lose voice, other prefixes, suffixes, reduplication and clitics: *mengajukan, diajukan,
  ajukan* -> ``aju``; *mempertimbangkan* -> ``timbang``; *terletak* -> ``letak``; *berusia* ->
  ``usia``; *kehilangan* -> ``hilang``.
* So do nouns, adjectives and adverbs: *gugatan* -> ``gugat``; *pemerintah* -> ``perintah``;
  *kebijakan* -> ``bijak``; *anak-anaknya* -> ``anak``; *terbesar* -> ``besar``.
* Words of other parts of speech have the lemma that the treebanks give them (*terhadap* ->
  ``hadap``), else their lower-case form; proper nouns stay as written.

**Stems** are in the table ``stem`` of the lemmatizer's lookups, and the lexicon of frames matches
them, because roots do not tell *ajukan* (submit) from *aju* or *gugatan* (lawsuit) from *gugat*:

* a verb's stem is the verb without the voice prefix (meN- or di-), with the sound that meN-
  swallowed restored, and without clitics: *menggugat, digugat, menggugatnya* -> ``gugat``;
  *menolak, ditolak* -> ``tolak``;
* the suffixes -kan and -i and the prefix per- stay, because they make other verbs: *mengajukan,
  diajukan* -> ``ajukan``; *memenuhi, dipenuhi* -> ``penuhi``; *memperlakukan, diperlakukan* ->
  ``perlakukan``;
* verbs in ber-, ter- and ke-an stay whole (*berjanji, terjadi, kehilangan*), but for the ter-
  verbs that the data file lists (*tergugat* -> ``gugat``);
* nouns lose reduplication and clitics and keep their derivation: *hak-hak, hak-haknya* -> ``hak``;
  *gugatannya* -> ``gugatan``;
* every other word is its lower-case form.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pydantic
from spacy.lookups import Lookups
from spacy.tokenizer import Tokenizer  # type: ignore[import-not-found]

from kg.training_settings import STRICT
from kg.treebanks import TreebankSentence


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=STRICT)
class VerbRules:
    """Voice prefixes, clitics, known stems and exceptions of verbs; see ``lemmas.toml``."""

    tag: str
    passive: tuple[str, ...]
    proclitics: tuple[str, ...]
    clitics: tuple[str, ...]
    prefixes: tuple[str, ...]
    suffixes: tuple[str, ...]
    shortest_stem: int
    common: int
    stems: tuple[str, ...]
    exceptions: dict[str, str]


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=STRICT)
class ActiveRule:
    """One way in which the active prefix joins a stem."""

    prefix: str
    before: tuple[str, ...]
    restore: tuple[str, ...]
    longest_root: int = 99


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=STRICT)
class HyphenatedRules:
    """Voice prefixes that are written with a hyphen before loan words."""

    prefixes: tuple[str, ...]


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=STRICT)
class NounRules:
    """Clitics, words that look reduplicated and exceptions of nouns."""

    tag: str
    clitics: tuple[str, ...]
    whole: frozenset[str]
    exceptions: dict[str, str]


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=STRICT)
class RootWeights:
    """What evidence for a root is worth; see ``lemmas.toml``."""

    doubt: float
    dictionary: float
    rules: float
    family: float
    frequency: float
    unknown: float
    whole: float
    whole_verb: float


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=STRICT)
class RootRules:
    """Affixes around a root, weights and exceptions; see ``lemmas.toml``."""

    tags: tuple[str, ...]
    names: str
    clitics: tuple[str, ...]
    prefixes: tuple[str, ...]
    outermost: tuple[str, ...]
    nasal: tuple[str, ...]
    suffixes: tuple[str, ...]
    verb_prefixes: tuple[str, ...]
    most_prefixes: int
    shortest: int
    least_count: int
    spread: int
    weights: RootWeights
    exceptions: dict[str, str]


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=STRICT)
class LemmaRules:
    """``lemmas.toml``, checked."""

    verbs: VerbRules
    active: tuple[ActiveRule, ...]
    hyphenated: HyphenatedRules
    nouns: NounRules
    roots: RootRules
    particles: dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What is known of the words: frequencies in text, tags and lemmas in treebanks, a dictionary.

    ``words`` counts lower-case forms; ``tags`` counts (form, tag); ``roots`` maps a form to its
    root in the dictionary; ``lemmas`` counts (form, tag, lemma) in each treebank. All but the tags
    is in lower case.
    """

    words: Counter[str]
    tags: Counter[tuple[str, str]]
    roots: Mapping[str, str] = field(default_factory=dict)
    lemmas: Sequence[Counter[tuple[str, str, str]]] = ()


def _bare(stem: str, rules: VerbRules) -> list[str]:
    """The stem, and the stem without the prefixes and suffixes that make verbs."""
    found = [stem, *(stem.removeprefix(prefix) for prefix in rules.prefixes)]
    found += [form.removesuffix(suffix) for form in found for suffix in rules.suffixes]
    return [
        form for form in dict.fromkeys(found) if len(form) >= rules.shortest_stem or form == stem
    ]


def _candidates(form: str, rules: LemmaRules) -> list[str]:
    """All stems that ``form`` may have, given its voice prefix; [] for a form without one."""
    verbs = rules.verbs
    found = [form.removeprefix(prefix) for prefix in verbs.passive if form.startswith(prefix)]
    for rule in rules.active:
        rest = form.removeprefix(rule.prefix)
        if rest == form or not rest.startswith(rule.before):
            continue
        root = min(_bare(rest, verbs), key=len)
        if len(root) <= rule.longest_root:
            found.extend(letter + rest for letter in rule.restore)
    return [stem for stem in dict.fromkeys(found) if len(stem) >= verbs.shortest_stem]


def _weigh(stem: str, form: str, rules: LemmaRules, vocabulary: Vocabulary) -> tuple[int, ...]:
    """Evidence for a stem, the strongest first; all zero if nothing speaks for it."""
    words, roots = vocabulary.words, vocabulary.roots
    root = roots.get(form, "")
    bare = _bare(stem, rules.verbs)
    passive = sum(words[prefix + stem] for prefix in rules.verbs.passive if prefix + stem != form)
    voices = sum(words[other] for other in _voice_forms(stem, rules) if other != form)
    return (
        int(stem in rules.verbs.stems),
        int(passive > 1),
        int(root != form and root in bare),
        voices,
        max(words[b] for b in bare) if len(stem) > 3 or passive else 0,
        int(any(b in roots for b in bare)),
    )


def indonesian_stem(form: str, tag: str, rules: LemmaRules, vocabulary: Vocabulary) -> str:
    """The stem of a lower-case word by the convention at the top of this module.

    ``tag`` is the universal tag; for tags other than verb and noun only ``particles`` are looked
    up. Of the stems that a voice prefix allows, the one with the best evidence wins: a stem of the
    data file, one with an attested passive, one that the dictionary gives, one with other attested
    voices, one attested by itself.
    A prefix is taken off only if something speaks for the stem, so that *mencla* stays *mencla*.
    """
    if tag == rules.verbs.tag:
        return _verb_stem(form, rules, vocabulary)
    if tag == rules.nouns.tag:
        return _noun_stem(form, rules.nouns)
    return rules.particles.get(tag, {}).get(form, form)


def _verb_stem(form: str, rules: LemmaRules, vocabulary: Vocabulary) -> str:
    verbs = rules.verbs
    if form in verbs.exceptions:
        return verbs.exceptions[form]
    for prefix in sorted(rules.hyphenated.prefixes, key=len, reverse=True):
        if form.startswith(prefix):
            return form.removeprefix(prefix)
    first, hyphen, second = form.partition("-")
    if hyphen and first and second:
        stem = _verb_stem(first, rules, vocabulary)
        if stem == first:
            return form
        return f"{stem}-{second if second.startswith(stem) else stem}"
    for clitic in sorted(verbs.clitics, key=len, reverse=True):
        host = form.removesuffix(clitic)
        if host == form or len(host) < verbs.shortest_stem + 1:
            continue
        lemma = _verb_stem(host, rules, vocabulary)
        usual = vocabulary.words[host] * 20 >= vocabulary.words[form]
        if usual and (lemma != host or vocabulary.tags[host, verbs.tag]):
            return lemma
    weighed = [(_weigh(s, form, rules, vocabulary), s) for s in _candidates(form, rules)]
    if weighed:
        weight, stem = max(weighed, key=lambda pair: pair[0])
        if any(weight):
            return stem
    for proclitic in verbs.proclitics:
        rest = form.removeprefix(proclitic)
        if rest != form and (
            rest in verbs.stems or vocabulary.words[f"{verbs.passive[0]}{rest}"] > 1
        ):
            return rest
    return form


def _noun_stem(form: str, rules: NounRules) -> str:
    if form in rules.exceptions:
        return rules.exceptions[form]
    for clitic in rules.clitics:
        host = form.removesuffix(clitic)
        if host != form and len(host) > 2:
            form = host
            break
    first, hyphen, second = form.partition("-")
    if hyphen and first == second and form not in rules.whole:
        return first
    return form


def _voice_forms(stem: str, rules: LemmaRules) -> list[str]:
    """The passive and all active forms that the rules allow for a stem."""
    forms = [prefix + stem for prefix in rules.verbs.passive]
    root = min(_bare(stem, rules.verbs), key=len)
    for rule in rules.active:
        if len(root) > rule.longest_root:
            continue
        for letter in rule.restore:
            rest = stem.removeprefix(letter)
            if stem.startswith(letter) and rest.startswith(rule.before):
                forms.append(rule.prefix + rest)
    return forms


@dataclass(frozen=True, slots=True)
class RootEvidence:
    """What speaks for roots.

    ``votes`` weighs the lemmas that treebanks give to a form with a tag, and to a form with any
    tag but that of names (tag ""), in [0, 1] a treebank; ``families`` counts the forms that are
    known to come from a root.
    """

    votes: Mapping[tuple[str, str], Mapping[str, float]]
    families: Counter[str]


def weigh_roots(rules: LemmaRules, vocabulary: Vocabulary) -> RootEvidence:
    """Gather the evidence for roots from the treebanks and the dictionary of a vocabulary.

    Every treebank has one voice, divided among the lemmas by which it has them, and lower the
    rarer the form. A lemma that a treebank gives once and that no text has is taken for a slip.
    """
    votes: defaultdict[tuple[str, str], defaultdict[str, float]] = defaultdict(
        lambda: defaultdict(float)
    )
    for treebank in vocabulary.lemmas:
        given: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for (form, tag, lemma), count in treebank.items():
            given[form, tag][lemma] += count
            if tag != rules.roots.names:
                given[form, ""][lemma] += count
        for key, lemmas in given.items():
            for lemma, count in lemmas.items():
                if count > 1 or lemma in vocabulary.words:
                    votes[key][lemma] += count / (lemmas.total() + rules.roots.weights.doubt)
    families = Counter(vocabulary.roots.values())
    for (form, tag), weighed in votes.items():
        if not tag:
            usual = min(weighed, key=lambda lemma: (-weighed[lemma], lemma))
            if vocabulary.roots.get(form) != usual:
                families[usual] += 1
    return RootEvidence({key: dict(weighed) for key, weighed in votes.items()}, families)


def _without_prefix(form: str, rules: LemmaRules, *, outermost: bool) -> Iterable[str]:
    """What one prefix, plain or with a nasal, leaves of a form."""
    roots = rules.roots
    for prefix in (*roots.outermost, *roots.prefixes) if outermost else roots.prefixes:
        if form.startswith(prefix):
            yield form.removeprefix(prefix)
    for rule in rules.active:
        for start in roots.nasal:
            prefix = start + rule.prefix[len(start) :]
            rest = form.removeprefix(prefix)
            if rest != form and rest.startswith(rule.before):
                yield from (letter + rest for letter in rule.restore)


def _underived(form: str, rules: LemmaRules) -> list[str]:
    """The form and all that is left of it without clitic, suffix and prefixes."""
    roots = rules.roots
    found = {form: None}
    for endings in (roots.clitics, roots.suffixes):
        found |= dict.fromkeys(base.removesuffix(ending) for base in found for ending in endings)
    found = {base: None for base in found if len(base) >= roots.shortest or base == form}
    level = list(found)
    for depth in range(roots.most_prefixes):
        level = [
            rest
            for base in level
            for rest in _without_prefix(base, rules, outermost=not depth)
            if len(rest) >= roots.shortest and rest not in found
        ]
        found |= dict.fromkeys(level)
    return list(found)


def indonesian_root(
    form: str, tag: str, rules: LemmaRules, vocabulary: Vocabulary, evidence: RootEvidence
) -> str:
    """The root of a lower-case word by the convention at the top of this module.

    The treebanks (by the form with this tag, or with any tag if none has it with this one), the
    dictionary, where it has another word than the form, and the affix rules vote; of equals, the
    one that is not the form itself wins. Only forms of the tags that ``lemmas.toml`` names have
    other votes than those of the treebanks.
    """
    roots = rules.roots
    if tag == roots.names:
        return form
    if form in roots.exceptions:
        return roots.exceptions[form]
    if form in rules.particles.get(tag, {}):
        return rules.particles[tag][form]
    weights = roots.weights
    votes = dict(evidence.votes.get((form, tag)) or evidence.votes.get((form, "")) or {})
    by_rule = form
    if tag in roots.tags:
        by_rule = _root_by_rule(form, tag, rules, vocabulary, evidence)
        votes[by_rule] = votes.get(by_rule, 0) + weights.rules
        root = vocabulary.roots.get(form, form)
        if root != form:
            votes[root] = votes.get(root, 0) + weights.dictionary
    if not votes:
        return form
    return min(votes, key=lambda x: (-votes[x], x == form, x != by_rule, len(x), x))


def _root_by_rule(
    form: str, tag: str, rules: LemmaRules, vocabulary: Vocabulary, evidence: RootEvidence
) -> str:
    if "-" in form:
        return _hyphenated_root(form, rules, vocabulary, evidence)
    weights, words = rules.roots.weights, vocabulary.words
    derived = tag == rules.verbs.tag and (
        form.startswith(rules.roots.verb_prefixes) or bool(_candidates(form, rules))
    )

    def worth(base: str) -> float:
        family = evidence.families[base]
        if base == form and not family:
            return weights.whole_verb if derived else weights.whole
        if not family and words[base] < rules.roots.least_count:
            return -math.inf
        frequency = 0 if base == form else words[base]
        known = weights.family * math.log1p(family) if family else -weights.unknown
        return known + weights.frequency * math.log1p(frequency)

    return max(_underived(form, rules), key=worth)


def _hyphenated_root(
    form: str, rules: LemmaRules, vocabulary: Vocabulary, evidence: RootEvidence
) -> str:
    """The root of a reduplicated word, of a loan word behind a prefix and of a word with clitic."""

    def root(part: str) -> str:
        return indonesian_root(part, rules.verbs.tag, rules, vocabulary, evidence)

    for prefix in sorted(rules.hyphenated.prefixes, key=len, reverse=True):
        if form.startswith(prefix):
            return form.removeprefix(prefix)
    first, _, second = form.partition("-")
    if not first or not second:
        return form
    if second in rules.roots.clitics or second.startswith(first):
        return root(first)
    bases = _underived(first, rules)
    if second in bases or root(second) in bases:
        return root(second) if root(first) == first else root(first)
    return form


def _verb_stems(rules: LemmaRules, vocabulary: Vocabulary) -> tuple[dict[str, str], dict[str, str]]:
    """Stems of verb forms: of all, and of those that are verbs beyond doubt.

    All are the verb forms of the vocabulary and the voice forms of all stems found there. Beyond
    doubt are those with both voices attested, and no other tag more frequent in the treebanks;
    they keep their stem whatever their tag, because headlines mislead the tagger.
    """
    verbs = rules.verbs
    passive = verbs.passive[0]
    lemmas: dict[str, str] = {}
    stems: Counter[str] = Counter(dict.fromkeys(verbs.stems, 2))
    for form in sorted(vocabulary.words):
        lemma = _verb_stem(form, rules, vocabulary)
        if lemma == form:
            continue
        lemmas[form] = lemma
        if lemma in _candidates(form, rules):
            stems[lemma] += 1
    wider = Vocabulary(
        vocabulary.words + Counter({passive + s: 2 for s, n in stems.items() if n > 1}),
        vocabulary.tags,
        vocabulary.roots,
    )
    for stem in sorted(stems):
        for form in _voice_forms(stem, rules):
            for whole in (form, form + verbs.clitics[0]):
                lemmas.setdefault(whole, _verb_stem(whole, rules, wider))
    roots = {root for root, count in vocabulary.words.items() if count >= verbs.common}
    for root in sorted(roots | set(vocabulary.roots.values())):
        if root.isalpha() and len(root) > verbs.shortest_stem:
            for suffix in ("", *verbs.suffixes):
                for form in _voice_forms(root + suffix, rules):
                    if form not in vocabulary.words:
                        lemmas.setdefault(form, _verb_stem(form, rules, wider))
    lemmas = {form: lemma for form, lemma in lemmas.items() if form != lemma}
    lemmas.update(verbs.exceptions)
    other_tags: Counter[str] = Counter()
    for (form, tag), count in vocabulary.tags.items():
        if tag != verbs.tag:
            other_tags[form] += count
    certain = {
        form: lemma
        for form, lemma in lemmas.items()
        if lemma in _candidates(form, rules)
        and (stems[lemma] > 1 or vocabulary.tags[form, verbs.tag] > 1)
        and (vocabulary.words[form] or lemma in verbs.stems)
        and other_tags[form] <= vocabulary.tags[form, verbs.tag]
        and vocabulary.words[form] >= vocabulary.words[lemma] // 50
    }
    return lemmas, certain


def _root_tables(
    rules: LemmaRules,
    vocabulary: Vocabulary,
    *,
    verbs: Mapping[str, str],
    certain: Mapping[str, str],
) -> dict[str, dict[str, str]]:
    """Per tag, all forms that it may have and whose root is another word.

    A word of the treebanks stands under its tags there, any other under those that its shape
    suggests. As taggers err, verbs beyond doubt stand under every tag, frequent words under every
    tag whose words have roots by rule. Voice forms of known roots that no text has are added, with
    a clitic only if a text has the rest.
    """
    roots, verb = rules.roots, rules.verbs.tag
    evidence = weigh_roots(rules, vocabulary)
    tables: dict[str, dict[str, str]] = {tag: {} for tag in (*roots.tags, roots.names)}
    for tag, words in rules.particles.items():
        tables.setdefault(tag, {}).update(words)

    def add(form: str, tag: str) -> None:
        root = indonesian_root(form, tag, rules, vocabulary, evidence)
        if root != form:
            tables.setdefault(tag, {})[form] = root

    for form, tag in sorted({key[:2] for treebank in vocabulary.lemmas for key in treebank}):
        add(form, tag)
    for form, tag in sorted(vocabulary.tags):
        if tag in roots.tags:
            add(form, tag)
    seen = {form for form, _ in vocabulary.tags}
    for form, count in sorted(vocabulary.words.items()):
        if form in verbs or form.startswith(roots.verb_prefixes):
            add(form, verb)
        elif form not in seen and count >= roots.least_count:
            add(form, rules.nouns.tag)
        if count >= roots.spread:
            for tag in roots.tags:
                add(form, tag)
    for form in sorted({*certain, *roots.exceptions}):
        root = indonesian_root(form, verb, rules, vocabulary, evidence)
        for tag in (*roots.tags, roots.names) if form in certain else roots.tags:
            tables[tag].setdefault(form, root)
    for form in sorted(verbs):
        hosts = [form.removesuffix(clitic) for clitic in roots.clitics if form.endswith(clitic)]
        if form not in vocabulary.words and all(host in vocabulary.words for host in hosts):
            root = indonesian_root(form, verb, rules, vocabulary, evidence)
            if evidence.families[root] and root != form:
                tables[verb].setdefault(form, root)
    return tables


def _stem_table(
    rules: LemmaRules, verbs: Mapping[str, str], certain: Mapping[str, str]
) -> dict[str, Any]:
    """The stems of all tags in the notation of ``read_stems``."""
    verb, noun = rules.verbs.tag, rules.nouns.tag
    clitics = rules.nouns.clitics

    def follows(form: str) -> bool:
        hosts = (form.removesuffix(clitic) for clitic in clitics if form.endswith(clitic))
        return any(verbs.get(host) == verbs[form] for host in hosts)

    common = {form: stem for form, stem in certain.items() if not follows(form)}
    own = {form: s for form, s in verbs.items() if form not in certain and not follows(form)}
    nouns = {word: word for word in sorted(rules.nouns.whole)} | rules.nouns.exceptions
    groups = [
        [[verb, noun, "ADJ", rules.roots.names], _pack(common)],
        [[verb], _pack(own)],
        [[noun], _pack(nouns)],
        *([[tag], _pack(words)] for tag, words in rules.particles.items()),
    ]
    return {"groups": groups, "clitics": clitics, "nominal": [noun]}


def _pack(stems: Mapping[str, str]) -> dict[str, str]:
    """Stems by how their forms differ: ``{"di> mem>p": "pakai pukul"}`` for dipakai, memakai …"""
    changes: defaultdict[str, list[str]] = defaultdict(list)
    for form, stem in sorted(stems.items()):
        rest = next(form[at:] for at in range(len(form) + 1) if stem.endswith(form[at:]))
        changes[stem].append(f"{form.removesuffix(rest)}>{stem.removesuffix(rest)}")
    packed: defaultdict[str, list[str]] = defaultdict(list)
    for stem, ways in changes.items():
        packed[" ".join(ways)].append(stem)
    return {ways: " ".join(found) for ways, found in packed.items()}


def read_stems(lookups: Lookups) -> Callable[[str, str], str] | None:
    """What gives the stem of a word with a tag, if a model's lookups have stems, else None.

    The table ``stem`` has three entries. ``groups``: pairs of tags and stems, these by how forms
    differ from them: what stands in the form and, after ``>``, in the stem before that which both
    have. ``clitics`` are taken off a word if the rest has a stem; off words with a tag of
    ``nominal`` always, and these lose reduplication as well.

    >>> lookups = Lookups()
    >>> groups = [[["VERB"], {"di> mem>p": "pakai pukul"}], [["NOUN"], {">": "undang-undang"}]]
    >>> table = {"groups": groups, "clitics": ["nya"], "nominal": ["NOUN"]}
    >>> _ = lookups.add_table("stem", table)
    >>> stem_of = read_stems(lookups)
    >>> [stem_of(word, "VERB") for word in ("memukulnya", "Dipakai", "bertanya")]
    ['pukul', 'pakai', 'bertanya']
    >>> [stem_of(word, "NOUN") for word in ("hak-haknya", "undang-undangnya", "pukulan")]
    ['hak', 'undang-undang', 'pukulan']
    """
    if not lookups.has_table("stem"):
        return None
    table = lookups.get_table("stem")
    stems: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for tags, packed in table["groups"]:
        forms: dict[str, str] = {}
        for ways, found in packed.items():
            pairs = [way.partition(">")[::2] for way in ways.split(" ")]
            for stem in found.split(" "):
                forms |= {before + stem.removeprefix(after): stem for before, after in pairs}
        for tag in tags:
            stems[tag] |= forms
    clitics, nominal = table["clitics"], frozenset(table["nominal"])

    def stem_of(word: str, tag: str) -> str:
        form = word.lower()
        forms = stems.get(tag, {})
        hosts = [form.removesuffix(clitic) for clitic in clitics if form != clitic]
        known = next((forms[host] for host in (form, *hosts) if host in forms), None)
        if known is not None:
            return known
        if tag not in nominal:
            return form
        form = min([form, *hosts], key=len)
        first, _, second = form.partition("-")
        return first if first and first == second else form

    return stem_of


def make_lemma_tables(rules: LemmaRules, vocabulary: Vocabulary) -> dict[str, dict[str, Any]]:
    """Tables for spaCy's lemmatizer in the mode ``rule``, and ``stem`` for ``read_stems``.

    ``lemma_exc`` holds, per tag, every form whose root is another word; ``lemma_rules`` takes the
    clitic off nouns that it lacks.
    """
    verbs, certain = _verb_stems(rules, vocabulary)
    exceptions = _root_tables(rules, vocabulary, verbs=verbs, certain=certain)
    # Without a rule spaCy keeps the capitals of words whose tag has a table; only names shall.
    suffixes = {tag.lower(): [["", ""]] for tag in exceptions if tag != rules.roots.names}
    suffixes[rules.nouns.tag.lower()] = [*([c, ""] for c in rules.nouns.clitics), ["", ""]]
    return {
        "lemma_rules": suffixes,
        "lemma_exc": {
            tag.lower(): {form: [words[form]] for form in sorted(words)}
            for tag, words in exceptions.items()
        },
        "lemma_index": {},
        "stem": _stem_table(rules, verbs, certain),
    }


def gather_vocabulary(
    tokenizer: Tokenizer,
    lines: Iterable[str],
    treebanks: Iterable[Sequence[TreebankSentence]],
    *,
    code: str,
) -> Vocabulary:
    """Count the words of raw text and treebanks and take the roots of simplemma's dictionary.

    A treebank that comes again, to weigh more in training, counts once for lemmas.
    """
    from simplemma.strategies.dictionaries.dictionary_factory import (  # noqa: PLC0415
        DefaultDictionaryFactory,
    )

    words: Counter[str] = Counter()
    tags: Counter[tuple[str, str]] = Counter()
    lemmas: dict[Sequence[TreebankSentence], Counter[tuple[str, str, str]]] = {}
    for doc in tokenizer.pipe(lines):
        words.update(token.lower_ for token in doc)
    for sentences in treebanks:
        given: Counter[tuple[str, str, str]] = Counter()
        for sentence in sentences:
            for word, tag, lemma in zip(
                sentence.words, sentence.tags, sentence.lemmas, strict=True
            ):
                words[word.lower()] += 1
                tags[word.lower(), tag] += 1
                if lemma:
                    given[word.lower(), tag, lemma.lower()] += 1
        lemmas[sentences] = given
    words = Counter({w: n for w, n in words.items() if w.replace("-", "").isalpha()})
    dictionary = DefaultDictionaryFactory().get_dictionary(code)
    roots = {form.lower(): dictionary[form].lower() for form in dictionary}
    return Vocabulary(words, tags, roots, tuple(lemmas.values()))
