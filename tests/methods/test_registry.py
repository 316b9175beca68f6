"""The folder of cards and the tuple of them are the same; the cards say what the design says."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

import advisor.methods
from advisor.errors import UnknownName
from advisor.methods import METHODS, card
from advisor.vocabulary import MethodName

FOLDER = Path(advisor.methods.__file__).parent
NOT_CARDS = {"__init__", "registry", "counting", "effort"}


def test_every_file_of_the_folder_is_a_card_in_the_tuple_and_the_other_way_round() -> None:
    files = {path.stem for path in FOLDER.glob("*.py")} - NOT_CARDS
    assert files == {method.name for method in METHODS}


def test_the_order_is_that_of_the_vocabulary() -> None:
    assert tuple(method.name for method in METHODS) == get_args(MethodName)


def test_families_and_what_they_train() -> None:
    for method in METHODS:
        assert (method.family == "prompting") == (method.trained == "nothing"), method.name
        low, typical, high = method.engineer_days
        assert 0 < low < typical < high
        assert method.effort_source
    assert len({m.one_line for m in METHODS}) == 12


def test_shots_and_shares_are_those_of_the_design() -> None:
    assert card("few_shot").fixed_shots == 8
    assert card("retrieved_few_shot").retrieved_shots == 8
    assert card("retrieval_augmented").retrieved_tokens == 1500
    assert card("lora").instruction_share_kept_label == 0.1
    assert card("lora").instruction_share_kept_other == 0.3
    assert card("zero_shot").instruction_share_kept_other == 1.0


def test_prompting_is_simpler_than_training_and_pretraining_the_least_simple() -> None:
    assert card("zero_shot").simplicity == max(m.simplicity for m in METHODS)
    assert card("pretraining").simplicity == min(m.simplicity for m in METHODS)


def test_names_resolve_and_unknown_ones_list_the_known() -> None:
    assert card("QLoRA").name == "qlora"
    assert card("full fine-tuning").name == "full_fine_tuning"
    with pytest.raises(UnknownName, match="lora"):
        card("loraa")
