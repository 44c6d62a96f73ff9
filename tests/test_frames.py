"""From clauses to relations, by the lexicon, on parses written by hand."""

import pytest
from parses import findings_of, lexicon_of, names_of, told

VOICES = [
    (
        "en",
        """
        Artists  artist  NOUN   nsubj  2  NNS
        sued     sue     VERB   ROOT   2  VBD
        OpenAI   openai  PROPN  dobj   2  NNP
        """,
    ),
    (
        "en",
        """
        OpenAI   openai  PROPN  nsubjpass  3  NNP
        was      be      AUX    auxpass    3  VBD
        sued     sue     VERB   ROOT       3  VBN
        by       by      ADP    agent      3  IN
        artists  artist  NOUN   pobj       4  NNS
        """,
    ),
    (  # light verb
        "en",
        """
        Artists  artist   NOUN   nsubj  2  NNS
        filed    file     VERB   ROOT   2  VBD
        a        a        DET    det    4  DT
        lawsuit  lawsuit  NOUN   dobj   2  NN
        against  against  ADP    prep   4  IN
        OpenAI   openai   PROPN  pobj   5  NNP
        """,
    ),
    (  # light verb, the preposition below it
        "en",
        """
        Artists  artist   NOUN   nsubj  2  NNS
        filed    file     VERB   ROOT   2  VBD
        a        a        DET    det    4  DT
        lawsuit  lawsuit  NOUN   dobj   2  NN
        against  against  ADP    prep   2  IN
        OpenAI   openai   PROPN  pobj   5  NNP
        """,
    ),
    (  # light verb in the passive
        "en",
        """
        A        a        DET    det        2  DT
        lawsuit  lawsuit  NOUN   nsubjpass  6  NN
        against  against  ADP    prep       2  IN
        OpenAI   openai   PROPN  pobj       3  NNP
        was      be       AUX    auxpass    6  VBD
        filed    file     VERB   ROOT       6  VBN
        by       by       ADP    agent      6  IN
        artists  artist   NOUN   pobj       7  NNS
        """,
    ),
    (  # nominal act with a possessor
        "en",
        """
        artists  artist   NOUN   poss   3  NNS
        '        's       PART   case   1  POS
        lawsuit  lawsuit  NOUN   nsubj  6  NN
        against  against  ADP    prep   3  IN
        OpenAI   openai   PROPN  pobj   4  NNP
        began    begin    VERB   ROOT   6  VBD
        """,
    ),
    (  # nominal act with an agent
        "en",
        """
        lawsuit  lawsuit  NOUN   nsubj  6  NN
        by       by       ADP    prep   1  IN
        artists  artist   NOUN   pobj   2  NNS
        against  against  ADP    prep   1  IN
        OpenAI   openai   PROPN  pobj   4  NNP
        began    begin    VERB   ROOT   6  VBD
        """,
    ),
    (  # an inverse verb: its subject is whom the act is aimed at
        "en",
        """
        OpenAI   openai   PROPN  nsubj  2  NNP
        faced    face     VERB   ROOT   2  VBD
        a        a        DET    det    4  DT
        lawsuit  lawsuit  NOUN   dobj   2  NN
        from     from     ADP    prep   4  IN
        artists  artist   NOUN   pobj   5  NNS
        """,
    ),
    (  # an expression around its object
        "en",
        """
        Artists  artist  NOUN   nsubj  2  NNS
        took     take    VERB   ROOT   2  VBD
        OpenAI   openai  PROPN  dobj   2  NNP
        to       to      ADP    prep   2  IN
        court    court   NOUN   pobj   4  NN
        """,
    ),
    (
        "id",
        """
        Seniman    seniman    NOUN   nsubj  2
        menggugat  menggugat  VERB   root   2  Voice=Act
        OpenAI     openai     PROPN  obj    2
        """,
    ),
    (
        "id",
        """
        OpenAI    openai      PROPN  nsubj:pass  2
        digugat   menggugat   VERB   root        2  Voice=Pass
        seniman   seniman     NOUN   obj         2
        """,
    ),
    (
        "id",
        """
        Seniman    seniman     NOUN   nsubj  2
        mengajukan mengajukan  VERB   root   2  Voice=Act
        gugatan    gugatan     NOUN   obj    2
        terhadap   terhadap    ADP    case   5
        OpenAI     openai      PROPN  nmod   3
        """,
    ),
    (
        "id",
        """
        Gugatan    gugatan     NOUN   nsubj  5
        seniman    seniman     NOUN   nmod   1
        terhadap   terhadap    ADP    case   4
        OpenAI     openai      PROPN  nmod   1
        gagal      gagal       VERB   root   5  Voice=Act
        """,
    ),
]


@pytest.mark.parametrize(("lang", "table"), VOICES)
def test_every_wording_of_a_lawsuit_has_the_same_direction(lang: str, table: str) -> None:
    suits = [finding for finding in findings_of(lang, table) if finding.relation == "sues"]
    assert {told(finding) for finding in suits} == {("artists", "sues", "openai")}
    assert {(finding.negated, finding.modality) for finding in suits} == {(False, "asserted")}
    assert all(0 < finding.confidence <= 1 for finding in suits)


@pytest.mark.parametrize(("lang", "table"), VOICES)
def test_swapping_the_actors_swaps_the_statement(lang: str, table: str) -> None:
    """Direction comes from grammar, not from who is likely to sue whom."""
    swapped = []
    for line in table.splitlines():
        cells = line.split()
        if cells and cells[0].lower() in ("artists", "seniman"):
            cells[:3] = ["Google", "google", "PROPN"]
        swapped.append(" ".join(cells))
    suits = {told(f) for f in findings_of(lang, "\n".join(swapped)) if f.relation == "sues"}
    assert suits == {("google", "sues", "openai")}
    turned = "\n".join(swapped).replace("Google", "#").replace("OpenAI", "Google")
    found = findings_of(lang, turned.replace("#", "OpenAI"))
    assert {told(f) for f in found if f.relation == "sues"} == {("openai", "sues", "google")}


def test_the_longest_expression_decides() -> None:
    """ "ruled in favor of" is not "ruled"; "opposite" readings of one head stay apart."""
    table = """
    Judges  judge   NOUN   nsubj  2  NNS
    ruled   rule    VERB   ROOT   2  VBD
    {0}     {0}     ADP    prep   2  IN
    {1}
    Meta    meta    PROPN  pobj   {2}  NNP
    """
    against = findings_of("en", table.format("against", "", 3).replace("\n    \n", "\n"))
    favor = findings_of(
        "en",
        """
        Judges  judge   NOUN   nsubj  2  NNS
        ruled   rule    VERB   ROOT   2  VBD
        in      in      ADP    prep   2  IN
        favor   favor   NOUN   pobj   3  NN
        of      of      ADP    prep   4  IN
        Meta    meta    PROPN  pobj   5  NNP
        """,
    )
    assert {f.relation for f in against if f.object.entity.slug == "meta"} == {"rulesAgainst"}
    assert {f.relation for f in favor if f.object.entity.slug == "meta"} == {"rulesFor"}


def test_an_expression_that_says_nothing_hides_a_shorter_one() -> None:
    entries = lexicon_of("en").expressions
    hidden = [e for found in entries.values() for e in found if e.relation == "none"]
    assert hidden
    for entry in hidden:
        assert entries[entry.head][0].weight >= entry.weight


def test_filing_no_lawsuit_is_not_suing() -> None:
    """The noun alone is denied; "file lawsuit against" as one expression is not."""
    found = findings_of(
        "en",
        """
        Artists  artist   NOUN   nsubj  2  NNS
        filed    file     VERB   ROOT   2  VBD
        no       no       DET    det    4  DT
        lawsuit  lawsuit  NOUN   dobj   2  NN
        against  against  ADP    prep   4  IN
        OpenAI   openai   PROPN  pobj   5  NNP
        """,
    )
    assert {f.negated for f in found if f.relation == "sues"} == {True}


def test_no_artist_sued_is_a_denial() -> None:
    found = findings_of(
        "en",
        """
        No       no      DET    det    2  DT
        artists  artist  NOUN   nsubj  3  NNS
        sued     sue     VERB   ROOT   3  VBD
        OpenAI   openai  PROPN  dobj   3  NNP
        """,
    )
    assert not [f for f in found if f.relation == "sues" and not f.negated]


def test_a_frame_may_be_negative_by_itself() -> None:
    """ "tidak puas dengan" criticizes, for the negations cancel out; "puas dengan" does not."""
    table = """
    Seniman  seniman  NOUN   nsubj   {0}
    {1}
    puas     puas     ADJ    root    {0}
    dengan   dengan   ADP    case    {2}
    OpenAI   openai   PROPN  obl     {0}
    """
    content = table.format(3, "tidak tidak PART advmod 3", 5)
    pleased = table.format(2, "", 4).replace("\n    \n", "\n")
    [finding] = [f for f in findings_of("id", content) if f.relation == "criticizes"]
    assert told(finding) == ("artists", "criticizes", "openai")
    assert not finding.negated
    assert not [f for f in findings_of("id", pleased) if f.relation == "criticizes"]


def test_nobody_acts_on_themselves() -> None:
    table = """
    OpenAI   openai  PROPN  nsubj  2  NNP
    sued     sue     VERB   ROOT   2  VBD
    OpenAI   openai  PROPN  dobj   2  NNP
    """
    assert findings_of("en", table) == []


def test_what_is_only_mentioned_as_unsaid_makes_no_statement() -> None:
    found = findings_of(
        "en",
        """
        Google   google   PROPN  nsubj  4  NNP
        did      do       AUX    aux    4  VBD
        not      not      PART   neg    4  RB
        say      say      VERB   ROOT   4  VB
        that     that     SCONJ  mark   7  IN
        artists  artist   NOUN   nsubj  7  NNS
        sued     sue      VERB   ccomp  4  VBD
        Meta     meta     PROPN  dobj   7  NNP
        """,
    )
    assert [told(f) for f in found if f.relation == "sues"] == []


def test_a_demanded_act_has_not_happened() -> None:
    [finding] = [
        f
        for f in findings_of(
            "en",
            """
            Actors      actor       NOUN   nsubj  2  NNS
            demanded    demand      VERB   ROOT   2  VBD
            that        that        SCONJ  mark   5  IN
            Meta        meta        PROPN  nsubj  5  NNP
            compensate  compensate  VERB   ccomp  2  VB
            writers     writer      NOUN   dobj   5  NNS
            """,
        )
        if f.relation == "compensates"
    ]
    assert told(finding) == ("meta", "compensates", "writers")
    assert finding.modality == "desired"


# Roles and possession --------------------------------------------------------------------------

ROLES = [
    (
        "en",
        """
        Sam      sam     PROPN  compound  2  NNP
        Altman   altman  PROPN  ROOT      2  NNP
        ,        ,       PUNCT  punct     2  ,
        CEO      ceo     NOUN   appos     2  NN
        of       of      ADP    prep      4  IN
        OpenAI   openai  PROPN  pobj      5  NNP
        """,
        ("sam-altman", "affiliatedWith", "openai"),
    ),
    (
        "en",
        """
        OpenAI   openai  PROPN  compound  4  NNP
        CEO      ceo     NOUN   compound  4  NN
        Sam      sam     PROPN  compound  4  NNP
        Altman   altman  PROPN  nsubj     5  NNP
        left     leave   VERB   ROOT      5  VBD
        """,
        ("sam-altman", "affiliatedWith", "openai"),
    ),
    (
        "en",
        """
        Sam      sam     PROPN  compound  2  NNP
        Altman   altman  PROPN  nsubj     3  NNP
        is       be      AUX    ROOT      3  VBZ
        the      the     DET    det       5  DT
        CEO      ceo     NOUN   attr      3  NN
        of       of      ADP    prep      5  IN
        OpenAI   openai  PROPN  pobj      6  NNP
        """,
        ("sam-altman", "affiliatedWith", "openai"),
    ),
    (
        "id",
        """
        Sam      sam     PROPN  nsubj  4
        Altman   altman  PROPN  flat   1
        adalah   adalah  AUX    cop    4
        CEO      ceo     NOUN   root   4
        OpenAI   openai  PROPN  nmod   4
        """,
        ("sam-altman", "affiliatedWith", "openai"),
    ),
    (
        "id",
        """
        CEO      ceo     NOUN   nsubj  5
        OpenAI   openai  PROPN  nmod   1
        Sam      sam     PROPN  appos  1
        Altman   altman  PROPN  flat   3
        pergi    pergi   VERB   root   5  Voice=Act
        """,
        ("sam-altman", "affiliatedWith", "openai"),
    ),
    (
        "en",
        """
        OpenAI   openai   PROPN  ROOT   1  NNP
        ,        ,        PUNCT  punct  1  ,
        maker    maker    NOUN   appos  1  NN
        of       of       ADP    prep   3  IN
        ChatGPT  chatgpt  PROPN  pobj   4  NNP
        """,
        ("openai", "develops", "chatgpt"),
    ),
    (
        "en",
        """
        OpenAI   openai   PROPN  poss   3  NNP
        's       's       PART   case   1  POS
        ChatGPT  chatgpt  PROPN  nsubj  4  NNP
        lied     lie      VERB   ROOT   4  VBD
        """,
        ("openai", "develops", "chatgpt"),
    ),
    (
        "id",
        """
        ChatGPT  chatgpt  PROPN  nsubj  4
        milik    milik    ADP    case   3
        OpenAI   openai   PROPN  nmod   1
        rusak    rusak    VERB   root   4  Voice=Act
        """,
        ("openai", "develops", "chatgpt"),
    ),
]


@pytest.mark.parametrize(("lang", "table", "expected"), ROLES)
def test_roles_and_possession(lang: str, table: str, expected: tuple[str, str, str]) -> None:
    assert expected in [told(finding) for finding in findings_of(lang, table)]


def test_a_denied_role_is_denied() -> None:
    [finding] = findings_of(
        "en",
        """
        Sam      sam     PROPN  compound  2  NNP
        Altman   altman  PROPN  nsubj     3  NNP
        is       be      AUX    ROOT      3  VBZ
        not      not     PART   neg       3  RB
        the      the     DET    det       6  DT
        CEO      ceo     NOUN   attr      3  NN
        of       of      ADP    prep      6  IN
        Google   google  PROPN  pobj      7  NNP
        """,
    )
    assert told(finding) == ("sam-altman", "affiliatedWith", "google")
    assert finding.negated


def test_a_system_is_not_made_by_whoever_it_is_said_to_belong_to() -> None:
    """The registry knows who makes it."""
    assert names_of("en").registry.developers["chatgpt"] == "openai"
    found = findings_of(
        "en",
        """
        Google   google   PROPN  poss   3  NNP
        's       's       PART   case   1  POS
        ChatGPT  chatgpt  PROPN  nsubj  4  NNP
        lied     lie      VERB   ROOT   4  VBD
        """,
    )
    assert ("google", "develops", "chatgpt") not in [told(finding) for finding in found]
