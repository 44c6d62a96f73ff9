"""Names of institutions in their normal form: translations meet, look-alikes do not."""

import tomllib

import pytest

from kg.bodies import body_of, registered_body
from kg.names import mint
from kg.registry import registry
from kg.resources import ontology_dir

TRANSLATIONS = [
    ("South Wales Police", "Kepolisian South Wales"),
    ("Paris Judicial Court", "Pengadilan Paris"),
    ("Amsterdam Court of Appeal", "Pengadilan Banding Amsterdam"),
    ("Dutch Supreme Court", "Mahkamah Agung Belanda"),
    ("High Court of Kenya", "Pengadilan Tinggi Kenya"),
    ("Federation of Indian Publishers", "Federasi Penerbit India"),
    ("Italian Ministry of Culture", "Kementerian Kebudayaan Italia"),
    ("Netherlands Institute for Human Rights", "Lembaga Hak Asasi Manusia Belanda"),
    ("University of Michigan Law School", "Fakultas Hukum Universitas Michigan"),
    ("Ankara Chief Public Prosecutor's Office", "Kantor Kepala Kejaksaan Ankara"),
    ("California Nurses Association", "Asosiasi Perawat California"),
    ("Stanford University", "Universitas Stanford"),
    ("University of Oslo", "Universitas Oslo"),
    ("Council of State", "Dewan Negara"),
    ("Milan Labour Court", "Pengadilan Perburuhan Milan"),
    ("a court in Bologna", "pengadilan di Bologna"),
]

APART = [
    ("High Court of Kenya", "Supreme Court of Kenya", "Constitutional Court of Kenya"),
    ("London police", "Paris police", "London Court", "Police Federation of London"),
    ("Ministry of Culture", "Ministry of Communication", "Ministry of Health", "Culture Council"),
    ("City University", "University of the City"),
    ("York University", "University of York", "New York University"),
    ("Authors Guild", "Writers Guild", "Translators Guild", "Authors Alliance"),
    ("Italian Data Protection Authority", "Irish Data Protection Authority", "Italian Authority"),
    ("Democratic Party", "Republican Party", "Labour Party", "Green Party"),
    ("North Korea Press Agency", "South Korea Press Agency", "Korea Press Agency"),
    ("Nurses Union", "Nurses Association", "Nurses Federation", "Doctors Union"),
    ("Court of Appeal", "District Court", "Labour Court", "Regional Court"),
    ("South Wales Police", "New South Wales Police", "North Wales Police"),
    ("Ministry of Justice", "Department of Justice", "Court of Justice of Spain"),
    ("Bank of England", "Bank of Ireland", "Central Bank of Ireland"),
]

APART_ID = [
    ("Pengadilan Tinggi Jakarta", "Pengadilan Negeri Jakarta", "Mahkamah Agung Jakarta"),
    ("Kepolisian London", "Kepolisian Paris", "Kepolisian"),
    ("Kementerian Luar Negeri Belanda", "Kementerian Dalam Negeri Belanda"),
    ("Serikat Penulis Amerika", "Serikat Pengarang Amerika", "Serikat Penulis Inggris"),
    ("Universitas Stanford", "Universitas Oslo", "Universitas York"),
]


@pytest.mark.parametrize(("english", "indonesian"), TRANSLATIONS)
def test_a_body_has_one_identifier_in_both_languages(english: str, indonesian: str) -> None:
    assert body_of(english, "en") == body_of(indonesian, "id")
    first = mint("Organization", english, "en", name=True)
    second = mint("Court", indonesian, "id", name=True)
    assert first.slug == second.slug


@pytest.mark.parametrize("names", APART)
def test_look_alikes_are_apart(names: tuple[str, ...]) -> None:
    slugs = [mint("Organization", name, "en", name=True).slug for name in names]
    assert len(set(slugs)) == len(names), slugs


@pytest.mark.parametrize("names", APART_ID)
def test_look_alikes_are_apart_in_indonesian(names: tuple[str, ...]) -> None:
    slugs = [mint("Organization", name, "id", name=True).slug for name in names]
    assert len(set(slugs)) == len(names), slugs


def test_an_indonesian_form_for_two_universities_is_that_of_one() -> None:
    york = body_of("Universitas York", "id")
    assert york == body_of("University of York", "en") != body_of("York University", "en")


def test_what_is_no_institution_has_no_form() -> None:
    for name in ("Jane Doe", "Tunely", "Court", "the company", "", "..."):
        assert body_of(name, "en") is None, name
    assert body_of("Robot Pengadilan", "id") is None  # it begins with something else


def test_persons_with_the_name_of_a_body_stay_persons() -> None:
    assert mint("Person", "Charlotte Church", "en", name=True).slug == "person-charlotte-church"


def test_a_translated_name_is_the_body_of_the_registry() -> None:
    union = body_of("Serikat Pengemudi dan Kurir Aplikasi", "id")
    assert union is not None
    assert registered_body(union) == "app-drivers-and-couriers-union"
    unknown = body_of("Nurses Union of Iceland", "en")
    assert unknown is not None
    assert registered_body(unknown) == ""


def test_no_two_institutions_of_the_registry_have_one_form() -> None:
    known = registry()
    forms: dict[object, set[str]] = {}
    for lang, pairs in known.names.items():
        for name, slug in pairs:
            body = body_of(name, lang)
            if body is not None:
                forms.setdefault(body, set()).add(slug)
    shared = {body: slugs for body, slugs in forms.items() if len(slugs) > 1}
    assert len(forms) > 400
    assert not shared


def test_most_institutions_of_the_registry_have_one_form_in_both_languages() -> None:
    kinds = ("PublicBody", "Court", "Association")
    pairs = [
        (dict(one.labels)["en"], dict(one.labels)["id"])
        for one in registry().entities.values()
        if one.type in kinds and len(dict(one.labels)) > 1
    ]
    forms = [(body_of(first, "en"), body_of(second, "id")) for first, second in pairs]
    met = [first for first, second in forms if first is not None and first == second]
    assert len(pairs) > 150
    assert len(met) / len(pairs) > 0.5


def test_entries_are_lower_case_and_keys_can_stand_in_an_iri() -> None:
    content = tomllib.loads((ontology_dir() / "bodies.toml").read_text(encoding="utf-8"))
    heads = {key: head["words"] for key, head in content["heads"].items()}
    assert len(heads) > 50
    assert len(content["words"]) > 250
    for key, words in (heads | content["words"]).items():
        assert key == key.lower(), key
        assert key.replace("-", "").isascii(), key
        for entries in words.values():
            assert entries, key
            assert all(entry == entry.lower().strip() for entry in entries), key


def test_no_key_is_in_both_tables() -> None:
    content = tomllib.loads((ontology_dir() / "bodies.toml").read_text(encoding="utf-8"))
    assert not set(content["heads"]) & set(content["words"])
