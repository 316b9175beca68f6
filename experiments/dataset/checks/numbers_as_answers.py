"""Answers that are numbers on a scale, or numbers that stand for labels."""

from __future__ import annotations

from advisor.vocabulary import Finding
from experiments.dataset import names
from experiments.dataset.bins import number
from experiments.dataset.draft import Draft

NAME = "numbers_as_answers"
NUMBER_SHARE = 0.95
FEW_NUMBERS = 10  # assumption: so many different decimals can be grades
MANY_WHOLE_NUMBERS = 20


def run(draft: Draft) -> list[Finding]:
    """A question for a scale, a note for numbered labels."""
    if draft.task_type not in ("classification", "generation", "question_answering") or draft.choices.bins:
        return []
    plain = names.plain(draft.columns.output)
    answers = {example.output for example in draft.examples}
    known = {answer: number(answer) for answer in answers}
    values = [known[example.output] for example in draft.examples]
    numbers = [value for value in values if value is not None]
    free = plain in names.FREE_OUTPUT and draft.task_type != "classification"
    if len(numbers) < NUMBER_SHARE * len(values) or free:
        return []
    different = len(set(numbers))
    whole = all(value.is_integer() for value in numbers)
    if draft.choices.task_type is None and _is_scale(plain, different, len(values), whole=whole):
        text = (
            f"The answers are {different} different numbers from {min(numbers):g} to {max(numbers):g}: "
            "a scale, not labels. Predicting numbers is not supported."
        )
        mend = (
            "Say --bins 3 to make three classes of them, or --task-type classification to take each number as a label."
        )
        return [Finding(NAME, "ask", text, mend=mend + _several(answers), flag="--bins", options=("3", "5"))]
    if draft.task_type == "classification":
        text = f"The labels are numbers ({different} different ones). They are taken as names of classes."
        mend = f"A prompted model needs words: name what each number means.{_several(answers)}"
        return [Finding("numbered_labels", "note", text, mend=mend)]
    return []


def _several(answers: set[str]) -> str:
    """`0,5` may also be two labels; the person knows."""
    commas = any("," in answer for answer in answers)
    return " If a comma stands between numbers of labels, say --label-separator comma." if commas else ""


def _is_scale(plain: str, different: int, rows: int, *, whole: bool) -> bool:
    if not whole:
        return different > FEW_NUMBERS
    if different > max(2, rows // 4) and different > FEW_NUMBERS:
        return True
    return plain not in names.LABEL_OUTPUT and different > MANY_WHOLE_NUMBERS
