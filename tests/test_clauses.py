"""Rules of grammar on parses written by hand: voice, control, gaps, coordination, negation,
modality, attribution, and each mending of a wrong parse."""

import pytest
from parses import at, clauses_of, tree_of, words

from kg.attribution import find_source
from kg.clauses import Clauses, Status
from kg.open_clauses import open_clauses
from kg.status import read_status


def subjects(clauses: Clauses, verb: str) -> list[str]:
    return words(clauses.tree, clauses.subjects(at(clauses.tree, verb)))


def objects(clauses: Clauses, verb: str) -> list[str]:
    return words(clauses.tree, clauses.objects(at(clauses.tree, verb)))


def status(clauses: Clauses, verb: str) -> Status:
    return read_status(clauses, at(clauses.tree, verb))


def speaker(clauses: Clauses, verb: str) -> str | None:
    """Who the content of a verb is said to come from; None where the article itself says it."""
    source = find_source(clauses, at(clauses.tree, verb))
    if source is None:
        return None
    return "somebody" if source.speaker is None else clauses.tree.word[source.speaker]


# Voice -----------------------------------------------------------------------------------------

PASSIVES = [
    (
        "en",
        """
        OpenAI   openai  PROPN  nsubjpass  3  NNP
        was      be      AUX    auxpass    3  VBD
        sued     sue     VERB   ROOT       3  VBN
        by       by      ADP    agent      3  IN
        artists  artist  NOUN   pobj       4  NNS
        """,
        ("sued", ["artists"], ["OpenAI"]),
    ),
    (
        "id",
        """
        OpenAI    openai      PROPN  nsubj:pass  2
        digugat   menggugat   VERB   root        2  Voice=Pass
        oleh      oleh        ADP    case        4
        seniman   seniman     NOUN   obl:agent   2
        """,
        ("digugat", ["seniman"], ["OpenAI"]),
    ),
    (  # an agent that the parser calls an oblique
        "id",
        """
        OpenAI    openai      PROPN  nsubj:pass  2
        digugat   menggugat   VERB   root        2  Voice=Pass
        oleh      oleh        ADP    case        4
        seniman   seniman     NOUN   obl         2
        """,
        ("digugat", ["seniman"], ["OpenAI"]),
    ),
    (  # a bare noun behind the verb is the agent
        "id",
        """
        OpenAI    openai      PROPN  nsubj:pass  2
        digugat   menggugat   VERB   root        2  Voice=Pass
        seniman   seniman     NOUN   obj         2
        """,
        ("digugat", ["seniman"], ["OpenAI"]),
    ),
    (  # but not behind a verb with two objects: what is given
        "id",
        """
        Seniman   seniman   NOUN   nsubj:pass  2
        dibayar   membayar  VERB   root        2  Voice=Pass
        upah      upah      NOUN   obj         2
        """,
        ("dibayar", [], ["Seniman"]),
    ),
]


@pytest.mark.parametrize(("lang", "table", "expected"), PASSIVES)
def test_the_passive_is_undone(
    lang: str, table: str, expected: tuple[str, list[str], list[str]]
) -> None:
    verb, who, whom = expected
    clauses = clauses_of(lang, table)
    assert (subjects(clauses, verb), objects(clauses, verb)) == (who, whom)


def test_an_agentless_passive_has_no_subject() -> None:
    clauses = clauses_of(
        "en",
        """
        OpenAI   openai  PROPN  nsubjpass  3  NNP
        was      be      AUX    auxpass    3  VBD
        sued     sue     VERB   ROOT       3  VBN
        """,
    )
    assert subjects(clauses, "sued") == []
    assert objects(clauses, "sued") == ["OpenAI"]


def test_coordinated_passives_share_the_agent() -> None:
    clauses = clauses_of(
        "en",
        """
        Meta     meta    PROPN  nsubjpass  3  NNP
        was      be      AUX    auxpass    3  VBD
        sued     sue     VERB   ROOT       3  VBN
        by       by      ADP    agent      3  IN
        artists  artist  NOUN   pobj       4  NNS
        and      and     CCONJ  cc         3  CC
        fined    fine    VERB   conj       3  VBN
        """,
    )
    assert objects(clauses, "fined") == ["Meta"]
    assert subjects(clauses, "fined") == ["artists"]


# Understood subjects ---------------------------------------------------------------------------


def test_the_upper_object_controls() -> None:
    clauses = clauses_of(
        "en",
        """
        Unions   union    NOUN   nsubj  2  NNS
        urged    urge     VERB   ROOT   2  VBD
        actors   actor    NOUN   dobj   2  NNS
        to       to       PART   aux    5  TO
        boycott  boycott  VERB   xcomp  2  VB
        Meta     meta     PROPN  dobj   5  NNP
        """,
    )
    assert subjects(clauses, "boycott") == ["actors"]


def test_the_upper_subject_controls_where_the_verb_says_so() -> None:
    clauses = clauses_of(
        "en",
        """
        Google   google     PROPN  nsubj  2  NNP
        promised promise    VERB   ROOT   2  VBD
        unions   union      NOUN   dobj   2  NNS
        to       to         PART   aux    5  TO
        pay      pay        VERB   xcomp  2  VB
        actors   actor      NOUN   dobj   5  NNS
        """,
    )
    assert subjects(clauses, "pay") == ["Google"]


def test_the_subject_controls_where_there_is_no_object() -> None:
    clauses = clauses_of(
        "id",
        """
        OpenAI    openai    PROPN  nsubj  2
        berhenti  berhenti  VERB   root   2  Voice=Act
        membayar  membayar  VERB   xcomp  2  Voice=Act
        penulis   penulis   NOUN   obj    3
        """,
    )
    assert subjects(clauses, "membayar") == ["OpenAI"]


def test_the_accused_does_what_they_are_accused_of() -> None:
    clauses = clauses_of(
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
    assert subjects(clauses, "copying") == ["Meta"]
    assert status(clauses, "copying") == Status(modality="alleged")
    assert speaker(clauses, "copying") == "Artists"


def test_a_passive_governor_passes_its_subject_down() -> None:
    clauses = clauses_of(
        "en",
        """
        Meta     meta     PROPN  nsubjpass  3  NNP
        was      be       AUX    auxpass    3  VBD
        accused  accuse   VERB   ROOT       3  VBN
        of       of       ADP    prep       3  IN
        copying  copy     VERB   pcomp      4  VBG
        books    book     NOUN   dobj       5  NNS
        """,
    )
    assert subjects(clauses, "copying") == ["Meta"]
    assert speaker(clauses, "copying") == "somebody"


def test_whoever_is_called_on_is_to_act() -> None:
    clauses = clauses_of(
        "en",
        """
        Parents  parent   NOUN   nsubj  2  NNS
        called   call     VERB   ROOT   2  VBD
        on       on       ADP    prep   2  IN
        Meta     meta     PROPN  pobj   3  NNP
        to       to       PART   aux    6  TO
        protect  protect  VERB   xcomp  2  VB
        children child    NOUN   dobj   6  NNS
        """,
    )
    assert subjects(clauses, "protect") == ["Meta"]


def test_an_infinitive_of_purpose_belongs_to_the_subject() -> None:
    clauses = clauses_of(
        "en",
        """
        Meta   meta   PROPN  nsubj  2  NNP
        used   use    VERB   ROOT   2  VBD
        books  book   NOUN   dobj   2  NNS
        to     to     PART   aux    5  TO
        train  train  VERB   advcl  2  VB
        Llama  llama  PROPN  dobj   5  NNP
        """,
    )
    assert subjects(clauses, "train") == ["Meta"]


def test_a_wish_belongs_to_the_owner_of_its_noun() -> None:
    clauses = clauses_of(
        "en",
        """
        Meta    meta    PROPN  poss   3  NNP
        's      's      PART   case   1  POS
        plan    plan    NOUN   ROOT   3  NN
        to      to      PART   aux    5  TO
        copy    copy    VERB   acl    3  VB
        books   book    NOUN   dobj   5  NNS
        """,
    )
    assert subjects(clauses, "copy") == ["Meta"]
    assert status(clauses, "copy").modality == "planned"


# Relative clauses ------------------------------------------------------------------------------

SUBJECT_GAPS = [
    (
        "en",
        """
        Artists   artist    NOUN   nsubj  5  NNS
        who       who       PRON   nsubj  3  WP
        tested    test      VERB   relcl  1  VBD
        Sora      sora      PROPN  dobj   3  NNP
        protested protest   VERB   ROOT   5  VBD
        """,
        ("tested", ["Artists"], ["Sora"]),
    ),
    (
        "id",
        """
        Seniman   seniman   NOUN   nsubj      5
        yang      yang      PRON   nsubj      3
        menguji   menguji   VERB   acl:relcl  1  Voice=Act
        Sora      sora      PROPN  obj        3
        berunjuk  berunjuk  VERB   root       5  Voice=Act
        """,
        ("menguji", ["Seniman"], ["Sora"]),
    ),
    (
        "id",
        """
        Sora        sora      PROPN  nsubj       5
        yang        yang      PRON   nsubj:pass  3
        diuji       menguji   VERB   acl:relcl   1  Voice=Pass
        seniman     seniman   NOUN   obj         3
        bocor       bocor     VERB   root        5  Voice=Act
        """,
        ("diuji", ["seniman"], ["Sora"]),
    ),
    (
        "en",
        """
        program   program  NOUN   nsubj  5  NN
        that      that     PRON   dobj   4  WDT
        artists   artist   NOUN   nsubj  4  NNS
        reject    reject   VERB   relcl  1  VBP
        ended     end      VERB   ROOT   5  VBD
        """,
        ("reject", ["artists"], ["program"]),
    ),
    (
        "id",
        """
        Program   program    NOUN   nsubj      5
        yang      yang       PRON   obj        4
        seniman   seniman    NOUN   nsubj      4
        tolak     menolak    VERB   acl:relcl  1  Voice=Pass
        berakhir  berakhir   VERB   root       5  Voice=Act
        """,
        ("tolak", ["seniman"], ["Program"]),
    ),
]


@pytest.mark.parametrize(("lang", "table", "expected"), SUBJECT_GAPS)
def test_the_gap_of_a_relative_clause_is_its_noun(
    lang: str, table: str, expected: tuple[str, list[str], list[str]]
) -> None:
    verb, who, whom = expected
    clauses = clauses_of(lang, table)
    assert (subjects(clauses, verb), objects(clauses, verb)) == (who, whom)


# Coordination ----------------------------------------------------------------------------------

TWO_AND_TWO = """
Artists   artist  NOUN   nsubj  4  NNS
and       and     CCONJ  cc     1  CC
writers   writer  NOUN   conj   1  NNS
sued      sue     VERB   ROOT   4  VBD
OpenAI    openai  PROPN  dobj   4  NNP
and       and     CCONJ  cc     5  CC
Meta      meta    PROPN  conj   5  NNP
"""


def test_coordination_is_distributed() -> None:
    clauses = clauses_of("en", TWO_AND_TWO)
    told = [(c.subject.text, c.predicate, c.object.text) for c in open_clauses(clauses, "a")
            if c.object is not None]  # fmt: skip
    assert told == [
        ("Artists", "sued", "OpenAI"),
        ("Artists", "sued", "Meta"),
        ("writers", "sued", "OpenAI"),
        ("writers", "sued", "Meta"),
    ]


def test_verbs_share_the_subject_and_the_last_object() -> None:
    clauses = clauses_of(
        "en",
        """
        Artists     artist     NOUN   nsubj  2  NNS
        criticized  criticize  VERB   ROOT   2  VBD
        and         and        CCONJ  cc     2  CC
        sued        sue        VERB   conj   2  VBD
        OpenAI      openai     PROPN  dobj   4  NNP
        """,
    )
    assert subjects(clauses, "sued") == ["Artists"]
    assert objects(clauses, "criticized") == ["OpenAI"]


def test_a_second_clause_with_its_own_subject_shares_nothing() -> None:
    clauses = clauses_of(
        "en",
        """
        Artists    artist   NOUN   nsubj  2  NNS
        protested  protest  VERB   ROOT   2  VBD
        and        and      CCONJ  cc     2  CC
        writers    writer   NOUN   nsubj  5  NNS
        sued       sue      VERB   conj   2  VBD
        OpenAI     openai   PROPN  dobj   5  NNP
        """,
    )
    assert subjects(clauses, "sued") == ["writers"]
    assert objects(clauses, "protested") == []


def test_a_group_of_artists_is_artists() -> None:
    clauses = clauses_of(
        "en",
        """
        A         a        DET    det    2  DT
        group     group    NOUN   nsubj  5  NN
        of        of       ADP    prep   2  IN
        artists   artist   NOUN   pobj   3  NNS
        protested protest  VERB   ROOT   5  VBD
        """,
    )
    assert subjects(clauses, "protested") == ["artists"]


# Negation and modality -------------------------------------------------------------------------


def test_or_carries_a_negation_on_and_but_does_not() -> None:
    table = """
    Google   google   PROPN  nsubj  4  NNP
    did      do       AUX    aux    4  VBD
    not      not      PART   neg    4  RB
    confirm  confirm  VERB   ROOT   4  VB
    {0}      {0}      CCONJ  cc     4  CC
    deny     deny     VERB   conj   4  VB
    it       it       PRON   dobj   6  PRP
    """
    with_or = clauses_of("en", table.format("or"))
    with_but = clauses_of("en", table.format("but"))
    assert [status(with_or, verb).negated for verb in ("confirm", "deny")] == [True, True]
    assert [status(with_but, verb).negated for verb in ("confirm", "deny")] == [True, False]


@pytest.mark.parametrize("word", ["tidak", "belum", "tak", "bukan"])
def test_indonesian_negations(word: str) -> None:
    clauses = clauses_of(
        "id",
        f"""
        Seniman    seniman    NOUN   nsubj   3
        {word}     {word}     PART   advmod  3
        mendukung  mendukung  VERB   root    3  Voice=Act
        OpenAI     openai     PROPN  obj     3
        """,
    )
    assert status(clauses, "mendukung") == Status(negated=True)


def below(verb: str, lemma: str, *, negation: bool = False) -> Clauses:
    """The clauses of "Google (did not) VERB that Meta pays", for a verb of governing."""
    return clauses_of(
        "en",
        f"""
        Google  google   PROPN  nsubj  4  NNP
        did     do       AUX    aux    4  VBD
        {"not" if negation else "also"}  x  {"PART neg" if negation else "ADV advmod"}  4  RB
        {verb}  {lemma}  VERB   ROOT   4  VB
        that    that     SCONJ  mark   7  IN
        Meta    meta     PROPN  nsubj  7  NNP
        pays    pay      VERB   ccomp  4  VBZ
        actors  actor    NOUN   dobj   7  NNS
        """,
    )


@pytest.mark.parametrize(
    ("lemma", "negation", "expected"),
    [
        ("say", False, Status()),
        ("say", True, Status(unsaid=True)),
        ("deny", False, Status(negated=True)),
        ("deny", True, Status(negated=False)),
        ("believe", True, Status(negated=True)),
        ("demand", False, Status(modality="desired")),
        ("demand", True, Status(negated=True, modality="desired")),
        ("allege", False, Status(modality="alleged")),
        ("promise", False, Status(modality="promised")),
        ("expect", False, Status(modality="planned")),
        ("require", False, Status(modality="obligation")),
    ],
)
def test_what_governs_a_clause_says_how_it_is_meant(
    lemma: str, negation: bool, expected: Status
) -> None:
    assert status(below(lemma, lemma, negation=negation), "pays") == expected


def test_what_fails_to_be_done_is_not_done() -> None:
    clauses = clauses_of(
        "id",
        """
        Meta        meta        PROPN  nsubj  2
        gagal       gagal       VERB   root   2  Voice=Act
        melindungi  melindungi  VERB   xcomp  2  Voice=Act
        anak        anak        NOUN   obj    3
        """,
    )
    assert status(clauses, "melindungi") == Status(negated=True)


def test_failing_not_to_do_it_is_doing_it() -> None:
    clauses = clauses_of(
        "en",
        """
        Meta     meta     PROPN  nsubj  4  NNP
        did      do       AUX    aux    4  VBD
        not      not      PART   neg    4  RB
        fail     fail     VERB   ROOT   4  VB
        to       to       PART   aux    6  TO
        protect  protect  VERB   xcomp  4  VB
        users    user     NOUN   dobj   6  NNS
        """,
    )
    assert status(clauses, "protect") == Status()


def test_denying_that_it_is_not_so_says_that_it_is() -> None:
    clauses = clauses_of(
        "en",
        """
        Meta     meta     PROPN  nsubj  2  NNP
        denied   deny     VERB   ROOT   2  VBD
        it       it       PRON   nsubj  6  PRP
        does     do       AUX    aux    6  VBZ
        not      not      PART   neg    6  RB
        pay      pay      VERB   ccomp  2  VB
        actors   actor    NOUN   dobj   6  NNS
        """,
    )
    assert status(clauses, "pay") == Status()


CHAIN = """
Google   google   PROPN  nsubj  2  NNP
said     say      VERB   ROOT   2  VBD
it       it       PRON   nsubj  5  PRP
may      may      AUX    aux    5  MD
{0}      {1}      VERB   ccomp  2  VB
to       to       PART   aux    7  TO
pay      pay      VERB   xcomp  5  VB
actors   actor    NOUN   dobj   7  NNS
"""


def test_modality_comes_down_the_chain() -> None:
    clauses = clauses_of("en", CHAIN.format("begin", "begin"))
    assert status(clauses, "begin") == Status(modality="possible")
    assert speaker(clauses, "pay") == "Google"


def test_the_nearest_modality_wins() -> None:
    clauses = clauses_of("en", CHAIN.format("refuse", "refuse"))
    assert status(clauses, "pay") == Status(negated=True, modality="possible")
    planned = clauses_of("en", CHAIN.format("plan", "plan"))
    assert status(planned, "pay").modality == "planned"


@pytest.mark.parametrize(
    ("word", "modality"),
    [("harus", "obligation"), ("mungkin", "possible"), ("akan", "planned"), ("telah", "asserted")],
)
def test_indonesian_auxiliaries(word: str, modality: str) -> None:
    clauses = clauses_of(
        "id",
        f"""
        Meta      meta      PROPN  nsubj  3
        {word}    {word}    AUX    aux    3
        membayar  membayar  VERB   root   3  Voice=Act
        aktor     aktor     NOUN   obj    3
        """,
    )
    assert status(clauses, "membayar") == Status(modality=modality)


def test_a_condition_is_possible() -> None:
    clauses = clauses_of(
        "id",
        """
        jika      jika      SCONJ  mark   3
        Meta      meta      PROPN  nsubj  3
        membayar  membayar  VERB   advcl  4  Voice=Act
        senang    senang    ADJ    root   4
        """,
    )
    assert status(clauses, "membayar") == Status(modality="possible")


def test_a_question_states_nothing_for_certain() -> None:
    table = """
    Meta   meta   PROPN  nsubj  2  NNP
    pays   pay    VERB   ROOT   2  VBZ
    {0}    {0}    PUNCT  punct  2  .
    """
    assert status(clauses_of("en", table.format("?")), "pays").modality == "possible"
    assert status(clauses_of("en", table.format(".")), "pays").modality == "asserted"


# Attribution -----------------------------------------------------------------------------------


def test_the_nearest_speaker_wins() -> None:
    clauses = clauses_of(
        "en",
        """
        Reuters   reuters  PROPN  nsubj  2  NNP
        reported  report   VERB   ROOT   2  VBD
        that      that     SCONJ  mark   5  IN
        Altman    altman   PROPN  nsubj  5  NNP
        said      say      VERB   ccomp  2  VBD
        that      that     SCONJ  mark   8  IN
        Meta      meta     PROPN  nsubj  8  NNP
        lied      lie      VERB   ccomp  5  VBD
        """,
    )
    assert speaker(clauses, "lied") == "Altman"
    assert speaker(clauses, "said") == "Reuters"
    assert speaker(clauses, "reported") is None


def test_reports_are_climbed_to_through_other_clauses() -> None:
    clauses = clauses_of(
        "en",
        """
        Altman   altman  PROPN  nsubj  2  NNP
        said     say     VERB   ROOT   2  VBD
        Meta     meta    PROPN  nsubj  4  NNP
        began    begin   VERB   ccomp  2  VBD
        to       to      PART   aux    6  TO
        copy     copy    VERB   xcomp  4  VB
        books    book    NOUN   dobj   6  NNS
        """,
    )
    assert speaker(clauses, "copy") == "Altman"


@pytest.mark.parametrize(
    ("lang", "table", "verb"),
    [
        (
            "en",
            """
            According  accord   VERB   prep   5  VBG
            to         to       ADP    prep   1  IN
            Reuters    reuters  PROPN  pobj   2  NNP
            Meta       meta     PROPN  nsubj  5  NNP
            lied       lie      VERB   ROOT   5  VBD
            """,
            "lied",
        ),
        (
            "id",
            """
            Menurut    menurut   ADP    case   2
            Reuters    reuters   PROPN  obl    4
            Meta       meta      PROPN  nsubj  4
            berbohong  berbohong VERB   root   4  Voice=Act
            """,
            "berbohong",
        ),
    ],
)
def test_according_to(lang: str, table: str, verb: str) -> None:
    assert speaker(clauses_of(lang, table), verb) == "Reuters"


def test_a_reporting_clause_beside_what_it_reports() -> None:
    clauses = clauses_of(
        "en",
        """
        Meta    meta    PROPN  nsubj      2  NNP
        lied    lie     VERB   ROOT       2  VBD
        ,       ,       PUNCT  punct      2  ,
        Altman  altman  PROPN  nsubj      5  NNP
        said    say     VERB   parataxis  2  VBD
        """,
    )
    assert speaker(clauses, "lied") == "Altman"


def test_what_is_told_of_the_speaker_is_not_from_the_speaker() -> None:
    """ "Meta lied, said Altman, who criticized Google": the article says the last."""
    clauses = clauses_of(
        "en",
        """
        Meta        meta       PROPN  nsubj      2  NNP
        lied        lie        VERB   ROOT       2  VBD
        ,           ,          PUNCT  punct      2  ,
        said        say        VERB   parataxis  2  VBD
        Altman      altman     PROPN  nsubj      4  NNP
        who         who        PRON   nsubj      7  WP
        criticized  criticize  VERB   relcl      5  VBD
        Google      google     PROPN  dobj       7  NNP
        """,
    )
    assert speaker(clauses, "criticized") is None


def test_a_quote_has_the_speaker_beside_it() -> None:
    clauses = clauses_of(
        "en",
        """
        "~        "        PUNCT  punct  3  ``
        Meta      meta     PROPN  nsubj  3  NNP
        copies    copy     VERB   ccomp  8  VBZ
        our       our      PRON   poss   5  PRP$
        books~    book     NOUN   dobj   3  NNS
        "         "        PUNCT  punct  3  ''
        Altman    altman   PROPN  nsubj  8  NNP
        said      say      VERB   ROOT   8  VBD
        """,
        """
        Google    google   PROPN  nsubj  2  NNP
        lied      lie      VERB   ROOT   2  VBD
        """,
    )
    assert speaker(clauses, "copies") == "Altman"
    assert speaker(clauses, "lied") is None


def test_a_quote_over_two_sentences_has_one_speaker() -> None:
    clauses = clauses_of(
        "id",
        """
        “~         “          PUNCT  punct  3
        Meta       meta       PROPN  nsubj  3
        berbohong  berbohong  VERB   root   3  Voice=Act
        kepada     kepada     ADP    case   5
        penulis~   penulis    NOUN   obl    3
        .          .          PUNCT  punct  3
        Google     google     PROPN  nsubj  8
        menyalin   menyalin   VERB   root   8  Voice=Act
        buku~      buku       NOUN   obj    8
        ”          ”          PUNCT  punct  12
        ,          ,          PUNCT  punct  12
        berkata    berkata    VERB   parataxis  8  Voice=Act
        Altman     altman     PROPN  nsubj  12
        """,
    )
    assert speaker(clauses, "menyalin") == "Altman"
    assert speaker(clauses, "berbohong") == "Altman"


# Mended parses ---------------------------------------------------------------------------------


def test_a_second_report_joins_the_first() -> None:
    """ "X denies that A, and argues that B": "argues" hangs on what X denies."""
    clauses = clauses_of(
        "en",
        """
        Meta      meta    PROPN  nsubj  2   NNP
        denies    deny    VERB   ROOT   2   VBZ
        that      that    SCONJ  mark   5   IN
        it        it      PRON   nsubj  5   PRP
        lied      lie     VERB   ccomp  2   VBD
        and       and     CCONJ  cc     5   CC
        argues    argue   VERB   conj   5   VBZ
        that      that    SCONJ  mark   10  IN
        Google    google  PROPN  nsubj  10  NNP
        lies      lie     VERB   ccomp  7   VBZ
        """,
    )
    tree = clauses.tree
    assert tree.head[at(tree, "argues")] == at(tree, "denies")
    assert subjects(clauses, "argues") == ["Meta"]
    assert status(clauses, "lies") == Status()
    assert status(clauses, "lied") == Status(negated=True)


def test_an_adverb_taken_for_the_object_gives_it_up() -> None:
    """ "mengutuk keras penggunaan X": the noun below "keras" is what is condemned."""
    clauses = clauses_of(
        "id",
        """
        Mereka      mereka      PRON  nsubj  2
        mengutuk    mengutuk    VERB  root   2  Voice=Act
        keras       keras       ADJ   obj    2
        penggunaan  penggunaan  NOUN  nmod   3
        AI          ai          PROPN nmod   4
        """,
    )
    assert objects(clauses, "mengutuk") == ["penggunaan"]
    assert clauses.tree.role[2] == "adverb"


def test_a_pronoun_taken_for_the_object_of_giving_is_the_recipient() -> None:
    """ "memberi mereka kredit": the noun below the pronoun is what is given."""
    clauses = clauses_of(
        "id",
        """
        OpenAI   openai   PROPN  nsubj  2
        memberi  memberi  VERB   root   2  Voice=Act
        mereka   mereka   PRON   obj    2
        kredit   kredit   NOUN   nmod   3
        """,
    )
    assert objects(clauses, "memberi") == ["kredit"]
    assert words(clauses.tree, clauses.recipients(1)) == ["mereka"]


def test_a_noun_taken_for_a_clause_is_the_subject_of_the_next_verb() -> None:
    """ "mengetahui bahwa artis menyatakan protes": "artis" taken for what is known."""
    clauses = clauses_of(
        "id",
        """
        Kami        kami        PRON   nsubj  2
        mengetahui  mengetahui  VERB   root   2  Voice=Act
        bahwa       bahwa       SCONJ  mark   4
        artis       artis       NOUN   ccomp  2
        memprotes   memprotes   VERB   advcl  2  Voice=Act
        OpenAI      openai      PROPN  obj    5
        """,
    )
    assert subjects(clauses, "memprotes") == ["artis"]
    assert clauses.tree.role[at(clauses.tree, "memprotes")] == "complement"
    assert speaker(clauses, "memprotes") == "Kami"


def test_a_verb_coordinated_with_a_noun_joins_the_verb_of_the_noun() -> None:
    """ "denies the allegations and maintains that …": "maintains" hangs on "allegations"."""
    clauses = clauses_of(
        "en",
        """
        Meta         meta        PROPN  nsubj  2  NNP
        denies       deny        VERB   ROOT   2  VBZ
        allegations  allegation  NOUN   dobj   2  NNS
        and          and         CCONJ  cc     3  CC
        defends      defend      VERB   conj   3  VBZ
        Llama        llama       PROPN  dobj   5  NNP
        """,
    )
    assert clauses.tree.head[at(clauses.tree, "defends")] == at(clauses.tree, "denies")
    assert subjects(clauses, "defends") == ["Meta"]
    assert objects(clauses, "denies") == ["allegations"]


def test_a_list_of_subjects_is_put_together() -> None:
    """ "A, B and C sued": only C is taken for the subject, the verb for a clause below A."""
    clauses = clauses_of(
        "en",
        """
        Artists   artist   NOUN   ROOT   1  NNS
        ,         ,        PUNCT  punct  1  ,
        writers   writer   NOUN   appos  1  NNS
        and       and      CCONJ  cc     5  CC
        actors    actor    NOUN   nsubj  6  NNS
        sued      sue      VERB   relcl  1  VBD
        OpenAI    openai   PROPN  dobj   6  NNP
        """,
    )
    assert sorted(subjects(clauses, "sued")) == ["Artists", "actors", "writers"]
    assert clauses.tree.role[at(clauses.tree, "sued")] == "root"


def test_a_right_parse_is_left_alone() -> None:
    mended, parsed = clauses_of("en", TWO_AND_TWO).tree, tree_of("en", TWO_AND_TWO)
    assert (mended.head, mended.role, mended.case) == (parsed.head, parsed.role, parsed.case)


# Open extraction -------------------------------------------------------------------------------


def test_an_open_clause_has_the_voice_and_the_words_of_the_article() -> None:
    clauses = clauses_of(
        "en",
        """
        OpenAI   openai  PROPN  nsubjpass  4  NNP
        was      be      AUX    auxpass    4  VBD
        not      not     PART   neg        4  RB
        sued     sue     VERB   ROOT       4  VBN
        by       by      ADP    agent      4  IN
        artists  artist  NOUN   pobj       5  NNS
        in       in      ADP    prep       4  IN
        court    court   NOUN   pobj       7  NN
        """,
    )
    found = list(open_clauses(clauses, "a"))
    told = [(c.subject.text, c.predicate, c.object and c.object.text, c.negated) for c in found]
    assert told == [
        ("OpenAI", "was not sued by", "artists", True),
        ("OpenAI", "was not sued in", "court", True),
    ]
    assert {c.article for c in found} == {"a"}


def test_a_clause_without_an_object_is_given_once() -> None:
    clauses = clauses_of("en", "Meta meta PROPN nsubj 2 NNP\nlied lie VERB ROOT 2 VBD")
    [clause] = open_clauses(clauses, "a")
    assert (clause.subject.text, clause.predicate, clause.object) == ("Meta", "lied", None)


def test_a_passive_without_an_agent_stays_passive_in_the_open_clauses() -> None:
    """ "Curie was born in Warsaw": nobody acts, and nothing is lost."""
    clauses = clauses_of(
        "en",
        """
        Curie   curie   PROPN  nsubjpass  3  NNP
        was     be      AUX    auxpass    3  VBD
        born    bear    VERB   ROOT       3  VBN
        in      in      ADP    prep       3  IN
        Warsaw  warsaw  PROPN  pobj       4  NNP
        """,
    )
    [clause] = open_clauses(clauses, "a")
    assert clause.object is not None
    assert (clause.subject.text, clause.predicate, clause.object.text) == (
        "Curie",
        "was born in",
        "Warsaw",
    )
