"""What a team says about its task: every field optional, unanswered is None."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TaskType = Literal[
    "classification",
    "multi_label_classification",
    "extraction",
    "summarisation",
    "generation",
    "question_answering",
    "reasoning",
    "code",
    "text_to_sql",
    "function_calling",
    "chat",
]
FEWEST_TO_MEASURE_ON = 20  # assumption: on fewer rows 0.5 and 0.8 cannot be told apart, so they are no test set
CARRIED = ("laptop", "phone")  # served without a server and, as far as anybody can count on it, without a GPU
CLASSIFYING: tuple[TaskType, ...] = ("classification", "multi_label_classification")  # answers are known labels
Change = Literal["never", "yearly", "monthly", "weekly", "daily"]


@dataclass(frozen=True, slots=True)
class OwnGpu:
    """A GPU the team has: catalog id and count."""

    name: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class HostedTime:
    """A hosted model as the team names it, and the ms within which 95 of 100 of its answers were complete."""

    model: str
    p95_ms: float

    def __str__(self) -> str:
        return f"{self.model} {self.p95_ms:,.15g} ms"


@dataclass(frozen=True, slots=True)
class Priorities:
    """Weights of what matters, any non-negative scale; the decision normalises them."""

    quality: float = 1.0
    cost: float = 1.0
    latency: float = 1.0
    time_to_launch: float = 1.0
    maintenance: float = 1.0


@dataclass(frozen=True, slots=True)
class TaskProfile:
    """The questionnaire's answers (design, section 3); None means unanswered and widens the ranges."""

    name: str | None = None
    description: str | None = None
    stage: Literal["prototype", "production"] | None = None
    task_type: TaskType | None = None
    n_classes: int | None = None
    languages: tuple[str, ...] | None = None
    domain: str | None = None
    evaluation_set: Literal["none", "some", "yes"] | None = None
    well_specified: Literal["yes", "partly", "no"] | None = None
    labelled_examples: int | None = None
    unlabelled_examples: int | None = None
    label_quality: Literal["gold", "noisy", "synthetic"] | None = None
    labels_follow_house_rules: bool | None = None
    labelling_cost_usd_per_example: float | None = None
    teacher_model: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    instruction_tokens: int | None = None
    output_format: Literal["label", "json", "free_text", "house_style", "code"] | None = None
    requests_per_month: float | None = None
    peak_requests_per_second: float | None = None
    latency_p95_ms: float | None = None
    streaming: bool | None = None
    may_wait_hours: float | None = None
    prompted_score: float | None = None
    prompted_model: str | None = None
    metric: str | None = None
    quality_target: float | None = None
    facts_change: Change | None = None
    needs_citations: bool | None = None
    requirements_change: Change | None = None
    retrain_every_months: float | None = None
    data_may_leave: Literal["yes", "with_agreement", "no"] | None = None
    gpus: tuple[OwnGpu, ...] | None = None
    may_rent_gpus: bool | None = None
    own_gpu_usd_per_hour: float | None = None
    serve_on: Literal["server", "laptop", "phone"] | None = None
    budget_one_off_usd: float | None = None
    budget_monthly_usd: float | None = None
    horizon_months: float | None = None
    days_to_launch: float | None = None
    engineer_usd_per_day: float | None = None
    currency: str | None = None
    usd_per_currency_unit: float | None = None
    team_experience: Literal["none", "prompting", "training"] | None = None
    priorities: Priorities | None = None
    hosted_models: tuple[str, ...] | None = None
    open_models: tuple[str, ...] | None = None
    hosted_times: tuple[HostedTime, ...] | None = None

    @property
    def has_no_test_set(self) -> bool:
        """Nothing to measure on: it was said, or there are hardly any examples with right answers."""
        few = self.labelled_examples is not None and self.labelled_examples < FEWEST_TO_MEASURE_ON
        return self.evaluation_set == "none" or (self.evaluation_set is None and few)
