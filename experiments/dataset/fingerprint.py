"""The fingerprint of a data set: what its kept rows ask and answer, in order.

Instruction, earlier turns, input and answer count. Names of columns, line numbers, groups and the part a row belongs
to do not: the cleaned set, written out with its split and read back, has the same fingerprint; one changed letter
and it has not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from advisor.vocabulary import Example


def of(examples: Iterable[Example], instruction: str | None) -> str:
    """SHA-256 over every text, each with its length before it, so that no two sets can read alike."""
    digest = hashlib.sha256()
    for example in examples:
        told = example.instruction or instruction or ""
        digest.update("".join(_parts(example, told)).encode("utf-8", errors="surrogatepass"))
    return digest.hexdigest()


def _parts(example: Example, told: str) -> Iterator[str]:
    yield f"{len(told)}:{told}{len(example.input)}:{example.input}{len(example.output)}:{example.output}"
    for turn in example.turns:
        yield f"t{turn.role}{len(turn.content)}:{turn.content}"
    yield "\n"
