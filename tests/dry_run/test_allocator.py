"""The caching allocator's rules, by hand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from advisor.dry_run.allocator import Allocator, Event, replay

MIB = 2**20


def test_blocks_are_multiples_of_512_bytes() -> None:
    allocator = Allocator()
    allocator.allocate(1)  # 512
    allocator.allocate(513)  # 1024
    assert allocator.allocated == 1536
    assert allocator.reserved == 2 * MIB  # one segment of small blocks serves both


def test_a_large_request_takes_a_segment_of_its_own_rounded_to_2_mib() -> None:
    allocator = Allocator()
    allocator.allocate(11 * MIB)
    assert allocator.reserved == 12 * MIB
    assert allocator.allocated == 12 * MIB  # the remaining 1 MiB is too small to split off


def test_requests_below_10_mib_share_a_segment_of_20() -> None:
    allocator = Allocator()
    allocator.allocate(6 * MIB)
    allocator.allocate(6 * MIB)
    allocator.allocate(6 * MIB)  # 2 MiB remain, more than 1, so they are split off
    assert (allocator.allocated, allocator.reserved) == (18 * MIB, 20 * MIB)


def test_what_is_freed_is_joined_and_used_again() -> None:
    allocator = Allocator()
    first, second = allocator.allocate(6 * MIB), allocator.allocate(6 * MIB)
    allocator.free(first)
    allocator.free(second)
    allocator.allocate(20 * MIB)  # fits only if both and the rest became one block again
    assert allocator.reserved == 20 * MIB


def test_the_best_fitting_free_block_is_taken() -> None:
    allocator = Allocator()
    large, small = allocator.allocate(40 * MIB), allocator.allocate(12 * MIB)
    allocator.free(large)
    allocator.free(small)
    allocator.allocate(12 * MIB)
    allocator.allocate(40 * MIB)  # would not fit any more had the 12 been cut from the 40
    assert allocator.reserved == 52 * MIB


@given(st.lists(st.tuples(st.integers(1, 64 * MIB), st.booleans()), max_size=60))
def test_nothing_is_lost(steps: list[tuple[int, bool]]) -> None:
    allocator, alive = Allocator(), []
    for size, give_back in steps:
        alive.append(allocator.allocate(size))
        assert alive[-1].size >= size
        if give_back:
            allocator.free(alive.pop(len(alive) // 2))
        assert allocator.allocated == sum(block.size for block in alive) <= allocator.reserved
    for block in alive:
        allocator.free(block)
    assert allocator.allocated == 0


def _event(kind: str, storage: int, size: int, component: str, moment: str = "forward: mm") -> Event:
    return Event(kind, storage, size, component, moment)  # type: ignore[arg-type]


def test_the_peak_adds_up_and_names_its_moment() -> None:
    events = [
        _event("allocate", 1, 1024, "weights", "setup"),
        _event("allocate", 2, 100, "activations"),
        _event("allocate", 3, 2048, "activations", "backward: mm"),
        _event("rename", 3, 0, "gradients", "backward: mm"),
        _event("free", 2, 0, "activations", "backward: mm"),
        _event("allocate", 4, 300, "optimizer_step", "step: add"),
    ]
    peak = replay(events, measured_from="forward")
    # 1024 + 512 + 2048 when storage 3 is born; afterwards 512 less, then 512 more, never above
    assert peak.allocated == 3584
    assert peak.moment == "backward: mm"
    assert peak.held == {"weights": 1024, "activations": 2148, "rounding": 412}
    assert sum(peak.held.values()) == peak.allocated
    assert peak.most["gradients"] == 2048


def test_what_was_only_there_before_the_step_is_not_its_peak() -> None:
    events = [
        _event("allocate", 1, 50 * MIB, "setup", "setup"),
        _event("free", 1, 0, "setup", "setup"),
        _event("allocate", 2, 512, "activations"),
    ]
    assert replay(events, measured_from="forward").allocated == 512


def test_warming_up_leaves_no_remainder_with_the_weights() -> None:
    events = [_event("allocate", n, 6 * MIB + 512, "weights", "setup") for n in range(3)]
    events.append(_event("allocate", 9, 512, "activations"))
    # three blocks share a segment of 20 MiB with 2 MiB less 1536 bytes to spare: split off, no rounding;
    # warmed up they lie in one segment that fits them
    assert replay(events, "forward", warm_up=3 * (6 * MIB + 512)).reserved == 20 * MIB + 2 * MIB
