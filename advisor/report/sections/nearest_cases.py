"""What happened when somebody compared prompting and training on tasks like this one."""

from __future__ import annotations

from advisor.report import names
from advisor.report.citations import cite
from advisor.report.contents import Contents
from advisor.report.numbers import hundredths, significant
from advisor.vocabulary import Block, Heading, PublishedResult, Table

NOTE = (
    "The published comparisons most like this task: by kind first, then by how well prompting does, the number of "
    "classes and of examples, the field. Each is the best prompt beside the best trained model of one study; they "
    "are neighbours, not forecasts."
)


def blocks(c: Contents) -> tuple[Block, ...]:
    """A row per published case, the nearest first."""
    if c.advice is None or not c.advice.nearest_cases:
        return ()
    rows = tuple(_row(c, case) for case in c.advice.nearest_cases)
    columns = ("Task", "Measured by", "Best prompt", "Best trained", "Examples", "Who won", "Source")
    return (Heading("What others found"), Table("The nearest published comparisons", columns, rows, NOTE, (2, 3, 4)))


def _row(c: Contents, case: PublishedResult) -> tuple[str, ...]:
    return (
        f"{case.task} ({names.spaced(case.task_type)}, {case.year})",
        names.metric(case.metric),
        f"{hundredths(case.prompted_score)} {names.model(case.prompted_model)}",
        f"{hundredths(case.tuned_score)} {names.model(case.tuned_model)}",
        "not told" if case.n_train is None else significant(case.n_train),
        who_won(case),
        cite(c, case.source),
    )


def who_won(case: PublishedResult) -> str:
    """The side that scored higher, and by how many points."""
    ahead = round(100 * (case.tuned_score - case.prompted_score))
    if ahead == 0:
        return "level"
    points = "1 point" if abs(ahead) == 1 else f"{abs(ahead)} points"
    return f"{'training' if ahead > 0 else 'prompting'} by {points}"
