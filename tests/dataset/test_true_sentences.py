"""What findings say is so: one number for what a test shows, larger tests only where they are larger, samples named."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from experiments import dataset
from experiments.dataset import limits, power
from experiments.split import split
from tests.dataset.conftest import Read
from tests.dataset.test_checks import finding
from tests.dataset.test_kinds_of_files import CSV, severity
from tests.dataset.test_understanding import table, text


def marked(tested: int, rows: int = 60) -> str:
    parts = ["test"] * tested + ["train"] * (rows - tested)
    return table("text,label,split", *(f'"{text(n)}",{"abc"[n % 3]},{parts[n]}' for n in range(rows)))


@pytest.mark.parametrize("rows", [30, 60, 300])
def test_every_place_says_the_same_of_what_a_test_shows(read: Read, rows: int) -> None:
    found = read(table("text,label", *(f'"{text(n)}",{"abc"[n % 3]}' for n in range(rows))))
    test_rows = len(split(found, 0).test)
    assert power.shows(test_rows) in finding(found, "too_few_rows").text
    assert power.shows(test_rows) in power.sentence(test_rows)
    given = read(marked(12))
    assert power.shows(12) in finding(given, "too_few_rows").text
    assert power.shows(12) in finding(given, "given_test").text
    assert "12 of them" in finding(given, "too_few_rows").text
    assert "about" not in finding(given, "too_few_rows").text


def test_a_new_split_is_offered_only_where_its_test_is_larger(read: Read) -> None:
    small = finding(read(marked(5)), "given_test")
    assert small.options == ("none",)
    assert "about 12 test rows" in small.mend
    large = finding(read(marked(15)), "given_test")
    assert large.options == ()
    assert "no larger" in large.mend
    assert severity(read(marked(5), split_column="none"), "given_test") is None


def test_files_of_a_folder_are_no_archive(tmp_path: Path) -> None:
    (tmp_path / "train.csv").write_text(CSV)
    (tmp_path / "test.csv").write_text(table("text,label", *(f'"{text(n)}",billing' for n in range(40, 60))))
    said = finding(dataset.inspect(tmp_path), "archive").text
    assert said == "'test.csv', 'train.csv' were read together, as parts of one set."


def test_what_a_folder_or_an_archive_holds_and_is_not_read_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "twenty"
    folder.mkdir()
    (folder / "train.csv").write_text(CSV)
    (folder / "test.csv").write_text(table("text,label", *(f'"{text(n)}",billing' for n in range(40, 60))))
    for n in range(17):
        (folder / f"other{n:02}.csv").write_text(CSV)
    (folder / "pictures").mkdir()
    found = dataset.inspect(folder)
    first = ", ".join(f"'other{n:02}.csv'" for n in range(6))
    said = f"Not read: {first} and 12 more."
    assert finding(found, "archive").text.endswith(said)
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as archive:
        for name in ("goods.csv", "README.md"):
            archive.writestr(name, CSV)
    zipped = dataset.inspect(tmp_path / "set.zip")
    assert "'goods.csv' inside it was read. Not read: 'README.md'." in finding(zipped, "archive").text
    assert dataset.taken(zipped)[0] == finding(zipped, "archive").text
    assert all(item.text not in dataset.taken(zipped) for item in zipped.findings if item.check == "languages")


def test_a_sample_is_named_where_one_was_looked_at(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("experiments.dataset.checks.languages.SAMPLE_ROWS", 20)
    monkeypatch.setattr("experiments.dataset.limits.SAMPLE_ROWS", 20)
    rows = [f'"Die Rechnung {n} ist nicht da und ich warte auf {text(n)}",{"ab"[n % 2]},train' for n in range(50)]
    rows += [f'"Die Rechnung {n} ist nicht da und ich warte auf {text(n)} !",a,test' for n in range(10)]
    found = read(table("text,label,split", *rows))
    assert "a sample of 20 of 60 rows" in finding(found, "languages").text
    near = [item.text for item in found.findings if item.check in ("near_leakage", "near_copies", "template")]
    assert near
    assert all("--all-rows" in text for text in near)
    every = read(table("text,label,split", *rows), all_rows=True)
    assert "all rows" in finding(every, "languages").text


def near_rows(pairs: int) -> list[str]:
    """Pairs that differ in their last word, the second of each so many rows below the first."""
    rows = range(2 * pairs)
    return [f'"{" ".join(f"w{n % pairs}x{k}" for k in range(12))} last{n // pairs}",{"ab"[n % 2]}' for n in rows]


def test_near_copies_across_a_split_of_the_files_own_are_said_one_way(read: Read) -> None:
    pairs = near_rows(30)
    rows = [f"{row},{'train' if n < 30 else 'test'}" for n, row in enumerate(pairs)]
    found = read(table("text,label,split", *rows))
    kept, crossing = finding(found, "near_copies"), finding(found, "near_leakage")
    assert "one side of the split" not in kept.mend
    assert all("out of training" in one.mend for one in (kept, crossing))


def test_near_copies_among_inputs_not_compared_are_said_to_be_likely(read: Read) -> None:
    whole = finding(read(table("text,label", *near_rows(30))), "near_copies")
    assert whole.mend == "They stay together on one side of the split."
    many = near_rows(limits.SAMPLE_ROWS)  # twice as many inputs as are compared: every second row
    sampled = finding(read(table("text,label", *many)), "near_copies")
    assert sampled.mend.startswith("These stay together")
    assert "Among the 20,000 inputs not compared at least about 20,000 more are likely" in sampled.mend
    given = [f"{row},{'train' if n < limits.SAMPLE_ROWS else 'test'}" for n, row in enumerate(many)]
    said = finding(read(table("text,label,split", *given)), "near_leakage").text
    assert "of those compared" in said
    assert "not compared at least about" in said
