"""Which way of tuning."""

from __future__ import annotations

from advisor.rules.situation import Situation, explains, rules_out, shifts, warns
from advisor.vocabulary import Reason

PEFT = "huggingface/peft method comparison (Llama-3.2-3B, GSM8K)"
LARGE_TRAINING_SET = 100_000


def lora_by_default(case: Situation) -> Reason | None:
    """LoRA on all layers is as good as full fine-tuning at these sizes."""
    if case.labelled >= LARGE_TRAINING_SET or case.labelled < 50:
        return None
    text = "At this size LoRA reached what full fine-tuning did (0.478 against 0.472), with a fraction of the memory."
    return explains("lora_by_default", "lora", text, "A", PEFT)


def full_at_scale(case: Situation) -> Reason | None:
    """With 100,000 examples and more, full fine-tuning learns more."""
    if case.labelled < LARGE_TRAINING_SET:
        return None
    text = "With 100,000 examples and more, training all weights learns more than LoRA, which in turn forgets less."
    return shifts(
        explains("full_at_scale", "full_fine_tuning", text, "B", "arXiv 2405.09673"), ("full_fine_tuning",), 1
    )


def qlora_saves_memory(case: Situation) -> Reason | None:
    """Where memory is short, QLoRA costs next to nothing in quality, mostly."""
    if not case.profile.gpus and case.profile.may_rent_gpus is not False:
        return None
    text = "Short of memory, QLoRA lost 0.002 on average over nine models; one published case lost 8 points."
    return explains("qlora_saves_memory", "qlora", text, "A", "DB-GPT-Hub; FinGPT")


def soft_prompts_fragile(case: Situation) -> Reason | None:
    """Prefix tuning depends on its recipe."""
    if case.labelled < 50:
        return None
    text = "Prefix tuning swings with its recipe: 0.19 to 0.42 where LoRA reached 0.48."
    return warns("soft_prompts_fragile", "prefix_tuning", text, "A", PEFT)


def no_pretraining(case: Situation) -> Reason | None:
    """Training a model from nothing takes trillions of tokens."""
    text = (
        "Training a model from nothing takes trillions of tokens and millions of dollars; nobody needs it for one task."
    )
    return rules_out("no_pretraining", "pretraining", text, "C", "Meta, when to fine-tune (part 1)")


def prompts_then_weights(case: Situation) -> Reason | None:
    """Good prompts first, then training on top of them."""
    if case.profile.team_experience != "training" or case.labelled < 200:
        return None
    text = "With a team that can do both, improve the prompt first and train on top of it: the gains added up."
    return explains("prompts_then_weights", "tuning", text, "B", "DSPy BetterTogether; Databricks IE bench")


RULES = (
    lora_by_default,
    full_at_scale,
    qlora_saves_memory,
    soft_prompts_fragile,
    no_pretraining,
    prompts_then_weights,
)
