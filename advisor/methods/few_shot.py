"""Few-shot prompting: the same few worked examples in every prompt."""

from advisor.methods.counting import nothing
from advisor.methods.effort import SOURCE
from advisor.vocabulary import MethodCard

CARD = MethodCard(
    name="few_shot",
    label="Prompting with examples",
    family="prompting",
    one_line="Instructions and the same few worked examples in every prompt.",
    trained="nothing",
    trainable_parameters=nothing,
    base_weight_dtype="bf16",
    simplicity=11,
    fixed_shots=8,
    retrieved_shots=0,
    retrieved_tokens=0,
    instruction_share_kept_label=1.0,
    instruction_share_kept_other=1.0,
    needs_labels=True,
    needs_open_weights=False,
    learning_rate=None,
    epochs=None,
    engineer_days=(1.0, 3.0, 7.0),
    upkeep_hours_per_month=(1.0, 3.0, 8.0),
    effort_source=SOURCE,
    labels_at_least=8,
)
