"""What one advice says in several places it says alike: the same formatter of chances, the same list of options."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from advisor.report import Contents, advice_report, as_json, section_blocks
from advisor.report.answers import said
from advisor.vocabulary import Table
from tests.report.made_up import EVIDENCE, MOVED, advice, advice_after, results


def test_a_chance_of_no_future_at_all_is_written_alike_everywhere() -> None:
    never = tuple(replace(o, chance_best=0.0, chance_meets_target=1.0) for o in advice().options)
    families = {"tuning": 1.0, "prompting": 0.0}
    found = replace(advice(), options=never, chance_best_by_family=families, chance_tuning_wins=1.0)
    after = replace(advice_after(), options=never, chance_best_by_family=families, chance_tuning_wins=1.0)
    text = json.dumps(as_json(advice_report(after, EVIDENCE, results(), found, MOVED)), ensure_ascii=False)
    table = next(b for b in section_blocks("options", Contents(found)) if isinstance(b, Table))
    assert {row[1] for row in table.rows} == {"under 1\u00a0%"}
    assert {row[3] for row in table.rows} == {"over 99\u00a0%"}
    chances = json.dumps(as_json(section_blocks("before_after", Contents(after, before=found))), ensure_ascii=False)
    assert not re.search(r"\b(0|100)\u00a0%", chances)
    assert "under 1\u00a0%" in text


def test_answers_are_shown_as_they_were_typed() -> None:
    assert [said(v) for v in (2_000_000, 1234.5, 0.85, 727.27, 3)] == ["2,000,000", "1,234.5", "0.85", "727.27", "3"]
