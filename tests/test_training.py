"""Training: conversion of treebanks and names, lemma rules, the stages, and the shipped model."""

import hashlib
import io
import json
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.lookups import Lookups
from spacy.pipeline import Lemmatizer
from spacy.tokens import Doc

from kg import lemmas as kg_lemmas
from kg import name_corpora, training, training_documents, training_settings, treebanks
from kg import scores as kg_scores
from kg.averaging import average_pipelines
from kg.cli import main
from kg.errors import TrainingError
from kg.resources import data_dir

SHARED = Path(__file__).resolve().parents[2] / "shared"
SETTINGS = training_settings.load_corpora("id")
MODEL = data_dir() / "models" / SETTINGS.model.name


def conllu(*sentences: str) -> str:
    """CoNLL-U from lines of ``id form[>lemma] upos feats head relation [SpaceAfter=No]``."""
    blocks = []
    for number, sentence in enumerate(sentences, start=1):
        lines = [f"# sent_id = s{number}"]
        for row in sentence.strip().splitlines():
            index, form, tag, feats, head, relation, *misc = row.split()
            form, _, lemma = form.partition(">")
            columns = [index, form, lemma or "_", tag, "_", feats, head, relation, "_"]
            lines.append("\t".join([*columns, *(misc or ["_"])]))
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n\n"


def read(tmp_path: Path, *sentences: str) -> list[treebanks.TreebankSentence]:
    path = tmp_path / "sample.conllu"
    path.write_text(conllu(*sentences), encoding="utf-8")
    return treebanks.read_treebank(path, SETTINGS.clitics)


CLITIC = """
1 Penulis NOUN Number=Sing 2 nsubj
2-3 menggugatnya _ _ _ _ SpaceAfter=No
2 menggugat>gugat VERB Voice=Act 0 root
3 nya>dia PRON Person=3 2 obj
4 . PUNCT _ 2 punct
"""
PASSIVE = """
1 OpenAI PROPN _ 2 nsubj:pass
2 digugat VERB Voice=Pass 0 root
3 oleh ADP _ 4 case
4 penulis NOUN _ 2 obl
"""
BARE = """
1 Data NOUN _ 2 nsubj:pass
2 diambil VERB Voice=Pass 0 root
3 peretas NOUN _ 2 obj
"""
SECOND_OBJECT = """
1 Ia PRON _ 2 nsubj:pass
2 diberi VERB Voice=Pass 0 root
3 hadiah NOUN _ 2 obj
"""
NO_SUBJECT = """
1 Kemarin ADV _ 2 advmod
2 dibangun VERB Voice=Pass 0 root
3 jalur NOUN _ 2 obj
"""
ACTIVE = """
1 Penulis NOUN _ 2 nsubj
2 menggugat VERB Voice=Act 0 root
3 OpenAI PROPN _ 2 obj
"""


# Conversion


def test_a_clitic_becomes_a_feature_of_its_host(tmp_path: Path) -> None:
    (sentence,) = read(tmp_path, CLITIC)
    assert sentence.words == ("Penulis", "menggugatnya", ".")
    assert sentence.text == "Penulis menggugatnya."
    assert sentence.tags == ("NOUN", "VERB", "PUNCT")
    assert sentence.lemmas == ("", "gugat", "")
    assert sentence.features[1] == "Clitic=Obj|Voice=Act"
    assert sentence.heads == (1, 1, 1)
    assert sentence.relations == ("nsubj", "ROOT", "punct")


def test_children_of_the_clitic_go_to_the_host(tmp_path: Path) -> None:
    (sentence,) = read(
        tmp_path,
        """
        1-2 menurutnya _ _ _ _
        1 menurut ADP _ 2 case
        2 nya PRON _ 3 obl
        3 pergi VERB Voice=Act 0 root
        """,
    )
    assert sentence.words == ("menurutnya", "pergi")
    assert sentence.tags[0] == "PRON"
    assert sentence.relations == ("obl", "ROOT")


def test_only_the_features_of_the_settings_are_kept(tmp_path: Path) -> None:
    (sentence,) = read(tmp_path, "1 Ini PRON Definite=Def|PronType=Dem 0 root")
    kept = treebanks.keep_features(sentence, SETTINGS.features.keep)
    assert kept.features == ("PronType=Dem",)


@pytest.mark.parametrize(
    ("sample", "word", "relation"),
    [
        (PASSIVE, 3, "obl:agent"),
        (BARE, 2, "obl:agent"),
        (SECOND_OBJECT, 2, "obj"),
        (NO_SUBJECT, 2, "obj"),
        (ACTIVE, 2, "obj"),
    ],
    ids=["oleh", "bare", "second object", "inverted subject", "active"],
)
def test_agents_of_passive_verbs(tmp_path: Path, sample: str, word: int, relation: str) -> None:
    (sentence,) = read(tmp_path, sample)
    assert treebanks.label_agents(sentence, SETTINGS.agent).relations[word] == relation


def test_oleh_under_a_noun_is_no_agent(tmp_path: Path) -> None:
    (sentence,) = read(
        tmp_path,
        """
        1 Kritik NOUN _ 0 root
        2 oleh ADP _ 3 case
        3 seniman NOUN _ 1 obl
        """,
    )
    assert treebanks.label_agents(sentence, SETTINGS.agent) == sentence


def test_pud_is_split_by_document() -> None:
    split = next(t.split for t in SETTINGS.treebank if t.split)
    assert (split.key, split.of, split.below) == (6, 10, 3)
    assert treebanks.is_held_out("n01003001", split) == treebanks.is_held_out("n01003999", split)
    drawn = Counter(treebanks.is_held_out(f"n{n:05d}001", split) for n in range(1000))
    assert 250 < drawn[True] < 350


def test_missing_features_are_guessed_from_form_then_from_affixes(tmp_path: Path) -> None:
    examples = read(tmp_path, BARE, ACTIVE)
    bare = read(tmp_path, "1 diambil VERB _ 0 root", "1 diasah VERB _ 0 root", "1 Oh INTJ _ 0 root")
    filled = treebanks.fill_features(bare, examples, SETTINGS.features)
    assert [s.features for s in filled] == [("Voice=Pass",), ("Voice=Pass",), ("",)]


def test_documents_hold_every_sentence_once_and_in_order(tmp_path: Path) -> None:
    sentences = read(tmp_path, *[ACTIVE, PASSIVE, CLITIC] * 7)
    vocab = spacy.blank("id").vocab
    docs = list(
        training_documents.make_documents(
            sentences, vocab, chance=random.Random(3), shortest=1, longest=8
        )
    )
    assert [t.text for d in docs for t in d] == [w for s in sentences for w in s.words]
    assert [sum(1 for _ in d.sents) for d in docs] != [1] * len(docs)
    assert sum(sum(1 for _ in d.sents) for d in docs) == len(sentences) == 21
    assert docs[0][1].dep_ == "ROOT"
    assert docs[0][1].morph.get("Voice") == ["Act"]


def test_lemmas_are_scored_where_the_treebank_gives_them(tmp_path: Path) -> None:
    (sentence,) = read(
        tmp_path,
        """
        1 Penulis NOUN _ 2 nsubj
        2 menggugat>gugat VERB _ 0 root
        3 OpenAI>openai PROPN _ 2 obj
        4 kemarin>marin ADV _ 2 advmod
        """,
    )
    nlp = spacy.blank("id")
    nlp.add_pipe("sentencizer")
    lemmatizer = nlp.add_pipe("attribute_ruler")
    for word, lemma in (("menggugat", "gugat"), ("OpenAI", "OpenAI"), ("kemarin", "kemarin")):
        lemmatizer.add([[{"ORTH": word}]], {"LEMMA": lemma, "POS": "NOUN"})  # type: ignore[attr-defined]
    scores = kg_scores.score_syntax(nlp, [sentence], SETTINGS.scores)
    assert scores["verb lemma"] == 100
    assert scores["lemma"] == pytest.approx(200 / 3)
    (bare,) = read(tmp_path, ACTIVE)
    assert "lemma" not in kg_scores.score_syntax(nlp, [bare], SETTINGS.scores)


# Bad files


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no sentence in it"),
        ("1\tkata\n\n", "expected CoNLL-U"),
        (conllu("1 kata NOUN _ 7 root"), "which is not in the sentence"),
        (conllu("1 kata NOUN _ 0 root\n2 lain NOUN _ 0 root"), "2 roots, expected one"),
    ],
    ids=["empty", "columns", "head", "roots"],
)
def test_a_broken_treebank_is_named_with_the_reason(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "broken.conllu"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TrainingError) as caught:
        treebanks.read_treebank(path, SETTINGS.clitics)
    assert "broken.conllu" in str(caught.value)
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_treebank_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "latin.conllu"
    path.write_bytes(conllu("1 café NOUN _ 0 root").encode("latin-1"))
    with pytest.raises(TrainingError, match=r"latin\.conllu.*utf-8"):
        treebanks.read_treebank(path, SETTINGS.clitics)


def test_names_are_read_with_one_set_of_labels(tmp_path: Path) -> None:
    path = tmp_path / "names.txt"
    path.write_text("Sam PROPN B-PERSON\r\nAltman PROPN I-PERSON\r\n\r\nBali\tB-PLACE\n", "utf-8")
    assert name_corpora.read_names(path, SETTINGS.name_labels) == [
        (("Sam", "Altman"), ("B-PER", "I-PER")),
        (("Bali",), ("B-LOC",)),
    ]


@pytest.mark.parametrize("line", ["Sam B-GOD", "Sam", "Sam X-PER"])
def test_a_bad_line_of_names_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "names.txt"
    path.write_text(f"Bali B-LOC\n{line}\n", encoding="utf-8")
    with pytest.raises(TrainingError, match=r"names\.txt:2: .*expected"):
        name_corpora.read_names(path, SETTINGS.name_labels)


def test_a_missing_folder_ends_with_one_line_and_exit_code_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = [f"--{name}={tmp_path}" for name in ("treebanks", "ner", "text", "work")]
    assert main(["train", "id", *options]) == 1
    message = capsys.readouterr().err
    assert message.count("\n") == 1
    assert "no file" in message


def test_an_unknown_language_names_the_known_ones() -> None:
    with pytest.raises(TrainingError, match=r"expected one of .*id"):
        training_settings.load_corpora("xx")


def test_a_wrong_key_in_the_settings_is_named(tmp_path: Path) -> None:
    path = tmp_path / "tokenizer.toml"
    path.write_text("[hyphen]\nwhole = 3\n", encoding="utf-8")
    with pytest.raises(TrainingError, match=r"tokenizer\.toml: hyphen\.whole"):
        training_settings.load_settings(path, training.TokenRules)


# Names


def test_varied_names_keep_the_labels_aligned() -> None:
    sentence = (
        ("Kata", "Budi", "Karya", "dari", "PLN", "."),
        ("O", "B-PER", "I-PER", "O", "B-ORG", "O"),
    )
    names = {"PER": [("Sam", "Altman")], "ORG": [("Stability", "AI")]}
    original, varied = name_corpora.vary_names([sentence], names, 1.0, random.Random(1))
    assert original == sentence
    assert varied == (
        ("Kata", "Sam", "Altman", "dari", "Stability", "AI", "."),
        ("O", "B-PER", "I-PER", "O", "B-ORG", "I-ORG", "O"),
    )


# Lemmas

RULES = training_settings.load_settings(
    data_dir() / "languages" / "id" / "training" / "lemmas.toml", kg_lemmas.LemmaRules
)
# A small corpus by frequencies: what decides where the rules leave a choice.
FREQUENT = """
    diajukan dibeli digugat dikritik diketahui dikutuk diminta dimiliki dinyatakan dipenuhi
    diperlakukan disampaikan disetujui ditolak hak kata katanya langkah melangkah membeli memenuhi
    memiliki mengetahui menyetujui
"""
WORDS = kg_lemmas.Vocabulary(
    Counter(dict.fromkeys(FREQUENT.split(), 9)),
    Counter({("kata", "VERB"): 9, ("hak", "NOUN"): 5}),
    {"melangkah": "langkah"},
)


@pytest.mark.parametrize(
    ("forms", "stem"),
    [
        ("menggugat digugat menggugatnya digugatnya tergugat kugugat", "gugat"),
        ("mengkritik dikritik", "kritik"),
        ("memperlakukan diperlakukan", "perlakukan"),
        ("menolak ditolak", "tolak"),
        ("meminta diminta", "minta"),
        ("memiliki dimiliki", "miliki"),
        ("menyatakan dinyatakan", "nyatakan"),
        ("menyampaikan disampaikan", "sampaikan"),
        ("mengutuk dikutuk", "kutuk"),
        ("mengajukan diajukan", "ajukan"),
        ("memenuhi dipenuhi", "penuhi"),
        ("mengetahui diketahui", "ketahui"),
        ("mempengaruhi memengaruhi dipengaruhi", "pengaruhi"),
        ("menyetujui menyetujuinya disetujui", "setujui"),
        ("melangkah", "langkah"),
        ("me-review di-review", "review"),
        ("katanya kata", "kata"),
        ("bekerja", "bekerja"),
        ("berjanji", "berjanji"),
        ("terjadi", "terjadi"),
        ("mencla", "mencla"),
    ],
)
def test_all_voices_of_a_verb_have_one_stem(forms: str, stem: str) -> None:
    found = {f: kg_lemmas.indonesian_stem(f, "VERB", RULES, WORDS) for f in forms.split()}
    assert found == dict.fromkeys(forms.split(), stem)


@pytest.mark.parametrize(
    ("form", "stem"),
    [
        ("hak-hak", "hak"),
        ("hak-haknya", "hak"),
        ("perusahaan-perusahaan", "perusahaan"),
        ("undang-undang", "undang-undang"),
        ("gugatannya", "gugatan"),
        ("kekhawatiran", "kekhawatiran"),
        ("tanya", "tanya"),
    ],
)
def test_stems_of_nouns_lose_reduplication_and_clitics_only(form: str, stem: str) -> None:
    assert kg_lemmas.indonesian_stem(form, "NOUN", RULES, WORDS) == stem
    table = kg_lemmas.make_lemma_tables(RULES, WORDS)["stem"]
    assert read_table(table)(form, "NOUN") == stem


def read_table(table: dict[str, object]) -> Callable[[str, str], str]:
    lookups = Lookups()
    lookups.add_table("stem", table)
    stem_of = kg_lemmas.read_stems(Lookups().from_bytes(lookups.to_bytes()))
    assert stem_of is not None
    return stem_of


def test_voice_forms_of_every_stem_are_in_the_table() -> None:
    stem_of = read_table(kg_lemmas.make_lemma_tables(RULES, WORDS)["stem"])
    forms = [f"di{stem}{clitic}" for stem in RULES.verbs.stems for clitic in ("", "nya")]
    wrong = {f: found for f in forms if (found := stem_of(f, "VERB")) not in RULES.verbs.stems}
    assert len(RULES.verbs.stems) > 100
    assert wrong == {}


def test_lookups_without_stems_give_none() -> None:
    assert kg_lemmas.read_stems(Lookups()) is None


def root(form: str, tag: str, *treebanks: dict[tuple[str, str, str], int], **known: str) -> str:
    words = WORDS.words + Counter(dict.fromkeys(["timbang", "usaha", "pertimbangan"], 9))
    given = tuple(Counter(treebank) for treebank in treebanks)
    vocabulary = kg_lemmas.Vocabulary(words, WORDS.tags, WORDS.roots | known, given)
    evidence = kg_lemmas.weigh_roots(RULES, vocabulary)
    return kg_lemmas.indonesian_root(form, tag, RULES, vocabulary, evidence)


@pytest.mark.parametrize(
    ("form", "tag", "lemma"),
    [
        ("mempertimbangkannya", "VERB", "timbang"),
        ("pertimbangan-pertimbangan", "NOUN", "timbang"),
        ("di-review", "VERB", "review"),
        ("menimbang-nimbang", "VERB", "timbang"),
        ("timbang", "VERB", "timbang"),
        ("Pertimbangan", "PROPN", "Pertimbangan"),
        ("pertimbangan", "ADP", "pertimbangan"),
        ("bukankah", "PART", "bukan"),
        ("mengaku", "VERB", "aku"),
    ],
)
def test_a_root_is_known_by_other_forms_of_it(form: str, tag: str, lemma: str) -> None:
    assert root(form, tag, ditimbang="timbang", menimbang="timbang") == lemma


def test_every_treebank_has_one_voice_for_the_root_of_a_form() -> None:
    whole = {("merupakan", "VERB", "merupakan"): 50}
    parted = {("merupakan", "VERB", "rupa"): 5, ("berupa", "VERB", "rupa"): 5}
    assert root("merupakan", "VERB", whole) == "merupakan"
    assert root("merupakan", "VERB", whole, parted, parted) == "rupa"
    assert root("merupakan", "NOUN", whole, parted, parted) == "rupa"


def test_a_lemma_that_is_no_word_is_not_believed_once() -> None:
    assert root("usaha", "NOUN", {("usaha", "NOUN", "penusaha"): 1}) == "usaha"
    assert root("usaha", "NOUN", {("usaha", "NOUN", "penusaha"): 2}) == "penusaha"


# Tokens at the borders of sentences


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("pada 2024.Dua bulan", "pada 2024 . Dua bulan"),
        ("sudah diterima?Kepala dinas", "sudah diterima ? Kepala dinas"),
        ("milik kami!”Polisi datang", "milik kami ! ” Polisi datang"),
        ('kata itu."Pernyataan ini', 'kata itu . " Pernyataan ini'),
        ("milik OpenAI.Siapa dia", "milik OpenAI . Siapa dia"),
        ("Character.AI, Booking.com", "Character.AI , Booking.com"),
        ("di openai.com dan U.S. Army", "di openai.com dan U.S. Army"),
        ("versi 4.5 seharga 1.000.000", "versi 4.5 seharga 1.000.000"),
        ("pada tgl. 5 a.n. Ir. Sutrisno", "pada tgl. 5 a.n. Ir. Sutrisno"),
    ],
)
def test_a_missing_blank_parts_sentences_and_no_name(text: str, words: str) -> None:
    assert [token.text for token in training.make_tokenizer("id")(text)] == words.split()


# The stages, on a very small corpus


@pytest.fixture
def small_corpora(tmp_path: Path) -> dict[str, Path]:
    folders = {name: tmp_path / name for name in ("treebanks", "ner", "text")}
    for folder in folders.values():
        folder.mkdir()
    for number, settings in enumerate(SETTINGS.treebank):
        count = settings.stop + 30
        own = [ACTIVE.replace("Penulis", f"Penulis{number}x{k}") for k in range(count)]
        text = conllu(*own).replace("sent_id = s", "sent_id = n0100")
        if settings.split:
            text = "".join(
                conllu(PASSIVE.replace("penulis", f"p{k}")).replace("= s1", f"= n{k:05d}001")
                for k in range(40)
            )
        (folders["treebanks"] / settings.files[-1]).write_text(text, encoding="utf-8")
    for names in SETTINGS.names:
        for number, name in enumerate([*names.train, *names.stop, *names.test]):
            lines = [
                f"Kata{number} O\nSam B-PER\nAltman I-PER\ndi O\nBali B-LOC\nOpenAI B-ORG\n"
            ] * 9
            (folders["ner"] / name).write_text("\n".join(lines), encoding="utf-8")
    for name in SETTINGS.text.files:
        lines = ["Penulis menggugat OpenAI karena data diambil peretas .\n"] * 60
        (folders["text"] / name.removesuffix(".xz")).write_text("".join(lines), encoding="utf-8")
    return folders


def test_training_makes_a_model_that_loads_without_code_of_the_project(
    small_corpora: dict[str, Path], tmp_path: Path
) -> None:
    pytest.importorskip("floret")
    pytest.importorskip("simplemma")
    log = io.StringIO()
    output = training.train(
        "id", **small_corpora, output=tmp_path / "model", work=tmp_path / "work",
        steps=1, seeds=[4], teachers=False, progress=log,
    )  # fmt: skip
    assert [line for line in log.getvalue().splitlines() if "syntax: done" in line]
    meta = json.loads((output / "meta.json").read_text(encoding="utf-8"))
    assert meta["training"]["seeds"] == [4]
    assert "--steps 1 --without-teachers" in meta["training"]["command"]
    file = small_corpora["treebanks"] / "id_gsd-ud-test.conllu"
    assert meta["training"]["sha256"][file.name] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert set(meta["performance"]["syntax"]) == {"PUD", "GSD test", "CSUI test"}
    assert str(tmp_path) not in (output / "config.cfg").read_text(encoding="utf-8")
    nlp = spacy.load(output)
    assert tuple(nlp.pipe_names) == SETTINGS.model.components
    assert stems(nlp)("diambil", "VERB") == "ambil"
    assert "CC-BY-SA-4.0" in (output / "LICENSE").read_text(encoding="utf-8")


def test_an_earlier_pipeline_goes_on_with_its_vectors_and_names(
    small_corpora: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("simplemma")
    read_pairs = training.read_pairs
    monkeypatch.setattr(training, "read_pairs", lambda path: read_pairs(path)[:3])
    output = training.train(
        "id", **small_corpora, output=tmp_path / "model", work=tmp_path / "work",
        steps=1, start=MODEL, progress=io.StringIO(),
    )  # fmt: skip
    before, after = spacy.load(MODEL), spacy.load(output)
    assert (before.vocab.vectors.data == after.vocab.vectors.data).all()
    assert (MODEL / "ner" / "model").read_bytes() == (output / "ner" / "model").read_bytes()
    assert (MODEL / "parser" / "model").read_bytes() != (output / "parser" / "model").read_bytes()
    assert after.pipe_labels["parser"] == before.pipe_labels["parser"]
    told = after.meta["training"]
    assert f"--from {MODEL.name}" in told["command"]
    assert told["from"] == {
        "version": before.meta["version"], "training": before.meta["training"]
    }  # fmt: skip


def test_several_seeds_are_averaged_and_kept_when_others_are_wanted(
    small_corpora: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refined(run: training._Run, start: Path) -> Path:
        """A small tagger with the random weights of the seed in place of a training."""

        def make(folder: Path) -> None:
            nlp = spacy.blank("xx")
            nlp.add_pipe("tagger").add_label(start.name)  # type: ignore[attr-defined]
            spacy.util.fix_random_seed(run.seed)
            nlp.initialize()
            nlp.to_disk(folder / "model-best")

        return run.stage("refined", make, run.seed) / "model-best"

    def encoder(folder: Path) -> bytes:
        return spacy.load(folder).get_pipe("tagger").model.to_bytes()  # type: ignore[attr-defined, no-any-return]

    monkeypatch.setattr(training._Run, "refined", refined)
    inputs = training.read_inputs("id", **small_corpora)
    log = io.StringIO()
    run = training._Run(inputs, tmp_path, steps=1, seed=5, stream=log)
    made = [tmp_path / f"seed-{seed}" / "refined" / "model-best" for seed in (5, 6, 7)]
    mean = encoder(run.averaged(MODEL, [5, 6]))
    expected = average_pipelines(made[:2], ["tagger"])
    assert mean == expected.get_pipe("tagger").model.to_bytes()  # type: ignore[attr-defined]
    assert mean not in {encoder(made[0]), encoder(made[1])}
    assert log.getvalue().count("refined: started") == 2
    # More seeds, then one: what is there is kept, the mean is made anew, one is its own mean.
    assert encoder(run.averaged(MODEL, [5, 6, 7])) != mean
    assert log.getvalue().count("refined: started") == 3
    assert log.getvalue().count("averaged: started") == 2
    assert run.averaged(MODEL, [6]) == made[1]
    assert log.getvalue().count("refined: done before, kept") == 3


@pytest.mark.parametrize(
    ("seeds", "reason"), [([1, 2], "give the earlier pipeline"), ([], "expected one or more")]
)
def test_seeds_that_have_no_mean_are_refused(
    small_corpora: dict[str, Path], tmp_path: Path, seeds: list[int], reason: str
) -> None:
    with pytest.raises(TrainingError, match=reason):
        training.train("id", **small_corpora, work=tmp_path, seeds=seeds)


def test_a_stage_is_made_again_only_if_unfinished_or_its_inputs_changed(tmp_path: Path) -> None:
    made: list[str] = []

    def stage(fingerprint: str, *, breaks: bool = False) -> None:
        def make(folder: Path) -> None:
            made.append(fingerprint)
            (folder / "result").write_text(fingerprint, encoding="utf-8")
            if breaks:
                raise KeyboardInterrupt

        training._stage(tmp_path / "stage", fingerprint, make, lambda _: None)

    with pytest.raises(KeyboardInterrupt):
        stage("old", breaks=True)
    for fingerprint in ("old", "old", "new", "new"):
        stage(fingerprint)
    assert made == ["old", "old", "new"]
    assert (tmp_path / "stage" / "result").read_text(encoding="utf-8") == "new"


# The shipped model


@pytest.fixture(scope="module")
def nlp() -> Language:
    return spacy.load(MODEL)


def test_the_model_has_the_promised_parts(nlp: Language) -> None:
    assert tuple(nlp.pipe_names) == SETTINGS.model.components
    assert set(nlp.pipe_labels["ner"]) == {"PER", "ORG", "LOC", "SYS", "WORK", "LAW", "GRP"}
    assert {"nsubj", "nsubj:pass", "obj", "obl:agent", "ccomp", "acl:relcl"} <= set(
        nlp.pipe_labels["parser"]
    )


def test_the_model_is_small_and_says_where_it_is_from(nlp: Language) -> None:
    sizes = [path.stat().st_size for path in MODEL.rglob("*") if path.is_file()]
    assert sum(sizes) <= 30 * 2**20
    assert max(sizes) <= 20 * 2**20
    licence = (MODEL / "LICENSE").read_text(encoding="utf-8")
    assert all(source.name in licence for source in SETTINGS.source)
    assert nlp.meta["license"] == "CC-BY-SA-4.0"
    names = {f for n in SETTINGS.names for f in (*n.train, *n.stop, *n.test)}
    files = {*names, *SETTINGS.text.files}
    assert files <= set(nlp.meta["training"]["sha256"])
    assert len(nlp.meta["training"]["sha256"]) == len(files) + len(SETTINGS.treebank)
    scores = nlp.meta["performance"]
    assert {goal.test for goal in SETTINGS.goal} - {"speed"} <= {
        name for table in ("syntax", "names", "constructions") for name in scores[table]
    }


def test_hyphenated_words_are_one_token(nlp: Language) -> None:
    text = "Anak-anak (ke-18) mencoba teks-ke-video GPT-4 pada 1990-an—kata Dr. Andi."
    assert [token.text for token in nlp.make_doc(text)] == [
        "Anak-anak", "(", "ke-18", ")", "mencoba", "teks-ke-video", "GPT-4", "pada", "1990-an",
        "—", "kata", "Dr.", "Andi", ".",
    ]  # fmt: skip


def stems(nlp: Language) -> Callable[[str, str], str]:
    lemmatizer = nlp.get_pipe("lemmatizer")
    assert isinstance(lemmatizer, Lemmatizer)
    stem_of = kg_lemmas.read_stems(lemmatizer.lookups)
    assert stem_of is not None
    return stem_of


@pytest.mark.parametrize(
    ("sentence", "word", "lemma", "stem"),
    [
        ("OpenAI digugat oleh Authors Guild.", "digugat", "gugat", "gugat"),
        ("Authors Guild menggugat OpenAI.", "menggugat", "gugat", "gugat"),
        ("Para seniman memprotes OpenAI.", "memprotes", "protes", "protes"),
        ("Menolak tuduhan itu, OpenAI pergi.", "Menolak", "tolak", "tolak"),
        ("Mereka memperjuangkan hak-hak mereka.", "hak-hak", "hak", "hak"),
        ("Mereka mengajukan gugatan ke pengadilan.", "gugatan", "gugat", "gugatan"),
        ("Gugatan itu diajukan oleh para penulis.", "diajukan", "aju", "ajukan"),
        ("Mereka mengatakan bahwa OpenAI harus membayar.", "Mereka", "mereka", "mereka"),
        ("Mereka mengatakan bahwa OpenAI harus membayar.", "OpenAI", "OpenAI", "openai"),
    ],
)
def test_lemmas_and_stems_of_the_model(
    nlp: Language, sentence: str, word: str, lemma: str, stem: str
) -> None:
    (token,) = (token for token in nlp(sentence) if token.text == word)
    assert token.lemma_ == lemma
    assert stems(nlp)(token.text, token.pos_) == stem


AFFIXED = {
    "VERB": {
        "aju": "mengajukan diajukan ajukan",
        "ambil": "mengambil diambilnya",
        "ancam": "mengancam terancam",
        "bom": "mengebom",
        "bicara": "berbicara membicarakan",
        "didik": "mendidik",
        "guna": "menggunakan digunakan",
        "hilang": "kehilangan menghilang menghilangkan",
        "janji": "berjanji menjanjikan",
        "khawatir": "mengkhawatirkan",
        "kuat": "memperkuat menguatkan",
        "kumpul": "berkumpul mengumpulkan",
        "laku": "melakukan diperlakukan memperlakukan",
        "letak": "terletak meletakkan",
        "lihat": "terlihat memperlihatkan",
        "nyata": "menyatakan dinyatakan",
        "penuh": "memenuhi dipenuhi",
        "pukul": "memukul dipukul",
        "raba": "meraba-raba",
        "rugi": "merugikan dirugikan",
        "sah": "mengesahkan disahkan",
        "sampai": "menyampaikan disampaikan",
        "tahu": "mengetahui diketahui",
        "timbang": "mempertimbangkan pertimbangkan",
        "ubah": "mengubah berubah",
        "usia": "berusia",
    },
    "NOUN": {
        "anak": "anak-anak anak-anaknya",
        "bijak": "kebijakan",
        "guna": "pengguna penggunaan",
        "gugat": "gugatan gugatannya penggugat",
        "kerja": "pekerja pekerjaan",
        "khawatir": "kekhawatiran",
        "laku": "perlakuan",
        "main": "permainan",
        "perintah": "pemerintah pemerintahan",
        "tulis": "penulis tulisan",
        "ubah": "perubahan",
        "usaha": "perusahaan perusahaan-perusahaan",
    },
    "ADJ": {"besar": "terbesar", "kuat": "terkuat"},
}


def test_roots_of_affixed_words(nlp: Language) -> None:
    lemmatizer = nlp.get_pipe("lemmatizer")
    assert isinstance(lemmatizer, Lemmatizer)
    wanted = {
        (form, tag): lemma
        for tag, lemmas in AFFIXED.items()
        for lemma, forms in lemmas.items()
        for form in forms.split()
    }
    found = {
        (form, tag): lemmatizer.lemmatize(Doc(nlp.vocab, words=[form], pos=[tag])[0])[0]
        for form, tag in wanted
    }
    assert len(wanted) == 72
    assert found == wanted


def test_the_stem_of_a_verb_does_not_depend_on_a_tagger_that_errs(nlp: Language) -> None:
    stem_of = stems(nlp)
    assert {stem_of("Digugat", tag) for tag in ("VERB", "NOUN", "ADJ", "PROPN")} == {"gugat"}
    assert stem_of("terjadi", "VERB") == "terjadi"
    assert stem_of("Perlakuannya", "NOUN") == "perlakuan"


def edges(doc: Doc) -> set[tuple[str, str, str]]:
    return {(token.head.text, token.dep_, token.text) for token in doc}


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        (
            "OpenAI digugat oleh Authors Guild.",
            {("digugat", "nsubj:pass", "OpenAI"), ("digugat", "obl:agent", "Authors")},
        ),
        (
            "Para seniman memprotes OpenAI.",
            {("memprotes", "nsubj", "seniman"), ("memprotes", "obj", "OpenAI")},
        ),
        ("Data itu diambil peretas.", {("diambil", "nsubj:pass", "Data")}),
        (
            "Perusahaan yang mengembangkan ChatGPT itu membantah tuduhan tersebut.",
            {("membantah", "nsubj", "Perusahaan"), ("membantah", "obj", "tuduhan")},
        ),
        (
            "Mereka mengatakan bahwa OpenAI harus membayar para seniman.",
            {("mengatakan", "ccomp", "membayar"), ("membayar", "obj", "seniman")},
        ),
    ],
)
def test_who_does_what_to_whom(
    nlp: Language, sentence: str, wanted: set[tuple[str, str, str]]
) -> None:
    assert wanted <= edges(nlp(sentence))


def test_voice_and_negation_are_features(nlp: Language) -> None:
    doc = nlp("OpenAI tidak digugat, Meta belum dan tak bayar, tetapi Meta menggugat mereka.")
    features = {token.text: token.morph.to_dict() for token in doc}
    negated = [word for word, found in features.items() if found.get("Polarity") == "Neg"]
    assert negated == ["tidak", "belum", "tak"]
    assert features["digugat"].get("Voice") == "Pass"
    assert features["menggugat"].get("Voice") == "Act"


# The data, where they are


@pytest.mark.skipif(not (SHARED / "treebanks").is_dir(), reason="no treebanks beside the checkout")
def test_no_test_sentence_is_in_the_training_data() -> None:
    banks = treebanks.load_treebanks(SHARED / "treebanks", SETTINGS)
    tested = {s.text.casefold() for sentences in banks.test.values() for s in sentences}
    seen = {s.text.casefold() for part in banks.train for s in part}
    assert {name: len(part) for name, part in banks.test.items()} == {
        "PUD": 288,
        "GSD test": 557,
        "CSUI test": 374,
    }
    assert len(banks.stop) == 156
    assert len(seen) > 5000
    assert not tested & (seen | {s.text.casefold() for s in banks.stop})


@pytest.mark.skipif(not (SHARED / "ner").is_dir(), reason="no names beside the checkout")
def test_no_test_sentence_of_names_is_in_the_training_data() -> None:
    names = name_corpora.load_names(SHARED / "ner", SETTINGS)
    tested = {words for sentences in names.test.values() for words, _ in sentences}
    assert len(tested) > 500
    assert set(names.train) == {settings.name for settings in SETTINGS.names}
    assert not tested & {words for part in names.train.values() for words, _ in part}
