"""LoRA: two thin matrices beside every linear layer are trained, the model stays as it is (Hu et al. 2021)."""

from advisor.methods.counting import low_rank, low_rank_saved
from advisor.methods.effort import SOURCE
from advisor.vocabulary import MethodCard

CARD = MethodCard(
    name="lora",
    label="LoRA fine-tuning",
    family="tuning",
    one_line="The model stays frozen; thin matrices beside its layers are trained, under one percent of its size.",
    trained="adapter",
    trainable_parameters=low_rank,
    base_weight_dtype="bf16",
    simplicity=6,
    fixed_shots=0,
    retrieved_shots=0,
    retrieved_tokens=0,
    instruction_share_kept_label=0.1,  # assumption: design, section 5
    instruction_share_kept_other=0.3,  # assumption: design, section 5
    needs_labels=True,
    needs_open_weights=True,
    learning_rate=2e-4,  # ten times that of full fine-tuning and more: "LoRA without regret", Thinking Machines 2025
    epochs=3.0,
    engineer_days=(3.0, 8.0, 20.0),
    upkeep_hours_per_month=(3.0, 8.0, 20.0),
    effort_source=SOURCE,
    saved_values_per_token=low_rank_saved,
    labels_at_least=100,
    hosted_tuning=True,
)
