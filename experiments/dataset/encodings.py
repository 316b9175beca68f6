"""Which encoding a text has, and what is damaged in it. Decided on the bytes, not on the name or the locale."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from advisor.errors import DataError
from advisor.vocabulary import Finding
from experiments.dataset import letters, sniff
from experiments.dataset.source import Source

MARKS: tuple[tuple[bytes, str], ...] = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
# what Western texts written with cp1252 hold beyond ASCII; ÿ þ ð and control codes are signs of something else
WESTERN = set("ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜßàáâãäåæçèéêëìíîïñòóôõöøùúûüœŒšŠžŽŸ“”‘’‚„–—…•€£¥§©®™°±²³·´«»¿¡ºª½¼¾×‹›\xa0")
WESTERN_SHARE = 0.9
# in Western texts accents and quotes are few; where most bytes are beyond ASCII it is another script
WESTERN_DENSITY = 0.35
# legacy encodings tried after UTF-8 and cp1252
LEGACY = (
    "cp1250", "iso8859_2", "cp1251", "koi8_r", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874",
    "tis_620", "shift_jis", "cp932", "euc_jp", "iso2022_jp", "gb18030", "gbk", "big5", "euc_kr", "cp949", "latin_1",
    "mac_roman",
)  # fmt: skip
PROBE_BYTES = 1 << 18
CHUNK_BYTES = 1 << 20
HIGH = bytes(range(128, 256))


@dataclass(frozen=True, slots=True)
class Encoding:
    """How to decode; `damaged` when some bytes are no text in it (they become U+DC80…U+DCFF while reading)."""

    codec: str
    damaged: bool
    findings: tuple[Finding, ...] = ()

    @property
    def name(self) -> str:
        """The name a person knows."""
        return self.codec.removesuffix("-sig")

    @property
    def errors(self) -> str:
        return "surrogateescape" if self.damaged else "strict"


def detect(source: Source) -> Encoding:
    """The chosen encoding, or the one the bytes speak for."""
    if source.choices.encoding is not None:
        return _chosen(source, source.choices.encoding)
    head = source.head(PROBE_BYTES)
    for mark, codec in MARKS:
        if head.startswith(mark):
            return _marked(source, codec)
    if (wide := sniff.without_mark(head)) is not None:
        return _wide(source, wide)
    if b"\x1b$" in head and _decodes(source, "iso2022_jp"):
        return _guessed("iso2022_jp", "its marks of Japanese writing")
    if _decodes(source, "utf-8"):
        return Encoding("utf-8", damaged=False)
    return _not_utf8(source)


def _marked(source: Source, codec: str) -> Encoding:
    """A byte order mark decides; damage after it is shown row by row where the codec can carry on."""
    if _decodes(source, codec):
        return Encoding(codec, damaged=False)
    if codec == "utf-8-sig":
        return Encoding(codec, damaged=True)
    raise _damaged(source, codec, f"The file begins as {codec.upper()} text")


def _chosen(source: Source, name: str) -> Encoding:
    try:
        codec = codecs.lookup(name).name
        "".encode(codec)
    except (LookupError, TypeError) as error:
        raise DataError(
            f"Unknown encoding '{name}'.", "Known ones: utf-8, utf-16, cp1252, shift_jis, gb18030 …"
        ) from error
    if codec == "utf-8":
        codec = "utf-8-sig" if source.head(3) == MARKS[0][0] else "utf-8"
    if _decodes(source, codec):
        return Encoding(codec, damaged=False)
    if codec.startswith(("utf-16", "utf-32")):
        raise DataError(f"The file is not {name} text.", "Leave --encoding out, or name another.")
    return Encoding(codec, damaged=True)


def _decodes(source: Source, codec: str) -> bool:
    decoder = codecs.getincrementaldecoder(codec)()
    source.file.seek(0)
    try:
        while chunk := source.file.read(CHUNK_BYTES):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except (UnicodeDecodeError, UnicodeError):
        return False
    return True


def _not_utf8(source: Source) -> Encoding:
    """A few broken bytes in UTF-8, a legacy encoding whose letters are those of one language, or another one."""
    beyond = _beyond_ascii(source)
    if beyond.valid > 0 and beyond.valid >= len(beyond.broken):
        return Encoding("utf-8", damaged=True)
    rare = beyond.count <= WESTERN_DENSITY * beyond.around
    if rare and (found := letters.judge(beyond.broken)) is not None and _decodes(source, found[0]):
        return _guessed(found[0], f"its letters (those of {found[1]})")
    text = beyond.broken.decode("cp1252", errors="replace")
    western = sum(character in WESTERN for character in text) / max(1, len(text))
    if western >= WESTERN_SHARE and rare and _decodes(source, "cp1252"):
        return _guessed("cp1252", "its accents and quotes")
    if (codec := _legacy(source)) is not None:
        return _guessed(codec, "the frequency of its letters")
    return Encoding("utf-8", damaged=True)


def _wide(source: Source, codec: str) -> Encoding:
    if not _decodes(source, codec):
        raise _damaged(source, codec, f"The file looks like {codec} text")
    text = f"The file has no mark of its encoding; its zero bytes say {codec}."
    return Encoding(codec, damaged=False, findings=(Finding("encoding", "note", text, flag="--encoding"),))


def _damaged(source: Source, codec: str, what: str) -> DataError:
    """Where the text stops being one: in such encodings nothing after that place can be trusted."""
    decoder = codecs.getincrementaldecoder(codec)("replace")
    source.file.seek(0)
    line = 1
    while chunk := source.file.read(CHUNK_BYTES):
        before, sign, _ = decoder.decode(chunk).partition("\ufffd")
        line += before.count("\n")
        if sign:
            break
    return DataError(f"{what} but is damaged in line {line:,}.", "Save it again as UTF-8 and upload that.", line=line)


def _guessed(codec: str, why: str) -> Encoding:
    text = f"The file is not UTF-8. It was read as {codec}, judged by {why}; look whether accents and signs are right."
    mend = "If they are not, name the encoding with --encoding, or save the file as UTF-8."
    return Encoding(codec, damaged=False, findings=(Finding("encoding", "warn", text, mend=mend, flag="--encoding"),))


@dataclass(frozen=True, slots=True)
class _Beyond:
    """Of the lines beyond ASCII: the bytes that are not UTF-8, how many characters are, all such bytes, all bytes."""

    broken: bytes
    valid: int
    count: int
    around: int


def _beyond_ascii(source: Source) -> _Beyond:
    """Up to 64 kB of broken bytes."""
    broken = bytearray()
    good = count = around = 0
    source.file.seek(0)
    while len(broken) < 1 << 16 and (line := source.file.readline(CHUNK_BYTES)):
        if line.isascii():
            continue
        around += len(line)
        count += len(line) - len(line.translate(None, HIGH))
        for character in line.decode("utf-8", errors="surrogateescape"):
            if "\udc80" <= character <= "\udcff":
                broken.append(ord(character) - 0xDC00)
            elif character > "\x7f":
                good += 1
    return _Beyond(bytes(broken), good, count, around)


def _legacy(source: Source) -> str | None:
    """A guess from letter frequencies; only where enough bytes speak."""
    from charset_normalizer import from_bytes

    lines = [line for line in source.head(PROBE_BYTES).split(b"\n") if not line.isascii()]
    sample = b"\n".join(lines)[: 1 << 15]
    beyond = sum(byte > 127 for byte in sample)
    if beyond < 16:
        return None
    for codec in ("shift_jis", "euc_jp"):
        if _kana(sample, codec) and _decodes(source, codec):
            return codec
    best = from_bytes(sample, cp_isolation=list(LEGACY)).best()
    if best is None or not _decodes(source, best.encoding):
        return None
    return str(best.encoding)


def _kana(sample: bytes, codec: str) -> bool:
    """Japanese text is a fifth Hiragana and Katakana at least; by chance it never is."""
    try:
        text = sample[: sample.rfind(b"\n") + 1 or None].decode(codec)
    except UnicodeDecodeError:
        return False
    wide = [character for character in text if character > "\x7f"]
    return sum("\u3041" <= character <= "\u30ff" for character in wide) >= 0.2 * max(1, len(wide))
