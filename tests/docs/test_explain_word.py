"""`sib explain cap`: words of the language, of the grammar and of lawyers find the page of a construct."""

import re
from pathlib import Path

import pytest

from scripts import constructs
from sibdsl.cli.app import run
from sibdsl.cli.explain_word import entries, find

KNOWN = entries()


def shown(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert run(["explain", *words]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("page", constructs.pages(), ids=lambda page: page.name)
def test_each_page_is_found_by_its_name_and_its_title(page: constructs.Page) -> None:
    for name in (page.name, page.title, page.title.upper(), page.name.replace("-", " ")):
        assert find(name, KNOWN)[0].page == page.name


@pytest.mark.parametrize("page", constructs.pages(), ids=lambda page: page.name)
def test_each_page_is_among_those_found_by_its_other_words(page: constructs.Page) -> None:
    for word in (*page.also, *(name for row in page.constructs for name in row.grammar)):
        assert page.name in [entry.page for entry in find(word, KNOWN)]


@pytest.mark.parametrize(
    ("word", "page"),
    [
        ("cap", "caps"),
        ("a cap", "caps"),
        ("ceiling", "caps"),
        ("block advance", "block-advances"),
        ("payment", "payments"),
        ("cohort", "cohorts"),
        ("clawback", "taken-back"),
        ("termination", "ending-early"),
        ("amendment", "variations"),
        ("set_against", "block-advances"),
        ("re-entry", "nothing-in-a-time"),
        ("reconviction", "nothing-in-a-time"),
        ("matched comparison", "metrics-worked-out"),
        ("hectare", "sums"),
        ("open row", "records"),
        ("job outcome", "held"),
        ("one-sided", "amounts-below-nought"),
        ("annual", "statements"),
        ("cumulative", "measured"),
        ("Layout", "how-a-contract-is-written"),
    ],
)
def test_words_find_their_page(word: str, page: str) -> None:
    assert find(word, KNOWN)[0].page == page


def test_cumulative_is_said_of_measures_and_of_sums() -> None:
    assert [entry.page for entry in find("cumulative", KNOWN)] == ["measured", "sums-to-date"]


def test_the_page_is_shown_without_what_is_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    page = shown(capsys, "cap")
    assert page.startswith("# Caps\n\n*Also called: ceiling, ")
    assert "| construct | reading A |" in page
    assert "`sib explain excess-carried-forward`" in page
    assert not re.search(r"<!--|\]\(|^group:|^order:", page, re.MULTILINE)


def test_words_need_no_quotation_marks(capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(capsys, "block", "advance") == shown(capsys, "block advance")


@pytest.mark.parametrize("code", ["SIB0501", "sib0501", "band-gap"])
def test_a_code_is_explained_as_explain_code_does(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    page = shown(capsys, code)
    assert run(["explain-code", code]) == 0
    assert capsys.readouterr().out == page


def test_without_words_all_pages_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    listed = shown(capsys)
    assert [page.name for page in constructs.pages() if f"  {page.name} " not in listed] == []


@pytest.mark.parametrize(
    ("wrong", "near"), [("capp", "cap"), ("ceilling", "ceiling"), ("SIB9501", "SIB0501")]
)
def test_a_word_of_nothing_is_told_with_the_nearest(
    wrong: str, near: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["explain", wrong]) == 2
    said = capsys.readouterr().err
    assert f"{wrong} is no file, no construct and no code." in said
    assert f"Did you mean {near}?" in said


def test_a_word_like_nothing_is_told_where_to_look(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "qqq"]) == 2
    assert "`sib explain` lists the constructs" in capsys.readouterr().err


def test_a_file_is_a_contract_though_it_is_called_cap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cap").write_text("", encoding="utf-8")
    for name in ("cap", "missing.sib", "folder/missing"):
        assert run(["explain", name]) == 2
        assert "Missing option '--records'" in capsys.readouterr().err


def test_with_an_option_the_word_is_a_contract(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "cap", "--line", "L1"]) == 2
    assert "Missing option '--records'" in capsys.readouterr().err


def test_a_screen_with_colours_shows_it_laid_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)
    page = shown(capsys, "cap")
    assert "\033[" in page
    assert "# Caps" not in page
    assert "```" not in page
