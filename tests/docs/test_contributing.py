"""Pages for who changes the program: every file and name on them is there, and the change that they show can be carried out."""

import ast
import inspect
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from sibdsl import pipeline
from tests.docs.reading import ROOT, fences, headings, section, table_rows
from tests.docs.steps import carry_out, files_of, steps

FOLDER = ROOT / "docs" / "contributing"
ARCHITECTURE, RULES, PLANNED, ADD_A_LINE = (
    FOLDER / f"{name}.md" for name in ("architecture", "where-rules-live", "planned-changes", "add-a-line")
)
PAGES = [ROOT / "CONTRIBUTING.md", ARCHITECTURE, RULES, PLANNED, ADD_A_LINE]
STEPS = steps(ADD_A_LINE)
NEW = {name for step in STEPS for name in files_of(step.diff) if not (ROOT / name).exists()}
CHANGES = [heading for heading in headings(PLANNED) if heading.startswith(("A ", "An "))]

_CODE = re.compile(r"`([^`\n]+)`(?! \(new\))")
_PLACE = re.compile(r"[\w.-]*(?:/[\w.-]+)+(?:::[\w.]+)?")


def places(page: Path) -> list[str]:
    """Files, folders and names in files that a page speaks of, without those inside fences."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return [said for said in _CODE.findall(text) if _PLACE.fullmatch(said)]


@cache
def names_in(file: Path) -> frozenset[str]:
    """What a module defines: functions, classes with their methods, and values."""
    names: set[str] = set()
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        match node:
            case ast.FunctionDef():
                names.add(node.name)
            case ast.ClassDef():
                names.add(node.name)
                names |= {
                    f"{node.name}.{part.name}" for part in node.body if isinstance(part, ast.FunctionDef)
                }
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                names.add(name)
    return frozenset(names)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_file_and_name_is_there(page: Path) -> None:
    said = places(page)
    assert said
    for place in said:
        name, _, held = place.partition("::")
        if name in NEW:
            continue
        assert (ROOT / name).exists(), place
        assert not held or held in names_in(ROOT / name), place


def test_every_page_can_be_found_from_the_door() -> None:
    door = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    linked = set(re.findall(r"\]\(([^)#]+)\)", door))
    assert {page.relative_to(ROOT).as_posix() for page in PAGES[1:]} <= linked
    assert [link for link in linked if not (ROOT / link).exists()] == []
    listed = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert [page.name for page in FOLDER.glob("*.md") if f"contributing/{page.name}" not in listed] == []


def test_what_the_door_says_can_be_made() -> None:
    made = set(re.findall(r"`?make ([a-z]+)", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")))
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert {"setup", "quick", "test", "deep"} <= made
    assert made <= targets


# ------------------------------------------------------------------ architecture


def test_the_floors_are_those_of_the_import_rules() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (rule,) = (one for one in settings["tool"]["importlinter"]["contracts"] if one["type"] == "layers")
    enforced = [[part.strip("() ") for part in layer.split("|")] for layer in rule["layers"]]
    (drawing,) = (fence.text for fence in fences(ARCHITECTURE) if fence.language == "text")
    parts = {part for floor in enforced for part in floor}
    drawn = [re.split(r" {2,}|\n", line.strip())[0].split(" · ") for line in drawing.splitlines()]
    assert [floor for floor in drawn if set(floor) & parts] == enforced


def test_the_pipeline_has_what_is_said_of_it() -> None:
    rows = table_rows(section(ARCHITECTURE, "The pipeline"))
    said = [row[1].strip("`") for row in rows]
    assert len(said) > 5
    assert set(said) <= set(pipeline.__all__)
    assert all(inspect.isfunction(getattr(pipeline, name)) for name in said)


# ------------------------------------------------------------------ rules and planned changes


def test_each_rule_has_its_place() -> None:
    rows = table_rows(RULES.read_text(encoding="utf-8"))
    assert len(rows) > 28
    assert [rule for rule, where in rows if not where.startswith("`")] == []
    assert [rule for rule, times in Counter(row[0] for row in rows).items() if times > 1] == []


@pytest.mark.parametrize("change", CHANGES)
def test_a_planned_change_touches_few_files(change: str) -> None:
    files = [row[0] for row in table_rows(section(PLANNED, change))]
    assert 0 < len(files) < 8
    for said in files:
        name = said.split("`")[1]
        assert (ROOT / name).exists() is not said.endswith("(new)"), name


def test_no_file_is_in_everybodys_way() -> None:
    listed = Counter(row[0] for change in CHANGES for row in table_rows(section(PLANNED, change)))
    assert len(CHANGES) == 6
    assert [file for file, times in listed.items() if times > 2] == []


# ------------------------------------------------------------------ a change in whole


def test_each_step_fits_the_files_as_they_are(tmp_path: Path) -> None:
    assert len(STEPS) > 5
    for name in {name for step in STEPS for name in files_of(step.diff)}:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, tmp_path / name)
    for step in STEPS:
        carry_out(step.diff, tmp_path)


def test_each_test_of_a_step_is_there() -> None:
    made = "".join(step.diff for step in STEPS)
    for test in {test for step in STEPS for test in (*step.red, *step.green)}:
        file, _, name = test.partition("::")
        assert f"+def {name}(" in made if file in NEW else name in names_in(ROOT / file), test


def test_what_turns_red_turns_green() -> None:
    red: set[str] = set()
    for step in STEPS:
        assert set(step.green) <= red, step.heading
        red = (red - set(step.green)) | set(step.red)
    assert red == set()


def _passes(test: str, folder: Path) -> bool:
    """Whether a test passes in a checkout; one that cannot even be collected does not."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", test],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return done.returncode == 0


@pytest.mark.deep
def test_each_step_turns_its_tests(tmp_path: Path) -> None:
    copy = tmp_path / "checkout"
    left_out = shutil.ignore_patterns(".*", "__pycache__", "dist", "build", "node_modules")
    shutil.copytree(ROOT, copy, ignore=left_out)
    for step in STEPS:
        assert [test for test in step.green if _passes(test, copy)] == [], f"green before {step.heading}"
        carry_out(step.diff, copy)
        assert [test for test in step.red if _passes(test, copy)] == [], f"green after {step.heading}"
        assert [test for test in step.green if not _passes(test, copy)] == [], f"red after {step.heading}"
