"""Every source the report leans on, under the number it was cited by; what is estimated and assumed stands apart."""

from __future__ import annotations

from advisor.report.citations import behind_estimates, sources
from advisor.report.contents import Contents
from advisor.vocabulary import Block, Bullets, Heading, Text

LABELS = {
    "quality": "Expected score",
    "monthly_cost_usd": "Cost a month",
    "one_off_cost_usd": "Cost to build",
    "latency_p95_ms": "Time to answer",
    "days_to_launch": "Days to launch",
}


def blocks(c: Contents) -> tuple[Block, ...]:
    """Numbered publications and the date of the facts; then what stands behind each estimate."""
    found, behind = sources(c), _behind(c)
    if c.advice is None or not (found or behind):
        return ()
    when = f"Facts and prices were last looked at for this catalog on {c.advice.catalog_date}."
    return (
        Heading("Sources"),
        *((Bullets(found, numbered=True),) if found else ()),
        Text(when, "small"),
        *((Heading("How the figures are estimated, and what is assumed", 3), Bullets(behind)) if behind else ()),
    )


def _behind(c: Contents) -> tuple[str, ...]:
    """One line per estimate, or per several that rest on the same."""
    estimates: dict[str, list[str]] = {}
    for key, basis in behind_estimates(c):
        estimates.setdefault(basis, []).append(LABELS[key])
    bases: dict[tuple[str, ...], list[str]] = {}
    for basis, labels in estimates.items():
        bases.setdefault(tuple(labels), []).append(basis)
    return tuple(f"{_listed(labels)}: {'; '.join(each)}." for labels, each in bases.items())


def _listed(labels: tuple[str, ...]) -> str:
    return ", ".join([labels[0], *(label[0].lower() + label[1:] for label in labels[1:])])
