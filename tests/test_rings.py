"""The rings of tests: what they leave out is there, and a ring takes in all that it should."""

from pathlib import Path

import pytest

from tests.conftest import SLOW, TESTS


def test_slow_modules_are_there() -> None:
    assert [module for module in sorted(SLOW) if not (TESTS / module).is_file()] == []


def test_every_folder_has_tests_that_are_quick() -> None:
    """But those of which each test starts programs or prices contracts for long."""
    folders = {path.parent for path in TESTS.rglob("test_*.py")}
    without = {
        folder.relative_to(TESTS).as_posix()
        for folder in folders
        if all(path.relative_to(TESTS).as_posix() in SLOW for path in folder.glob("test_*.py"))
    }
    named = {folder for folder in without if not folder.startswith("contracts/")}
    assert named <= {"limits", "pipeline", "settle", "ways_out"}


def test_marks_follow_the_list(request: pytest.FixtureRequest) -> None:
    for item in request.session.items:
        module = Path(item.path)
        named = module.is_relative_to(TESTS) and module.relative_to(TESTS).as_posix() in SLOW
        assert bool(list(item.iter_markers("slow"))) == named, item.nodeid
