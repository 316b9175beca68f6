"""One label in several spellings: asked about, merged when wished, and left as it is when not."""

from __future__ import annotations

import pytest

from tests.dataset.conftest import Read
from tests.dataset.test_checks import finding
from tests.dataset.test_kinds_of_files import severity
from tests.dataset.test_understanding import lines, text

SPELLINGS: tuple[tuple[tuple[str, ...], set[str]], ...] = (
    (("billing", "bil\u200bling", "access", "access\ufeff"), {"billing", "access"}),
    (("new card", "new\u00a0card", "old card", "Old Card"), {"new card", "old card"}),
    (("yes", "no", "Y", "N"), {"yes", "no"}),
    (("Yes", "no", "true", "f"), {"true", "no"}),
    (("Ja", "nein", "j", "N"), {"Ja", "nein"}),
    (("billing", "billing\\n", "access", "access\\n\\n"), {"billing", "access"}),
    (("billing", "billing\n", "access", "access\r\n"), {"billing", "access"}),
)


@pytest.mark.parametrize(("labels", "merged"), SPELLINGS)
def test_spellings_are_asked_about_merged_or_kept(read: Read, labels: tuple[str, ...], merged: set[str]) -> None:
    data = lines(*({"text": text(n), "label": labels[n % 4]} for n in range(40)))
    asked = finding(read(data), "label_variants")
    assert (asked.severity, asked.flag) == ("ask", "--merge-labels")
    assert len(asked.rows) == 20
    assert set(dict(read(data, merge_labels="yes").labels)) == merged
    assert set(dict(read(data, merge_labels="no").labels)) == set(labels)


@pytest.mark.parametrize("labels", [("y", "n"), ("m", "f", "t"), ("yes", "no", "maybe", "y"), ("1", "2", "3", "true")])
def test_short_labels_that_are_no_forms_of_yes_and_no_are_left_alone(read: Read, labels: tuple[str, ...]) -> None:
    data = lines(*({"text": text(n), "label": labels[n % len(labels)]} for n in range(40)))
    assert severity(read(data), "label_variants") is None


def test_labels_of_which_nothing_is_seen_may_be_no_answer(read: Read) -> None:
    data = lines(*({"text": text(n), "label": ("billing", "access", "\u200b")[n % 3]} for n in range(30)))
    asked = finding(read(data), "missing_labels")
    assert asked.severity == "ask"
    assert "'\\u200b' (10)" in asked.text
    assert len(read(data, missing_labels="drop").examples) == 20


@pytest.mark.parametrize("stop", [" END", "\n", "\\n", "###", "<|endoftext|>"])
def test_old_completions_lose_their_stop_sign_unless_it_is_to_stay(read: Read, stop: str) -> None:
    data = lines(*({"prompt": text(n), "completion": f" {'ab'[n % 2]}{stop}"} for n in range(20)))
    found = read(data)
    assert dict(found.labels) == {"a": 10, "b": 10}
    assert finding(found, "completion_space").flag == "--merge-labels"
    kept = read(data, merge_labels="no")
    assert set(dict(kept.labels)) == {f" a{stop}", f" b{stop}"}
    assert severity(kept, "completion_space") is None
