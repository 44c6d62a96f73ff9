"""Rules of grammar that English shows, on parses written by hand: what predicates are said of, who
acts together, what stands moved, and each mending of names, sums and sequences."""

import pytest
from parses import at, clauses_of, findings_of, linker_of, told, words

from kg.attribution import find_source
from kg.clauses import Clauses
from kg.governors import find_governor
from kg.status import read_status


def subjects(clauses: Clauses, verb: str) -> list[str]:
    return words(clauses.tree, clauses.subjects(at(clauses.tree, verb)))


def objects(clauses: Clauses, verb: str) -> list[str]:
    return words(clauses.tree, clauses.objects(at(clauses.tree, verb)))


# Subjects --------------------------------------------------------------------------------------

PREDICATE = """
Luka       luka       PROPN  nsubj  2  NNP  ORG
{copula}   be         AUX    ROOT   2  VBZ
{article}  {article}  DET    det    4  DT
firm       firm       NOUN   attr   2  NN
that       that       PRON   nsubj  6  WDT
sells      sell       VERB   relcl  4  VBZ
toys       toy        NOUN   dobj   6  NNS
"""


def test_the_clause_of_a_predicate_noun_is_about_its_subject() -> None:
    assert subjects(clauses_of("en", PREDICATE.format(copula="is", article="a")), "sells") == [
        "Luka"
    ]


def test_a_cleft_is_about_the_noun() -> None:
    table = PREDICATE.format(copula="is", article="the").replace("Luka       luka", "It  it")
    assert subjects(clauses_of("en", table), "sells") == ["firm"]


def test_a_denied_predicate_says_nothing_of_its_subject() -> None:
    rows = PREDICATE.format(copula="is", article="a").strip().splitlines()
    table = "\n".join([*rows, "not not PART neg 2 RB"])
    assert subjects(clauses_of("en", table), "sells") == ["firm"]


def test_who_does_the_same_acts_too() -> None:
    clauses = clauses_of(
        "en",
        """
        Meta      meta    PROPN  nsubj  2  NNP
        objected  object  VERB   ROOT   2  VBD
        ,         ,       PUNCT  punct  2  ,
        as        as      SCONJ  mark   5  IN
        did       do      VERB   advcl  2  VBD
        Google    google  PROPN  nsubj  5  NNP
        """,
    )
    assert subjects(clauses, "objected") == ["Meta", "Google"]


def test_who_acts_together_with_the_subject_acts() -> None:
    clauses = clauses_of(
        "en",
        """
        Guild     guild     PROPN  nsubj   2  NNP
        sued      sue       VERB   ROOT    2  VBD
        OpenAI    openai    PROPN  dobj    2  NNP
        together  together  ADV    advmod  5  RB
        with      with      ADP    prep    2  IN
        authors   author    NOUN   pobj    5  NNS
        """,
    )
    assert subjects(clauses, "sued") == ["Guild", "authors"]


def test_several_of_them_are_them() -> None:
    clauses = clauses_of(
        "en",
        """
        Five     five    NUM   nsubj  4  CD
        of       of      ADP   prep   1  IN
        artists  artist  NOUN  pobj   2  NNS
        left     leave   VERB  ROOT   4  VBD
        """,
    )
    assert subjects(clauses, "left") == ["artists"]


# Objects ---------------------------------------------------------------------------------------


def test_what_is_called_something_is_the_object() -> None:
    clauses = clauses_of(
        "en",
        """
        Firm      firm      NOUN  nsubj  2  NN
        built     build     VERB  ROOT   2  VBD
        what      what      PRON  dobj   5  WP
        critics   critic    NOUN  nsubj  5  NNS
        called    call      VERB  ccomp  2  VBD
        a         a         DET   det    7  DT
        database  database  NOUN  oprd   5  NN
        """,
    )
    assert objects(clauses, "built") == ["database"]


def test_a_clause_about_a_place_has_no_gap_for_the_object() -> None:
    clauses = clauses_of(
        "en",
        """
        states    state   NOUN   nsubj  5  NNS
        home      home    NOUN   ROOT   2  NN
        where     where   SCONJ  advmod 5  WRB
        unions    union   NOUN   nsubj  5  NNS
        sue       sue     VERB   relcl  2  VBP
        it        it      PRON   dobj   5  PRP
        """,
    )
    assert objects(clauses, "sue") == ["it"]


def test_prepositions_are_coordinated() -> None:
    clauses = clauses_of(
        "en",
        """
        Tools         tool          NOUN   nsubj  2  NNS
        discriminate  discriminate  VERB   ROOT   2  VBP
        against       against       ADP    prep   2  IN
        women         woman         NOUN   pobj   3  NNS
        and           and           CCONJ  cc     3  CC
        against       against       ADP    conj   3  IN
        migrants      migrant       NOUN   pobj   6  NNS
        """,
    )
    verb = at(clauses.tree, "discriminate")
    assert [(case, clauses.tree.word[kid]) for case, kid in clauses.obliques(verb)] == [
        ("against", "women"),
        ("against", "migrants"),
    ]


# Negation and sources --------------------------------------------------------------------------


def test_neither_denies_both_verbs() -> None:
    clauses = clauses_of(
        "en",
        """
        Google   google   PROPN  nsubj    4  NNP
        had      have     AUX    aux      4  VBD
        neither  neither  CCONJ  preconj  4  CC
        created  create   VERB   ROOT     4  VBN
        nor      nor      CCONJ  cc       4  CC
        managed  manage   VERB   conj     4  VBN
        it       it       PRON   dobj     6  PRP
        """,
    )
    verbs = [at(clauses.tree, verb) for verb in ("created", "managed")]
    assert [read_status(clauses, verb).negated for verb in verbs] == [True, True]


def test_to_rule_something_out_is_another_word_than_to_rule() -> None:
    bare = clauses_of("en", _ruled(""))
    out = clauses_of("en", _ruled("out out ADP prt 2 RP"))
    assert [read_status(c, at(c.tree, "sign")).negated for c in (bare, out)] == [False, True]


def _ruled(particle: str) -> str:
    verb = 6 if particle else 5
    rows = [
        "She she PRON nsubj 2 PRP",
        "ruled rule VERB ROOT 2 VBD",
        particle,
        f"that that SCONJ mark {verb} IN",
        f"agents agent NOUN nsubj {verb} NNS",
        "sign sign VERB ccomp 2 VBP",
    ]
    return "\n".join(row for row in rows if row)


def test_a_view_is_that_of_its_owner() -> None:
    clauses = clauses_of(
        "en",
        """
        In       in       ADP   prep   6  IN
        their    their    PRON  poss   3  PRP$
        view     view     NOUN  pobj   1  NN
        ,        ,        PUNCT punct  6  ,
        firms    firm     NOUN  nsubj  6  NNS
        exploit  exploit  VERB  ROOT   6  VBP
        artists  artist   NOUN  dobj   6  NNS
        """,
    )
    source = find_source(clauses, at(clauses.tree, "exploit"))
    assert source is not None
    assert source.speaker == at(clauses.tree, "their")


# Mendings --------------------------------------------------------------------------------------


def test_what_stands_before_a_semicolon_is_no_complement() -> None:
    clauses = clauses_of(
        "en",
        """
        Firm       firm      NOUN   nsubj      2  NN
        settled    settle    VERB   ccomp      6  VBD
        ;          ;         PUNCT  punct      6  :
        terms      term      NOUN   nsubjpass  6  NNS
        were       be        AUX    auxpass    6  VBD
        disclosed  disclose  VERB   ROOT       6  VBN
        """,
    )
    settled = at(clauses.tree, "settled")
    assert find_governor(clauses.tree, clauses.cues, settled) is None
    assert find_source(clauses, settled) is None


def test_a_second_relative_clause_joins_the_first() -> None:
    clauses = clauses_of(
        "en",
        """
        He       he       PRON   nsubj  2  PRP
        signed   sign     VERB   ROOT   2  VBD
        laws     law      NOUN   dobj   2  NNS
        that     that     PRON   nsubj  5  WDT
        bind     bind     VERB   relcl  3  VBP
        firms    firm     NOUN   dobj   5  NNS
        and      and      CCONJ  cc     2  CC
        that     that     PRON   nsubj  9  WDT
        ban      ban      VERB   conj   2  VBP
        fakes    fake     NOUN   dobj   9  NNS
        """,
    )
    assert subjects(clauses, "ban") == ["laws"]


def test_a_verb_that_lacks_its_object_is_passive_as_the_first_is() -> None:
    tree = clauses_of(
        "en",
        """
        Canada   canada  PROPN  nsubjpass  3  NNP
        was      be      AUX    auxpass    3  VBD
        fined    fine    VERB   ROOT       3  VBN
        and      and     CCONJ  cc         3  CC
        ordered  order   VERB   conj       3  VBD
        to       to      PART   aux        7  TO
        pay      pay     VERB   xcomp      5  VB
        """,
    ).tree
    assert tree.passive[at(tree, "ordered")]


def test_a_finite_verb_goes_to_the_verb_of_its_form() -> None:
    clauses = clauses_of(
        "en",
        """
        He       he          PRON   nsubj  2  PRP
        accused  accuse      VERB   ROOT   2  VBD
        it       it          PRON   dobj   2  PRP
        of       of          ADP    prep   2  IN
        looking  look        VERB   pcomp  4  VBG
        away     away        ADV    advmod 5  RB
        and      and         CCONJ  cc     5  CC
        called   call        VERB   conj   5  VBD
        for      for         ADP    prep   8  IN
        a        a           DET    det    11 DT
        levy     levy        NOUN   pobj   9  NN
        """,
    )
    assert subjects(clauses, "called") == ["He"]


NAMES = [
    (  # a first name taken for a verb
        """
        Meetali  meetali  VERB   advcl  3  VB   PERSON
        Jain     jain     PROPN  nsubj  1  NNP  PERSON+
        hailed   hail     VERB   ROOT   3  VBD
        it       it       PRON   dobj   3  PRP
        """,
        "hailed",
        ["Jain"],
    ),
    (  # a day taken for a part of the name behind it
        """
        On           on           ADP    prep      4  IN
        Monday       monday       PROPN  compound  3  NNP  DATE
        Clarkesworld clarkesworld PROPN  pobj      1  NNP
        stopped      stop         VERB   ROOT      4  VBD
        """,
        "stopped",
        ["Clarkesworld"],
    ),
    (  # a name taken for an adjective
        """
        Anthropic  anthropic  ADJ   amod  2  JJ
        disputes   dispute    VERB  ROOT  2  VBZ
        claims     claim      NOUN  dobj  2  NNS
        """,
        "disputes",
        ["Anthropic"],
    ),
]


@pytest.mark.parametrize(("table", "verb", "who"), NAMES)
def test_a_name_is_the_subject_whatever_it_was_taken_for(
    table: str, verb: str, who: list[str]
) -> None:
    clauses = clauses_of("en", table)
    assert subjects(clauses, verb) == who


def test_whom_a_sum_is_laid_on_is_no_part_of_the_sum() -> None:
    clauses = clauses_of(
        "en",
        """
        Watchdog   watchdog   NOUN   nsubj   2  NN
        fined      fine       VERB   ROOT    2  VBD
        Clearview  clearview  PROPN  nmod    6  NNP  ORG
        30         30         NUM    nummod  6  CD
        million    million    NUM    nummod  6  CD
        euros      euro       NOUN   dobj    2  NNS
        """,
    )
    assert objects(clauses, "fined") == ["Clearview"]


def test_who_lays_a_sum_is_no_part_of_it() -> None:
    clauses = clauses_of(
        "en",
        """
        Uber       uber       PROPN  nsubjpass  3  NNP
        was        be         AUX    auxpass    3  VBD
        fined      fine       VERB   ROOT       3  VBN
        30         30         NUM    nummod     5  CD
        euros      euro       NOUN   dobj       3  NNS
        by         by         ADP    prep       5  IN
        watchdogs  watchdog   NOUN   pobj       6  NNS
        """,
    )
    assert subjects(clauses, "fined") == ["watchdogs"]


def test_a_list_behind_a_name_is_no_apposition() -> None:
    clauses = clauses_of(
        "en",
        """
        She       she      PRON   nsubj  2  PRP
        sued      sue      VERB   ROOT   2  VBD
        Luka      luka     PROPN  dobj   2  NNP
        ,         ,        PUNCT  punct  3  ,
        its       its      PRON   poss   6  PRP$
        founders  founder  NOUN   appos  3  NNS
        and       and      CCONJ  cc     6  CC
        Google    google   PROPN  conj   6  NNP
        """,
    )
    assert objects(clauses, "sued") == ["Luka", "founders", "Google"]


# What becomes of them --------------------------------------------------------------------------


def relations(*tables: str) -> set[tuple[str, str, str]]:
    return {told(finding) for finding in findings_of("en", *tables)}


def test_a_critic_is_who_is_called_one() -> None:
    assert ("person-ava-reyes", "opposes", "openai") in relations(
        """
        Ava     ava     PROPN  compound  2  NNP  PERSON
        Reyes   reyes   PROPN  nsubj     3  NNP  PERSON+
        is      be      AUX    ROOT      3  VBZ
        a       a       DET    det       5  DT
        critic  critic  NOUN   attr      3  NN
        of      of      ADP    prep      5  IN
        OpenAI  openai  PROPN  pobj      6  NNP
        """
    )


def test_an_act_in_a_relative_clause_has_its_agent_there() -> None:
    assert ("artists", "sues", "openai") in relations(
        """
        The      the     DET    det     2  DT
        suit     suit    NOUN   nsubj   8  NN
        that     that    SCONJ  dobj    5  IN
        artists  artist  NOUN   nsubj   5  NNS
        brought  bring   VERB   relcl   2  VBD
        against  against ADP    prep    5  IN
        OpenAI   openai  PROPN  pobj    6  NNP
        failed   fail    VERB   ROOT    8  VBD
        """
    )


def test_an_act_beside_a_clause_is_that_of_who_acts_in_it() -> None:
    assert ("artists", "protests", "openai") in relations(
        """
        In       in       ADP   prep   6  IN
        protest  protest  NOUN  pobj   1  NN
        against  against  ADP   prep   2  IN
        OpenAI   openai   PROPN pobj   3  NNP
        artists  artist   NOUN  nsubj  6  NNS
        left     leave    VERB  ROOT   6  VBD
        Sora     sora     PROPN dobj   6  NNP
        """
    )


def test_a_court_is_behind_an_agentless_order() -> None:
    ordered = """
    OpenAI   openai  PROPN  nsubjpass  3  NNP
    was      be      AUX    auxpass    3  VBD
    fined    fine    VERB   ROOT       3  VBN
    """
    heard = """
    The    the    DET    det    2  DT
    FTC    ftc    PROPN  nsubj  3  NNP
    heard  hear   VERB   ROOT   3  VBD
    it     it     PRON   dobj   3  PRP
    """
    assert ("ftc", "penalizes", "openai") in relations(heard, ordered)
    assert relations(ordered) == set()


def test_a_judgment_is_that_of_who_calls_it_so() -> None:
    table = """
    Artists  artist   NOUN  nsubj  2  NNS
    {verb}   {verb}   VERB  ROOT   2  VBP
    OpenAI   openai   PROPN dobj   2  NNP
    a        a        DET   det    5  DT
    heist    heist    NOUN  oprd   2  NN
    """
    called = relations(table.format(verb="call"))
    assert ("artists", "criticizes", "openai") in called
    assert relations(table.format(verb="make")) == set()


def test_those_who_do_something_are_named_in_full() -> None:
    linker = linker_of(
        "en",
        """
        Law     law     NOUN  nsubj  2  NN
        shields shield  VERB  ROOT   2  VBZ
        those   those   PRON  dobj   2  NNS
        who     who     PRON  nsubj  5  WP
        report  report  VERB  relcl  3  VBP
        crimes  crime   NOUN  dobj   5  NNS
        """,
    )
    argument = linker.link(at(linker.tree, "those"))
    assert argument is not None
    assert argument.span.text == "those who report crimes"
    assert argument.entity.type == "Group"
