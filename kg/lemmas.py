"""Lemmas by rule: the stem of a verb without its voice, the noun without reduplication and clitics.

The rules are ``data/languages/<code>/training/lemmas.toml``; what they cannot decide, frequencies
in text and a dictionary decide. The result is a table inside the model, so that the model needs no
code of this project.

The lexicon of frames is built on this convention:

* a verb's lemma is its stem without the voice prefix (meN- or di-), with the sound that meN-
  swallowed restored, and without clitics: *menggugat, digugat, menggugatnya* -> ``gugat``;
  *menolak, ditolak* -> ``tolak``;
* the suffixes -kan and -i and the prefix per- stay, because they make other verbs: *mengajukan,
  diajukan* -> ``ajukan``; *memenuhi, dipenuhi* -> ``penuhi``; *memperlakukan, diperlakukan* ->
  ``perlakukan``;
* verbs in ber-, ter- and ke-an stay whole (*berjanji, terjadi, kehilangan*), but for the ter-
  verbs that the data file lists (*tergugat* -> ``gugat``);
* nouns lose reduplication and clitics and keep their derivation: *hak-hak, hak-haknya* -> ``hak``;
  *gugatannya* -> ``gugatan``;
* proper nouns stay as written; every other word is its lower-case form.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pydantic
from spacy.tokenizer import Tokenizer  # type: ignore[import-not-found]

from kg.corpora import STRICT, TreebankSentence


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
class LemmaRules:
    """``lemmas.toml``, checked."""

    verbs: VerbRules
    active: tuple[ActiveRule, ...]
    hyphenated: HyphenatedRules
    nouns: NounRules
    particles: dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What is known of the words: frequencies in text, tags in treebanks, roots.

    ``words`` counts lower-case forms; ``tags`` counts (form, tag); ``roots`` maps a form to its
    root.
    """

    words: Counter[str]
    tags: Counter[tuple[str, str]]
    roots: Mapping[str, str] = field(default_factory=dict)


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


def indonesian_lemma(form: str, tag: str, rules: LemmaRules, vocabulary: Vocabulary) -> str:
    """The lemma of a lower-case word by the convention at the top of this module.

    ``tag`` is the universal tag; for tags other than verb and noun only ``particles`` are looked
    up. Of the stems that a voice prefix allows, the one with the best evidence wins: a stem of the
    data file, one with an attested passive, one that the dictionary gives, one with other attested
    voices, one attested by itself.
    A prefix is taken off only if something speaks for the stem, so that *mencla* stays *mencla*.
    """
    if tag == rules.verbs.tag:
        return _verb_lemma(form, rules, vocabulary)
    if tag == rules.nouns.tag:
        return _noun_lemma(form, rules.nouns, vocabulary)
    return rules.particles.get(tag, {}).get(form, form)


def _verb_lemma(form: str, rules: LemmaRules, vocabulary: Vocabulary) -> str:
    verbs = rules.verbs
    if form in verbs.exceptions:
        return verbs.exceptions[form]
    for prefix in sorted(rules.hyphenated.prefixes, key=len, reverse=True):
        if form.startswith(prefix):
            return form.removeprefix(prefix)
    first, hyphen, second = form.partition("-")
    if hyphen and first and second:
        stem = _verb_lemma(first, rules, vocabulary)
        if stem == first:
            return form
        return f"{stem}-{second if second.startswith(stem) else stem}"
    for clitic in sorted(verbs.clitics, key=len, reverse=True):
        host = form.removesuffix(clitic)
        if host == form or len(host) < verbs.shortest_stem + 1:
            continue
        lemma = _verb_lemma(host, rules, vocabulary)
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


def _noun_lemma(form: str, rules: NounRules, vocabulary: Vocabulary) -> str:
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


def make_lemma_tables(rules: LemmaRules, vocabulary: Vocabulary) -> dict[str, dict[str, Any]]:
    """Tables ``lemma_rules`` and ``lemma_exc`` for spaCy's lemmatizer in the mode ``rule``.

    ``lemma_exc`` holds, per tag, every form whose lemma is another one: the verb forms of the
    vocabulary, the voice forms (with -nya) of all stems found there, reduplicated nouns. Forms
    that are verbs beyond doubt (both voices attested, and no other tag more frequent in the
    treebanks) stand under the tags noun, adjective and proper noun as well, because headlines
    mislead the tagger. ``lemma_rules`` takes -nya off other words.
    """
    verbs, nouns = rules.verbs, rules.nouns
    passive = verbs.passive[0]
    lemmas: dict[str, str] = {}
    stems: Counter[str] = Counter(dict.fromkeys(verbs.stems, 2))
    for form in sorted(vocabulary.words):
        lemma = _verb_lemma(form, rules, vocabulary)
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
                lemmas.setdefault(whole, _verb_lemma(whole, rules, wider))
    roots = {root for root, count in vocabulary.words.items() if count >= verbs.common}
    for root in sorted(roots | set(vocabulary.roots.values())):
        if root.isalpha() and len(root) > verbs.shortest_stem:
            for suffix in ("", *verbs.suffixes):
                for form in _voice_forms(root + suffix, rules):
                    if form not in vocabulary.words:
                        lemmas.setdefault(form, _verb_lemma(form, rules, wider))
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
    noun_lemmas = {
        form: lemma
        for form in vocabulary.words
        if "-" in form
        and (lemma := _noun_lemma(form, nouns, vocabulary)) not in (form, form.removesuffix("nya"))
    }
    for form, tag in vocabulary.tags:
        if tag == nouns.tag and form.isalpha() and vocabulary.words[form] > 4:
            noun_lemmas.setdefault(
                f"{form}-{form}", _noun_lemma(f"{form}-{form}", nouns, vocabulary)
            )
    noun_lemmas |= nouns.exceptions
    exceptions = {
        verbs.tag: lemmas,
        nouns.tag: {**certain, **noun_lemmas},
        "ADJ": certain,
        "PROPN": certain,
    }
    for tag, words in rules.particles.items():
        exceptions[tag] = {**exceptions.get(tag, {}), **words}
    # Without a rule spaCy keeps the capitals of words whose tag has a table; only names shall.
    suffixes = {tag.lower(): [["", ""]] for tag in exceptions if tag != "PROPN"}
    suffixes[nouns.tag.lower()] = [*([clitic, ""] for clitic in nouns.clitics), ["", ""]]
    return {
        "lemma_rules": suffixes,
        "lemma_exc": {
            tag.lower(): {form: [words[form]] for form in sorted(words)}
            for tag, words in exceptions.items()
        },
        "lemma_index": {},
    }


def gather_vocabulary(
    tokenizer: Tokenizer, lines: Iterable[str], sentences: Iterable[TreebankSentence], *, code: str
) -> Vocabulary:
    """Count the words of raw text and treebanks and take the roots of simplemma's dictionary."""
    from simplemma.strategies.dictionaries.dictionary_factory import (  # noqa: PLC0415
        DefaultDictionaryFactory,
    )

    words: Counter[str] = Counter()
    tags: Counter[tuple[str, str]] = Counter()
    for doc in tokenizer.pipe(lines):
        words.update(token.lower_ for token in doc)
    for sentence in sentences:
        for word, tag in zip(sentence.words, sentence.tags, strict=True):
            words[word.lower()] += 1
            tags[word.lower(), tag] += 1
    words = Counter({w: n for w, n in words.items() if w.replace("-", "").isalpha()})
    dictionary = DefaultDictionaryFactory().get_dictionary(code)
    roots = {form.lower(): dictionary[form].lower() for form in dictionary}
    return Vocabulary(words, tags, roots)
