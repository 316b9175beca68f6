"""`python -m advisor estimate` and the tables, as a user runs them."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from advisor.__main__ import main

PARTS = ["weights", "adapters", "gradients", "optimizer", "activations", "logits", "kv_cache", "runtime"]
ESTIMATE = {"value", "low", "high", "unit", "basis", "source"}


def asked(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert main(["estimate", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_training_answers_with_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    document = asked(
        capsys, "--model", "Qwen2.5-7B", "--method", "lora", "--gpu", "a100", "--rank", "8", "--examples", "1000"
    )
    assert document["model"] == "Qwen/Qwen2.5-7B-Instruct"
    assert document["settings"]["rank"] == 8
    assert document["parameters"] == {
        "total": 7_615_616_512,
        "trainable": 20_185_088,
        "trainable_percent": pytest.approx(0.265, abs=0.001),
    }
    memory = document["memory_gib"]
    assert list(memory) == [*PARTS, "peak", "reserved", "device"]
    assert set(memory["peak"]) >= ESTIMATE
    assert memory["peak"]["value"] < memory["reserved"]["value"] < memory["device"]["value"]
    assert set(document["time"]) == {"step_ms", "tokens_per_s", "total_hours"}
    assert document["fits"] == [
        {"gpu": "A100-SXM4-80GB", "gpus": 1, "fits": "yes", "headroom_gib": pytest.approx(59, abs=6)}
    ]


def test_without_a_gpu_there_is_no_time_and_the_usual_cards_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    document = asked(capsys, "--model", "Llama-3.1-70B", "--method", "full-fine-tuning")
    assert document["time"] is None
    assert len(document["fits"]) >= 5
    assert {row["fits"] for row in document["fits"]} == {"no"}  # answered although it fits nowhere


def test_inference_answers_with_latency(capsys: pytest.CaptureFixture[str]) -> None:
    document = asked(
        capsys, "--model", "Llama-3.1-8B", "--method", "inference", "--gpu", "H100", "--dtype", "bfloat16",
        "--engine", "homemade", "--concurrency", "8",
    )  # fmt: skip
    assert set(document["latency"]) == {"ttft_ms", "tpot_ms", "throughput_tokens_per_s"}
    assert document["memory_gib"]["kv_cache"] > 0
    assert document["time"] is None
    assert "wider" in document["note"]


def test_a_config_file_and_a_folder_are_models(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    config = {
        "model_type": "llama", "hidden_size": 8192, "num_hidden_layers": 80, "num_attention_heads": 64,
        "intermediate_size": 22016, "vocab_size": 32000, "tie_word_embeddings": False,
    }  # fmt: skip
    (tmp_path / "config.json").write_text(json.dumps(config), encoding="utf-8")
    for given in (tmp_path, tmp_path / "config.json"):
        document = asked(capsys, "--model", str(given), "--method", "qlora", "--optimizer", "paged_adamw_8bit",
                         "--batch-size", "1", "--gpu", "A6000")  # fmt: skip
        assert document["fits"][0]["fits"] == "tight"


def test_every_setting_moves_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    base = ["--model", "Qwen2.5-1.5B", "--method", "qlora", "--gpu", "a100"]
    plain = asked(capsys, *base)
    for flags in (
        ["--batch-size", "2"], ["--seq-len", "256"], ["--rank", "64"], ["--target-modules", "q_proj,v_proj"],
        ["--no-gradient-checkpointing"], ["--dtype", "fp32"], ["--weight-dtype", "int8"], ["--no-double-quant"],
        ["--optimizer", "sgd"], ["--attention", "eager"], ["--loss", "fused"], ["--gradient-accumulation", "4"],
        ["--framework", "trl"], ["--gpus", "2", "--sharding", "fsdp"], ["--amp", "--framework", "trl"],
        ["--no-logits-upcast", "--framework", "trl"],
    ):  # fmt: skip
        changed = asked(capsys, *base, *flags)
        same = changed["memory_gib"] == plain["memory_gib"] and changed["time"] == plain["time"]
        assert not same, flags
    prefix = ["--model", "Qwen2.5-1.5B", "--method", "prefix_tuning"]
    assert asked(capsys, *prefix, "--virtual-tokens", "50")["parameters"] != asked(capsys, *prefix)["parameters"]
    adapters = ["--model", "Qwen2.5-1.5B", "--method", "adapters"]
    assert asked(capsys, *adapters, "--bottleneck", "64")["parameters"] != asked(capsys, *adapters)["parameters"]


BATCH: list[tuple[str, str | None]] = [
    ('{"model": "Qwen2.5-7B", "method": "lora", "target_modules": ["q_proj", "v_proj"], "gpu": null}', None),
    ('{"model": "Qwen2.5-7B", "method": "lora", "target_modules": "attention"}', None),
    ('{"model": "Qwen2.5-7B", "method": "inference", "gpu": "L4", "concurrency": 2}', None),
    ("", "not JSON"),
    ("nonsense", "not JSON"),
    ("[1]", "no JSON object"),
    ('{"method": "lora"}', "'model' is missing"),
    ('{"model": "nobody/none", "method": "lora"}', "model called"),
    ('{"model": "Qwen2.5-7B", "method": "magic"}', "method called"),
    ('{"model": "Qwen2.5-7B", "method": "few_shot"}', "trains nothing"),
    ('{"model": "openai/gpt-6-luna", "method": "lora"}', "no published architecture"),
    ('{"model": "Qwen2.5-7B", "method": "lora", "seqlen": 4}', "seq_len"),
    ('{"model": "Qwen2.5-7B", "method": "lora", "seq_len": 0}', "above zero"),
    ('{"model": "Qwen2.5-7B", "method": "lora", "seq_len": "long"}', "whole number"),
    ('{"model": "Qwen2.5-7B", "method": "lora", "seq_len": 1e300}', "whole number"),
    ('{"model": "Qwen2.5-7B", "method": "lora", "epochs": NaN, "examples": 5}', "above zero"),
    ('{"model": "Qwen2.5-7B", "method": "lora", "packing": "yes"}', "true or false"),
    ('{"model": "Qwen2.5-7B", "method": "lora", "optimizer": "magic"}', "adamw"),
    ('{"model": "Qwen2.5-7B", "method": "lora", "target_modules": []}', "target_modules"),
    ('{"model": "Qwen2.5-7B", "method": "lora", "target_modules": ["Wqkv"]}', "Wqkv"),
    ('{"model": ["a"], "method": "lora"}', "must be a word"),
    ('{"model": "/nowhere/at/all", "method": "lora"}', "config.json"),
]


@pytest.mark.parametrize("flag", [[], ["--json"]])
def test_a_batch_answers_every_line_in_its_place(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, flag: list[str]
) -> None:
    file = tmp_path / "asked.jsonl"
    file.write_text("\n".join(line for line, _ in BATCH) + "\n", encoding="utf-8")
    assert main(["estimate", "--batch", str(file), *flag]) == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(answers) == len(BATCH)
    for (line, wrong), answer in zip(BATCH, answers, strict=True):
        if wrong is None:
            assert answer["memory_gib"]["peak"]["value"] > 0, line
        else:
            assert wrong in answer["error"], (line, answer)


def test_a_batch_reads_standard_input(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(BATCH[0][0]))
    assert main(["estimate", "--batch", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["method"] == "lora"


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--batch", "nowhere.jsonl"], "nowhere.jsonl"),
        (["--method", "lora"], "--model"),
        (["--model", "Qwen2.5-7B"], "--method"),
        (["--model", "Qwen2.5-7B", "--method", "lora", "--gpu", "Voodoo"], "Voodoo"),
        (["--model", "Qwen2.5-7B", "--method", "inference", "--exact"], "--exact"),
    ],
)
def test_wrong_input_is_one_message_and_exit_code_1(
    capsys: pytest.CaptureFixture[str], words: list[str], named: str
) -> None:
    assert main(["estimate", *words]) == 1
    captured = capsys.readouterr()
    assert named in captured.err
    assert "Traceback" not in captured.err


def test_people_get_a_readable_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["estimate", "--model", "Qwen2.5-7B", "--method", "qlora", "--gpu", "4090"]) == 0
    shown = capsys.readouterr().out
    for word in ("weights", "the card must have", "Fits?", "tokens", "80 % range"):
        assert word in shown


@pytest.mark.parametrize(
    ("command", "fields"),
    [
        ("models", {"id", "parameters_b", "licence", "context_tokens", "capability", "source"}),
        ("gpus", {"id", "memory_gib", "usd_per_hour", "source", "price_source"}),
        ("methods", {"name", "family", "engineer_days", "effort_source"}),
        ("sources", {"about", "facts", "text", "url", "checked"}),
    ],
)
def test_the_tables_of_facts(capsys: pytest.CaptureFixture[str], command: str, fields: set[str]) -> None:
    assert main([command, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert all(fields <= set(row) for row in rows)
    assert main([command]) == 0
    assert len(capsys.readouterr().out.splitlines()) > len(rows) / 2


def test_prices_carry_their_source_and_day(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prices", "--json"]) == 0
    prices = json.loads(capsys.readouterr().out)
    assert len(prices["models"]) >= 3
    assert all("genai-prices 0.2" in row["source"]["text"] for row in prices["models"])
    assert all(row["price_source"]["checked"] for row in prices["gpus"])
    assert main(["prices"]) == 0
    assert "USD per million tokens" in capsys.readouterr().out


@pytest.mark.slow
def test_exact_traces_the_step_and_stays_near_the_closed_form(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    config = {
        "model_type": "llama", "architectures": ["LlamaForCausalLM"], "hidden_size": 256, "num_hidden_layers": 4,
        "num_attention_heads": 4, "num_key_value_heads": 4, "intermediate_size": 688, "vocab_size": 8000,
        "max_position_embeddings": 1024, "tie_word_embeddings": False,
    }  # fmt: skip
    (tmp_path / "config.json").write_text(json.dumps(config), encoding="utf-8")
    words = ["--model", str(tmp_path), "--method", "lora", "--gpu", "L4"]
    counted, traced = asked(capsys, *words), asked(capsys, *words, "--exact")
    assert "Traced" in traced["note"]
    assert traced["memory_gib"]["peak"]["value"] == pytest.approx(counted["memory_gib"]["peak"]["value"], rel=0.15)
    assert set(traced["memory_gib"]) == set(counted["memory_gib"])
