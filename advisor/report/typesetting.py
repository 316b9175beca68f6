"""The child process that makes the PDF: a job as JSON on stdin, one line of JSON and the PDF on stdout.

Only this module imports typst and vl-convert. Nothing is fetched: charts hold their data, fonts are shipped.
"""

from __future__ import annotations

import itertools
import json
import re
import sys
import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from advisor.report.charts.paper import PAPER
from advisor.report.layout import breakable, column_shares, shortened, table_lines

HERE = Path(__file__).parent
FONTS, TEMPLATE = HERE / "fonts", HERE / "template.typ"
STANDARD: Literal["ua-1"] = "ua-1"  # PDF/UA-1: refuses a figure without alt text and a character without a glyph
CANNOT_SHOW = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
INSTEAD = "□"
ATTEMPTS = 6
MOST_LINES_TOGETHER, FIGURES_TOGETHER = 16, 14  # lines of any table, rows of one of figures, that are not torn
NAMED = 12  # characters named in the note


def main() -> int:
    """Read the job, write the answer."""
    job = json.load(sys.stdin.buffer)
    try:
        data, answer = typeset(job)
    except Exception as error:  # whatever typst or vl-convert say goes back as the answer, not as a stack trace
        data, answer = b"", {"error": str(error).strip().split("\n")[0][:300] or type(error).__name__}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + data)
    return 0


def typeset(job: dict[str, Any]) -> tuple[bytes, dict[str, Any]]:
    """The PDF, its pages, and the characters that had to be replaced."""
    replaced = unshowable(job)
    for _ in range(ATTEMPTS):
        data, missing = compiled(prepared(job, replaced), job["made"])
        if data is not None:
            pages = len(re.findall(rb"/Type\s*/Page\b", data))
            return data, {"pages": pages, "replaced": sorted(replaced)}
        replaced |= missing
    raise ValueError("some characters cannot be shown with any font here")


def unshowable(job: dict[str, Any]) -> set[str]:
    """Characters of the job for which no font has a glyph, charts' data included."""
    characters = sorted({c for c in json.dumps(job, ensure_ascii=False) if ord(c) > 126 and not c.isspace()})
    if not characters:
        return set()
    probe = {
        "title": "Probe", "running": "", "language": job["language"],
        "blocks": [{"block": "text", "text": " ".join(characters), "kind": "body"}],
    }  # fmt: skip
    return compiled(probe, job["made"])[1]


def compiled(document: dict[str, Any], made: str) -> tuple[bytes | None, set[str]]:
    """The PDF, or the characters that stood in its way. System fonts are asked only when ours do not suffice."""
    import typst

    missing: set[str] = set()
    when = datetime.fromisoformat(made).replace(tzinfo=UTC)
    for with_system in (False, True):
        fonts = typst.Fonts(include_system_fonts=with_system, font_paths=[str(FONTS)])
        inputs = {"document": json.dumps(document, ensure_ascii=False)}
        try:
            return bytes(
                typst.compile(
                    str(TEMPLATE), font_paths=fonts, sys_inputs=inputs, pdf_standards=STANDARD, timestamp=when
                )
            ), set()
        except typst.TypstError as error:
            found = {json.loads(f'"{text}"') for text in CANNOT_SHOW.findall(error.diagnostic.replace("\\u{", "\\u{"))}
            missing = {character for text in found for character in text}
            if not missing:
                raise
    return None, missing


def prepared(job: dict[str, Any], replaced: set[str]) -> dict[str, Any]:
    """The job as the template wants it: charts as SVG, columns with their shares, long words breakable."""
    table = str.maketrans(dict.fromkeys(replaced, INSTEAD))
    blocks = [_prepared(_translated(block, table)) for block in job["blocks"]]
    for block, after in itertools.pairwise(blocks):
        if block["block"] == "text" and after["block"] in ("chart", "table"):
            block["sticky"] = block["kind"] == "body"  # else a heading may be parted from its chart
    if replaced:
        note = {"block": "notice", "kind": "note", "text": _note(replaced)}
        blocks.insert(1 if blocks and blocks[0]["block"] == "heading" else 0, note)
    title = job["title"].translate(table)
    return {"title": title, "running": shortened(title), "language": job["language"], "blocks": blocks}


def _translated(value: Any, table: dict[int, str]) -> Any:
    if isinstance(value, str):
        return value.translate(table)
    if isinstance(value, list):
        return [_translated(item, table) for item in value]
    if isinstance(value, dict):
        return {key: _translated(item, table) for key, item in value.items()}
    return value


def _note(replaced: set[str]) -> str:
    names = [f"U+{ord(c):04X} ({unicodedata.name(c, 'no name').lower()})" for c in sorted(replaced)]
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    listed = ", ".join(names[:NAMED])
    return f"Some characters have no glyph in this report's fonts and are shown as {INSTEAD}: {listed}{more}."


def _prepared(block: dict[str, Any]) -> dict[str, Any]:
    if block["block"] == "chart":
        return {
            "block": "chart",
            "title": block["title"],
            "alt": block["alt"] or block["title"],
            "svg": svg(block["spec"]),
        }
    if block["block"] == "table":
        rows = [[breakable(cell) for cell in row] for row in block["rows"]]
        shares = column_shares(block["columns"], block["rows"])
        figures = bool(block["align_right"]) and len(rows) <= FIGURES_TOGETHER  # compared at a glance
        together = figures or table_lines(shares, block["rows"]) <= MOST_LINES_TOGETHER
        return {**block, "rows": rows, "shares": shares, "together": together}
    if block["block"] == "bullets":
        return {**block, "items": [breakable(item) for item in block["items"]]}
    return {key: breakable(value) if key == "text" else value for key, value in block.items()}


def svg(spec: dict[str, Any]) -> str:
    """The chart as SVG, in the report's font and ink; nothing it names is fetched."""
    import vl_convert

    vl_convert.register_font_directory(str(FONTS))
    return str(vl_convert.vegalite_to_svg(spec, config=PAPER, allowed_base_urls=[]))


if __name__ == "__main__":
    sys.exit(main())
