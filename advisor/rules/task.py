"""What published comparisons say about this kind of task.

What the estimates hold already has no weight here; a field of its own (medicine, finance, law) does, since the
estimates know only the kind of task.
"""

from __future__ import annotations

import math

from advisor.rules.situation import LEARNING, Situation, explains, shifts, warns
from advisor.vocabulary import Reason

EMBEDDED_TOKENS = 256  # all-MiniLM-L6-v2 was made to read so many
# assumption: 0.3 of a logit, give or take as much, for every doubling; the start of a text always tells something
STEPS_PER_DOUBLING, MOST_DOUBLINGS = 2.0, 5.0
PAIRS = "96 published pairs of best prompting and best tuning, 17 sources (quality evidence, 2022-2026)"
LORA_LAND = "LoRA Land, arXiv 2405.00732"


def fixed_form(case: Situation) -> Reason | None:
    """Extraction with house conventions: a tuned 7B often beat the largest prompted model."""
    if case.profile.task_type not in ("extraction", "function_calling"):
        return None
    text = "Filling a fixed form: tuned 7B models beat a prompted GPT-4 there (0.97 against 0.89), partly on format."
    return explains("fixed_form", "tuning", text, "A", LORA_LAND)


def broad_reasoning(case: Situation) -> Reason | None:
    """Knowledge, code and reasoning: the bigger prompted model wins."""
    if case.profile.task_type not in ("reasoning", "code", "question_answering", "chat"):
        return None
    text = (
        "Knowledge, code and reasoning come with size: a prompted GPT-4 beat ten tuned small models on MMLU, ARC "
        "and HumanEval."
    )
    return explains("broad_reasoning", "prompting", text, "A", LORA_LAND)


def clinical_text(case: Situation) -> Reason | None:
    """Medicine: extraction is learned, licensing questions need a large model."""
    if case.profile.domain != "medical":
        return None
    source = "BIDS-Xu-Lab/Biomedical-NLP-Benchmarks"
    if case.profile.task_type == "extraction":
        text = "Clinical entities and relations: a tuned 13B reached 0.87 to 0.91, a prompted GPT-4 0.60 to 0.83."
        return shifts(explains("clinical_text", "tuning", text, "A", source), ("tuning",), 1)
    if case.profile.task_type == "question_answering":
        text = "Medical licensing questions: a prompted GPT-4 reached 0.74, a tuned model 0.45."
        return shifts(explains("clinical_text", "prompting", text, "A", source), ("tuning",), -1)
    return None


def exam_questions(case: Situation) -> Reason | None:
    """Similar solved questions in the prompt carry a generalist past a tuned specialist."""
    if case.profile.task_type != "question_answering" or case.profile.domain not in ("medical", "legal", "finance"):
        return None
    text = "Similar solved questions shown in the prompt carried a general model past tuned specialists (Medprompt)."
    reason = explains("exam_questions", "retrieved_few_shot", text, "B", "arXiv 2311.16452")
    return shifts(reason, ("retrieved_few_shot",), 1)


def finance_text(case: Situation) -> Reason | None:
    """Financial sentiment is learned by small models, financial arithmetic is not."""
    if case.profile.domain != "finance":
        return None
    source = "FinGPT and PIXIU project READMEs"
    if case.classifies:
        text = "Financial sentiment: small tuned models reached 0.85 to 0.87, a prompted GPT-4 0.76 to 0.78."
        return shifts(explains("finance_text", "tuning", text, "A", source), ("tuning",), 1)
    if case.profile.task_type in ("question_answering", "reasoning"):
        text = "Questions on financial figures: a tuned 7B reached 0.07, a prompted GPT-4 0.63."
        return shifts(explains("finance_text", "prompting", text, "A", source), ("tuning",), -1)
    return None


def legal_labels(case: Situation) -> Reason | None:
    """Many legal labels with conventions: a supervised encoder was far ahead of a prompted chat model of 2023."""
    if case.profile.domain != "legal" or not case.classifies:
        return None
    text = "Legal labels with conventions: a small trained model reached 0.79, ChatGPT of 2023 without examples 0.49."
    return shifts(explains("legal_labels", "tuning", text, "A", "coastalcph/zeroshot_lexglue"), LEARNING, 1)


def one_schema(case: Situation) -> Reason | None:
    """Text to SQL on one family of schemas: tuning a code model helps, less on strong bases."""
    if case.profile.task_type != "text_to_sql":
        return None
    text = (
        "SQL on your own schema: tuned code models gained 0.43 over their bases, but only three points "
        "on a strong 70B (54.1 to 57.2)."
    )
    return explains("one_schema", "tuning", text, "A", "DB-GPT-Hub; meta-llama/llama-cookbook")


def written_text_is_learned(case: Situation) -> Reason | None:
    """Generation and summarisation: training won every published pair."""
    if case.profile.task_type not in ("generation", "summarisation") or case.labelled < 500:
        return None
    text = "Texts scored against your own: training beat prompting in all 10 published comparisons."
    return explains("written_text_is_learned", "tuning", text, "A", PAIRS)


def format_first(case: Situation) -> Reason | None:
    """A prompt that fails on form only is mended by constrained output, not by training."""
    if case.profile.task_type not in ("text_to_sql", "function_calling", "extraction"):
        return None
    text = (
        "If the prompt fails on form only (words around the answer, broken JSON), constrain the output first: one "
        "model scored 0 for that reason alone."
    )
    return warns("format_first", "tuning", text, "A", "DB-GPT-Hub")


def inputs_drift(case: Situation) -> Reason | None:
    """On inputs that have moved on, trained models lose more than prompted ones."""
    if not case.classifies or case.profile.requirements_change not in ("monthly", "weekly", "daily"):
        return None
    text = (
        "Where inputs move on, trained models lose more: on a shifted test they had 0.49 to 0.58, prompts 0.71 to 0.75."
    )
    return shifts(explains("inputs_drift", "tuning", text, "B", "tiny-classifiers, tweet_hate"), LEARNING, -1)


def frontier_ahead_lately(case: Situation) -> Reason | None:
    """Win rates age: against the models of 2026 small trained classifiers lead less often."""
    if not case.classifies or case.profile.data_may_leave == "no":
        return None
    text = "Older comparisons favour trained classifiers; against the large models of 2026 small ones won 3 of 10."
    return explains("frontier_ahead_lately", "prompting", text, "B", "tiny-classifiers")


def english_evidence(case: Situation) -> Reason | None:
    """What was published is on English texts."""
    if not case.other_languages:
        return None
    text = (
        "All but one of the published comparisons behind these figures are on English texts. How far they carry over "
        "to other languages is not known, least of all for small models: score some rows of your own, and read them."
    )
    return explains("english_evidence", "every way", text, "fact", PAIRS)


def english_features(case: Situation) -> Reason | None:
    """The embeddings' model was trained on English."""
    if not case.classifies or not case.other_languages:
        return None
    text = "The embeddings' model was trained on English; expect less of them in other languages."
    source = "model card of all-MiniLM-L6-v2"
    return shifts(explains("english_features", "feature_extraction", text, "C", source), ("feature_extraction",), -3)


def embedder_reads_the_start(case: Situation) -> Reason | None:
    """The embeddings' model cuts an input off: with every doubling beyond that it loses, and how much is not known."""
    tokens = case.profile.input_tokens
    if not case.classifies or tokens is None or tokens <= EMBEDDED_TOKENS:
        return None
    text = (
        f"The embeddings' model reads the first {EMBEDDED_TOKENS} tokens of an input (about 200 words) and nothing "
        f"after them; yours have about {tokens:,}."
    )
    steps = -STEPS_PER_DOUBLING * min(math.log2(tokens / EMBEDDED_TOKENS), MOST_DOUBLINGS)
    reason = explains("embedder_reads_the_start", "feature_extraction", text, "C", "model card of all-MiniLM-L6-v2")
    return shifts(reason, ("feature_extraction",), steps)


def small_classifier_enough(case: Situation) -> Reason | None:
    """Sorting short texts into few categories: small models do as well as large tuned ones."""
    if not case.classifies or case.classes > 20 or case.labelled < 200:
        return None
    text = (
        "Few categories and some hundred examples or more: small classifiers were level with or ahead of tuned 7B "
        "models (F1 0.81 against 0.74 to 0.76)."
    )
    return explains(
        "small_classifier_enough", "classical", text, "B", "huggingface/blog, LoRA for sequence classification"
    )


def frozen_features(case: Situation) -> Reason | None:
    """A handful of examples per category and no GPU: sentence embeddings go a long way."""
    if not case.classifies or not 4 <= case.per_class <= 64:
        return None
    text = "With 4 to 64 examples per category, a classifier on sentence embeddings learns most from least, on a CPU."
    return explains("frozen_features", "feature_extraction", text, "A", "huggingface/setfit results")


RULES = (
    fixed_form,
    broad_reasoning,
    clinical_text,
    exam_questions,
    finance_text,
    legal_labels,
    one_schema,
    written_text_is_learned,
    format_first,
    inputs_drift,
    frontier_ahead_lately,
    english_evidence,
    english_features,
    embedder_reads_the_start,
    small_classifier_enough,
    frozen_features,
)
