"""Statements for the tests of the page: a small dispute, a crowd, and words that mean harm."""

import re
from typing import Any

from kg.records import Argument, Article, Entity, Sentence, Span, Statement

HOSTILE = (
    "</script><script>window.broken=1</script><img src=x onerror=window.broken=1>\"'{{7*7}}<!--"
)

ARTISTS = Entity("artists", "Group", "artists", (("en", "artists"), ("id", "seniman")), True)
OPENAI = Entity("openai", "Company", "OpenAI", (("en", "OpenAI"),), True)
SORA = Entity("sora", "AISystem", "Sora", (("en", "Sora"),), True)
LETTER = Entity(
    "open-letter", "Document", "open letter", (("en", "open letter"), ("id", "surat terbuka")), True
)
GUILD = Entity("authors-guild", "Association", "Authors Guild", (("en", "Authors Guild"),), True)

ARTICLES = {
    "sora-id": Article(
        "sora-id",
        "",
        "id",
        "Seniman bocorkan Sora",
        "2024-11-28",
        "https://example.org/sora",
        "sora-leak",
    ),
    "guild": Article(
        "guild", "", "en", "Authors Guild sues OpenAI", "2023-09-20", "Example Post", "guild-openai"
    ),
}


def say(
    marked: str,
    subject: Entity,
    relation: str,
    object: Entity,
    *,
    article: str = "sora-id",
    at: int = 0,
    speaker: Entity | None = None,
    **fields: Any,
) -> Statement:
    """A statement from a sentence whose words are marked: ``[s Artists] [t leaked] [o Sora]``."""
    text, spans = "", {}
    for role, words, plain in re.findall(r"\[(\w) (.*?)\]|([^\[]+)", marked):
        if role:
            spans[role] = Span(words, at + len(text), at + len(text) + len(words))
        text += words + plain
    return Statement(
        article=article,
        lang="id" if article.endswith("id") else "en",
        subject=Argument(subject, spans["s"]),
        relation=relation,
        object=Argument(object, spans["o"]),
        negated=fields.get("negated", False),
        modality=fields.get("modality", "asserted"),
        attributed_to=Argument(speaker, spans["a"]) if speaker else None,
        time=fields.get("time"),
        trigger=spans["t"],
        sentence=Sentence(0, text, at, at + len(text)),
        confidence=fields.get("confidence", 0.9),
    )


LEAK = say("🎨🎭 [s Para seniman] [t membocorkan] [o Sora].", ARTISTS, "leaks", SORA, at=100)
STATEMENTS = [
    LEAK,
    say("[s Mereka] [t mengkritik] [o OpenAI].", ARTISTS, "criticizes", OPENAI, at=200),
    say("[s Mereka] [t memprotes] [o OpenAI].", ARTISTS, "protests", OPENAI, at=300),
    say(
        "[a Seniman] menuduh [s OpenAI] [t mengeksploitasi] [o mereka].",
        OPENAI,
        "exploits",
        ARTISTS,
        at=400,
        speaker=ARTISTS,
        modality="alleged",
    ),
    say("[s OpenAI] [t mendukung] [o seniman].", OPENAI, "supports", ARTISTS, at=450),
    say(
        "[s Seniman] tidak [t menentang] [o Sora].", ARTISTS, "opposes", SORA, at=500, negated=True
    ),
    say("[s Seniman] [t menerbitkan] [o surat].", ARTISTS, "publishes", LETTER, at=600),
    say(
        "[s The guild] [t sued] [o OpenAI].",
        GUILD,
        "sues",
        OPENAI,
        article="guild",
        time="2023-09-19",
        confidence=0.55,
    ),
]


def crowd(names: int) -> list[Statement]:
    """A ring of names with a hub: every name is named, number 0 most often."""
    entities = [Entity(f"n{i:03}", "Person", f"Name {i:03}") for i in range(names)]
    marked = "[s One] [t criticized] [o another]."
    ring = [
        say(marked, entities[i], "criticizes", entities[(i + 1) % names], at=i)
        for i in range(names)
    ]
    hub = [say(marked, entities[0], "accuses", e, at=9000) for e in entities[2 : names // 2]]
    return ring + hub
