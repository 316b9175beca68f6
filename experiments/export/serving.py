"""SERVING.md: how what was exported is served, by what kind of thing it is."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from experiments.arms import card
from experiments.export.left import Kind, Left
from experiments.export.request import RETRIEVED
from experiments.pilot.chosen import EMBEDDER

SERVED = (Kind.LORA, Kind.WHOLE, Kind.PROMPT)
READERS = {"embedder": "EMBEDDER", "base": "BASE_MODEL"}  # what reads the texts → the variable of classify.py for it
MOST_WORDS = 12  # labels whose words are listed in the text; the rest stand in settings.json
ASK = """
    curl http://localhost:8000/v1/chat/completions -H "Content-Type: application/json" -d @request.json
"""
CLASSIFIER = """
No server is needed, and no language model writes: `classify.py` answers with what the pilot fitted, from this folder.
{features}
    pip install {needs}
    python classify.py "your text"

In a program of your own, load it once and ask often:

    from classify import load
    answer = load()
    answer(["your text", "another text"])

The versions are those that it was fitted with; scikit-learn promises nothing for others. `classifier` holds no pickle:
`classify.py` reads it with skops, and refuses types that skops does not know and it does not list.
"""
FEATURES = """
The texts are read by {base}. It comes from the model hub,
or from the folder that the environment variable {variable} names.
"""
UNKEPT = """
Nothing here can be served as it is: the version of Tune or Prompt that made this run kept no file of the classifier.
Make it again with the model card's command, which keeps one, and export that run.
"""
BOTTLENECK = """
No server knows these layers: `adapter/adapters.safetensors` is loaded by Tune or Prompt alone, in Python:

    from safetensors.torch import load_file
    from experiments.arms.bottleneck import add_bottlenecks
    parts = add_bottlenecks(model, {bottleneck})
    parts.load_state_dict(load_file("adapter/adapters.safetensors"))

where `model` is {base}, loaded by transformers. To serve a tuned model, take LoRA or full fine-tuning.
"""
PREFIX = """
vLLM serves no trained prefixes. In Python, with transformers and peft:

    from peft import AutoPeftModelForCausalLM
    from transformers import AutoTokenizer
    model = AutoPeftModelForCausalLM.from_pretrained("./adapter")
    tokenizer = AutoTokenizer.from_pretrained("{base}")

To serve a tuned model, take LoRA or full fine-tuning.
"""

OWN = """
What a row's own instruction says beyond the shared one stands in the last turn, before the input, as in `request.json`:
so the pilot gave it, in training too. `rows.jsonl` keeps it whole, in the turn before.
"""


def serving(
    left: Left,
    words: Mapping[str, str],
    *,
    asked: bool,
    chosen: bool,
    script: bool,
    own: bool = False,
    merged: bool = False,
    needs: Sequence[str] = (),
) -> str:
    """The whole page.

    `words`: label → what the model writes for it. `asked`: there is a request.json; `chosen`: it holds the answer to
    the labels; `script`: there is an answer.py; `own`: rows have instructions of their own; `merged`: there is a folder
    `merged`; `needs`: what classify.py needs.
    """
    parts = [_classifier(left, needs) if left.kind is Kind.CLASSIFIER else _commands(left, merged=merged)]
    if asked and left.kind in SERVED:
        parts.append(f"Then ask it the pilot's first test row:\n{ASK}")
    if asked and left.kind in (*SERVED, Kind.SERVICE):
        parts.append(_request(left, chosen=chosen, script=script))
        parts += [OWN] if own else []
    parts += _labels(words)
    if script:
        parts.append(_script(left))
    parts += _cautions(left, merged=merged, chosen=chosen)
    return "\n\n".join(["# Serving", *(part.strip("\n") for part in parts)]) + "\n"


def _script(left: Left) -> str:
    read = "the base" + (" and the embedder" if left.embeds else "")
    names = "BASE_MODEL names" + (", and the one EMBEDDER names" if left.embeds else "")
    from_where = "" if left.kind is Kind.WHOLE else (
        f"\n\nIt takes {read} from the model hub, or from the folder that the environment variable {names}."
    )  # fmt: skip
    return f'The pilot\'s own way of choosing, in plain Python (slow):\n\n    python answer.py "your text"{from_where}'


def _commands(left: Left, *, merged: bool) -> str:
    template = "" if left.templated else " --chat-template ./chat_template.jinja"
    if left.kind is Kind.LORA:
        rank = max(int(left.settings.get("rank") or 16), 8)
        beside = (
            f"    vllm serve {left.base} --enable-lora --max-lora-rank {rank} --lora-modules {left.name}=./adapter"
            f"{template}"
        )
        if not merged:
            return f"With vLLM, from this folder:\n\n{beside}\n\n" + (
                "`transformers serve` takes whole models only: export again with `--merge` for one."
            )
        return (
            f"The folder `merged` is a whole model: base and adapter in one, in 16 bits. From this folder, one of\n\n"
            f"{_whole('./merged', left.name)}\n\nor the base with this adapter (and others) beside it:\n\n{beside}"
        )
    if left.kind is Kind.WHOLE:
        return f"The folder `model` is a whole model. From this folder, one of\n\n{_whole('./model', left.name)}"
    if left.kind is Kind.PROMPT:
        return f"Nothing was trained: serve the base, with one of\n\n{_whole(left.base, left.name, template)}"
    if left.kind is Kind.SERVICE:
        return (
            f"Nothing was trained: send the turns of `request.json`, with your own input in the last one, to "
            f"{left.settings.get('base_url') or 'the service'}, as the model `{left.settings.get('api_model')}`."
        )
    text = {Kind.PREFIX: PREFIX, Kind.BOTTLENECK: BOTTLENECK}[left.kind]
    return text.format(base=left.base, bottleneck=left.settings.get("bottleneck"))


def _classifier(left: Left, needs: Sequence[str]) -> str:
    if left.folder is None:
        return UNKEPT
    reader = next((READERS[need] for need in card(left.arm).needs if need in READERS), None)
    features = "" if reader is None else FEATURES.format(base=left.base, variable=reader)
    return CLASSIFIER.format(needs=" ".join(needs), features=features)


def _whole(model: str, name: str, template: str = "") -> str:
    return (
        f"    vllm serve {model} --served-model-name {name}{template}\n    transformers serve {model}\n\n"
        f'(for `transformers serve` write `"model": "{model}"` into `request.json`)'
    )


def _request(left: Left, *, chosen: bool, script: bool) -> str:
    how = (
        "`request.json` is that row as the pilot gave it, your own input goes into its last turn; the server renders "
        "it with the model's own chat template"
    )
    if not left.templated:
        how = "`request.json` is that row as the pilot gave it; `chat_template.jinja` renders it, the model has none"
    if left.kind is Kind.SERVICE:
        how = "`request.json` is the pilot's first test row as it was sent"
    if left.arm == RETRIEVED:
        count = left.settings.get("shots")
        how += (
            f".\nIts examples are the {count} rows of the part `train` that are nearest to its input by sentence "
            f"embedding ({EMBEDDER}), the nearest last: look them up anew for every input"
            f"{', as `sentences.py` does' if script else ''}"
        )
    if not chosen:
        return f"{how}."
    return (
        f"{how}.\nThe pilot chose among the labels by their probability. `structured_outputs` makes vLLM (0.12 or "
        "later) choose among them, too, word by word;\n"
        "other servers do not know it: they refuse it, as `transformers serve` does until it is left out, or write "
        "something else."
    )


def _labels(words: Mapping[str, str]) -> list[str]:
    other = [
        (label, said) for label, said in words.items() if said not in (label, json.dumps([label], ensure_ascii=False))
    ]
    if not other:
        return []
    listed = "\n".join(f"- {said} → `{label}`" for label, said in other[:MOST_WORDS])
    more = f"\n- and {len(other) - MOST_WORDS} more" if len(other) > MOST_WORDS else ""
    return [
        f"The model reads and writes labels in words; turn them back (`answers` in `settings.json`):\n\n{listed}{more}"
    ]


def _cautions(left: Left, *, merged: bool, chosen: bool) -> list[str]:
    found = []
    if left.quantised:
        found.append(
            f"It was trained and measured beside a base in 4 bits (NF4). Beside {left.base} in 16 bits answers may "
            "differ a little: measure them again."
        )
    if left.starter and left.kind in (Kind.LORA, Kind.PREFIX, Kind.BOTTLENECK, Kind.PROMPT, Kind.CLASSIFIER):
        rest = " The folder `merged` holds the weights that were measured." if merged else ""
        found.append(
            f"The pilot's base was the starter: the weights of {left.base} rounded to 4 bits by its packagers, and "
            f"widened again. The hub's own weights are not quite the same: measure them again.{rest}"
        )
    if chosen and left.settings.get("calibration") == "batch":
        found.append(
            "The score was measured with calibrated label probabilities: what each label gets whatever the text is "
            "was subtracted. A server does not do that, and will do worse; `answer.py` does it."
        )
    if (per_row := left.settings.get("labels_per_row")) is not None:
        found.append(
            f"A row got every label above one bar, {per_row:g} on average. A server writes a list instead, and will do "
            "otherwise: measure it again. `answer.py` does as the pilot did."
        )
    return found
