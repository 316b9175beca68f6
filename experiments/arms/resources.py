"""Seeds, threads and the memory a piece of work took."""

from __future__ import annotations

import contextlib
import random
import re
from pathlib import Path

import numpy as np
import torch

from advisor.vocabulary import MIB
from experiments.arms.job import ArmJob

KIB_PER_MIB = 1024
RESET_PEAK = "5"  # proc(5): writing 5 to clear_refs starts VmHWM anew


def settle(job: ArmJob) -> None:
    """The job's threads and seed, before any number is drawn."""
    torch.set_num_threads(job.threads)
    random.seed(job.seed)
    np.random.seed(job.seed % 2**32)
    torch.manual_seed(job.seed)


def start_measuring_memory(accelerator: str) -> None:
    """Forget earlier peaks."""
    if accelerator == "cuda":
        torch.cuda.reset_peak_memory_stats()
        return
    with contextlib.suppress(OSError):  # without it the figure is the process's peak so far: never too small
        Path("/proc/self/clear_refs").write_text(RESET_PEAK)


def program_mib(accelerator: str) -> float:
    """What the process holds before it loads a model: the program itself, which no formula counts. CUDA: nothing."""
    return 0.0 if accelerator == "cuda" else _status_mib("VmRSS") or 0.0


def peak_memory_mib(accelerator: str) -> float | None:
    """CUDA: the allocator's most allocated bytes. CPU: the process's peak resident size. None where unknown."""
    return float(torch.cuda.max_memory_allocated()) / MIB if accelerator == "cuda" else _status_mib("VmHWM")


def reserved_mib() -> float:
    """CUDA: the most that the allocator held of the card; 0 where nothing was put on it."""
    return float(torch.cuda.max_memory_reserved()) / MIB if torch.cuda.is_initialized() else 0.0


def _status_mib(entry: str) -> float | None:
    """A line of proc(5)'s status of this process; None where the platform has none."""
    try:
        found = re.search(rf"{entry}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    except OSError:
        return None
    return float(found.group(1)) / KIB_PER_MIB if found else None
