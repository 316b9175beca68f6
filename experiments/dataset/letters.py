"""Which single-byte encoding a text is in, told by the letters its language has: only the right one gives just those.

The older one-byte encodings share most places of their tables: Polish read as Western shows ¿ and ³ within words.
"""

from __future__ import annotations

# the letters beyond ASCII of each language, small ones
WESTERN = {
    "French": "àâæçèéêëîïôœùûüÿ",
    "German": "äöüß",
    "Spanish": "áéíñóúüçªº¡¿",
    "Portuguese": "ãáâàçéêíõóôúü",
    "Italian": "àèéìíòóùú",
    "Nordic": "åäöæøéüü",
    "Dutch": "éëïèêóöü",
    "Icelandic": "áðéíóúýþæö",
}
CENTRAL = {
    "Polish": "ąćęłńóśźż",
    "Czech": "áčďéěíňóřšťúůýž",
    "Slovak": "áäčďéíĺľňóôŕšťúýž",
    "Hungarian": "áéíóöőúüű",
    "Romanian": "ăâîşţ",
    "Croatian or Slovenian": "čćđšž",
}
BALTIC = {"Lithuanian": "ąčęėįšųūž", "Latvian": "āčēģīķļņšūž", "Estonian": "äõöüšž"}
# in this order: the commoner encoding first where two give the same letters
ENCODINGS: tuple[tuple[str, dict[str, str]], ...] = (
    ("cp1252", WESTERN),
    ("cp1250", CENTRAL),
    ("iso8859_2", CENTRAL),
    ("cp1254", {"Turkish": "çğıöşüâîûİ"}),
    ("cp1257", BALTIC),
    ("mac_roman", WESTERN),
    ("cp850", WESTERN),
    ("cp852", CENTRAL),
)
SIGNS = set("“”‘’‚„–—…•€£°§©®™²³«»‹›\xa0·")
# assumption: a text may quote a name of another language, hardly more than this
OWN_SHARE = 0.95
LOOK_AT_BYTES = 1 << 14


def judge(beyond: bytes) -> tuple[str, str] | None:
    """Encoding and language of the bytes beyond ASCII, or None where no language has just these letters."""
    best: tuple[float, str, str] | None = None
    for codec, languages in ENCODINGS:
        try:
            text = beyond[:LOOK_AT_BYTES].decode(codec)
        except UnicodeDecodeError:
            continue
        for language, letters in languages.items():
            own = set(letters) | set(letters.upper())
            fitting = sum(sign in own for sign in text)
            share = (fitting + sum(sign in SIGNS for sign in text)) / len(text)
            if fitting and share >= OWN_SHARE and (best is None or share > best[0]):
                best = (share, codec, language)
    return None if best is None else (best[1], best[2])
