"""Training: what carries loss, that it learns, that it stops, and that each proof fails when it should."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from advisor.errors import RunError
from experiments.arms import Stopped, adapters, full_fine_tuning, lora, prefix_tuning, proofs, run, training
from experiments.arms.training import NO_LOSS, collate, training_rows
from experiments.arms.tuned import trained_or_kept
from experiments.models import load_causal
from experiments.prompts import Prompter
from tests.experiments.arm_jobs import LABELS, KeptReport, examples, job

ATTACH = {
    "lora": lora.attach,
    "prefix_tuning": prefix_tuning.attach,
    "adapters": adapters.attach,
    "full_fine_tuning": full_fine_tuning.attach,
}
FAST = {"learning_rate": 1e-2, "epochs": 4, "batch_size": 4}


def prompter_of(tokenizer: Any) -> Prompter:
    return Prompter(tokenizer, "classification", "Decide.", LABELS, list_labels=False)


def test_a_batch_by_hand() -> None:
    rows = [{"input_ids": [5, 6, 7, 8], "answer_tokens": 1}, {"input_ids": [5, 9, 2], "answer_tokens": 2}]
    batch = collate(rows, pad_id=0)
    assert batch["input_ids"].tolist() == [[5, 6, 7, 8], [0, 5, 9, 2]]
    assert batch["attention_mask"].tolist() == [[1, 1, 1, 1], [0, 1, 1, 1]]
    assert batch["position_ids"].tolist() == [[0, 1, 2, 3], [0, 0, 1, 2]]
    # three positions kept: the longest answer and the one before it, which predicts its first token
    assert batch["logits_to_keep"] == 3
    assert batch["labels"].tolist() == [[NO_LOSS, NO_LOSS, 8], [NO_LOSS, 9, 2]]


def test_loss_on_the_kept_positions_is_the_loss_of_the_whole_row(tiny_base: Path) -> None:
    loaded = load_causal(tiny_base, "fp32", "cpu")
    rows, _ = training_rows(prompter_of(loaded.tokenizer), examples(4), 512)
    batch = collate(rows, loaded.tokenizer.pad_token_id)
    whole = torch.full_like(batch["input_ids"], NO_LOSS)
    whole[:, -batch["logits_to_keep"] :] = batch["labels"]
    with torch.inference_mode():
        kept = loaded.model(**batch).loss
        plain = {k: v for k, v in batch.items() if k not in ("labels", "logits_to_keep")}
        full = loaded.model(**plain, labels=whole).loss
    assert float(kept) == pytest.approx(float(full), abs=1e-5)


def test_training_rows_end_in_the_end_token(tiny_tokenizer: Any) -> None:
    (row,), cut = training_rows(prompter_of(tiny_tokenizer), examples(1), 512)
    answer = row["input_ids"][-row["answer_tokens"] :]
    assert tiny_tokenizer.decode(answer) == "book table<|im_end|>"
    assert cut == 0
    limit = len(row["input_ids"]) - row["answer_tokens"] - 5
    (short,), cut = training_rows(prompter_of(tiny_tokenizer), examples(1), limit)
    assert cut == 1
    assert short["input_ids"][-short["answer_tokens"] :] == answer
    assert len(short["input_ids"]) <= limit + row["answer_tokens"]


@pytest.mark.slow
@pytest.mark.parametrize("arm", list(ATTACH))
def test_an_arm_learns_a_separable_task(arm: str, tiny_base: Path, tmp_path: Path) -> None:
    settings = {**FAST, "epochs": 12, "learning_rate": {"full_fine_tuning": 3e-3, "prefix_tuning": 5e-2}.get(arm, 1e-2)}
    made = job(arm, tmp_path / "a", tiny_base, None, settings=settings, train=examples(24))
    report = KeptReport()
    outcome = run(made, report)
    first, last = outcome.curve[0][1], outcome.curve[-1][1]
    assert last < 0.8 * first
    assert outcome.train_seconds is not None
    assert len(outcome.curve) == 12 * 24 / 4
    assert ("train", 72, 72) in report.steps


@pytest.mark.slow
def test_another_seed_trains_otherwise(tiny_base: Path, tmp_path: Path) -> None:
    curves = [
        run(job("lora", tmp_path / str(seed), tiny_base, None, seed=seed, settings=FAST), KeptReport()).curve
        for seed in (1, 2)
    ]
    assert curves[0] != curves[1]


@pytest.mark.slow
def test_a_loss_that_is_no_number_stops_with_a_sentence(tiny_base: Path, tmp_path: Path) -> None:
    made = job("lora", tmp_path / "a", tiny_base, None, settings={"learning_rate": 1e25})
    with pytest.raises(RunError, match="the loss is"):
        run(made, KeptReport())


@pytest.mark.slow
def test_short_memory_halves_the_rows_at_a_time(
    tiny_base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = training.collate

    def short(rows: Any, pad_id: int) -> Any:
        if len(rows) > room:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return whole(rows, pad_id)

    monkeypatch.setattr(training, "collate", short)
    room = 2
    outcome = run(job("lora", tmp_path / "a", tiny_base, None, settings={"epochs": 1, "batch_size": 8}), KeptReport())
    assert len(outcome.curve) == 2  # 12 rows at 8 per step
    assert any("2 rows at a time" in note for note in outcome.notes)
    room = 0
    with pytest.raises(RunError, match="does not fit into the memory"):
        run(job("lora", tmp_path / "b", tiny_base, None, settings={"epochs": 1, "batch_size": 8}), KeptReport())


@pytest.mark.slow
@pytest.mark.parametrize("arm", ["lora", "qlora", "full_fine_tuning", "adapters"])
def test_bf16_with_recomputed_activations_trains_and_scores(arm: str, tiny_base: Path, tmp_path: Path) -> None:
    settings = {"epochs": 1, "gradient_checkpointing": True}
    outcome = run(job(arm, tmp_path / "a", tiny_base, None, dtype="bf16", settings=settings), KeptReport())
    assert all(guard.ok for guard in outcome.guards)
    assert "label_scores_equal_plain_scoring" in [guard.guard for guard in outcome.guards]


@pytest.mark.slow
def test_cancelling_stops_training_at_the_next_step(tiny_base: Path, tmp_path: Path) -> None:
    report = KeptReport(stop_when=lambda r: any(phase == "train" for phase, *_ in r.steps))
    with pytest.raises(Stopped):
        run(job("lora", tmp_path / "a", tiny_base, None, settings={"epochs": 20}), report)
    assert sum(phase == "train" for phase, *_ in report.steps) <= 2
    assert report.rows == []
    assert not (tmp_path / "a" / "trained").exists()


@pytest.fixture(scope="module", params=list(ATTACH))
def tuned(request: pytest.FixtureRequest, tiny_base: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A trained tiny model with its job, renderer and tuning, per method."""
    arm = request.param
    made = job(arm, tmp_path_factory.mktemp(arm), tiny_base, None, settings=FAST)
    loaded = load_causal(tiny_base, "fp32", "cpu")
    prompter = prompter_of(loaded.tokenizer)
    tuning = ATTACH[arm](loaded, made.settings)
    before = proofs.fingerprint(tuning.model)
    trained_or_kept(made, KeptReport(), loaded, prompter, tuning)
    return made, loaded, prompter, tuning, before


@pytest.mark.slow
def test_the_proofs_hold_after_training(tuned: Any) -> None:
    made, loaded, prompter, tuning, before = tuned
    assert all(guard.ok for guard in proofs.after_training(made, loaded, prompter, tuning, before))
    if tuning.without is not None:
        assert proofs.base_unchanged(tuning, before).ok


@pytest.mark.slow
def test_what_was_trained_comes_back_from_disk_exactly(tuned: Any, tiny_base: Path) -> None:
    made, _, prompter, tuning, _ = tuned
    fresh_base = load_causal(tiny_base, "fp32", "cpu")
    fresh = ATTACH[made.arm](fresh_base, dict(made.settings))
    fresh.load(made.folder / "trained")
    ids = torch.tensor([prompter.ids(made.test[0])])
    with torch.inference_mode():
        left, right = (t.model.eval()(input_ids=ids).logits[0, -1] for t in (tuning, fresh))
    assert torch.equal(left, right)


@pytest.mark.slow
def test_an_ignored_adapter_is_caught(tuned: Any) -> None:
    made, loaded, prompter, tuning, _ = tuned
    if tuning.without is None:
        pytest.skip("full fine-tuning has no base beside it")
    deaf = replace(tuning, without=contextlib.nullcontext)
    assert not proofs.adapter_changes_logits(loaded, prompter, deaf, made.train[0]).ok


@pytest.mark.slow
def test_a_changed_base_is_caught(tuned: Any) -> None:
    *_, tuning, before = tuned
    if tuning.without is None:
        pytest.skip("full fine-tuning changes the base")
    frozen = next(p for p in tuning.model.parameters() if not p.requires_grad and p.ndim == 2)
    kept = frozen[0, 0].item()
    frozen.data[0, 0] = kept + 1e-6
    assert not proofs.base_unchanged(tuning, before).ok
    frozen.data[0, 0] = kept
    assert proofs.base_unchanged(tuning, before).ok


@pytest.mark.slow
def test_a_weight_that_is_no_number_is_caught(tuned: Any) -> None:
    tuning = tuned[3]
    trained = next(p for p in tuning.model.parameters() if p.requires_grad)
    kept = trained.data.clone()
    trained.data.view(-1)[0] = float("nan")
    assert not proofs.finite_weights(tuning.model).ok
    trained.data = kept
    assert proofs.finite_weights(tuning.model).ok


def test_a_missing_end_token_is_caught(tiny_tokenizer: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, prompter = job("lora", tmp_path / "a", None, None), prompter_of(tiny_tokenizer)
    assert proofs.end_token_has_loss(made, prompter).ok
    whole = Prompter.answer_ids
    monkeypatch.setattr(Prompter, "answer_ids", lambda self, output: whole(self, output)[:-1])
    assert not proofs.end_token_has_loss(made, prompter).ok


def test_an_end_token_masked_like_padding_is_caught(
    tiny_tokenizer: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, prompter = job("lora", tmp_path / "a", None, None), prompter_of(tiny_tokenizer)

    def masked(rows: Any, pad_id: int) -> Any:
        batch = collate(rows, pad_id)
        batch["labels"][batch["labels"] == pad_id] = NO_LOSS
        return batch

    monkeypatch.setattr(proofs, "collate", masked)
    assert not proofs.end_token_has_loss(made, prompter).ok


def test_another_template_in_training_is_caught(
    tiny_tokenizer: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, prompter = job("lora", tmp_path / "a", None, None), prompter_of(tiny_tokenizer)
    assert proofs.same_template(made, prompter).ok

    def other(prompter: Prompter, train: Any, limit: int) -> Any:
        rows, cut = training_rows(prompter, train, limit)
        return [{**row, "input_ids": [1, *row["input_ids"]]} for row in rows], cut

    monkeypatch.setattr(proofs, "training_rows", other)
    assert not proofs.same_template(made, prompter).ok


def test_a_fingerprint_sees_a_swap() -> None:
    one, other = torch.tensor([1.0, 2.0, 3.0]), torch.tensor([2.0, 1.0, 3.0])
    assert proofs.bits(one) == proofs.bits(one.clone())
    assert proofs.bits(one) != proofs.bits(other)


def test_training_that_depends_on_something_else_is_not_taken_up(tiny_base: Path, tmp_path: Path) -> None:
    from experiments.arms.tuned import kept_folder, read_kept, training_key

    made = job("lora", tmp_path / "a", tiny_base, None)
    rows = [{"input_ids": [1, 2], "answer_tokens": 1}]
    key = training_key(made, rows)
    assert key == training_key(replace(made, done=frozenset({("test", 1)})), rows)
    for other in (replace(made, seed=2), replace(made, dtype="bf16"), replace(made, settings={})):
        assert training_key(other, rows) != key
    assert training_key(made, [{"input_ids": [1, 3], "answer_tokens": 1}]) != key
    assert read_kept(kept_folder(made), key) is None
    kept_folder(made).mkdir()
    (kept_folder(made) / "trained.json").write_text("[]")
    assert read_kept(kept_folder(made), key) is None
