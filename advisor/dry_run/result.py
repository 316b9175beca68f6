"""What an exact dry run answers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExactMemory:
    """The memory of one training step on one GPU, in GiB.

    The components are named as everywhere: each is what it held at its own fullest moment of the step, so they do not
    add up; `at_peak` does, to `peak_gib`, the most that PyTorch's allocator had handed out (with its rounding).
    `moment` is the operation at which that was. `reserved_gib` is the most the allocator took from the card,
    `paged_gib` lies in unified memory outside of it. `activations_gib` holds everything passing through the forward
    and the backward pass, also the gradient of a weight until it is added to those before. Not included: the CUDA
    context.
    """

    weights_gib: float
    adapters_gib: float
    gradients_gib: float
    optimizer_gib: float
    activations_gib: float
    logits_gib: float
    runtime_gib: float
    peak_gib: float
    reserved_gib: float
    paged_gib: float
    at_peak: tuple[tuple[str, float], ...]
    moment: str
    trainable_parameters: int
    seconds: float
    versions: tuple[tuple[str, str], ...]
    notes: tuple[str, ...] = ()

    def memory_gib(self) -> dict[str, float]:
        """The components under their names in the contract, without peak and reserved; the optimizer with its pages."""
        return {
            "weights": self.weights_gib,
            "adapters": self.adapters_gib,
            "gradients": self.gradients_gib,
            "optimizer": self.optimizer_gib + self.paged_gib,
            "activations": self.activations_gib,
            "logits": self.logits_gib,
            "runtime": self.runtime_gib,
        }
