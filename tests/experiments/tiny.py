"""Tiny plans and rows for the tests of runs."""

from advisor.vocabulary import ArmPlan, Cell, Example, PilotPlan

WORKER = "tests.experiments.tiny_worker"
LABELS = ("no", "yes")


def examples(n: int = 40) -> tuple[Example, ...]:
    """Every third says yes."""
    return tuple(Example(i, i + 2, f"text {i}", LABELS[i % 3 == 0]) for i in range(n))


def plan(cells: tuple[Cell, ...] | None = None, *, n: int = 40, minutes: float = 0.0, **settings: object) -> PilotPlan:
    cells = cells or (Cell("majority", 10, 1, 1.0), Cell("majority", 20, 1, 1.0))
    arms = dict.fromkeys(cell.arm for cell in cells)
    return PilotPlan(
        dataset_sha256="ab" * 32,
        dataset_fingerprint="cd" * 32,
        dataset_name="tiny.csv",
        task_type="classification",
        labels=LABELS,
        instruction="Say yes or no.",
        metric="accuracy",
        model="none",
        accelerator="cpu",
        dtype="fp32",
        seed=1,
        minutes=minutes,
        arms=tuple(ArmPlan(arm, "classical", "none", dict(settings)) for arm in arms),
        cells=cells,
        left_out=(),
        train_rows=tuple(range(20)),
        validation_rows=tuple(range(20, 26)),
        test_rows=tuple(range(26, n)),
        rows_available=n,
    )
