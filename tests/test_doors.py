"""Who may import whom (the doors of the house), and where heavy libraries may stand."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
OURS = {"advisor", "experiments", "workspace", "app_pages", "app"}
TORCH_FAMILY = {"torch", "transformers", "peft", "bitsandbytes", "trl", "accelerate", "safetensors", "gguf"}
TORCH_ROOMS = (
    "experiments/arms/",
    "experiments/models",
    "experiments/guards.py",
    "experiments/export",
    "experiments/probe.py",
    "advisor/dry_run/",
)
VOCABULARY = ("advisor.vocabulary", "advisor.errors")
FORMULAS = (*VOCABULARY, "advisor.estimators", "advisor.methods")
# room (path prefix) → what of ours it may import besides itself
DOORS: dict[str, tuple[str, ...]] = {
    "advisor/vocabulary": (),
    "advisor/errors.py": (),
    "advisor/questionnaire": VOCABULARY,
    "advisor/catalog": VOCABULARY,
    "advisor/methods": VOCABULARY,
    "advisor/estimators": VOCABULARY,
    "advisor/options": FORMULAS,
    "advisor/rules": VOCABULARY,
    "advisor/decision": FORMULAS,
    "advisor/report": VOCABULARY,
    "advisor/dry_run": VOCABULARY,
    "advisor/study.py": ("advisor",),
    "advisor/timing.py": ("advisor",),
    "advisor/again.py": ("advisor",),
    "advisor/break_even.py": ("advisor",),
    "advisor/advise.py": ("advisor",),
    "advisor/commands": ("advisor", "experiments", "workspace"),
    "advisor/__main__.py": ("advisor",),
    "experiments/commands": ("advisor", "experiments", "workspace"),
    "experiments/__main__.py": ("advisor.commands", "experiments"),
    "experiments": (*FORMULAS, "advisor.catalog", "workspace"),
    "workspace": VOCABULARY,
}


def python_files() -> list[Path]:
    rooms = ("advisor", "experiments", "workspace", "app_pages")
    files = [path for room in rooms for path in (ROOT / room).rglob("*.py")]
    return sorted([*files, *ROOT.glob("app.py")])


def imports(path: Path) -> list[str]:
    names: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return names


def within(name: str, rooms: tuple[str, ...]) -> bool:
    return any(name == room or name.startswith(f"{room}.") for room in rooms)


def room_of(relative: str) -> str | None:
    fitting = [room for room in DOORS if relative == room or relative.startswith((f"{room}/", f"{room}.py"))]
    return max(fitting, key=len) if fitting else None


@pytest.mark.parametrize("path", python_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_imports_only_through_its_doors(path: Path) -> None:
    relative = path.relative_to(ROOT).as_posix()
    room = room_of(relative)
    if room is None:
        assert relative.startswith(("app_pages/", "app.py", "advisor/__init__.py")), f"{relative} is in no room"
        return
    allowed = (*DOORS[room], room.removesuffix(".py").replace("/", "."))
    wrong = [n for n in imports(path) if n.split(".")[0] in OURS and not within(n, allowed)]
    assert not wrong, f"{relative} may not import {wrong}"


@pytest.mark.parametrize("path", python_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_streamlit_stands_only_in_the_pages_and_torch_only_in_its_rooms(path: Path) -> None:
    relative = path.relative_to(ROOT).as_posix()
    roots = {name.split(".")[0] for name in imports(path)}
    if not relative.startswith(("app_pages/", "app.py")):
        assert "streamlit" not in roots
    if not relative.startswith(TORCH_ROOMS):
        assert not roots & TORCH_FAMILY, f"{relative} imports {roots & TORCH_FAMILY}"


def test_no_method_is_named_in_an_if_outside_its_card() -> None:
    names = {"zero_shot", "few_shot", "classical", "lora", "qlora", "full_fine_tuning", "prefix_tuning", "adapters"}
    wrong = []
    for path in (ROOT / "advisor" / "estimators").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Compare):
                found = {c.value for c in ast.walk(node) if isinstance(c, ast.Constant) and isinstance(c.value, str)}
                if found & names:
                    wrong.append(f"{path.name}:{node.lineno}")
    assert not wrong


@pytest.mark.parametrize(
    "module", ["advisor.__main__", "experiments.__main__", "experiments.arms", "experiments.models"]
)
def test_the_edges_start_without_torch(module: str) -> None:
    code = f"import sys, {module}; print(sorted({TORCH_FAMILY!r} & set(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
