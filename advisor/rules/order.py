"""In which order to work: measure, prompt, then perhaps train."""

from __future__ import annotations

from advisor.rules.situation import Situation, explains, warns
from advisor.vocabulary import Reason

PAIRS = "96 published pairs of best prompting and best tuning, 17 sources (quality evidence, 2022-2026)"


def no_test_set_yet(case: Situation) -> Reason | None:
    """Without known right answers nobody can tell whether a change helped."""
    if not case.profile.has_no_test_set:
        return None
    text = "There is no test set yet. Without known right answers nobody can tell whether training helped."
    return warns("no_test_set_yet", "tuning", text, "C", "OpenAI model-optimisation guide")


def prompt_first(case: Situation) -> Reason | None:
    """No prompted score of a model that may be used is known: the cheapest measurement and the most telling one."""
    if case.profile.prompted_score is not None or case.prompted == "candidate":
        return None
    seen = "No prompt has been measured yet."
    if case.prompted == "stand_in":
        seen = "Prompts were measured with the pilot's small stand-in only."
    text = f"{seen} Where it is close, one score of a real candidate says more about who wins than all other answers."
    return explains("prompt_first", "prompting", text, "A", f"{PAIRS}; Google Vertex AI tuning guide")


def prompting_nearly_there(case: Situation) -> Reason | None:
    """Where prompting scores 0.85 or more, tuning won about a third of the time and gained nothing on the median."""
    score = case.profile.prompted_score
    if score is None or score < 0.85:
        return None
    text = (
        f"Prompting already reaches {score:.2f}. In published comparisons with 0.85 or more, training won 36 % "
        "of 25 and gained nothing in the middle case."
    )
    return explains("prompting_nearly_there", "prompting", text, "A", PAIRS)


def prompting_far_away(case: Situation) -> Reason | None:
    """Where prompting stays under 0.60, tuning won nine times in ten."""
    score = case.profile.prompted_score
    if score is None or score >= 0.60:
        return None
    text = f"Prompting reaches only {score:.2f}. In published comparisons below 0.60, training won 92 % of 36."
    return explains("prompting_far_away", "tuning", text, "A", PAIRS)


def target_in_reach(case: Situation) -> Reason | None:
    """The measured prompt already meets the target: more quality has no use."""
    score, target = case.profile.prompted_score, case.profile.quality_target
    if score is None or target is None or score < target:
        return None
    text = f"The prompt you measured ({score:.2f}) already meets your target ({target:.2f})."
    return explains("target_in_reach", "prompting", text, "fact", "your own measurement")


def goal_unclear(case: Situation) -> Reason | None:
    """Neither words nor examples say what is wanted."""
    if case.profile.well_specified != "no" or not case.answered_labelled or case.labelled > 0:
        return None
    text = "Neither instructions nor examples say what a right answer is. Write down ten of each before anything else."
    source = "Microsoft, fine-tuning considerations"
    return warns("goal_unclear", "tuning", text, "C", source)


RULES = (
    no_test_set_yet,
    prompt_first,
    prompting_nearly_there,
    prompting_far_away,
    target_in_reach,
    goal_unclear,
)
