"""The child: `python -m advisor.dry_run.trace` reads a request as JSON on stdin and answers with JSON on stdout."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import warnings
from importlib.metadata import version
from typing import Any

from advisor.errors import TuneOrPromptError

LIBRARIES = ("torch", "transformers", "peft", "bitsandbytes")


def limit_memory(most_bytes: int) -> None:
    """A config with absurd sizes must not take the machine down; where the system has no such limit, none is set."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_DATA, (most_bytes, most_bytes))


def limit_time(most_s: int) -> None:
    """The child ends by itself even when nobody is left to stop it."""
    if hasattr(signal, "alarm"):
        signal.alarm(most_s)


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """The result of the dry run, or the error as the person should see it."""
    try:
        import torch

        from advisor.dry_run.step import Job

        torch.set_num_threads(1)
        return {**Job(request).run(), "versions": {name: version(name) for name in LIBRARIES}}
    except TuneOrPromptError as error:
        return {"error": type(error).__name__, "what": error.what, "mend": error.mend}
    except ImportError as error:
        return {"error": "SituationError", "what": f"The exact dry run needs {error.name}, which cannot be imported.",
                "mend": "Install the packages of requirements.txt, or leave out --exact."}  # fmt: skip
    except MemoryError:
        return {"error": "SituationError", "what": "The exact dry run ran out of its own memory.",
                "mend": "Use a shorter sequence or a smaller model, or leave out --exact."}  # fmt: skip
    except Exception as error:  # the libraries raise anything on an architecture they cannot trace
        if request.get("debug"):
            raise
        line = (str(error).strip() or "no details").splitlines()[0][:200]
        what = f"This model cannot be traced without data ({type(error).__name__}: {line})."
        return {"error": "ModelError", "what": what, "mend": "Use the closed form instead: leave out --exact."}


def main() -> int:
    """Libraries may print what they like; only the answer reaches stdout."""
    request = json.load(sys.stdin)
    limit_memory(request["memory_limit_bytes"])
    limit_time(request["time_limit_s"])
    warnings.simplefilter("ignore")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    with contextlib.redirect_stdout(sys.stderr):
        document = answer(request)
    json.dump(document, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
