"""The notebook page runs as it stands; the page of Python functions is that of the functions."""

import contextlib
import io
from pathlib import Path

import pytest

from scripts.python_page import PAGE, page
from sibdsl import pipeline
from sibdsl.cli.app import run as sib
from tests.docs.reading import ROOT, fences

NOTEBOOK = ROOT / "docs" / "notebook.md"


def test_every_block_runs_and_says_what_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert sib(["init", "first_contract"]) == 0
    capsys.readouterr()
    names: dict[str, object] = {}
    said = ""
    for fence in fences(NOTEBOOK):
        if fence.language == "python":
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                exec(fence.text, names)  # noqa: S102 - our own page
            said = out.getvalue()
        else:
            assert said == fence.text, f"line {fence.line}"


def test_the_page_of_functions_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_function_says_what_it_does() -> None:
    for name in pipeline.__all__:
        assert getattr(pipeline, name) is not None
    shown = page()
    for name in (
        "parse",
        "load",
        "check",
        "sound",
        "measure",
        "price",
        "pay",
        "explain_line",
        "graph",
        "flows",
    ):
        assert f"## {name}\n" in shown
