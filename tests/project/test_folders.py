"""Which files a call reads, and which of them together."""

from __future__ import annotations

import os
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sibdsl.project.folders import Pattern, is_file_alone, listed
from sibdsl.project.sorting import sorted_out
from tests.project.cases import document, mixed, starter, variation


def names(folder: Path, paths: tuple[Path, ...]) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in paths]


def test_a_folder_gives_its_contract_texts_and_nothing_else(tmp_path: Path) -> None:
    found = listed([mixed(tmp_path)])
    assert names(tmp_path, found.files) == [
        "deeper/agreement.md", "deeper/two.sib", "north.sib", "north_2026.sib", "north_2027.sib",
    ]  # fmt: skip
    assert names(tmp_path, found.pieces) == ["README.md"]
    assert found.problems == ()


def test_a_file_that_is_named_is_read_whatever_it_is(tmp_path: Path) -> None:
    mixed(tmp_path)
    named = [tmp_path / "notes.txt", tmp_path / "build" / "x.sib", tmp_path / "none.sib"]
    assert set(listed([tmp_path, *named], [Pattern("*.txt", tmp_path)]).files) >= set(named)
    assert names(tmp_path, listed([tmp_path / "build"]).files) == ["build/x.sib"]


def test_a_file_is_read_once_however_often_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mixed(tmp_path)
    monkeypatch.chdir(tmp_path)
    several = [Path("north.sib"), Path("deeper/../north.sib"), tmp_path / "north.sib", Path("north.sib")]
    assert len(listed(several).files) == 1
    assert is_file_alone(several)
    assert not is_file_alone([Path()])
    assert not is_file_alone([Path("north.sib"), Path("north_2026.sib")])


def test_the_order_of_paths_changes_nothing(tmp_path: Path) -> None:
    mixed(tmp_path)
    paths = [
        tmp_path / "north_2027.sib",
        tmp_path / "deeper",
        tmp_path / "north.sib",
        tmp_path / "north_2026.sib",
    ]
    first = listed(paths)
    for several in permutations(paths):
        again = listed(several)
        assert again == first
        assert sorted_out(again.files) == sorted_out(first.files)


@pytest.mark.parametrize(
    ("pattern", "left_out"),
    [
        ("deeper", {"deeper/two.sib", "deeper/agreement.md"}),
        ("deeper/", {"deeper/two.sib", "deeper/agreement.md"}),
        ("two.sib", {"deeper/two.sib"}),
        ("north_*.sib", {"north_2026.sib", "north_2027.sib"}),
        ("north_202?.sib", {"north_2026.sib", "north_2027.sib"}),
        ("deeper/*.md", {"deeper/agreement.md"}),
        ("**/two.sib", {"deeper/two.sib"}),
        ("/north.sib", {"north.sib"}),
        ("eeper", set()),
        ("n.rth.sib", set()),
        ("deeper/t*/x", set()),
    ],
)
def test_what_is_left_out(tmp_path: Path, pattern: str, left_out: set[str]) -> None:
    every = set(names(tmp_path, listed([mixed(tmp_path)]).files))
    kept = set(names(tmp_path, listed([tmp_path], [Pattern(pattern, tmp_path)]).files))
    assert every - kept == left_out


@given(
    st.text("ab*?/.", min_size=1, max_size=8),
    st.lists(st.sampled_from(["a", "b", "ab", "a.b"]), min_size=1, max_size=3),
)
def test_a_pattern_without_signs_fits_only_what_it_spells(pattern: str, parts: list[str]) -> None:
    path = Path(*parts)
    fits = Pattern(pattern, Path()).fits(path)
    bare = pattern.removesuffix("/").removeprefix("./")
    if not set(bare) & set("*?/"):
        assert fits == (bare == path.name)
    elif "**" not in bare and fits and "/" in bare.removeprefix("/"):
        assert len(path.parts) == bare.removeprefix("/").count("/") + 1


def test_a_folder_without_a_contract_is_told(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# Nothing", encoding="utf-8")
    (problem,) = listed([tmp_path]).problems
    assert problem.code == "SIB0749"
    assert str(tmp_path) in problem.message
    (tmp_path / "README.md").write_text("```sib\nparties\nend parties\n```\n", encoding="utf-8")
    (problem,) = listed([tmp_path]).problems
    assert "README.md has `sib` blocks" in problem.message


def test_a_document_whose_contract_would_not_be_read_is_not_passed_over(tmp_path: Path) -> None:
    hidden = document(starter()).replace("```sib", "```SIB")
    (tmp_path / "agreement.md").write_text(hidden, encoding="utf-8")
    assert len(listed([tmp_path]).files) == 1


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
def test_links_that_lead_out_are_told_and_not_looked_at(tmp_path: Path) -> None:
    folder = mixed(tmp_path / "in")
    outside = tmp_path / "out"
    outside.mkdir()
    (outside / "secret.sib").write_text(starter(), encoding="utf-8")
    before = listed([folder])
    (folder / "link.sib").symlink_to(outside / "secret.sib")
    (folder / "gone.sib").symlink_to(outside / "none.sib")
    (folder / "linked").symlink_to(outside)
    (folder / "again.sib").symlink_to("north.sib")
    (folder / "round").symlink_to(folder)
    found = listed([folder])
    assert [problem.code for problem in found.problems] == ["SIB0748"] * 3
    assert {path.resolve() for path in found.files} == {path.resolve() for path in before.files}
    assert not any(path.is_relative_to(outside) for path in found.files)


# ------------------------------------------------------------------ what is read together


def together(folder: Path, *paths: Path) -> list[tuple[str, list[str], bool]]:
    files = listed(list(paths) or [folder]).files
    return [
        (one.path.name, [path.name for path in one.varied], one.asked) for one in sorted_out(files).readings
    ]


def test_a_contract_is_read_alone_and_with_all_that_varies_it(tmp_path: Path) -> None:
    mixed(tmp_path)
    assert together(tmp_path) == [
        ("agreement.md", [], True),
        ("two.sib", [], True),
        ("north.sib", [], True),
        ("north.sib", ["north_2026.sib", "north_2027.sib"], True),
    ]


def test_a_variation_without_its_contract_finds_it_beside(tmp_path: Path) -> None:
    mixed(tmp_path)
    alone = [tmp_path / "north_2026.sib", tmp_path / "deeper"]
    assert together(tmp_path, *alone)[-1] == ("north.sib", ["north_2026.sib"], False)


def test_a_variation_that_the_contract_names_is_read_with_it(tmp_path: Path) -> None:
    mixed(tmp_path)
    text = starter().replace("  currency ", '  varied by       "north_2026.sib"\n  currency ', 1)
    (tmp_path / "north.sib").write_text(text, encoding="utf-8")
    assert together(tmp_path)[2:] == [("north.sib", [], True), ("north.sib", ["north_2027.sib"], True)]


def test_names_of_contracts_match_as_names_do(tmp_path: Path) -> None:
    (tmp_path / "a.sib").write_text(starter("North Side"), encoding="utf-8")
    (tmp_path / "b.sib").write_text(variation("Later", "North Side"), encoding="utf-8")
    assert together(tmp_path)[1] == ("a.sib", ["b.sib"], True)


def test_the_contract_of_the_same_folder_goes_first(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "c.sib").write_text(starter(), encoding="utf-8")
    (tmp_path / "two" / "v.sib").write_text(variation("Later"), encoding="utf-8")
    readings = sorted_out(listed([tmp_path]).files).readings
    assert [one.path for one in readings if one.varied] == [tmp_path / "two" / "c.sib"]


def test_a_contract_elsewhere_is_found_if_there_is_one(tmp_path: Path) -> None:
    (tmp_path / "variations").mkdir()
    (tmp_path / "c.sib").write_text(starter(), encoding="utf-8")
    (tmp_path / "variations" / "v.sib").write_text(variation("Later"), encoding="utf-8")
    assert together(tmp_path)[1] == ("c.sib", ["v.sib"], True)
    (tmp_path / "d.sib").write_text(starter(), encoding="utf-8")
    (problem,) = sorted_out(listed([tmp_path]).files).problems
    assert problem.code == "SIB0747"
    assert "c.sib and" in problem.message


def test_a_variation_of_nothing_is_told_with_what_there_is(tmp_path: Path) -> None:
    (tmp_path / "a.sib").write_text(starter("North"), encoding="utf-8")
    (tmp_path / "b.sib").write_text(variation("Later", "South"), encoding="utf-8")
    (problem,) = sorted_out(listed([tmp_path]).files).problems
    assert problem.code == "SIB0747"
    assert (problem.span.file, problem.span.line) == (str(tmp_path / "b.sib"), 1)
    assert "South" in problem.message
    assert "North" in problem.message
