"""What the rules look at, and how a rule's strength becomes a size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from advisor.rules.addresses import cited
from advisor.vocabulary import CLASSIFYING, Reason, Shift, TaskProfile

Strength = Literal["A", "B", "C", "D", "fact"]
# One step of a shift, logit ± sd, by strength (A: measured over several tasks … D: opinion). assumption: half the
# spread of what tuning teaches (0.67) for the strongest evidence, a tenth for an opinion
STEP: dict[str, tuple[float, float]] = {"A": (0.35, 0.15), "B": (0.25, 0.15), "C": (0.15, 0.15), "D": (0.08, 0.1)}
LEARNING = ("tuning", "classical")
FROM_THE_INPUT = (
    *("classification", "multi_label_classification", "extraction", "summarisation", "text_to_sql", "function_calling"),
)
PROMPTING = ("zero_shot", "few_shot", "retrieved_few_shot")
Prompted = Literal["nothing", "stand_in", "candidate"]


@dataclass(frozen=True, slots=True)
class Situation:
    """A profile and what is expected of it: examples at hand (also those a teacher model can label) and labels.

    `prompted`: whether a pilot measured prompts, and of a model that may be used or only of a small stand-in.
    """

    profile: TaskProfile
    labelled: float
    classes: float
    taught: float = 0.0
    prompted: Prompted = "nothing"

    @property
    def per_class(self) -> float:
        return self.labelled / max(self.classes, 1.0)

    @property
    def answered_labelled(self) -> bool:
        return self.profile.labelled_examples is not None

    @property
    def classifies(self) -> bool:
        return self.profile.task_type in CLASSIFYING

    @property
    def other_languages(self) -> bool:
        """Whether any text is in another language than English."""
        languages = self.profile.languages or ()
        return any(not language.startswith("en") for language in languages)

    @property
    def facts_move(self) -> bool:
        """Facts that change matter where answers must bring them, not where they come from the input."""
        return self.profile.facts_change not in (None, "never") and self.brings_facts

    @property
    def brings_facts(self) -> bool:
        return self.profile.task_type not in FROM_THE_INPUT

    @property
    def needs_documents(self) -> bool:
        return self.facts_move or self.must_cite

    @property
    def must_cite(self) -> bool:
        """A label cites nothing, and what is made from the input has its source in front of it."""
        return self.profile.needs_citations is True and self.brings_facts


def explains(rule: str, method: str, text: str, strength: Strength, source: str) -> Reason:
    """A reason without weight: it restates evidence that is already in the estimates, or tells what to do."""
    return Reason(rule, method, "explains", "explains, without weight", text, strength, cited(source))


def warns(rule: str, method: str, text: str, strength: Strength, source: str) -> Reason:
    """A reason without weight that speaks against its method."""
    return Reason(rule, method, "against", "warns, without weight", text, strength, cited(source))


def shifts(reason: Reason, methods: tuple[str, ...], steps: float, estimate: str = "quality") -> Reason:
    """The same reason with weight: it moves an estimate by `steps` of its strength's size.

    What lowers the one side speaks for the other: the direction is that of the method the reason speaks about.
    """
    size, sd = STEP[reason.strength]
    size, sd = steps * size, max(abs(steps), 1.0) * sd
    way = "raises" if size > 0 else "lowers"
    good = (size > 0) == (estimate == "quality")
    own = _family(reason.method) in {_family(method) for method in methods}
    direction: Literal["favours", "against"] = "favours" if good == own else "against"
    what = estimate.replace("_usd", "").replace("_", " ")
    return Reason(
        reason.rule,
        reason.method,
        direction,
        f"{way} the expected {what} of {', '.join(m.replace('_', ' ') for m in methods)}",
        reason.text,
        reason.strength,
        reason.source,
        abs(size),
        Shift(estimate, methods, size, sd),
    )


def _family(name: str) -> str:
    """The family of a method; a family is its own."""
    if name in ("prompting", "retrieval_augmented", *PROMPTING):
        return "prompting"
    return "classical" if name == "classical" else "tuning"


def rules_out(rule: str, method: str, text: str, strength: Strength, source: str) -> Reason:
    """A reason that removes a method or a family."""
    return Reason(rule, method, "rules_out", "rules out", text, strength, cited(source), 1.0)
