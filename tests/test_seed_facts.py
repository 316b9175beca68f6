"""Facts every practitioner quotes, asked of the engine: counts, memory, money."""

from __future__ import annotations

import pytest

from advisor.catalog import architecture_from_config, facts, find_gpu, find_model
from advisor.estimators.answer import fit
from advisor.estimators.comparison import MethodRow, Workload, compare, whole_model_shrink
from advisor.estimators.cost import pretraining_gpu_hours, pretraining_usd
from advisor.estimators.memory import training_memory
from advisor.estimators.parameters import total_parameters, trained_share
from advisor.estimators.storage import linear_shrink
from advisor.methods import METHODS, card
from advisor.vocabulary import Architecture, TrainingSettings

RANK_8 = TrainingSettings(rank=8)
SHORT = TrainingSettings(batch_size=1, seq_len=512)
ONE_TO_72B = [m for m in facts().models if m.architecture and 1 <= (m.parameters_b or 0) < 73]
A65 = architecture_from_config(
    {
        "model_type": "llama",
        "hidden_size": 8192,
        "num_hidden_layers": 80,
        "num_attention_heads": 64,
        "intermediate_size": 22016,
        "vocab_size": 32000,
        "tie_word_embeddings": False,
    }
)


def shape(name: str) -> Architecture:
    found = find_model(name).architecture
    assert found is not None
    return found


def test_lora_of_rank_8_on_a_4096_square_trains_65_536_parameters_0_39_percent() -> None:
    square = architecture_from_config(
        {
            "model_type": "llama",
            "hidden_size": 4096,
            "num_hidden_layers": 1,
            "num_attention_heads": 32,
            "intermediate_size": 11008,
            "vocab_size": 32000,
        }
    )
    trained = card("lora").trainable_parameters(square, TrainingSettings(rank=8, target_modules=("q_proj",)))
    assert trained == 65_536
    assert round(100 * trained / 4096**2, 2) == 0.39


@pytest.mark.parametrize(
    ("method", "least", "most"),
    [
        ("lora", 0.1, 1.0),
        ("qlora", 0.1, 1.0),
        ("prefix_tuning", 0.0, 0.1),
        ("adapters", 1.0, 5.0),
        ("full_fine_tuning", 100.0, 100.0),
    ],
)
def test_trained_shares_from_1b_to_72b(method: str, least: float, most: float) -> None:
    assert len(ONE_TO_72B) >= 30
    for model in ONE_TO_72B:
        assert model.architecture is not None
        percent = 100 * trained_share(card(method), model.architecture, RANK_8)
        assert least <= percent <= most, (model.name, percent)


def test_lora_trains_100_to_1000_times_fewer_parameters_than_full_fine_tuning() -> None:
    for model in ONE_TO_72B:
        assert model.architecture is not None
        fewer = total_parameters(model.architecture) / card("lora").trainable_parameters(model.architecture, RANK_8)
        assert 100 <= fewer <= 1000, model.name


def test_nf4_shrinks_the_quantised_layers_3_5_to_3_9_times_and_the_whole_model_less() -> None:
    for double in (True, False):
        assert 3.5 <= linear_shrink("nf4", double) <= 3.9
    for model in ONE_TO_72B:
        assert model.architecture is not None
        assert 1.5 < whole_model_shrink(model.architecture) < linear_shrink("nf4"), model.name


def test_a_65b_trains_with_qlora_on_one_48_gb_card_and_not_with_lora() -> None:
    # QLoRA, arXiv 2305.14314: a 65B on a single 48 GB GPU
    settings = TrainingSettings(batch_size=1, seq_len=512, optimizer="paged_adamw_8bit")
    assert total_parameters(A65) == pytest.approx(65.3e9, rel=0.01)
    card_48 = find_gpu("RTX A6000")
    qlora, lora = (training_memory(card(m), A65, settings).device for m in ("qlora", "lora"))
    assert (qlora.value or 99) < 48
    assert fit(qlora, card_48, 1)["fits"] in ("yes", "tight")
    assert fit(lora, card_48, 1)["fits"] == "no"
    assert (lora.low or 0) > 2 * 48


def test_memory_orders_full_above_lora_above_qlora() -> None:
    for model in ONE_TO_72B:
        assert model.architecture is not None
        full, lora, qlora = (
            training_memory(card(m), model.architecture, SHORT) for m in ("full_fine_tuning", "lora", "qlora")
        )
        for figure in ("peak", "reserved", "device"):
            values = [getattr(memory, figure).value for memory in (full, lora, qlora)]
            assert values[0] > values[1] > values[2], (model.name, figure)


def test_pretraining_a_70b_costs_more_than_ten_million_dollars_and_months_on_thousands_of_gpus() -> None:
    h100, llama = find_gpu("H100"), shape("Llama-3.1-70B")
    usd, hours = pretraining_usd(llama, 15e12, h100), pretraining_gpu_hours(llama, 15e12, h100)
    assert (usd.low or 0) > 10e6
    assert (hours.value or 0) / 2000 / 24 / 30 > 2  # months on two thousand of them
    assert (hours.value or 0) / 8 / 24 / 365 > 50  # on one machine of eight: decades


def test_pretraining_a_7b_is_within_1_5_of_llama_2s_published_hours() -> None:
    hours = pretraining_gpu_hours(shape("Llama-2-7B"), 2e12, find_gpu("A100-80GB")).value
    assert hours is not None
    assert 1 / 1.5 < hours / 184_320 < 1.5


def tuned(rows: int, gpus: int) -> dict[str, MethodRow]:
    work = Workload(rows, TrainingSettings(batch_size=4, gradient_accumulation=4), find_gpu("A100-80GB"), gpus)
    found = {row.method: row for row in compare(METHODS, shape("Llama-2-7B"), work)}
    return {name: found[name] for name in ("full_fine_tuning", "lora", "qlora", "prefix_tuning", "adapters")}


@pytest.mark.parametrize("rows", [50_000, 200_000, 1_000_000])
@pytest.mark.parametrize("gpus", [1, 8])
def test_tuning_a_7b_on_50_000_rows_and_more_costs_10_to_10_000_dollars_and_hours_to_days(rows: int, gpus: int) -> None:
    for name, row in tuned(rows, gpus).items():
        assert 10 <= (row.training_usd.value or 0) <= 10_000, name
        assert 0.5 <= (row.training_hours.value or 0) <= 14 * 24, name


def test_on_a_few_thousand_rows_it_costs_less() -> None:
    for name, row in tuned(3000, 1).items():
        assert (row.training_usd.value or 99) < 10, name
        assert (row.training_hours.value or 99) < 2, name


def test_the_table_of_methods_has_a_row_for_each_with_share_memory_and_effort() -> None:
    work = Workload(5000, SHORT, find_gpu("A100-80GB"))
    table = compare(METHODS, shape("Qwen2.5-7B"), work)
    assert [row.method for row in table] == [m.name for m in METHODS]
    by_name = {row.method: row for row in table}
    assert by_name["full_fine_tuning"].trained_percent == 100
    assert by_name["few_shot"].trainable == 0
    assert not by_name["classical"].memory_gib.known
    assert by_name["qlora"].memory_gib.value < by_name["lora"].memory_gib.value  # type: ignore[operator]
    assert (by_name["pretraining"].training_usd.value or 0) > 1000 * (by_name["lora"].training_usd.value or 1)
    assert all(row.engineer_days[0] < row.engineer_days[2] for row in table)
