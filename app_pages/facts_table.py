"""Every fact the advice rests on as one row: what, how much, from where, when it was last looked at."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from advisor.catalog import facts
from advisor.methods import METHODS
from advisor.questionnaire import QUESTIONS, assumption
from advisor.vocabulary import Gpu, ModelCard, PublishedResult, Source
from experiments.dataset.wording import many


@dataclass(frozen=True, slots=True)
class Row:
    """One fact; the fields are the columns of the page's table."""

    kind: str
    fact: str
    value: str
    source: str
    link: str | None
    checked: str | None


def rows() -> list[dict[str, Any]]:
    """All of them, grouped by kind."""
    known = facts()
    found: list[Row] = []
    for model in known.models:
        found += _model(model)
    for gpu in known.gpus:
        found += _gpu(gpu)
    found += [_published(result) for result in known.published]
    found += [_effort(card) for card in METHODS]
    found += [
        Row("Assumption", question.label, assumption(question), question.when_unanswered.source, None, None)
        for question in QUESTIONS
        if question.when_unanswered is not None
    ]
    return [asdict(row) for row in found]


def _row(kind: str, fact: str, value: str, source: Source) -> Row:
    return Row(kind, fact, value, source.text, source.url, source.checked)


def _model(model: ModelCard) -> list[Row]:
    size = "size not published" if model.parameters_b is None else f"{model.parameters_b:.3g} billion parameters"
    what = f"{size}, context {model.context_tokens:,} tokens, licence {model.licence}"
    rows = [_row("Model", model.name, what, model.source)]
    if model.price is not None:
        price = model.price
        cached = price.cached_input_usd_per_mtok
        cache = "cache price not known" if cached is None else f"cached input {cached:g}"
        text = (
            f"USD per million tokens: input {price.input_usd_per_mtok:g}, output {price.output_usd_per_mtok:g}, {cache}"
        )
        rows.append(_row("Price", model.name, text, price.source))
    ability = f"{model.capability.mean:+.2f} ± {model.capability.sd:.2f} (0: the median model of the evidence)"
    return [*rows, Row("Capability", model.name, ability, model.capability.source, None, None)]


def _gpu(gpu: Gpu) -> list[Row]:
    what = f"{gpu.memory_gib:g} GiB, {gpu.bandwidth_gb_s:,.0f} GB/s, {gpu.bf16_tflops:g} TFLOPS in bf16"
    rows = [_row("GPU", gpu.name, what, gpu.source)]
    if gpu.price_source is not None and gpu.usd_per_hour is not None:
        text = f"{gpu.usd_per_hour:g} USD an hour ({gpu.usd_per_hour_low:g} to {gpu.usd_per_hour_high:g})"
        rows.append(_row("Price", f"{gpu.name}, rented", text, gpu.price_source))
    return rows


def _published(result: PublishedResult) -> Row:
    trained_on = "" if result.n_train is None else f" on {many(round(result.n_train), 'row')}"
    what = (
        f"{result.metric}: prompted {result.prompted_score:.3g} ({result.prompted_model}), "
        f"tuned{trained_on} {result.tuned_score:.3g} ({result.tuned_model}, {result.tuned_method})"
    )
    return Row("Published result", result.task, what, f"{result.source}, {result.year}", None, None)


def _effort(card: Any) -> Row:
    low, typical, high = card.engineer_days
    what = f"{typical:g} days of an engineer ({low:g} to {high:g}) until it is live"
    return Row("Effort", card.label, what, card.effort_source, None, None)
