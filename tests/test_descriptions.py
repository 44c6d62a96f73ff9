"""What descriptions mean in whole texts; these depend on the trained pipelines."""

import pytest

from kg.clauses import Clauses
from kg.linking import Linker
from kg.pipeline import load_reader, parse
from kg.records import Article

CASES = [
    # what the article calls a thing right beside its name
    (
        "en",
        "ANI, the largest news agency, sued OpenAI. The agency wants money.",
        "agency",
        "ani-news",
    ),
    # a part of the name of an institution, in any order
    (
        "en",
        "The Federation of Indian Publishers sued OpenAI. A hearing took place. Then the"
        " publishers' federation appealed.",
        "federation",
        "organization-federation-india-publisher",
    ),
    # the kind of an institution whose name is in the other language
    (
        "id",
        "Netherlands Institute for Human Rights mengkritik Proctorio. Lembaga itu meminta data.",
        "Lembaga",
        "organization-institute-human-rights-netherlands",
    ),
    # an acronym that the article does not explain
    (
        "en",
        "The App Drivers and Couriers Union sued Uber. Uber criticized the ADCU.",
        "ADCU",
        "app-drivers-and-couriers-union",
    ),
    # a technology, and no technology in general
    (
        "en",
        "The police use facial recognition. Critics want to ban the technology.",
        "technology",
        "facial-recognition",
    ),
    # a system without a name: one of this dispute, by the same identifier in both languages
    ("en", "The agency uses an algorithm. The system is unfair.", "system", "algorithms--d"),
    (
        "id",
        "Lembaga itu memakai sebuah algoritma. Sistem itu tidak adil.",
        "Sistem",
        "algorithms--d",
    ),
    # but algorithms are algorithms
    ("en", "Critics fear algorithms.", "algorithms", "algorithms"),
    # a title that is written as a name
    ("en", "Justice Amit Bansal heard ANI. Then the judge left.", "judge", "person-amit-bansal"),
    # what is named as an example is of the kind of the noun
    (
        "en",
        "It represents labels such as Saregama. Saregama sued Suno.",
        "Saregama",
        "name-saregama",
    ),
    # who is named behind a verb is in no apposition to its subject
    (
        "en",
        "ANI sued in the Delhi High Court. The court has named two experts, Arul George Scaria"
        " and Adarsh Ramanujan.",
        "court",
        "delhi-high-court",
    ),
]


@pytest.mark.parametrize(("lang", "text", "word", "slug"), CASES, ids=[one[1] for one in CASES])
def test_a_description_means(lang: str, text: str, word: str, slug: str) -> None:
    reader = load_reader(lang)
    [(_, tree)] = parse(reader, [Article("a", text, lang)])
    linker = Linker(Clauses(tree, reader.cues), reader.names, "d")
    token = len(tree) - 1 - tree.word[::-1].index(word)
    assert [argument.entity.slug for argument in linker.link_all(token)] == [slug]
