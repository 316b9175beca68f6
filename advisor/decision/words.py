"""Options in the words of a product manager."""

from __future__ import annotations

from collections.abc import Sequence

from advisor.vocabulary import OptionPlan
from advisor.vocabulary.saying import missed, percent, roughly

NO_LANGUAGE_MODEL = "You need no language model for this: "
__all__ = [
    "FAMILY", "advice_words", "amount", "continued", "missed", "percent", "place_words", "roughly", "short_words",
    "ways",
]  # fmt: skip

ADVICE = {
    "zero_shot": "Prompt {model} with clear instructions",
    "few_shot": "Prompt {model} with instructions and a few examples",
    "retrieved_few_shot": "Prompt {model} and show it the most similar solved examples each time",
    "retrieval_augmented": "Look facts up in your documents and let {model} answer from them, instead of training",
    "classical": "Train a simple text classifier",
    "feature_extraction": "Train a small classifier on embeddings, ready-made features of a text, by {model}",
    "full_fine_tuning": "Train all of {model} on your examples",
    "lora": "Train {model} on your examples with LoRA (a small add-on; the model itself stays as it is)",
    "qlora": "Train {model} on your examples with QLoRA (a small add-on on a compressed model)",
    "prefix_tuning": "Train a short learned prefix for {model}",
    "adapters": "Train small extra layers inside {model}",
    "pretraining": "Train {model} from nothing",
}
SHORT = {
    "zero_shot": "prompting {model}",
    "few_shot": "prompting {model} with examples",
    "retrieved_few_shot": "prompting {model} with looked-up examples",
    "retrieval_augmented": "{model} with your documents",
    "classical": "a simple text classifier",
    "feature_extraction": "a classifier on embeddings ({model})",
    "full_fine_tuning": "training all of {model}",
    "lora": "LoRA on {model}",
    "qlora": "QLoRA on {model}",
    "prefix_tuning": "prefix tuning of {model}",
    "adapters": "adapters in {model}",
    "pretraining": "training {model} from nothing",
}
FAMILY = {
    "prompting": "prompting is the best way",
    "tuning": "training a model is the best way",
    "classical": "a simple classifier is the best way",
}

WAYS = {
    "prompting": "prompting",
    "tuning": "training",
    "classical": "a simple classifier",
    "zero_shot": "prompts without examples",
    "few_shot": "prompts with examples",
    "retrieved_few_shot": "prompts with looked-up examples",
    "retrieval_augmented": "prompts with documents",
    "feature_extraction": "a classifier on embeddings",
    "full_fine_tuning": "training all weights",
    "pretraining": "training from nothing",
}


def ways(names: Sequence[str]) -> str:
    """Methods and families as a list in words."""
    said = [WAYS.get(name, name.replace("_", " ")) for name in names]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"


SERVICES = {
    "openai": "OpenAI", "anthropic": "Anthropic", "google": "Google", "mistral": "Mistral", "azure": "Azure",
    "bedrock": "Amazon Bedrock", "together": "Together AI", "groq": "Groq", "deepseek": "DeepSeek",
}  # fmt: skip
WITHOUT_A_GPU = {"phone": "on the phone itself", "laptop": "on a laptop, without a GPU"}


def place_words(place: str, serve_on: str | None = None) -> str:
    """'api:openai' → 'through OpenAI'; 'rented:L4×1' → 'on a rented L4'; 'cpu' by what it must run on."""
    kind, _, what = place.partition(":")
    name, _, count = what.partition("×")
    several = f"{count} " if count not in ("", "1") else ""
    return {
        "api": f"through {SERVICES.get(what, what)}",
        "own": f"on your own {several}{name}",
        "rented": f"on {several or 'a '}rented {name}",
        "cpu": WITHOUT_A_GPU.get(serve_on or "", "on an ordinary computer, without a GPU"),
    }.get(kind, f"on {place}")


def advice_words(plan: OptionPlan, serve_on: str | None = None) -> str:
    """What to do, as the beginning of a sentence; of training also where, if it is served elsewhere."""
    option, place = plan.option, place_words(plan.option.place, serve_on)
    if option.trained_at and option.trained_at != option.place and plan.card.trained != "head":
        place = f"{place_words(option.trained_at)}, and serve it {place}"
    return f"{ADVICE[option.method].format(model=plan.model.name)}, {place}"


def continued(sentence: str) -> str:
    """A sentence that goes on after something else: its first letter small."""
    return sentence[0].lower() + sentence[1:]


def short_words(plan: OptionPlan) -> str:
    """The option as a noun."""
    return SHORT[plan.option.method].format(model=plan.model.name)


def amount(value: float) -> str:
    """A number with two significant digits, written out: 12,000 or 0.35."""
    if value == 0 or abs(value) >= 1e15:
        return f"{value:.2g}"
    rounded = float(f"{value:.2g}")
    return f"{rounded:,.0f}" if abs(rounded) >= 10 else f"{rounded:,.2g}"
