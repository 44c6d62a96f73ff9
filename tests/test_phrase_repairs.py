"""Attachments inside noun phrases, mended by rule, on Indonesian parses written by hand."""

import pytest
from parses import at, clauses_of, findings_of, linker_of, told, tree_of, words

from kg.status import read_status

PAIR = """
    Walhi       walhi       PROPN  nsubj  4  _  ORG
    bersama     bersama     ADP    case   3
    Greenpeace  greenpeace  PROPN  nmod   1  _  ORG
    menggugat   menggugat   VERB   ROOT   4
    Google      google      PROPN  obj    4  _  ORG
"""

COMPLAINT = """
    Aduan       aduan       NOUN   nsubj:pass  2
    diajukan    mengajukan  VERB   ROOT        2  Voice=Pass
    oleh        oleh        ADP    case        4
    Noyb        noyb        PROPN  obl:agent   2  _  ORG
    bersama     bersama     ADP    case        6
    Foxglove    foxglove    PROPN  obl         2  _  ORG
"""


def test_who_is_named_with_somebody_acts_with_them() -> None:
    clauses = clauses_of("id", PAIR)
    assert words(clauses.tree, clauses.subjects(3)) == ["Walhi", "Greenpeace"]


def test_who_is_named_with_an_agent_is_an_agent() -> None:
    clauses = clauses_of("id", COMPLAINT)
    assert words(clauses.tree, clauses.subjects(1)) == ["Noyb", "Foxglove"]


def test_a_name_between_two_of_its_kind_is_a_member_of_the_list() -> None:
    clauses = clauses_of(
        "id",
        """
        Silverman~  silverman  PROPN  nsubj  6  _  PER
        ,           ,          PUNCT  punct  3
        Golden      golden     PROPN  appos  1  _  PER
        serta       serta      CCONJ  cc     5
        Kadrey      kadrey     PROPN  conj   1  _  PER
        menggugat   menggugat  VERB   ROOT   6
        Meta        meta       PROPN  obj    6  _  ORG
        """,
    )
    assert words(clauses.tree, clauses.subjects(5)) == ["Silverman", "Golden", "Kadrey"]


def test_a_demonstrative_behind_a_name_belongs_to_the_noun_of_the_relative_clause() -> None:
    tree = clauses_of(
        "id",
        """
        Regulator    regulator    NOUN   nsubj      7
        yang         yang         PRON   nsubj      3
        bermarkas    bermarkas    VERB   acl:relcl  1
        di           di           ADP    case       5
        Brussel      brussel      PROPN  obl        3  _  LOC
        itu          itu          DET    det        5
        menyelidiki  menyelidiki  VERB   ROOT       7
        Google       google       PROPN  obj        7  _  ORG
        """,
    ).tree
    assert tree.head[at(tree, "itu")] == at(tree, "Regulator")


def test_a_noun_with_a_determiner_behind_a_prepositional_phrase_is_the_object() -> None:
    clauses = clauses_of(
        "id",
        """
        Luka        luka        PROPN  nsubj  2  _  ORG
        memberikan  memberikan  VERB   ROOT   2
        kepada      kepada      ADP    case   4
        Garante     garante     PROPN  obl    2  _  ORG
        sebuah      sebuah      DET    det    6
        laporan     laporan     NOUN   obl    2
        """,
    )
    assert words(clauses.tree, clauses.objects(1)) == ["laporan"]


def test_a_person_is_not_another_name_of_an_organization() -> None:
    tree = clauses_of(
        "id",
        """
        Direktur   direktur   NOUN   nsubj  6
        OpenAI~    openai     PROPN  nmod   1  _  ORG
        ,          ,          PUNCT  punct  4
        Rina~      rina       PROPN  appos  2  _  PER
        ,          ,          PUNCT  punct  6
        membantah  membantah  VERB   ROOT   6
        """,
    ).tree
    assert tree.head[at(tree, "Rina")] == at(tree, "Direktur")


def test_what_is_set_off_behind_a_name_says_more_about_it() -> None:
    clauses = clauses_of(
        "id",
        """
        Sora~     sora      PROPN  advmod  6  _  SYS
        ,         ,         PUNCT  punct   1
        aplikasi  aplikasi  NOUN   nsubj   6
        baru~     baru      ADJ    amod    3
        ,         ,         PUNCT  punct   3
        meniru    meniru    VERB   ROOT    6
        wajah     wajah     NOUN   obj     6
        """,
    )
    assert words(clauses.tree, clauses.subjects(5)) == ["Sora"]
    assert clauses.tree.role[2] == "apposition"


@pytest.mark.parametrize(
    ("table", "thing"),
    [
        (
            """
            Julia       julia       PROPN  nsubj  2  _  PER
            menyebut    menyebut    VERB   ROOT   2
            pembatalan  pembatalan  NOUN   nmod   5
            itu         itu         DET    det    3
            kemenangan  kemenangan  NOUN   ccomp  2
            """,
            "pembatalan",
        ),
        (
            """
            Ed         ed         PROPN  nsubj  2  _  PER
            menyebut   menyebut   VERB   ROOT   2
            kebijakan  kebijakan  NOUN   obj    2
            itu        itu        DET    det    3
            bencana    bencana    NOUN   nmod   3
            """,
            "kebijakan",
        ),
    ],
)
def test_what_is_called_something_ends_at_its_demonstrative(table: str, thing: str) -> None:
    clauses = clauses_of("id", table)
    tree = clauses.tree
    assert words(tree, clauses.objects(1)) == [thing]
    assert tree.word[tree.phrase(at(tree, thing))[1]] == "itu"


def test_a_demonstrative_closes_a_description_of_two_nouns() -> None:
    tree = clauses_of(
        "id",
        """
        Musk       musk       PROPN  nsubj     2  _  PER
        menuduh    menuduh    VERB   ROOT      2
        raksasa    raksasa    NOUN   obj       2
        pencarian  pencarian  NOUN   compound  3
        tersebut   tersebut   DET    det       4
        rasis      rasis      ADJ    xcomp     2
        """,
    ).tree
    assert tree.head[at(tree, "tersebut")] == at(tree, "raksasa")


@pytest.mark.parametrize(
    "rows",
    [
        """
        depan           depan           NOUN   obl    2
        kantor          kantor          NOUN   nmod   4
        """,
        """
        depan           depan           NOUN   nmod   5
        kantor          kantor          NOUN   obl    2
        """,
    ],
)
def test_a_noun_of_place_is_part_of_the_preposition(rows: str) -> None:
    lead = 5 if "nmod   5" in rows else 4
    clauses = clauses_of(
        "id",
        f"""
        Seniman         seniman         NOUN   nsubj  2  _  GRP
        berdemonstrasi  berdemonstrasi  VERB   ROOT   2
        di              di              ADP    case   {lead}
        {rows.strip()}
        OpenAI          openai          PROPN  nmod   5  _  ORG
        """,
    )
    assert clauses.obliques(1) == [("di depan", at(clauses.tree, "kantor"))]


def test_a_clause_belongs_to_the_thing_and_not_to_its_place() -> None:
    tree = clauses_of(
        "id",
        """
        Seniman   seniman   NOUN   nsubj      2
        memuji    memuji    VERB   ROOT       2
        surat     surat     NOUN   obj        2
        di        di        ADP    case       5
        platform  platform  NOUN   nmod       3
        Medium    medium    PROPN  nmod       5  _  SYS
        yang      yang      PRON   nsubj      8
        merinci   merinci   VERB   acl:relcl  5
        keluhan   keluhan   NOUN   obj        8
        """,
    ).tree
    assert tree.head[at(tree, "merinci")] == at(tree, "surat")


def test_a_noun_right_before_a_verb_without_a_subject_is_its_subject() -> None:
    clauses = clauses_of(
        "id",
        """
        Grab        grab       PROPN  nsubj  2  _  ORG
        menunda     menunda    VERB   ROOT   2
        layanan     layanan    NOUN   obj    2
        hingga      hingga     ADP    case   5
        aturan      aturan     NOUN   obl    2
        ini         ini        DET    det    5
        diterbitkan  menerbitkan  VERB  advcl  2  Voice=Pass
        """,
    )
    assert words(clauses.tree, clauses.objects(6)) == ["aturan"]


def test_a_name_of_one_letter_leaves_the_stop_to_the_sentence() -> None:
    tree = tree_of(
        "id",
        """
        Warga         warga         NOUN   nsubj  2
        meninggalkan  meninggalkan  VERB   ROOT   2
        X.            x.            PUNCT  punct  2
        """,
    )
    assert (tree.word[2], tree.pos[2], tree.role[2]) == ("X", "PROPN", "object")
    assert tree.article[tree.start[2] : tree.end[2]] == "X"
    assert tree.sentence_record(0).text == "Warga meninggalkan X."


def test_a_noun_introduces_what_it_is_called() -> None:
    linker = linker_of(
        "id",
        """
        Sebuah    sebuah    DET    det    2
        band      band      NOUN   nsubj  6
        bernama   bernama   VERB   acl    2
        Velvet    velvet    PROPN  obj    3  _  ORG
        pernah    pernah    ADV    advmod  6
        tampil    tampil    VERB   ROOT   6
        """,
    )
    argument = linker.link(1)
    assert argument is not None
    assert argument.entity.label == "Velvet"


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (  # the reason of a fine is what the fined one did
            """
            CNIL          cnil          PROPN  nsubj  2  _  ORG
            mendenda      mendenda      VERB   ROOT   2
            OpenAI        openai        PROPN  obj    2  _  ORG
            atas          atas          ADP    case   5
            pelanggaran   pelanggaran   NOUN   obl    2
            privasi       privasi       NOUN   nmod   5
            """,
            ("openai", "infringes", "privacy"),
        ),
        (  # whoever is sued on a charge has done what the charge is about
            """
            Disney     disney     PROPN  nsubj  2  _  ORG
            menggugat  menggugat  VERB   ROOT   2
            OpenAI     openai     PROPN  obj    2  _  ORG
            dengan     dengan     ADP    case   5
            tuduhan    tuduhan    NOUN   obl    2
            membajak   membajak   VERB   acl    5
            buku       buku       NOUN   obj    6
            """,
            ("openai", "copies", "books"),
        ),
    ],
)
def test_who_is_blamed_did_it(table: str, expected: tuple[str, str, str]) -> None:
    assert expected in [told(finding) for finding in findings_of("id", table)]


def test_who_is_barred_from_a_clause_without_a_marker_would_do_it() -> None:
    clauses = clauses_of(
        "id",
        """
        Garante   garante   PROPN  nsubj  2  _  ORG
        melarang  melarang  VERB   ROOT   2
        aplikasi  aplikasi  NOUN   obj    2
        tersebut  tersebut  DET    det    3
        mengolah  mengolah  VERB   advcl  2
        data      data      NOUN   obj    5
        """,
    )
    assert words(clauses.tree, clauses.subjects(4)) == ["aplikasi"]
    assert read_status(clauses, 4).negated
