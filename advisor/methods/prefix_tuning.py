"""Prefix tuning: trained keys and values of a few virtual tokens before every input (Li & Liang 2021)."""

from advisor.methods.counting import prefix
from advisor.methods.effort import SOURCE
from advisor.vocabulary import MethodCard

CARD = MethodCard(
    name="prefix_tuning",
    label="Prefix tuning",
    family="tuning",
    one_line="Only a handful of virtual tokens in front of each input is trained; the smallest, and fragile.",
    trained="adapter",
    trainable_parameters=prefix,
    base_weight_dtype="bf16",
    simplicity=4,
    fixed_shots=0,
    retrieved_shots=0,
    retrieved_tokens=0,
    instruction_share_kept_label=0.1,  # assumption: design, section 5
    instruction_share_kept_other=0.3,  # assumption: design, section 5
    needs_labels=True,
    needs_open_weights=True,
    learning_rate=1e-2,  # assumption: soft prompts need far higher rates; PEFT's comparison uses 1e-3 to 5e-2
    epochs=5.0,
    engineer_days=(4.0, 12.0, 30.0),
    upkeep_hours_per_month=(3.0, 8.0, 20.0),
    effort_source=SOURCE,
    virtual_tokens=True,
    labels_at_least=100,
)
