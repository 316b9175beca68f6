"""Answers that contradict each other, and rules that pull apart, each with the way out."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from advisor.decision.implausible import implausible
from advisor.decision.pulls import PULLS
from advisor.decision.words import amount
from advisor.vocabulary import CARRIED, CLASSIFYING, Contradiction, Evidence, TaskProfile

Found = Contradiction | None
SECONDS_PER_MONTH = 730 * 3600
WRITTEN = {"free_text": "free text", "house_style": "texts in your style", "code": "code"}
WORDING_ONLY = {"currency", "usd_per_currency_unit"}  # answers that change how amounts are said and nothing else
LABEL_OR_TEXT = "If answers are written, choose question answering or generation as the kind of task."
TEXT_METRICS = ("chrf", "rouge_l", "sql_match", "call_match", "final_answer")


def contradictions(profile: TaskProfile, spoken: Iterable[str] = ()) -> tuple[Contradiction, ...]:
    """Answers that can hardly be meant, then those that contradict each other, then the rules that `spoken` names."""
    rules = set(spoken)
    answers = tuple(found for check in CHECKS if (found := check(profile)) is not None)
    pulls = tuple(Contradiction((a, b), text, out) for a, b, text, out in PULLS if a in rules and b in rules)
    return (*implausible(profile), *answers, *pulls)


def another_task(profile: TaskProfile, evidence: Evidence | None) -> tuple[Contradiction, ...]:
    """A pilot on another kind of task than was answered: it is left out, and that is said."""
    if evidence is None or evidence.is_on(profile.task_type):
        return ()
    measured, answered = (str(kind).replace("_", " ") for kind in (evidence.task_type, profile.task_type))
    text = f"The pilot was on {measured}, yet you answered {answered}: its scores are left out of this answer."
    out = f"If your task is {measured}, correct the kind of task; if not, run a pilot on rows of this task."
    return (Contradiction(("task_type",), text, out),)


def timed_elsewhere(timed: Iterable[str], considered: Iterable[str]) -> tuple[Contradiction, ...]:
    """Hosted models that were timed and are not among those the team named (ids)."""
    left = sorted(set(timed) - set(considered))
    if not left:
        return ()
    one = len(left) == 1
    text = f"You timed {', '.join(left)}, but not named {'it' if one else 'them'} among the hosted models."
    out = "Add the name there, or leave those open." if one else "Add the names there, or leave those open."
    return (Contradiction(("hosted_times", "hosted_models"), text, out),)


def first_step(found: Iterable[Contradiction], profile: TaskProfile) -> str:
    """The first contradiction between answers as a next step; empty where there is none that could change the way."""
    keys = set(TaskProfile.__dataclass_fields__) - WORDING_ONLY
    return next((f"{c.text} {c.way_out}" for c in found if set(c.between) <= keys), "")


def _hosted_only(p: TaskProfile) -> Found:
    if not (p.hosted_models and p.open_models == ()):
        return None
    if p.data_may_leave == "no":
        out = "Allow open models, or sign an agreement with a provider."
        text = "No data may leave, yet only hosted models are named."
        return Contradiction(("data_may_leave", "hosted_models"), text, out)
    if p.serve_on in CARRIED:
        text = f"It must run on a {p.serve_on}, yet only hosted models are named."
        return Contradiction(("serve_on", "hosted_models"), text, "Allow small open models, or let it run on a server.")
    return None


def _hosted_and_private(p: TaskProfile) -> Found:
    if p.data_may_leave != "no" or not p.hosted_models or p.open_models == ():
        return None
    text = "No data may leave, so the hosted models you named are out."
    return Contradiction(("data_may_leave", "hosted_models"), text, "Open models are looked at instead.")


def _nowhere_to_run(p: TaskProfile) -> Found:
    if p.data_may_leave != "no" or p.gpus or p.may_rent_gpus is True or (p.requests_per_month or 0) < 300_000:
        return None
    if p.serve_on in CARRIED:  # each device answers its own few requests
        return None
    text = "No data may leave and there is no GPU, yet many requests must be answered."
    out = "Buy or rent a GPU your data may go to, or use a simple classifier if the task is sorting."
    return Contradiction(("data_may_leave", "gpus", "requests_per_month"), text, out)


def _quality_of_nothing(p: TaskProfile) -> Found:
    if p.labelled_examples != 0 or p.label_quality is None or p.teacher_model:
        return None
    text = "You rated the quality of examples but have none."
    return Contradiction(
        ("labelled_examples", "label_quality"), text, "Enter their number, or leave their quality open."
    )


def _test_set_of_nothing(p: TaskProfile) -> Found:
    if p.evaluation_set != "yes" or p.labelled_examples != 0:
        return None
    text = "You have a test set but no example with a right answer."
    out = "Count the test set's rows too: some of them can be shown to a model, the others stay apart for measuring."
    return Contradiction(("evaluation_set", "labelled_examples"), text, out)


def _score_without_test(p: TaskProfile) -> Found:
    if p.prompted_score is None or p.evaluation_set != "none":
        return None
    text = "You entered a measured score but no test set."
    out = "Say on how many examples it was measured, and keep them: they are a test set."
    return Contradiction(("prompted_score", "evaluation_set"), text, out)


def _target_below_guessing(p: TaskProfile) -> Found:
    if p.task_type != "classification" or not p.n_classes or p.quality_target is None:
        return None
    if p.quality_target > 1 / p.n_classes or p.metric not in (None, "accuracy"):
        return None
    text = f"Guessing among {p.n_classes} categories already reaches the score you ask for."
    return Contradiction(
        ("quality_target", "n_classes"), text, "Check the target: it should be above one in that many."
    )


def _two_speeds(p: TaskProfile) -> Found:
    if p.latency_p95_ms is None or not p.may_wait_hours:
        return None
    text = "You set a time to answer and a time answers may wait."
    return Contradiction(("latency_p95_ms", "may_wait_hours"), text, "The longer of the two is used; clear the other.")


def _peak_below_average(p: TaskProfile) -> Found:
    if p.peak_requests_per_second is None or not p.requests_per_month:
        return None
    average = p.requests_per_month / SECONDS_PER_MONTH
    if p.peak_requests_per_second >= average:
        return None
    peak = f"The busiest second ({p.peak_requests_per_second:g} requests)"
    text = f"{peak} is below the month's average ({amount(average)})."
    out = "Enter a higher peak, or leave it open."
    return Contradiction(("peak_requests_per_second", "requests_per_month"), text, out)


def _over_before_it_starts(p: TaskProfile) -> Found:
    if p.horizon_months is None or p.days_to_launch is None or p.horizon_months * 30 >= p.days_to_launch:
        return None
    text = "It would be used for a shorter time than it may take until it is live."
    return Contradiction(
        ("horizon_months", "days_to_launch"), text, "Check both; building costs are spread over the use."
    )


def _said_and_not_said(p: TaskProfile) -> Found:
    if p.well_specified != "yes" or not p.labels_follow_house_rules:
        return None
    text = "The task can be said in instructions, yet its answers follow rules a stranger could not guess."
    out = (
        "If the rules can be written down, put them into the instructions and score that prompt; if not, say 'partly'."
    )
    return Contradiction(("well_specified", "labels_follow_house_rules"), text, out)


def _categories_of_text(p: TaskProfile) -> Found:
    if p.n_classes is None or p.task_type is None or p.task_type in CLASSIFYING:
        return None
    text = f"You entered {p.n_classes} categories for a task that does not sort into categories."
    return Contradiction(
        ("n_classes", "task_type"), text, "Choose classification if it does; else leave the number open."
    )


def _more_categories_than_examples(p: TaskProfile) -> Found:
    if not p.n_classes or not p.labelled_examples or p.labelled_examples >= p.n_classes:
        return None
    text = f"You have {p.labelled_examples:,} examples for {p.n_classes:,} categories: most of them have none."
    return Contradiction(
        ("labelled_examples", "n_classes"), text, "Check both; collect some examples of each category, ten if you can."
    )


def _text_metric_of_labels(p: TaskProfile) -> Found:
    if p.task_type not in CLASSIFYING or (p.metric or "").lower() not in TEXT_METRICS:
        return None
    text = f"{p.metric} compares texts, but this task gives labels."
    return Contradiction(("metric", "task_type"), text, "Choose accuracy or macro F1, or another kind of task.")


def _texts_of_labels(p: TaskProfile) -> Found:
    if p.task_type not in CLASSIFYING:
        return None
    if p.output_format in WRITTEN:
        text = f"The task sorts into categories, yet its answers are {WRITTEN[p.output_format]}."
        return Contradiction(("task_type", "output_format"), text, f"{LABEL_OR_TEXT} Advice is for sorting now.")
    if p.needs_citations:
        text = "The task sorts into categories, yet its answers must name their sources, which a category does not."
        return Contradiction(("task_type", "needs_citations"), text, f"{LABEL_OR_TEXT} Advice is for sorting now.")
    return None


def _currency_without_rate(p: TaskProfile) -> Found:
    currency = (p.currency or "").strip()
    if not currency or currency.upper() == "USD" or p.usd_per_currency_unit is not None:
        return None
    text = f"You asked for {currency[:12]}, but its rate is not said, so every amount stays in USD."
    return Contradiction(("currency", "usd_per_currency_unit"), text, f"Say how many USD one {currency[:12]} is.")


CHECKS: tuple[Callable[[TaskProfile], Found], ...] = (
    *(_hosted_only, _hosted_and_private, _nowhere_to_run, _quality_of_nothing, _test_set_of_nothing),
    *(_score_without_test, _target_below_guessing, _two_speeds, _peak_below_average, _over_before_it_starts),
    *(
        _said_and_not_said,
        _categories_of_text,
        _currency_without_rate,
        _more_categories_than_examples,
        _text_metric_of_labels,
        _texts_of_labels,
    ),
)
