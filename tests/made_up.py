"""Many articles that nobody wrote, for measuring the store: as many as wanted, always the same.

Relations, modalities, negation and speakers come as often as in the annotated articles (training
and development parts). Five articles are about one dispute, which has its actors, some of them
spoken of everywhere and most of them seldom, and things of its own. Words and offsets fit.
"""

import json
import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import accumulate, count

from kg.records import Argument, Article, Entity, Sentence, Span, Statement
from kg.resources import data_dir

PER_ARTICLE = 10
PER_DISPUTE = 5
ACTORS = 5_000
_CAST, _THINGS = 8, 10  # of a dispute
_ACTOR_TYPES = {
    "Person": 30, "Company": 25, "Group": 15, "Organization": 8, "Association": 8,
    "PublicBody": 8, "Court": 3, "NewsOutlet": 3,
}  # fmt: skip
_THING_TYPES = {
    "Concept": 40, "Work": 14, "Practice": 12, "AISystem": 12, "Document": 8, "Law": 5,
    "EthicalIssue": 4, "Platform": 3, "Event": 2,
}  # fmt: skip
_TOWARDS_ACTORS = 0.45  # of the objects

Reading = tuple[Article, list[Statement], str]
Manner = tuple[str, str, bool, bool]  # relation, modality, negated, with a speaker


def readings(articles: int | None = None) -> Iterator[Reading]:
    """Articles with their claims and a fingerprint; without end where no number is given."""
    for number in count() if articles is None else range(articles):
        yield reading(number)


def reading(number: int, *, version: int = 0) -> Reading:
    """One of them; in another version it makes other claims about the same."""
    draw = random.Random(f"{number} {version}")
    dispute = number // PER_DISPUTE
    actors, things = _cast(dispute)
    day = (date(2015, 1, 1) + timedelta(number % 4_000)).isoformat()
    id = f"made-up-{number}"
    text, claims = "", []
    for index in range(PER_ARTICLE):
        relation, modality, negated, is_said = draw.choice(_manners())
        subject, speaker = draw.choices(actors, k=2)
        object = draw.choice(actors if draw.random() < _TOWARDS_ACTORS else things)
        time = draw.choice((None, None, None, day, day[:7]))
        sentence = _sentence(index, len(text), subject, relation, object, speaker)
        text += sentence.text + " "

        def words(of: str, sentence: Sentence = sentence) -> Span:
            start = sentence.start + sentence.text.index(of)
            return Span(of, start, start + len(of))

        claims.append(
            Statement(
                article=id,
                lang="en",
                subject=Argument(subject, words(subject.label)),
                relation=relation,
                object=Argument(object, words(object.label)),
                negated=negated,
                modality=modality,
                attributed_to=Argument(speaker, words(speaker.label)) if is_said else None,
                time=time,
                trigger=words(relation),
                sentence=sentence,
                confidence=draw.randrange(50, 100) / 100,
            )
        )
    source = f"https://example.org/{id}"
    of = Article(id, text, "en", f"Article {number}", day, source, f"dispute-{dispute}")
    return of, claims, str(version)


def _sentence(
    index: int, start: int, subject: Entity, relation: str, object: Entity, speaker: Entity
) -> Sentence:
    text = (
        f"{speaker.label} says that {subject.label}, as it was told on that day, {relation}"
        f" {object.label} and that nothing more is known of it."
    )
    return Sentence(index, text, start, start + len(text))


@cache
def _manners() -> list[Manner]:
    """How claims are made in the annotated articles, each as often as there."""
    found: list[Manner] = []
    for part in ("train", "dev"):
        for file in sorted((data_dir() / "gold" / part).glob("*.json")):
            for sentence in json.loads(file.read_text(encoding="utf-8"))["sentences"]:
                found += [
                    (one["p"][0], one["mod"][0], one["neg"] is True, bool(one["attr"]))
                    for one in sentence["statements"]
                ]
    assert len(Counter(manner[0] for manner in found)) > 40  # nearly all relations
    return found


@cache
def _weights() -> list[float]:
    """Of the actors, added up: the second comes half as often as the first, and so on (Zipf)."""
    return list(accumulate(1 / (rank + 1) for rank in range(ACTORS)))


def _cast(dispute: int) -> tuple[list[Entity], list[Entity]]:
    draw = random.Random(f"dispute {dispute}")
    ranks = draw.choices(range(ACTORS), cum_weights=_weights(), k=_CAST)
    actors = [_entity(f"Actor {rank}", _ACTOR_TYPES, known=rank < 500) for rank in ranks]
    things = [_entity(f"Thing {dispute}-{one}", _THING_TYPES) for one in range(_THINGS)]
    return actors, things


def _entity(name: str, types: dict[str, int], *, known: bool = False) -> Entity:
    draw = random.Random(name)
    [type] = draw.choices(list(types), list(types.values()))
    labels: tuple[tuple[str, str], ...] = (("en", name),)
    if draw.random() < 0.3:
        labels += (("id", f"{name} (id)"),)
    return Entity(name.replace(" ", "-").lower(), type, name, labels, known)
