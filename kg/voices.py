"""Passive forms of verbs that a pipeline's table of stems does not know.

The table knows the verbs of the texts that it was made from; a lexicon names rarer ones too. Where
a verb of the pack has no stem, it is its own, and its passives are made from it by rule: *mencibir*
-> *dicibir*, *menyentil* -> *disentil*. Forms that no text has do no harm.
"""

from collections.abc import Callable, Iterator

from kg.languages import LanguagePack

_CLITICS_FROM = 5  # letters: what is shorter is no verb with a clitic


def with_passives(
    stem_of: Callable[[str, str], str], pack: LanguagePack
) -> Callable[[str, str], str]:
    """``stem_of`` for the passives and the clitic forms of the pack's verbs too.

    >>> from kg.languages import language_pack
    >>> stem_of = with_passives(lambda word, pos: word.lower(), language_pack("id"))
    >>> [stem_of(word, "VERB") for word in ("dicibir", "mencibirnya", "disentil", "dimensi")]
    ['mencibir', 'mencibir', 'menyentil', 'dimensi']
    """
    forms: dict[str, str] = {}
    for verb in sorted(_verbs(pack)):
        if stem_of(verb, "VERB") != verb:
            continue
        for prefix, sound in pack.passive.active:
            if verb.startswith(prefix):
                forms[verb] = verb
                forms[f"{pack.passive.prefixes[0]}{sound}{verb.removeprefix(prefix)}"] = verb
    if not forms:
        return stem_of
    clitics = tuple(f for one in pack.pronoun if one.number == "any" for f in one.forms)

    def completed(word: str, pos: str) -> str:
        stem = stem_of(word, pos)
        if pos != "VERB" or stem != word.lower():
            return stem
        if stem not in forms and len(stem) > _CLITICS_FROM and stem.endswith(clitics):
            host = next(stem.removesuffix(one) for one in clitics if stem.endswith(one))
            return forms.get(host, stem)
        return forms.get(stem, stem)

    return completed


def _verbs(pack: LanguagePack) -> Iterator[str]:
    """The first words of all that the pack says of verbs."""
    found = {verb.split()[0] for frames in pack.frames.values() for f in frames for verb in f.verbs}
    found |= {verb.split()[0] for governor in pack.governor for verb in governor.verbs}
    yield from found | {*pack.light.verbs, *pack.light.inverse}
