"""Cost, speed, privacy and change: most is computed in the estimates and only explained here."""

from __future__ import annotations

from advisor.rules.situation import Situation, explains, shifts, warns
from advisor.vocabulary import CARRIED, Reason


def teach_a_small_one(case: Situation) -> Reason | None:
    """A good but dear model can label examples for a small one."""
    if not case.profile.teacher_model:
        return None
    text = "A small model taught with 500 answers of a large one rose from 0.66 to 0.78; its teacher had 0.77."
    return explains("teach_a_small_one", "tuning", text, "B", "OpenAI cookbook, distillation (n = 300)")


def teacher_terms(case: Situation) -> Reason | None:
    """Terms of hosted models often forbid training competing models on their answers."""
    if not case.profile.teacher_model and case.profile.label_quality != "synthetic":
        return None
    text = "Terms of most hosted services forbid training a competing model on their answers: have yours read."
    return warns("teacher_terms", "tuning", text, "C", "providers' terms of service")


def volume_pays(case: Situation) -> Reason | None:
    """High volume of one narrow task is where training pays."""
    requests = case.profile.requests_per_month
    if requests is None or requests < 200_000:
        return None
    text = (
        f"{requests:,.0f} requests a month of one narrow task: in one published case a small trained model paid from "
        "55,000 to 504,000 messages on."
    )
    return explains("volume_pays", "tuning", text, "B", "tiny-classifiers; huggingface/blog, synthetic data")


def long_static_prompt(case: Situation) -> Reason | None:
    """A long fixed prompt is paid for with every request."""
    tokens = case.profile.instruction_tokens
    if tokens is None or not 1_000 <= tokens < 3_000:
        return None
    text = "A long fixed prompt is paid with every request; training shortens it. Price prompt caching first."
    return explains("long_static_prompt", "tuning", text, "C", "Google Vertex AI tuning guide")


def speed_needs_small(case: Situation) -> Reason | None:
    """Under about half a second only small models answer."""
    limit = case.profile.latency_p95_ms
    if limit is None or limit > 800:
        return None
    text = f"Answers within {limit:,.0f} ms need a small model; training makes a small one good enough for one task."
    return explains("speed_needs_small", "tuning", text, "C", "Anthropic, fine-tuning Claude 3 Haiku")


def upkeep_recurs(case: Situation) -> Reason | None:
    """Training is not done once."""
    text = "A trained model costs again and again: labels, retraining, hosting, testing. The estimates count them."
    return warns("upkeep_recurs", "tuning", text, "D", "applied-llms.org")


def task_keeps_changing(case: Situation) -> Reason | None:
    """A tuned model is frozen on the day it is trained."""
    if case.profile.requirements_change not in ("monthly", "weekly", "daily"):
        return None
    text = "The task itself keeps changing. A prompt is edited in minutes; a trained model must be trained again."
    steps = {"monthly": 2.0, "weekly": 8.0, "daily": 16.0}[case.profile.requirements_change]
    reason = explains("task_keeps_changing", "tuning", text, "D", "practitioners' guides to Vertex AI tuning")
    return shifts(reason, ("tuning", "classical"), steps, "upkeep_hours_per_month")


def first_training(case: Situation) -> Reason | None:
    """A team that never trained a model needs longer."""
    if case.profile.team_experience != "none":
        return None
    text = "Nobody here has trained a model yet: the first time takes longer."
    reason = explains("first_training", "tuning", text, "D", "assumption: half as long again")
    return shifts(reason, ("tuning",), 5, "days_to_launch")


def data_stays_here(case: Situation) -> Reason | None:
    """Open weights on own machines, prompted or tuned."""
    if case.profile.data_may_leave != "no":
        return None
    text = "No data may leave: only open models on machines of your own are left, prompted or trained."
    return explains("data_stays_here", "all", text, "fact", "your answer; huggingface/blog on synthetic data")


def hosted_tuning_ends(case: Situation) -> Reason | None:
    """OpenAI closes fine-tuning; what is tuned with a provider dies with its base model."""
    if case.profile.data_may_leave == "no":
        return None
    text = (
        "Training inside a hosted service is fading: OpenAI takes no new customers since 7 May 2026 and ends all "
        "jobs on 6 January 2027. Keep data, tests and recipe portable."
    )
    return explains(
        "hosted_tuning_ends", "tuning", text, "C", "reports on OpenAI's notice of May 2026 (check the live page)"
    )


def licences_bind(case: Situation) -> Reason | None:
    """Weights carry licences into what is made of them."""
    if case.profile.stage != "production" or case.labelled < 50:
        return None
    text = "Open weights carry licences that also bind what you train from them: read them before shipping."
    return warns("licences_bind", "tuning", text, "C", "defog-ai/sqlcoder README; Llama community licence")


def must_be_small(case: Situation) -> Reason | None:
    """On a laptop or phone only small models run, and small models need training most."""
    if case.profile.serve_on not in CARRIED:
        return None
    text = f"On a {case.profile.serve_on} only small models run, which prompting alone rarely makes good enough."
    return explains("must_be_small", "tuning", text, "C", "tiny-classifiers; SetFit results")


RULES = (
    teach_a_small_one,
    teacher_terms,
    volume_pays,
    long_static_prompt,
    speed_needs_small,
    upkeep_recurs,
    task_keeps_changing,
    first_training,
    data_stays_here,
    hosted_tuning_ends,
    licences_bind,
    must_be_small,
)
