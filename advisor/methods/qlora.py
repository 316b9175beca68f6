"""QLoRA: LoRA on a base held in four bits, so that it fits a smaller card (Dettmers et al. 2023)."""

from advisor.methods.counting import low_rank, low_rank_saved
from advisor.methods.effort import SOURCE
from advisor.vocabulary import MethodCard

CARD = MethodCard(
    name="qlora",
    label="QLoRA fine-tuning",
    family="tuning",
    one_line="LoRA with the frozen model held in four bits: a quarter of the memory, somewhat slower.",
    trained="adapter",
    trainable_parameters=low_rank,
    base_weight_dtype="nf4",
    simplicity=5,
    fixed_shots=0,
    retrieved_shots=0,
    retrieved_tokens=0,
    instruction_share_kept_label=0.1,  # assumption: design, section 5
    instruction_share_kept_other=0.3,  # assumption: design, section 5
    needs_labels=True,
    needs_open_weights=True,
    learning_rate=2e-4,  # QLoRA paper, appendix B.2: 1e-4 to 2e-4
    epochs=3.0,
    engineer_days=(3.0, 8.0, 20.0),
    upkeep_hours_per_month=(3.0, 8.0, 20.0),
    effort_source=SOURCE,
    saved_values_per_token=low_rank_saved,
    labels_at_least=100,
)
