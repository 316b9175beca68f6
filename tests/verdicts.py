"""The verdict alone, without the search for what would change it: a second instead of ten (`test_cases` compares)."""

from __future__ import annotations

from advisor.advise import DRAWS, SEED
from advisor.again import basis_of
from advisor.catalog import facts
from advisor.decision.next_measurement import next_measurement
from advisor.decision.verdict import recommend
from advisor.estimators.chance import Chance
from advisor.study import Study, study
from advisor.vocabulary import Recommendation, TaskProfile


def studied(profile: TaskProfile) -> Study:
    """Everything predicted and simulated, as `advise` has it."""
    return study(profile, facts(), None, Chance(SEED, DRAWS))


def verdict(profile: TaskProfile) -> Recommendation:
    """What is recommended, without a pilot among the steps."""
    found = studied(profile)
    following = next_measurement(found.outcome, found.profile, found.draws, found.measured)
    return recommend(found.outcome, basis_of(found, following))
