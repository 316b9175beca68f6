"""Pre-training: a model of one's own, from nothing."""

from advisor.methods.counting import everything
from advisor.methods.effort import SOURCE
from advisor.vocabulary import MethodCard

CARD = MethodCard(
    name="pretraining",
    label="Pre-training a model",
    family="tuning",
    one_line="A language model of your own from nothing: trillions of words, thousands of GPUs, months.",
    trained="all",
    trainable_parameters=everything,
    base_weight_dtype="bf16",
    simplicity=1,
    fixed_shots=0,
    retrieved_shots=0,
    retrieved_tokens=0,
    instruction_share_kept_label=0.1,  # assumption: design, section 5
    instruction_share_kept_other=0.3,  # assumption: design, section 5
    needs_labels=True,
    needs_open_weights=True,
    learning_rate=3e-4,  # Llama 2 7B, arXiv 2307.09288, section 2.2
    epochs=1.0,
    engineer_days=(250.0, 700.0, 2000.0),
    upkeep_hours_per_month=(60.0, 160.0, 400.0),
    effort_source=SOURCE,
    tokens_at_least=2e12,  # Llama 2's two trillion, arXiv 2307.09288: what a model a team would want has read
    labels_at_least=100,
)
