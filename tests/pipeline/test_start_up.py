"""What a command loads: no engine, no prover and no algebra before they are needed, and no grammar before a text is read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.reading import ROOT

CONTRACT = str(ROOT / "contracts" / "mhep1" / "tower_hamlets.sib")
PROGRAMME = str(ROOT / "contracts" / "mhep1" / "mhep1.programme.sib")
HEAVY = {"duckdb", "sqlglot", "sympy", "z3"}

#: Runs a command as `sib` does, then tells its status and what is loaded, after all that it printed.
RUN = """
import json, sys
from sibdsl.cli import main
try:
    main(sys.argv[1:])
except SystemExit as left:
    print(json.dumps([left.code, sorted({name.partition(".")[0] for name in sys.modules})]))
"""


def started(code: str, *words: str) -> tuple[str, str]:
    """What a process of its own prints: all of it but the last line, and the last line."""
    found = subprocess.run(
        [sys.executable, "-c", code, *words],
        capture_output=True, text=True, check=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    before, _, last = found.stdout.rstrip("\n").rpartition("\n")
    return before, last


@pytest.mark.parametrize(
    ("words", "said", "absent"),
    [
        (["--help"], "Usage: sib COMMAND", HEAVY | {"attrs", "click", "lark", "rich"}),
        (["check", CONTRACT], "Tower Hamlets   fingerprint ", HEAVY),
        (["check", PROGRAMME], "Staffordshire   fingerprint ", HEAVY),
        (["fmt", "--diff", CONTRACT], "", HEAVY),
    ],
    ids=["help", "check", "check of a programme", "fmt"],
)
def test_a_command_loads_what_it_needs(words: list[str], said: str, absent: set[str]) -> None:
    out, last = started(RUN, *words)
    status, loaded = json.loads(last)
    assert status == 0
    assert said in out
    assert absent & set(loaded) == set()


def test_paying_loads_the_engine(tmp_path: Path) -> None:
    """The same look finds the engine where one is needed."""
    from sibdsl.cli.app import run

    assert run(["init", str(tmp_path / "first")]) == 0
    records = tmp_path / "first" / "records"
    contract = next((tmp_path / "first").glob("*.sib"))
    _, last = started(RUN, "pay", str(contract), "--records", str(records), "--as-of", "2026-12-31")
    status, loaded = json.loads(last)
    assert status == 0
    assert {"duckdb", "sqlglot"} <= set(loaded)


def test_the_pipeline_loads_no_stage() -> None:
    code = "import json, sys, sibdsl.pipeline; print(json.dumps(sorted(sys.modules)))"
    loaded = set(json.loads(started(code)[1]))
    assert {name.partition(".")[0] for name in loaded} & {*HEAVY, "click", "lark", "rich"} == set()
    stages = (
        "syntax",
        "names",
        "model",
        "wording",
        "price",
        "check",
        "records",
        "measure",
        "render",
        "compile",
    )
    assert {name for stage in stages for name in loaded if f"{name}.".startswith(f"sibdsl.{stage}.")} == set()
