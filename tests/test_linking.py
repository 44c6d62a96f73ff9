"""Names, terms, descriptions and pronouns on parses written by hand."""

import pytest
import rdflib
from parses import at, clauses_of, linker_of, names_of

from kg.linking import Linker
from kg.methods import SCORES
from kg.names import mint
from kg.records import Article
from kg.resources import ontology_dir
from kg.statements import extract
from kg.vocabulary import NAMESPACE


def linked(linker: Linker, word: str, nth: int = 0) -> list[str]:
    """Slugs of what a word stands for; ``nth`` where the word stands several times."""
    tokens = [i for i, one in enumerate(linker.tree.word) if one == word]
    return [argument.entity.slug for argument in linker.link_all(tokens[nth])]


def phrase(linker: Linker, word: str) -> str:
    """The words that stand for the entity."""
    argument = linker.link(at(linker.tree, word))
    assert argument is not None
    return argument.span.text


# Names and terms -------------------------------------------------------------------------------


def test_a_name_of_the_registry_is_the_entity() -> None:
    linker = linker_of(
        "en",
        """
        Stability  stability  PROPN  compound  2  NNP
        AI         ai         PROPN  nsubj     3  NNP
        copied     copy       VERB   ROOT      3  VBD
        Game       game       PROPN  compound  6  NNP
        of         of         ADP    compound  6  IN
        Thrones    throne     PROPN  dobj      3  NNPS
        """,
    )
    assert linked(linker, "AI") == ["stability-ai"]
    assert phrase(linker, "AI") == "Stability AI"
    assert linked(linker, "Thrones") == ["game-of-thrones"]


def test_a_name_of_another_case_is_none() -> None:
    linker = linker_of("en", "apple apple NOUN nsubj 2 NN\nfell fall VERB ROOT 2 VBD")
    assert linked(linker, "apple") != ["apple"]


def test_a_longer_name_comes_before_a_shorter_one() -> None:
    linker = linker_of(
        "en",
        """
        Google    google    PROPN  compound  2  NNP
        DeepMind  deepmind  PROPN  nsubj     3  NNP
        grew      grow      VERB   ROOT      3  VBD
        """,
    )
    assert [name.entity.slug for name in linker.found] == ["google-deepmind"]


def test_the_same_thing_in_both_languages() -> None:
    english = linker_of("en", "Artists artist NOUN nsubj 2 NNS\nlied lie VERB ROOT 2 VBD")
    indonesian = linker_of("id", "Seniman seniman NOUN nsubj 2\npergi pergi VERB root 2")
    assert linked(english, "Artists") == linked(indonesian, "Seniman") == ["artists"]


def test_a_named_entity_without_an_entry_is_minted_with_its_type() -> None:
    linker = linker_of("en", "Hannah hannah PROPN nsubj 2 NNP PERSON\nlied lie VERB ROOT 2 VBD")
    argument = linker.link(0)
    assert argument is not None
    assert (argument.entity.slug, argument.entity.type) == ("person-hannah", "Person")
    assert not argument.entity.known


def test_a_phrase_without_an_entry_is_a_concept_in_its_own_words() -> None:
    linker = linker_of(
        "en",
        """
        The      the     DET   det    3  DT
        muddled  muddled ADJ   amod   3  JJ
        gizmo    gizmo   NOUN  nsubj  4  NN
        broke    break   VERB  ROOT   4  VBD
        """,
    )
    argument = linker.link(2)
    assert argument is not None
    assert argument.entity.type == "Concept"
    assert argument.entity.label == "muddled gizmo"
    assert argument.span.text == "The muddled gizmo"


@pytest.mark.parametrize(
    ("word", "pos", "tag", "entity"),
    [
        ("Monday", "PROPN", "NNP", "DATE"),
        ("nothing", "PRON", "NN", "_"),
        ("there", "PRON", "EX", "_"),
        ("12", "NUM", "CD", "_"),
        ("%", "SYM", "SYM", "_"),
    ],
)
def test_times_numbers_and_vague_words_are_nothing(
    word: str, pos: str, tag: str, entity: str
) -> None:
    table = f"{word} {word.lower()} {pos} nsubj 2 {tag} {entity}\nlied lie VERB ROOT 2 VBD"
    assert linked(linker_of("en", table), word) == []


def test_the_maker_of_a_system_is_its_developer() -> None:
    table = """
    The      the      DET    det    2  DT
    maker    maker    NOUN   nsubj  5  NN
    of       of       ADP    prep   2  IN
    {0}      {0}      PROPN  pobj   3  NNP
    lied     lie      VERB   ROOT   5  VBD
    """
    assert linked(linker_of("en", table.format("ChatGPT")), "maker") == ["openai"]
    assert linked(linker_of("en", table.format("Shoes")), "maker") != ["openai"]


def test_minting_is_by_type_and_words() -> None:
    assert mint("Person", "Jane Doe", "en") == mint("Person", "Jane Doe", "en")
    assert mint("Person", "Sora", "en").slug != mint("AISystem", "Sora", "en").slug
    assert mint("Person", "Zoë Ångström", "en").slug == "person-zoe-angstrom"
    assert mint("Concept", "艺术家", "en").slug != mint("Concept", "作家", "en").slug
    long = mint("Concept", "word " * 40, "en").slug
    assert len(long) <= 80
    assert long != mint("Concept", "word " * 41, "en").slug


def test_a_document_is_a_thing_of_its_dispute() -> None:
    """ "The lawsuit" of one article is not that of another, unless they tell one dispute."""
    table = "Lawsuits lawsuit NOUN nsubj 2 NNS\nended end VERB ROOT 2 VBD"
    clauses, names = clauses_of("en", table), names_of("en")
    linked = [Linker(clauses, names, scope).link(0) for scope in ("one", "two", "one")]
    slugs = [argument.entity.slug for argument in linked if argument is not None]
    assert slugs == ["lawsuits--one", "lawsuits--two", "lawsuits--one"]


# Pronouns --------------------------------------------------------------------------------------


def sentence(subject: str, pronoun: str, *, plural: str = "NNS") -> tuple[str, str]:
    """ "SUBJECT met. PRONOUN sued Google." in two parts."""
    return (
        f"{subject} nsubj 2 {plural}\nmet meet VERB ROOT 2 VBD\n. . PUNCT punct 2 .",
        f"{pronoun} x PRON nsubj 2 PRP\nsued sue VERB ROOT 2 VBD\nGoogle google PROPN dobj 2 NNP",
    )


def test_they_are_the_group_spoken_of() -> None:
    linker = linker_of("en", *sentence("Artists artist NOUN", "They"))
    assert linked(linker, "They") == ["artists"]


def test_she_is_no_company() -> None:
    linker = linker_of("en", *sentence("OpenAI openai PROPN", "She", plural="NNP"))
    assert linked(linker, "She") == []


def test_it_is_no_person() -> None:
    linker = linker_of("en", *sentence("Hannah hannah PROPN", "It", plural="NNP PERSON"))
    assert linked(linker, "It") == []


def test_it_is_the_company_spoken_of() -> None:
    linker = linker_of("en", *sentence("OpenAI openai PROPN", "It", plural="NNP"))
    assert linked(linker, "It") == ["openai"]


def test_a_pronoun_does_not_look_ahead() -> None:
    first, second = sentence("Artists artist NOUN", "They")
    assert linked(linker_of("en", second, first), "They") == []


def test_a_pronoun_does_not_look_back_too_far() -> None:
    first, second = sentence("Artists artist NOUN", "They")
    between = "It it PRON nsubj 2 PRP\nrained rain VERB ROOT 2 VBD"
    assert linked(linker_of("en", first, *[between] * 5, second), "They") == []
    assert linked(linker_of("en", first, *[between] * 2, second), "They") == ["artists"]


def test_they_are_all_who_are_coordinated() -> None:
    linker = linker_of(
        "en",
        """
        Hannah   hannah  PROPN  nsubj  4  NNP  PERSON
        and      and     CCONJ  cc     1  CC
        Miriam   miriam  PROPN  conj   1  NNP  PERSON
        met      meet    VERB   ROOT   4  VBD
        """,
        "They they PRON nsubj 2 PRP\nsued sue VERB ROOT 2 VBD\nMeta meta PROPN dobj 2 NNP",
    )
    assert sorted(linked(linker, "They")) == ["person-hannah", "person-miriam"]


def test_an_object_pronoun_is_not_its_subject() -> None:
    linker = linker_of(
        "en",
        "Artists artist NOUN nsubj 2 NNS\nmet meet VERB ROOT 2 VBD",
        """
        Writers  writer  NOUN  nsubj  2  NNS
        praised  praise  VERB  ROOT   2  VBD
        them     they    PRON  dobj   2  PRP
        """,
    )
    assert linked(linker, "them") == ["artists"]


def test_what_is_linked_first_is_an_antecedent_too() -> None:
    """Whichever word is asked for first, pronouns find the same antecedents."""
    tables = (
        """
        Hannah   hannah  PROPN  nsubj  2  NNP  PERSON
        met      meet    VERB   ROOT   2  VBD
        the      the     DET    det    4  DT
        artists  artist  NOUN   dobj   2  NNS
        """,
        """
        Meta     meta    PROPN  nsubj  2  NNP
        praised  praise  VERB   ROOT   2  VBD
        them     they    PRON   dobj   2  PRP
        """,
    )
    straight, asked_before = linker_of("en", *tables), linker_of("en", *tables)
    asked_before.link(at(asked_before.tree, "artists"))
    assert linked(straight, "them") == ["artists"]
    assert linked(asked_before, "them") == ["artists"]


def test_we_are_the_speaker() -> None:
    linker = linker_of(
        "id",
        """
        Altman      altman      PROPN  nsubj  2  _  PER
        mengatakan  mengatakan  VERB   root   2  Voice=Act
        bahwa       bahwa       SCONJ  mark   5
        kami        kami        PRON   nsubj  5
        menolak     menolak     VERB   ccomp  2  Voice=Act
        Meta        meta        PROPN  obj    5
        """,
    )
    assert linked(linker, "kami") == linked(linker, "Altman") != []


def test_a_clitic_object_is_what_was_spoken_of_and_not_the_subject() -> None:
    linker = linker_of(
        "id",
        "OpenAI openai PROPN nsubj 2\nberbohong berbohong VERB root 2 Voice=Act",
        """
        Google        google      PROPN  nsubj  2
        menggugatnya  menggugat   VERB   root   2  Clitic=Obj|Voice=Act
        """,
    )
    assert linked(linker, "menggugatnya") == ["openai"]


# Descriptions ----------------------------------------------------------------------------------


def described(determiner: str) -> Linker:
    """ "OpenAI lied. DETERMINER company sued Hannah." """
    return linker_of(
        "en",
        "OpenAI openai PROPN nsubj 2 NNP\nlied lie VERB ROOT 2 VBD",
        f"""
        {determiner} {determiner.lower()} DET det 2 DT
        company  company  NOUN   nsubj  3  NN
        sued     sue      VERB   ROOT   3  VBD
        Hannah   hannah   PROPN  dobj   3  NNP  PERSON
        """,
    )


def test_the_company_is_the_company_spoken_of() -> None:
    assert linked(described("The"), "company") == ["openai"]
    assert linked(described("This"), "company") == ["openai"]


def test_a_company_is_another() -> None:
    assert linked(described("A"), "company") != ["openai"]


def test_the_company_is_not_the_subject_of_its_own_clause() -> None:
    linker = linker_of(
        "en",
        "OpenAI openai PROPN nsubj 2 NNP\nlied lie VERB ROOT 2 VBD",
        """
        Meta     meta     PROPN  nsubj  2  NNP
        sued     sue      VERB   ROOT   2  VBD
        the      the      DET    det    4  DT
        company  company  NOUN   dobj   2  NN
        """,
    )
    assert linked(linker, "company") == ["openai"]


def test_perusahaan_itu_is_the_company_spoken_of() -> None:
    linker = linker_of(
        "id",
        "OpenAI openai PROPN nsubj 2\nberbohong berbohong VERB root 2 Voice=Act",
        """
        Perusahaan  perusahaan  NOUN   nsubj  3
        itu         itu         DET    det    1
        menggugat   menggugat   VERB   root   3  Voice=Act
        Google      google      PROPN  obj    3
        """,
    )
    assert linked(linker, "Perusahaan") == ["openai"]


def test_both_companies_are_the_last_two() -> None:
    linker = linker_of(
        "en",
        """
        Meta     meta    PROPN  nsubj  4  NNP
        and      and     CCONJ  cc     1  CC
        Google   google  PROPN  conj   1  NNP
        lied     lie     VERB   ROOT   4  VBD
        """,
        """
        Both       both     DET   det    2  DT
        companies  company  NOUN  nsubj  3  NNS
        left       leave    VERB  ROOT   3  VBD
        """,
    )
    assert sorted(linked(linker, "companies")) == ["google", "meta"]


def test_a_surname_is_the_person_named_before() -> None:
    linker = linker_of(
        "en",
        """
        Geoffrey  geoffrey  PROPN  compound  2  NNP
        Hinton    hinton    PROPN  nsubj     3  NNP
        left      leave     VERB   ROOT      3  VBD
        """,
        "Hinton hinton PROPN nsubj 2 NNP\nspoke speak VERB ROOT 2 VBD",
    )
    assert linked(linker, "Hinton", 1) == ["geoffrey-hinton"]


def test_an_apposition_names_a_common_noun() -> None:
    linker = linker_of(
        "en",
        """
        The      the      DET    det    2  DT
        company  company  NOUN   nsubj  5  NN
        ,        ,        PUNCT  punct  2  ,
        Google   google   PROPN  appos  2  NNP
        lied     lie      VERB   ROOT   5  VBD
        """,
    )
    assert linked(linker, "company") == ["google"]


# Methods ---------------------------------------------------------------------------------------


def test_every_method_is_one_of_the_ontology() -> None:
    graph = rdflib.Graph().parse(ontology_dir() / "dispute.ttl")
    kind = rdflib.URIRef(NAMESPACE + "LinkMethod")
    methods = {str(one).removeprefix(NAMESPACE) for one in graph.subjects(rdflib.RDF.type, kind)}
    assert methods == set(SCORES)


@pytest.mark.parametrize(
    ("linker", "word", "nth", "method"),
    [
        (described("The"), "OpenAI", 0, "byLabel"),
        (described("The"), "Hannah", 0, "byRecognition"),
        (described("The"), "company", 0, "byDescription"),
        (described("A"), "company", 0, "byWords"),
        (linker_of("en", *sentence("Artists artist NOUN", "They")), "They", 0, "byPronoun"),
        (linker_of("en", *sentence("Artists artist NOUN", "They")), "Artists", 0, "byTerm"),
        (
            linker_of(
                "en",
                """
                Geoffrey  geoffrey  PROPN  compound  2  NNP
                Hinton    hinton    PROPN  nsubj     3  NNP
                left      leave     VERB   ROOT      3  VBD
                """,
                "Hinton hinton PROPN nsubj 2 NNP\nspoke speak VERB ROOT 2 VBD",
            ),
            "Hinton",
            1,
            "byShortName",
        ),
        (
            linker_of(
                "en",
                "NYT nyt PROPN nsubj 2 NNP\nlied lie VERB ROOT 2 VBD",
            ),
            "NYT",
            0,
            "byAlias",
        ),
    ],
)
def test_a_link_tells_its_method_and_how_sure_it_is(
    linker: Linker, word: str, nth: int, method: str
) -> None:
    tokens = [i for i, one in enumerate(linker.tree.word) if one == word]
    argument = linker.link(tokens[nth])
    assert argument is not None
    assert argument.method == method
    assert 0 < argument.score <= SCORES[method]


# Phrases ---------------------------------------------------------------------------------------


def test_a_phrase_knows_its_concept_and_the_names_inside_it() -> None:
    linker = linker_of(
        "en",
        """
        Artists       artist       NOUN   nsubj     2  NNS
        hate          hate         VERB   ROOT      2  VBP
        OpenAI~       openai       PROPN  poss      8  NNP
        's            's           PART   case      3  POS
        strict        strict       ADJ    amod      8  JJ
        content       content      NOUN   compound  7  NN
        review        review       NOUN   compound  8  NN
        requirements  requirement  NOUN   dobj      2  NNS
        """,
    )
    argument = linker.link(at(linker.tree, "requirements"))
    assert argument is not None
    assert argument.entity.label == "OpenAI's strict content review requirements"
    assert [one.slug for one in argument.entity.mentions] == ["openai"]
    assert [one.slug for one in argument.entity.broader] == ["content-review"]


@pytest.mark.parametrize(
    ("lang", "table", "label"),
    [
        (
            "en",
            """
            The      the      DET    det       3  DT
            16       16       NUM    nummod    3  CD  CARDINAL
            artists  artist   NOUN   nsubj     8  NNS
            who      who      PRON   nsubj     5  WP
            signed   sign     VERB   relcl     3  VBD
            the      the      DET    det       7  DT
            letter   letter   NOUN   dobj      5  NN
            left     leave    VERB   ROOT      8  VBD
            """,
            "16 artists who signed the letter",
        ),
        (
            "id",
            """
            16               16            NUM    nummod     2
            seniman          seniman       NOUN   nsubj      5
            yang             yang          PRON   nsubj      4
            menandatangani   menandatangani VERB  acl:relcl  2  Voice=Act
            pergi            pergi         VERB   root       5
            """,
            "16 seniman yang menandatangani",
        ),
    ],
)
def test_a_counted_group_that_a_clause_tells_apart_is_its_own(
    lang: str, table: str, label: str
) -> None:
    linker = linker_of(lang, table)
    argument = linker.link(2 if lang == "en" else 1)
    assert argument is not None
    assert argument.entity.label == label
    assert argument.entity.slug.endswith("--article")
    assert [one.slug for one in argument.entity.broader] == ["artists"]


def test_a_group_that_is_not_counted_is_the_group() -> None:
    linker = linker_of(
        "en",
        """
        artists  artist   NOUN   nsubj     4  NNS
        who      who      PRON   nsubj     3  WP
        signed   sign     VERB   relcl     1  VBD
        left     leave    VERB   ROOT      4  VBD
        """,
    )
    assert linked(linker, "artists") == ["artists"]


def test_a_company_without_a_name_is_one_of_its_article() -> None:
    texts = ["A company sued OpenAI.", "A company sued Meta."]
    articles = [Article(str(i), text, lang="en") for i, text in enumerate(texts)]
    first, second = (found[0].subject.entity for _, found in extract(articles))
    assert first.label == second.label == "company"
    assert first.slug != second.slug


# Short names -----------------------------------------------------------------------------------


@pytest.mark.parametrize("second", ["SPD spd PROPN nsubj 2 NNP ORG", "SPD spd NOUN nsubj 2 NN"])
def test_an_acronym_in_brackets_is_its_long_form_then_and_later(second: str) -> None:
    linker = linker_of(
        "en",
        """
        Serikat   serikat   PROPN  compound  3  NNP
        Pekerja   pekerja   PROPN  compound  3  NNP
        Digital   digital   PROPN  nsubj     7  NNP
        (         (         PUNCT  punct     5  -LRB-
        SPD       spd       PROPN  appos     3  NNP  ORG
        )         )         PUNCT  punct     5  -RRB-
        lied      lie       VERB   ROOT      7  VBD
        """,
        f"{second}\nleft leave VERB ROOT 2 VBD",
    )
    assert linked(linker, "SPD", 0) == linked(linker, "SPD", 1) == linked(linker, "Digital")
    assert linked(linker, "SPD", 1) == ["name-serikat-pekerja-digital"]
    argument = linker.link(len(linker.tree) - 2)
    assert argument is not None
    assert argument.method == "byAcronym"


def test_the_party_behind_a_person_is_no_acronym() -> None:
    linker = linker_of(
        "en",
        """
        Jane      jane      PROPN  compound  2  NNP  PERSON
        Doe       doe       PROPN  nsubj     6  NNP  PERSON
        (         (         PUNCT  punct     4  -LRB-
        DM        dm        PROPN  appos     2  NNP
        )         )         PUNCT  punct     4  -RRB-
        lied      lie       VERB   ROOT      6  VBD
        """,
    )
    assert "person-jane-doe" not in linked(linker, "DM")


def test_the_article_of_a_newspaper_belongs_to_its_short_name() -> None:
    linker = linker_of(
        "id",
        """
        The       the       PROPN  nsubj  5  _  ORG
        New       new       PROPN  flat   1  _  ORG
        York      york      PROPN  flat   1  _  ORG
        Times     times     PROPN  flat   1  _  ORG
        menang    menang    VERB   root   5
        """,
        """
        The       the       PROPN  nsubj  3  _  ORG
        Times     times     PROPN  flat   1  _  ORG
        kalah     kalah     VERB   root   3
        """,
    )
    assert linked(linker, "The", 1) == ["new-york-times"]
