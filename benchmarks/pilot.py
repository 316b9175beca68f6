"""Speed of pilots as ratios in one run: answering and training against what the libraries do by themselves.

    python -m benchmarks.pilot FILE [--shots N] [--rows N] [--dtype fp32|bf16] [--run RUN]

The starter model must be here. Peers: where FILE has labels, every label after every prompt, each in a pass of its own,
as the common evaluation harnesses do without a cache; where answers are written, the library's `generate` over the same
whole prompts; and a loop of forward, backward, clip and step over the very same batches.
`--run` adds how much of a finished run's time its log accounts for.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from advisor.errors import TuneOrPromptError
from advisor.vocabulary import CLASSIFYING, Dataset
from experiments import dataset as datasets
from experiments.arms.job import ArmJob
from experiments.arms.lora import ARM as LORA
from experiments.models import fastest_dtype, load_causal, resolve
from experiments.pilot.here import threads_here
from experiments.prompts import Prompter, balanced_shots, instruction_for

WARM_ROWS, REPEATS = 2, 3
TRAIN_ROWS = 128
WRITTEN_ROWS, WRITTEN_TOKENS = 8, 64


class Silent:
    """A report nobody reads."""

    def step(self, phase: str, done: float, total: float, **figures: float) -> None:
        """Progress."""

    def should_stop(self) -> bool:
        """Nobody asks."""
        return False


@dataclass(frozen=True)
class Bench:
    """What is measured on."""

    data: Dataset
    folder: Path
    dtype: str
    threads: int

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(label for label, _ in self.data.labels)


def seconds(work: Callable[[], Any]) -> float:
    """The best of some repeats."""
    best = float("inf")
    for _ in range(REPEATS):
        began = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - began)
    return best


def prompted(bench: Bench, shots: int, rows: int) -> tuple[Any, Prompter, list[list[int]]]:
    """The model, and the first rows after the same demonstrations."""
    loaded = load_causal(bench.folder, bench.dtype, "cpu")
    examples = bench.data.examples
    told = instruction_for(bench.data.task_type, bench.data.instruction or "", examples)
    prompter = Prompter(loaded.tokenizer, bench.data.task_type, told, bench.labels)
    demonstrations = balanced_shots(examples[rows:], shots, bench.labels)
    return loaded, prompter, [prompter.ids(example, demonstrations) for example in examples[:rows]]


def writing(bench: Bench, shots: int) -> dict[str, float]:
    """Seconds of a batch after a shared beginning, and as the library writes it; how many answers are the same."""
    from experiments.arms.generation import Writer
    from experiments.arms.label_scoring import common_prefix

    loaded, prompter, prompts = prompted(bench, shots, WRITTEN_ROWS)
    shared = common_prefix(prompts)
    ours = Writer(loaded.model, loaded.tokenizer, prompter.end_id, shared, WRITTEN_TOKENS)
    alone = Writer(loaded.model, loaded.tokenizer, prompter.end_id, [], WRITTEN_TOKENS, has_own_past=True)
    same = [a.text == b.text for a, b in zip(ours.write(prompts), alone.write(prompts), strict=True)]
    ours_s, library_s = seconds(lambda: ours.write(prompts)), seconds(lambda: alone.write(prompts))
    return {
        "rows": len(prompts),
        "prompt_tokens": float(np.mean([len(prompt) for prompt in prompts])),
        "shared_tokens": len(shared),
        "ours_s": ours_s,
        "library_s": library_s,
        "times_faster": library_s / ours_s,
        "same_answers": float(np.mean(same)),
    }


def scoring(bench: Bench, shots: int, rows: int) -> dict[str, float]:
    """Seconds per row by the label tree and label by label; the largest difference; how often both choose alike."""
    from experiments.arms.label_scoring import LabelScorer, common_prefix
    from experiments.arms.plain_scoring import score_plainly

    loaded, prompter, prompts = prompted(bench, shots, rows)
    labels = [prompter.answer_ids(label) for label in bench.labels]
    scorer = LabelScorer(loaded.model, common_prefix(prompts), labels)
    scorer.score(prompts[:WARM_ROWS])
    ours = seconds(lambda: [scorer.score([prompt]) for prompt in prompts]) / rows
    few = prompts[:WARM_ROWS]
    began = time.perf_counter()
    plain = score_plainly(loaded.model, few, labels)
    peer = (time.perf_counter() - began) / len(few)
    mine = scorer.score(few)
    top = np.sort(plain, axis=1)
    clear = top[:, -1] - top[:, -2] > 0.3
    alike = (mine.argmax(1) == plain.argmax(1)) | ~clear
    return {
        "labels": len(labels),
        "prompt_tokens": len(prompts[0]),
        "ours_s_per_row": ours,
        "label_by_label_s_per_row": peer,
        "times_faster": peer / ours,
        "largest_difference": float(np.abs(mine - plain).max()),
        "same_choice_where_clear": float(alike.mean()),
    }


def training(bench: Bench) -> dict[str, float]:
    """Seconds of the pilot's training and of a bare loop over the same batches, each from a fresh model."""
    from experiments.arms.lora import attach
    from experiments.arms.training import Training, collate, train, training_rows

    settings = {**LORA.settings, "epochs": 1}
    found: dict[str, list[float]] = {"ours": [], "bare": []}
    for _ in range(REPEATS):
        for way in found:
            loaded = load_causal(bench.folder, bench.dtype, "cpu")
            prompter = Prompter(loaded.tokenizer, bench.data.task_type, "", bench.labels, list_labels=False)
            rows, _ = training_rows(prompter, bench.data.examples[:TRAIN_ROWS], settings["max_prompt_tokens"])
            tuning = attach(loaded, settings)
            if way == "ours":
                with tempfile.TemporaryDirectory() as folder:
                    work = Training(tuning.model, loaded.tokenizer, rows, tuning.autocast)
                    found[way].append(train(work, job(bench, settings, Path(folder)), Silent()).seconds)
            else:
                size, pad = settings["batch_size"], loaded.tokenizer.pad_token_id
                order = same_order(rows, size)
                batches = [collate([rows[i] for i in order[at : at + size]], pad) for at in range(0, len(rows), size)]
                found[way].append(bare_loop(tuning.model, batches, settings["learning_rate"]))
    ours, bare = min(found["ours"]), min(found["bare"])
    return {"ours_s": ours, "bare_loop_s": bare, "ratio": ours / bare}


def same_order(rows: list[dict[str, Any]], batch_size: int) -> list[int]:
    """The rows as the library's own sampler gives them to the pilot: both ways compute the same batches."""
    import torch
    from transformers.trainer_pt_utils import LengthGroupedSampler

    lengths = [len(row["input_ids"]) for row in rows]
    return list(LengthGroupedSampler(batch_size, lengths=lengths, generator=torch.Generator().manual_seed(1)))


def bare_loop(model: Any, batches: list[dict[str, Any]], learning_rate: float) -> float:
    """Forward, backward, clip, step; nothing else."""
    import torch

    model.set_attn_implementation("eager")
    model.train()
    weights = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(weights, lr=learning_rate, weight_decay=0.0)
    began = time.perf_counter()
    for batch in batches:
        model(**batch, use_cache=False).loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        optimizer.zero_grad()
    return time.perf_counter() - began


def job(bench: Bench, settings: dict[str, Any], folder: Path) -> ArmJob:
    """As a cell would get it."""
    return ArmJob(
        "lora", settings, bench.data.task_type, bench.labels, "", "accuracy", 1, (), (), (), bench.folder, None, folder,
        "cpu", bench.dtype, bench.threads,
    )  # fmt: skip


def accounted(run: str) -> float:
    """Share of a run's working time that its finished cells account for."""
    from experiments.runners.pace import used_seconds
    from workspace import Store

    store = Store()
    cells = store.events.all(run, kind="cell")
    used = used_seconds(store.events.all(run, kind="used"))
    return sum(float(e.payload["seconds"]) for e in cells) / used if used else float("nan")


def main(arguments: list[str]) -> int:
    """Print the figures as JSON."""
    import torch

    parser = argparse.ArgumentParser(prog="python -m benchmarks.pilot", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--shots", type=int, default=16)
    parser.add_argument("--rows", type=int, default=12)
    parser.add_argument("--dtype", choices=("fp32", "bf16"))
    parser.add_argument("--run")
    args = parser.parse_args(arguments)
    try:
        data, folder = datasets.inspect(args.file), resolve("starter").folder
    except TuneOrPromptError as error:
        print(error, file=sys.stderr)
        return 1
    bench = Bench(data, folder, args.dtype or fastest_dtype("cpu"), threads_here())
    torch.set_num_threads(bench.threads)
    found: dict[str, Any] = {"dtype": bench.dtype, "threads": bench.threads}
    if data.task_type in CLASSIFYING:
        found["scoring"] = scoring(bench, args.shots, args.rows)
    else:
        found["writing"] = writing(bench, args.shots)
    found["training"] = training(bench)
    if args.run:
        found["accounted_share"] = accounted(args.run)
    print(json.dumps(found, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
