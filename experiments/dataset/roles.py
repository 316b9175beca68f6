"""The columns being given their roles: what is still free, why each was taken, what is still to be asked."""

from __future__ import annotations

from dataclasses import dataclass, field

from advisor.errors import DataError
from advisor.vocabulary import Finding
from experiments.dataset import names
from experiments.dataset.choices import NONE, Choices
from experiments.dataset.table import Table
from experiments.dataset.traits import Trait
from experiments.dataset.wording import said

SHOWN_NAMES = 12


@dataclass(slots=True)
class Plan:
    """The columns being decided: traits not yet given a role, and the reasons so far."""

    table: Table
    choices: Choices
    traits: dict[str, Trait]
    free: dict[str, Trait]
    why: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def take(self, name: str, role: str, why: str) -> str:
        """Give a column a role."""
        self.free.pop(name, None)
        self.why[role] = why
        return name


def resolve(table: Table, name: str, flag: str) -> str:
    """The column a person means: exactly, else but for case and spaces."""
    if name in table.names:
        return name
    near = [known for known in table.names if names.plain(known) == names.plain(name)]
    if len(near) == 1:
        return near[0]
    shown = ", ".join(f"'{known}'" for known in table.names[:SHOWN_NAMES])
    more = f" and {len(table.names) - SHOWN_NAMES:,} more" if len(table.names) > SHOWN_NAMES else ""
    raise DataError(f"Column '{name}' not found; the file has {shown}{more}.", f"Name one of them with {flag}.")


def explicit(plan: Plan, role: str) -> str | None:
    """The column named for a role, or None; `none` switches a proposal off."""
    chosen: str | None = getattr(plan.choices, role)
    if chosen is None or (chosen == NONE and NONE not in plan.table.names):
        return None
    if role == "given" and chosen not in plan.table.names:
        chosen = chosen.split("=", 1)[0]  # COLUMN=MODEL names the present system too
    name = resolve(plan.table, chosen, f"--{role.replace('_', '-')}")
    return plan.take(name, role.removesuffix("_column"), "chosen by you")


def ask(plan: Plan, flag: str, text: str, options: tuple[str, ...]) -> None:
    """Leave a question open."""
    mend = f"Say which with {flag}, for example {said(flag, options[0])}." if options else f"Say which with {flag}."
    plan.findings.append(Finding("columns", "ask", text, mend=mend, flag=flag, options=options[:SHOWN_NAMES]))
