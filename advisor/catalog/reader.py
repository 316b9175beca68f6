"""Reads the tables once: rows → vocabulary. A row that cannot be read is a bug and fails loudly."""

from __future__ import annotations

import csv
import functools
import json
from pathlib import Path
from typing import Any

from advisor.catalog.architectures import architecture_from_config
from advisor.catalog.capability import hosted_capability, open_capability
from advisor.catalog.hosted_prices import hosted_price
from advisor.vocabulary import (
    Facts,
    Gpu,
    ModelCard,
    PublishedResult,
    Source,
    active_parameters,
    total_parameters,
)

TOOLS = ("sentence-transformers/all-MiniLM-L6-v2", "tfidf-logistic-regression")
TABLES = Path(__file__).parent / "tables"


def rows(table: str) -> list[dict[str, str]]:
    """The rows of one table, every value as text."""
    with open(TABLES / table, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@functools.cache
def facts() -> Facts:
    """Everything `advise` may know about the world; `catalog_date` is the newest date a row was checked."""
    models = tuple(model for model, listed in _models() if listed)
    gpus = tuple(_gpu(row) for row in rows("gpus.csv"))
    checked = [m.source.checked for m in models] + [g.source.checked for g in gpus]
    return Facts(
        models,
        gpus,
        tuple(_published(row) for row in rows("published.csv")),
        catalog_date=max(checked),
        tools=tuple(model for model in every_model() if model.id in TOOLS),
    )


@functools.cache
def every_model() -> tuple[ModelCard, ...]:
    """Listed candidates, and the shapes and tools that are only resolved by name."""
    return tuple(model for model, _ in _models())


@functools.cache
def _models() -> tuple[tuple[ModelCard, bool], ...]:
    configs = json.loads((TABLES / "configs.json").read_text(encoding="utf-8"))
    open_ = [(_open_model(row, configs), row["listed"] == "yes") for row in rows("models.csv")]
    return (*open_, *((_hosted_model(row), True) for row in rows("hosted.csv")))


def config_of(model: ModelCard) -> dict[str, Any]:
    """The config.json of a model of the catalog, or of the folder or file its id names."""
    names = {row["id"]: row["config"] for row in rows("models.csv")}
    if model.id in names:
        configs = json.loads((TABLES / "configs.json").read_text(encoding="utf-8"))
        return dict(configs[names[model.id]])
    path = Path(model.id)
    return dict(json.loads((path / "config.json" if path.is_dir() else path).read_text(encoding="utf-8")))


def _open_model(row: dict[str, str], configs: dict[str, Any]) -> ModelCard:
    shape = architecture_from_config(configs[row["config"]]) if row["config"] else None
    size_b = total_parameters(shape) / 1e9 if shape else None
    active_b = active_parameters(shape) / 1e9 if shape else None
    return ModelCard(
        id=row["id"],
        name=row["name"],
        family=row["family"],
        parameters_b=size_b,
        active_parameters_b=active_b,
        context_tokens=int(row["context_tokens"]),
        licence=row["licence"],
        commercial_use=_yes_no(row["commercial_use"]),
        capability=open_capability(rows("capability.csv"), active_b, float(row["released"])),
        source=_source(row),
        architecture=shape,
        aliases=(row["config"], *_words(row["aliases"])) if row["config"] else _words(row["aliases"]),
        default=row["default"] == "yes",
    )


def _hosted_model(row: dict[str, str]) -> ModelCard:
    provider, _, name = row["id"].partition("/")
    price, context_tokens = hosted_price(provider, name)
    return ModelCard(
        id=row["id"],
        name=row["name"],
        family=row["family"],
        parameters_b=None,
        active_parameters_b=None,
        context_tokens=context_tokens,
        licence="provider's terms of service",
        commercial_use=True,
        capability=hosted_capability(rows("capability.csv"), row["size"], float(row["released"])),
        source=_source(row),
        provider=provider,
        price=price,
        ends=None,
        tuning_ends=row["tuning_ends"] or None,
        aliases=(name, *_words(row["aliases"])),
        default=row["default"] == "yes",
    )


def _gpu(row: dict[str, str]) -> Gpu:
    price_source = Source(row["price_source"], row["price_url"], row["price_checked"]) if row["price_source"] else None
    return Gpu(
        id=row["id"],
        name=row["name"],
        memory_gib=float(row["memory_gib"]),
        bandwidth_gb_s=float(row["bandwidth_gb_s"]),
        bf16_tflops=float(row["bf16_tflops"]),
        fp8_tflops=_number(row["fp8_tflops"]),
        usd_per_hour_low=_number(row["usd_per_hour_low"]),
        usd_per_hour=_number(row["usd_per_hour"]),
        usd_per_hour_high=_number(row["usd_per_hour_high"]),
        source=_source(row),
        price_source=price_source,
        kind="cpu" if row["kind"] == "cpu" else "gpu",
        aliases=_words(row["aliases"]),
        together=int(row["together"]),
    )


def _published(row: dict[str, str]) -> PublishedResult:
    classes, n_train = _number(row["n_classes"]), _number(row["n_train"])
    return PublishedResult(
        id=row["id"],
        task=row["task"],
        task_type=row["task_type"],
        domain=row["domain"],
        metric=row["metric"],
        n_classes=None if classes is None else int(classes),
        n_train=n_train,
        year=int(row["year"]),
        prompted_score=float(row["prompted_score"]),
        prompted_model=row["prompted_model"],
        tuned_score=float(row["tuned_score"]),
        tuned_model=row["tuned_model"],
        tuned_method=row["tuned_method"],
        source=row["source"],
    )


def _source(row: dict[str, str]) -> Source:
    return Source(row["source"], row["source_url"], row["checked"])


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in text.split("|") if word)


def _number(text: str) -> float | None:
    return float(text) if text else None


def _yes_no(text: str) -> bool | None:
    return {"yes": True, "no": False}.get(text)
