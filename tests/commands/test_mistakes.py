"""A command with several mistakes names them all at once, each with the nearest name; wrong usage shows the help."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.__main__ import main
from experiments.__main__ import main as experiments_main


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().err


def test_every_unknown_name_of_a_profile_is_named_at_once(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    profile = tmp_path / "task.yaml"
    named = "hosted_models: [gpt-6-lunar]\nopen_models: [Qwen3-4]\ngpus: [A101]\n"
    profile.write_text(f"{named}prompted_score: 0.5\nprompted_model: clawd\n")
    assert main(["advise", str(profile)]) == 1
    text = said(capsys)
    for part in ("4 names", "'gpt-6-lunar'", "Did you mean 'gpt-6-luna'", "'Qwen3-4'", "'A101'", "'clawd'"):
        assert part in text
    assert text.rstrip().endswith("\nMend these answers.")


def test_every_wrong_setting_of_an_estimate_is_named_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--model", "Quen2.5-7B", "--method", "lorra", "--gpu", "A100x", "--rank", "-3", "--epochs", "x"]
    assert main(["estimate", *words]) == 1
    text = said(capsys)
    for part in ("5 settings", "Qwen2.5-7B-Instruct", "Choose one of: lora", "'A100x'", "rank is -3", "epochs is 'x'"):
        assert part in text


def test_every_wrong_word_of_a_pilot_is_named_before_the_file_is_read(
    capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    words = ["nowhere.csv", "--arms", "lorra,few_shot", "--set", "lora.epoch=3", "--set", "loora.rank=4"]
    assert experiments_main(["run", *words]) == 1
    text = said(capsys)
    for part in ("4 things", "Did you mean lora", "Did you mean epochs", "'loora'", "There is no file 'nowhere.csv'"):
        assert part in text
    assert not home.exists(), "nothing was begun"


def test_an_unknown_argument_shows_the_help_of_its_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["advise", "task.yaml", "--sed", "3", "--foo"]) == 2
    text = said(capsys)
    assert "usage: python -m advisor advise" in text
    assert "--evidence" in text
    assert "there is no argument '--sed'. Did you mean '--seed'?" in text
    assert "there is no argument '--foo'." in text


def test_a_seed_below_zero_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "task.yaml").write_text("task_type: chat", encoding="utf-8")
    assert main(["advise", str(tmp_path / "task.yaml"), "--seed", "-1"]) == 1
    assert "--seed -1 is no seed" in said(capsys)


def test_an_unknown_command_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["advice", "task.yaml"])
    assert left.value.code == 2
    assert "Did you mean 'advise'?" in said(capsys)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--train-rows", "abc"], "--train-rows is 'abc'. It must be a whole number, such as 10."),
        (["--max-usd", "much"], "--max-usd is 'much'. It must be a number, such as 0.5."),
    ],
)
def test_a_value_that_is_no_number_is_named_alone(
    capsys: pytest.CaptureFixture[str], words: list[str], says: str
) -> None:
    with pytest.raises(SystemExit) as left:
        experiments_main(["run", "data.csv", *words])
    assert left.value.code == 2
    assert said(capsys).strip() == f"python -m experiments run: {says}"
