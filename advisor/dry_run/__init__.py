"""The exact memory of a training step: the real libraries, traced on tensors without memory, in a child process."""

from advisor.dry_run.ask import exact_training_memory
from advisor.dry_run.result import ExactMemory

__all__ = ["ExactMemory", "exact_training_memory"]
