"""Answers as the pilot did: the label whose words, with the mark that ends an answer, are likeliest after the prompt.

Where a text may have several labels: a JSON list of those whose probability is above one bar. Where the pilot looked
its examples up, so does this, with `sentences.py` beside it.

    pip install torch transformers peft accelerate   (and bitsandbytes, where settings.json says "quantised": true)
    python answer.py "one text" "another text"

All it needs stands beside it. The base comes from the model hub, or from the folder that the environment variable
BASE_MODEL names. Plain and slow: a prompt that was calibrated is calibrated anew at every start, so give many texts at
once; a server holds its answers to the labels instead.
"""

from __future__ import annotations

import copy
import json
import math
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from runpy import run_path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, BitsAndBytesConfig

HERE = Path(__file__).resolve().parent
DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}
PROBE = "\ue001"
AT_ONCE = 16  # labels that are read together
SAID_EVERY = 10  # texts

Rows = list[dict[str, Any]]


def load(settings: dict[str, Any]) -> tuple[Any, Any]:
    """Model and tokenizer: the base, with what was trained."""
    trained = settings["trained_folder"]
    base = str(HERE / trained) if trained == "model" else os.environ.get("BASE_MODEL", settings["base_model"])
    dtype = DTYPES[settings["dtype"]]
    options: dict[str, Any] = {"dtype": dtype}
    if settings["quantised"]:
        options["quantization_config"] = BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=dtype,
        )
    model, tokenizer = AutoModelForCausalLM.from_pretrained(base, **options), AutoTokenizer.from_pretrained(base)
    if (HERE / "chat_template.jinja").exists():
        tokenizer.chat_template = (HERE / "chat_template.jinja").read_text(encoding="utf-8")
    if trained == "adapter":
        from peft import PeftModel

        model = PeftModel.from_pretrained(model, str(HERE / trained))
    return model.eval(), tokenizer


def rows(part: str) -> Rows:
    """Those of a part, in the pilot's order."""
    lines = (HERE / "rows.jsonl").read_text(encoding="utf-8").splitlines()
    return [row for row in map(json.loads, lines) if row["split"] == part]


def looked_up(settings: dict[str, Any]) -> Callable[[str], Rows]:
    """Text → the training rows that its prompt shows; none where every prompt is the same."""
    if not (embedder := settings["embedder"]):
        return lambda _: []
    nearest = run_path(str(HERE / "sentences.py"))["nearest"]
    found: Callable[[str], Rows] = nearest(embedder, rows("train"), settings["settings"]["shots"])
    return found


def turns(settings: dict[str, Any], text: str, shown: Rows) -> list[dict[str, str]]:
    """The prompt for one text, as turns."""
    *before, last = settings["chat"]
    for row in shown:
        before.append({"role": "user", "content": row["input"]})
        before.append({"role": "assistant", "content": settings["answers"][row["label"]]})
    return [*before, {**last, "content": last["content"].replace("{input}", text)}]


def prompted(tokenizer: Any, settings: dict[str, Any], text: str, shown: Rows) -> list[int]:
    """The prompt's tokens; the least like of the examples that were looked up go where all would be too long."""
    chat = turns(settings, text, shown)
    rendered = tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=True)
    ids: list[int] = tokenizer(rendered, add_special_tokens=False)["input_ids"]
    if shown and len(ids) > settings["settings"]["max_prompt_tokens"]:
        return prompted(tokenizer, settings, text, shown[1:])
    return ids


def end_mark(tokenizer: Any) -> int:
    """The token that the template puts after an answer, else the tokenizer's end token."""
    chat = [{"role": "user", "content": "x"}, {"role": "assistant", "content": PROBE}]
    after = tokenizer.apply_chat_template(chat, tokenize=False).partition(PROBE)[2].lstrip()
    marks = [token for token in tokenizer.all_special_tokens if token and after.startswith(token)]
    return int(tokenizer.convert_tokens_to_ids(max(marks, key=len)) if marks else tokenizer.eos_token_id)


def scores(model: Any, tokenizer: Any, settings: dict[str, Any], text: str, shown: Rows) -> torch.Tensor:
    """Log-probability of each label's words after the prompt of one text, in the order of the labels."""
    prompt = prompted(tokenizer, settings, text, shown)
    mark = [] if several(settings) else [end_mark(tokenizer)]
    labels = [
        [*tokenizer(words, add_special_tokens=False)["input_ids"], *mark] for words in settings["answers"].values()
    ]
    read = read_whole if settings["arm"] == "prefix_tuning" else read_once
    with torch.inference_mode():
        return torch.tensor([sum(found) for found in read(model, prompt, labels)])


def read_once(model: Any, prompt: list[int], labels: list[list[int]]) -> Iterator[list[float]]:
    """The prompt once, then each label after what was kept of it."""
    kept = model(input_ids=torch.tensor([prompt], device=model.device), use_cache=True)
    first = kept.logits[0, -1].float().log_softmax(-1)
    for start in range(0, len(labels), AT_ONCE):
        some = labels[start : start + AT_ONCE]
        longest = max(len(label) for label in some)
        past = copy.deepcopy(kept.past_key_values)
        past.batch_repeat_interleave(len(some))
        ids = torch.tensor([label + label[-1:] * (longest - len(label)) for label in some], device=model.device)
        after = model(input_ids=ids, past_key_values=past, use_cache=True).logits.float().log_softmax(-1)
        for row, label in enumerate(some):  # what stands behind a shorter label is never seen by it
            yield [float(first[label[0]]), *(float(after[row, at, token]) for at, token in enumerate(label[1:]))]


def read_whole(model: Any, prompt: list[int], labels: list[list[int]]) -> Iterator[list[float]]:
    """Prompt and label together, one label after another: a trained prefix stands before every prompt."""
    for label in labels:
        ids = torch.tensor([prompt + label], device=model.device)
        logits = model(input_ids=ids).logits[0, -len(label) - 1 : -1].float().log_softmax(-1)
        yield [float(logits[place, token]) for place, token in enumerate(label)]


def several(settings: dict[str, Any]) -> bool:
    """Whether a text may have several labels."""
    return bool(settings["task_type"] == "multi_label_classification")


def calibrated(
    model: Any, tokenizer: Any, settings: dict[str, Any], examples: Callable[[str], Rows]
) -> tuple[torch.Tensor, float, bool]:
    """What each label gets whatever the text is, the bar for several labels, and whether a text has one at least.

    The first is the mean log share over the inputs of the part `validation`; the bar gives these as many labels on
    average as the pilot says.
    """
    shared = settings["settings"].get("calibration") == "batch"
    before = torch.zeros(len(settings["answers"]))
    if not shared and not several(settings):
        return before, math.inf, True
    texts = [row["input"] for row in rows("validation")]
    print(f"Calibrating on {len(texts)} texts first ...", file=sys.stderr)
    found = []
    for done, text in enumerate(texts):
        if done and done % SAID_EVERY == 0:
            print(f"{done} of {len(texts)}", file=sys.stderr)
        found.append(scores(model, tokenizer, settings, text, examples(text)))
    known = torch.stack(found).log_softmax(-1)
    before = known.mean(0) if shared else before
    if not several(settings):
        return before, math.inf, True
    always = all(row["labels"] for row in rows("train"))
    return before, bar(known - before, float(settings["settings"]["labels_per_row"]), always), always


def bar(known: torch.Tensor, per_row: float, always: bool) -> float:
    """The highest bar with which these rows (texts by labels) get enough labels on average."""
    for found in known.flatten().unique().flip(0):
        if (known >= found).sum(1).clamp(min=int(always)).float().mean() >= per_row:
            return float(found)
    return -math.inf


def answers(texts: list[str]) -> list[str]:
    """The label of each text, or a JSON list of its labels."""
    settings = json.loads((HERE / "settings.json").read_text(encoding="utf-8"))
    model, tokenizer = load(settings)
    labels, examples, found = list(settings["answers"]), looked_up(settings), []
    before, least, always = calibrated(model, tokenizer, settings, examples)
    for text in texts:
        shares = scores(model, tokenizer, settings, text, examples(text)).log_softmax(-1) - before
        best = [labels[int(shares.argmax())]]
        above = sorted(label for label, share in zip(labels, shares, strict=True) if share >= least)
        chosen = above or (best if always else [])
        found.append(json.dumps(chosen, ensure_ascii=False) if several(settings) else best[0])
    return found


if __name__ == "__main__":
    if not sys.argv[1:]:
        sys.exit('Give it at least one text: python answer.py "your text"')
    for label in answers(sys.argv[1:]):
        print(label)
