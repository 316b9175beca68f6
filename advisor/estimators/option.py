"""Everything predicted about one option except its quality, draw by draw."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np

from advisor.estimators.cost import (
    PRETRAINING_SHARE,
    RETRIEVAL_STORE_USD_PER_MONTH,
    TOKENS_PER_PARAMETER,
    api_usd_per_request,
    labels_usd,
    machines_usd_per_month,
    pretraining_flops,
    relabelling_usd,
    training_usd,
    upkeep_usd_per_month,
)
from advisor.estimators.latency import BUSY_SHARE, P95_OVER_P50, answer_ms, hosted_wait_ms, ttft_ms
from advisor.estimators.memory import DEVICE, training_memory
from advisor.estimators.place import (
    SHARED_SERVER,
    replica_on,
    replicas_for,
    sequence_bucket,
    training_on,
    training_settings,
)
from advisor.estimators.prompts import Prompt, prompt_of
from advisor.estimators.ranges import Spread
from advisor.estimators.training_time import seconds_per_step, training_hours
from advisor.vocabulary import Draws, OptionPlan, Placement, TaskDraws, total_parameters

RETRIEVAL_MS = 25.0  # assumption: one embedding on a CPU and a search in a small index
# TF-IDF and a linear model on a CPU: our own pilots on 7 and on 77 labels took 2 ms (p95 2 to 3) and under a minute
CLASSICAL_MS = 2.0
CLASSICAL_GIB = 0.5
CLASSICAL_HOURS = 0.02
CLASSICAL_CORES = 8  # of the server the catalog prices; one text at a time on each
CLASSICAL_REQUESTS_PER_S = BUSY_SHARE * CLASSICAL_CORES * 1000 / CLASSICAL_MS
PADDING = 1.15  # assumption: rows of like length are batched together; a sixth of the positions is padding
CALENDAR = 7 / 5  # calendar days per working day
GOLDEN = 0.6180339887498949


@dataclass(frozen=True, slots=True)
class Serving:
    """Money and time of answering, per draw."""

    usd_per_month: Draws
    p50_ms: Draws
    memory_gib: Draws


@dataclass(frozen=True, slots=True)
class Training:
    """Hours of one run, its cost with the runs that were tried, and the memory of one GPU, per draw."""

    hours: Draws
    usd: Draws
    memory_gib: Draws


def predict(plan: OptionPlan, task: TaskDraws) -> dict[str, Draws]:
    """An array (n,) for every key of ESTIMATED but quality; nan where nobody knows (a hosted model's latency).

    `waiting_p95_ms` is what is decided with: the latency, and for a hosted model what is assumed of it.
    `requests_per_month` is what the price of 1,000 requests is spread over.
    """
    prompt = prompt_of(plan.card, task, plan.model.context_tokens)
    serving, training = _serving(plan, prompt, task), _training(plan, prompt, task)
    card = plan.card
    days = card.engineer_days[1] * task.effort_factor
    upkeep_hours = card.upkeep_hours_per_month[1] * task.effort_factor
    labels = np.maximum(task.labelled_examples, card.labels_at_least)
    trains = card.trained != "nothing"
    retrained = training.usd + relabelling_usd(labels, task.labelling_cost_usd_per_example)
    people = upkeep_usd_per_month(upkeep_hours, task.engineer_usd_per_day)
    monthly = serving.usd_per_month + people
    if trains:
        monthly = monthly + retrained / task.retrain_every_months
    bought = labels_usd(labels - task.labelled_examples, task.labelling_cost_usd_per_example)
    one_off = days * task.engineer_usd_per_day + training.usd + bought
    per_month = np.maximum(task.requests_per_month, 1.0)
    return {
        "one_off_cost_usd": one_off,
        "monthly_cost_usd": monthly,
        "cost_per_1k_requests_usd": 1000 * (monthly + one_off / task.horizon_months) / per_month,
        "latency_p50_ms": serving.p50_ms,
        "latency_p95_ms": serving.p50_ms * P95_OVER_P50,
        "waiting_p95_ms": _waiting(plan, prompt, task, serving),
        "training_memory_gib": training.memory_gib,
        "serving_memory_gib": serving.memory_gib,
        "training_hours": training.hours,
        "days_to_launch": days * CALENDAR + np.nan_to_num(training.hours) / 24,
        "upkeep_hours_per_month": upkeep_hours,
        "upkeep_usd_per_month": people,
        "requests_per_month": per_month,
    }


def with_more_upkeep(predicted: dict[str, Draws], factor: Draws) -> dict[str, Draws]:
    """The same with so many times the hours of upkeep, and what these hours cost in every price that holds them."""
    more_usd = predicted["upkeep_usd_per_month"] * (factor - 1)
    return {
        **predicted,
        "upkeep_hours_per_month": predicted["upkeep_hours_per_month"] * factor,
        "upkeep_usd_per_month": predicted["upkeep_usd_per_month"] + more_usd,
        "monthly_cost_usd": predicted["monthly_cost_usd"] + more_usd,
        "cost_per_1k_requests_usd": predicted["cost_per_1k_requests_usd"]
        + 1000 * more_usd / predicted["requests_per_month"],
    }


def _waiting(plan: OptionPlan, prompt: Prompt, task: TaskDraws, serving: Serving) -> Draws:
    if plan.model.hosted:
        return np.asarray(hosted_wait_ms(prompt.output) / task.hosted_speed_factor)
    return serving.p50_ms * P95_OVER_P50


def _serving(plan: OptionPlan, prompt: Prompt, task: TaskDraws) -> Serving:
    card, a = plan.card, plan.model.architecture
    looks_up = card.retrieved_shots > 0 or card.retrieved_tokens > 0
    store = RETRIEVAL_STORE_USD_PER_MONTH if looks_up else 0.0
    unknown = np.full(task.n, np.nan)
    if plan.model.price is not None and plan.model.hosted:
        each = api_usd_per_request(prompt, plan.model.price, task.requests_per_month)
        return Serving(each * task.requests_per_month + store, unknown, unknown)
    if plan.serve is None:
        return Serving(unknown, unknown, unknown)
    hourly = _usd_per_hour(plan.serve, plan.option.place, task)
    if a is None:
        share = np.maximum(SHARED_SERVER, task.peak_requests_per_second / CLASSICAL_REQUESTS_PER_S)
        usd = machines_usd_per_month(share, hourly)
        return Serving(usd, CLASSICAL_MS / task.serving_efficiency_factor, np.full(task.n, CLASSICAL_GIB))
    replica = replica_on(card, a, plan.serve.gpu, _typical(prompt), plan.serve.count)
    if replica is None:
        return Serving(unknown, unknown, unknown)
    encoded = card.trained == "head"
    read = np.minimum(prompt.tokens, plan.model.context_tokens)
    output = np.zeros(task.n) if encoded else prompt.output
    speed = task.serving_efficiency_factor
    peak = task.peak_requests_per_second
    copies = replicas_for(replica, read, output, peak, speed)
    if encoded:
        p50 = ttft_ms(replica.served, read) / speed
        copies = np.maximum(SHARED_SERVER, peak * p50 / 1000)
    else:
        alone = answer_ms(replica.served, read, output)
        together = np.clip(peak / copies * alone / 1000, 1.0, replica.concurrency)
        p50 = answer_ms(replica.served, read, output, together) / speed
    usd = machines_usd_per_month(copies * replica.gpus, hourly) + store
    return Serving(usd, p50 + (RETRIEVAL_MS if looks_up else 0.0), spread_draws(replica.memory_gib, DEVICE, task.n))


def _training(plan: OptionPlan, prompt: Prompt, task: TaskDraws) -> Training:
    card, a = plan.card, plan.model.architecture
    nothing, unknown = np.zeros(task.n), np.full(task.n, np.nan)
    if card.trained == "nothing":
        return Training(nothing, nothing, nothing)
    if plan.train is None:
        return Training(unknown, unknown, unknown)
    hourly = _usd_per_hour(plan.train, plan.option.trained_at or "", task)
    rows = np.maximum(task.labelled_examples, card.labels_at_least)
    if a is None:
        hours = CLASSICAL_HOURS * np.maximum(rows / 1000.0, 1.0)
        return Training(hours, training_usd(hours, SHARED_SERVER, hourly), np.full(task.n, CLASSICAL_GIB))
    length = np.minimum(prompt.tokens + prompt.output, plan.model.context_tokens)
    gpu, gpus = plan.train.gpu, plan.train.count
    if card.tokens_at_least is not None:
        tokens = max(card.tokens_at_least, TOKENS_PER_PARAMETER * total_parameters(a))
        seconds = pretraining_flops(a, tokens) / (gpu.bf16_tflops * 1e12 * PRETRAINING_SHARE * gpus)
        hours = seconds / 3600 / task.training_efficiency_factor
        return Training(hours, hours * gpus * hourly, spread_draws(gpu.memory_gib * 0.9, DEVICE, task.n))
    bucket = sequence_bucket(float(np.median(length)), plan.model)
    settings = training_on(card, a, gpu, gpus, bucket) or training_settings(bucket)
    per_step = settings.batch_size * settings.seq_len * settings.gradient_accumulation * gpus
    rate = per_step / seconds_per_step(card, a, settings, gpu, gpus)
    hours = training_hours(rows * length * PADDING * (card.epochs or 1.0), rate, task.training_efficiency_factor)
    need = training_memory(card, a, settings, gpus).device.value or np.nan
    return Training(hours, training_usd(hours, gpus, hourly), spread_draws(need * gpus, DEVICE, task.n))


def _usd_per_hour(placement: Placement, place: str, task: TaskDraws) -> Draws:
    """Per card: the team's own figure for its GPUs, the catalog's rent otherwise."""
    if place.startswith("own:"):
        return task.own_gpu_usd_per_hour
    rent = placement.gpu.usd_per_hour
    return np.full(task.n, np.nan) if rent is None else rent * task.gpu_price_factor


def _typical(prompt: Prompt) -> int:
    return max(1, int(np.median(prompt.tokens + prompt.output)))


def spread_draws(value: float, spread: Spread, n: int) -> Draws:
    """`value` with its 80 % range as draws, without chance: a golden-ratio sequence, the same for every option."""
    return np.asarray(value * _factors(spread, n))


@functools.cache
def _factors(spread: Spread, n: int) -> Draws:
    u = (np.arange(n) * GOLDEN + 0.5) % 1.0
    below, above = np.log(max(spread.low, 0.1)) / 0.4, np.log(spread.high) / 0.4  # 0.4 from the middle to either end
    factors = np.exp(np.where(u < 0.5, (0.5 - u) * below, (u - 0.5) * above))
    factors.flags.writeable = False
    return np.asarray(factors)
