"""What a finished cell left behind, and so how it can live elsewhere. A new kind is one line in `kind_of`."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from advisor.catalog import find_model
from advisor.errors import InputError, RunError, TuneOrPromptError
from advisor.methods import METHODS
from advisor.vocabulary import ArmPlan
from experiments.arms import card
from experiments.arms.fitted import OBJECTS_FILE
from experiments.models.plain_template import NO_TEMPLATE
from experiments.models.starters import BASE

ADAPTER_CONFIG = "adapter_config.json"
OWN_NOTES = ("trained.json", "README.md")  # our own note beside an adapter, and peft's empty card


class Kind(Enum):
    """Ways in which something lives on."""

    LORA = "low-rank matrices beside the base"
    PREFIX = "trained keys and values before every prompt"
    BOTTLENECK = "layers inside the base that only Tune or Prompt puts there"
    WHOLE = "a whole model"
    PROMPT = "a prompt for the base as it is"
    SERVICE = "a prompt for a hosted model"
    CLASSIFIER = "a classifier that is fitted in seconds"


TRAINED = (Kind.LORA, Kind.PREFIX, Kind.BOTTLENECK, Kind.WHOLE)


@dataclass(frozen=True, slots=True)
class Left:
    """`base` is the name under which anybody finds the model; `settings` those that the cell used in the end."""

    arm: str
    kind: Kind
    base: str
    settings: dict[str, Any]
    artefact: Path | None
    quantised: bool
    starter: bool
    templated: bool

    @classmethod
    def of(cls, arm: ArmPlan, result: dict[str, Any], artefact: str | None) -> Left:
        """Read from the arm's card, the cell's result and the folder that holds what it trained or fitted.

        Raises:
            InputError: the arm has nothing that could be taken elsewhere.
            RunError: what it trained is not here any more.
        """
        folder = Path(artefact) if artefact else None
        gone = "training" in card(arm.arm).needs if folder is None else not folder.is_dir()
        if gone:
            raise RunError(
                f"What {arm.arm} trained is not on this machine any more.", "Run the pilot again, then export it."
            )
        return cls(
            arm=arm.arm,
            kind=kind_of(arm, folder),
            base=base_model(arm.model),
            settings=result["settings"],
            artefact=folder,
            quantised="bitsandbytes" in card(arm.arm).needs,
            starter=base_model(arm.model) == BASE.hub_id,
            templated=NO_TEMPLATE not in result.get("notes", ()),
        )

    @property
    def name(self) -> str:
        """What a server calls it."""
        return self.arm.replace(":", "-").replace("_", "-")

    @property
    def embeds(self) -> bool:
        """Whether a sentence embedder reads the texts."""
        return "embedder" in card(self.arm).needs

    @property
    def folder(self) -> str | None:
        """The folder of an export that holds what was trained or fitted."""
        if self.kind is Kind.CLASSIFIER:
            return None if self.artefact is None else "classifier"  # runs of earlier versions kept none
        if self.kind not in TRAINED:
            return None
        return "model" if self.kind is Kind.WHOLE else "adapter"

    def copy(self, to: Path) -> None:
        """What was trained, without a path of this machine in it; nothing where nothing is kept."""
        if self.artefact is None or self.folder is None:
            return
        target = to / self.folder
        shutil.copytree(self.artefact, target, ignore=shutil.ignore_patterns(*OWN_NOTES))
        config = target / ADAPTER_CONFIG
        if config.exists():
            document = json.loads(config.read_text(encoding="utf-8"))
            config.write_text(
                json.dumps({**document, "base_model_name_or_path": self.base}, indent=2), encoding="utf-8"
            )


def kind_of(arm: ArmPlan, trained: Path | None) -> Kind:
    """By what lies in the folder, else by what the arm needs and does."""
    if trained is not None:
        if (trained / OBJECTS_FILE).exists():
            return Kind.CLASSIFIER
        if (trained / ADAPTER_CONFIG).exists():
            peft_type = json.loads((trained / ADAPTER_CONFIG).read_text(encoding="utf-8")).get("peft_type")
            return Kind.LORA if peft_type == "LORA" else Kind.PREFIX
        return Kind.WHOLE if (trained / "config.json").exists() else Kind.BOTTLENECK
    if "service" in card(arm.arm).needs:
        return Kind.SERVICE
    family = next((method.family for method in METHODS if method.name == arm.method), None)
    if family is None:
        raise InputError(
            f"The answers of '{arm.arm}' were in the file: nothing was made that could be exported.",
            "Name another arm with --arm.",
        )
    return Kind.PROMPT if family == "prompting" else Kind.CLASSIFIER


def base_model(model: str) -> str:
    """The name under which anybody finds the base; a folder of this machine keeps only its name."""
    try:
        return find_model(model).id
    except TuneOrPromptError:
        return Path(model).name
