"""Languages by their two-letter codes (ISO 639-1) and their English names: files hold codes, people read names."""

from __future__ import annotations

NAMES = {
    "en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian", "pt": "Portuguese",
    "nl": "Dutch", "pl": "Polish", "sv": "Swedish", "no": "Norwegian", "da": "Danish", "fi": "Finnish",
    "cs": "Czech", "tr": "Turkish", "ar": "Arabic", "hi": "Hindi", "zh": "Chinese", "ja": "Japanese",
    "bg": "Bulgarian", "bn": "Bengali", "ca": "Catalan", "cy": "Welsh", "el": "Greek", "et": "Estonian",
    "eu": "Basque", "fa": "Persian", "ga": "Irish", "gl": "Galician", "he": "Hebrew", "hr": "Croatian",
    "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian", "is": "Icelandic", "ka": "Georgian", "kk": "Kazakh",
    "ko": "Korean", "lb": "Luxembourgish", "lt": "Lithuanian", "lv": "Latvian", "mk": "Macedonian", "ms": "Malay",
    "mt": "Maltese", "nb": "Norwegian Bokmål", "nn": "Norwegian Nynorsk", "ro": "Romanian", "ru": "Russian",
    "sk": "Slovak", "sl": "Slovenian", "sq": "Albanian", "sr": "Serbian", "sw": "Swahili", "ta": "Tamil",
    "te": "Telugu", "th": "Thai", "tl": "Tagalog", "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese",
}  # fmt: skip
CODES = {name.casefold(): code for code, name in NAMES.items()}


def language_code(written: str) -> str:
    """A code for a language written as a name or a code; what is neither stays as it is."""
    plain = written.strip()
    if plain.casefold() in CODES:
        return CODES[plain.casefold()]
    return plain.casefold() if plain.casefold() in NAMES else plain


def language_name(code: str) -> str:
    """The name of a code, a region in brackets (en-GB → English (GB)); what is no code stays as it is."""
    base, _, region = code.replace("_", "-").partition("-")
    name = NAMES.get(base.casefold())
    if name is None:
        return code
    return f"{name} ({region})" if region else name
