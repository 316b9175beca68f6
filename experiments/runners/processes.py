"""Processes that may have gone while nobody looked, and what became of them."""

from __future__ import annotations

import os
import signal
import subprocess

import psutil

STARTED_TOLERANCE_S = 1.0  # the clock's grain in /proc; two processes with one pid are further apart

LAST_THREADS_S = 2.0  # a dead process is buried when its last thread has gone, a moment later

_ours: dict[int, subprocess.Popen[bytes]] = {}  # those this process started, so that their end can be told


def started(pid: int) -> float:
    """When a process started, in seconds since 1970: with the pid it names a process for ever."""
    return float(psutil.Process(pid).create_time())


def alive(pid: int | None, pid_started: float | None) -> bool:
    """Whether that very process still runs (a dead one that nobody buried does not)."""
    if pid is None or pid_started is None:
        return False
    try:
        process = psutil.Process(pid)
        same = abs(process.create_time() - pid_started) <= STARTED_TOLERANCE_S
        return bool(same and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def remember(process: subprocess.Popen[bytes]) -> None:
    """Keep the handle of a process we started: its end is then known by its signal."""
    _ours[process.pid] = process


def ended_by(pid: int | None) -> str:
    """How a process of ours ended, in words; "" when nobody can know."""
    process = _ours.get(pid) if pid is not None else None
    if process is None:
        return ""
    try:
        code = process.wait(LAST_THREADS_S)
    except subprocess.TimeoutExpired:
        return ""
    return signal_words(-code) if code < 0 else f"exit code {code}"


def signal_words(number: int) -> str:
    """A signal as people know it: `signal 9 (SIGKILL)`."""
    try:
        return f"signal {number} ({signal.Signals(number).name})"
    except ValueError:
        return f"signal {number}"


def stopped(pid: int) -> bool:
    """Whether a process is held still (SIGSTOP, a debugger)."""
    try:
        return bool(psutil.Process(pid).status() in (psutil.STATUS_STOPPED, psutil.STATUS_TRACING_STOP))
    except psutil.NoSuchProcess:
        return False


def environment(home: str) -> dict[str, str]:
    """What a worker inherits: no key, no token, nothing that was not named here."""
    kept = (
        "PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "SSL_CERT_FILE",
        "CUDA_VISIBLE_DEVICES", "CUDA_HOME", "HF_HOME", "HF_HUB_OFFLINE", "VIRTUAL_ENV",
    )  # fmt: skip
    chosen = {name: os.environ[name] for name in kept if name in os.environ}
    return {
        **chosen,
        "TUNE_OR_PROMPT_HOME": home,
        "TOKENIZERS_PARALLELISM": "false",  # its threads and our forks do not go together
        "PYTORCH_NVML_BASED_CUDA_CHECK": "1",  # asking for a GPU must not open one before the fork
        "OMP_WAIT_POLICY": "PASSIVE",  # threads that wait asleep: five times faster on a machine that is busy
        "PYTHONUNBUFFERED": "1",
        "PYTHONHASHSEED": "0",
    }
