"""Which column is what: the person's choice, else a proposal with its reason, else a question."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from advisor.vocabulary import Columns, Finding
from experiments.dataset import inputs, names, outputs, part_words, wording
from experiments.dataset.choices import Choices
from experiments.dataset.roles import Plan, explicit
from experiments.dataset.table import Table
from experiments.dataset.traits import Trait, measure
from experiments.dataset.wording import many

# a split has few parts
MOST_PARTS = 8
# assumption: what rows come from (contracts, customers) has many values with few rows each; a team or kind has not
FEWEST_GROUPS, MANY_GROUPS, FEW_ROWS_EACH = 5, 20, 30


@dataclass(slots=True)
class Proposal:
    """The columns, and what is still open. `one_hot` are the columns that together are the labels."""

    columns: Columns
    conversation: str | None = None
    tools: str | None = None
    one_hot: tuple[str, ...] = ()
    form: str = ""
    findings: list[Finding] = field(default_factory=list)


def propose(table: Table, choices: Choices) -> Proposal:
    """Every role of every column. Only what the person named is certain; the rest says why."""
    traits = {trait.name: trait for trait in measure(table)}
    plan = Plan(table, choices, traits, dict(traits))
    _chosen_are_taken(plan)
    for name in table.known.aside:
        plan.free.pop(name, None)
    conversation = (
        None
        if choices.inputs
        else inputs.conversation(
            table, {name: trait for name, trait in traits.items() if name not in table.known.aside}
        )
    )
    split = _role(plan, "split_column", "split", names.SPLIT)
    given = _role(plan, "given", "given", names.GIVEN, names.GIVEN_ENDS)
    time = explicit(plan, "time")
    if conversation is not None:
        return _of_conversation(
            plan, conversation, Columns((conversation,), conversation, None, None, None, split, given, time)
        )
    instruction = _instruction_column(plan)
    group = _group(plan)
    found = outputs.choose(plan)
    chosen_inputs, template = inputs.choose(plan, found.name, instruction)
    if instruction in chosen_inputs:
        instruction = None
        plan.why.pop("instruction", None)
    if group is None and choices.group is None:
        group = inputs.shared_context(plan, chosen_inputs)
    _offer_time(plan, time)
    if group is None and choices.group is None:
        _say_no_group(plan)
    columns = Columns(chosen_inputs, found.name, template, instruction, group, split, given, time)
    columns = replace(columns, why=tuple(plan.why.items()))
    alpaca = {"instruction", "input", "output"} <= {trait.plain for trait in traits.values()}
    return Proposal(columns, one_hot=found.one_hot, form="Alpaca" if alpaca else "", findings=plan.findings)


def _of_conversation(plan: Plan, name: str, columns: Columns) -> Proposal:
    plan.take(
        name, "input", f"'{name}' holds conversations: the last answer is the output, what comes before it the input"
    )
    plan.why["output"] = "the last answer of the conversation"
    group = _group(plan)
    tools = next((t.name for t in plan.free.values() if t.plain in names.TOOLS and t.kind != "empty"), None)
    columns = replace(columns, group=group, why=tuple(plan.why.items()))
    form = inputs.form(plan.table.column(name))
    text = f"These are conversations ({form}). The last answer is the output, the turn before it the input."
    plan.findings.append(Finding("conversations", "note", text))
    return Proposal(columns, conversation=name, tools=tools, form=form, findings=plan.findings)


def _chosen_are_taken(plan: Plan) -> None:
    """A column the person gave a role is not proposed for another one."""
    choices = plan.choices
    named = [*choices.inputs, choices.output, choices.group, choices.split_column, choices.given, choices.time]
    for name in named:
        if name is not None and name in plan.free and name != choices.group:
            plan.free.pop(name)


def _role(plan: Plan, choice: str, role: str, known: tuple[str, ...], ends: tuple[str, ...] = ()) -> str | None:
    """A column by its usual name."""
    if getattr(plan.choices, choice) is not None:
        return explicit(plan, choice)
    fitting = [t for t in plan.free.values() if t.plain in known or (ends and t.plain.endswith(ends))]
    if role == "split":
        named = [*fitting, *(t for t in plan.free.values() if t.plain.endswith("_split") and t not in fitting)]
        named += [t for t in plan.free.values() if t.plain in names.PART_FLAGS and t not in named]
        fitting = [t for t in named if _holds_parts(plan.table, t)]
        fitting = fitting or [t for t in plan.free.values() if _only_parts(plan.table, t)]
        _say_unused(plan, [t for t in named if t.plain in names.SPLIT and t not in fitting])
    if not fitting:
        return None
    best = min(fitting, key=lambda t: known.index(t.plain) if t.plain in known else len(known))
    others = tuple(trait.name for trait in fitting if trait is not best)
    if role == "split" and others:
        listed = ", ".join(f"'{name}'" for name in others)
        text = f"There are several split columns; '{best.name}' was taken, not {listed}."
        mend = f"To take another one, say {wording.said('--split-column', others[0])}."
        plan.findings.append(Finding("split_columns", "note", text, mend=mend, flag="--split-column", options=others))
    what = {
        "split": "its values are names of parts (train, test …)",
        "given": "its name says it holds another system's answers",
    }
    return plan.take(best.name, role, what[role])


def _holds_parts(table: Table, trait: Trait) -> bool:
    """Most values are train, validation or test in some spelling."""
    if trait.kind not in ("category", "constant", "text", "binary") or trait.distinct > MOST_PARTS:
        return False
    values = _values(table, trait)
    known = [value for value in values if names.part_in(trait.name, value) is not None]
    return 2 * len(known) > len(values)


def _only_parts(table: Table, trait: Trait) -> bool:
    """A column of another name whose values are all names of parts, training and another among them.

    Not one that is called an answer: `training` and `evaluation` may be labels.
    """
    answers = (*names.OUTPUT, *names.WEAK_OUTPUT)
    if trait.kind != "category" or trait.distinct > MOST_PARTS or names.unnumbered(trait.plain) in answers:
        return False
    found = {part_words.part(value) for value in _values(table, trait)}
    return None not in found and "train" in found and len(found) >= 2


def _values(table: Table, trait: Trait) -> set[str]:
    return {cell for cell in table.column(trait.name) if isinstance(cell, str) and cell.strip()}


def _say_unused(plan: Plan, traits: list[Trait]) -> None:
    """A column called split that names no parts we know is not used, and that is said."""
    for trait in traits:
        if trait.kind in ("category", "number", "text") and 2 <= trait.distinct <= MOST_PARTS:
            shown = ", ".join(f"'{value[:20]}'" for value in sorted(_values(plan.table, trait))[:4])
            text = f"The column '{trait.name}' holds {shown}, which are no names of parts; the split does not use it."
            mend = "Call the parts train, validation and test if it is meant as the split."
            plan.findings.append(Finding("split_unused", "note", text, mend=mend))


def _group(plan: Plan) -> str | None:
    """A column that ties rows together: the same contract, customer or conversation."""
    if plan.choices.group is not None:
        return explicit(plan, "group")
    fitting = [t for t in plan.free.values() if t.plain in names.GROUP and t.repeats and t.kind != "date"]
    if not fitting:
        return None
    fitting.sort(key=lambda t: names.GROUP.index(t.plain))
    for trait in fitting:
        values = _different(plan.table, trait)
        each = round(len(plan.table) / max(1, values))
        if values >= FEWEST_GROUPS and (values >= MANY_GROUPS or each <= FEW_ROWS_EACH):
            why = f"its name says where a row comes from; it has {values:,} values, about {many(each, 'row')} each"
            return plan.take(trait.name, "group", why)
    return None


def _different(table: Table, trait: Trait) -> int:
    """How many different values a column has, all rows looked at where they are texts."""
    cells = table.column(trait.name)
    return trait.distinct if trait.kind in ("list", "object") else len({str(cell) for cell in cells if cell})


def _say_no_group(plan: Plan) -> None:
    """A column called like a source of rows that is more likely a team or a kind is not used, and that is said."""
    for trait in plan.free.values():
        if trait.plain in names.GROUP and trait.repeats and trait.kind == "category":
            text = (
                f"The column '{trait.name}' has few values ({_different(plan.table, trait):,}) with many rows each, as "
                "a team or a kind has; the split does not keep them together."
            )
            mend = f"If rows with the same value come from one source, say {wording.said('--group', trait.name)}."
            plan.findings.append(Finding("group_unused", "note", text, (), mend, "--group", (trait.name,)))


def _offer_time(plan: Plan, time: str | None) -> None:
    """A column of dates is not used unless the person wishes; that it is there is said."""
    dated = [trait.name for trait in plan.free.values() if trait.kind == "date"]
    if time is None and dated and plan.choices.time is None:
        text = f"The column '{dated[0]}' holds dates. The split is by chance."
        mend = f"If later rows may differ, say {wording.said('--time', dated[0])}: the newest rows become the test."
        plan.findings.append(Finding("dates", "note", text, mend=mend, flag="--time", options=tuple(dated)))


def _instruction_column(plan: Plan) -> str | None:
    """A column of instructions, if there is one; a text typed by the person is no column."""
    chosen = plan.choices.instruction
    if chosen is not None:
        return plan.take(chosen, "instruction", "chosen by you") if chosen in plan.table.names else None
    fitting = [
        t for t in plan.free.values() if t.plain in names.INSTRUCTION and t.kind not in ("empty", "number", "list")
    ]
    if not fitting:
        return None
    return plan.take(fitting[0].name, "instruction", "its name says it holds what the model is told to do")
