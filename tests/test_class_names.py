"""One class name, one meaning."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import sibdsl

#: Private names that two files may each have for themselves, with the reason.
SAID_TWICE = {
    "_Plain": "each leaves something out: of what a kept table may hold, and of how a tree is drawn",
    "_Reader": "each reads one text, of a contract that does not parse and of a project file",
}


def test_no_class_name_is_defined_twice() -> None:
    found: dict[str, list[str]] = defaultdict(list)
    package = Path(sibdsl.__file__).parent
    for path in sorted(package.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                found[node.name].append(f"{path.relative_to(package)}:{node.lineno}")
    twice = {name: places for name, places in found.items() if len(places) > 1}
    assert {name: places for name, places in twice.items() if name not in SAID_TWICE} == {}
    assert set(SAID_TWICE) == set(twice), "a name that is no longer defined twice needs no reason"
    assert all(name.startswith("_") for name in SAID_TWICE)
