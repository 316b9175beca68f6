"""CUDA's caching allocator as arithmetic: a stream of allocations in, the most allocated and the most reserved out.

The rules are those of PyTorch's c10/cuda/CUDACachingAllocator.cpp in its default setting (one stream, no expandable
segments, no limit): blocks of multiples of 512 bytes, best fit, two pools, large remainders stay with their block
when they are at most 1 MiB. What it leaves out: memory that other processes take, and flushing when the card is full.
"""

from __future__ import annotations

import bisect
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

MIB = 2**20
BLOCK = 512  # kMinBlockSize
SMALL = 1 * MIB  # kSmallSize: up to here a request is served from the pool of small blocks
SMALL_SEGMENT = 2 * MIB  # kSmallBuffer
LARGE_SEGMENT = 20 * MIB  # kLargeBuffer: what requests below LARGE_ALONE share
LARGE_ALONE = 10 * MIB  # kMinLargeAlloc: from here a request gets a segment of its own …
LARGE_ROUND = 2 * MIB  # kRoundLarge: … rounded up to this


@dataclass(frozen=True, slots=True)
class Event:
    """Something happened to a storage: it was allocated, freed, or is now known to belong to a component."""

    kind: Literal["allocate", "free", "rename"]
    storage: int
    size: int
    component: str
    moment: str


@dataclass(frozen=True, slots=True)
class Peak:
    """The fullest moment. `held` adds up to `allocated`; `most` is what each component held at its own fullest."""

    allocated: int
    reserved: int
    moment: str
    held: dict[str, int]
    most: dict[str, int]


@dataclass(slots=True, eq=False)
class Block:
    """A piece of a segment; its neighbours are the pieces before and after it in the same segment."""

    size: int
    address: int
    small: bool
    free: bool = False
    before: Block | None = None
    after: Block | None = None


@dataclass(slots=True)
class Allocator:
    """Blocks handed out and taken back; `allocated` and `reserved` are bytes now, `most_reserved` so far."""

    allocated: int = 0
    reserved: int = 0
    most_reserved: int = 0
    _free: dict[bool, list[tuple[int, int, Block]]] = field(default_factory=lambda: {True: [], False: []})
    _next_address: int = 0

    def allocate(self, size: int) -> Block:
        """The best-fitting free block, split if what remains is worth keeping; else a new segment."""
        size = max(BLOCK, _up(size, BLOCK))
        small = size <= SMALL
        free = self._free[small]
        position = bisect.bisect_left(free, (size, -1), key=lambda entry: entry[:2])
        block = free.pop(position)[2] if position < len(free) else self._segment(size, small)
        remainder = block.size - size
        if remainder >= BLOCK if small else remainder > SMALL:
            rest = Block(remainder, block.address + size, small, before=block, after=block.after)
            if block.after is not None:
                block.after.before = rest
            block.after, block.size = rest, size
            self._keep(rest)
        block.free = False
        self.allocated += block.size
        return block

    def free(self, block: Block) -> None:
        """Take a block back and join it with its free neighbours."""
        self.allocated -= block.size
        before, after = block.before, block.after
        if before is not None and before.free:
            self._forget(before)
            block.address, block.size, block.before = before.address, block.size + before.size, before.before
            if block.before is not None:
                block.before.after = block
        if after is not None and after.free:
            self._forget(after)
            block.size, block.after = block.size + after.size, after.after
            if block.after is not None:
                block.after.before = block
        self._keep(block)

    def _segment(self, size: int, small: bool) -> Block:
        whole = SMALL_SEGMENT if small else LARGE_SEGMENT if size < LARGE_ALONE else _up(size, LARGE_ROUND)
        block = Block(whole, self._next_address, small)
        self._next_address += whole
        self.reserved += whole
        self.most_reserved = max(self.most_reserved, self.reserved)
        return block

    def _keep(self, block: Block) -> None:
        block.free = True
        bisect.insort(self._free[block.small], (block.size, block.address, block), key=lambda entry: entry[:2])

    def _forget(self, block: Block) -> None:
        free = self._free[block.small]
        del free[bisect.bisect_left(free, (block.size, block.address), key=lambda entry: entry[:2])]


def replay(events: Iterable[Event], measured_from: str, warm_up: int = 0) -> Peak:
    """Run the events through the allocator; the peak is looked for from the first moment `measured_from` on.

    `warm_up` bytes are taken and given back first, as transformers does before it loads weights.
    """
    allocator, blocks, owner = Allocator(), {}, {}
    if warm_up:
        allocator.free(allocator.allocate(warm_up))
    held: Counter[str] = Counter()
    most: Counter[str] = Counter()
    peak, at, at_peak = -1, "", {}
    measuring = False
    for event in events:
        measuring = measuring or event.moment.startswith(measured_from)
        if event.kind == "allocate":
            blocks[event.storage] = block = allocator.allocate(event.size)
            owner[event.storage] = (event.component, event.size)
            held[event.component] += event.size
            held["rounding"] += block.size - event.size
        elif event.kind == "free":
            block = blocks.pop(event.storage)
            component, size = owner.pop(event.storage)
            held[component] -= size
            held["rounding"] -= block.size - size
            allocator.free(block)
        else:
            component, size = owner[event.storage]
            owner[event.storage] = (event.component, size)
            held[component] -= size
            held[event.component] += size
        if measuring:
            if event.kind != "free":
                most[event.component] = max(most[event.component], held[event.component])
            if allocator.allocated > peak:
                peak, at, at_peak = allocator.allocated, event.moment, dict(held)
    for component, size in at_peak.items():
        most[component] = max(most[component], size)
    return Peak(peak, allocator.most_reserved, at, {k: v for k, v in at_peak.items() if v}, dict(most))


def _up(size: int, to: int) -> int:
    return -(-size // to) * to
