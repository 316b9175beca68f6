"""The end of the model, three ways: all logits at once, in chunks that are recomputed, or fused with the head.

Runs in the child process only. `chunked` is torchtune's idea, recomputed in the backward pass; `fused` is that of
Liger-Kernel (arXiv 2410.10989, section 3): the gradient is computed during the forward pass, chunk by chunk, and no
logits stay.
"""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.checkpoint import checkpoint

CHUNKS = 8  # torchtune's default number of output chunks


def put_in(model: Any, loss: str, upcast: bool) -> None:
    """Replace the model's loss; for `full` with upcast the one of transformers stays."""
    if loss == "full":
        if not upcast:
            model.loss_function = _without_upcast
        return
    head = model.get_output_embeddings()
    model.set_output_embeddings(Headless(head))
    if loss == "chunked":
        model.loss_function = lambda logits, labels, **_: _chunked(logits, _shifted(labels), head, upcast)
    else:
        model.loss_function = lambda logits, **_: Fused.apply(logits.reshape(-1, logits.shape[-1]), head.weight)


class Headless(nn.Module):  # type: ignore[misc]
    """Stands where the head was and hands the hidden states through to the loss, which applies the head."""

    def __init__(self, head: Any) -> None:
        super().__init__()
        self.head = head

    @property
    def weight(self) -> Any:
        return self.head.weight

    def forward(self, hidden: Any) -> Any:
        return hidden


def _shifted(labels: Any) -> Any:
    return F.pad(labels, (0, 1), value=-100)[..., 1:].contiguous().view(-1)


def _without_upcast(logits: Any, labels: Any, vocab_size: int, **_: Any) -> Any:
    return F.cross_entropy(logits.view(-1, vocab_size), _shifted(labels))


def _chunked(hidden: Any, labels: Any, head: Any, upcast: bool) -> Any:
    def part(rows: Any, targets: Any) -> Any:
        logits = head(rows)
        return F.cross_entropy(logits.float() if upcast else logits, targets, reduction="sum")

    rows, targets = hidden.reshape(-1, hidden.shape[-1]).chunk(CHUNKS), labels.chunk(CHUNKS)
    parts = [checkpoint(part, r, t, use_reentrant=False) for r, t in zip(rows, targets, strict=True)]
    return torch.stack(parts).sum() / labels.numel()


class Fused(torch.autograd.Function):  # type: ignore[misc]
    """Gradients of the hidden states (and of a trained head) instead of logits; the kernel works in place."""

    @staticmethod
    def forward(ctx: Any, rows: Any, weight: Any) -> Any:
        chunks = -(-weight.shape[0] // weight.shape[1])  # so that a chunk of logits is about as large as the rows
        size = 1 << max(0, -(-rows.shape[0] // chunks) - 1).bit_length()
        grad_rows = torch.empty_like(rows)
        grad_weight = torch.zeros_like(weight) if ctx.needs_input_grad[1] else None
        loss = torch.empty(rows.shape[0], dtype=torch.float32, device=rows.device)
        for start in range(0, rows.shape[0], size):
            part = rows[start : start + size]
            grad = (part @ weight.t()).sigmoid_()  # stands for the kernel: logits become their gradient in place
            grad_rows[start : start + size] = grad @ weight
            if grad_weight is not None:
                grad_weight.addmm_(grad.t(), part)
        ctx.save_for_backward(grad_rows, grad_weight)
        return loss.sum()

    @staticmethod
    def backward(ctx: Any, grad_output: Any) -> Any:
        grad_rows, grad_weight = ctx.saved_tensors
        return grad_rows.mul_(grad_output), None if grad_weight is None else grad_weight.mul_(grad_output)
