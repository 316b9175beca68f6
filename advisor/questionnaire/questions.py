"""The questionnaire: one row per answer, in the order a person is asked. Widgets, checks and files derive from it."""

from __future__ import annotations

from advisor.questionnaire.question import Question, Unanswered

CHANGES = ("never", "yearly", "monthly", "weekly", "daily")
METRICS = (
    *("accuracy", "macro_f1", "micro_f1", "mcc", "exact_match", "token_f1", "field_f1", "entity_f1", "valid_json"),
    *("chrf", "rouge_l", "sql_match", "call_match", "final_answer", "preference"),
)
TASK_TYPES = (
    *("classification", "multi_label_classification", "extraction", "summarisation", "generation"),
    *("question_answering", "reasoning", "code", "text_to_sql", "function_calling", "chat"),
)
PRIORITIES = ("quality", "cost", "latency", "time_to_launch", "maintenance")

TASK = (
    Question("name", "Name of the task", "A short name; it heads the report.", "text", "Task", "nothing"),
    Question("description", "What should the model do?", "One or two sentences.", "text", "Task", "nothing"),
    Question(
        "stage", "How far along is it?", "A prototype may cost more per request; production must carry the load.",
        "choice", "Task", "production", choices=("prototype", "production"),
    ),
    Question(
        "task_type", "What kind of task is it?", "The nearest one. Sorting into categories is classification.",
        "choice", "Task", "a mix of all kinds, so quality is only roughly known", choices=TASK_TYPES,
    ),
    Question(
        "n_classes", "How many categories?", "For classification: how many different labels there are.",
        "number", "Task", unit="categories", low=2, high=100_000, whole=True,
        when_unanswered=Unanswered(2, 6, 30, "assumption: most published sets here have 2 to 77 labels"),
    ),
    Question(
        "languages", "Which languages?", "The most frequent first, by name or two-letter code, e.g. German or de.",
        "list", "Task", "English",
    ),
    Question(
        "domain", "Which field is it from?", "E.g. general, medical, legal, finance.", "text", "Task", "general",
    ),
    Question(
        "well_specified", "Can the task be said in instructions?",
        "Would a careful new colleague get it right from a written page, without seeing examples?",
        "choice", "Task", "partly", choices=("yes", "partly", "no"),
    ),
    Question(
        "output_format", "What comes out?", "house_style: text that must sound like you.",
        "choice", "Task", "what is usual for the kind of task",
        choices=("label", "json", "free_text", "house_style", "code"),
    ),
)  # fmt: skip
EXAMPLES = (
    Question(
        "evaluation_set", "Do you have a test set?", "Examples with known right answers, kept apart for measuring.",
        "choice", "Examples", "some examples could serve as one", choices=("none", "some", "yes"),
    ),
    Question(
        "labelled_examples", "How many examples with right answers?", "Input and wanted output; 0 if none yet.",
        "number", "Examples", unit="examples", low=0, high=1e9, whole=True,
        when_unanswered=Unanswered(30, 300, 3_000, "assumption: teams that ask have tens to thousands"),
    ),
    Question(
        "unlabelled_examples", "How many examples without answers?", "E.g. last year's requests.",
        "number", "Examples", "as many as are needed could be collected",
        unit="examples", low=0, high=1e12, whole=True,
    ),
    Question(
        "label_quality", "How good are the answers?",
        "gold: checked by people who know; noisy: quick or mixed; synthetic: written by a model.",
        "choice", "Examples", "gold", choices=("gold", "noisy", "synthetic"),
    ),
    Question(
        "labels_follow_house_rules", "Do the answers follow rules of your own?",
        "Conventions a stranger could not guess from the words of the label.",
        "choice", "Examples", "not known", choices=("yes", "no"), yes_no=True,
    ),
    Question(
        "labelling_cost_usd_per_example", "What does one more example cost?", "Time of the person who labels it.",
        "number", "Examples", unit="USD per example", low=0, high=10_000,
        when_unanswered=Unanswered(0.1, 0.5, 3, "assumption: 10 s to 5 min of a person at 35 USD an hour"),
    ),
    Question(
        "teacher_model", "Is there a model whose answers could teach a smaller one?", "Its name, if any.",
        "text", "Examples", "none",
    ),
)  # fmt: skip
TRAFFIC = (
    Question(
        "input_tokens", "How long is a typical input?", "Tokens; a page of English is about 500. Without instructions.",
        "number", "Traffic", unit="tokens", low=1, high=10_000_000, whole=True,
        when_unanswered=Unanswered(50, 250, 1_500, "assumption: a message to a page; narrower by kind of task"),
    ),
    Question(
        "output_tokens", "How long is a typical answer?", "Tokens; a label is about 3, a paragraph about 120.",
        "number", "Traffic", unit="tokens", low=1, high=1_000_000, whole=True,
        when_unanswered=Unanswered(3, 60, 400, "assumption: a label to a page; narrower by kind of task"),
    ),
    Question(
        "instruction_tokens", "How long are the instructions?", "The part of the prompt that is always the same.",
        "number", "Traffic", unit="tokens", low=0, high=10_000_000, whole=True,
        when_unanswered=Unanswered(80, 300, 1_500, "assumption: a paragraph to three pages"),
    ),
    Question(
        "requests_per_month", "How many requests a month?", "In normal operation.",
        "number", "Traffic", unit="requests a month", low=0, high=1e12,
        when_unanswered=Unanswered(2_000, 30_000, 500_000, "assumption: an internal tool to a busy product"),
    ),
    Question(
        "peak_requests_per_second", "How many at the busiest moment?", "Requests that arrive in the busiest second.",
        "number", "Traffic", unit="requests a second", low=0, high=1e7,
        when_unanswered=Unanswered(3, 6, 15, "assumption: 3 to 15 times the month's average"),
    ),
    Question(
        "latency_p95_ms", "How fast must an answer be?", "Time within which 95 of 100 complete answers must be there.",
        "number", "Traffic", "no limit", unit="ms", low=1, high=1e9,
    ),
    Question(
        "streaming", "Is the answer shown word by word?", "Then the first word matters more than the last.",
        "choice", "Traffic", "no", choices=("yes", "no"), yes_no=True,
    ),
    Question(
        "may_wait_hours", "How long may an answer wait?", "0 for at once; 24 for a nightly batch.",
        "number", "Traffic", "answers are needed at once", unit="hours", low=0, high=8_760,
    ),
)  # fmt: skip
QUALITY = (
    Question(
        "prompted_score", "Best score by prompting so far?",
        "Measured on examples with known answers, 0 to 1. This one number sharpens the advice most.",
        "number", "Quality", "not measured", unit="score, 0 to 1", low=0, high=1,
    ),
    Question(
        "prompted_model", "With which model was that?", "Its name.", "text", "Quality",
        "the most able of the models considered",
    ),
    Question(
        "metric", "How is quality measured?", "The score you would report.", "choice", "Quality",
        "the usual one for the kind of task", choices=METRICS,
    ),
    Question(
        "quality_target", "What score is good enough?", "0 to 1; leave open if better is simply better.",
        "number", "Quality", "no limit", unit="score, 0 to 1", low=0, high=1,
    ),
)  # fmt: skip
CHANGE = (
    Question(
        "facts_change", "How often do the facts change?", "Facts an answer must contain: prices, rules, documents.",
        "choice", "Change", "the answers need no changing facts", choices=CHANGES,
    ),
    Question(
        "needs_citations", "Must answers cite documents?", "Every statement traced to a passage.",
        "choice", "Change", "no", choices=("yes", "no"), yes_no=True,
    ),
    Question(
        "requirements_change", "How often does the task itself change?", "New labels, new rules, another format.",
        "choice", "Change", "yearly", choices=CHANGES,
    ),
    Question(
        "retrain_every_months", "How often would you retrain?", "A tuned model is frozen the day it is trained.",
        "number", "Change", unit="months", low=0.03, high=1_200,
        when_unanswered=Unanswered(3, 6, 18, "assumption: twice a year, as often as base models are replaced"),
    ),
)  # fmt: skip
LIMITS = (
    Question(
        "data_may_leave", "May the data go to an outside service?", "with_agreement: with a contract in place.",
        "choice", "Limits", "with an agreement", choices=("yes", "with_agreement", "no"),
    ),
    Question(
        "gpus", "Which GPUs do you have?", "Name and number, e.g. A100-80GB, 2.", "gpus", "Limits", "none",
    ),
    Question(
        "may_rent_gpus", "May you rent GPUs?", "From a cloud, by the hour.",
        "choice", "Limits", "yes, unless no data may leave", choices=("yes", "no"), yes_no=True,
    ),
    Question(
        "own_gpu_usd_per_hour", "What does an hour on your own GPU cost?", "Power and depreciation, per GPU.",
        "number", "Limits", unit="USD per GPU-hour", low=0, high=1_000,
        when_unanswered=Unanswered(0.2, 0.6, 1.5, "assumption: a card written off over four years, plus power"),
    ),
    Question(
        "serve_on", "Where must it run?", "laptop and phone: no server to ask.", "choice", "Limits", "a server",
        choices=("server", "laptop", "phone"),
    ),
)  # fmt: skip
MONEY = (
    Question(
        "budget_one_off_usd", "What may it cost to build?", "Training, labels and work, once.",
        "number", "Money and time", "no limit", unit="USD", low=0, high=1e12,
    ),
    Question(
        "budget_monthly_usd", "What may it cost a month?",
        "Services or machines, and the hours of your own people who keep it up to date.",
        "number", "Money and time", "no limit", unit="USD a month", low=0, high=1e12,
    ),
    Question(
        "horizon_months", "How long will it be used?", "Building costs are spread over this time.",
        "number", "Money and time", unit="months", low=0.1, high=600,
        when_unanswered=Unanswered(6, 12, 36, "assumption: one budget year, up to a product's life"),
    ),
    Question(
        "days_to_launch", "When must it be live?", "Days from today.",
        "number", "Money and time", "no limit", unit="days", low=0, high=10_000,
    ),
    Question(
        "engineer_usd_per_day", "What does a day of an engineer cost?", "All included.",
        "number", "Money and time", unit="USD a day", low=0, high=100_000,
        when_unanswered=Unanswered(300, 600, 1_000, "assumption: 75,000 to 220,000 USD a year, all included"),
    ),
    Question(
        "currency", "In which currency should the report speak?", "A code such as EUR.",
        "text", "Money and time", "USD",
    ),
    Question(
        "usd_per_currency_unit", "How many USD is one unit of it?", "E.g. 1.08 for EUR.",
        "number", "Money and time", "1", unit="USD", low=1e-9, high=1e9,
    ),
    Question(
        "team_experience", "What has the team done before?", "training: someone has trained a model before.",
        "choice", "Money and time", "prompting", choices=("none", "prompting", "training"),
    ),
    Question(
        "priorities", "What matters how much?", "Weights; only their proportions count.",
        "priorities", "Money and time", "all matter equally", low=0, high=1e6,
    ),
)  # fmt: skip
MODELS = (
    Question(
        "hosted_models", "Which hosted models?", "provider/model; the usual ones if left open.",
        "list", "Models", "the catalog's usual three",
    ),
    Question(
        "open_models", "Which open models?", "Names as on the model hub; the usual ones if left open.",
        "list", "Models", "the catalog's usual six",
    ),
    Question(
        "hosted_times", "Have you timed hosted models?",
        "Send each some 20 real requests; enter the time within which 19 of 20 answers were complete.",
        "times", "Models", "a wide range, since nobody publishes how fast they answer", unit="ms", low=1, high=1e9,
    ),
)  # fmt: skip

QUESTIONS: tuple[Question, ...] = (*TASK, *EXAMPLES, *TRAFFIC, *QUALITY, *CHANGE, *LIMITS, *MONEY, *MODELS)
BY_KEY = {question.key: question for question in QUESTIONS}
