"""The words a reader sees for our names; a name nobody here knows is shown as it is, readable."""

from __future__ import annotations

from advisor.vocabulary import Moved, Option, Reason

METHODS = {
    "zero_shot": "Prompting without examples",
    "few_shot": "Prompting with examples",
    "retrieved_few_shot": "Prompting with looked-up examples",
    "retrieval_augmented": "Prompting with documents",
    "classical": "Classical classifier",
    "feature_extraction": "Classifier on embeddings",
    "full_fine_tuning": "Full fine-tuning",
    "lora": "LoRA fine-tuning",
    "qlora": "QLoRA fine-tuning",
    "prefix_tuning": "Prefix tuning",
    "adapters": "Adapter tuning",
    "pretraining": "Pre-training a model",
    "feature_extraction:base": "Classifier on the base model's hidden states",
    "given": "Your present system",
    "zero_shot:api": "Hosted model without examples",
    "few_shot:api": "Hosted model with examples",
}
FAMILIES = {"prompting": "Prompting", "classical": "No language model", "tuning": "Training"}
FAMILY_OF = {
    **dict.fromkeys(("zero_shot", "few_shot", "retrieved_few_shot", "retrieval_augmented"), "prompting"),
    "classical": "classical",
    **dict.fromkeys(
        ("feature_extraction", "full_fine_tuning", "lora", "qlora", "prefix_tuning", "adapters", "pretraining"),
        "tuning",
    ),
}
METRICS = {
    "accuracy": "accuracy",
    "macro_f1": "macro F1",
    "micro_f1": "micro F1",
    "mcc": "Matthews correlation",
    "exact_match": "exact match",
    "token_f1": "token F1",
    "field_f1": "field F1",
    "entity_f1": "entity F1",
    "valid_json": "valid JSON",
    "chrf": "chrF",
    "rouge_l": "ROUGE-L",
    "sql_match": "SQL match",
    "call_match": "call match",
    "final_answer": "right final answers",
    "format_checks": "format checks",
    "preference": "preference",
}
PROVIDERS = {
    "openai": "OpenAI", "anthropic": "Anthropic", "google": "Google", "mistral": "Mistral", "azure": "Azure",
    "bedrock": "Amazon Bedrock", "together": "Together AI", "groq": "Groq", "deepseek": "DeepSeek",
}  # fmt: skip
STRENGTHS = {
    "A": "measured over several tasks",
    "B": "one study",
    "C": "vendor guidance",
    "D": "practitioners' opinion",
    "fact": "a fact",
}
DIRECTIONS = {"favours": "for", "against": "against", "rules_out": "rules out", "explains": "about"}


def spaced(name: str) -> str:
    """A key as words: labelled_examples → labelled examples."""
    return name.replace("_", " ").strip()


def method(name: str) -> str:
    """A method or arm; a variant stands in brackets: classical:neighbours → Classical classifier (neighbours)."""
    if name in METHODS:
        return METHODS[name]
    base, _, variant = name.partition(":")
    words = METHODS.get(base, spaced(base))
    return f"{words} ({spaced(variant)})" if variant else words


def family(name: str) -> str:
    """A family of methods."""
    return FAMILIES.get(name, spaced(name))


def metric(name: str | None) -> str:
    """A metric; without one, 'score'."""
    return METRICS.get(name, spaced(name)) if name else "score"


def metric_head(name: str | None) -> str:
    """A metric at the start of a line: macro F1 → Macro F1."""
    words = metric(name)
    return words[0].upper() + words[1:]


def quality_is(named: str | None, usual: str, task_type: str | None) -> str:
    """What a quality is a score in: the metric that the answers name, else the usual one of the kind of task."""
    if named is None and task_type is None:
        return "the usual score of a task, from 0 to 1; which one is open, as the kind of task is"
    scale = "the share of answers that people would accept" if usual == "preference" else metric(usual)
    return f"{scale}, from 0 to 1" + (": the usual score of this kind of task" if named is None else "")


def model(identifier: str) -> str:
    """A model without the account it is published under."""
    return identifier.rsplit("/", 1)[-1]


def place(name: str | None) -> str:
    """Where something runs: rented:H100×2 → 2 rented H100."""
    if not name:
        return "nowhere"
    kind, _, what = name.partition(":")
    if kind == "api":
        return f"hosted by {PROVIDERS.get(what, what)}" if what else "a hosted service"
    if kind == "cpu":
        return "a CPU"
    if kind in ("own", "rented"):
        gpu, _, count = what.partition("×")
        owner = "your own" if kind == "own" else "a rented"
        return f"{owner} {gpu}" if count in ("", "1") else f"{count} {kind} {gpu}"
    return name


def option(given: Option) -> str:
    """An option in one line: method, model, where it runs."""
    parts = [method(given.method), model(given.model), place(given.place)]
    return ", ".join(part for part in parts if part)


def moved(given: Moved) -> str:
    """What moved: a figure of the whole answer, or of one option."""
    return given.what if given.option is None else f"{option(given.option)}: {given.what}"


def inside(words: str) -> str:
    """The words inside a sentence: Full fine-tuning → full fine-tuning; a first word with capitals inside stays."""
    rest = words.split(" ", 1)[0][1:]
    return words[0].lower() + words[1:] if rest == rest.lower() else words


def subject(reason: Reason) -> str:
    """What a reason speaks for or against."""
    direction = DIRECTIONS.get(reason.direction, reason.direction)
    if not reason.method or reason.method in ("*", "all", "any"):
        return "explains" if reason.direction == "explains" else direction
    return f"{direction} {inside(method(reason.method) if reason.method in METHODS else family(reason.method))}"
