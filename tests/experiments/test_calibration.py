"""How fast a machine is: the newest measurement counts, whole."""

from __future__ import annotations

from experiments import calibration
from workspace import Store


def keep(store: Store, at: float, **ratios: float) -> None:
    for quantity, ratio in ratios.items():
        name = "/".join(quantity.split("_"))
        store.calibrations.save(calibration.machine_name(), name, ratio, measured_at=at)


def test_nothing_is_known_before_the_first_measurement(store: Store) -> None:
    assert calibration.known(store) is None


def test_a_dtype_that_the_newest_measurement_left_out_is_not_chosen(store: Store) -> None:
    keep(store, 1_000.0, cpu_fp32_read=0.2, cpu_bf16_read=0.9)
    old = calibration.known(store)
    assert old is not None
    assert (old.dtype, old.measured_at, old.fresh) == ("bf16", 1_000.0, False)
    keep(store, 2_000.0, cpu_fp32_read=0.3)
    new = calibration.known(store)
    assert new is not None
    assert (new.accelerator, new.dtype, new.measured_at) == ("cpu", "fp32", 2_000.0)


def test_a_gpu_comes_before_a_faster_cpu(store: Store) -> None:
    keep(store, 1_000.0, cpu_fp32_read=9.0, cuda_fp32_read=5.0, cuda_bf16_read=7.0)
    found = calibration.known(store)
    assert found is not None
    assert (found.accelerator, found.dtype) == ("cuda", "bf16")
