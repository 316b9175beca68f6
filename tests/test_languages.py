"""Languages are kept as codes and read as names, however they were written."""

from __future__ import annotations

import pytest

from advisor.decision.axes import axes
from advisor.decision.axis import shown
from advisor.questionnaire import QUESTIONS, profile_from_mapping
from advisor.report.answers import answered
from advisor.rules.situation import Situation
from advisor.rules.task import english_features
from advisor.vocabulary import TaskProfile
from advisor.vocabulary.languages import NAMES, language_code, language_name


@pytest.mark.parametrize(
    ("written", "code", "name"),
    [("English", "en", "English"), ("DE", "de", "German"), ("no", "no", "Norwegian"), 
     ("en-GB", "en-GB", "English (GB)"), ("Klingon", "Klingon", "Klingon")],
)  # fmt: skip
def test_a_language_by_name_or_code(written: str, code: str, name: str) -> None:
    assert language_code(written) == code
    assert language_name(code) == name


def test_every_name_leads_back_to_its_code() -> None:
    assert [language_code(name) for name in NAMES.values()] == list(NAMES)


def test_english_written_as_a_name_is_english() -> None:
    profile = profile_from_mapping({"languages": ["English"], "task_type": "classification"})
    assert profile.languages == ("en",)
    assert english_features(Situation(profile, 500, 5)) is None


def test_people_read_names() -> None:
    profile = TaskProfile(languages=("en", "de"))
    assert dict(answered(profile))["Languages"] == "English, German"
    (axis,) = (a for a in axes(profile, QUESTIONS) if a.key == "languages")
    assert shown(axis, ("en", "de")) == "English, German"
    assert shown(axis, ("en",)) == "English"
