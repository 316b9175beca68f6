"""A folder given as data: its train, validation and test files are one set; every other file is named, not read."""

from __future__ import annotations

from pathlib import Path

from advisor.errors import DataError
from experiments.dataset import archives, limits
from experiments.dataset.together import part_of


def pack(path: Path) -> bytes:
    """The train, validation and test files of a folder, as one.

    Raises:
        DataError: no such files, two of one part, or more than may be read.
    """
    files = [item for item in _files(path) if part_of(item.name)]
    parts = {part_of(item.name) for item in files}
    if not files or len(parts) != len(files):
        raise DataError(
            f"'{archives.clean_name(path.name)}' is a folder without exactly one train and one test file.",
            "Give a file, or a folder with files called train and test.",
        )
    if sum(item.stat().st_size for item in files) > limits.FILE_BYTES:
        raise DataError(f"The files are larger than {limits.FILE_BYTES // limits.MIB} MB.", "Give a sample.")
    return archives.pack((item.name, item.read_bytes()) for item in files)


def beside(path: Path) -> tuple[str, ...]:
    """Names of what stands in the folder and is not read; a folder within it ends with a slash."""
    left = [item.name for item in _files(path) if not part_of(item.name)]
    left += [f"{item.name}/" for item in sorted(path.iterdir()) if item.is_dir()]
    return tuple(name for name in left if not name.startswith("."))


def _files(path: Path) -> list[Path]:
    """Its files by name, without those that the system puts there."""
    hidden = archives.JUNK
    return sorted(item for item in path.iterdir() if item.is_file() and not any(name in item.name for name in hidden))
