"""Which addresses and keys are taken, and what labels are read out of a model's words."""

from __future__ import annotations

import json
import pickle

import pytest

from advisor.errors import InputError, PlanError
from experiments.api import address
from experiments.api.faults import retry_after_s
from experiments.api.reading import LabelReader
from experiments.api.secret import Secret
from experiments.api.service import Service, consent, service


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.org/v1",
        "javascript:alert(1)",
        "api.openai.com/v1",
        "",
        "http://",
        "https://user:secret@api.openai.com/v1",
        "https://api.openai.com@127.0.0.1/v1",
        "https://example.org/v1?api-key=secret",
        "https://example.org/v1#secret",
        "http://169.254.169.254/latest",
        "http://[fe80::1]/v1",
        "http://[::ffff:169.254.169.254]/v1",
        "http://metadata.google.internal/v1",
        "http://example.org:99999/v1",
        "https://exam\nple.org/v1",
    ],
)
def test_addresses_that_are_not_asked(url: str) -> None:
    with pytest.raises(InputError):
        address.checked(url)


def test_addresses_as_people_paste_them() -> None:
    assert address.checked(" https://api.openai.com/v1/ ") == "https://api.openai.com/v1"
    assert address.checked("http://127.0.0.1:8000/v1/chat/completions") == "http://127.0.0.1:8000/v1"


@pytest.mark.parametrize(
    ("url", "here", "warned", "place"),
    [
        ("http://127.0.0.1:8000/v1", True, False, "api:127.0.0.1:8000"),
        ("http://localhost:1234/v1", True, False, "api:localhost:1234"),
        ("http://[::1]:1234/v1", True, False, "api:[::1]:1234"),
        ("http://10.0.0.5/v1", False, True, "api:10.0.0.5"),
        ("http://api.example.org/v1", False, True, "api:api.example.org"),
        ("https://api.openai.com/v1", False, False, "api:openai"),
        ("https://api.openai.com.example.org/v1", False, False, "api:api.openai.com.example.org"),
    ],
)
def test_what_an_address_is(url: str, here: bool, warned: bool, place: str) -> None:
    assert address.is_here(url) is here
    assert bool(address.warning(url)) is warned
    assert address.place(url) == place


def test_a_price_comes_from_the_catalog_or_the_person_or_nobody() -> None:
    known = service("https://api.openai.com/v1", "gpt-6-luna")
    assert known.priced
    assert known.usd(1_000_000, 0) == known.input_usd_per_mtok
    assert "genai-prices" in known.price_source
    typed = service("https://llm.example.org/v1", "ours", input_usd_per_mtok=1.0, output_usd_per_mtok=2.0)
    # 1 USD and 2 USD per million: 500,000 and 250,000 tokens cost half a dollar each
    assert typed.usd(500_000, 250_000) == pytest.approx(1.0)
    assert typed.limit_usd == 1.0
    assert not service("http://localhost:8000/v1", "ours").priced
    with pytest.raises(PlanError, match="no cap could be held"):
        service("https://llm.example.org/v1", "ours")
    with pytest.raises(PlanError, match="Only one"):
        service("https://llm.example.org/v1", "ours", input_usd_per_mtok=1.0)


@pytest.mark.parametrize("wrong", [{"max_usd": 0.0}, {"max_usd": -1.0}, {"max_usd": float("nan")}, {"concurrency": 0}])
def test_caps_and_rates_that_cannot_be(wrong: dict[str, float]) -> None:
    with pytest.raises(PlanError):
        service("http://localhost:8000/v1", "ours", **wrong)


def test_settings_hold_everything_but_the_key_and_come_back() -> None:
    made = service("https://api.openai.com/v1", "gpt-6-luna", keyed=True, concurrency=2)
    assert Service.of_settings(json.loads(json.dumps({**made.settings, "shots": 3}))) == made


def test_consent_says_what_goes_where() -> None:
    text = consent(service("https://api.openai.com/v1", "gpt-6-luna", keyed=True, max_usd=0.5), 340)
    for part in ("https://api.openai.com/v1", "gpt-6-luna", "340 rows", "with the key", "at most 0.5 USD"):
        assert part in text
    assert "nothing is paid: the address is this machine's own" in consent(service("http://localhost:1/v1", "ours"), 5)


def test_a_key_has_no_text() -> None:
    key = Secret(" sk-canary-0123456789abcdef\n")
    assert key.reveal() == "sk-canary-0123456789abcdef"
    for shown in (repr(key), str(key), f"{key}", f"{[key]!r}"):
        assert "canary" not in shown
    with pytest.raises(TypeError):
        pickle.dumps(key)
    with pytest.raises(TypeError):
        json.dumps(key)
    text = key.strike("bad sk-canary-0123456789abcdef, c2stY2FuYXJ5LTAxMjM0NTY3ODlhYmNkZWY= and sk-other-12345678")
    assert "canary" not in text
    assert "other" not in text
    assert "c2st" not in text
    with pytest.raises(InputError):
        Secret("two words")
    with pytest.raises(InputError):
        Secret("sk-ключ")


NAMES = {"AddToPlaylist": "add to playlist", "GetWeather": "get weather", "C++": "C++", "C": "C"}


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ("add to playlist", "AddToPlaylist"),
        ("AddToPlaylist", "AddToPlaylist"),
        ("**Add to Playlist**.", "AddToPlaylist"),
        ("Label: get_weather", "GetWeather"),
        ("The answer is: get weather", "GetWeather"),
        ('{"label": "get weather"}', "GetWeather"),
        ('```json\n["get weather"]\n```', "GetWeather"),
        ("c++", "C++"),
        ("C", "C"),
        ("get weather or add to playlist", None),
        ("weather", None),
        ("", None),
        ("...", None),
        ("[" * 2000, None),
    ],
)
def test_a_label_is_read_exactly_or_but_for_case_and_marks(said: str, label: str | None) -> None:
    assert LabelReader(NAMES).one(said) == label


def test_labels_that_differ_in_case_alone_are_read_exactly_or_not_at_all() -> None:
    reader = LabelReader({"us": "us", "US": "US"})
    assert (reader.one("US"), reader.one("us"), reader.one("Us")) == ("US", "us", None)


@pytest.mark.parametrize(
    ("said", "labels"),
    [
        ('["add to playlist", "C++"]', '["AddToPlaylist", "C++"]'),
        ("get weather; C", '["GetWeather", "C"]'),
        ("[]", "[]"),
        ('["get weather", "get weather"]', '["GetWeather"]'),
        ('["nothing"]', None),
        ("", None),
    ],
)
def test_several_labels(said: str, labels: str | None) -> None:
    assert LabelReader(NAMES).several(said) == labels


def test_three_spellings_of_patience() -> None:
    assert retry_after_s({"retry-after": "2"}) == 2.0
    assert retry_after_s({"retry-after-ms": "1500"}) == 1.5
    assert retry_after_s({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}) == 0.0
    assert retry_after_s({"retry-after": "soon"}) is None
    assert retry_after_s({}) is None
