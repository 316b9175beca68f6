"""What was trained gives the same answers elsewhere: as an adapter under plain libraries, and merged in 16 bits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

from experiments.arms import merging, run
from experiments.arms.job import ArmJob
from experiments.instructions import instruction_when_tuned
from experiments.prompts import Prompter
from tests.experiments.arm_jobs import LABELS, KeptReport, examples, job

pytestmark = pytest.mark.filterwarnings("ignore:.*is_gradient_checkpointing.*:FutureWarning")  # peft's own
SETTINGS = {"learning_rate": 1e-2, "epochs": 8, "batch_size": 4}


@pytest.fixture(scope="module")
def tuned(tiny_base: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[ArmJob, KeptReport]:
    """A LoRA arm that has learnt its labels, and what it answered."""
    made = job("lora", tmp_path_factory.mktemp("cell"), tiny_base, None, settings=SETTINGS, train=examples(24))
    report = KeptReport()
    run(made, report)
    return made, report


def said(report: KeptReport) -> dict[int, str | None]:
    return {row: answer for (part, row), answer in report.answers().items() if part == "test"}


def likeliest(model: Any, tokenizer: Any, made: ArmJob) -> dict[int, str]:
    """Plain scoring, one label at a time, with nothing of ours but the rendered turns."""
    told = instruction_when_tuned(made.task_type, made.instruction, made.labels, made.train)
    prompter = Prompter(tokenizer, made.task_type, told, made.labels, list_labels=False)
    found = {}
    for example in made.test:
        scores = {}
        for label in LABELS:
            turns = prompter.chat(example)
            asked = tokenizer.apply_chat_template(turns, add_generation_prompt=True, tokenize=False)
            prompt = tokenizer(asked, add_special_tokens=False).input_ids
            answer = [*tokenizer(prompter.answer(label), add_special_tokens=False).input_ids, prompter.end_id]
            with torch.inference_mode():
                logits = model(input_ids=torch.tensor([prompt + answer])).logits[0].float().log_softmax(-1)
            places = range(len(prompt) - 1, len(prompt) + len(answer) - 1)
            scores[label] = sum(float(logits[place, token]) for place, token in zip(places, answer, strict=True))
        found[example.row] = max(scores, key=lambda label: scores[label])
    return found


def test_plain_transformers_and_peft_give_the_same_answers(tuned: tuple[ArmJob, KeptReport], tiny_base: Path) -> None:
    made, report = tuned
    base = AutoModelForCausalLM.from_pretrained(tiny_base, dtype=torch.float32)
    model = PeftModel.from_pretrained(base, made.folder / "trained").eval()
    assert likeliest(model, AutoTokenizer.from_pretrained(tiny_base), made) == said(report)


def test_merged_it_is_an_ordinary_model_that_answers_the_same(
    tuned: tuple[ArmJob, KeptReport], tiny_base: Path, tmp_path: Path
) -> None:
    made, report = tuned
    to = tmp_path / "merged"
    merging.merge(tiny_base, made.folder / "trained", to)
    model = AutoModelForCausalLM.from_pretrained(to, dtype="auto")
    assert model.dtype == torch.bfloat16
    assert likeliest(model.float().eval(), AutoTokenizer.from_pretrained(to), made) == said(report)
    heard = merging.measure(made, to, made.settings)
    found = merging.compared(made, said(report), heard)
    right = [e.output == said(report)[e.row] for e in made.test]
    assert found == {"score": round(sum(right) / 6, 4), "n_test": 6, "same_answers": 6, "weights": "bf16"}
    assert sum(right) >= 5  # it has learnt something, so that equal answers mean something
