"""Every way in which a model can be refused, each a sentence that says what is wrong."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import errors

from advisor.errors import MissingStarter, ModelError
from experiments.models import hub, resolve


@pytest.fixture
def folder(tiny_base: Path, tmp_path: Path) -> Path:
    """A copy of the tiny model that a test may damage."""
    return Path(shutil.copytree(tiny_base, tmp_path / "model"))


def change_config(folder: Path, **values: Any) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


def test_a_folder_is_described(tiny_base: Path) -> None:
    found = resolve(str(tiny_base))
    assert (found.name, found.source, found.architecture) == ("tiny-llama", "folder", "LlamaForCausalLM")
    assert found.notes == ()


def test_a_model_without_a_chat_template_is_taken_with_a_note(tiny_plain: Path) -> None:
    assert "no chat template: a plain one is used instead" in resolve(str(tiny_plain)).notes[0]


def test_a_chat_template_in_the_old_place_counts(tiny_plain: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(tiny_plain, tmp_path / "old")
    path = folder / "tokenizer_config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "chat_template": "{{ messages }}"}))
    assert resolve(str(folder)).notes == ()


def refusal(name: str | Path) -> str:
    with pytest.raises(ModelError) as caught:
        resolve(str(name))
    assert caught.value.mend
    return str(caught.value)


def test_what_is_no_model_is_refused(tmp_path: Path, folder: Path) -> None:
    assert "neither `starter`, nor a folder" in refusal("nonsense")
    assert "neither `starter`, nor a folder" in refusal(tmp_path / "missing")
    assert "is a file; a model is a folder" in refusal(folder / "config.json")
    assert "it has no config.json" in refusal(tmp_path)
    (tmp_path / "adapter_config.json").write_text("{}")
    assert "is an adapter, not a model" in refusal(tmp_path)


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"model_type": 3}', "[" * 100_000])
def test_a_broken_config_is_refused(folder: Path, text: str) -> None:
    (folder / "config.json").write_text(text)
    assert "config.json" in refusal(folder)


def test_code_of_the_author_is_never_wanted(folder: Path) -> None:
    change_config(folder, auto_map={"AutoModelForCausalLM": "modeling.Evil"})
    assert "such code is never run here" in refusal(folder)


def test_a_quantised_folder_and_a_wrong_architecture_are_refused(folder: Path) -> None:
    change_config(folder, quantization_config={"quant_method": "gptq"})
    assert "quantised already" in refusal(folder)
    change_config(folder, quantization_config=None, architectures=["BertModel"])
    assert "not a model that writes text (architecture: BertModel" in refusal(folder)
    change_config(folder, architectures=None)
    assert "architecture: none" in refusal(folder)


def test_weights_must_be_whole_safetensors(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    assert "can run code when read" in refusal(folder)
    (folder / "pytorch_model.bin").unlink()
    assert "has no weights" in refusal(folder)
    index = {"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    (folder / "model-00001-of-00002.safetensors").touch()
    assert "model-00002-of-00002.safetensors is missing (1 of 2 parts)" in refusal(folder)


def test_a_model_needs_its_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()
    assert "no tokenizer that can be read" in refusal(folder)


def test_starters_that_are_not_here_say_how_to_get_them(home: Path) -> None:
    for name in ("starter", "SmolLM2-135M-Instruct", "huggingfacetb/smollm2-135m-instruct"):
        with pytest.raises(MissingStarter, match="models --fetch"):
            resolve(name)


def test_an_offline_hub_is_said_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    assert "the hub cannot be reached" in refusal("owner/some-model")


def test_each_refusal_of_the_hub_is_its_own_sentence() -> None:
    def of(kind: type[Exception]) -> str:
        made = kind.__new__(kind)
        return str(hub.hub_error("owner/model", made))

    assert "is gated" in of(errors.GatedRepoError)
    assert "knows no public model" in of(errors.RepositoryNotFoundError)
    assert "has no config.json" in of(errors.RemoteEntryNotFoundError)
    assert "cannot be reached" in of(errors.LocalEntryNotFoundError)
    assert "disk became full" in str(hub.hub_error("owner/model", OSError(28, "No space left on device")))
