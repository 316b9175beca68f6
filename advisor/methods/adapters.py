"""Adapters: two small bottleneck layers inserted into every block are trained (Houlsby et al. 2019)."""

from advisor.methods.counting import bottleneck, bottleneck_saved
from advisor.methods.effort import SOURCE
from advisor.vocabulary import MethodCard

CARD = MethodCard(
    name="adapters",
    label="Adapter tuning",
    family="tuning",
    one_line="Small bottleneck layers inserted into every block are trained; they stay in the model when it answers.",
    trained="adapter",
    trainable_parameters=bottleneck,
    base_weight_dtype="bf16",
    simplicity=4,
    fixed_shots=0,
    retrieved_shots=0,
    retrieved_tokens=0,
    instruction_share_kept_label=0.1,  # assumption: design, section 5
    instruction_share_kept_other=0.3,  # assumption: design, section 5
    needs_labels=True,
    needs_open_weights=True,
    learning_rate=1e-4,  # Houlsby et al. 2019 swept 3e-5 to 3e-3
    epochs=3.0,
    engineer_days=(4.0, 10.0, 25.0),
    upkeep_hours_per_month=(3.0, 8.0, 20.0),
    effort_source=SOURCE,
    saved_values_per_token=bottleneck_saved,
    labels_at_least=100,
)
