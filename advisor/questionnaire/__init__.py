"""The questionnaire: QUESTIONS, and everything derived from its rows."""

from advisor.questionnaire.draws import quantile_draws, task_draws
from advisor.questionnaire.question import Question, Unanswered
from advisor.questionnaire.questions import BY_KEY, QUESTIONS
from advisor.questionnaire.reading import profile_from_mapping, profile_from_yaml
from advisor.questionnaire.values import value_of
from advisor.questionnaire.writing import allowed, assumption, plain, profile_to_yaml, template

__all__ = [
    "BY_KEY",
    "QUESTIONS",
    "Question",
    "Unanswered",
    "allowed",
    "assumption",
    "plain",
    "profile_from_mapping",
    "profile_from_yaml",
    "profile_to_yaml",
    "quantile_draws",
    "task_draws",
    "template",
    "value_of",
]
