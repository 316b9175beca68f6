"""Retrieved few-shot: the worked examples most like the request, looked up for each one."""

from advisor.methods.counting import nothing
from advisor.methods.effort import SOURCE
from advisor.vocabulary import MethodCard

CARD = MethodCard(
    name="retrieved_few_shot",
    label="Prompting with looked-up examples",
    family="prompting",
    one_line="Instructions and the labelled examples most like this request, found for each one.",
    trained="nothing",
    trainable_parameters=nothing,
    base_weight_dtype="bf16",
    simplicity=9,
    fixed_shots=0,
    retrieved_shots=8,
    retrieved_tokens=0,
    instruction_share_kept_label=1.0,
    instruction_share_kept_other=1.0,
    needs_labels=True,
    needs_open_weights=False,
    learning_rate=None,
    epochs=None,
    engineer_days=(2.0, 5.0, 12.0),
    upkeep_hours_per_month=(2.0, 5.0, 12.0),
    effort_source=SOURCE,
    labels_at_least=50,
)
