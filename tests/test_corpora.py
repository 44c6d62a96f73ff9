"""What is trained on: layout of documents, agents and complements, names by corpus, no test data.

Sentences are written as ``form TAG head relation [features]``, words parted by ``|``; heads count
from 1, the root has 0. A form that ends in ``~`` has no blank behind it.
"""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc

from kg import training
from kg.corpora import leave_out_tests, plain_text
from kg.name_corpora import Names, kinds_of, load_names, vary_names
from kg.training_documents import make_documents, vary_layout
from kg.training_settings import LayoutSettings, load_corpora
from kg.treebanks import Treebanks, TreebankSentence, label_agents, label_complements

SHARED = Path(__file__).resolve().parents[2] / "shared"
SETTINGS = load_corpora("id")
VOCAB = spacy.blank("id").vocab


def sentence_of(rows: str) -> TreebankSentence:
    words = [row.split() for row in rows.split("|")]
    heads = [int(word[2]) - 1 for word in words]
    return TreebankSentence(
        sent_id="",
        words=tuple(word[0].removesuffix("~") for word in words),
        spaces=tuple(not word[0].endswith("~") for word in words),
        lemmas=("",) * len(words),
        tags=tuple(word[1] for word in words),
        features=tuple(word[4] if len(word) > 4 else "" for word in words),
        heads=tuple(i if head < 0 else head for i, head in enumerate(heads)),
        relations=tuple("ROOT" if word[2] == "0" else word[3] for word in words),
    )


# Layout

SUES = sentence_of(
    "Penulis NOUN 2 nsubj | menggugat VERB 0 root | OpenAI~ PROPN 2 obj | . PUNCT 2 punct"
)
ASKS = sentence_of("Siapa PRON 2 nsubj | rugi~ ADJ 0 root | ? PUNCT 2 punct")
LOWER = sentence_of("iPhone PROPN 2 nsubj | laku~ ADJ 0 root | . PUNCT 2 punct")
STOP_ALONE = sentence_of(". PUNCT 0 root")
STOP_WITH_CHILD = sentence_of("Oh INTJ 2 dep | . PUNCT 0 root")


def layout(**shares: float) -> LayoutSettings:
    names = ("breaks", "headlines", "blanks_missing", "lists", "led", "quotes")
    return LayoutSettings(
        **{**dict.fromkeys(names, 0.0), **shares},
        line_breaks=("\n\n",),
        bullets=("•",),
        quote_marks=(("“", "”"),),
    )


def document(sentences: Sequence[TreebankSentence], settings: LayoutSettings) -> Doc:
    (doc,) = make_documents(
        sentences,
        VOCAB,
        chance=random.Random(1),
        shortest=len(sentences),
        longest=len(sentences),
        layout=settings,
    )
    return doc


@pytest.mark.parametrize(
    ("sentences", "shares", "text"),
    [
        ([SUES, ASKS], {}, "Penulis menggugat OpenAI. Siapa rugi? "),
        ([SUES, ASKS], {"breaks": 1.0}, "Penulis menggugat OpenAI.\n\nSiapa rugi? "),
        (
            [SUES, ASKS, SUES, SUES],
            {"breaks": 1.0, "headlines": 1.0},
            "Penulis menggugat OpenAI\n\nSiapa rugi?\n\nPenulis menggugat OpenAI\n\n"
            "Penulis menggugat OpenAI. ",
        ),
        ([SUES, ASKS], {"headlines": 1.0}, "Penulis menggugat OpenAI. Siapa rugi? "),
        (
            [STOP_ALONE, STOP_WITH_CHILD, SUES],
            {"breaks": 1.0, "headlines": 1.0},
            ".\n\nOh .\n\nPenulis menggugat OpenAI. ",
        ),
        (
            [SUES, ASKS, SUES, LOWER, SUES],
            {"blanks_missing": 1.0},
            "Penulis menggugat OpenAI.Siapa rugi? Penulis menggugat OpenAI. iPhone laku."
            "Penulis menggugat OpenAI. ",
        ),
        (
            [SUES, ASKS, LOWER],
            {"lists": 1.0, "blanks_missing": 1.0},
            "• Penulis menggugat OpenAI.\n\n• Siapa rugi?\n\n• iPhone laku. ",
        ),
        ([SUES], {"lists": 1.0, "breaks": 1.0, "headlines": 1.0}, "Penulis menggugat OpenAI. "),
        (
            [SUES, ASKS, LOWER],
            {"lists": 1.0, "led": 1.0},
            "Penulis menggugat OpenAI:\n\n• Siapa rugi?\n\n• iPhone laku. ",
        ),
        ([SUES], {"quotes": 1.0}, "“Penulis menggugat OpenAI.” "),
        (
            [SUES, SUES],
            {"quotes": 1.0},
            "Penulis menggugat OpenAI. “Penulis menggugat OpenAI.” ",
        ),
        ([ASKS], {"quotes": 1.0}, "Siapa rugi? "),
    ],
    ids=[
        "as it is", "breaks", "headlines", "headlines need a break", "stops that stay",
        "missing blanks", "list", "one sentence", "a list with what leads in", "a quote",
        "the second of two quoted", "no quote",
    ],
)  # fmt: skip
def test_layout_of_a_document(
    sentences: list[TreebankSentence], shares: dict[str, float], text: str
) -> None:
    doc = document(sentences, layout(**shares))
    assert doc.text_with_ws == text
    assert len(list(doc.sents)) == len(sentences)
    assert [s.root.text for s in doc.sents] == [
        s.words[s.relations.index("ROOT")] for s in sentences
    ]


def test_a_line_break_is_a_token_under_the_word_before_it() -> None:
    doc = document([SUES, ASKS], layout(breaks=1.0, headlines=1.0))
    (space,) = (token for token in doc if token.is_space)
    assert (space.i, space.text, space.pos_, space.dep_) == (3, "\n\n", "SPACE", "dep")
    assert space.head.text == "OpenAI"
    assert [t.text for t in doc[4].subtree] == ["Siapa"]
    assert doc[4].head.text == "rugi"


def test_a_bullet_is_punctuation_of_the_root() -> None:
    first, second = vary_layout([SUES, ASKS], layout(lists=1.0), random.Random(1))
    assert first.words[0] == second.words[0] == "•"
    assert (first.tags[0], first.relations[0], first.heads[0]) == ("PUNCT", "punct", 2)
    assert first.heads == (2, 2, 2, 2, 2, 4)
    assert second.heads == (2, 2, 2, 2)


@given(
    chosen=st.lists(st.sampled_from([SUES, ASKS, LOWER, STOP_ALONE, STOP_WITH_CHILD]), min_size=1),
    shares=st.tuples(*[st.sampled_from([0.0, 0.3, 0.7, 1.0])] * 5),
    seed=st.integers(0, 9),
)
def test_layout_keeps_words_order_and_trees(
    chosen: list[TreebankSentence], shares: tuple[float, ...], seed: int
) -> None:
    names = ("breaks", "headlines", "blanks_missing", "quotes", "lists")
    some = dict(zip(names, shares, strict=True))
    settings = replace(SETTINGS.layout, bullets=("-", "•"), led=0.0, **some)
    varied = vary_layout(chosen, settings, random.Random(seed))
    assert varied == vary_layout(chosen, settings, random.Random(seed))
    quotes = {mark for pair in settings.quote_marks for mark in pair}
    added = {*settings.line_breaks, *settings.bullets, *quotes}
    for plain, sentence in zip(chosen, varied, strict=True):
        columns = (
            sentence.spaces, sentence.lemmas, sentence.tags, sentence.features, sentence.heads,
            sentence.relations,
        )  # fmt: skip
        assert {len(column) for column in columns} == {len(sentence.words)}
        kept = [i for i, word in enumerate(sentence.words) if word not in added]
        words = tuple(sentence.words[i] for i in kept)
        assert words in (plain.words, plain.words[:-1])
        assert words == plain.words or plain.words[-1] == "."
        assert [kept.index(sentence.heads[i]) for i in kept] == list(plain.heads[: len(kept)])
        assert [sentence.relations[i] for i in kept] == list(plain.relations[: len(kept)])
        assert [i for i, h in enumerate(sentence.heads) if i == h] == [
            sentence.relations.index("ROOT")
        ]
    doc = document(chosen, settings)
    assert len(list(doc.sents)) == len(chosen)


def test_items_of_a_list_are_numbered() -> None:
    settings = replace(layout(lists=1.0), bullets=("{} )",))
    first, second = vary_layout([SUES, SUES], settings, random.Random(1))
    assert (first.words[:2], second.words[:2]) == (("1", ")"), ("2", ")"))
    assert second.spaces[:2] == (False, True)
    assert second.relations[:2] == ("dep", "punct")
    assert second.words[second.heads[0]] == second.words[second.relations.index("ROOT")]


def test_the_tokenizer_finds_the_words_of_laid_out_documents() -> None:
    tokenizer = training.make_tokenizer("id")
    shares = (
        {"breaks": 1.0, "headlines": 1.0},
        {"blanks_missing": 1.0},
        {"lists": 1.0},
        {"lists": 1.0, "led": 1.0},
        {"quotes": 1.0, "blanks_missing": 1.0},
    )
    for line_break in SETTINGS.layout.line_breaks:
        for bullet in SETTINGS.layout.bullets:
            for some in shares:
                settings = replace(layout(), **some, line_breaks=(line_break,), bullets=(bullet,))
                doc = document([SUES, LOWER, SUES], settings)
                assert [t.text for t in tokenizer(doc.text)] == [t.text for t in doc]


def test_shares_of_the_layout_are_those_of_the_settings() -> None:
    chance, settings = random.Random(5), layout(breaks=0.25, headlines=0.5, blanks_missing=0.1)
    counts: Counter[str] = Counter()
    for first, _ in (vary_layout([SUES, SUES], settings, chance) for _ in range(2000)):
        kind = (
            "break" if first.words[-1] == "\n\n" else "joined" if not first.spaces[-1] else "as is"
        )
        counts[kind] += 1
        counts["headline"] += "." not in first.words
    assert 400 < counts["break"] < 600
    assert 180 < counts["headline"] < 320
    assert 100 < counts["joined"] < 200


# Agents


@pytest.mark.parametrize(
    ("rows", "agent"),
    [
        ("Data NOUN 2 nsubj | disalin VERB 0 root | peretas NOUN 2 obj", 2),
        ("Data NOUN 2 nsubj:pass | disalin VERB 0 root | mereka PRON 2 obl", 2),
        (
            "Data NOUN 2 nsubj:pass | disalin VERB 0 root | dua NUM 4 nummod | firma NOUN 2 obl",
            3,
        ),
        (
            "Data NOUN 2 nsubj:pass | disalin VERB 0 root | hampir ADV 5 advmod | semua DET 5 det "
            "| firma NOUN 2 obj",
            4,
        ),
        (
            "Data NOUN 2 nsubj:pass | disalin VERB 0 root | dan CCONJ 4 cc | dijual VERB 2 conj "
            "| peretas NOUN 4 obj",
            4,
        ),
        (
            "Data NOUN 2 nsubj:pass | dicari VERB 0 root | disalin VERB 2 conj "
            "| dijual VERB 3 conj | peretas NOUN 4 obj",
            4,
        ),
        ("Data NOUN 0 root | disalin VERB 1 acl | peretas NOUN 2 obj", 2),
        ("Data NOUN 0 root | yang PRON 3 mark | disalin VERB 1 acl:relcl | firma NOUN 3 obj", 3),
        (
            "Data NOUN 0 root | dicari VERB 1 acl | disalin VERB 2 conj | peretas NOUN 3 obj",
            3,
        ),
        (
            "Bahwa SCONJ 2 mark | rugi ADJ 3 csubj:pass | disadari VERB 0 root | firma NOUN 3 obj",
            3,
        ),
        ("Data NOUN 2 nsubj:pass | disalin VERB 0 root | oleh ADP 4 case | firma NOUN 2 obl", 3),
        ("Disalin VERB 0 root | kemarin ADV 1 advmod | oleh ADP 4 case | dua NOUN 1 obl:lmod", 3),
        ("Ia PRON 2 nsubj | terjerat VERB 0 root Voice=Pass | oleh ADP 4 case | itu PRON 2 obl", 3),
        ("Oleh ADP 2 case | firma NOUN 4 obl | data NOUN 4 nsubj:pass | disalin VERB 0 root", 1),
        ("Ia PRON 2 nsubj | dijadikan VERB 0 root | oleh ADP 4 case | firma NOUN 2 obl:agent", 3),
    ],
    ids=[
        "object", "oblique", "numeral between", "two quantifiers between",
        "subject of the conjunct",
        "subject of a chain of conjuncts", "noun modified", "noun modified by a relative clause",
        "conjunct of a modifier", "clause as subject", "oleh", "oleh further off",
        "oleh with another passive prefix", "oleh in front", "oleh after a verb of the list",
    ],
)  # fmt: skip
def test_agents_are_found(rows: str, agent: int) -> None:
    sentence = sentence_of(rows)
    found = label_agents(sentence, SETTINGS.agent)
    assert found.relations[agent] == "obl:agent"
    assert replace(found, relations=sentence.relations) == sentence
    others = [r for i, r in enumerate(found.relations) if i != agent]
    assert others == [r for i, r in enumerate(sentence.relations) if i != agent]
    assert label_agents(found, SETTINGS.agent) == found


@pytest.mark.parametrize(
    "rows",
    [
        "Kemarin ADV 2 advmod | dibangun VERB 0 root | jalan NOUN 2 obj",
        "Ia PRON 2 nsubj | datang VERB 0 root | dan CCONJ 4 cc | dibangun VERB 2 parataxis "
        "| jalan NOUN 4 obj",
        "Kemarin ADV 2 advmod | dicari VERB 0 root | dibangun VERB 2 conj | jalan NOUN 3 obj",
        "Ia PRON 2 nsubj:pass | diberi VERB 0 root | hadiah NOUN 2 obj",
        "Ia PRON 2 nsubj:pass | disebut VERB 0 root | pencuri NOUN 2 obl",
        "Ia PRON 2 nsubj:pass | ditahan VERB 0 root | Senin PROPN 2 obl",
        "Ia PRON 2 nsubj:pass | ditahan VERB 0 root | tiga NUM 4 nummod | bulan NOUN 2 obl",
        "Ia PRON 2 nsubj:pass | dibayar VERB 0 root | sekitar ADV 4 advmod | perak NOUN 2 obl",
        "Data NOUN 2 nsubj:pass | disalin VERB 0 root | isinya NOUN 2 obj Clitic=Poss",
        "Data NOUN 2 nsubj:pass | disalin VERB 0 root | di ADP 4 case | kantor NOUN 2 obl",
        "Data NOUN 2 nsubj:pass | disalin VERB 0 root | diam ADJ 2 obl",
        "Data NOUN 2 nsubj:pass | disalin VERB 0 root | cepat ADV 2 advmod | firma NOUN 2 obj",
        "Data NOUN 2 nsubj:pass | disalin VERB 0 root | besar ADJ 4 amod | firma NOUN 2 obj",
        "Firma NOUN 3 obl | data NOUN 3 nsubj:pass | disalin VERB 0 root",
        "Data NOUN 2 nsubj | terambil VERB 0 root Voice=Pass | peretas NOUN 2 obj",
        "Firma NOUN 2 nsubj | menyalin VERB 0 root Voice=Act | data NOUN 2 obj",
        "Data NOUN 2 nsubj:pass | disalin NOUN 0 root | firma NOUN 2 obj",
        "Data NOUN 2 nsubj:pass | disalin VERB 0 root | firma NOUN 2 xcomp",
        "Kritik NOUN 0 root | oleh ADP 3 case | seniman NOUN 1 obl",
        "Ia PRON 2 nsubj | menang VERB 0 root Voice=Act | oleh ADP 4 case | nasib NOUN 2 obl",
        "Data NOUN 2 nsubj:pass | disalin VERB 0 root | oleh ADP 4 case | rugi VERB 2 advcl",
    ],
    ids=[
        "no patient", "patient of another verb", "conjunct without a patient", "second object",
        "predicate", "day", "months", "amount", "clitic noun", "place", "adjective",
        "adverb of the verb between", "adjective of the noun between", "in front",
        "another passive prefix", "active", "no verb", "another relation", "oleh under a noun",
        "oleh under an active verb", "oleh with a clause",
    ],
)  # fmt: skip
def test_what_is_no_agent_stays(rows: str) -> None:
    sentence = sentence_of(rows)
    assert label_agents(sentence, SETTINGS.agent) == sentence


# Complements


@pytest.mark.parametrize(
    ("rows", "relation"),
    [
        ("Ia PRON 2 nsubj | yakin VERB 0 root | bahwa SCONJ 4 mark | rugi ADJ 2 advcl", "ccomp"),
        ("Ia PRON 2 nsubj | yakin ADJ 0 root | Bahwa SCONJ 4 mark | rugi ADJ 2 advcl", "ccomp"),
        ("Ia PRON 2 nsubj | aku VERB 0 root | bahwasanya SCONJ 4 mark | rugi ADJ 2 advcl", "ccomp"),
        ("Ia PRON 2 nsubj | yakin VERB 0 root | bahwa SCONJ 4 mark | rugi ADJ 2 ccomp", "ccomp"),
        ("Ia PRON 2 nsubj | pergi VERB 0 root | karena SCONJ 4 mark | rugi ADJ 2 advcl", "advcl"),
        ("Ini PRON 2 nsubj | bukti NOUN 0 root | bahwa SCONJ 4 mark | rugi ADJ 2 advcl", "advcl"),
        ("Ini PRON 2 nsubj | jelas VERB 0 root | bahwa SCONJ 4 mark | rugi ADJ 2 acl", "acl"),
        ("Ia PRON 2 nsubj | yakin VERB 0 root | bahwa SCONJ 4 fixed | rugi ADJ 2 advcl", "advcl"),
    ],
    ids=[
        "verb", "adjective, capital", "another marker", "complement before", "another marker",
        "noun", "another relation", "no marker",
    ],
)  # fmt: skip
def test_complements(rows: str, relation: str) -> None:
    sentence = sentence_of(rows)
    found = label_complements(sentence, SETTINGS.complement)
    assert found.relations == (*sentence.relations[:3], relation)
    assert replace(found, relations=sentence.relations) == sentence


# Names by corpus


def test_names_are_read_by_corpus_and_lose_the_sentences_of_any_test(tmp_path: Path) -> None:
    def write(name: str, *sentences: str) -> None:
        blocks = ["".join(f"{word} O\n" for word in s.split()) + "Bali B-LOC\n" for s in sentences]
        (tmp_path / name).write_text("\n".join(blocks), encoding="utf-8")

    settings = SETTINGS.names[0]
    one = replace(settings, name="one", train=("a1", "a2"), stop=("b",), test=("c",))
    two = replace(settings, name="two", train=("d",), stop=(), test=("e",))
    for name, sentences in {
        "a1": ("Satu", "Ada di"), "a2": ("Dua",), "b": ("Tiga",), "c": ("Empat",),
        "d": ("Empat", "Lima"), "e": ("Ada di",),
    }.items():  # fmt: skip
        write(name, *sentences)
    names = load_names(tmp_path, replace(SETTINGS, names=(one, two)))
    firsts = {name: [words[0] for words, _ in part] for name, part in names.train.items()}
    assert firsts == {"one": ["Satu", "Dua"], "two": ["Lima"]}
    assert names.dropped == 2
    assert [words[0] for words, _ in names.stop["one"]] == ["Tiga"]
    assert names.stop["two"] == ()
    assert names.test["two"] == ((("Ada", "di", "Bali"), ("O", "O", "B-LOC")),)
    assert [path.name for path in names.files] == ["c", "e", "a1", "a2", "d", "b"]


def test_kinds_of_names() -> None:
    assert kinds_of([(("a", "b"), ("B-PER", "I-PER")), (("c", "d"), ("O", "B-LAW"))]) == (
        "LAW",
        "PER",
    )
    assert kinds_of([(("a",), ("O",))]) == ()


def test_texts_are_compared_without_white_space_and_case() -> None:
    assert plain_text("Ia (OpenAI)\u00a0kalah.\n") == plain_text("ia ( openai ) Kalah .")
    assert plain_text("Ia kalah.") != plain_text("Ia kalah!")


def test_names_of_other_labels_are_not_varied() -> None:
    sentences = [(("Bali", "dan", "Sam"), ("B-LOC", "O", "B-PER")), (("Bali",), ("B-LOC",))]
    names = {"PER": [("Mira", "Murati")], "LOC": []}
    varied = vary_names(sentences, names, 1.0, random.Random(1))
    assert varied == [
        *sentences,
        (("Bali", "dan", "Mira", "Murati"), ("B-LOC", "O", "B-PER", "I-PER")),
    ]
    assert vary_names(sentences, names, 0.0, random.Random(1)) == sentences


# No test data


def test_a_treebank_sentence_in_a_test_of_names_is_left_out_and_the_other_way_round() -> None:
    def named(*texts: str) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
        return tuple((tuple(t.split()), ("O",) * len(t.split())) for t in texts)

    banks = Treebanks(((SUES, ASKS), (ASKS, LOWER)), (SUES, LOWER), {"gold": (LOWER,)}, (), 3)
    names = Names(
        {"one": named("IPHONE laku .", "Lain .")},
        {"one": named("iPhone laku .", "Baru .")},
        {"one": named("Siapa rugi ?"), "two": named("SIAPA rugi?")},
        (),
        1,
    )
    fewer_banks, fewer_names = leave_out_tests(banks, names)
    assert fewer_banks == Treebanks(((SUES,), ()), (SUES,), banks.test, (), 6)
    assert fewer_names == Names(
        {"one": named("Lain .")}, {"one": named("Baru .")}, names.test, (), 2
    )
    assert leave_out_tests(fewer_banks, fewer_names) == (fewer_banks, fewer_names)


@pytest.mark.skipif(
    not all((SHARED / name).is_dir() for name in ("treebanks", "ner")),
    reason="no treebanks and names beside the checkout",
)
def test_no_test_sentence_of_any_kind_is_trained_on() -> None:
    inputs = training.read_inputs("id", treebanks=SHARED / "treebanks", ner=SHARED / "ner")
    own_tests = (inputs.tests.agents, inputs.tests.reports, inputs.tests.splits)
    assert all(len(part) >= 50 for part in own_tests)
    assert {"PUD", "GSD test", "CSUI test"} == set(inputs.tests.treebanks)
    assert set(inputs.tests.names) == {*inputs.names.train, SETTINGS.field}
    tested = inputs.tests.texts()
    trained = {f"treebank {i}": [s.text for s in p] for i, p in enumerate(inputs.banks.train)}
    trained["treebanks, stop"] = [s.text for s in inputs.banks.stop]
    named = {
        **inputs.names.train,
        **{f"{name}, stop": part for name, part in inputs.names.stop.items()},
        **{f"{SETTINGS.field}, {part}": inputs.field[part] for part in ("train", "dev")},
    }
    trained |= {name: [" ".join(words) for words, _ in part] for name, part in named.items()}
    trained["agents"] = [s.text for s in inputs.agents]
    trained["reports"] = [s.text for s in inputs.reports]
    found = {
        name: [text for text in texts if plain_text(text) in tested]
        for name, texts in trained.items()
    }
    assert sum(len(texts) for texts in trained.values()) > 10_000
    assert {name: texts for name, texts in found.items() if texts} == {}
