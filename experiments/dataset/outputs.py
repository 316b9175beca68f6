"""Which column holds the right answers."""

from __future__ import annotations

from dataclasses import dataclass

from advisor.errors import DataError
from experiments.dataset import marks, names
from experiments.dataset.roles import Plan, ask, resolve
from experiments.dataset.traits import Trait

ADVICE = "Add a column with the right answer for each row (for example 'label'), or name it with --output."
CUT = "If its lines hold several cells, name the sign between them with --delimiter."
TURNS = "Put a question and its answer into one row, or the turns of a talk into a list called 'messages'."
# assumption: a tracker keeps type, priority, component …; a set of summaries has at most the section of each
FEWEST_LABELS = 2
SAME_MEANING_ENDS = ("_text", "_name")


@dataclass(frozen=True, slots=True)
class Output:
    """The answer's column; `one_hot` when several columns of 0 and 1, or of marks, are the labels."""

    name: str
    one_hot: tuple[str, ...] = ()


def choose(plan: Plan) -> Output:
    """The person's choice, a column with a sure name, or the likeliest one with a question."""
    if plan.choices.output is not None:
        return _chosen(plan, plan.choices.output)
    if (known := plan.table.known.output) is not None:
        return Output(plan.take(known, "output", plan.table.known.why))
    speakers = [trait.name for trait in plan.free.values() if _says_who_speaks(plan, trait)]
    for name in speakers:
        plan.free.pop(name)
    candidates = [trait for trait in plan.free.values() if _may_be_answer(trait)]
    sure = [trait for trait in candidates if names.unnumbered(trait.plain) in names.OUTPUT]
    sure = [trait for trait in sure if trait.kind != "constant"] or sure
    if sum(trait.plain in names.TICKET for trait in plan.traits.values()) >= names.TICKET_COLUMNS:
        sure = [trait for trait in sure if trait.plain not in names.TICKET_TAGS]
    if len(sure) > 1:  # further right answers beside the answer itself
        sure = [trait for trait in sure if trait.plain not in names.REFERENCES or trait.kind != "list"]
    sure = _written_out(plan, sure)
    if len(sure) == 1 and (labels := _beside_summary(plan, sure[0], candidates)):
        return _summary_or_label(plan, sure[0], labels)
    if sure:
        return _sure(plan, sure)
    candidates = [trait for trait in candidates if trait.plain not in names.INPUT]
    flags = [trait for trait in candidates if trait.kind == "binary"]
    if len(flags) >= 2 and len(flags) >= len(candidates) - 1:
        names_ = tuple(trait.name for trait in flags)
        for name in names_:
            plan.free.pop(name)
        plan.why["output"] = f"{len(names_)} columns hold only 0 and 1: one per label"
        return Output(",".join(names_), names_)
    if marked := _marked(plan, candidates):
        for name in marked:
            plan.free.pop(name)
        plan.why["output"] = f"{len(marked)} columns hold one mark or nothing: one per label"
        return Output(",".join(marked), marked)
    if speakers and not candidates:
        raise DataError(f"Each row is one turn of a talk ('{speakers[0]}' says whose); none is an answer.", TURNS)
    if not candidates or len(plan.table.names) < 2:
        candidates = _second_input(plan)
    return _likeliest(plan, candidates)


def _may_be_answer(trait: Trait) -> bool:
    if names.unnumbered(trait.plain) in names.OUTPUT:
        return trait.kind != "empty"
    if trait.kind in ("empty", "constant", "identifier", "date"):
        return False
    return trait.plain not in names.IDENTIFIER and trait.plain not in names.TIME


def _says_who_speaks(plan: Plan, trait: Trait) -> bool:
    """A column such as `role` that holds nothing but user, assistant and the like."""
    if trait.plain not in names.ROLES:
        return False
    return {str(cell).strip().lower() for cell in plan.table.column(trait.name) if cell} <= names.SPEAKERS


def _written_out(plan: Plan, sure: list[Trait]) -> list[Trait]:
    """Plain texts before objects, also where the text stands under a name an input may have."""
    texts = [trait for trait in sure if trait.kind != "object"]
    if texts or len(sure) != 1:
        return texts or sure
    named = names.WRITTEN_OUT.get(sure[0].plain, ())
    asked = any(trait.plain in names.INPUT for trait in plan.free.values() if trait.plain not in named)
    return [t for t in plan.free.values() if asked and t.plain in named and t.kind == "text"] or sure


def _marked(plan: Plan, candidates: list[Trait]) -> tuple[str, ...]:
    """Columns marked where a label holds; none while another column is likelier to be the answer."""
    short = {
        trait.name: plan.table.column(trait.name)
        for trait in plan.free.values()
        if 0 < trait.mean_characters <= marks.MARK_CHARACTERS + 2 and trait.plain not in names.IDENTIFIER
    }
    marked = marks.shared(short)
    others = [trait for trait in candidates if trait.name not in marked]
    return marked if all(trait.kind == "text" and not _weak(trait) for trait in others) and len(others) < 2 else ()


def _chosen(plan: Plan, chosen: str) -> Output:
    if chosen not in plan.table.names and "," in chosen:
        parts = tuple(resolve(plan.table, part.strip(), "--output") for part in chosen.split(","))
        for part in parts:
            plan.take(part, "output", "chosen by you: one column per label")
        return Output(",".join(parts), parts)
    name = resolve(plan.table, chosen, "--output")
    return Output(plan.take(name, "output", "chosen by you"))


def _sure(plan: Plan, sure: list[Trait]) -> Output:
    """A usual name. Two of them, or one name twice, and the person has to say which."""
    sure.sort(key=_rank)
    best = sure[0]
    for other in plan.traits.values():
        if other.plain in [best.plain + end for end in SAME_MEANING_ENDS] and other.distinct == best.distinct:
            return Output(plan.take(other.name, "output", f"it spells out the numbers of '{best.name}'"))
    twins = plan.table.same_name.get(best.name, ())
    if twins and _differ(plan, twins):
        shown = "; ".join(f"'{name}': {_shown(plan, name)}" for name in twins)
        ask(
            plan,
            "--output",
            f"{len(twins)} columns are called '{best.name}' and hold different values ({shown}).",
            twins,
        )
    elif len(sure) > 1:
        options = tuple(trait.name for trait in sure)
        listed = ", ".join(f"'{name}'" for name in options)
        ask(
            plan,
            "--output",
            f"Several columns could be the answer: {listed}. '{best.name}' was taken for now.",
            options,
        )
    for name in twins:
        plan.free.pop(name, None)
    named = names.unnumbered(best.plain) in names.OUTPUT
    why = (
        "its name says it holds the answer"
        if named
        else "it writes the answer out that another column holds as objects"
    )
    return Output(plan.take(best.name, "output", why))


def _rank(trait: Trait) -> int:
    plain = names.unnumbered(trait.plain)
    return names.OUTPUT.index(plain) if plain in names.OUTPUT else len(names.OUTPUT)


def _beside_summary(plan: Plan, best: Trait, candidates: list[Trait]) -> list[Trait]:
    """Columns that look like labels beside one called summary, which is the title of a ticket in some exports."""
    if best.plain not in names.TITLE_OR_SUMMARY or best.kind != "text":
        return []
    no_labels = (*names.PERSON, *names.CIRCUMSTANCE, *names.GROUP, *names.INPUT)
    found = [t for t in candidates if t.kind == "category" and t.plain not in no_labels]
    texts = [t for t in plan.free.values() if t.kind == "text" and t is not best and t.plain not in names.IDENTIFIER]
    return found if len(found) >= FEWEST_LABELS or not texts else []


def _summary_or_label(plan: Plan, summary: Trait, labels: list[Trait]) -> Output:
    """A question; until it is answered the likeliest label, as a summary is a text to judge as well."""
    best = max(labels, key=lambda trait: (_points(trait), labels.index(trait)))
    options = (best.name, *(trait.name for trait in labels if trait is not best), summary.name)
    listed = ", ".join(f"'{name}'" for name in options[:-1])
    text = (
        f"Is '{summary.name}' the answer, or the title of what is to be judged? {listed} may be labels. "
        f"'{best.name}' was taken for now."
    )
    ask(plan, "--output", text, options)
    return Output(plan.take(best.name, "output", f"the likeliest label beside '{summary.name}'"))


def _differ(plan: Plan, same: tuple[str, ...]) -> bool:
    first = plan.table.column(same[0])
    return any(plan.table.column(name) != first for name in same[1:])


def _shown(plan: Plan, name: str) -> str:
    values = [str(cell)[:30] for cell in plan.table.column(name)[:20] if cell]
    return ", ".join(dict.fromkeys(values[:3])) or "empty"


def _second_input(plan: Plan) -> list[Trait]:
    """Two columns with names of inputs, such as question and text: the shorter or later one is the answer."""
    texts = [t for t in plan.free.values() if t.kind in ("text", "category", "number", "binary", "list", "object")]
    if len(texts) < 2:
        _refuse_empty(plan)
        what = "only " if len(plan.table.names) == 1 else ""
        listed = ", ".join(f"'{name}'" for name in plan.table.names[:12])
        more = f" and {len(plan.table.names) - 12:,} more" if len(plan.table.names) > 12 else ""
        advice = f"{ADVICE} {CUT}" if len(plan.table.names) == 1 else ADVICE
        raise DataError(f"No column with answers or labels was found; the file has {what}{listed}{more}.", advice)
    return texts[1:]


def _refuse_empty(plan: Plan) -> None:
    """A column with an answer's name in which nothing stands."""
    empty = [t.name for t in plan.free.values() if t.kind == "empty" and names.unnumbered(t.plain) in names.OUTPUT]
    if not empty:
        return
    formulas = any(finding.check == "formulas" for finding in plan.table.findings)
    why = " Its cells are formulas without a stored value." if formulas else ""
    mend = "Open the workbook in a spreadsheet program and save it again." if formulas else "Fill it in"
    raise DataError(
        f"The column '{empty[0]}' should hold the answers but is empty in every row.{why}",
        f"{mend.rstrip('.')}, or name another column with --output.",
    )


def _likeliest(plan: Plan, candidates: list[Trait]) -> Output:
    """No sure name: the best one by what it holds; a question unless it is the only one."""
    texts = [trait for trait in candidates if trait.plain not in names.INPUT]
    spoken = [trait for trait in plan.free.values() if trait.kind == "text"]
    only = spoken[0].name if len(spoken) == 1 else ""  # the one column of texts is rather the input
    best = max(candidates, key=lambda trait: (_points(trait) - (trait.name == only), candidates.index(trait)))
    others = [trait for trait in texts if trait.name != best.name and trait.kind != "text"]
    why = (
        f"{best.distinct:,} different values in {best.filled:,} rows looked at"
        if best.kind != "text"
        else "no other column could be the answer"
    )
    named_input = any(trait.plain in names.INPUT for trait in plan.free.values() if trait.name != best.name)
    unsure = bool(others) or (best.kind == "text" and not (named_input or _weak(best)))
    if unsure:
        listed = tuple(trait.name for trait in [best, *others, *(t for t in texts if t not in (best, *others))])
        shown = ", ".join(f"'{name}'" for name in listed[:8])
        ask(plan, "--output", f"Which column is the answer: {shown}? '{best.name}' was taken for now ({why}).", listed)
    return Output(plan.take(best.name, "output", f"the likeliest answer: {why}"))


def _weak(trait: Trait) -> bool:
    return trait.plain.removesuffix("_id") in names.WEAK_OUTPUT or trait.plain.endswith(names.WEAK_OUTPUT_ENDS)


def _points(trait: Trait) -> float:
    """How much a column looks like an answer. assumption: the weights only order columns without a telling name."""
    points = 2.0 * _weak(trait) + 2.0 * (trait.kind in ("category", "binary", "list"))
    points -= 2.0 * (trait.plain in names.PERSON) + 1.0 * (trait.plain in names.CIRCUMSTANCE)
    return points - 0.5 * (trait.kind == "number") - 1.0 * (trait.kind == "text" and trait.mean_characters > 200)
