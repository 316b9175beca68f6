"""What a file really is, by its first bytes; its name is never asked."""

from __future__ import annotations

import codecs
import re

from advisor.errors import DataError

HEAD_BYTES = 4096

# first bytes → what it is, and how to get a table out of it (None: a kind we read)
SIGNATURES: tuple[tuple[bytes, str, str | None], ...] = (
    (b"PK\x03\x04", "zip", None),
    (b"\x1f\x8b", "gzip", None),
    (b"PAR1", "parquet", None),
    (b"PK\x05\x06", "an empty zip archive", "Put one CSV, JSON, JSON Lines, XLSX or Parquet file into it."),
    (b"\x89PNG", "a PNG image", "Give the table itself, not a picture of it."),
    (b"\xff\xd8\xff", "a JPEG image", "Give the table itself, not a picture of it."),
    (b"GIF8", "a GIF image", "Give the table itself, not a picture of it."),
    (b"%PDF", "a PDF document", "Export the rows as CSV and upload that."),
    (
        b"\xd0\xcf\x11\xe0",
        "an old Excel file (.xls) or a workbook with a password",
        "Save it as .xlsx or CSV, without a password.",
    ),
    (b"{\\rtf", "an RTF document", "Export the rows as CSV and upload that."),
    (b"SQLite format 3\x00", "an SQLite database", "Export the table as CSV and upload that."),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "Unpack it and upload the file inside."),
    (b"Rar!", "a RAR archive", "Unpack it and upload the file inside."),
    (b"BZh", "a bzip2 archive", "Unpack it and upload the file inside."),
    (b"\xfd7zXZ\x00", "an xz archive", "Unpack it and upload the file inside."),
    (b"\x28\xb5\x2f\xfd", "a zstd archive", "Unpack it and upload the file inside."),
    (b"\x7fELF", "a program", "Give a table of examples."),
    (b"MZ\x90\x00", "a program", "Give a table of examples."),
    (b"\xff\xff\xff\xff", "an Arrow stream", "Save it as Parquet, CSV or JSON Lines."),
    (b"PARE", "an encrypted Parquet file", "Write it without encryption."),
    (b"ID3", "a sound file", "Give texts, not sound."),
    (b"OggS", "a sound file", "Give texts, not sound."),
    (b"RIFF", "a sound or picture file", "Give texts, not media."),
    (b"ARROW1", "an Arrow file", "Save it as Parquet, CSV or JSON Lines."),
    (b"\x93NUMPY", "a NumPy array", "Save the rows as CSV or JSON Lines."),
    (b"\x89HDF", "an HDF5 file", "Save the rows as CSV or JSON Lines."),
    (b"Obj\x01", "an Avro file", "Save it as Parquet, CSV or JSON Lines."),
    (b"ORC", "an ORC file", "Save it as Parquet, CSV or JSON Lines."),
    (b"GGUF", "a language model", "Give the examples, not the model."),
)
PICKLE_PROTOCOLS = tuple(bytes([0x80, protocol]) for protocol in range(2, 6))
TAR_MAGIC_AT = 257
UTF16_OR_32_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
# a text has hardly any control characters beside tab, line feed, form feed, carriage return and escape
CONTROL = bytes(set(range(32)) - {0, 9, 10, 12, 13, 27})
CONTROL_SHARE = 0.02
# where all bytes are UTF-8 it takes more of them to be no text: terminals and old systems leave them in logs
CONTROL_SHARE_OF_UTF8 = 0.1
WEIGHTS = re.compile(rb"[\s\S]{2,6}\x00\x00\{\"")


def kind(head: bytes) -> str:
    """`zip`, `gzip`, `parquet` or `text`; anything else is refused by name."""
    if not head:
        raise DataError("The file is empty.", "Give a file with rows in it.")
    for signature, what, mend in SIGNATURES:
        if head.startswith(signature):
            if mend is None:
                return what
            raise DataError(f"This is {what}, not a table of examples.", mend)
    if head.startswith(PICKLE_PROTOCOLS):
        raise DataError(
            "This is a Python pickle, not a text file. It was not opened: a pickle can run programs.",
            "Save the rows as CSV, JSON Lines or Parquet.",
        )
    if head[TAR_MAGIC_AT : TAR_MAGIC_AT + 5] == b"ustar":
        raise DataError("This is a tar archive, not a table of examples.", "Unpack it and upload the file inside.")
    if WEIGHTS.match(head[:16]):
        raise DataError("This is a model's weights (safetensors), not a table of examples.", "Give a table.")
    _refuse_markup(head)
    wide = head.startswith(UTF16_OR_32_MARKS) or without_mark(head) is not None
    if not wide and _looks_binary(head):
        raise DataError(
            "This is not a text file, nor any kind of table we know.",
            "Give CSV, TSV, JSON, JSON Lines, XLSX or Parquet.",
        )
    return "text"


def _refuse_markup(head: bytes) -> None:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<body", b"<meta")):
        raise DataError(
            "This is a web page (HTML), even if its name says spreadsheet.",
            "Open it in a spreadsheet program and save it as .xlsx or CSV.",
        )
    if start.startswith(b"<?xml"):
        raise DataError("This is an XML file.", "Open it in a spreadsheet program and save it as .xlsx or CSV.")


def without_mark(head: bytes) -> str | None:
    """UTF-16 without a mark: nearly every second byte of Western text is zero."""
    if len(head) < 4:
        return None
    even, odd = head[0::2], head[1::2]
    if odd.count(0) > 0.4 * len(odd) and even.count(0) < 0.1 * len(even):
        return "utf-16-le"
    if even.count(0) > 0.4 * len(even) and odd.count(0) < 0.1 * len(odd):
        return "utf-16-be"
    return None


def _looks_binary(head: bytes) -> bool:
    """Many control characters, where the zeros of UTF-16 and of single damaged cells do not count."""
    body = head.replace(b"\x00", b"")
    if not body:
        return True
    share = CONTROL_SHARE_OF_UTF8 if _is_utf8(body) else CONTROL_SHARE
    return len(body) - len(body.translate(None, CONTROL)) > share * len(body)


def _is_utf8(head: bytes) -> bool:
    """Is it, but for a character cut at the end?"""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True
