"""The results document: figures by hand, its shape by schema, its verdict in words."""

import io
import json
from dataclasses import replace

import jsonschema
import pytest
from rich.console import Console

from advisor.catalog import find_gpu
from advisor.report import Contents, section_blocks
from experiments.commands import tables
from experiments.evidence import evidence, place
from experiments.pilot.documents import record_from_json, record_json
from experiments.pilot.results import results
from experiments.pilot.scores import Scoring
from experiments.pilot.verdict import cheaper_by, mid_sentence
from tests.experiments import made

NUMBER = {"type": ["number", "null"]}
ESTIMATE = {"type": "object", "required": ["value", "low", "high", "unit", "basis", "source"]}
SCHEMA = {
    "type": "object",
    "required": ["run", "state", "dataset", "metric", "arms", "comparisons", "learning_curve", "guards", "verdict"],
    "properties": {
        "state": {"enum": ["queued", "running", "paused", "done", "cancelled", "failed", "lost"]},
        "arms": {
            "type": "array",
            "items": {
                "type": "object",
                "required": [
                    "arm", "method", "score", "low", "high", "n_test", "failed_rows", "invalid_outputs", "latency_ms",
                    "peak_memory_mib", "train_seconds", "cost_usd", "settings", "estimated",
                ],
                "properties": {
                    "score": NUMBER, "low": NUMBER, "high": NUMBER, "n_test": {"type": "integer"},
                    "latency_ms": {"type": "object", "required": ["p50", "p95"]},
                    "estimated": {"type": "object", "additionalProperties": ESTIMATE},
                },
            },
        },
        "comparisons": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["a", "b", "primary", "difference", "low", "high", "p_value", "p_adjusted", "verdict"],
            },
        },
        "learning_curve": {
            "type": ["object", "null"],
            "required": ["method", "points", "at_full_data"],
            "properties": {
                "points": {"items": {"required": ["n", "score", "low", "high"]}},
                "at_full_data": ESTIMATE,
            },
        },
        "guards": {"type": "array", "items": {"required": ["guard", "ok", "detail"]}},
        "verdict": {"type": "object", "required": ["text", "winner", "chance", "rows_needed"]},
    },
}  # fmt: skip


def test_errors_by_label_are_those_of_the_largest_size_and_count_no_failed_row() -> None:
    key = ("lora", 300, 1)
    answers: dict[tuple[str, int, int], set[int]] = {
        ("lora", 100, 1): set(), key: set(range(25)), ("lora", 300, 2): set(range(50)),
        ("few_shot", 300, 1): set(range(50)),
    }  # fmt: skip
    record = made.record(answers, failed={key: frozenset({40, 41})})
    record = replace(record, references={**dict.fromkeys(record.plan.test_rows, "yes"), 0: "no"})
    found = results(record)["errors_by_label"]
    assert [(line["label"], line["n_test"]) for line in found] == [("no", 1), ("yes", 49)]
    lora, few = found[1]["arms"]
    assert lora == {"arm": "lora", "answered": 47, "wrong": 23, "taken_for": "no"}
    assert few == {"arm": "few_shot", "answered": 49, "wrong": 0, "taken_for": None}
    assert results(replace(record, plan=replace(record.plan, task_type="generation")))["errors_by_label"] == []


def arm(document: dict, name: str) -> dict:
    return next(a for a in document["arms"] if a["arm"] == name)


def primary(document: dict) -> dict:
    return next(c for c in document["comparisons"] if c["primary"])


THREE = {
    ("zero_shot", 256, 1): made.first(10),
    ("few_shot", 256, 1): made.first(15),
    ("lora", 256, 1): made.first(45),
    ("lora", 256, 2): made.first(45),
    ("lora", 256, 3): made.first(45),
    ("lora", 64, 1): made.first(30),
}


def test_the_document_has_the_contracts_shape_and_is_json() -> None:
    document = results(made.record(THREE))
    jsonschema.validate(json.loads(json.dumps(document, allow_nan=False)), SCHEMA)


def test_figures_by_hand() -> None:
    document = results(made.record(THREE))
    assert arm(document, "lora")["score"] == 0.9  # 45 of 50
    assert arm(document, "few_shot")["score"] == 0.3  # 15 of 50
    # latencies are 10 + row % 7: their median is 13
    assert arm(document, "few_shot")["latency_ms"]["p50"] == 13.0
    assert (arm(document, "lora")["n_train"], arm(document, "few_shot")["n_train"]) == (256, 8)
    assert arm(document, "zero_shot")["n_train"] == 0
    assert arm(document, "lora")["seeds"] == [1, 2, 3]
    assert primary(document)["difference"] == 0.6
    assert [p["n"] for p in document["learning_curve"]["points"]] == [64, 256]
    assert document["learning_curve"]["at_full_data"]["value"] > 0.85


def printed(document: dict) -> str:
    shown = io.StringIO()
    tables.comparison(document, Console(file=shown, width=400))
    return shown.getvalue()


def test_the_table_shows_what_the_two_sides_were_chosen_on() -> None:
    shown = printed(results(made.record(THREE)))
    line = next(line for line in shown.splitlines() if "lora" in line)
    cells = [cell.strip() for cell in line.strip("│┃ ").split("│")]
    assert (cells[3], cells[-1]) == ("0.900", "compared, 3 seeds")  # 9 of 10 validation rows
    assert "by which the best of each side was chosen" in shown
    alone = printed(results(made.record({("lora", 256, 1): made.first(45)})))
    assert "compared" not in alone


def test_one_training_size_is_not_called_a_curve() -> None:
    curve = printed(results(made.record(THREE)))
    assert "Learning curve of lora: 64 rows 0.600, 256 rows 0.900; with all 300 rows about" in curve
    assert "(80 % range 0." in curve
    alone = printed(results(made.record({key: right for key, right in THREE.items() if key[1] == 256})))
    assert "No learning curve: one training size was measured. lora: 256 rows 0.900; with all 300 rows about" in alone
    assert "), estimated from that one size." in alone
    assert "Learning curve of" not in alone


def test_the_curve_is_of_the_arm_that_the_plan_repeats_before_and_after_a_resume() -> None:
    qlora = {("qlora", 256, 1): made.first(48)}
    first = {("lora", 256, 1): made.first(30)}
    later = {("lora", 256, 2): made.first(30), ("lora", 64, 1): made.first(20)}
    whole = made.record(qlora | first | later)
    short = made.record(qlora | first)
    cut_off = replace(short, plan=replace(short.plan, later=whole.plan.cells[2:]))
    assert results(short)["learning_curve"]["arm"] == "qlora"  # no arm is repeated: the better one on validation
    assert results(cut_off)["learning_curve"]["arm"] == "lora"
    assert results(whole)["learning_curve"]["arm"] == "lora"
    alone = made.record(qlora)
    assert results(replace(alone, plan=cut_off.plan))["learning_curve"]["arm"] == "qlora"  # lora has not finished


def test_fewer_shots_are_points_of_their_own_and_not_the_arm() -> None:
    found = made.record({**THREE, ("few_shot", 4, 1): made.first(10)})
    cells = [
        replace(c, settings={**c.settings, "shots": min(c.size, 8)}) if c.arm == "few_shot" else c for c in found.cells
    ]
    document = results(replace(found, cells=tuple(cells)))
    assert arm(document, "few_shot")["score"] == 0.3
    assert [(p["shots"], p["score"]) for p in document["shots_curve"]["points"]] == [(4, 0.2), (8, 0.3)]
    assert results(made.record(THREE))["shots_curve"] is None


def test_a_clear_win_says_both_numbers_of_rows() -> None:
    verdict = results(made.record(THREE))["verdict"]
    assert verdict["winner"] == "lora"
    assert "LoRA fine-tuning on 256 rows beats prompting with examples (8 of them)" in verdict["text"]
    assert "0.900 against 0.300 on the same 50 test rows" in verdict["text"]
    assert verdict["chance"] > 0.999


def test_the_pair_is_chosen_on_validation_not_on_test() -> None:
    answers = {
        ("zero_shot", 256, 1): set(range(40)),  # best on test, nothing right on validation
        ("few_shot", 256, 1): set(range(20)) | {50, 51, 52},
        ("lora", 256, 1): set(range(30)) | {50},
        ("qlora", 256, 1): set(range(10)) | {50, 51},
    }
    assert {primary(results(made.record(answers)))[side] for side in "ab"} == {"qlora", "few_shot"}


def test_no_difference_is_a_verdict_and_the_cheaper_arm_is_taken() -> None:
    answers = {("few_shot", 256, 1): made.first(30), ("lora", 256, 1): made.first(32)}
    verdict = results(made.record(answers))["verdict"]
    assert verdict["text"].startswith("No difference we can show:")
    assert verdict["winner"] == "few_shot"  # as fast per answer, and nothing to train
    assert 0.1 < verdict["chance"] < 0.5  # it was a little worse
    assert verdict["rows_needed"] > 50
    shown = printed(results(made.record(answers)))
    assert f"about {verdict['rows_needed']:,} test rows would be needed; this pilot used 50." in shown


def test_why_the_cheaper_arm_is_the_cheaper_one_is_said() -> None:
    answers = {("few_shot", 256, 1): made.first(30), ("lora", 256, 1): made.first(32)}
    prompted, tuned = (
        replace(outcome, latency_ms=(ms,), cells=tuple(replace(c, train_seconds=s) for c in outcome.cells))
        for outcome, ms, s in zip(Scoring.of(made.record(answers)).outcomes(), [360.0] * 2, [None, 1800.0], strict=True)
    )
    said = " (training and 10,000 answers take about 1 hours here, with the other 1.5)"  # 10,000 × 0.36 s = 1 hour
    assert cheaper_by(prompted, tuned) == said
    quick, tuned = (replace(outcome, latency_ms=(36.0,)) for outcome in (prompted, tuned))
    assert cheaper_by(quick, tuned).endswith("take about 6 minutes here, with the other 36)")
    service = {"base_url": "https://api.example.com/v1"}
    paid = tuple(replace(cell, settings=service, cost_usd=0.001) for cell in quick.cells)
    hosted = replace(quick, cells=paid, answered=50)
    assert cheaper_by(hosted, tuned) == " (training and 10,000 answers: about 0.20 USD against 0.06)"
    assert cheaper_by(quick, replace(tuned, latency_ms=())) == "", "nobody knows how long the other takes"


def test_on_how_many_rows_the_answer_times_rest_is_said() -> None:
    document = results(made.record(THREE))
    assert {arm["latency_ms"]["rows"] for arm in document["arms"]} == {50, 150}, "50 test rows; one arm has three seeds"
    assert "Answer times are those of 50 to 150 answers of each way, each timed by itself." in printed(document)
    document["arms"][0]["latency_ms"]["rows"] = 3
    assert "of 3 to 150 answers of each way, each timed by itself; of fewer than 20 the slow end" in printed(document)


def test_one_seed_does_not_win_by_a_hair() -> None:
    """50 rows, 7 apart, none the other way: McNemar says 2 × 0.5^7 = 0.016, but one seed is known to ± 11 points.

    The p-value that is told counts them: it never says the opposite of the range beside it.
    """
    answers = {("few_shot", 100, 1): made.first(30), ("lora", 100, 1): made.first(37)}
    document = results(made.record(answers))
    assert primary(document)["p_value"] > 0.05 > 2 * 0.5**7
    assert primary(document)["low"] <= 0 < primary(document)["high"]
    assert document["verdict"]["text"].startswith("No difference we can show")
    more = answers | {("lora", 100, 2): made.first(37), ("lora", 100, 3): made.first(37)}
    assert results(made.record(more))["verdict"]["winner"] == "lora"


def test_failed_rows_are_never_wrong_and_too_many_block_the_verdict() -> None:
    answers = {("few_shot", 256, 1): made.first(30), ("lora", 256, 1): made.first(45)}
    one = results(made.record(answers, failed={("few_shot", 256, 1): frozenset({40})}))
    assert arm(one, "few_shot")["failed_rows"] == 1
    assert arm(one, "few_shot")["score"] == pytest.approx(30 / 49, abs=1e-4)
    assert primary(one)["n"] == 49
    assert one["verdict"]["winner"] is not None
    two = results(made.record(answers, failed={("few_shot", 256, 1): frozenset({40, 41})}))  # 4 % of 50
    assert two["verdict"]["winner"] is None
    assert "failed on 2 of 50 rows" in two["verdict"]["text"]


def test_no_language_model_needed_is_said() -> None:
    answers = {
        ("classical", 256, 1): made.first(46),
        ("few_shot", 256, 1): made.first(15),
        ("lora", 256, 1): made.first(45),
    }
    verdict = results(made.record(answers))["verdict"]
    assert verdict["simpler"] == "classical"
    assert "no language model at all" in verdict["text"]
    assert "is not shown to be worse" in verdict["text"], "46 against 45 of 50 rows shows nothing"
    far = {**answers, ("classical", 256, 1): made.first(50), ("lora", 256, 1): made.first(30)}
    assert "does better still" in results(made.record(far))["verdict"]["text"]
    embedded = {("classical:neighbours", 256, 1) if key[0] == "classical" else key: v for key, v in answers.items()}
    assert results(made.record(embedded))["verdict"]["simpler"] is None, "its embeddings come from a language model"
    answers["classical", 256, 1] = made.first(10)
    assert results(made.record(answers))["verdict"]["simpler"] is None


def test_other_pairs_are_corrected_and_the_primary_one_is_not() -> None:
    document = results(made.record(THREE))
    assert primary(document)["p_value"] == primary(document)["p_adjusted"]
    others = [c for c in document["comparisons"] if not c["primary"]]
    assert len(others) == 2  # zero_shot with each of the others
    assert all(c["p_adjusted"] >= c["p_value"] for c in others)
    assert any(c["p_adjusted"] > c["p_value"] for c in others)


def test_before_it_is_done_the_verdict_is_partial() -> None:
    record = made.record({("zero_shot", 256, 1): made.first(10)}, state="running")
    alone = "Partial result. No verdict: no tuned model was part of this pilot, so there is nothing to compare."
    assert results(record)["verdict"]["text"] == alone
    plan = replace(record.plan, arms=(*record.plan.arms, replace(record.plan.arms[0], arm="lora", method="lora")))
    document = results(replace(record, plan=plan))
    assert document["verdict"]["text"] == "Partial result. No verdict yet: no tuned model has finished."
    assert document["verdict"]["winner"] is None
    assert results(made.record({}, state="failed"))["arms"] == []


def test_a_metric_that_is_no_mean_of_rows() -> None:
    """Macro F1 with one label in the references: 2 × 45 / (2 × 45 + 5) for 45 of 50 right."""
    document = results(made.record(THREE, metric="macro_f1"))
    assert arm(document, "lora")["score"] == pytest.approx(90 / 95, abs=1e-4)
    assert primary(document)["low"] < primary(document)["difference"] < primary(document)["high"]
    assert document["verdict"]["winner"] == "lora"


def test_the_same_record_gives_the_same_document() -> None:
    assert results(made.record(THREE, metric="macro_f1")) == results(made.record(THREE, metric="macro_f1"))


def test_evidence_holds_what_was_measured() -> None:
    record = made.record(THREE)
    found = evidence(replace(record, results=results(record)))
    by_arm = {m.arm: m for m in found.measurements}
    assert (by_arm["lora"].value, by_arm["lora"].n_train, by_arm["lora"].place) == (0.9, 256, "cpu")
    assert by_arm["lora"].model == "HuggingFaceTB/SmolLM2-135M-Instruct"
    assert (found.n_classes, found.curve_method, found.rows_available) == (2, "lora", 300)
    assert found.floor == 0.5  # half of the training rows say yes
    assert [n for n, _, _ in found.curve] == [64, 256]


def test_a_gpu_is_named_as_the_catalog_names_it() -> None:
    record = made.record(THREE)
    named = {"name": "made", "accelerator_name": "NVIDIA A100-SXM4-80GB"}
    on_gpu = replace(record, plan=replace(record.plan, accelerator="cuda"), machine=named)
    assert place(on_gpu) == f"own:{find_gpu('A100-80GB').id}×1"
    unknown = replace(on_gpu, machine={"accelerator_name": "Somebody's GPU 9000"})
    assert place(unknown) == "own:Somebody's GPU 9000×1"


def test_a_record_survives_its_file() -> None:
    record = made.record(THREE)
    record = replace(record, results=results(record))
    assert record_from_json(json.loads(json.dumps(record_json(record)))) == record


@pytest.mark.parametrize(
    ("name", "inside"),
    [("LoRA", "LoRA"), ("QLoRA", "QLoRA"), ("TF-IDF and regression", "TF-IDF and regression"), ("Prefix", "prefix"),
     ("Few-shot prompting", "few-shot prompting"), ("Classifier on MiniLM", "classifier on MiniLM")],
)  # fmt: skip
def test_names_inside_a_sentence_keep_their_own_capitals(name: str, inside: str) -> None:
    assert mid_sentence(name) == inside


def test_a_curve_that_reached_every_row_is_not_extrapolated() -> None:
    whole = made.record({("few_shot", 64, 1): set(range(30)), ("lora", len(made.TRAIN), 1): set(range(45))})
    document = results(whole)
    assert document["learning_curve"]["at_full_data"]["value"] is None
    assert "with all" not in printed(document)
    some = results(made.record({("few_shot", 64, 1): set(range(30)), ("lora", 64, 1): set(range(45))}))
    assert some["learning_curve"]["at_full_data"]["value"] > 0


def test_a_prompt_on_the_starter_says_little_of_a_larger_model() -> None:
    answers = {("few_shot", 64, 1): set(range(60)) - {1, 2}, ("lora", 64, 1): set(range(60)) - {3}}
    record = made.record(answers)
    text = results(record)["verdict"]["text"]
    assert "answered by the starter, a model of 135M parameters" in text
    other = replace(record, plan=replace(record.plan, model="/models/qwen"))
    assert "the starter" not in results(other)["verdict"]["text"]


def test_what_a_reader_of_a_score_has_to_know_is_shown() -> None:
    record = made.record(THREE)
    cells = tuple(
        replace(c, notes=("Caution: 3 of 50 answers were cut at 9 new tokens.", "quiet")) for c in record.cells
    )
    document = results(replace(record, cells=cells))
    assert "LoRA fine-tuning: 3 of 50 answers were cut at 9 new tokens." in printed(document)
    paper = " ".join(getattr(b, "text", "") for b in section_blocks("comparison", Contents(results=document)))
    assert "LoRA fine-tuning: 3 of 50 answers were cut at 9 new tokens." in paper
    assert "quiet" not in printed(document) + paper
