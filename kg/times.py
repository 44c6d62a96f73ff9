"""When something happened, as its sentence gives it: time expressions, their clause, ISO 8601.

The expressions of a language are data (``data/languages/<code>/times.toml``); what they come to is
worked out by dateparser, which is given an English reading of each ("pekan lalu" reads "1 week
ago"). What a text leaves open is None and never a guess: a month without a year in an article
without a date, "later" without anything before it.

A day is ``2024-11-29``, a month ``2024-11``, a year ``2024``; a week or a span ``start/end``; a
span open to one side ``2021/..`` or ``../2026`` (ISO 8601-2:2019).
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from dateparser.date import DateDataParser

from kg.clauses import Clauses
from kg.governors import find_governor
from kg.languages import TimeExpression, TimeWords
from kg.lexicon import Lexicon
from kg.linking import Linker
from kg.syntax import NOMINAL, VERBAL

_AHEAD = frozenset({"promised", "planned", "obligation", "desired", "possible"})
"""Modalities of what has not happened: "on Tuesday" is then the next one."""

_SLACK = {"weekday": timedelta(1), "day": timedelta(7)}
"""So near to the article's date, a day is that day and not the one a week or a year away."""

_DIGITS = "0-9"  # stands for every table of digits
_FAR = 12  # words between two coordinated verbs that can still share a time
_TOLD = 2  # sentences back in which "two years later" finds what it counts from
_STEPS = 12
_LONGEST_LEAD = 60  # characters

Place = tuple[date, str]
"""A date and how much of it is meant: day, week, month or year."""


@dataclass(frozen=True, slots=True)
class TimeMention:
    """A time expression of a text: its first and last token, what it reads, and how it is led to.

    ``lead`` is ``within`` (on, in …), ``since``, ``until``, ``of`` (of a noun only), ``other``
    (before, after: no time of the act) or empty where the expression stands bare. ``reads`` and
    ``until`` are English; ``groups`` tells which parts the text gives.
    """

    first: int
    last: int
    lead: str
    reads: str
    until: str
    groups: frozenset[str]
    entry: TimeExpression


@dataclass(frozen=True, slots=True, eq=False)
class Scanner:
    """The expressions of a language as patterns, ready to search.

    ``needs`` are the tables of which a word, or for digits a digit, must be in a sentence for an
    expression to be there; ``first_words`` the words that entries of a table begin with.
    """

    expressions: tuple[tuple[re.Pattern[str], TimeExpression, frozenset[str]], ...]
    first_words: dict[str, frozenset[str]]
    leads: tuple[tuple[re.Pattern[str], str], ...]
    values: dict[str, dict[str, str]]


def compile_times(words: TimeWords) -> Scanner:
    """Makes the patterns of a language, blanks standing for any white space."""
    tables = {name: _alternatives(table) for name, table in words.values.items()}
    tables |= words.digits

    def expand(pattern: str) -> str:
        def group(match: re.Match[str]) -> str:
            name = match[1]
            return f"(?P<{name}>{tables[name.rstrip('2')]})"

        return re.sub(r"\{(\w+)\}", group, pattern).replace(" ", r"\s+")

    fuzz = "|".join(map(_words, sorted(words.fuzz, key=len, reverse=True)))
    expressions = tuple(
        (
            re.compile(rf"(?<!\w)(?<!\w-)(?:{expand(entry.pattern)})(?!\w)(?!-\d)"),
            entry,
            frozenset(_DIGITS if name in words.digits else name for name in _needed(entry.pattern)),
        )
        for entry in words.expression
    )
    leads = tuple(
        (re.compile(rf"(?<!\w)(?i:{_words(lead)})\s+(?:(?i:{fuzz})[\s-]*)*$"), kind)
        for kind, lead in sorted(
            ((kind, lead) for kind, some in words.leads.items() for lead in some),
            key=lambda pair: -len(pair[1]),
        )
    )
    first_words = {
        name: frozenset(word.split()[0].lower() for word in table)
        for name, table in words.values.items()
    }
    return Scanner(expressions, first_words, leads, words.values)


def _needed(pattern: str) -> set[str]:
    """The tables without which a pattern cannot match: none of a part that may be missing.

    >>> sorted(_needed("(?:{weekday}, )?{day} {month}(?: {year})?"))
    ['day', 'month']
    """
    before = ""
    while before != pattern:
        before = pattern
        pattern = re.sub(r"\((?:\?[:i]+)?[^()]*\)[?*]", " ", pattern)
        pattern = re.sub(r"\((?:\?[:i]+)?[^()|]*\|[^()]*\)", " ", pattern)
        pattern = re.sub(r"\((?:\?[:i]+)?([^()|]*)\)(?![?*])", r" \1 ", pattern)
    return {name.rstrip("2") for name in re.findall(r"\{(\w+)\}", pattern)}


def _alternatives(table: dict[str, str]) -> str:
    return "|".join(_words(word) for word in sorted(table, key=len, reverse=True))


def _words(text: str) -> str:
    return r"\s+".join(map(re.escape, text.split(" ")))


@dataclass(slots=True, eq=False)
class Times:
    """The times of one article, found as they are asked for.

    ``written`` is the article's date, ISO 8601, or empty: then only whole dates are resolved.
    """

    clauses: Clauses
    linker: Linker
    lexicon: Lexicon
    scanner: Scanner
    written: str
    _mentions: dict[int, list[TimeMention]] = field(default_factory=dict)
    _hosts: dict[int, list[tuple[TimeMention, tuple[int, ...], int | None]]] = field(
        default_factory=dict
    )

    def of(self, trigger: int, modality: str = "asserted") -> str | None:
        """When the act of a trigger is said to take place, ISO 8601, or None."""
        hosted = self._hosted(self.clauses.tree.sentence[trigger])
        if not hosted:
            return None
        if self._is_role(
            trigger
        ):  # a role lasts: "the president in May signed …" tells no time of it
            hosted = [one for one in hosted if one[0].until or one[0].lead in ("since", "until")]
        ahead = modality in _AHEAD
        for token, fronted_only in self._anchors(trigger):
            found = [
                # "in March, when X sued Y", "since March, when …": in March
                (len(nouns), replace(mention, lead="") if inside else mention)
                for mention, nouns, verb in hosted
                for inside in [mention.first <= token <= mention.last]
                if (inside or token == verb or token in nouns[:1])
                and (not fronted_only or mention.last < token)
            ]
            values = [(self.value(mention, ahead=ahead), far) for far, mention in found]
            known = [(far, -len(value), value) for value, far in values if value is not None]
            if known:
                return min(known)[2]
            if found:
                return None  # there is a time, and it cannot be told
        return None

    def _is_role(self, trigger: int) -> bool:
        lemma = self.clauses.tree.lemma[trigger]
        return lemma in self.lexicon.roles and self.clauses.tree.pos[trigger] in NOMINAL

    # Mentions ----------------------------------------------------------------------------------

    def mentions(self, sentence: int) -> list[TimeMention]:
        """The time expressions of a sentence, in text order, the longest of those that overlap."""
        if sentence not in self._mentions:
            self._mentions[sentence] = list(self._find(sentence))
        return self._mentions[sentence]

    def _find(self, sentence: int) -> Iterator[TimeMention]:
        tree = self.clauses.tree
        scanner = self.scanner
        begin, end = tree.bounds[sentence]
        offset = tree.start[begin]
        text = tree.article[offset : tree.end[end - 1]]
        words = {word.strip(".").lower() for word in tree.word[begin:end]} | {
            word.lower() for word in tree.word[begin:end]
        }
        present = {name for name, first in scanner.first_words.items() if first & words}
        if any(map(str.isdigit, text)):
            present.add(_DIGITS)
        matches = [
            (match, entry)
            for pattern, entry, needs in scanner.expressions
            if needs <= present
            for match in pattern.finditer(text)
        ]
        matches.sort(key=lambda pair: (pair[0].start(), -pair[0].end()))
        free = 0
        for match, entry in matches:
            if match.start() < free:
                continue
            first = bisect_left(tree.start, offset + match.start(), begin, end)
            last = bisect_left(tree.start, offset + match.end(), begin, end) - 1
            if first > last or self._in_name(first, last):
                continue
            free = match.end()
            lead = entry.lead or _lead(scanner, text[: match.start()])
            parts = {
                name: _reading(scanner.values.get(name.rstrip("2"), {}), value)
                for name, value in match.groupdict(default="").items()
            }
            yield TimeMention(
                first,
                last,
                lead,
                " ".join(entry.reads.format(**parts).split()),
                " ".join(entry.until.format(**parts).split()),
                frozenset(name for name, value in parts.items() if value),
                entry,
            )

    def _in_name(self, first: int, last: int) -> bool:
        """Is it a piece of a name, as in "Undang-Undang Nomor 27 Tahun 2022"?"""
        for name in (self.linker.name_at(first), self.linker.name_at(last)):
            if name is not None and (name.first < first or name.end - 1 > last):
                return True
        # The pipeline's names are in text order and do not overlap: one can cover a token.
        recognized = self.clauses.tree.names
        at = bisect_right(recognized, first, key=lambda name: name[0]) - 1
        if at < 0:
            return False
        begin, end, label = recognized[at]
        times = self.clauses.cues.pack.pipeline.times
        return label not in times and last < end and end - begin > last - first + 1

    # The clause of a time ----------------------------------------------------------------------

    def _hosted(self, sentence: int) -> list[tuple[TimeMention, tuple[int, ...], int | None]]:
        if sentence not in self._hosts:
            found = []
            for mention in self.mentions(sentence):
                if mention.lead != "other":
                    nouns, verb = self._host(mention)
                    found.append((mention, nouns, verb))
            self._hosts[sentence] = found
        return self._hosts[sentence]

    def _host(self, mention: TimeMention) -> tuple[tuple[int, ...], int | None]:
        """The nouns that a time hangs on, innermost first, and the predicate whose time it is, None
        where it stays with its noun: "the 2023 strike", "the decision of May"."""
        tree = self.clauses.tree
        inside = range(mention.first, mention.last + 1)
        outer = [i for i in inside if tree.head[i] not in inside or tree.head[i] == i]
        top = min(outer, key=tree.depth) if outer else mention.last
        if self._is_predicate(top):
            return (), top
        nouns: list[int] = []
        here = tree.head[top]
        for _ in range(_STEPS):
            if self._is_predicate(here) or tree.head[here] == here:
                break
            if here not in inside:
                nouns.append(here)
            here = tree.head[here]
        verb: int | None = here
        if nouns and (self._modifies(mention, top, nouns[0]) or mention.lead == "of"):
            verb = None
        if not mention.lead and not mention.entry.bare:
            verb = None
        if any(self._is_act(noun) for noun in nouns) and not self._is_occasion(nouns[-1]):
            verb = None
        return tuple(nouns), verb

    def _is_predicate(self, token: int) -> bool:
        tree = self.clauses.tree
        if tree.pos[token] in VERBAL:
            return tree.role[token] not in ("auxiliary", "passive_auxiliary", "copula", "case")
        return bool(tree.kids(token, "copula", "subject"))

    def _modifies(self, mention: TimeMention, top: int, noun: int) -> bool:
        """Does a bare time describe a noun: "Tuesday's ruling", "gugatan 2023"?"""
        tree = self.clauses.tree
        if mention.lead or tree.pos[noun] not in NOMINAL:
            return False
        if self.clauses.cues.pack.words.noun_head == "last":
            return noun > mention.last and tree.role[top] != "adverb"
        return not mention.entry.bare and noun < mention.first

    def _is_act(self, noun: int) -> bool:
        """Can the noun itself have a time: a suit, a decision?"""
        tree = self.clauses.tree
        if ("noun", tree.lemma[noun]) in self.clauses.cues.governors:
            return True
        entries = self.lexicon.expressions.get(tree.lemma[noun], ())
        return any(entry.kind == "noun" for entry in entries)

    def _is_occasion(self, noun: int) -> bool:
        """Is a noun where or how the act takes place: "in a letter on Sunday, he argued …"?"""
        tree = self.clauses.tree
        occasions = self.clauses.cues.pack.times.occasions
        return tree.role[noun] == "oblique" and tree.case[noun] in occasions

    def _anchors(self, trigger: int) -> Iterator[tuple[int, bool]]:
        """Tokens whose times are those of the trigger, nearest first; True where only a time in
        front of the token is shared ("On Tuesday X sued Y and left Z")."""
        tree, cues = self.clauses.tree, self.clauses.cues
        yield trigger, False
        here = trigger
        if tree.pos[here] in NOMINAL and not self._is_predicate(here):
            above = tree.head[here]
            carriers = cues.light | cues.inverse
            carrier = [above] if tree.role[here] in ("object", "subject") else []
            carrier += tree.kids(here, "noun_clause", "relative_clause")
            carried = [one for one in carrier if tree.lemma[one] in carriers]
            if tree.role[here] == "oblique" and tree.lemma[above] in cues.inverse:
                carried.append(above)  # "met with criticism"
            if not carried:
                return
            here = carried[0]
            yield here, False
        elif tree.role[here] == "predicative":
            here = tree.head[here]
            yield here, False
        for kid in tree.kids(here, "conjunct"):  # "protested against and sued X on Tuesday"
            if kid - here <= 3 and not tree.kids(kid, "subject"):
                yield kid, False
        for _ in range(_STEPS):
            above = tree.head[here]
            if above == here:
                return
            role = tree.role[here]
            if self._at_that_time(here):
                yield above, False
                return
            if tree.kids(here, "subject"):
                return
            if role == "conjunct":
                if here - above > _FAR and tree.sentence[here] != tree.sentence[above]:
                    return
                yield above, True
            elif role in ("open_complement", "adverbial_clause"):
                governor = find_governor(tree, self.clauses.cues, here)
                if governor is not None or tree.kids(here, "marker", "case"):
                    return
                yield above, False
            else:
                return
            here = above

    def _at_that_time(self, clause: int) -> bool:
        """Is it a clause that happens when the one above it does ("…, when the court ruled")?"""
        tree, words = self.clauses.tree, self.clauses.cues.pack.times.simultaneous
        return tree.role[clause] in ("adverbial_clause", "relative_clause", "noun_clause") and any(
            tree.lower[kid] in words for kid in tree.kids(clause, "marker", "adverb", "case")
        )

    # Values ------------------------------------------------------------------------------------

    def value(self, mention: TimeMention, *, ahead: bool = False) -> str | None:
        """What a time expression comes to, ISO 8601, or None; ``ahead`` for what is to come."""
        start = self._place(mention, mention.reads, ahead)
        if start is None:
            return None
        if mention.until:
            end = self._place(mention, mention.until, ahead)
            return _span(start, end) if end is not None else None
        if mention.lead == "since":
            return f"{_iso(start).partition('/')[0]}/.."
        if mention.lead == "until":
            return f"../{_iso(start).rpartition('/')[2]}"
        return _iso(start)

    def _place(self, mention: TimeMention, reads: str, ahead: bool) -> Place | None:
        entry, groups = mention.entry, mention.groups
        if "year" in groups or entry.whole:
            return _resolve(reads, None, "past")
        told = None
        today = _day(self.written)
        if entry.counts_from == "told":
            told = self._told_before(mention)
            today = told and told[0]
        if today is None:
            return None
        if entry.inside:
            period = _resolve(entry.inside, today, "past")
            return _resolve(reads, _end(period), "past") if period else None
        if told is not None:
            return _count_from(told, reads)
        prefer = entry.prefer or ("future" if ahead else "past")
        base = today
        if not entry.prefer:
            if "month" in groups and "weekday" in groups:
                return _with_weekday(reads, today)
            base = _shifted(today, groups, prefer)
        found = _resolve(reads, base, prefer)
        if found and "month" in groups and self._other_year(mention, found[0].year):
            return None
        return found

    def _told_before(self, mention: TimeMention) -> Place | None:
        """The last time told before an expression, here or a little above."""
        tree = self.clauses.tree
        here = tree.sentence[mention.first]
        for sentence in range(here, max(-1, here - _TOLD - 1), -1):
            earlier = [m for m in self.mentions(sentence) if m.last < mention.first]
            for one in reversed(earlier):
                if not one.until and one.lead in ("", "within"):
                    return self._place(one, one.reads, ahead=False)
        return None

    def _other_year(self, mention: TimeMention, year: int) -> bool:
        """Is the passage set in another year ("In 2018 … In May …")? Then it is not clear which."""
        tree = self.clauses.tree
        here = tree.sentence[mention.first]
        for sentence in range(here, max(-1, here - 2), -1):
            begin = tree.bounds[sentence][0]
            for one in self.mentions(sentence):
                sets = one.first - begin <= 3 and one.last < mention.first
                if sets and "year" in one.groups and one.lead == "within":
                    return f"{year}" not in one.reads
        return False


def _reading(table: dict[str, str], word: str) -> str:
    return table.get(word) or table.get(word.lower(), word)


def _lead(scanner: Scanner, before: str) -> str:
    before = before[-_LONGEST_LEAD:]
    for pattern, kind in scanner.leads:
        if pattern.search(before):
            return kind
    return ""


def _day(written: str) -> date | None:
    """The article's date, where it gives the day."""
    try:
        return date.fromisoformat(written[:10])
    except ValueError:
        return None


def _shifted(today: date, groups: frozenset[str], prefer: str) -> date:
    """The day to look back or ahead from, so that today itself and its neighbours are found."""
    if "month" in groups and "day" not in groups:  # no day that another month lacks
        same = today.replace(day=28)
        return same if prefer == "past" else (today.replace(day=1) - timedelta(1)).replace(day=28)
    slack = _SLACK["day" if "day" in groups else "weekday"] if groups & set(_SLACK) else timedelta()
    return today + slack if prefer == "past" else today - slack


def _with_weekday(reads: str, today: date) -> Place | None:
    """The day and month of the nearest year in which the weekday before them is right, if any."""
    weekday, _, rest = reads.partition(" ")
    for year in (today.year, today.year - 1, today.year + 1):
        found = _resolve(f"{rest} {year}", None, "past")
        if found and found[0].strftime("%A") == weekday and found[1] == "day":
            return found
    return None


def _end(place: Place) -> date:
    """The first day after the week or the year that a date lies in."""
    when, period = place
    if period == "week":
        return when - timedelta(when.weekday()) + timedelta(7)
    return date(when.year + 1, 1, 1)


def _count_from(told: Place, reads: str) -> Place | None:
    """So much after or before a time told earlier, where that is told exactly enough."""
    fineness = ("year", "month", "week", "day")
    found = _resolve(reads, told[0], "past")
    if found is None or fineness.index(found[1]) > fineness.index(told[1]):
        return None
    return found


@lru_cache(maxsize=4096)
def _resolve(reads: str, base: date | None, prefer: str) -> Place | None:
    """What an English reading comes to, with how much of the date is meant.

    >>> _resolve("2 weeks ago", date(2024, 11, 29), "past")
    (datetime.date(2024, 11, 15), 'week')
    >>> _resolve("29 February 2023", None, "past") is None
    True
    """
    found = _reader(base or date(2000, 1, 1), prefer).get_date_data(reads)
    if found is None or found.date_obj is None:
        return None
    return found.date_obj.date(), found.period or "day"


@lru_cache(maxsize=256)
def _reader(base: date, prefer: str) -> DateDataParser:
    return DateDataParser(
        languages=["en"],
        settings={
            "RELATIVE_BASE": datetime(base.year, base.month, base.day),
            "PREFER_DATES_FROM": prefer,
            "PREFER_DAY_OF_MONTH": "first",
            "PREFER_MONTH_OF_YEAR": "first",
        },
    )


def _iso(place: Place) -> str:
    """A date of ISO 8601 no finer than what is meant; a week from Monday to Sunday.

    >>> _iso((date(2024, 11, 1), "month")), _iso((date(2024, 11, 20), "week"))
    ('2024-11', '2024-11-18/2024-11-24')
    """
    when, period = place
    if period == "week":
        monday = when - timedelta(when.weekday())
        return f"{monday.isoformat()}/{(monday + timedelta(6)).isoformat()}"
    return when.isoformat()[: {"year": 4, "month": 7}.get(period, 10)]


def _span(start: Place, end: Place) -> str | None:
    """Both ends of a span, in order, or None."""
    first, last = _iso(start).partition("/")[0], _iso(end).rpartition("/")[2]
    if end[0] < start[0]:
        return None
    return f"{first}/{last}" if first != last else first
