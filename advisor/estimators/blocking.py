"""Facts that rule an option out whatever its numbers say: privacy, hardware, licence, context, ended services."""

from __future__ import annotations

from dataclasses import dataclass, replace

from advisor.errors import UnknownName
from advisor.estimators.siting import MOST_RENTED, Needs, Offer, Site, prompt_tokens
from advisor.vocabulary import (
    CARRIED,
    CLASSIFYING,
    HOURS_PER_MONTH,
    Blocked,
    Facts,
    Gpu,
    MethodCard,
    ModelCard,
    TaskProfile,
)
from advisor.vocabulary.draws import MOST_ROWS_TRAINED_ON, busiest_second
from advisor.vocabulary.saying import nearest

# assumption: what fits and answers acceptably in 4 bits with 8 GiB free, and with 3 GiB
LAPTOP_MOST_B = 9.0
PHONE_MOST_B = 3.5
OWN_USD_PER_HOUR = 0.6  # assumption: power and write-off of one's own card, where the team did not say
# assumption: a middling task, for choosing machines only; the estimates draw their own
TYPICAL_INPUT, TYPICAL_OUTPUT, TYPICAL_INSTRUCTIONS, TYPICAL_LABELLED = 300, 100, 300, 500
TYPICAL_LABEL_OUTPUT = 4
TYPICAL_REQUESTS = 20_000.0
PEAK_OVER_MEAN = 10.0
# assumption: no hosted language model has been seen to answer in less; the way there and back alone takes 5 to 50 ms
FASTEST_CALL_MS = 50.0
# assumption: no hosted model of general use writes faster for one reader; most write 50 to 150 tokens a second
FASTEST_TOKENS_PER_S = 1_000.0


@dataclass(frozen=True, slots=True)
class Situation:
    """The profile as options see it: needs, machines on offer, and what is forbidden."""

    profile: TaskProfile
    needs: Needs
    cpu: Gpu
    own: tuple[Offer, ...]
    rented: tuple[Offer, ...]
    may_rent: bool

    def pool(self, kind: str) -> tuple[Offer, ...]:
        """The offers of one kind of place to serve from; a laptop or phone is the team's own, and a CPU."""
        if kind == "own" and self.profile.serve_on in CARRIED:
            return tuple(offer for offer in self.own if offer.gpu.kind == "cpu")
        return self.own if kind == "own" else self.rented

    def training_pools(self, kind: str) -> tuple[tuple[Offer, ...], ...]:
        """Where to train, in order: on GPUs of the same kind, then of the other if allowed, last on a CPU."""
        own = tuple(offer for offer in self.own if offer.gpu.kind == "gpu")
        cpu = tuple(offer for offer in self.own if offer.gpu.kind == "cpu")
        rented = self.rented if self.may_rent or kind == "rented" else ()
        return (own, rented, cpu) if kind == "own" else (rented, own, cpu)


def situation_of(profile: TaskProfile, facts: Facts) -> Situation:
    """What the team has and may use; unanswered: no GPUs, and renting allowed unless no data may leave."""
    cpu = next(gpu for gpu in facts.gpus if gpu.kind == "cpu")
    if profile.serve_on in CARRIED:  # it is there already, in the hands of whoever asks
        cpu = replace(cpu, usd_per_hour=0.0, usd_per_hour_low=0.0, usd_per_hour_high=0.0)
    hourly = profile.own_gpu_usd_per_hour if profile.own_gpu_usd_per_hour is not None else OWN_USD_PER_HOUR
    own = [Offer(_gpu(item.name, facts), item.count, hourly, "own") for item in profile.gpus or ()]
    own = [offer for offer in own if offer.gpu.kind == "gpu" and offer.most > 0]
    rented = [
        Offer(gpu, MOST_RENTED, gpu.usd_per_hour, "rented")
        for gpu in facts.gpus
        if gpu.kind == "gpu" and gpu.usd_per_hour is not None
    ]
    may_rent = profile.data_may_leave != "no" if profile.may_rent_gpus is None else profile.may_rent_gpus
    on_cpu = Offer(cpu, 1, cpu.usd_per_hour or 0.0, "own")
    return Situation(profile, _needs(profile), cpu, (on_cpu, *own), tuple(rented), may_rent)


def model_blocks(card: MethodCard, model: ModelCard, situation: Situation) -> tuple[Blocked, ...]:
    """What stands against the model itself."""
    found = []
    profile = situation.profile
    if model.commercial_use is False and profile.stage != "prototype":
        found.append(Blocked("licence", 1.0, f"{model.name} may not be used commercially ({model.licence})"))
    needed = prompt_tokens(card, model, situation.needs) + situation.needs.output_tokens
    if card.trained != "head" and needed > model.context_tokens:
        text = f"a request needs about {needed:,} tokens, {model.name} reads {model.context_tokens:,}"
        found.append(Blocked("context", 1.0, text))
    most = {"laptop": LAPTOP_MOST_B, "phone": PHONE_MOST_B}.get(profile.serve_on or "")
    if most is not None and (model.parameters_b or 0.0) > most:
        found.append(
            Blocked("serve_on", 1.0, f"{model.name} is too large for a {profile.serve_on} (at most {most:g}B)")
        )
    return tuple(found)


def place_blocks(kind: str, site: Site, situation: Situation) -> tuple[Blocked, ...]:
    """What stands against the machines: `kind` is own, rented or trained (wherever it is trained)."""
    found = []
    profile = situation.profile
    rented = site.name.startswith("rented:")
    if rented and not situation.may_rent:
        private = profile.data_may_leave == "no" and profile.may_rent_gpus is None
        why = "no data may leave, so no GPU is rented" if private else "no GPU may be rented"
        found.append(Blocked("data_may_leave" if private else "may_rent_gpus", 1.0, why))
    if kind != "trained" and profile.serve_on in CARRIED and site.name != "cpu":
        found.append(Blocked("serve_on", 1.0, f"it must run on a {profile.serve_on}, without a server to ask"))
    if site.wrong:
        found.append(Blocked("hardware", 1.0, site.wrong))
    return tuple(found)


def api_blocks(card: MethodCard, model: ModelCard, situation: Situation) -> tuple[Blocked, ...]:
    """What stands against a hosted model: privacy, no server to ask, tuning not offered or ended."""
    found = []
    profile = situation.profile
    if profile.data_may_leave == "no":
        found.append(Blocked("data_may_leave", 1.0, f"no data may leave, and {model.name} runs at {model.provider}"))
    if profile.serve_on in CARRIED:
        found.append(Blocked("serve_on", 1.0, f"it must run on a {profile.serve_on}, without a server to ask"))
    if too_fast := _too_fast(profile):
        found.append(Blocked("latency_p95_ms", 1.0, too_fast))
    if card.hosted_tuning:
        if model.tuning_ends:
            text = (
                f"tuning of {model.name} at {model.provider} is closed to new organisations and ends for all "
                f"on {model.tuning_ends}"
            )
        else:
            text = f"{model.provider} offers no tuning of {model.name}, as far as the catalog knows"
        found.append(Blocked("hosted_tuning", 1.0, text))
    return tuple(found)


def _too_fast(profile: TaskProfile) -> str:
    """Why no hosted model can keep the time limit, whichever it is; empty where one may."""
    limit = profile.latency_p95_ms
    if limit is None or profile.may_wait_hours:
        return ""
    if limit < FASTEST_CALL_MS:
        return f"a call to a hosted model takes longer than {limit:g} ms over the network alone"
    written = 0 if profile.task_type in CLASSIFYING else profile.output_tokens or 0
    if limit < FASTEST_CALL_MS + 1000.0 * written / FASTEST_TOKENS_PER_S:
        return (
            f"a hosted model takes longer than {limit:g} ms to write {written:,} tokens, even at "
            f"{FASTEST_TOKENS_PER_S:,.0f} a second"
        )
    return ""


def _needs(profile: TaskProfile) -> Needs:
    labels = profile.task_type in CLASSIFYING
    requests = profile.requests_per_month if profile.requests_per_month is not None else TYPICAL_REQUESTS
    mean = requests / (HOURS_PER_MONTH * 3600)
    typed = profile.peak_requests_per_second
    peak = mean * PEAK_OVER_MEAN if typed is None else typed
    return Needs(
        input_tokens=_or(profile.input_tokens, TYPICAL_INPUT),
        output_tokens=_or(profile.output_tokens, TYPICAL_LABEL_OUTPUT if labels else TYPICAL_OUTPUT),
        instruction_tokens=_or(profile.instruction_tokens, TYPICAL_INSTRUCTIONS),
        n_classes=_or(profile.n_classes, 5 if labels else 1),
        labelled_examples=min(_or(profile.labelled_examples, TYPICAL_LABELLED), MOST_ROWS_TRAINED_ON),
        peak_requests_per_s=float(busiest_second(mean, peak, profile.may_wait_hours)),
        latency_p95_ms=profile.latency_p95_ms,
    )


def _or(value: int | None, typical: int) -> int:
    return typical if value is None else value


def _gpu(name: str, facts: Facts) -> Gpu:
    plain = name.casefold()
    for gpu in facts.gpus:
        if plain in (spelling.casefold() for spelling in (gpu.id, gpu.name, *gpu.aliases)):
            return gpu
    near = nearest(name, [s for gpu in facts.gpus for s in (gpu.id, *gpu.aliases)])
    what = f"'gpus': there is no GPU called {name!r} in the catalog."
    raise UnknownName(what, f"{near} See python -m advisor gpus.".strip())
