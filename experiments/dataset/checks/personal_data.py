"""Personal data and secrets: how many rows hold which kind. What was found is never written anywhere."""

from __future__ import annotations

import re
from collections import defaultdict

from advisor.vocabulary import Finding
from experiments.dataset.draft import Draft
from experiments.dataset.table import some
from experiments.dataset.wording import many

NAME = "personal_data"
EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})*\.[a-zA-Z]{2,24}\b")
NUMBERS = re.compile(r"(?<![\w.,$€£])\+?\(?\d[\d \-().]{7,22}\d(?![\w%])")
IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
KEY = re.compile(
    r"\b(?:sk-[A-Za-z0-9_-]{16,}|AKIA[A-Z0-9]{16}|gh[pousr]_[A-Za-z0-9]{30,}|xox[abprs]-[A-Za-z0-9-]{10,}"
    r"|hf_[A-Za-z0-9]{30,}|AIza[A-Za-z0-9_-]{30,}|-----BEGIN [A-Z ]*PRIVATE KEY)"
)
IP = re.compile(r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.])")
SSN = re.compile(r"(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)")
KEY_STARTS = ("sk-", "AKIA", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "xox", "hf_", "AIza", "-----BEGIN")
DIGITS = re.compile("[0-9][0-9][0-9]")
DATE = re.compile(r"(?:\d{4}[-./ ]\d{1,2}[-./ ]\d{1,2}|\d{1,2}[-./ ]\d{1,2}[-./ ]\d{4})\D*(?:\d\D*)*")
PHONE_DIGITS = (9, 15)
PHONE_DIGITS_WITH_ZERO = 9
AMERICAN = re.compile(r"\(?\d{3}\)?[ -]\d{3}-\d{4}")
CARD_DIGITS = (13, 19)


def kinds(text: str) -> set[str]:
    """Which kinds of personal data a text holds."""
    found: set[str] = set()
    if "@" in text and EMAIL.search(text):
        found.add("e-mail address")
    if any(start in text for start in KEY_STARTS) and KEY.search(text):
        found.add("access key")
    if DIGITS.search(text):
        found |= _numbers(text)
    return found


def _numbers(text: str) -> set[str]:
    found: set[str] = set()
    for match in NUMBERS.finditer(text):
        raw = match.group()
        digits = re.sub(r"\D", "", raw)
        if SSN.fullmatch(raw):
            found.add("social security number")
        elif not raw.startswith(("+", "00")) and "." not in raw and _is_card(digits):
            found.add("card number")
        elif _is_phone(raw, digits):
            found.add("telephone number")
    if any(_is_iban(match.group()) for match in IBAN.finditer(text)):
        found.add("bank account (IBAN)")
    if text.count(".") >= 3 and any(_is_address(match.group()) for match in IP.finditer(text)):
        found.add("IP address")
    return found


def _is_phone(raw: str, digits: str) -> bool:
    """A country code, an area code in brackets or with a leading zero, or the American 3-3-4; no sums, no dates."""
    if not PHONE_DIGITS[0] <= len(digits) <= PHONE_DIGITS[1] or DATE.fullmatch(raw.strip("()+ ")):
        return False
    if " - " in raw or "." in raw or digits.startswith("00000"):
        return raw.startswith("+") and " - " not in raw
    if raw.startswith("+") or AMERICAN.fullmatch(raw):
        return True
    return raw.lstrip("(").startswith("0") and len(digits) >= PHONE_DIGITS_WITH_ZERO


def _is_address(text: str) -> bool:
    """Four small numbers are a section of a document, not an address."""
    return max(int(number) for number in text.split(".")) >= 32


def _is_card(digits: str) -> bool:
    return CARD_DIGITS[0] <= len(digits) <= CARD_DIGITS[1] and len(set(digits)) > 1 and _luhn(digits)


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _is_iban(text: str) -> bool:
    """The check number of ISO 13616."""
    plain = text.replace(" ", "")
    if not 15 <= len(plain) <= 34:
        return False
    moved = plain[4:] + plain[:4]
    return int("".join(str(int(sign, 36)) for sign in moved)) % 97 == 1


def run(draft: Draft) -> list[Finding]:
    """Counts by kind, and the rows to look at."""
    rows: dict[str, list[int]] = defaultdict(list)
    for example in draft.examples:
        texts = (example.input,) if draft.labelled else (example.input, example.output)
        for kind in {kind for text in texts for kind in kinds(text)}:
            rows[kind].append(example.row)
    if not rows:
        return []
    shown = ", ".join(
        f"{kind} in {many(len(found), 'row')}" for kind, found in sorted(rows.items(), key=lambda kv: -len(kv[1]))
    )
    every = sorted({row for found in rows.values() for row in found})
    text = f"Looks like personal data or secrets: {shown}."
    mend = "Take out or replace what the task does not need, above all before rows are sent to a service."
    return [Finding(NAME, "warn", text, some(every), mend)]
