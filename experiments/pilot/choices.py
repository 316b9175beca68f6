"""What a person may choose about a pilot; everything has a sensible value without touching it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from experiments.api.service import Service

DEFAULT_ARMS = (
    "classical",
    "classical:neighbours",  # what retrieval does without a model, beside `retrieved_few_shot`
    "zero_shot",
    "few_shot",
    "feature_extraction",
    "lora",
    "retrieved_few_shot",
    "qlora",
)  # in the order they run: the primary comparison (prompting against tuning) stands before the slower rest
API_ARMS = ("zero_shot:api", "few_shot:api")
CURVE_ARM = "lora"
STARTER = "starter"


@dataclass(frozen=True, slots=True)
class PilotChoices:
    """`arms` None: those of DEFAULT_ARMS that fit the task. `settings` change defaults: {"lora": {"epochs": 2}}.

    `also` are run beside whatever `arms` says. `service` is asked by the arms in API_ARMS, which are added when none
    of them is named. `metric` may be `preference` (a person judges pairs afterwards) or `format_checks`, which needs
    its checks in `metric_settings`. Rows are taken `in_order` of the file, or mixed by the seed. With
    `once` no way is repeated: no other seeds, no learning curve.
    """

    arms: tuple[str, ...] | None = None
    model: str = STARTER
    minutes: float = 10.0
    shots: int | None = None
    metric: str | None = None
    seed: int = 1
    size: int | None = None
    test_rows: int | None = None
    in_order: bool = False
    once: bool = False
    settings: dict[str, dict[str, Any]] = field(default_factory=dict)
    service: Service | None = None
    also: tuple[str, ...] = ()
    metric_settings: dict[str, Any] = field(default_factory=dict)
