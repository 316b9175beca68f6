"""Money: what requests, machines, training, labels and work cost, in USD. Numbers and draws alike."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from advisor.estimators.prompts import Prompt, cached_share
from advisor.estimators.ranges import Spread, ranged
from advisor.vocabulary import HOURS_PER_MONTH, MTOK, Architecture, Draws, Estimate, Gpu, TokenPrice, active_parameters

Number = Any  # float or Draws: numpy broadcasts
SECONDS_PER_MONTH = HOURS_PER_MONTH * 3600
TRAINING_RUNS = 3.0  # assumption: runs before one is kept (settings tried, one failure); overhead 10 to 30 % included
# assumption: fresh labels at each retraining: a fifth of those it was trained on, at most 300 (a day or two of work)
RELABELLED_SHARE = 0.2
RELABELLED_MOST = 300.0
WORKDAY_HOURS = 8.0
RETRIEVAL_STORE_USD_PER_MONTH = 40.0  # assumption: a small managed vector store, or a share of a server
# share of the peak that large pre-training runs reached: Llama 2 7B 0.39 on A100 (184,320 hours, arXiv 2307.09288),
# Llama 3 405B 0.38 to 0.43 on H100 (arXiv 2407.21783, section 3.3.2), Llama 3 70B about 0.28 (its model card's hours)
PRETRAINING_REACHED = Spread(0.28 / 0.36, 0.43 / 0.36, "6·N·D FLOPs at the share of peak that Llama 2 and 3 reached")
PRETRAINING_SHARE = 0.36
TOKENS_PER_PARAMETER = 20.0  # compute-optimal: Hoffmann et al. 2022, arXiv 2203.15556


def api_usd_per_request(prompt: Prompt, price: TokenPrice, requests_per_month: Draws) -> Draws:
    """What a hosted model charges for one request, with its cache price where the fixed part is long enough."""
    cached_price = price.cached_input_usd_per_mtok
    hits = cached_share(prompt, requests_per_month / SECONDS_PER_MONTH) if cached_price is not None else 0.0
    cached = prompt.fixed * hits
    fresh = prompt.tokens - cached
    usd = fresh * price.input_usd_per_mtok + cached * (cached_price or 0.0)
    return np.asarray((usd + prompt.output * price.output_usd_per_mtok) / MTOK)


def machines_usd_per_month(machines: Number, usd_per_hour: Number) -> Number:
    """Machines that stand ready all month; idle time, not speed, decides what a request costs on them."""
    return machines * usd_per_hour * HOURS_PER_MONTH


def training_usd(hours: Number, gpus: float, usd_per_hour: Number) -> Number:
    """Training once and being content: the runs that are tried, on all GPUs."""
    return TRAINING_RUNS * hours * gpus * usd_per_hour


def labels_usd(bought: Number, usd_each: Number) -> Number:
    """Labels the team must have made because it has fewer than the method needs."""
    return np.maximum(bought, 0.0) * usd_each


def relabelling_usd(trained_on: Number, usd_each: Number) -> Number:
    """Fresh labels for one retraining."""
    return np.minimum(RELABELLED_SHARE * trained_on, RELABELLED_MOST) * usd_each


def upkeep_usd_per_month(hours: Number, engineer_usd_per_day: Number) -> Number:
    """People's time for watching, fixing and refreshing."""
    return hours / WORKDAY_HOURS * engineer_usd_per_day


def pretraining_flops(a: Architecture, tokens: float) -> float:
    """6 FLOPs per parameter and token (2 forward, 4 back); attention adds a few percent that this leaves out."""
    return 6.0 * active_parameters(a) * tokens


def pretraining_gpu_hours(a: Architecture, tokens: float, gpu: Gpu) -> Estimate:
    """Hours on one such GPU, all GPUs together."""
    hours = pretraining_flops(a, tokens) / (gpu.bf16_tflops * 1e12 * PRETRAINING_SHARE) / 3600
    inverse = Spread(1 / PRETRAINING_REACHED.high, 1 / PRETRAINING_REACHED.low, PRETRAINING_REACHED.source)
    return ranged(hours, inverse, "GPU-hours")


def pretraining_usd(a: Architecture, tokens: float, gpu: Gpu) -> Estimate:
    """Rent of those hours (the two ranges are independent); data, people and failed runs come on top.

    Unknown where nobody rents out the card.
    """
    if gpu.usd_per_hour is None or gpu.usd_per_hour_low is None or gpu.usd_per_hour_high is None:
        return Estimate.unknown("USD", f"no rent of {gpu.name} is in the catalog")
    hours = pretraining_gpu_hours(a, tokens, gpu)
    value = float(hours.value or 0) * gpu.usd_per_hour
    below = math.hypot(_log(hours.value, hours.low), _log(gpu.usd_per_hour, gpu.usd_per_hour_low))
    above = math.hypot(_log(hours.high, hours.value), _log(gpu.usd_per_hour_high, gpu.usd_per_hour))
    source = f"{hours.source}; rent: {gpu.price_source.text if gpu.price_source else ''}"
    return Estimate(value, value * math.exp(-below), value * math.exp(above), "USD", "estimated", source)


def _log(upper: float | None, lower: float | None) -> float:
    return math.log(upper / lower) if upper and lower else 0.0
