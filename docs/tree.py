"""The tree of the README: every file of the product with the first line of its own docstring.

`python docs/tree.py` prints it, `python docs/tree.py --write` puts it between the README's markers.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
BEGIN, END = "<!-- tree: python docs/tree.py --write -->\n```\n", "```\n<!-- end of tree -->"
ROOMS = ("app.py", "app_pages", "advisor", "experiments", "workspace", "benchmarks")
# in the order the data visits them; what is not named comes after, by name
FIRST = (
    *("questionnaire", "catalog", "methods", "options", "estimators", "dry_run", "rules", "decision", "advise"),
    *("dataset", "split", "prompts", "models", "arms", "metrics", "statistics", "guards", "pilot"),
    *("evidence", "runners"),
)
WIDTH = 44


def purpose(path: Path) -> str:
    """The first sentence of a module's docstring."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return text.split("\n\n")[0].replace("\n", " ").removesuffix(".")


def order(path: Path) -> tuple[bool, int, bool, str]:
    """`__init__` first, then the data's order, then by name; folders and files together."""
    name = path.stem
    return (name != "__init__", FIRST.index(name) if name in FIRST else len(FIRST), path.is_dir(), name)


def lines(path: Path, depth: int = 0) -> list[str]:
    """One line a file; a folder carries the purpose of its `__init__`."""
    indent = "  " * depth
    if path.is_file():
        return [f"{indent + path.name:<{WIDTH}}{purpose(path)}"]
    init = path / "__init__.py"
    heading = f"{indent + path.name + '/':<{WIDTH}}{purpose(init) if init.exists() else ''}".rstrip()
    inside = sorted((p for p in path.iterdir() if _shown(p)), key=order)
    return [heading, *(line for p in inside for line in lines(p, depth + 1))]


def _shown(path: Path) -> bool:
    if path.is_dir():
        return any(path.rglob("*.py")) and not path.name.startswith((".", "__"))
    return path.suffix == ".py" and path.name != "__init__.py"


def tree() -> str:
    """The whole tree as text."""
    return "\n".join(line for room in ROOMS for line in lines(ROOT / room)) + "\n"


def main() -> None:
    """Print the tree, or write it into the README."""
    if "--write" not in sys.argv:
        print(tree(), end="")
        return
    text = README.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    README.write_text(before + BEGIN + tree() + END + after, encoding="utf-8")


if __name__ == "__main__":
    main()
