"""What a measurement does to everything that was not measured: linear-Gaussian updates of draws (Matheron's rule).

Each draw is moved by gain × (observed + noise - predicted in that draw), the gain from the draws' own covariances.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from advisor.estimators.chance import Chance, expit, logit
from advisor.estimators.quality import World, capability_parts, kind_of, option_logit, size_b, tells_about_tuning
from advisor.vocabulary import Draws, ModelCard

PROMPT_SKILL_SD = 0.15  # assumption: two careful prompts of one model differ by about this much (logit)


def logit_sd(value: float, sd: float) -> float:
    """A standard error of a score as one of its logit."""
    kept = min(max(value, 0.02), 0.98)
    return sd / (kept * (1 - kept))


def moves(causes: tuple[Draws, ...], predicted: Draws, observed: Draws, noise_sd: float) -> tuple[Draws, ...]:
    """The change of every cause once `predicted` (a linear function of them) was observed with this noise."""
    centred = predicted - predicted.mean()
    total = float(np.mean(centred**2)) + noise_sd**2
    surprise = observed - predicted
    return tuple(float(np.mean((cause - cause.mean()) * centred)) / total * surprise for cause in causes)


def see_prompted_score(world: World, model: ModelCard, method: str, score: float, sd: float) -> World:
    """A measured score of prompting `model`: moves its capability, the task's level for like models, and tuning."""
    noise_sd = float(np.hypot(logit_sd(score, sd), PROMPT_SKILL_SD))
    observed = logit(score) + noise_sd * _noise(world.chance, f"prompted score of {model.id}")
    predicted = option_logit(world, method, model)
    together, alone = capability_parts(world, model)
    level, kind, own, tuned = moves((world.prompted, together, alone, world.tuned), predicted, observed, noise_sd)
    size = size_b(model)
    return replace(
        world,
        moves=(*world.moves, (size, level)),
        shared_moves=(*world.shared_moves, (size, kind_of(model), kind)),
        own_moves={**world.own_moves, model.id: world.own_moves.get(model.id, 0.0) + own},
        tuned=world.tuned + tells_about_tuning(size) * tuned,
    )


def score_of_the_prompt(chance: Chance, model: ModelCard, score: float, sd: float) -> Draws:
    """What the very prompt that was measured scores on all inputs: as measured, but for the choice of its rows."""
    return expit(logit(score) + logit_sd(score, sd) * _noise(chance, f"prompted score of {model.id}"))


def see_tuned_score(world: World, model: ModelCard, method: str, seen: tuple[float, float, int]) -> World:
    """A measured (score, sd, rows trained on) of a tuned model moves what training reaches, for every model.

    The noise holds the model-transfer sd of the evidence, and more for a model far from 7B in size.
    """
    score, sd, rows = seen
    decades = abs(float(np.log10(size_b(model) / 7.0)))
    transfer = world.priors.model_transfer_sd + world.priors.transfer_sd_per_decade * decades
    noise_sd = float(np.hypot(logit_sd(score, sd), transfer))
    observed = logit(score) + noise_sd * _noise(world.chance, f"tuned score of {method} {model.id}")
    predicted = option_logit(world, method, model, float(rows))
    (tuned,) = moves((world.tuned,), predicted, observed, noise_sd)
    return replace(world, tuned=world.tuned + tuned)


def _noise(chance: Chance, name: str) -> Draws:
    normal = chance.normal(name)
    return np.asarray(normal - normal.mean())
