"""Full fine-tuning: every parameter of the model is trained."""

from advisor.methods.counting import everything
from advisor.methods.effort import SOURCE
from advisor.vocabulary import MethodCard

CARD = MethodCard(
    name="full_fine_tuning",
    label="Full fine-tuning",
    family="tuning",
    one_line="Every parameter is trained on your examples; the most memory, and a model of your own to keep.",
    trained="all",
    trainable_parameters=everything,
    base_weight_dtype="bf16",
    simplicity=3,
    fixed_shots=0,
    retrieved_shots=0,
    retrieved_tokens=0,
    instruction_share_kept_label=0.1,  # assumption: design, section 5
    instruction_share_kept_other=0.3,  # assumption: design, section 5
    needs_labels=True,
    needs_open_weights=True,
    learning_rate=1e-5,  # a tenth or less of LoRA's: "LoRA without regret", Thinking Machines 2025
    epochs=3.0,
    engineer_days=(5.0, 14.0, 40.0),
    upkeep_hours_per_month=(4.0, 12.0, 30.0),
    effort_source=SOURCE,
    labels_at_least=100,
)
