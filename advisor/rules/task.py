"""What published comparisons say about this kind of task. They restate what the estimates hold: no weight."""

from __future__ import annotations

from advisor.rules.situation import Situation, explains, shifts
from advisor.vocabulary import Reason

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
        return explains("clinical_text", "tuning", text, "A", source)
    if case.profile.task_type == "question_answering":
        text = "Medical licensing questions: a prompted GPT-4 reached 0.74, a tuned model 0.45."
        return explains("clinical_text", "prompting", text, "A", source)
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
        return explains("finance_text", "tuning", text, "A", source)
    if case.profile.task_type in ("question_answering", "reasoning"):
        text = "Questions on financial figures: a tuned 7B reached 0.07, a prompted GPT-4 0.63."
        return explains("finance_text", "prompting", text, "A", source)
    return None


def legal_labels(case: Situation) -> Reason | None:
    """Many legal labels with conventions: a supervised encoder was far ahead of a prompted chat model of 2023."""
    if case.profile.domain != "legal" or not case.classifies:
        return None
    text = "Legal labels with conventions: a small trained model reached 0.79, ChatGPT of 2023 without examples 0.49."
    return explains("legal_labels", "tuning", text, "A", "coastalcph/zeroshot_lexglue")


def one_schema(case: Situation) -> Reason | None:
    """Text to SQL on one family of schemas: tuning a code model helps, less on strong bases."""
    if case.profile.task_type != "text_to_sql":
        return None
    text = (
        "SQL on your own schema: tuned code models gained 0.43 over their bases, but only three points "
        "on a strong 70B (54.1 to 57.2)."
    )
    return explains("one_schema", "tuning", text, "A", "DB-GPT-Hub; meta-llama/llama-cookbook")


def small_classifier_enough(case: Situation) -> Reason | None:
    """Sorting short texts into few categories: small models do as well as large tuned ones."""
    if not case.classifies or case.classes > 20 or case.labelled < 200:
        return None
    text = (
        "Few categories and some hundred examples: small classifiers were level with or ahead of tuned 7B models "
        "(F1 0.81 against 0.74 to 0.76)."
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
    small_classifier_enough,
    frozen_features,
)
