"""How able a model is, from the fitted table: size and year for open models, class and year for hosted ones."""

from __future__ import annotations

import math

from advisor.vocabulary import Capability

SEVEN_B_YEAR = 2023.5  # the models of the fit: Llama 2, Mistral 7B, Zephyr, Gemma 1
HOSTED_YEAR = 2026.5
GPT_4_YEAR = 2023.2  # the newest hosted model the evidence places; the trend carries its level to later ones


def open_capability(table: list[dict[str, str]], parameters_b: float | None, released: float) -> Capability:
    """Logit capability of an open model by its active parameters and release; wide for what is no language model."""
    fit = _by_quantity(table)
    if parameters_b is None:
        return Capability(0.0, 2.0, "assumption: not a language model; the scale does not apply")
    decades = math.log10(parameters_b / 7.0)
    years = released - SEVEN_B_YEAR
    (at_7b, between), (slope, slope_sd), (trend, trend_sd) = (
        fit["at_7b_in_2023"],
        fit["per_decade_of_parameters"],
        fit["per_year_open"],
    )
    sd = math.hypot(between, slope_sd * decades, trend_sd * years, fit["model_by_task"][0])
    return Capability(
        round(at_7b + slope * decades + trend * years, 2),
        round(sd, 2),
        "fit over size and year on LoRA Land's prompted scores (catalog table capability.csv)",
    )


def hosted_capability(table: list[dict[str, str]], size: str, released: float) -> Capability:
    """Logit capability of a hosted model by its class; no published row of its own, so the spread is wide."""
    fit = _by_quantity(table)
    anchor, anchor_sd = fit[f"hosted_{size}_in_2026.5"]
    trend, trend_sd = fit["per_year_hosted"]
    return Capability(
        round(anchor + trend * (released - HOSTED_YEAR), 2),
        round(math.hypot(anchor_sd, trend_sd * (released - GPT_4_YEAR), fit["model_by_task"][0]), 2),
        f"no published row of its own, so wide; assumption: as {size} hosted models, anchored on GPT-4's measured "
        "scores (catalog table capability.csv)",
    )


def _by_quantity(table: list[dict[str, str]]) -> dict[str, tuple[float, float]]:
    return {row["quantity"]: (float(row["value"]), float(row["sd"] or 0.0)) for row in table}
