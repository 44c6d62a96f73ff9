"""One scheme of roles from two label schemes, on parses written by hand."""

import pytest
import spacy
from parses import at, tree_of, words
from spacy.tokens import Doc

from kg.languages import language_pack
from kg.syntax import build_tree

SUED_IN_COURT = """
Artists   artist   NOUN   nsubj  2  NNS
sued      sue      VERB   ROOT   2  VBD
OpenAI    openai   PROPN  dobj   2  NNP
in        in       ADP    prep   2  IN
court     court    NOUN   pobj   4  NN
.         .        PUNCT  punct  2  .
"""
GUGAT_DI_PENGADILAN = """
Seniman     seniman     NOUN   nsubj  2
menggugat   menggugat   VERB   root   2  Voice=Act
OpenAI      openai      PROPN  obj    2
di          di          ADP    case   5
pengadilan  pengadilan  NOUN   obl    2
.           .           PUNCT  punct  2
"""


@pytest.mark.parametrize(
    ("lang", "table", "noun", "preposition"),
    [("en", SUED_IN_COURT, "court", "in"), ("id", GUGAT_DI_PENGADILAN, "pengadilan", "di")],
)
def test_both_schemes_give_one_tree(lang: str, table: str, noun: str, preposition: str) -> None:
    tree = tree_of(lang, table)
    assert tree.role == ["subject", "root", "object", "case", "oblique", "punctuation"]
    assert tree.head == [1, 1, 1, 4, 1, 1]
    assert tree.case[at(tree, noun)] == preposition
    assert tree.children[1] == [0, 2, 4, 5]


def test_a_preposition_below_a_noun_leads_to_a_nominal() -> None:
    tree = tree_of(
        "en",
        """
        criticism  criticism  NOUN   ROOT  1  NN
        of         of         ADP    prep  1  IN
        the        the        DET    det   4  DT
        use        use        NOUN   pobj  2  NN
        of         of         ADP    prep  4  IN
        books      book       NOUN   pobj  5  NNS
        """,
    )
    use, books = at(tree, "use"), at(tree, "books")
    assert (tree.role[use], tree.head[use], tree.case[use]) == ("nominal", 0, "of")
    assert (tree.role[books], tree.head[books], tree.case[books]) == ("nominal", use, "of")


def test_an_agent_keeps_its_role() -> None:
    tree = tree_of(
        "en",
        """
        OpenAI   openai  PROPN  nsubjpass  3  NNP
        was      be      AUX    auxpass    3  VBD
        sued     sue     VERB   ROOT       3  VBN
        by       by      ADP    agent      3  IN
        artists  artist  NOUN   pobj       4  NNS
        """,
    )
    artists = at(tree, "artists")
    assert (tree.role[artists], tree.head[artists], tree.case[artists]) == ("agent", 2, "by")
    assert tree.passive == [False, False, True, False, False]


def test_a_preposition_of_two_words_is_one_case() -> None:
    tree = tree_of(
        "en",
        """
        According  accord   VERB   prep   5  VBG
        to         to       ADP    prep   1  IN
        Reuters    reuters  PROPN  pobj   2  NNP
        Meta       meta     PROPN  nsubj  5  NNP
        lied       lie      VERB   ROOT   5  VBD
        """,
    )
    reuters = at(tree, "Reuters")
    assert (tree.role[reuters], tree.head[reuters]) == ("oblique", 4)
    assert tree.case[reuters] == "according to"


def test_a_fixed_preposition_is_one_case() -> None:
    tree = tree_of(
        "id",
        """
        Mereka    mereka    PRON  nsubj  2
        berkumpul berkumpul VERB  root   2
        di        di        ADP   case   5
        depan     depan     NOUN  fixed  3
        kantor    kantor    NOUN  obl    2
        """,
    )
    assert tree.case[at(tree, "kantor")] == "di depan"


def test_a_preposition_with_a_clause_makes_it_adverbial() -> None:
    tree = tree_of(
        "en",
        """
        Artists   artist  NOUN   nsubj  2  NNS
        accused   accuse  VERB   ROOT   2  VBD
        Meta      meta    PROPN  dobj   2  NNP
        of        of      ADP    prep   2  IN
        copying   copy    VERB   pcomp  4  VBG
        books     book    NOUN   dobj   5  NNS
        """,
    )
    copying, of = at(tree, "copying"), at(tree, "of")
    assert (tree.role[copying], tree.head[copying]) == ("adverbial_clause", 1)
    assert (tree.role[of], tree.head[of]) == ("marker", copying)


def test_a_preposition_with_a_clause_below_a_noun_belongs_to_the_noun() -> None:
    tree = tree_of(
        "en",
        """
        risk     risk  NOUN  ROOT   1  NN
        of       of    ADP   prep   1  IN
        copying  copy  VERB  pcomp  2  VBG
        books    book  NOUN  dobj   3  NNS
        """,
    )
    assert tree.role[at(tree, "copying")] == "noun_clause"


def test_a_preposition_without_a_noun_is_an_adverb() -> None:
    tree = tree_of(
        "en",
        """
        They   they  PRON  nsubj  2  PRP
        moved  move  VERB  ROOT   2  VBD
        on     on    ADP   prep   2  IN
        """,
    )
    assert tree.role[at(tree, "on")] == "adverb"


def test_a_conjunct_shares_the_preposition() -> None:
    tree = tree_of(
        "id",
        """
        protes    protes    NOUN   root   1
        terhadap  terhadap  ADP    case   3
        OpenAI    openai    PROPN  nmod   1
        dan       dan       CCONJ  cc     5
        Meta      meta      PROPN  conj   3
        """,
    )
    assert tree.case[at(tree, "Meta")] == "terhadap"


# Hyphens ---------------------------------------------------------------------------------------


def test_what_hyphens_join_stays_together() -> None:
    tree = tree_of(
        "en",
        """
        SAG~      sag       PROPN  compound  3  NNP
        -~        -         PUNCT  punct     3  HYPH
        AFTRA     aftra     PROPN  nsubj     4  NNP
        opposes   oppose    VERB   ROOT      4  VBZ
        start~    start     NOUN   compound  7  NN
        -~        -         PUNCT  punct     7  HYPH
        ups       up        NOUN   dobj      4  NNS
        """,
    )
    assert tree.word == ["SAG-AFTRA", "opposes", "start-ups"]
    assert tree.lemma == ["sag-aftra", "oppose", "start-up"]
    assert tree.role == ["subject", "root", "object"]
    assert tree.head == [1, 1, 1]
    assert [(tree.start[i], tree.end[i]) for i in range(3)] == [(0, 9), (10, 17), (18, 27)]


def test_a_dash_between_blanks_joins_nothing() -> None:
    tree = tree_of(
        "en",
        """
        Artists   artist  NOUN   nsubj   4  NNS
        -         -       PUNCT  punct   1  :
        writers   writer  NOUN   appos   1  NNS
        left      leave   VERB   ROOT    4  VBD
        """,
    )
    assert tree.word == ["Artists", "-", "writers", "left"]


def test_a_hyphen_at_the_end_of_a_word_joins_nothing() -> None:
    tree = tree_of(
        "en",
        """
        pre~  pre  NOUN   ROOT   1  NN
        -     -    PUNCT  punct  1  HYPH
        AI    ai   PROPN  appos  1  NNP
        """,
    )
    assert tree.word == ["pre", "-", "AI"]


# Voice -----------------------------------------------------------------------------------------


def test_a_participle_after_have_is_active() -> None:
    tree = tree_of(
        "en",
        """
        Artists  artist  NOUN   nsubj  3  NNS
        have     have    AUX    aux    3  VBP
        sued     sue     VERB   ROOT   3  VBN
        OpenAI   openai  PROPN  dobj   3  NNP
        """,
    )
    assert not any(tree.passive)


def test_a_participle_behind_its_noun_is_passive_unless_it_has_an_object() -> None:
    passive = tree_of(
        "en",
        """
        chatbot    chatbot  NOUN  ROOT  1  NN
        developed  develop  VERB  acl   1  VBN
        here       here     ADV   advmod 2 RB
        """,
    )
    active = tree_of(
        "en",
        """
        chatbot  chatbot  NOUN  ROOT  1  NN
        given    give     VERB  acl   1  VBN
        voices   voice    NOUN  dobj  2  NNS
        """,
    )
    assert passive.passive == [False, True, False]
    assert active.passive == [False, False, False]


def test_a_second_participle_is_passive_with_the_first() -> None:
    tree = tree_of(
        "en",
        """
        Meta       meta       PROPN  nsubjpass  3  NNP
        was        be         AUX    auxpass    3  VBD
        sued       sue        VERB   ROOT       3  VBN
        and        and        CCONJ  cc         3  CC
        fined      fine       VERB   conj       3  VBN
        """,
    )
    assert tree.passive[at(tree, "fined")]


@pytest.mark.parametrize(
    ("verb", "passive"), [("digugat", True), ("terancam", True), ("gugat", False)]
)
def test_the_indonesian_passive_has_its_prefix(verb: str, passive: bool) -> None:
    """Without one, "yang mereka gugat" is object voice: the noun in front is who acts."""
    tree = tree_of("id", f"OpenAI openai PROPN nsubj:pass 2\n{verb} x VERB root 2 Voice=Pass")
    assert tree.passive == [False, passive]


# Sentences, parts, phrases ---------------------------------------------------------------------


def test_parts_have_the_offsets_of_the_article() -> None:
    tree = tree_of("en", SUED_IN_COURT, "Meta meta PROPN nsubj 2 NNP\nlied lie VERB ROOT 2 VBD")
    assert tree.bounds == [(0, 6), (6, 8)]
    assert tree.sentence == [0] * 6 + [1] * 2
    assert [tree.article[tree.start[i] : tree.end[i]] for i in range(len(tree))] == tree.word
    assert tree.sentence_record(1).text == "Meta lied"
    assert tree.head[6:] == [7, 7]


def test_two_sentences_of_a_part_are_two() -> None:
    tree = tree_of(
        "en",
        """
        Meta    meta    PROPN  nsubj  2  NNP
        lied~   lie     VERB   ROOT   2  VBD
        .       .       PUNCT  punct  2  .
        Google  google  PROPN  nsubj  5  NNP
        left    leave   VERB   ROOT   5  VBD
        """,
    )
    assert tree.bounds == [(0, 3), (3, 5)]
    assert [tree.sentence_record(i).text for i in (0, 1)] == ["Meta lied.", "Google left"]


def test_white_space_tokens_are_left_out() -> None:
    doc = Doc(
        spacy.blank("en").vocab,
        words=["Meta", "\n ", "lied"],
        spaces=[True, False, False],
        pos=["PROPN", "SPACE", "VERB"],
        deps=["nsubj", "dep", "ROOT"],
        heads=[2, 0, 2],
    )
    tree = build_tree(doc.text, [(0, doc)], language_pack("en"))
    assert tree.word == ["Meta", "lied"]
    assert tree.head == [1, 1]
    assert (tree.start, tree.end) == ([0, 7], [4, 11])


def test_an_empty_part_adds_nothing() -> None:
    tree = build_tree("", [(0, Doc(spacy.blank("en").vocab))], language_pack("en"))
    assert len(tree) == 0
    assert tree.bounds == []


def test_a_phrase_keeps_prepositions_and_leaves_out_clauses() -> None:
    tree = tree_of(
        "en",
        """
        by         by       ADP    prep   1  IN
        the        the      DET    det    4  DT
        secret     secret   ADJ    amod   4  JJ
        use        use      NOUN   pobj   1  NN
        of         of       ADP    prep   4  IN
        books      book     NOUN   pobj   5  NNS
        which      which    PRON   dobj   9  WDT
        they       they     PRON   nsubj  9  PRP
        stole      steal    VERB   relcl  6  VBD
        """,
    )
    first, last = tree.phrase(at(tree, "use"))
    assert words(tree, list(range(first, last + 1))) == ["the", "secret", "use", "of", "books"]


def test_unknown_labels_are_other() -> None:
    assert tree_of("en", "Meta meta PROPN whatever 1 NNP").role == ["other"]
