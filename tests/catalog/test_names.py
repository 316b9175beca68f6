"""Names as people write them resolve; unknown ones list what is near."""

from __future__ import annotations

import pytest

from advisor.catalog import find_gpu, find_model
from advisor.errors import UnknownName


@pytest.mark.parametrize(
    ("spelling", "gpu"),
    [
        ("a100", "A100-SXM4-80GB"),
        ("A100-80GB", "A100-SXM4-80GB"),
        ("NVIDIA A100-SXM4-80GB", "A100-SXM4-80GB"),
        ("A100-40GB", "A100-SXM4-40GB"),
        ("NVIDIA A100 80GB PCIe", "A100-PCIe-80GB"),
        ("NVIDIA H100 80GB HBM3", "H100-SXM-80GB"),
        ("H100 PCIe", "H100-PCIe-80GB"),
        ("Tesla T4", "T4-16GB"),
        ("NVIDIA L40S", "L40S-48GB"),
        ("L40", "L40-48GB"),
        ("GeForce RTX 4090", "RTX-4090-24GB"),
        ("rtx4090", "RTX-4090-24GB"),
        ("A6000", "RTX-A6000-48GB"),
        ("RTX 6000 Ada", "RTX-6000-Ada-48GB"),
        ("A10G", "A10G-24GB"),
        ("CPU", "cpu"),
    ],
)
def test_gpu_spellings(spelling: str, gpu: str) -> None:
    assert find_gpu(spelling).id == gpu


@pytest.mark.parametrize(
    ("spelling", "model"),
    [
        ("Qwen/Qwen2.5-7B", "Qwen/Qwen2.5-7B-Instruct"),
        ("qwen2.5 7b instruct", "Qwen/Qwen2.5-7B-Instruct"),
        ("meta-llama/Llama-3.1-8B", "meta-llama/Llama-3.1-8B-Instruct"),
        ("meta-llama/Meta-Llama-3-8B", "meta-llama/Meta-Llama-3-8B-Instruct"),
        ("TheBloke/Llama-2-70B-GPTQ", "meta-llama/Llama-2-70b-chat-hf"),
        ("HuggingFaceTB/SmolLM2-135M", "HuggingFaceTB/SmolLM2-135M-Instruct"),
        ("mistralai/Mixtral-8x7B-v0.1", "mistralai/Mixtral-8x7B-Instruct-v0.1"),
        ("starter", "HuggingFaceTB/SmolLM2-135M-Instruct"),
        ("claude-opus-5-5", "anthropic/claude-opus-5-5"),
    ],
)
def test_model_spellings(spelling: str, model: str) -> None:
    assert find_model(spelling).id == model


def test_every_id_name_and_alias_finds_its_own_row() -> None:
    from advisor.catalog import facts

    for gpu in facts().gpus:
        for spelling in (gpu.id, gpu.name, *gpu.aliases):
            assert find_gpu(spelling).id == gpu.id, spelling
    for model in facts().models:
        assert find_model(model.id).id == model.id


def test_an_unknown_name_lists_the_nearest() -> None:
    with pytest.raises(UnknownName, match="Qwen3-8B"):
        find_model("Qwen3-9B")
    with pytest.raises(UnknownName, match="H100"):
        find_gpu("H1000")


@pytest.mark.parametrize("name", ["", "   ", "/", "🦙"])
def test_nonsense_is_an_unknown_name_too(name: str) -> None:
    with pytest.raises(UnknownName):
        find_model(name)
    with pytest.raises(UnknownName):
        find_gpu(name)
