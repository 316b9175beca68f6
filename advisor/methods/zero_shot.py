"""Zero-shot prompting: say what to do, and nothing else."""

from advisor.methods.counting import nothing
from advisor.methods.effort import SOURCE
from advisor.vocabulary import MethodCard

CARD = MethodCard(
    name="zero_shot",
    label="Prompting without examples",
    family="prompting",
    one_line="Instructions only; the model answers from what it already knows.",
    trained="nothing",
    trainable_parameters=nothing,
    base_weight_dtype="bf16",
    simplicity=12,
    fixed_shots=0,
    retrieved_shots=0,
    retrieved_tokens=0,
    instruction_share_kept_label=1.0,
    instruction_share_kept_other=1.0,
    needs_labels=False,
    needs_open_weights=False,
    learning_rate=None,
    epochs=None,
    engineer_days=(0.5, 2.0, 5.0),
    upkeep_hours_per_month=(1.0, 3.0, 8.0),
    effort_source=SOURCE,
)
