"""Statements written by hand for tests of what lies behind extraction: graph, store, queries."""

from kg.records import Argument, Article, Entity, Sentence, Span, Statement

TYPES = {
    "artists": "Group",
    "openai": "Company",
    "meta": "Company",
    "authors-guild": "Association",
    "ftc": "PublicBody",
    "sora": "AISystem",
    "content-review": "Practice",
    "art-washing": "Practice",
    "copyright": "EthicalIssue",
    "books": "Work",
    "early-access": "Concept",
}
NAMES = {
    "artists": {"en": "artists", "id": "seniman"},
    "openai": {"en": "OpenAI"},
    "meta": {"en": "Meta"},
    "authors-guild": {"en": "Authors Guild"},
    "ftc": {"en": "FTC"},
    "sora": {"en": "Sora"},
    "content-review": {"en": "content review", "id": "peninjauan konten"},
    "art-washing": {"en": "art washing"},
    "copyright": {"en": "copyright", "id": "hak cipta"},
    "books": {"en": "books", "id": "buku"},
    "early-access": {"id": "akses awal"},
}


def entity(slug: str) -> Entity:
    """One of the entities above; copyright and books count as known to no registry."""
    labels = tuple(sorted(NAMES[slug].items()))
    return Entity(slug, TYPES[slug], labels[0][1], labels, slug not in ("books", "early-access"))


def article(
    id: str, *sentences: str, date: str = "", dispute: str = "", lang: str = "en"
) -> Article:
    """An article of the sentences, joined by one blank."""
    return Article(
        id, " ".join(sentences), lang, f"On {id}", date, f"https://example.org/{id}", dispute
    )


def claim(
    of: Article,
    sentence: str,
    subject: tuple[str, str],
    relation: tuple[str, str],
    object: tuple[str, str],
    *,
    negated: bool = False,
    modality: str = "asserted",
    speaker: tuple[str, str] | None = None,
    time: str | None = None,
    confidence: float = 0.9,
) -> Statement:
    """A statement of an article; arguments are pairs of slug and words, the relation's of name and
    words, each looked up in the sentence."""
    start = of.text.index(sentence)
    whole = Sentence(of.text[:start].count(". "), sentence, start, start + len(sentence))

    def span(words: str) -> Span:
        at = of.text.index(words, start, whole.end)
        return Span(words, at, at + len(words))

    def argument(pair: tuple[str, str]) -> Argument:
        return Argument(entity(pair[0]), span(pair[1]))

    return Statement(
        article=of.id,
        lang=of.lang or "",
        subject=argument(subject),
        relation=relation[0],
        object=argument(object),
        negated=negated,
        modality=modality,
        attributed_to=argument(speaker) if speaker else None,
        time=time,
        trigger=span(relation[1]),
        sentence=whole,
        confidence=confidence,
    )


_SORA = (
    "Artists protested against OpenAI over content review.",
    "They criticized art washing and leaked early access.",
    "OpenAI requires content review.",
    "Artists accused OpenAI of copying books.",
    "OpenAI denied art washing.",
    "OpenAI said that it does not copy books.",
    "OpenAI promised early access.",
)
_GUILD = (
    "The Authors Guild sued OpenAI on 19 September over copyright.",
    "According to the Authors Guild, OpenAI copies books.",
    "The FTC investigates Meta.",
    "Meta may harm artists, artists fear.",
    "Artists demand copyright.",
    "Meta settled with the Authors Guild.",
    "OpenAI develops Sora.",
)

SORA = article("sora", *_SORA, date="2024-11-28", dispute="sora-leak")
GUILD = article("guild", *_GUILD, date="2023-09-20")

SORA_CLAIMS = (
    claim(SORA, _SORA[0], ("artists", "Artists"), ("protests", "protested"), ("openai", "OpenAI")),
    claim(SORA, _SORA[0], ("artists", "Artists"), ("opposes", "protested"),
          ("content-review", "content review"), confidence=0.5),
    claim(SORA, _SORA[1], ("artists", "They"), ("criticizes", "criticized"),
          ("art-washing", "art washing")),
    claim(SORA, _SORA[1], ("artists", "They"), ("leaks", "leaked"),
          ("early-access", "early access")),
    claim(SORA, _SORA[2], ("openai", "OpenAI"), ("requires", "requires"),
          ("content-review", "content review")),
    claim(SORA, _SORA[3], ("artists", "Artists"), ("accuses", "accused"), ("openai", "OpenAI")),
    claim(SORA, _SORA[3], ("openai", "OpenAI"), ("copies", "copying"), ("books", "books"),
          modality="alleged", speaker=("artists", "Artists")),
    claim(SORA, _SORA[4], ("openai", "OpenAI"), ("denies", "denied"),
          ("art-washing", "art washing")),
    claim(SORA, _SORA[5], ("openai", "it"), ("copies", "copy"), ("books", "books"),
          negated=True, speaker=("openai", "OpenAI")),
    claim(SORA, _SORA[6], ("openai", "OpenAI"), ("promises", "promised"),
          ("early-access", "early access")),
)  # fmt: skip
GUILD_CLAIMS = (
    claim(GUILD, _GUILD[0], ("authors-guild", "Authors Guild"), ("sues", "sued"),
          ("openai", "OpenAI"), time="2023-09-19"),
    claim(GUILD, _GUILD[1], ("openai", "OpenAI"), ("copies", "copies"), ("books", "books"),
          modality="alleged", speaker=("authors-guild", "Authors Guild")),
    claim(GUILD, _GUILD[2], ("ftc", "FTC"), ("investigates", "investigates"), ("meta", "Meta")),
    claim(GUILD, _GUILD[3], ("meta", "Meta"), ("harms", "harm"), ("artists", "artists"),
          modality="possible", speaker=("artists", "artists fear")),
    claim(GUILD, _GUILD[4], ("artists", "Artists"), ("demands", "demand"),
          ("copyright", "copyright"), modality="desired"),
    claim(GUILD, _GUILD[5], ("meta", "Meta"), ("settlesWith", "settled with"),
          ("authors-guild", "Authors Guild")),
    claim(GUILD, _GUILD[6], ("openai", "OpenAI"), ("develops", "develops"), ("sora", "Sora")),
)  # fmt: skip
