"""No language model at all: word statistics with a logistic regression, or the answer of the nearest row."""

from __future__ import annotations

import re
from typing import Any

from advisor.vocabulary import Example
from experiments.arms.fitted import Fitted, with_vectorizers
from experiments.arms.job import ArmCard, ArmJob, CellOutcome, Report

ARM = ArmCard(
    arm="classical",
    method="classical",
    needs=(),
    settings={
        "strength": 10.0,  # inverse regularisation of the logistic regression (sklearn's C)
        "word_ngrams": 2,
        "latency_rows": 100,
    },
)


def run(job: ArmJob, report: Report) -> CellOutcome:
    """TF-IDF over words and characters; labels by regression, other answers from the nearest training row."""
    from experiments.arms.simple import run_simple

    used = {**ARM.settings, **job.settings}
    labelled = job.task_type.endswith("classification")
    note = (
        "TF-IDF over words and parts of words with logistic regression."
        if labelled
        else "TF-IDF: every row gets the answer of the training row most like it."
    )
    return run_simple(job, report, lambda: learn(job, used, labelled), used, (note,))


def learn(job: ArmJob, used: dict[str, Any], labelled: bool) -> Fitted:
    """Fit on the training rows; words and, for scripts and spellings, character pieces within words."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_union

    from experiments.arms.heads import fit_head, unseen_of

    words = TfidfVectorizer(ngram_range=(1, used["word_ngrams"]), sublinear_tf=True, token_pattern=r"(?u)\b\w+\b")
    pieces = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4), sublinear_tf=True)
    texts = [e.input for e in job.train]
    has_words = any(re.search(r"\w", text) for text in texts)
    vectors = make_union(words, pieces) if has_words else pieces
    matrix = vectors.fit_transform(texts)

    def rows(examples: list[Example]) -> Any:
        return vectors.transform([e.input for e in examples])

    if labelled:
        head = fit_head(matrix, job.train, used["strength"], unseen_of(job, rows))
    else:
        head = nearest_row(matrix, [e.output for e in job.train])
    return with_vectorizers(head.over(rows, "terms"), [words, pieces] if has_words else [pieces])


def nearest_row(matrix: Any, answers: list[str]) -> Fitted:
    """The answer of the training row whose vector is most like."""

    def answer(rows: Any) -> list[str]:
        return [answers[int(i)] for i in (rows @ matrix.T).toarray().argmax(axis=1)]

    return Fitted(answer, {"head": "nearest_row", "answers": answers}, {"matrix": matrix})
