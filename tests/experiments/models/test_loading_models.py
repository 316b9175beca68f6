from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from advisor.errors import ModelError
from experiments.models import load_causal, load_embedder, resolve, starters
from experiments.models.loading import fastest_dtype
from experiments.prompts import Prompter


def test_a_model_is_loaded_to_answer_in_the_dtype_asked_for(tiny_base: Path) -> None:
    for name, dtype in (("fp32", torch.float32), ("bf16", torch.bfloat16)):
        loaded = load_causal(tiny_base, name, "cpu")
        assert loaded.model.dtype is dtype
        assert not loaded.model.training
        assert loaded.model.generation_config.do_sample is False
        assert loaded.notes == ()


def test_the_plain_template_is_said_and_works(tiny_plain: Path) -> None:
    loaded = load_causal(tiny_plain, "fp32", "cpu")
    assert "plain 'Input: … Output: …'" in loaded.notes[0]
    from tests.experiments.arm_jobs import examples

    text = Prompter(loaded.tokenizer, "classification", "Decide.", ()).text(examples(2)[1], examples(1))
    assert text == (
        "Decide.\n\nInput: book a table for 0\nOutput: BookTable<|im_end|>\n\n"
        "Input: what is the weather like 1\nOutput: "
    )


def test_a_damaged_model_is_a_sentence(tiny_base: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(tiny_base, tmp_path / "broken"))
    (folder / "model.safetensors").write_bytes(b"not weights")
    with pytest.raises(ModelError, match="broken cannot be loaded"):
        load_causal(folder, "fp32", "cpu")


def test_four_bits_are_smaller_and_close(tiny_base: Path) -> None:
    plain, small = load_causal(tiny_base, "fp32", "cpu"), load_causal(tiny_base, "fp32", "cpu", quantised=True)
    layer = small.model.model.layers[0].mlp.down_proj.weight
    assert layer.dtype is torch.uint8
    assert layer.numel() * 2 == plain.model.model.layers[0].mlp.down_proj.weight.numel()
    ids = torch.tensor([[5, 6, 7, 8]])
    with torch.inference_mode():
        left, right = (m.model(input_ids=ids).logits.flatten() for m in (plain, small))
    assert 0.9 < float(torch.corrcoef(torch.stack([left, right]))[0, 1]) < 1.0


def test_embeddings_are_unit_vectors_whatever_the_batch(tiny_embedder: Path) -> None:
    embedder = load_embedder(tiny_embedder)
    texts = [f"play some music {i} " * (1 + i % 5) for i in range(40)]
    together = embedder.embed(texts)
    assert np.linalg.norm(together, axis=1) == pytest.approx(1.0, abs=1e-5)
    alone = np.vstack([embedder.embed([text]) for text in texts[:5]])
    assert np.abs(together[:5] - alone).max() < 1e-5
    assert embedder.embed(["long " * 5000]).shape == (1, 32)


def test_the_dtype_of_this_machine_is_one_we_can_load() -> None:
    assert fastest_dtype("cpu") in ("fp32", "bf16")
    assert fastest_dtype("mps") == "fp32"


@pytest.mark.starter
@pytest.mark.slow
def test_the_converted_starter_is_an_ordinary_model() -> None:
    base, embedder = starters()
    if not base.here:
        pytest.skip("the starter models are not on this machine")
    loaded = load_causal(resolve("starter").folder, "fp32", "cpu")
    assert loaded.tokenizer.model_max_length == 8192
    assert loaded.model.config._name_or_path.endswith("SmolLM2-135M-Instruct")
    assert sum(p.numel() for p in loaded.model.parameters()) == 134_515_008
    # digits are split one by one, which the GGUF's own tokenizer does and transformers' reading of it does not
    assert loaded.tokenizer.tokenize("in 1983") == ["in", "Ġ", "1", "9", "8", "3"]
    prompt = "The capital of France is"
    ids = loaded.tokenizer(prompt, return_tensors="pt", add_special_tokens=False)
    out = loaded.model.generate(**ids, max_new_tokens=2)
    assert "Paris" in loaded.tokenizer.decode(out[0])
    assert load_embedder(embedder.folder).embed(["a cat", "a kitten"]).shape == (2, 384)
