"""Parameters, counted: of the model, of its linear layers, of what a method trains."""

from __future__ import annotations

from advisor.vocabulary import (
    Architecture,
    MethodCard,
    TrainingSettings,
    active_parameters,
    linear_parameters,
    total_parameters,
)

__all__ = ["active_parameters", "linear_parameters", "total_parameters", "trainable_parameters", "trained_share"]


def trainable_parameters(card: MethodCard, a: Architecture, settings: TrainingSettings) -> int:
    """Parameters the method trains under these settings."""
    return card.trainable_parameters(a, settings)


def trained_share(card: MethodCard, a: Architecture, settings: TrainingSettings) -> float:
    """Trained over total, 0..1 (an adapter's own parameters count in the numerator only, as peft prints it)."""
    return trainable_parameters(card, a, settings) / total_parameters(a)
