"""Who says what: reporting verbs and nouns, named sources ("according to X"), quotes."""

from kg.clauses import Clauses, Source, Speech
from kg.governors import find_governor, reports
from kg.syntax import MAX_CLIMB, VERBAL, Tree


def find_source(clauses: Clauses, token: int) -> Source | None:
    """Who the content of a predicate is said to come from; the nearest source wins."""
    if token not in clauses.sources:
        clauses.sources[token] = None
        clauses.sources[token] = _find_source(clauses, token)
    return clauses.sources[token]


def _find_source(clauses: Clauses, token: int) -> Source | None:
    tree, cues = clauses.tree, clauses.cues
    here = token
    for _ in range(MAX_CLIMB):
        spoken = _speech_beside(clauses, here)
        if spoken is not None:
            return spoken
        governor = find_governor(tree, cues, here)
        if governor is not None and governor[1].attributed:
            return spoken_by(clauses, governor[0])
        above = tree.head[here]
        reporting = tree.role[here] == "parataxis" and reports(tree, cues, "verb", here)
        if above == here or reporting:  # what is told of a speaker is not from the speaker
            break
        here = above
    named = _read_speech(clauses).named.get(tree.sentence[token])
    if named:
        inside = set(tree.subtree(named[0]))
        if token not in inside:
            return Source(named[0], _case_token(tree, named[0]))
    return _quoted_source(clauses, token)


def _speech_beside(clauses: Clauses, token: int) -> Source | None:
    """A reporting clause that hangs on what it reports ("…", kata Budi)."""
    tree = clauses.tree
    for kid in tree.kids(token, "parataxis"):
        effects = clauses.cues.effects("verb", tree, kid)
        if any(e.attributed and not e.negated and e.modality is None for e in effects):
            if tree.kids(kid, "complement", "open_complement"):
                continue
            if kid not in _read_speech(clauses).quote_of:
                return spoken_by(clauses, kid)
    return None


def spoken_by(clauses: Clauses, cue: int) -> Source:
    """Who says what a reporting verb or noun reports."""
    tree = clauses.tree
    if tree.pos[cue] in ("NOUN", "PROPN") and not clauses.is_predicate(cue):
        owners = tree.kids(cue, "possessive", "agent")
        if not owners:
            owners = [
                kid
                for case, kid in clauses.obliques(cue)
                if case in clauses.cues.pack.words.agent_prepositions
            ]
        if owners:
            return Source(clauses.unwrap(owners[0]), cue)
        above = tree.head[cue]
        if tree.role[cue] == "object" and tree.pos[above] in VERBAL:
            found = clauses.subjects(above)
            return Source(found[0] if found else None, cue)
        return Source(None, cue)
    found = clauses.subjects(cue)
    return Source(found[0] if found else None, cue)


def _read_speech(clauses: Clauses) -> Speech:
    if clauses.speech is None:
        quotes = _find_quotes(clauses.tree, dict(clauses.cues.pack.words.quotes))
        clauses.speech = Speech(
            quotes,
            {i: n for n, (first, last) in enumerate(quotes) for i in range(first, last + 1)},
            _sources_by_sentence(clauses),
        )
    return clauses.speech


def _sources_by_sentence(clauses: Clauses) -> dict[int, list[int]]:
    """The nouns that a sentence names as its source, by the number of the sentence."""
    tree, words = clauses.tree, clauses.cues.pack.words
    sources = frozenset(words.sources)
    named: dict[int, list[int]] = {}
    for token, case in enumerate(tree.case):
        found: list[int] = []
        if case in sources and tree.role[token] != "conjunct":
            found = [token]
        elif case and tree.lower[token] in words.source_nouns and tree.role[token] == "oblique":
            of = [  # "in their view", "by the conviction of the court"
                kid for led, kid in clauses.obliques(token) if led in words.quantifying_preposition
            ]
            found = [*tree.kids(token, "possessive"), *of][:1]
        elif case in words.initial_sources and _opens(tree, token):
            found = [token]
        elif tree.lower[token] in sources and tree.role[token] not in ("case", "marker"):
            speaker = _said_by(tree, token)
            found = [] if speaker is None else [speaker]
        if found:
            named.setdefault(tree.sentence[token], []).extend(found)
    return named


def _opens(tree: Tree, noun: int) -> bool:
    """Does a name behind a preposition open its sentence, set off by a comma: "Bagi X, …"?"""
    first = tree.bounds[tree.sentence[noun]][0]
    led = first + 1 == noun and tree.role[first] == "case" and bool(tree.entity[noun])
    last = noun
    while last + 1 < len(tree) and tree.head[last + 1] in range(noun, last + 1):
        if tree.role[last + 1] != "flat":
            break
        last += 1
    return led and last + 1 < len(tree) and tree.word[last + 1] == ","


def _said_by(tree: Tree, word: int) -> int | None:
    """The noun right behind a word that names a source: "…, kata perusahaan itu, …"."""
    here = word + 1
    while here < len(tree) and tree.pos[here] == "DET":
        here += 1
    if here >= len(tree) or tree.pos[here] not in ("NOUN", "PROPN", "PRON"):
        return None
    while tree.head[here] > here and tree.role[here] in ("compound", "flat", "nominal"):
        here = tree.head[here]
    return here


def _case_token(tree: Tree, noun: int) -> int:
    cases = tree.kids(noun, "case")
    return cases[0] if cases else noun


def _find_quotes(tree: Tree, closing: dict[str, str]) -> list[tuple[int, int]]:
    """Quoted stretches of more than three words: first and last token inside, in text order."""
    found: list[tuple[int, int]] = []
    wanted, opened = "", 0
    for token, word in enumerate(tree.word):
        if wanted and word == wanted:
            if token - opened > 4:
                found.append((opened + 1, token - 1))
            wanted = ""
        elif not wanted and word in closing:
            wanted, opened = closing[word], token
        elif wanted and token - opened > 250:
            wanted = ""
    return found


def _quoted_source(clauses: Clauses, token: int) -> Source | None:
    """The speaker of a quote: the reporting verb outside it, in a sentence that it touches."""
    tree = clauses.tree
    speech = _read_speech(clauses)
    number = speech.quote_of.get(token)
    if number is None:
        return None
    first, last = speech.quotes[number]
    sentences = sorted({tree.sentence[first], tree.sentence[last]})
    best: tuple[int, int] | None = None
    for sentence in sentences:
        begin, end = tree.bounds[sentence]
        for i in range(begin, end):
            if i in speech.quote_of or not clauses.cues.effects("verb", tree, i):
                continue
            effects = clauses.cues.effects("verb", tree, i)
            if not any(e.attributed for e in effects):
                continue
            distance = first - i if i < first else i - last
            if best is None or distance < best[0]:
                best = distance, i
    if best is not None:
        return spoken_by(clauses, best[1])
    return None
