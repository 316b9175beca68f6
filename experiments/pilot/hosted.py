"""What a plan says about the arms that ask a service: their settings, what they should cost, who agreed to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from advisor.errors import PlanError
from advisor.vocabulary import ArmPlan, Dataset, PilotPlan
from experiments.api import address
from experiments.api.service import UNPAID, Service
from experiments.dataset.wording import many
from experiments.pilot.choices import API_ARMS, PilotChoices
from experiments.pilot.lengths import RowTokens
from experiments.pilot.seconds import SHOT_TOKENS, TEMPLATE_TOKENS

ANSWER_MARKS = 4


def with_service(choices: PilotChoices) -> PilotChoices:
    """The arms that ask the service and their settings; without a service none of them can be chosen."""
    named = [arm for arm in choices.arms or () if arm in API_ARMS]
    if choices.service is None:
        if named:
            raise PlanError(f"The arm {named[0]} has no service to ask.", "Give --base-url URL and --api-model NAME.")
        return choices
    asked = {arm: {**choices.service.settings, **choices.settings.get(arm, {})} for arm in named or API_ARMS}
    also = () if named else API_ARMS
    return replace(choices, also=(*also, *choices.also), settings={**choices.settings, **asked})


def services(plan: PilotPlan) -> dict[str, Service]:
    """The arms of a plan that ask a service, and which."""
    return {arm.arm: Service.of_settings(arm.settings) for arm in plan.arms if arm.arm in API_ARMS}


def expected_usd(dataset: Dataset, arm: ArmPlan, rows: int, tokens: RowTokens) -> float:
    """What an arm should cost for so many rows of these lengths; 0 where its price is not known."""
    shots = _shots(dataset, arm) * (tokens.input + tokens.output + SHOT_TOKENS)
    sent = TEMPLATE_TOKENS + tokens.prompted_instruction + shots + tokens.input
    return Service.of_settings(arm.settings).usd(rows * sent, rows * (tokens.output + ANSWER_MARKS))


def _shots(dataset: Dataset, arm: ArmPlan) -> int:
    from experiments.arms.few_shot import shots_for

    if "shots" not in arm.settings:
        return 0
    return int(arm.settings["shots"] or shots_for([label for label, _ in dataset.labels]))


def notes(dataset: Dataset, arms: Sequence[ArmPlan], rows: int, tokens: RowTokens) -> tuple[str, ...]:
    """What is asked where, how often, for about how much.

    Raises:
        PlanError: the cap would be reached before the end.
    """
    asked = [arm for arm in arms if arm.arm in API_ARMS]
    if not asked:
        return ()
    service = Service.of_settings(asked[0].settings)
    where = f"{service.api_model} at {address.host_of(service.base_url)}"
    calls = (
        f"{', '.join(a.arm for a in asked)}: {many(rows * len(asked), 'call')} (test and validation rows) to {where}"
    )
    if not service.priced:
        return (f"{calls}; nothing is paid: {UNPAID}",)
    usd = sum(expected_usd(dataset, arm, rows, tokens) for arm in asked)
    if usd > service.max_usd:
        raise PlanError(
            f"{calls} would cost about {usd:.2f} USD, and the cap is {service.max_usd:g} USD.",
            f"Allow more with --max-usd {usd * 2:.2g}, give fewer minutes, or fewer arms.",
        )
    return (f"{calls}, about {usd:.2g} USD of at most {service.max_usd:g}",)


def agreed_again(plan: PilotPlan, service: Service | None) -> PilotPlan:
    """A plan from a record, with the cap and prices of today; whoever does it again has to agree to what is asked."""
    for arm, before in services(plan).items():
        if service is None or (service.base_url, service.api_model) != (before.base_url, before.api_model):
            raise PlanError(
                f"This plan's arm {arm} sends rows to {before.base_url} (model {before.api_model}).",
                f"To agree, add --base-url {before.base_url} --api-model {before.api_model}.",
            )
    if service is None:
        return plan
    arms = [
        replace(arm, settings={**arm.settings, **service.settings}) if arm.arm in API_ARMS else arm for arm in plan.arms
    ]
    return replace(plan, arms=tuple(arms))
