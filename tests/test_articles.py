"""Files, folders and tables to articles, and the language of a text."""

import io
import json
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.articles import article_files, detect_language, read_articles
from kg.errors import ArticleError, LanguageError
from kg.records import Article
from kg.resources import data_dir

ENGLISH = "The artists criticized OpenAI because the company did not pay them for their work."
INDONESIAN = "Para seniman mengkritik OpenAI karena perusahaan itu tidak membayar mereka."
MALAY = (
    "Syarikat itu menafikan dakwaan para artis.",
    "Mahkamah memutuskan bahawa syarikat itu bersalah kerana menyalin karya tanpa kebenaran.",
    "Menteri berkata rang undang-undang itu akan dibentangkan bulan depan.",
    "Jurucakap OpenAI enggan mengulas mengenai perkara itu apabila dihubungi wartawan.",
    "Kesatuan pekerja mendesak pihak majikan supaya memberi pampasan kepada kakitangan.",
    "Perdana Menteri berkata kerajaan tidak akan bertolak ansur dengan syarikat yang gagal mematuhi"
    " akta tersebut.",
)


def read_one(path: Path, **options: str) -> Article:
    [article] = read_articles([path], **options)
    return article


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


# ---- kinds of files


@pytest.mark.parametrize(
    "text",
    [
        ENGLISH + "\r\n\r\nIt was Monday.\r\n",
        "\n  " + ENGLISH + "\u2028“Art” 🎨 é e\u0301\n",
        ENGLISH + "\x0b\x1c\x85\rEnd.",
    ],
)
def test_text_is_taken_as_it_stands(tmp_path: Path, text: str) -> None:
    assert read_one(write(tmp_path / "a.txt", text)).text == text


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff")))
def test_any_text_survives(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = write(tmp_path_factory.mktemp("any") / "a.txt", ENGLISH + text)
    assert read_one(file, lang="en").text == ENGLISH + text


def test_a_byte_order_mark_is_dropped(tmp_path: Path) -> None:
    file = write(tmp_path / "a.txt", b"\xef\xbb\xbf" + ENGLISH.encode())
    assert read_one(file).text == ENGLISH


def test_markdown_gives_front_matter_and_words(tmp_path: Path) -> None:
    content = (
        "---\ntitle: 'Art: a case'\ndate: 2024-11-28\nlang: no\nsource: x\ndispute: sora\nmood: 1\n"
        "---\n\n# Head\n\nThe *artists* [sued](https://example.org) `Meta` &amp; co,\n"
        "again.\n\n- one\n"
    )
    file = write(tmp_path / "a.md", content)
    article = read_one(file, lang="en")
    assert article == Article(
        id="a",
        text="Head\n\nThe artists sued Meta & co,\nagain.\n\none",
        lang="en",
        title="Art: a case",
        date="2024-11-28",
        source="x",
        dispute="sora",
    )
    with pytest.raises(LanguageError, match="'no' by its own account"):
        read_one(file)


def test_our_articles_have_no_marks_to_strip() -> None:
    files = sorted((data_dir() / "articles").glob("*.md"))
    assert len(files) >= 24
    for file in files:
        body = file.read_text(encoding="utf-8").split("---\n", 2)[2].strip()
        assert read_one(file).text == body, file.name


def test_html_gives_text_title_and_date(tmp_path: Path) -> None:
    page = (
        "<html><head><title>Artists sue</title>"
        '<meta property="article:published_time" content="2024-11-28T10:00:00Z"></head><body>'
        f"<nav>Home</nav><article><h1>Artists sue</h1><p>{ENGLISH}</p><p>{ENGLISH[::-1]}</p>"
        "</article><script>x()</script></body></html>"
    )
    article = read_one(write(tmp_path / "a.html", page))
    assert ENGLISH in article.text.split("\n\n")
    assert "Home" not in article.text
    assert (article.title, article.date) == ("Artists sue", "2024-11-28")


def make_pdf(*lines: str) -> bytes:
    """A PDF with these lines, written by hand: header, five objects, table of offsets."""
    shown = " ".join(f"({line}) Tj T*" for line in lines)
    stream = f"BT /F1 12 Tf 14 TL 72 720 Td {shown} ET"
    bodies = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 5 0 R"
        " /Resources << /Font << /F1 4 0 R >> >> >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
    ]
    out, offsets = "%PDF-1.4\n", []
    for number, body in enumerate(bodies, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(bodies) + 1
    out += f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\n"
    return (out + f"startxref\n{out.index('xref')}\n%%EOF\n").encode()


def test_pdf_gives_its_text(tmp_path: Path) -> None:
    file = write(tmp_path / "a.pdf", make_pdf("The artists criticized OpenAI.", "It denied that."))
    assert read_one(file, lang="en").text == "The artists criticized OpenAI.\nIt denied that.\n"


def test_pdf_without_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match="no text in this PDF"):
        read_one(write(tmp_path / "a.pdf", make_pdf()))


def test_tables_give_an_article_a_row(tmp_path: Path) -> None:
    rows = [
        {"id": "one", "text": ENGLISH, "title": "T", "date": "2024", "source": "s", "extra": 1},
        {"id": "two", "text": 'Dua,\n"baris" ' + INDONESIAN, "lang": "id"},
    ]
    lines = "\n".join(json.dumps(row) for row in rows)
    expected = [
        Article("one", ENGLISH, "en", "T", "2024", "s"),
        Article("two", rows[1]["text"], "id"),
    ]
    assert list(read_articles([write(tmp_path / "a.jsonl", lines + "\n\n")])) == expected
    quoted = '"Dua,\n""baris"" ' + INDONESIAN + '"'
    table = (
        f"id,text,lang,title,date,source,extra\none,{ENGLISH},,T,2024,s,1\ntwo,{quoted},id,,,,\n"
    )
    assert list(read_articles([write(tmp_path / "a.csv", table)])) == expected


def test_dates_are_brought_into_one_form(tmp_path: Path) -> None:
    for text, expected in (
        ("20241128", "2024-11-28"),
        ("2024-11-28T10:00:00+07:00", "2024-11-28"),
    ):
        row = json.dumps({"id": "a", "text": ENGLISH, "date": text})
        assert read_one(write(tmp_path / "a.jsonl", row)).date == expected


def test_half_surrogates_in_json_become_replacement_characters(tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", '{"id": "a\\ud800", "text": "' + ENGLISH + '\\udc00"}')
    article = read_one(file)
    assert (article.id, article.text) == ("a\ufffd", ENGLISH + "\ufffd")


def test_standard_input_is_plain_text() -> None:
    [article] = read_articles(["-"], stdin=io.BytesIO(ENGLISH.encode()))
    assert article == Article("stdin", ENGLISH, "en")


# ---- names and order


def test_folders_are_read_through_and_sorted(tmp_path: Path) -> None:
    for name in ("b.txt", "c/a.txt", "A.md", ".git/x.txt", ".hidden.txt", "notes.docx"):
        write(tmp_path / name, ENGLISH)
    assert list(article_files([tmp_path]).values()) == ["A", "b", "a"]
    assert list(article_files([tmp_path / "b.txt", tmp_path]).values()) == ["b", "A", "a"]


def test_files_of_one_name_are_told_apart_whatever_the_order(tmp_path: Path) -> None:
    names = ("x/one.txt", "y/one.txt", "y/one.md", "z/y/two.txt", "w/y/two.txt", "only.txt")
    files = [write(tmp_path / name, ENGLISH) for name in names]
    ids = article_files(files)
    expected = ["one", "one-txt", "one-md", "two-y-z", "two-y-w", "only"]
    assert [ids[file] for file in files] == expected
    assert article_files(files[::-1]) == ids


def test_two_articles_of_one_id_are_an_error_with_both_places(tmp_path: Path) -> None:
    row = json.dumps({"id": "a", "text": ENGLISH})
    file = write(tmp_path / "t.jsonl", f"{row}\n{row}\n")
    with pytest.raises(ArticleError, match=r"t\.jsonl:2: the id 'a' is that of .*t\.jsonl:1 too"):
        list(read_articles([file]))


def test_a_bad_article_leaves_the_others_alone(tmp_path: Path) -> None:
    for name, content in (("1.txt", ENGLISH), ("2.txt", b"\xff\xfea\0"), ("3.txt", INDONESIAN)):
        write(tmp_path / name, content)
    errors: list[ArticleError] = []
    found = list(read_articles([tmp_path], on_error=errors.append))
    assert [(article.id, article.lang) for article in found] == [("1", "en"), ("3", "id")]
    assert [str(error).partition(": ")[2][:17] for error in errors] == ["encoded as UTF-16"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", "", "empty"),
        ("a.txt", " \n\t", "empty"),
        ("a.md", "---\ntitle: x\n---\n", "no text"),
        ("a.txt", b"caf\xe9 au lait", r"byte 0xE9 at offset 3 \(line 1\) is not UTF-8.*iconv"),
        ("a.txt", b"one\ntwo\n\x93three", r"byte 0x93 at offset 8 \(line 3\)"),
        ("a.txt", b"GIF89a\0\0", "binary data"),
        ("a.txt", b"PK\x03\x04rest", "binary data"),
        ("a.md", "---\ntitle: [x\n---\ntext", "line 3: front matter"),
        ("a.md", "---\n- x\n---\ntext", "key: value"),
        ("a.pdf", b"%PDF-1.4\nrubbish", "not a PDF"),
        ("a.html", "<html><body></body></html>", "no running text"),
        ("a.csv", "name,words\nx,y\n", "no columns `id` and `text`"),
        ("a.jsonl", "[1, 2]\n", "no `id` and `text`"),
        ("a.jsonl", '{"id": "x", "text": 7}\n', "`text` is 7; expected text"),
        ("a.jsonl", '\n{"id": "x", \n', r"a\.jsonl:2: not JSON"),
        ("a.docx", "x", "not known as an article by its name"),
        ("a.md", "---\ndate: 28 Nov 2024\n---\ntext", r"a\.md: the date '28 Nov 2024' is not one"),
        ("a.csv", "id,text,date\nx,y,2024-02-30\n", r"a\.csv:2: the date '2024-02-30'"),
        (
            "a.jsonl",
            '{"id": "x", "text": "y", "date": "2024-13"}',
            r"a\.jsonl:1: the date '2024-13'",
        ),
    ],
)
def test_messages_say_what_is_wrong_and_where(
    tmp_path: Path, name: str, content: str | bytes, message: str
) -> None:
    with pytest.raises(ArticleError, match=message) as caught:
        list(read_articles([write(tmp_path / name, content)]))
    assert str(tmp_path / name) in str(caught.value)


def test_missing_paths_and_empty_folders_are_told_before_anything_is_read(tmp_path: Path) -> None:
    errors: list[ArticleError] = []
    with pytest.raises(ArticleError, match="no such file or folder"):
        read_articles([tmp_path / "missing.txt"], on_error=errors.append)
    with pytest.raises(ArticleError, match="no articles in this folder"):
        read_articles([tmp_path], on_error=errors.append)
    assert errors == []


# ---- language


@pytest.mark.parametrize(
    ("text", "code"), [(ENGLISH, "en"), (INDONESIAN, "id"), ("The calls alarmed regulators.", "en")]
)
def test_languages_are_told(text: str, code: str) -> None:
    assert detect_language(text) == code


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Les artistes ont critiqué OpenAI devant le tribunal de Paris.", r"French \(fr\)"),
        ("Die Künstler kritisieren OpenAI und verklagen die Firma.", r"German \(de\)"),
        ("人工知能に関する論争が続いている。画家たちは会社を訴えた。", r"Japanese \(ja\)"),
        (" ".join(MALAY[:3]), r"Malay \(ms\)"),
    ],
)
def test_other_languages_are_named(text: str, name: str) -> None:
    with pytest.raises(LanguageError, match=rf"{name}.*English \(en\), Indonesian \(id\).*--lang"):
        detect_language(text)


@pytest.mark.parametrize("text", ["OpenAI", "2024", "…", "Ok."])
def test_names_and_numbers_are_of_no_language(text: str) -> None:
    with pytest.raises(LanguageError, match="too short"):
        detect_language(text)


def test_own_language_stands_before_detection_and_the_argument_before_both(tmp_path: Path) -> None:
    row = json.dumps({"id": "a", "text": ENGLISH, "lang": "id-ID"})
    file = write(tmp_path / "a.jsonl", row)
    assert read_one(file).lang == "id"
    assert read_one(file, lang="en").lang == "en"
    with pytest.raises(LanguageError, match="no language pack for 'fr'"):
        read_articles([file], lang="fr")


def gold_windows(sentences: int) -> list[str]:
    """Runs of so many sentences from the Indonesian gold data, from each sentence on."""
    found = []
    for file in sorted((data_dir() / "gold").glob("*/*.id.json")):
        gold = json.loads(file.read_text(encoding="utf-8"))
        texts = [sentence["text"] for sentence in gold["sentences"]]
        found += [
            " ".join(texts[start : start + sentences])
            for start in range(len(texts) - sentences + 1)
        ]
    return found


def test_indonesian_is_not_lost_to_malay() -> None:
    """The threshold of the comparison, measured: short Indonesian passes, Malay does not."""
    for sentences, refused_at_most in ((1, 0.05), (2, 0.02), (5, 0.0)):
        texts = gold_windows(sentences)
        assert len(texts) > 100
        assert refusals(texts) <= refused_at_most * len(texts), sentences
    pairs = [" ".join(pair) for pair in pairwise(MALAY)]
    assert refusals(pairs) == len(pairs)


def refusals(texts: list[str]) -> int:
    refused = 0
    for text in texts:
        try:
            refused += detect_language(text) != "id"
        except LanguageError:
            refused += 1
    return refused


def test_the_licence_of_our_articles_goes_with_them() -> None:
    file = data_dir().parent / "pyproject.toml"
    project = tomllib.loads(file.read_text(encoding="utf-8"))["project"]
    assert "CC-BY-4.0" in project["license"].split(" AND ")
    assert "data/articles/LICENSE" in project["license-files"]
