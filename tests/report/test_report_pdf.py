"""The paper: tagged, readable aloud, whole, and harmless whatever people typed."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pypdf
import pytest

from advisor.errors import ReportError
from advisor.report import advice_report, pilot_report
from advisor.report.pdf import ROOT, PdfOutcome, to_bytes, write
from advisor.vocabulary import Bullets, Chart, Figures, Heading, Notice, Table, Text
from tests.report.made_up import EVIDENCE, MOVED, advice, advice_after, record, results

HOSTILE = (
    '#panic("x") $x^2$ <script>alert(1)</script> *bold* _it_ #import "a.typ": b @ref <label> \\ `raw` // no /* '
    + '"q" [a]'
)


def tags(reader: pypdf.PdfReader) -> list[dict[str, Any]]:
    """Every element of the structure tree."""
    found, waiting = [], [reader.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        element = waiting.pop().get_object()
        if isinstance(element, list):
            waiting += element
        elif isinstance(element, dict):
            found.append(element)
            waiting += [element["/K"]] if "/K" in element else []
    return found


def read(data: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(data))


def text_of(data: bytes) -> str:
    pages = "\n".join(page.extract_text() for page in read(data).pages)
    return " ".join(pages.replace("\u200b", "").replace("\u2060", "").split())


@pytest.fixture(scope="module")
def paper() -> bytes:
    return to_bytes(advice_report(advice_after(), EVIDENCE, results(), advice(), MOVED), title="Sort mail: advice")


def test_it_is_tagged_for_reading_aloud(paper: bytes) -> None:
    reader = read(paper)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data().replace(b"\n", b"")
    assert reader.metadata is not None
    assert reader.metadata.title == "Sort mail: advice"
    kinds = {element.get("/S") for element in tags(reader)}
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/Figure", "/Caption", "/L"} <= kinds


def test_each_chart_has_its_alt_text(paper: bytes) -> None:
    alts = [str(e["/Alt"]) for e in tags(read(paper)) if e.get("/S") == "/Figure" and "/Alt" in e]
    blocks = advice_report(advice_after(), EVIDENCE, results(), advice(), MOVED)
    expected = [block.alt for block in blocks if isinstance(block, Chart)]
    assert len(expected) == 5
    assert sorted(alts) == sorted(expected)


def test_it_has_few_pages_and_its_text_can_be_taken_out(paper: bytes) -> None:
    assert 3 <= len(read(paper).pages) <= 7
    text = text_of(paper)
    for part in ("Fine-tune or prompt? Sort customer mail", "0.86 (0.79–0.91)", "USD 520", "Page 1 of", "LoRA Land"):
        assert part in text


def test_every_font_is_embedded(paper: bytes) -> None:
    for page in read(paper).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            descriptor = descendant["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(descriptor)


def test_the_same_blocks_make_the_same_file() -> None:
    blocks = (Heading("Same", 1), Text("words"))
    assert to_bytes(blocks, title="Same") == to_bytes(blocks, title="Same")


def test_what_people_type_is_shown_and_never_run() -> None:
    blocks = (
        Heading(HOSTILE, 1), Heading(HOSTILE), Text(HOSTILE), Text(HOSTILE, "lead"), Notice(HOSTILE, "bad"),
        Bullets((HOSTILE, "")), Bullets((HOSTILE,), numbered=True), Figures(((HOSTILE, HOSTILE, HOSTILE),)),
        Table(HOSTILE, (HOSTILE, "b"), ((HOSTILE, ""),), HOSTILE),
    )  # fmt: skip
    text = text_of(to_bytes(blocks, title=HOSTILE)).replace(" ", "")
    assert text.count('#panic("x")$x^2$<script>alert(1)</script>*bold*_it_') >= len(blocks)


def test_other_scripts_are_shown_and_overrides_are_gone() -> None:
    words = "Grüße Привет Γειά שלום مرحبا हिन्दी ไทย தமிழ் বাংলা ქართული 5 ≥ 4 → ½ √"
    text = text_of(to_bytes((Text(f"{words} a\u202eb\u2066c"),), title="Scripts"))
    for word in ("Grüße", "Привет", "Γειά", "ქართული", "≥", "abc"):
        assert word in text


def test_a_character_without_glyph_is_replaced_and_named(tmp_path: Path) -> None:
    # U+1F0A1 is a playing card, U+10FFF in the Sogdian-Elymaic block: no font here or on usual systems draws U+10FE0
    outcome = write((Heading("Title", 1), Text("a \U00010fe0 b")), tmp_path / "r.pdf", title="\U00010fe0")
    assert outcome.replaced == ("\U00010fe0",)
    text = text_of(outcome.path.read_bytes())
    assert "a □ b" in text
    assert "U+10FE0 (elymaic letter aleph)" in text


def test_emoji_and_cjk_in_a_chart_do_not_stop_the_report() -> None:
    evil = results()
    evil["arms"][0]["arm"] = "漢字🎉<b>"
    assert to_bytes(pilot_report(evil, record()), title="漢字 🎉").startswith(b"%PDF")


def test_a_table_wider_than_the_page_keeps_all_its_cells() -> None:
    row = tuple(f"w{i}" + "x" * 40 for i in range(12))
    text = text_of(to_bytes((Table("Wide", tuple(f"c{i}" for i in range(12)), (row,) * 30),), title="Wide"))
    assert text.replace(" ", "").count("w11x") == 30


def test_an_empty_report_is_a_page() -> None:
    assert len(read(to_bytes((), title="")).pages) == 1


def test_writing_replaces_the_old_file_whole(tmp_path: Path) -> None:
    target = tmp_path / "report.pdf"
    target.write_bytes(b"old")
    outcome = write((Heading("New", 1),), target, title="New")
    assert outcome == PdfOutcome(target, 1, target.stat().st_size, ())
    assert target.read_bytes().startswith(b"%PDF")
    assert [path.name for path in tmp_path.iterdir()] == ["report.pdf"]


@pytest.mark.parametrize(
    ("place", "says"),
    [("", "is a folder"), ("missing/r.pdf", "does not exist"), ("file/r.pdf", "does not exist")],
)
def test_a_place_that_cannot_be_is_named(tmp_path: Path, place: str, says: str) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ReportError, match=says):
        write((Text("x"),), tmp_path / place, title="x")


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_folder_without_permission_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(ReportError, match="cannot be written to"):
        write((Text("x"),), tmp_path / "r.pdf", title="x")


FULL_DISK = """
import resource, signal, sys
from advisor.report import pdf
from advisor.errors import ReportError
from advisor.vocabulary import Text
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
data = pdf._made((Text("x"),), "x", "en")
pdf._made = lambda *_: data
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    pdf.write((Text("x"),), sys.argv[1], title="x")
except ReportError as error:
    print(error)
"""


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    """A limit on file sizes stands for the full disk: the write itself fails half-way."""
    target = tmp_path / "report.pdf"
    target.write_bytes(b"old")
    done = subprocess.run([sys.executable, "-c", FULL_DISK, str(target)], cwd=ROOT, capture_output=True, text=True)
    assert "no space" in done.stdout, done.stderr
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["report.pdf"]


def test_a_language_is_a_code() -> None:
    with pytest.raises(ReportError, match="language"):
        to_bytes((), title="x", language='en"#')


def test_the_server_never_imports_what_makes_the_paper() -> None:
    code = (
        "import sys, advisor.report.pdf as p; from advisor.vocabulary import Text; p.to_bytes((Text('x'),), title='x');"
        "print(sorted({'typst', 'vl_convert', 'altair', 'torch', 'streamlit', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_short_table_stays_on_one_page_and_a_long_one_leaves_no_row_alone() -> None:
    words = ("Term", "Meaning")
    short = Table("Terms", words, tuple((f"short {i}", "word " * 12) for i in range(8)))
    long = Table("Many", words, tuple((f"row {i:02d}.", "word " * 30) for i in range(60)))
    for filler in range(30, 52, 3):
        above = tuple(Text(f"line {i}") for i in range(filler))
        pages = [page.extract_text() for page in read(to_bytes((*above, short, long), title="Kept")).pages]
        assert len([page for page in pages if "short " in page]) == 1, filler
        rows = [len(re.findall(r"row \d\d\.", page)) for page in pages]
        assert all(count == 0 or count >= 3 for count in rows), (filler, rows)


def test_a_heading_its_words_and_its_chart_stay_together() -> None:
    chart = next(block for block in advice_report(advice()) if isinstance(block, Chart))
    for filler in range(24, 42, 3):
        above = tuple(Text(f"line {i}") for i in range(filler))
        blocks = (Heading("Paper", 1), *above, Heading("Money"), Text("In words."), chart)
        pages = [page.extract_text() for page in read(to_bytes(blocks, title="Kept")).pages]
        (with_heading,) = [page for page in pages if "Money" in page]
        assert "In words." in with_heading
        assert chart.title.split(";")[0][:30] in with_heading, filler
