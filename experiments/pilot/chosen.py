"""Which arms a plan has: the person's, or those that fit the task; each with its model and its settings."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from advisor.errors import PlanError, UnknownName
from advisor.vocabulary import ArmPlan, Dataset
from experiments.arms import name_of
from experiments.arms.given import ARM as GIVEN
from experiments.arms.job import ArmCard
from experiments.pilot.choices import DEFAULT_ARMS, PilotChoices

EMBEDDER, NO_MODEL = "sentence-transformers/all-MiniLM-L6-v2", "tfidf-logistic-regression"  # ids of the catalog
NOT_NAMED = "not named"  # the model behind answers that were given


def arms(
    dataset: Dataset, choices: PilotChoices, cards: tuple[ArmCard, ...]
) -> tuple[tuple[ArmPlan, ...], tuple[str, ...]]:
    """The arms of a plan with their settings; and those of the usual ones that cannot be, with why."""
    known = {card.arm: card for card in cards}
    wanted = (*choices.also, *(choices.arms or (arm for arm in DEFAULT_ARMS if arm in known)))
    for arm in (*wanted, *choices.settings):
        if arm not in known:
            near = difflib.get_close_matches(arm, known, n=1)
            hint = f"Did you mean {near[0]}? " if near else ""
            raise UnknownName(f"No arm is called '{arm}'.", f"{hint}There are: {', '.join(known)}.")
    kept, left_out = [], []
    for arm in dict.fromkeys(wanted):
        card = known[arm]
        if card.tasks is not None and dataset.task_type not in card.tasks:
            why = card.why_not or f"it does not do {dataset.task_type.replace('_', ' ')}"
            if arm in (choices.arms or ()):
                raise PlanError(f"The arm {arm} cannot run here: {why}.", "Leave it out of --arms.")
            left_out.append(f"{name_of(arm)}: {why}")
            continue
        if arm == GIVEN.arm and not any((example.given or "").strip() for example in dataset.examples):
            raise PlanError(
                "No column holds the answers of your present system.",
                "Name it with --given COLUMN, or leave out given.",
            )
        settings = _settings(card, choices)
        kept.append(ArmPlan(arm, card.method, _model(card, choices.model, settings), settings))
    if idle := [arm for arm in choices.settings if arm not in {plan.arm for plan in kept}]:
        raise PlanError(f"{name_of(idle[0])} has settings but no part in this pilot.", f"Add {idle[0]} to --arms.")
    if not kept:
        raise PlanError(f"No arm can do {dataset.task_type} here.", "Name others with --arms.")
    return tuple(kept), tuple(left_out)


def _model(card: ArmCard, base: str, settings: Mapping[str, object]) -> str:
    """The model an arm runs, by its id in the catalog: so evidence finds it."""
    if "base" in card.needs:
        return base
    if own := settings.get("api_model") or settings.get("model"):
        return str(own)
    if "model" in settings:
        return NOT_NAMED
    return EMBEDDER if "embedder" in card.needs else NO_MODEL


def _settings(card: ArmCard, choices: PilotChoices) -> dict[str, object]:
    changed = choices.settings.get(card.arm, {})
    if wrong := [name for name in changed if name not in card.settings]:
        raise PlanError(
            f"The arm {card.arm} has no setting '{wrong[0]}'.", f"It has: {', '.join(card.settings) or 'none'}."
        )
    shots = {"shots": choices.shots} if choices.shots is not None and "shots" in card.settings else {}
    return {**card.settings, **shots, **changed}
