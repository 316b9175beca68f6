"""Answers that contradict each other, and the way out."""

from __future__ import annotations

from advisor.vocabulary import TaskProfile


def contradiction(profile: TaskProfile) -> str:
    """The first contradiction found, as one sentence with the way out; empty where there is none."""
    stays = profile.data_may_leave == "no"
    if stays and profile.hosted_models and profile.open_models == ():
        return (
            "No data may leave, yet only hosted models are named: allow open models, or an agreement with a provider."
        )
    if stays and profile.hosted_models:
        return "No data may leave, so the hosted models you named are out: open models are looked at instead."
    if profile.serve_on in ("laptop", "phone") and profile.hosted_models and profile.open_models == ():
        return f"It must run on a {profile.serve_on}, yet only hosted models are named: allow small open models."
    if profile.labelled_examples == 0 and profile.label_quality is not None and not profile.teacher_model:
        return "You rated the quality of examples but have none: enter their number, or leave their quality open."
    if profile.prompted_score is not None and profile.evaluation_set == "none":
        return "You entered a measured score but no test set: say on how many examples it was measured, and keep them."
    if profile.latency_p95_ms is not None and (profile.may_wait_hours or 0) > 0:
        return "You set a time to answer and a time answers may wait: the longer of the two is used."
    return ""
