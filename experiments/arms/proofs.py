"""Proofs, made by every tuned arm, that it was trained and used as it should be; each is a `GuardResult`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from advisor.vocabulary import Example, GuardResult
from experiments.arms.job import ArmJob
from experiments.arms.training import NO_LOSS, collate, training_rows
from experiments.models.loading import LoadedModel
from experiments.prompts import Prompter

if TYPE_CHECKING:
    from experiments.arms.tuned import Tuning

LEAST_CHANGE = 1e-4  # of a logit; an adapter that was ignored leaves exactly 0
LOOKED_AT = 8

Fingerprint = dict[str, int]


def fingerprint(model: Any) -> Fingerprint:
    """For each frozen tensor the exact sum of its bits as whole numbers: any change of a weight changes it."""
    return {name: bits(p) for name, p in model.named_parameters() if not p.requires_grad}


def bits(tensor: torch.Tensor) -> int:
    """The sum of a tensor's raw bytes, each weighted by its place (mod 251), so that a swap shows too."""
    raw = tensor.detach().contiguous().view(-1).view(torch.uint8)
    place = torch.arange(raw.numel(), device=raw.device, dtype=torch.int32).remainder_(251)
    return int((raw.to(torch.int32) * (place + 1)).sum(dtype=torch.int64))


def after_training(
    job: ArmJob, loaded: LoadedModel, prompter: Prompter, tuning: Tuning, before: Fingerprint
) -> list[GuardResult]:
    """Everything that can be proven before the first answer."""
    guards = [finite_weights(tuning.model), end_token_has_loss(job, prompter), same_template(job, prompter)]
    if tuning.without is not None:
        guards.append(adapter_changes_logits(loaded, prompter, tuning, job.train[0]))
    return guards


def finite_weights(model: Any) -> GuardResult:
    """No trained weight is infinite or no number."""
    trained = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
    broken = [name for name, p in trained if not bool(torch.isfinite(p).all())]
    detail = f"{len(broken)} of {len(trained)} trained tensors hold a number that is not finite"
    return GuardResult("finite_weights", bool(trained) and not broken, detail)


def end_token_has_loss(job: ArmJob, prompter: Prompter) -> GuardResult:
    """In a real batch, the last position of every row asks for the end token; padding never does."""
    rows, _ = training_rows(prompter, job.train[:LOOKED_AT], job.settings["max_prompt_tokens"])
    batch = collate(rows, prompter.tokenizer.pad_token_id)
    last = batch["labels"][:, -1]
    carried = int((batch["labels"] != NO_LOSS).sum())
    ok = bool((last == prompter.end_id).all()) and carried == sum(row["answer_tokens"] for row in rows)
    detail = f"{int((last == prompter.end_id).sum())} of {len(rows)} rows end in token {prompter.end_id} with loss"
    return GuardResult("end_token_has_loss", ok, detail)


def same_template(job: ArmJob, prompter: Prompter) -> GuardResult:
    """Training rows begin with the very tokens used for answering, and continue as the template itself would."""
    differing = [e.row for e in job.train[:LOOKED_AT] if not same_tokens(job, prompter, e)]
    looked = min(LOOKED_AT, len(job.train))
    detail = f"{looked - len(differing)} of {looked} rows have the same tokens in training and in use"
    return GuardResult("same_template", not differing, detail)


def same_tokens(job: ArmJob, prompter: Prompter, example: Example) -> bool:
    """One row: the prompt in use is the beginning of the training row; the whole is the template's own rendering."""
    limit = job.settings["max_prompt_tokens"]
    (row,), cut = training_rows(prompter, [example], limit)
    used, *_ = prompter.fitted(example, (), limit)
    ids = row["input_ids"]
    if ids[: len(used)] != used or len(ids) - len(used) != row["answer_tokens"]:
        return False
    if cut:
        return True
    whole = [*prompter.chat(example), {"role": "assistant", "content": prompter.answer(example.output)}]
    text = prompter.render_whole(whole)
    return bool(prompter.tokenizer.decode(ids) == text[: len(prompter.tokenizer.decode(ids))])


def adapter_changes_logits(loaded: LoadedModel, prompter: Prompter, tuning: Tuning, example: Example) -> GuardResult:
    """What was trained is really in use: with it the model says something else than without."""
    ids = torch.tensor([prompter.ids(example)], device=loaded.model.device)
    with torch.inference_mode():
        tuned = tuning.model(input_ids=ids).logits[0, -1].float()
        with tuning.without():  # type: ignore[misc]
            base = tuning.model(input_ids=ids).logits[0, -1].float()
    change = float((tuned - base).abs().max())
    return GuardResult("adapter_changes_logits", change > LEAST_CHANGE, f"largest change of a logit {change:.3g}")


def base_unchanged(tuning: Tuning, before: Fingerprint) -> GuardResult:
    """Training and answering left every frozen weight bit for bit as it was."""
    after = fingerprint(tuning.model)
    changed = [name for name in before if after.get(name) != before[name]]
    detail = f"{len(changed)} of {len(before)} frozen tensors differ after the run"
    return GuardResult("base_unchanged", not changed and bool(before), detail)
