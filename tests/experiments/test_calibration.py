"""How fast a machine is: the newest measurement counts, whole."""

from __future__ import annotations

from dataclasses import replace

import pytest

from advisor.vocabulary import CellResult, PilotPlan
from experiments import calibration
from experiments.api.service import service
from experiments.pilot.choices import PilotChoices
from experiments.pilot.estimated import counted_memory_mib, estimates
from experiments.pilot.hosted import with_service
from experiments.pilot.planning import plan
from tests.experiments.test_planning import HERE, dataset, split
from workspace import Store

SERVICE = service("http://127.0.0.1:9/v1", "m", input_usd_per_mtok=0, output_usd_per_mtok=0)


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


def learnt(store: Store, slower: dict[str, float], times: float) -> dict[str, float]:
    """What is remembered of each arm after a run in which all took `times` their estimate, and some more."""
    made = plan(dataset(), split(), PilotChoices(arms=("zero_shot", "few_shot", "lora", "qlora"), size=64), HERE)
    seconds = {cell.key: cell.seconds * times * slower.get(cell.arm, 1.0) for cell in made.cells}
    calibration.learn(store, made, seconds)
    known = store.calibrations.all(calibration.machine_name())
    return {quantity.rpartition(" ")[2]: kept.ratio for quantity, kept in known.items()}


def test_a_busy_machine_teaches_nothing_about_the_arms(store: Store) -> None:
    assert learnt(store, {}, 3.0) == pytest.approx(dict.fromkeys(("zero_shot", "few_shot", "lora", "qlora"), 1.0))


def test_an_arm_that_is_slower_than_the_others_is_remembered_whatever_the_load(store: Store) -> None:
    found = learnt(store, {"few_shot": 2.0}, 0.3)
    assert found["few_shot"] / found["lora"] == pytest.approx(2.0)
    assert [found["zero_shot"], found["qlora"]] == pytest.approx([found["lora"]] * 2)


def test_one_arm_alone_teaches_nothing(store: Store) -> None:
    made = plan(dataset(), split(), PilotChoices(arms=("lora",), size=64), HERE)
    calibration.learn(store, made, {cell.key: 9 * cell.seconds for cell in made.cells})
    assert store.calibrations.all(calibration.machine_name()) == {}


def test_how_fast_a_service_answers_is_not_kept_as_this_machines(store: Store) -> None:
    asked = with_service(PilotChoices(arms=("few_shot", "lora"), also=("zero_shot:api",), size=64, service=SERVICE))
    made = plan(dataset(), split(), asked, HERE)
    assert any(cell.arm.endswith(":api") for cell in made.cells)
    calibration.learn(store, made, {cell.key: cell.seconds * 2 for cell in made.cells})
    known = store.calibrations.all(calibration.machine_name())
    assert known
    assert not [quantity for quantity in known if "api" in quantity]


def trained(plan: PilotPlan, times: float) -> dict[str, CellResult]:
    """Results of cells whose training took so many times the memory that the formula counts."""
    found = {}
    for cell in plan.cells:
        blank = CellResult(cell.arm, cell.size, cell.seed, 1.0, 1.0, None, None, {"batch_size": 8}, ())
        counted = counted_memory_mib(plan, cell, blank).value or 0.0
        found[cell.key] = replace(blank, training_memory_mib=times * counted)
    return found


def test_how_much_memory_training_took_is_kept_and_counts_in_the_next_estimate(store: Store) -> None:
    choices = PilotChoices(arms=("few_shot", "lora"), size=64)
    made = plan(dataset(), split(), choices, HERE)
    cell = next(cell for cell in made.cells if cell.arm == "lora")
    results = trained(made, 3.0)
    calibration.learn_memory(store, made, results)
    kept = store.calibrations.all(calibration.machine_name())
    assert {quantity: c.ratio for quantity, c in kept.items()} == {"cpu/bf16/memory lora": pytest.approx(3.0)}
    ratios = {quantity: c.ratio for quantity, c in kept.items()}
    then = plan(dataset(), split(), choices, replace(HERE, ratios=ratios))
    said = estimates(then, cell, results[cell.key])["training_memory_mib"]
    assert said["value"] == pytest.approx(results[cell.key].training_memory_mib, rel=0.01)
    assert "earlier runs here" in said["source"]
    calibration.learn_memory(store, made, trained(made, 1.0))
    assert store.calibrations.all(calibration.machine_name())["cpu/bf16/memory lora"].ratio == pytest.approx(2.0)


def test_before_any_run_a_cpu_is_expected_to_hold_more_than_tensors() -> None:
    made = plan(dataset(), split(), PilotChoices(arms=("few_shot", "lora"), size=64), HERE)
    cell = next(cell for cell in made.cells if cell.arm == "lora")
    result = trained(made, 1.0)[cell.key]
    on_cpu, on_gpu = (
        estimates(replace(made, accelerator=accelerator), cell, result)["training_memory_mib"]
        for accelerator in ("cpu", "cuda")
    )
    assert on_cpu["low"] > on_gpu["value"]
    assert "on a CPU" in on_cpu["source"]
