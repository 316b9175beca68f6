"""Facts belong in the prompt, form belongs in the weights."""

from __future__ import annotations

from dataclasses import replace

from advisor.rules.situation import LEARNING, PROMPTING, Situation, explains, rules_out, shifts
from advisor.vocabulary import Reason

OVADIA = "Ovadia et al., arXiv 2312.05934"
GEKHMAN = "Gekhman et al., arXiv 2405.05904"
FRESH = "FreshLLMs, arXiv 2310.03214"
# On questions about the present, models without a search scored under a third, 47 points below the same with one
# (FreshLLMs). assumption: fewer steps where facts move more slowly (4 steps: an accuracy of 0.80 → 0.60, 8: 0.35)
STEPS_WITHOUT_DOCUMENTS = {"yearly": 4, "monthly": 8, "weekly": 12, "daily": 14}


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
    if not case.facts_move:
        return None
    text = (
        "A prompt without documents knows only what the model learned before its release: on questions about the "
        "present, models without a search scored under a third."
    )
    steps = STEPS_WITHOUT_DOCUMENTS[case.profile.facts_change or "daily"]
    source = f"{FRESH}; OpenAI, optimising LLM accuracy; AWS guidance on retrieval"
    return shifts(explains("prompts_lack_facts", "prompting", text, "B", source), PROMPTING, -steps)


def cannot_cite(case: Situation) -> Reason | None:
    """Without the document in front of it a model has nothing to cite."""
    if not case.must_cite:
        return None
    text = "Every statement must be traced to a passage: a model without the documents has nothing to cite."
    reason = rules_out("cannot_cite", "ways without documents", text, "fact", f"your answer; {FRESH}")
    return replace(reason, removes=(*PROMPTING, *LEARNING))


def training_facts_in(case: Situation) -> Reason | None:
    """Training on facts the base model does not know is slow and makes it invent more."""
    if not case.needs_documents:
        return None
    text = "Training on facts the model does not know is slow, makes it invent more, and is out of date at once."
    steps = STEPS_WITHOUT_DOCUMENTS[case.profile.facts_change or "monthly"] if case.facts_move else 6
    return shifts(explains("training_facts_in", "tuning", text, "B", GEKHMAN), LEARNING, -steps)


def style_is_learned(case: Situation) -> Reason | None:
    """Style, tone and house conventions are form: examples show them better than words."""
    if case.profile.output_format != "house_style" or case.classifies:
        return None
    text = "Style and tone are form: training on your own texts shows them better than instructions can."
    source = "Meta and Microsoft guidance; Anyscale's ViGGO case (0.58 to 0.98)"
    return shifts(explains("style_is_learned", "tuning", text, "B", source), ("tuning",), 2)


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
    cannot_cite,
    training_facts_in,
    style_is_learned,
    house_rules_are_learned,
    words_are_enough,
    words_are_not_enough,
    rules_do_not_fit,
    form_and_facts,
)
