from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from experiments.arms.generation import Writer
from experiments.arms.job import new_tokens_limit
from experiments.arms.label_scoring import common_prefix
from experiments.models import load_causal
from experiments.prompts import Prompter
from tests.experiments.arm_jobs import json_examples


@pytest.fixture(scope="module")
def loaded(tiny_base: Path) -> Any:
    return load_causal(tiny_base, "fp32", "cpu")


def prompts_of(loaded: Any, shots: int) -> tuple[Prompter, list[list[int]]]:
    prompter = Prompter(loaded.tokenizer, "extraction", "Find the slots.", ())
    rows = [*json_examples(4, 50)]
    rows[1] = rows[1].__class__(51, 52, "book a table for some music please what is this", "{}")
    return prompter, [prompter.ids(e, json_examples(shots)) for e in rows]


def plainly(loaded: Any, prompt: list[int], end: int, limit: int) -> str:
    """Greedy by hand: the whole row again for every token, no cache, no batch."""
    import torch

    ids = list(prompt)
    for _ in range(limit):
        with torch.inference_mode():
            token = int(loaded.model(input_ids=torch.tensor([ids]), use_cache=False).logits[0, -1].argmax())
        if token == end:
            break
        ids.append(token)
    return str(loaded.tokenizer.decode(ids[len(prompt) :], skip_special_tokens=True).strip())


@pytest.mark.parametrize("shots", [0, 3])
def test_batched_writing_after_a_shared_prefix_is_greedy_writing(loaded: Any, shots: int) -> None:
    prompter, prompts = prompts_of(loaded, shots)
    expected = [plainly(loaded, p, prompter.end_id, 10) for p in prompts]
    for prefix in ([], common_prefix(prompts)):
        writer = Writer(loaded.model, loaded.tokenizer, prompter.end_id, prefix, 10)
        assert [w.text for w in writer.write(prompts)] == expected
        assert [writer.write([p])[0].text for p in prompts] == expected
        other = prompts[0][3:]  # too long for what the others show
        mixed = [prompts[0], other, *prompts[1:]]
        said = [expected[0], plainly(loaded, other, prompter.end_id, 10), *expected[1:]]
        assert [w.text for w in writer.write(mixed)] == said


def test_an_answer_ends_at_the_end_token_and_cut_ones_are_counted(loaded: Any) -> None:
    prompter, _ = prompts_of(loaded, 0)
    writer = Writer(loaded.model, loaded.tokenizer, prompter.end_id, [], 3)
    ids = prompter.plain_ids('{"people": "2"}')
    assert writer._read([*ids, prompter.end_id, 7, 7]).text == '{"people": "2"}'
    assert not writer._read([*ids, prompter.end_id]).cut
    assert writer._read(ids).cut
    assert writer._read([prompter.end_id]).text == ""


def test_the_limit_comes_from_the_longest_known_answer() -> None:
    assert new_tokens_limit([3, 20]) == 29  # 20 · 1.25 + 4
    assert new_tokens_limit([]) == 128
    assert new_tokens_limit([10_000]) == 512
