"""Facts belong in the prompt, form belongs in the weights."""

from __future__ import annotations

from advisor.rules.situation import LEARNING, PROMPTING, Situation, explains, shifts
from advisor.vocabulary import Reason

OVADIA = "Ovadia et al., arXiv 2312.05934"
GEKHMAN = "Gekhman et al., arXiv 2405.05904"
# assumption: the faster the facts move, the more answers from memory are wrong (8 steps: an accuracy of 0.80 → 0.55)
STEPS_WITHOUT_DOCUMENTS = {"monthly": 6, "weekly": 10, "daily": 12}
STEPS_WITHOUT_CITATION = 8


def retrieval_for_facts(case: Situation) -> Reason | None:
    """Facts that change or must be cited are best put into the prompt, from documents."""
    if not case.needs_documents:
        return None
    text = (
        "Answers need facts that change or must be cited. Looking them up in documents beat training them in, "
        "for old knowledge and for new."
    )
    return shifts(
        explains("retrieval_for_facts", "retrieval_augmented", text, "B", OVADIA), ("retrieval_augmented",), 4
    )


def prompts_lack_facts(case: Situation) -> Reason | None:
    """A prompt without documents knows only what the model knew on the day it was trained."""
    if not case.needs_documents:
        return None
    text = "A prompt without documents knows only what the model learned before its release."
    source = "OpenAI, optimising LLM accuracy; AWS guidance on retrieval"
    changing = STEPS_WITHOUT_DOCUMENTS.get(case.profile.facts_change or "", 0)
    steps = max(changing, STEPS_WITHOUT_CITATION if case.profile.needs_citations else 0)
    return shifts(explains("prompts_lack_facts", "prompting", text, "C", source), PROMPTING, -steps)


def training_facts_in(case: Situation) -> Reason | None:
    """Training on facts the base model does not know is slow and makes it invent more."""
    if not case.needs_documents:
        return None
    text = "Training on facts the model does not know is slow, makes it invent more, and is out of date at once."
    return shifts(explains("training_facts_in", "tuning", text, "B", GEKHMAN), LEARNING, -6)


def style_is_learned(case: Situation) -> Reason | None:
    """Style, tone and house conventions are form: examples show them better than words."""
    if case.profile.output_format != "house_style":
        return None
    text = "Style and tone are form: training on your own texts shows them better than instructions can."
    source = "Meta and Microsoft guidance; Anyscale's ViGGO case (0.58 to 0.98)"
    return shifts(explains("style_is_learned", "tuning", text, "C", source), ("tuning",), 2)


def house_rules_are_learned(case: Situation) -> Reason | None:
    """Labels that follow rules of the house cannot be guessed from their names."""
    if not case.profile.labels_follow_house_rules:
        return None
    text = "Your labels follow rules of your own, which a model cannot guess from their names; examples teach them."
    source = "faresgr.github.io comparison; Bucher & Martini, arXiv 2406.08660"
    return shifts(explains("house_rules_are_learned", "prompting", text, "B", source), ("zero_shot", "few_shot"), -2)


def words_are_enough(case: Situation) -> Reason | None:
    """A task that can be said in words is prompting's home."""
    if case.profile.well_specified != "yes" or case.profile.labels_follow_house_rules:
        return None
    text = "The task can be said in instructions, which is what prompting is good at."
    return shifts(explains("words_are_enough", "prompting", text, "B", "faresgr.github.io comparison"), PROMPTING, 1)


def words_are_not_enough(case: Situation) -> Reason | None:
    """Where instructions cannot say it, examples must."""
    if case.profile.well_specified != "no" or case.labelled < 50:
        return None
    text = "The task cannot be said in instructions, but your examples show it: learning from them has the advantage."
    source = "Microsoft, fine-tuning considerations"
    return shifts(explains("words_are_not_enough", "prompting", text, "C", source), ("zero_shot", "few_shot"), -2)


def rules_do_not_fit(case: Situation) -> Reason | None:
    """Instructions of many pages are read, and paid for, with every request."""
    tokens = case.profile.instruction_tokens
    if tokens is None or tokens < 3_000:
        return None
    text = (
        f"Your instructions have {tokens:,} tokens, read with every request. Training takes most of them in "
        "(compare with the price of a cached prompt first)."
    )
    return explains("rules_do_not_fit", "tuning", text, "C", "Google Vertex AI tuning guide; Microsoft guidance")


def form_and_facts(case: Situation) -> Reason | None:
    """Facts from documents and form from examples are two needs; both can be met."""
    form = case.profile.output_format == "house_style" or case.profile.labels_follow_house_rules is True
    if not (case.needs_documents and form):
        return None
    text = "You need facts from documents and a form of your own. The two add up: look up the facts, train the form."
    return explains(
        "form_and_facts", "retrieval_augmented", text, "C", "Meta, when to fine-tune (hybrids are often best)"
    )


RULES = (
    retrieval_for_facts,
    prompts_lack_facts,
    training_facts_in,
    style_is_learned,
    house_rules_are_learned,
    words_are_enough,
    words_are_not_enough,
    rules_do_not_fit,
    form_and_facts,
)
