"""Plans and records as JSON, and back: exact, so that a record read elsewhere is the record written here."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import Any

from advisor.errors import DataError
from advisor.vocabulary import ArmPlan, Cell, CellResult, GuardResult, PilotPlan, PilotRecord, RowResult

FORMAT = "tune-or-prompt pilot record 1"


def plan_json(plan: PilotPlan) -> dict[str, Any]:
    """The plan as it is stored: decided once, never altered."""
    return asdict(plan)


def plan_from_json(document: dict[str, Any]) -> PilotPlan:
    """The inverse of `plan_json`."""
    rows = ("train_rows", "validation_rows", "test_rows", "labels", "left_out", "notes")
    return PilotPlan(
        **{
            **document,
            **{name: tuple(document[name]) for name in rows},
            "arms": tuple(ArmPlan(**arm) for arm in document["arms"]),
            "cells": tuple(Cell(**cell) for cell in document["cells"]),
            "later": tuple(Cell(**cell) for cell in document.get("later", ())),  # plans of earlier versions have none
        }
    )


def cell_json(cell: CellResult) -> dict[str, Any]:
    """What a finished cell measured, as its event holds it."""
    return asdict(cell)


def cell_from_json(document: dict[str, Any]) -> CellResult:
    """The inverse of `cell_json`."""
    return CellResult(**{**document, "notes": tuple(document["notes"])})


def record_json(record: PilotRecord) -> dict[str, Any]:
    """The whole record, for `--record FILE.json`, sealed with a hash."""
    document = {
        "format": FORMAT,
        **asdict(record),
        "plan": plan_json(record.plan),
        "references": {str(row): text for row, text in record.references.items()},
        "inputs": {str(row): text for row, text in record.inputs.items()},
    }
    return {**document, "sha256": sealed(document)}


def sealed(document: dict[str, Any]) -> str:
    """The hash of a record's content, however its file is laid out."""
    content = {name: value for name, value in document.items() if name != "sha256"}
    text = json.dumps(content, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def record_from_json(document: Any) -> PilotRecord:
    """The inverse of `record_json`; says so when the document is not a record."""
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise DataError("This file is not a pilot record.", "Give the file that `run --record FILE.json` wrote.")
    fields = {name: value for name, value in document.items() if name not in ("format", "sha256")}
    try:
        return PilotRecord(
            **{
                **fields,
                "plan": plan_from_json(fields["plan"]),
                "rows": tuple(RowResult(**row) for row in fields["rows"]),
                "cells": tuple(cell_from_json(cell) for cell in fields["cells"]),
                "guards": tuple(GuardResult(**guard) for guard in fields["guards"]),
                "references": {int(row): text for row, text in fields["references"].items()},
                "inputs": {int(row): text for row, text in fields["inputs"].items()},
            }
        )
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(
            f"This pilot record is not complete ({type(error).__name__}: {error}).",
            "Write it again with `run --record FILE.json`, or copy it again.",
        ) from error
