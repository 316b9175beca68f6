"""The cheapest machine of a kind that fits a model and carries its load, for serving and for training."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from advisor.estimators.latency import P95_OVER_P50, answer_ms
from advisor.estimators.place import (
    CPU_REPLICAS,
    REMEMBERED,
    REPLICA_SIZES,
    Replica,
    replica_on,
    replicas_for,
    sequence_bucket,
    training_on,
    training_settings,
)
from advisor.estimators.training_time import seconds_per_step
from advisor.vocabulary import Architecture, Gpu, MethodCard, ModelCard, Placement
from advisor.vocabulary.draws import SERVING_EFFICIENCY_SPREAD

MOST_RENTED = 64  # assumption: GPUs one team can rent at once without a contract
PRETRAINING_GPUS = 1024  # thousands of GPUs for months: Llama 2 and 3 used 2,000 to 16,000
PRETRAINING_LEAST_GIB = 80.0
LONGEST_TRAINING_DAYS = 7.0  # assumption: a run longer than this is not a way to train


@dataclass(frozen=True, slots=True)
class Needs:
    """What the typical request and the busiest second ask for, and the training rows."""

    input_tokens: int
    output_tokens: int
    instruction_tokens: int
    n_classes: int
    labelled_examples: int
    peak_requests_per_s: float
    latency_p95_ms: float | None


@dataclass(frozen=True, slots=True)
class Offer:
    """A machine one may use: how many at most, and what one costs an hour."""

    gpu: Gpu
    most: int
    usd_per_hour: float
    kind: str


@dataclass(frozen=True, slots=True)
class Site:
    """A place: its name as the contract writes it, the machine, how many; what is wrong with it, if anything."""

    name: str
    gpu: Gpu
    count: int
    wrong: str = ""

    @property
    def placement(self) -> Placement:
        return Placement(self.gpu, self.count)


def prompt_tokens(card: MethodCard, model: ModelCard, needs: Needs) -> int:
    """Tokens of the typical prompt, by the card's arithmetic (`prompts.prompt_of`, for one typical request)."""
    example = needs.input_tokens + needs.output_tokens + 8
    shots = card.fixed_shots
    if shots and needs.n_classes > 1:
        shots = min(max(needs.n_classes, shots), 64)
    most = model.context_tokens // 2 // example
    kept = card.instruction_share_kept_label if needs.n_classes > 1 else card.instruction_share_kept_other
    examples = min(shots, most) + min(card.retrieved_shots, most)
    return int(needs.instruction_tokens * kept + examples * example + card.retrieved_tokens + needs.input_tokens)


@functools.lru_cache(maxsize=REMEMBERED)
def serving_site(card: MethodCard, model: ModelCard, needs: Needs, pool: tuple[Offer, ...]) -> Site:
    """The cheapest offer that holds the model and carries the peak; else the cheapest that comes nearest."""
    assert model.architecture is not None
    prompt = prompt_tokens(card, model, needs)
    ranked = []
    for offer in pool:
        replica = replica_on(
            card, model.architecture, offer.gpu, prompt + needs.output_tokens, min(offer.most, offer.gpu.together)
        )
        if replica is None:
            ranked.append((4, offer.usd_per_hour * offer.most, _site(offer, 1, f"{offer.gpu.name} cannot hold it")))
            continue
        copies = int(replicas_for(replica, float(prompt), float(needs.output_tokens), needs.peak_requests_per_s))
        count = copies * replica.gpus
        most = CPU_REPLICAS if offer.gpu.kind == "cpu" else offer.most
        wrong = "" if count <= most else _too_few(offer, count, most)
        badness = 3 if wrong else _slow(replica, copies, prompt, needs)
        ranked.append((badness, offer.usd_per_hour * count, _site(offer, min(count, most), wrong)))
    return min(ranked, key=lambda item: (item[0], item[1]))[2]


def _too_few(offer: Offer, count: int, most: int) -> str:
    kind = "machines" if offer.gpu.kind == "cpu" else "GPUs"
    there = "1 is there" if most == 1 else f"{most} are there"
    return f"the busiest second needs {count} {kind} ({offer.gpu.name}), and {there}"


def _slow(replica: Replica, copies: int, prompt: int, needs: Needs) -> int:
    """0: within the limit on time in nine of ten futures; 1: typically; 2: typically too slow."""
    if needs.latency_p95_ms is None:
        return 0
    lengths = float(prompt), float(needs.output_tokens)
    alone = float(answer_ms(replica.served, *lengths))
    together = min(max(needs.peak_requests_per_s / copies * alone / 1000, 1.0), replica.concurrency)
    typical = float(answer_ms(replica.served, *lengths, together)) * P95_OVER_P50
    return int(typical > needs.latency_p95_ms) + int(typical * SERVING_EFFICIENCY_SPREAD > needs.latency_p95_ms)


def training_site(card: MethodCard, model: ModelCard, needs: Needs, pools: tuple[tuple[Offer, ...], ...]) -> Site:
    """The first pool with an offer that trains it in time, there the cheapest; else the one that comes nearest."""
    assert model.architecture is not None
    if card.tokens_at_least is not None:
        return _pretraining_site(pools)
    length = sequence_bucket(prompt_tokens(card, model, needs) + needs.output_tokens, model)
    return _cheapest(card, model.architecture, max(needs.labelled_examples, card.labels_at_least), length, pools)


@functools.lru_cache(maxsize=REMEMBERED)
def _cheapest(card: MethodCard, a: Architecture, rows: int, length: int, pools: tuple[tuple[Offer, ...], ...]) -> Site:
    nearest: Site | None = None
    for pool in pools:
        found = [_training_offer(card, a, rows, offer, length) for offer in pool]
        good = [item for item in found if not item[1].wrong]
        if good:
            return min(good, key=lambda item: item[0])[1]
        if nearest is None and found:
            nearest = min(found, key=lambda item: item[0])[1]
    assert nearest is not None
    return nearest


def _training_offer(card: MethodCard, a: Architecture, rows: int, offer: Offer, length: int) -> tuple[float, Site]:
    counts = [n for n in REPLICA_SIZES if n <= min(offer.most, offer.gpu.together)]
    for count in counts:
        settings = training_on(card, a, offer.gpu, count, length)
        if settings is None:
            continue
        steps = rows * (card.epochs or 1.0) / (settings.batch_size * settings.gradient_accumulation * count)
        hours = steps * seconds_per_step(card, a, settings, offer.gpu, count) / 3600
        wrong = "" if hours <= LONGEST_TRAINING_DAYS * 24 else f"training takes {hours / 24:.0f} days"
        return hours * count * offer.usd_per_hour, _site(offer, count, wrong)
    fallback = training_settings(length)
    cost = seconds_per_step(card, a, fallback, offer.gpu) * offer.usd_per_hour
    return cost, _site(offer, counts[-1], f"training does not fit {counts[-1]} × {offer.gpu.name}")


def _pretraining_site(pools: tuple[tuple[Offer, ...], ...]) -> Site:
    offers = [o for pool in pools for o in pool if o.kind == "rented" and o.gpu.memory_gib >= PRETRAINING_LEAST_GIB]
    if not offers:
        anything = min((o for pool in pools for o in pool), key=lambda o: o.usd_per_hour)
        return _site(anything, anything.most, "pre-training needs a thousand rented GPUs")
    best = min(offers, key=lambda o: o.usd_per_hour / o.gpu.bf16_tflops)
    return _site(best, PRETRAINING_GPUS, "")


def _site(offer: Offer, count: int, wrong: str) -> Site:
    if offer.gpu.kind == "cpu":
        return Site("cpu", offer.gpu, count, wrong)
    return Site(f"{offer.kind}:{offer.gpu.id}×{count}", offer.gpu, count, wrong)
