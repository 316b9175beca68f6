"""Share of queries that say the same once spelling is set aside; nothing is ever run, so equal results do not count."""

from __future__ import annotations

import itertools
import re

from experiments.metrics.metric import Metric, best_over

TOKEN = re.compile(
    r"""(?P<comment>--[^\n]*|/\*.*?\*/)
    | (?P<text>'(?:[^']|'')*')
    | (?P<name>"(?:[^"]|"")*"|`[^`]*`|\[[^\W\d][\w\ $]*\])
    | (?P<number>\d+(?:\.\d+)?|\.\d+)
    | (?P<word>[^\W\d][\w$]*)
    | (?P<operator><>|!=|<=|>=|==|\|\|)
    | (?P<sign>\S)""",
    re.DOTALL | re.VERBOSE,
)
FENCE = re.compile(r"```\w*\s*\n(.*?)```", re.DOTALL)
SAME = {"<>": "!=", "==": "="}
SAYS_NOTHING = ("as", "asc", "outer")  # an alias, the usual order, LEFT OUTER JOIN
TABLES_FOLLOW = ("from", "join")
TABLES_END = ("where", "group", "order", "having", "limit", "union", "intersect", "except", "on", "using", "(", ")")
NO_ALIAS = (*TABLES_END, *TABLES_FOLLOW, "inner", "left", "right", "full", "cross", "natural", "offset", "fetch")


def normal(query: str) -> tuple[str, ...]:
    """The query as tokens: case, blanks, comments, quotes and a last semicolon aside, table aliases numbered."""
    fenced = FENCE.search(query)
    found = TOKEN.finditer(fenced[1] if fenced else query)
    tokens = [_token(match) for match in found if match.lastgroup != "comment"]
    while tokens and tokens[-1] == ";":
        tokens.pop()
    pairs = itertools.pairwise([*tokens, ""])
    return _numbered([t for t, after in pairs if t not in SAYS_NOTHING and (t, after) != ("inner", "join")])


def _token(match: re.Match[str]) -> str:
    kind, said = match.lastgroup, match[0]
    if kind == "text":
        return f"'{said[1:-1].replace(chr(39) * 2, chr(39))}'"
    if kind == "name":
        inside = said[1:-1].replace('""', '"')
        # some databases take double quotes for texts: only what could be a bare name is one
        return inside.lower() if re.fullmatch(r"[^\W\d][\w$]*", inside) and said[0] != '"' else f"'{inside}'"
    if kind == "number":
        return f"{float(said):.15g}"
    return SAME.get(said, said.lower())


def _numbered(tokens: list[str]) -> tuple[str, ...]:
    """Aliases of tables by their order: `FROM course c` and `FROM course AS t1` say the same."""
    aliases: dict[str, str] = {}
    among = False
    for place, token in enumerate(tokens):
        table, alias = (*tokens[place + 1 : place + 3], "", "")[:2]
        among = token in TABLES_FOLLOW or (among and token not in TABLES_END)
        given = among and (token in TABLES_FOLLOW or token == ",") and _is_name(table) and _is_name(alias)
        if given and alias not in aliases:
            aliases[alias] = f"@{len(aliases)}"
    return tuple(aliases.get(token, token) for token in tokens)


def _is_name(token: str) -> bool:
    return token not in NO_ALIAS and re.match(r"[^\W\d]", token) is not None


def one(prediction: str, reference: str) -> float:
    """1 where both are the same query but for spelling; an empty one is never right."""
    asked = normal(reference)
    return float(bool(asked) and normal(prediction) == asked)


METRIC = Metric(
    name="sql_match",
    label="SQL match",
    one_line="share of queries equal but for case, blanks, quotes and names of aliases; queries are never run",
    row=best_over(one),
    tasks=("text_to_sql",),
)
