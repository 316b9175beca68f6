"""How long a cell takes: tokens to read, to write and to train on, over this machine's speeds.

Reference speeds: SmolLM2-135M in bf16 on two CPU cores (reference/starter_models.md, sections 2 and 3). A machine's
calibration divides them, a model's size scales them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from advisor.vocabulary import Accelerator
from experiments.pilot.writing import STOPS, Answers, Endless, WritingSpeed, write_seconds

REFERENCE_PARAMETERS = 134.5e6
READ_TOKENS_PER_S = 1_900.0  # label scoring: snips 280 rows in 6.6 s of ~48 tokens, banking77 231 in 54 s of ~402
# a step of 403 padded tokens took 0.82 s (starter_models.md); steps of 160 to 1,280 tokens, timed on another machine,
# have a fixed part as long as 350 tokens: every weight is read, every small operation begun
TRAIN_MS_PER_TOKEN, STEP_TOKENS = 1.1, 350.0
PADDING = 1.1  # length-sorted batches pad by 1.02 to 1.1, shuffled ones by 1.2 to 1.4
GPU_FACTOR = 30.0  # assumption: a data-centre GPU beside two CPU cores, until the machine is measured
# tokens of demonstrations that every row reads back to and that take as long again as the row itself: 77 labels after
# 1,650 more of them took 2.4 times as long per row
BEGINNING_TOKENS = 1_200.0
TEMPLATE_TOKENS = 16  # a chat turn's marks around a row
# one label and row: 62 labels take 0.3 s for 256 rows, 0.9 for 1,000, 2.0 for 2,000 where reading runs at a third of
# its reference speed; beside other work four to ten times as long
HEAD_S = 1.2e-5
LABEL_TOKENS = 4.5  # tree nodes per label with its end mark: snips 4, banking77 382 / 77 = 5
SHOT_TOKENS = 8  # around one demonstration (design, section 5)
# assumption: an arm's only cell is begun where as little of what is expected would fit; estimates are off by a third
HOPEFUL_SHARE = 0.75
MOST_CORRECTED = 2.0  # assumption: what an earlier run of an arm says beyond this was another load on the machine


@dataclass(frozen=True, slots=True)
class Work:
    """The sizes that decide how long a cell takes."""

    train: int
    answered: int
    input_tokens: float
    output_tokens: float
    instruction_tokens: float
    n_labels: int
    epochs: float
    shots: int
    batch_size: int = 8
    long_output_tokens: float = 0.0  # of a long answer: a batch is written until its longest row ends
    limit_tokens: float = 0.0  # where an answer that does not end is cut
    prompted_instruction_tokens: float = 0.0  # as an untuned model reads it
    heads: int = 0  # labels with a classifier of their own: where a row may have several
    alone: int = 0  # rows answered one at a time, for their latency
    max_prompt_tokens: float = math.inf


@dataclass(frozen=True, slots=True)
class Machine:
    """Speeds relative to the reference: 2.0 = twice as fast. `parameters` of the model that is run."""

    read: float = 1.0
    train: float = 1.0
    write: WritingSpeed = field(default_factory=WritingSpeed)
    parameters: float = REFERENCE_PARAMETERS

    @property
    def scale(self) -> float:
        """A larger model takes longer in proportion (compute bound)."""
        return self.parameters / REFERENCE_PARAMETERS


@dataclass(frozen=True, slots=True)
class Cost:
    """What an arm does per cell, beside `fixed_s`: shares of reading, writing, training and embedding, and calls.

    One that `reads_train` reads every training row as well; one that `shows_same` reads its demonstrations once, and
    every row then attends to them.

    One that `fits_words` trains a classifier of thousands of words, for each label that a row may have beside others.

    `endless` is how many of its answers go on to the limit, as those of a model do that was not taught where to stop.
    """

    fixed_s: float
    reads: float = 0.0
    reads_shots_each: bool = False
    shows_same: bool = False
    trains: float = 0.0
    embeds_ms: float = 0.0
    reads_train: bool = False
    endless: Endless = STOPS
    fits_words: bool = False
    calls_s: float = 0.0


# what the starter wrote to the limit on nine data sets: with eight examples 40 of 157 answers and 11 of 20 batches (no
# answer with slots or descriptions, nearly every summary and query), without 11 of 24 answers and 3 of 3 batches
ENDLESS_SHOWN, ENDLESS_TOLD = Endless(0.25, 0.55), Endless(0.45, 1.0)

COSTS: Mapping[str, Cost] = {
    "classical": Cost(fixed_s=2.0, embeds_ms=1.5, fits_words=True),  # TF-IDF + regression: under 1 to 2.5 s
    "zero_shot": Cost(fixed_s=3.0, reads=1.0, endless=ENDLESS_TOLD),
    "few_shot": Cost(fixed_s=3.5, reads=1.0, shows_same=True, endless=ENDLESS_SHOWN),
    "retrieved_few_shot": Cost(fixed_s=4.0, reads=1.0, reads_shots_each=True, embeds_ms=3.0, endless=ENDLESS_SHOWN),
    "feature_extraction": Cost(fixed_s=4.0, embeds_ms=3.0),  # MiniLM: 1,000 rows and the test in 3.6 s
    "feature_extraction:base": Cost(fixed_s=4.0, reads_train=True),
    "lora": Cost(fixed_s=5.0, reads=1.0, trains=1.0),
    "qlora": Cost(fixed_s=8.0, reads=2.0, trains=1.2),  # step 0.95 / 0.81; unmerged it answers half as fast
    "full_fine_tuning": Cost(fixed_s=6.0, reads=1.0, trains=2.0),  # 1.6 to 2.3 × LoRA per step
    "prefix_tuning": Cost(fixed_s=5.0, reads=1.1, trains=1.0),
    "adapters": Cost(fixed_s=5.0, reads=1.1, trains=1.0),
    # assumption: 1.6 s a call, four at a time
    "zero_shot:api": Cost(fixed_s=2.0, calls_s=0.4),
    "few_shot:api": Cost(fixed_s=2.0, calls_s=0.4),
}
UNKNOWN = Cost(fixed_s=10.0, reads=1.0)


def cell_seconds(arm: str, work: Work, machine: Machine) -> float:
    """The planner's estimate for one cell; a run corrects it by what it measures."""
    cost = cost_of(arm)
    embedding = cost.embeds_ms / 1000 * (work.train + work.answered) / machine.read
    answering = cost.reads * _answer_seconds(cost, work, machine)
    if cost.reads_train:
        rows = work.train + work.answered
        answering += rows * work.input_tokens / READ_TOKENS_PER_S / machine.read * machine.scale
    calls = cost.calls_s * work.answered
    embedding += HEAD_S * work.heads * work.train / machine.read if cost.fits_words else 0.0
    return round(cost.fixed_s + answering + train_seconds(arm, work, machine) + embedding + calls, 1)


def cost_of(arm: str) -> Cost:
    """What is known of an arm, else of the arm it is a variant of."""
    return COSTS.get(arm) or COSTS.get(arm.partition(":")[0], UNKNOWN)


def train_seconds(arm: str, work: Work, machine: Machine) -> float:
    """The training in it."""
    trains = cost_of(arm).trains
    row = TEMPLATE_TOKENS + work.instruction_tokens + work.input_tokens + work.output_tokens
    steps = math.ceil(work.train / work.batch_size) * work.epochs
    positions = work.train * work.epochs * row * PADDING + steps * STEP_TOKENS
    return round(trains * positions * TRAIN_MS_PER_TOKEN / 1000 * machine.scale / machine.train, 1)


def _answer_seconds(cost: Cost, work: Work, machine: Machine) -> float:
    """Reading the questions and all labels, or reading and writing answers."""
    shown = min(work.shots * (work.input_tokens + work.output_tokens + SHOT_TOKENS), work.max_prompt_tokens)
    each = shown if cost.reads_shots_each else 0.0
    tokens = work.answered * (TEMPLATE_TOKENS + work.input_tokens + each + LABEL_TOKENS * work.n_labels)
    if cost.shows_same:
        tokens = tokens * (1 + shown / BEGINNING_TOKENS) + shown
    seconds = tokens / READ_TOKENS_PER_S / machine.read
    if not work.n_labels:
        seconds += write_seconds(_answers(cost, work, shown), machine.write)
    return seconds * machine.scale


def _answers(cost: Cost, work: Work, shown: float) -> Answers:
    """What an arm writes, after its instruction, the examples it is shown, and a row."""
    told = work.instruction_tokens if cost.trains else work.prompted_instruction_tokens
    shown *= cost.shows_same or cost.reads_shots_each
    return Answers(
        rows=work.answered,
        alone=work.alone,
        batch_size=work.batch_size,
        before_tokens=min(TEMPLATE_TOKENS + told + shown + work.input_tokens, work.max_prompt_tokens),
        mean_tokens=work.output_tokens,
        long_tokens=work.long_output_tokens,
        limit_tokens=work.limit_tokens,
        endless=cost.endless,
    )


def machine_of(ratios: Mapping[str, float], accelerator: Accelerator, dtype: str, parameters: float) -> Machine:
    """Speeds from what was measured here (quantities `cpu/bf16/read` and so on), else the reference."""
    otherwise = GPU_FACTOR if accelerator == "cuda" else 1.0
    key = f"{accelerator}/{dtype}"
    read, train = (ratios.get(f"{key}/{what}", otherwise) for what in ("read", "train"))
    return Machine(read, train, WritingSpeed.of(ratios, key, otherwise), max(parameters, 1.0))


def corrected(seconds: float, seen: float) -> float:
    """An estimate times what earlier runs of this arm took beside theirs, within reason."""
    return seconds * min(max(seen, 1 / MOST_CORRECTED), MOST_CORRECTED)


def arm_quantity(accelerator: str, dtype: str, arm: str, *, chosen: bool) -> str:
    """The name under which an arm's measured ÷ estimated seconds are kept: labels `chosen`, or answers written."""
    return f"{accelerator}/{dtype}/arm {arm}" + ("" if chosen else " writing")
