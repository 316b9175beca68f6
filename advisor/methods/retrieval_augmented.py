"""Retrieval-augmented prompting: passages from the team's own documents in the prompt."""

from advisor.methods.counting import nothing
from advisor.methods.effort import SOURCE
from advisor.vocabulary import MethodCard

CARD = MethodCard(
    name="retrieval_augmented",
    label="Prompting with documents",
    family="prompting",
    one_line="Instructions and passages from your documents, found for each request; for facts that change.",
    trained="nothing",
    trainable_parameters=nothing,
    base_weight_dtype="bf16",
    simplicity=8,
    fixed_shots=0,
    retrieved_shots=0,
    retrieved_tokens=1500,
    instruction_share_kept_label=1.0,
    instruction_share_kept_other=1.0,
    needs_labels=False,
    needs_open_weights=False,
    learning_rate=None,
    epochs=None,
    engineer_days=(5.0, 12.0, 30.0),
    upkeep_hours_per_month=(4.0, 10.0, 30.0),
    effort_source=SOURCE,
)
