"""An archive is opened when it holds one file (or train and test files), its size counted while it inflates."""

from __future__ import annotations

import io
import re
import struct
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

from advisor.errors import ColumnsUnclear, DataError
from experiments.dataset import limits
from experiments.dataset.together import parts_of

CHUNK_BYTES = 1 << 16
PACKED_AT = (1980, 1, 1, 0, 0, 0)
WORKBOOK = "xl/workbook.xml"
JUNK = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
COMPANION = re.compile(r"(?:^|/)(?:readme|licen[cs]e|notice|changelog|citation)[^/]*$", re.IGNORECASE)
# a part that only one kind of file has → what that is
DOCUMENTS = (
    ("word/document.xml", "a Word document"),
    ("ppt/presentation.xml", "a PowerPoint file"),
    ("xl/workbook.bin", "a binary workbook (.xlsb)"),
    ("META-INF/manifest.xml", "an OpenDocument file (.ods or .odt)"),
    ("META-INF/container.xml", "an e-book"),
    ("META-INF/MANIFEST.MF", "a Java program"),
    ("data.pkl", "a PyTorch model"),
    (".npy", "a file of NumPy arrays"),
)
# what the zip library raises on damaged archives
BROKEN = (
    zipfile.BadZipFile,
    NotImplementedError,
    zlib.error,
    EOFError,
    RuntimeError,
    ValueError,
    OSError,
    struct.error,
)


@dataclass(frozen=True, slots=True)
class Member:
    """One file taken out of an archive: its cleaned name, its bytes, and what its name says it is for."""

    name: str
    file: BinaryIO
    size: int
    part: str | None = None


def clean_name(name: str) -> str:
    """A name fit to be shown: last part only, no control or direction characters, at most 80 characters."""
    last = re.split(r"[\\/]", name)[-1]
    normal = unicodedata.normalize("NFC", last.encode("utf-8", errors="replace").decode("utf-8"))
    shown = "".join(c for c in normal if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")).strip()
    return shown[:80] if shown.strip(". ") else "unnamed file"


def pack(parts: Iterable[tuple[str, bytes]]) -> bytes:
    """Several files of one data set as one: the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, data in sorted(parts):
            archive.writestr(zipfile.ZipInfo(clean_name(name), PACKED_AT), data)
    return buffer.getvalue()


def is_packed(file: BinaryIO) -> bool:
    """Was this zip made by `pack`, of a folder or of files that were given together?"""
    with zipfile.ZipFile(file) as archive:
        return _is_ours(archive)


def _is_ours(archive: zipfile.ZipFile) -> bool:
    return all(e.date_time == PACKED_AT and e.compress_type == zipfile.ZIP_STORED for e in archive.infolist())


def is_workbook(file: BinaryIO) -> bool:
    """A zip that holds a spreadsheet."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            return WORKBOOK in archive.namelist()
    except BROKEN:
        file.seek(0)
        if b"xl/" in file.read(1 << 16) or _mentions_content_types(file):
            raise DataError("The workbook is damaged: its end is missing.", "Save it again and upload that.") from None
        raise DataError("The zip archive is damaged.", "Pack it again, or upload the file inside.") from None


def _mentions_content_types(file: BinaryIO) -> bool:
    file.seek(0)
    return b"[Content_Types].xml" in file.read(1 << 16)


def members(file: BinaryIO, wanted: str | None) -> tuple[tuple[Member, ...], tuple[str, ...]]:
    """The files of a zip to read (the only one, the wanted one, or one for train and one for test), and those left."""
    try:
        with zipfile.ZipFile(file) as archive:
            return _choose(archive, wanted)
    except BROKEN as error:
        raise DataError(
            "The zip archive is damaged or has a password.", "Unpack it and upload the file inside."
        ) from error


def _choose(archive: zipfile.ZipFile, wanted: str | None) -> tuple[tuple[Member, ...], tuple[str, ...]]:
    entries = archive.infolist()
    for mark, what in DOCUMENTS:
        if any(entry.filename.endswith(mark) for entry in entries):
            raise DataError(f"This is {what}, not a table of examples.", "Save its table as .xlsx or CSV.")
    if len(entries) > limits.ARCHIVE_ENTRIES:
        raise DataError(f"The archive holds {len(entries):,} files.", "Give the one file with the examples.")
    files = [e for e in entries if not e.is_dir() and not any(junk in e.filename for junk in JUNK)]
    all_files = files
    files = [e for e in files if not COMPANION.search(e.filename)] or files
    if not files:
        raise DataError("The archive holds no file.", "Give the file with the examples.")
    shown = ", ".join(clean_name(entry.filename) for entry in files[:5])
    if wanted is not None and len(files) > 1:
        files = [entry for entry in files if clean_name(entry.filename) == wanted]
        if not files:
            raise DataError(f"No file '{wanted}' in the archive.", f"It holds: {shown}.")
    left_out = tuple(clean_name(entry.filename) for entry in all_files if entry not in files)
    if len(files) == 1:
        return (_extract(archive, files[0], None, limits.INFLATED_BYTES),), left_out
    if parts := parts_of([entry.filename for entry in files]):
        left = limits.INFLATED_BYTES
        found: list[Member] = []
        for entry, part in zip(files, parts, strict=True):
            found.append(_extract(archive, entry, part, left))
            left -= found[-1].size
        return tuple(found), left_out
    raise ColumnsUnclear(
        f"{'There are' if _is_ours(archive) else 'This is a zip archive with'} {len(files)} files "
        f"({shown}{' …' if len(files) > 5 else ''}).",
        "Give the one with the examples, or name it with --sheet; files called train and test may come together.",
        flag="--sheet",
        options=tuple(clean_name(entry.filename) for entry in files),
    )


def _extract(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, part: str | None, most: int) -> Member:
    """Bytes counted as they come: the directory's own sizes may lie."""
    if entry.flag_bits & 0x1:
        raise DataError("The file in the archive has a password.", "Unpack it and upload the file inside.")
    if (entry.external_attr >> 28) == 0xA:
        raise DataError("The archive holds a link, not a file.", "Unpack it and upload the file inside.")
    with archive.open(entry) as stream:
        file, size = _inflate(iter(lambda: stream.read(CHUNK_BYTES), b""), max(1, entry.compress_size), most)
    return Member(clean_name(entry.filename), file, size, part)


def gunzip(file: BinaryIO, size: int) -> Member:
    """The file inside a gzip."""
    file.seek(0)
    try:
        inflated, count = _inflate(_gzip_chunks(file), size, limits.INFLATED_BYTES)
    except (zlib.error, EOFError) as error:
        raise DataError("The gzip archive is damaged.", "Pack it again, or upload the file inside.") from error
    return Member("", inflated, count)


def _gzip_chunks(file: BinaryIO) -> Iterable[bytes]:
    """All members of a gzip; output is bounded per step, so that a bomb is seen before it is in memory."""
    engine = zlib.decompressobj(wbits=31)
    while raw := file.read(CHUNK_BYTES):
        while raw:
            yield engine.decompress(raw, CHUNK_BYTES)
            raw = engine.unconsumed_tail
            if engine.eof:
                raw = engine.unused_data or file.read(CHUNK_BYTES)
                if not raw.startswith(b"\x1f\x8b"):
                    return
                engine = zlib.decompressobj(wbits=31)
    if not engine.eof:
        raise EOFError


def _inflate(chunks: Iterable[bytes], packed: int, most: int) -> tuple[BinaryIO, int]:
    out = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the member
    size = 0
    try:
        for chunk in chunks:
            size += len(chunk)
            _refuse_bomb(size, packed, most)
            out.write(chunk)
    except BaseException:
        out.close()
        raise
    return out, size


def _refuse_bomb(size: int, packed: int, most: int) -> None:
    bomb = size > limits.INFLATED_RATIO_FROM_BYTES and size > limits.INFLATED_RATIO * packed
    if bomb or size > most:
        why = f"{limits.INFLATED_RATIO} times its packed size" if bomb else f"{most // limits.MIB} MB"
        raise DataError(
            f"The archive inflates to more than {why}; it was not unpacked.", "Unpack it and upload a part of it."
        )
