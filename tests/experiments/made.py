"""Records made by hand: two or more arms whose rows are right or wrong as a test says."""

from advisor.vocabulary import ArmPlan, Cell, CellResult, PilotPlan, PilotRecord, RowResult

TRAIN, VALIDATION, TEST = tuple(range(100, 400)), tuple(range(50, 60)), tuple(range(50))
METHODS = {"classical": "classical", "zero_shot": "zero_shot", "few_shot": "few_shot", "lora": "lora", "qlora": "qlora"}


def rows(arm: str, size: int, seed: int, right: set[int], *, failed: frozenset[int] = frozenset()) -> list[RowResult]:
    """`right` are the places (test 0 to 49, validation 50 to 59) answered correctly."""
    found = []
    for row in (*VALIDATION, *TEST):
        part = "validation" if row in VALIDATION else "test"
        if row in failed:
            found.append(RowResult(arm, size, seed, part, row, None, None, None, error="cut off"))
        else:
            ok = row in right
            found.append(RowResult(arm, size, seed, part, row, "yes" if ok else "no", float(ok), 10.0 + row % 7))
    return found


def record(
    answers: dict[tuple[str, int, int], set[int]],
    *,
    metric: str = "accuracy",
    state: str = "done",
    failed: dict[tuple[str, int, int], frozenset[int]] | None = None,
) -> PilotRecord:
    """A record whose cells answered as given; every reference is `yes`."""
    cells = tuple(Cell(arm, size, seed, 10.0, 5.0) for arm, size, seed in answers)
    arms = tuple(
        ArmPlan(arm, METHODS.get(arm, "lora"), "starter", {}) for arm in dict.fromkeys(arm for arm, _, _ in answers)
    )
    found = [
        r for key, right in answers.items() for r in rows(*key, right, failed=(failed or {}).get(key, frozenset()))
    ]
    return PilotRecord(
        run="made",
        state=state,  # type: ignore[arg-type]
        plan=PilotPlan(
            dataset_sha256="ab" * 32,
            dataset_fingerprint="cd" * 32,
            dataset_name="made.csv",
            task_type="classification",
            labels=("no", "yes"),
            instruction="",
            metric=metric,
            model="starter",
            accelerator="cpu",
            dtype="fp32",
            seed=1,
            minutes=10.0,
            arms=arms,
            cells=cells,
            left_out=(),
            train_rows=TRAIN,
            validation_rows=VALIDATION,
            test_rows=TEST,
            rows_available=len(TRAIN),
            input_tokens=20.0,
            output_tokens=2.0,
        ),
        rows=tuple(found),
        cells=tuple(_cell(arm, size, seed) for arm, size, seed in answers),
        guards=(),
        versions={"torch": "2.13.0"},
        machine={"name": "made"},
        started="2026-11-01T00:00:00+00:00",
        seconds=60.0,
        results={},
        references={row: "yes" for row in (*TEST, *VALIDATION)} | {row: ("no", "yes")[row % 2] for row in TRAIN},
        inputs={row: f"text {row}" for row in TEST},
    )


def _cell(arm: str, size: int, seed: int) -> CellResult:
    trained = "lora" in arm
    settings = {"epochs": 3, "rank": 16} if trained else {"shots": 8} if "few" in arm else {}
    return CellResult(arm, size, seed, 40.0 if trained else None, 5.0, 900.0, 1200.0 if trained else None, settings)


def first(n: int) -> set[int]:
    """The first n test rows right, and as large a share of the validation rows."""
    return set(range(n)) | set(range(50, 50 + n // 5))
