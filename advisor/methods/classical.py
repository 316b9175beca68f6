"""Classical learning: word counts and a linear model. No language model at all."""

from advisor.methods.counting import nothing
from advisor.methods.effort import SOURCE
from advisor.vocabulary import MethodCard

CARD = MethodCard(
    name="classical",
    label="Classical classifier",
    family="classical",
    one_line="TF-IDF and logistic regression or nearest neighbours on a CPU: no language model at all.",
    trained="head",
    trainable_parameters=nothing,
    base_weight_dtype="fp32",
    simplicity=10,
    fixed_shots=0,
    retrieved_shots=0,
    retrieved_tokens=0,
    instruction_share_kept_label=0.0,
    instruction_share_kept_other=0.0,
    needs_labels=True,
    needs_open_weights=True,
    learning_rate=None,
    epochs=None,
    engineer_days=(1.0, 3.0, 8.0),
    upkeep_hours_per_month=(1.0, 3.0, 8.0),
    effort_source=SOURCE,
    labels_at_least=50,
)
