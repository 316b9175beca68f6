"""The ways of adapting a model: one card per method, and METHODS, the tuple of them all."""

from advisor.methods.registry import METHODS, card

__all__ = ["METHODS", "card"]
