"""The source code, as the rules about it see it."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[3]
SOURCE = ROOT / "src"
TESTS = ROOT / "tests"


def modules(*folders: str) -> list[Path]:
    """List the modules under folders of the source; all of it without one."""
    return sorted(path for folder in folders or [""] for path in (SOURCE / folder).rglob("*.py"))


def code_lines(module: Path) -> int:
    """Count the lines that are not empty."""
    return sum(1 for line in module.read_text().splitlines() if line.strip())


def function_lengths(module: Path) -> Iterator[int]:
    """Count the lines of each function, from `def` to its last line."""
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield (node.end_lineno or node.lineno) - node.lineno + 1


def imported(module: Path) -> Iterator[str]:
    """Name the top-level packages that a module imports."""
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]
