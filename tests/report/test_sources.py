"""A source names a publication with its address and date; what this product assumes stands apart from them."""

from __future__ import annotations

import re
from dataclasses import replace

from advisor.advise import advise
from advisor.catalog import facts
from advisor.report import Contents, section_blocks
from advisor.report.citations import cite, own, sources
from advisor.rules.addresses import cited
from advisor.vocabulary import Bullets, Heading, TaskProfile
from advisor.vocabulary.saying import parts
from tests.report.made_up import advice

ADDRESSED = re.compile(r", \S+.* \(read \d{4}-\d\d-\d\d\)$")


def test_every_numbered_source_has_an_address_and_a_date() -> None:
    found = advise(TaskProfile(task_type="text_to_sql", labelled_examples=600, data_may_leave="no"), facts())
    listed = sources(Contents(found))
    assert len(listed) > 5
    assert [part for part in listed if not ADDRESSED.search(part)] == []


def test_every_published_comparison_can_be_found() -> None:
    cases = {part for case in facts().published for part in parts(cited(case.source))}
    assert [part for part in cases if not ADDRESSED.search(part)] == []


def test_answers_and_assumptions_are_said_in_words_where_they_are_used() -> None:
    reason = replace(advice().reasons[0], source="your answer; assumption: half as long again; LoRA, arXiv 2106.09685")
    contents = Contents(replace(advice(), reasons=(reason,)))
    assert cite(contents, reason.source) == "(your answer) (assumption of this product: half as long again) [1]"
    assert not any(own(part) for part in sources(contents))


def test_what_is_assumed_stands_apart_from_the_sources_and_says_for_which_figure() -> None:
    blocks = section_blocks("sources", Contents(advice()))
    numbered, apart = (b for b in blocks if isinstance(b, Bullets))
    assert numbered.numbered
    assert not apart.numbered
    assert "Days to launch: assumption of this product: effort card of the method." in apart.items
    assert [b.text for b in blocks if isinstance(b, Heading)][1].endswith("what is assumed")
