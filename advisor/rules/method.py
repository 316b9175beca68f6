"""Which way of tuning."""

from __future__ import annotations

from advisor.rules.situation import Situation, explains, rules_out, shifts, warns
from advisor.vocabulary import CARRIED, Reason

PEFT = "huggingface/peft method comparison (Llama-3.2-3B, GSM8K)"
LARGE_TRAINING_SET = 100_000


def lora_by_default(case: Situation) -> Reason | None:
    """LoRA on all layers is as good as full fine-tuning at these sizes."""
    if case.labelled >= LARGE_TRAINING_SET or case.labelled < 50:
        return None
    text = (
        "On 20,000 examples LoRA reached what full fine-tuning did (0.478 against 0.472), in a fraction of the memory."
    )
    return explains("lora_by_default", "lora", text, "B", PEFT)


def full_at_scale(case: Situation) -> Reason | None:
    """With 100,000 examples and more, full fine-tuning learns more."""
    if case.labelled < LARGE_TRAINING_SET:
        return None
    text = "With 100,000 examples and more, training all weights learns more than LoRA, which in turn forgets less."
    return shifts(
        explains("full_at_scale", "full_fine_tuning", text, "B", "arXiv 2405.09673"), ("full_fine_tuning",), 1
    )


def full_at_scale_nears(case: Situation) -> Reason | None:
    """Some ten thousand examples: LoRA still suffices, full training comes into sight."""
    if not 20_000 <= case.labelled < LARGE_TRAINING_SET:
        return None
    text = (
        "With so many examples LoRA is still level with full fine-tuning; from about 100,000 on full training learns "
        "more."
    )
    return explains("full_at_scale_nears", "full_fine_tuning", text, "B", "arXiv 2405.09673")


def open_models_learn(case: Situation) -> Reason | None:
    """With an open model, training on a few examples beats showing them, and is cheaper per request."""
    only_open = case.profile.data_may_leave == "no" or case.profile.serve_on in CARRIED
    if not only_open or case.labelled < 50:
        return None
    text = (
        "With open models training on few examples beat showing them (75.8 against 62.7), and costs less per request."
    )
    return explains("open_models_learn", "tuning", text, "B", "T-Few on RAFT, arXiv 2205.05638; SetFit results")


def base_matters_more(case: Situation) -> Reason | None:
    """Which model is trained matters more than how many of its weights."""
    if case.labelled < 200:
        return None
    text = "A larger or better base model helps more than training more of its parameters; try two bases."
    return explains("base_matters_more", "tuning", text, "B", "arXiv 2402.17193; LoRA Land, arXiv 2405.00732")


def measure_forgetting(case: Situation) -> Reason | None:
    """What is trained for one thing may lose another."""
    if case.profile.task_type not in ("chat", "generation", "question_answering") or case.labelled < 50:
        return None
    text = "Training for one thing can lose another, LoRA included: keep a test of what it must still be able to do."
    return warns("measure_forgetting", "tuning", text, "B", PEFT)


def thinking_off(case: Situation) -> Reason | None:
    """For a narrow task a model's thinking costs time and brings little."""
    narrow = case.classifies or case.profile.task_type in ("extraction", "function_calling")
    if not narrow or case.profile.latency_p95_ms is None:
        return None
    text = "For a narrow task turn a model's thinking off or to its lowest: it costs seconds and brings little."
    return explains("thinking_off", "prompting", text, "C", "Google Vertex AI tuning guide")


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
    return warns("soft_prompts_fragile", "prefix_tuning", text, "B", PEFT)


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
    full_at_scale_nears,
    open_models_learn,
    base_matters_more,
    measure_forgetting,
    thinking_off,
    qlora_saves_memory,
    soft_prompts_fragile,
    no_pretraining,
    prompts_then_weights,
)
