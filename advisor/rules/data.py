"""How many examples, and how good."""

from __future__ import annotations

from advisor.rules.situation import LEARNING, Situation, explains, rules_out, shifts, warns
from advisor.vocabulary import Reason


def nothing_to_learn_from(case: Situation) -> Reason | None:
    """No example, and none that could be labelled: nothing can be trained."""
    if not (case.answered_labelled and case.labelled <= 0 and case.profile.unlabelled_examples == 0):
        return None
    text = "There are no examples, with or without answers, so there is nothing to learn from."
    return rules_out("nothing_to_learn_from", "classical", text, "fact", "your answers")


def nothing_to_train_on(case: Situation) -> Reason | None:
    """The same for tuning."""
    if not (case.answered_labelled and case.labelled <= 0 and case.profile.unlabelled_examples == 0):
        return None
    text = "There are no examples, with or without answers, so there is nothing to train on."
    return rules_out("nothing_to_train_on", "tuning", text, "fact", "your answers")


def examples_to_be_made(case: Situation) -> Reason | None:
    """No labelled example yet: the estimates buy the fewest a method needs."""
    if not (case.answered_labelled and case.labelled <= 0) or case.profile.unlabelled_examples == 0:
        return None
    text = "There is no example with a right answer yet. Whatever learns needs a hundred first; their price is counted."
    return warns("examples_to_be_made", "tuning", text, "C", "Google Vertex AI tuning guide")


def few_examples(case: Situation) -> Reason | None:
    """Under about 100 examples: prompt. Sources disagree on the number."""
    if not case.answered_labelled or not 0 < case.labelled < 100:
        return None
    text = (
        f"{case.labelled:,.0f} examples are few. Guides begin at 100 (Google), 50 (OpenAI) or 500 (practitioners); "
        "they disagree because the number of categories and the competitor's score matter more."
    )
    source = "Google Vertex AI; OpenAI; Pecher et al., arXiv 2402.12819"
    return warns("few_examples", "tuning", text, "C", source)


def enough_examples(case: Situation) -> Reason | None:
    """Some hundred examples and few categories: encoders meet large prompted models."""
    if not case.classifies or not case.answered_labelled or case.per_class < 30:
        return None
    about = float(f"{case.per_class:.2g}")  # two digits say enough
    text = (
        f"About {about:,.0f} examples per category: in one study small trained models passed prompted large ones from "
        "115 to 400 examples on."
    )
    return explains("enough_examples", "tuning", text, "B", "Bucher & Martini, arXiv 2406.08660")


def many_categories(case: Situation) -> Reason | None:
    """Many categories and few examples of each: show similar examples instead of training."""
    if not case.classifies or case.classes < 50 or case.labelled >= 1_000:
        return None
    text = (
        f"{case.classes:,.0f} categories and under 1,000 examples: showing similar examples in the prompt beat "
        "training, which overtook only at 850 to 14,000 examples."
    )
    return explains("many_categories", "retrieved_few_shot", text, "A", "Bertsch et al., arXiv 2405.00200")


def taught_labels(case: Situation) -> Reason | None:
    """A student of a model's answers ends just under its teacher."""
    own = case.labelled if case.answered_labelled else 0.0
    if case.profile.label_quality != "synthetic" and case.taught <= own:
        return None
    text = "Trained on a model's answers, a student ends just under its teacher (0.80 under 0.82; with people's 0.92)."
    return shifts(explains("taught_labels", "tuning", text, "B", "tiny-classifiers, Banking77"), LEARNING, -1.5)


def noisy_labels(case: Situation) -> Reason | None:
    """What is learned is as good as what is shown."""
    if case.profile.label_quality != "noisy":
        return None
    text = "The answers are noisy: a trained model learns the noise too. Check a hundred before adding more."
    return shifts(explains("noisy_labels", "tuning", text, "C", "Google Vertex AI; Meta's guide, part 3"), LEARNING, -2)


def start_small(case: Situation) -> Reason | None:
    """A first training on a hundred good examples shows whether there is a signal."""
    if not case.answered_labelled or not 50 <= case.labelled < 300:
        return None
    text = "For a first training take 50 to 100 well-made examples, look for a gain, and only then collect more."
    return explains("start_small", "tuning", text, "C", "OpenAI, as quoted by practitioners")


def examples_in_the_prompt(case: Situation) -> Reason | None:
    """A long context holds a hundred examples, which can do what training does, at a price per request."""
    if case.classifies or not case.answered_labelled or not 20 <= case.labelled < 500:
        return None
    text = "So many examples fit into a long prompt, where they can match training; every request pays for them."
    return explains("examples_in_the_prompt", "few_shot", text, "B", "many-shot prompting, arXiv 2404.11018")


def more_hardly_helps(case: Situation) -> Reason | None:
    """Few categories: small trained models flatten after some hundred examples."""
    if not case.classifies or not case.answered_labelled or case.classes > 20 or case.labelled < 500:
        return None
    text = (
        "With few categories trained classifiers gain most up to 500 examples; more add little. Check labels instead."
    )
    return explains("more_hardly_helps", "classical", text, "B", "Bucher & Martini, arXiv 2406.08660")


def more_still_helps(case: Situation) -> Reason | None:
    """Many categories: the curve still rises at ten thousand examples."""
    if not case.classifies or case.classes < 50 or case.labelled < 1_000:
        return None
    text = f"With {case.classes:,.0f} categories more examples still help: with 77 the score still rose at 9,493."
    return explains("more_still_helps", "tuning", text, "B", "tiny-classifiers, Banking77")


def seeds_differ(case: Situation) -> Reason | None:
    """At small sizes the same training differs by 4 to 7 points from run to run."""
    if not case.answered_labelled or not 0 < case.labelled < 300:
        return None
    text = "With so few examples the same training differs by 4 to 7 points from run to run: repeat it three times."
    return warns("seeds_differ", "tuning", text, "A", "huggingface/setfit raw runs")


RULES = (
    nothing_to_learn_from,
    nothing_to_train_on,
    examples_to_be_made,
    few_examples,
    enough_examples,
    many_categories,
    taught_labels,
    noisy_labels,
    start_small,
    examples_in_the_prompt,
    more_hardly_helps,
    more_still_helps,
    seeds_differ,
)
