"""A project's files of examples: kept at once, read in a child process, remembered by what they are."""

from __future__ import annotations

import contextlib
import json
import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from advisor.errors import ColumnsUnclear, MissingStarter, TuneOrPromptError
from advisor.vocabulary import Dataset, Split
from app_pages import projects
from app_pages.boundary import show
from experiments import dataset as datasets
from experiments.models.resolving import resolve
from experiments.pilot.parting import parted
from workspace import StoredDataset

PARAM = "file"
REFUSED = "refused_upload"
LARGE_BYTES = 2**21
REMEMBERED = 6  # data sets kept in memory, of all projects together
PHASES = {"read": "Reading the file", "columns": "Looking at the columns", "check": "Checking the rows"}

_kept: OrderedDict[tuple[str, str], Dataset] = OrderedDict()
_lock = threading.Lock()


def of_project(project: str) -> tuple[StoredDataset, ...]:
    """The newest first."""
    return tuple(reversed(projects.store().datasets.all(project)))


def current(project: str) -> StoredDataset | None:
    """The file chosen in this tab, else the newest."""
    known = of_project(project)
    chosen = st.session_state.get(f"{PARAM}_{project}")
    return next((file for file in known if file.sha256 == chosen), known[0] if known else None)


def choose(project: str, sha256: str) -> None:
    """Work with this file from now on."""
    st.session_state[f"{PARAM}_{project}"] = sha256


def take(project: str, uploaded: list[Any]) -> None:
    """Keep what was uploaded (several files are parts of one set) if its first rows can be read, or could by a choice.

    What stands against it is said by `say_refused`, where the page wants it.
    """
    parts = [(file.name, file.getvalue()) for file in uploaded]
    name, data = parts[0] if len(parts) == 1 else (" + ".join(name for name, _ in parts), datasets.pack(parts))
    try:
        with contextlib.suppress(ColumnsUnclear):  # the page asks
            datasets.preview_bytes(data, name)
        stored = projects.store().datasets.save(project, name, data)
    except TuneOrPromptError as error:
        st.session_state[REFUSED] = error
        return
    choose(project, stored.sha256)
    st.toast("The file is stored.", icon=":material/check:")


def say_refused() -> None:
    """What stood against the file brought last, once."""
    error = st.session_state.pop(REFUSED, None)
    if error is not None:
        show(error)
        st.caption("Nothing was kept of this file. Your other files are as they were.")


def is_checked(file: StoredDataset) -> bool:
    """Is the whole file read already, under the choices as they are?"""
    with _lock:
        return _key(file) in _kept


def preview(file: StoredDataset) -> Dataset:
    """The first rows at once, of a file whose check takes time."""
    choices = datasets.Choices.from_json(file.mapping)
    return datasets.preview(projects.store().datasets.path(file.sha256), choices, name=file.name)


def is_large(file: StoredDataset) -> bool:
    """Does checking it take more than a moment?"""
    return projects.store().datasets.path(file.sha256).stat().st_size > LARGE_BYTES


def _key(file: StoredDataset) -> tuple[str, str]:
    return file.sha256, json.dumps([file.mapping, str(_tokenizer())], sort_keys=True)


def _tokenizer() -> Path | None:
    """The folder of the starter model, whose tokenizer counts lengths where it is here, as on the command line."""
    try:
        return resolve("starter").folder
    except MissingStarter:
        return None


def checked(file: StoredDataset, progress: Callable[[str, float], None] = datasets.silent) -> Dataset:
    """The data set in a file under the project's choices; read once, then remembered."""
    key = _key(file)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    choices = datasets.Choices.from_json(file.mapping)
    found = datasets.inspect(
        projects.store().datasets.path(file.sha256), choices, name=file.name, progress=progress, tokenizer=_tokenizer()
    )
    with _lock:
        _kept[key] = found
        while len(_kept) > REMEMBERED:
            _kept.popitem(last=False)
    return found


def checked_with_progress(file: StoredDataset) -> Dataset:
    """The same, with a bar while it takes time."""
    place = st.empty()

    def tell(phase: str, share: float) -> None:
        place.progress(min(1.0, share), f"{PHASES.get(phase, phase)} …")

    try:
        return checked(file, tell)
    finally:
        place.empty()


@st.cache_resource(max_entries=8, show_spinner="Working out the split …")
def parts(
    fingerprint: str, seed: int, by_time: bool, leaks: str, _dataset: Dataset, test_rows: int | None = None
) -> Split:
    """How the rows would be divided; the rows are known by their fingerprint."""
    return parted(_dataset, seed, test_rows)


def decide(project: str, file: StoredDataset, field: str, value: Any) -> None:
    """Keep one choice about the file; None takes it back to what is proposed."""
    mapping = {name: kept for name, kept in file.mapping.items() if name != field}
    if value not in (None, "", [], False):
        mapping[field] = value
    projects.store().datasets.update(project, file.sha256, mapping=datasets.Choices.from_json(mapping).as_json())


def settle(project: str, file: StoredDataset, seed: int | None) -> bool:
    """Keep that the file can be used, split by this seed (None: it cannot yet); whether that is news."""
    now = {} if seed is None else {"seed": seed}
    if bool(now) == bool(file.split):
        return False
    projects.store().datasets.update(project, file.sha256, split=now)
    return True
