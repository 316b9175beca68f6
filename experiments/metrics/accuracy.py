"""Share of rows whose label is right."""

from experiments.metrics.labels import clean
from experiments.metrics.metric import Metric, best_over

METRIC = Metric(
    name="accuracy",
    label="Accuracy",
    one_line="share of rows whose label is right; upper and lower case are the same",
    row=best_over(lambda prediction, reference: float(clean(prediction) == clean(reference))),
    tasks=("classification",),
)
