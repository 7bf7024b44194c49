"""Shells complete commands, options and contract files; and starting stays light."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sibdsl.cli import COMMANDS
from tests.docs.reading import COMMANDS as PAGE
from tests.docs.reading import section
from tests.project.cases import mixed

ROOT = Path(__file__).parents[2]
SHELLS = ("bash", "zsh", "fish")


def asked(
    words: str, cwd: Path, *, asks: str = "bash_complete", variable: str = "_SIB_COMPLETE"
) -> list[str]:
    """What a shell is answered where the cursor stands at the end of these words."""
    parts = words.split(" ")
    env = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        variable: asks,
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(parts) - 1),
    }
    code = "from sibdsl.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, cwd=cwd, capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    return done.stdout.split("\n")[:-1]


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("program", ["sib", "sibdsl"])
def test_each_shell_has_its_script(tmp_path: Path, shell: str, program: str) -> None:
    variable = f"_{program.upper()}_COMPLETE"
    script = "\n".join(asked(program, tmp_path, asks=f"{shell}_source", variable=variable))
    assert f"{variable}={shell}_complete" in script
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=script, text=True, check=True)


def test_the_line_for_each_shell_is_documented() -> None:
    lines = re.findall(r"(?m)^- (\w+), in `\S+`: `(.+)`$", section(PAGE, "Completion"))
    assert [shell for shell, _ in lines] == list(SHELLS)
    for shell, line in lines:
        assert f"_SIB_COMPLETE={shell}_source sib" in line


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
def test_the_line_for_bash_completes_what_is_typed(tmp_path: Path) -> None:
    mixed(tmp_path)
    (line,) = re.findall(r"`(eval .+bash.+)`", section(PAGE, "Completion"))
    typed = 'COMP_WORDS=(sib check north_2026); COMP_CWORD=2; _sib_completion sib; echo "${COMPREPLY[*]}"'
    # The script starts what it completes as a program, so there is one of that name.
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "sib"
    program.write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -c "from sibdsl.cli import main; main()" "$@"\n',
        encoding="utf-8",
    )
    program.chmod(0o755)
    path = f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PATH": path}
    bash = str(shutil.which("bash"))
    done = subprocess.run(
        [bash, "-c", f"{line}\n{typed}"], env=env, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "north_2026.sib"


def test_commands_and_options_are_completed(tmp_path: Path) -> None:
    assert asked("sib ", tmp_path) == [f"plain,{name}" for name in COMMANDS]
    assert asked("sib ch", tmp_path) == ["plain,check"]
    assert asked("sib pay --rec", tmp_path) == ["plain,--records"]


def test_contract_files_are_completed_and_no_others(tmp_path: Path) -> None:
    mixed(tmp_path)
    assert asked("sib check ", tmp_path) == [
        "plain,north.sib", "plain,north_2026.sib", "plain,north_2027.sib", f"plain,build{os.sep}", f"plain,deeper{os.sep}",
    ]  # fmt: skip
    assert asked("sib pay north_2026", tmp_path) == ["plain,north_2026.sib"]
    assert asked("sib test deeper/ag", tmp_path) == ["plain,deeper/agreement.md"]
    assert asked("sib fmt deeper/", tmp_path) == ["plain,deeper/two.sib"]
    assert asked("sib pay --with north_2027", tmp_path) == ["plain,north_2027.sib"]
    assert asked("sib check notes", tmp_path) == ["dir,notes"]
    assert asked("sib check nowhere/x", tmp_path) == []


def test_what_no_shell_asks_is_told(tmp_path: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "_SIB_COMPLETE": "tcsh_source"}
    code = "from sibdsl.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "tcsh_source; it is one of bash_source, zsh_source and fish_source" in done.stderr


@pytest.mark.parametrize(
    ("words", "absent"),
    [
        (
            ["--help"],
            {"click", "lark", "attrs", "duckdb", "sympy", "z3", "sibdsl.project.sib_toml", "tomllib"},
        ),
        (
            ["explain-code", "SIB0501"],
            {"lark", "duckdb", "sympy", "z3", "sibdsl.project.sib_toml", "tomllib"},
        ),
        (
            ["check", "."],
            {"duckdb", "sqlglot", "sympy", "z3", "tomllib", "sibdsl.project.sib_toml"},
        ),
        (
            ["fmt", "--check", "."],
            {"duckdb", "sqlglot", "sympy", "z3", "tomllib", "sibdsl.project.sib_toml"},
        ),
    ],
    ids=lambda one: "-".join(one) if isinstance(one, list) else "",
)
def test_nothing_is_loaded_that_is_not_needed(tmp_path: Path, words: list[str], absent: set[str]) -> None:
    mixed(tmp_path)
    code = (
        "import sys\nfrom sibdsl.cli import main\n"
        f"try:\n    main({words!r})\nexcept SystemExit:\n    pass\n"
        f"print(sorted(set({sorted(absent)!r}) & set(sys.modules)), file=sys.stderr)"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stderr.splitlines()[-1] == "[]"
