"""Feature extraction: a frozen encoder turns text into vectors, a small classifier is trained on them."""

from advisor.methods.counting import head
from advisor.methods.effort import SOURCE
from advisor.vocabulary import MethodCard

CARD = MethodCard(
    name="feature_extraction",
    label="Classifier on embeddings",
    family="tuning",
    one_line="A frozen model turns each text into a vector; only a small classifier on top is trained.",
    trained="head",
    trainable_parameters=head,
    base_weight_dtype="fp32",
    simplicity=9,
    fixed_shots=0,
    retrieved_shots=0,
    retrieved_tokens=0,
    instruction_share_kept_label=0.0,
    instruction_share_kept_other=0.0,
    needs_labels=True,
    needs_open_weights=True,
    learning_rate=None,
    epochs=1.0,
    engineer_days=(1.0, 4.0, 10.0),
    upkeep_hours_per_month=(1.0, 4.0, 10.0),
    effort_source=SOURCE,
    labels_at_least=50,
)
