"""Every key of a project file has its form, and what is not as it should be is told with its line and a way out."""

from __future__ import annotations

import os
import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sibdsl.diagnostics import Diagnostic, Refused
from sibdsl.diagnostics.codes import REGISTRY
from sibdsl.project.find import find
from sibdsl.project.model import CONTRACT, SUPPRESS, TABLE, TOP, Project
from sibdsl.project.sib_toml import load
from sibdsl.project.statements import lines_of
from sibdsl.project.suppressing import left_over, shown
from sibdsl.project.tables import TableInFiles
from sibdsl.source import Span

WHOLE = """\
# What is meant when nothing is said.
read = ["north.sib", "deeper"]
exclude = [
  "drafts",  # not yet ] agreed
  "old/*.sib",
]
allow = ["shared"]

[[contract]]
file = "north.sib"
varied-by = ["north_2026.sib"]
parameters = "values.json"
records = "records"
quantities = "plan.csv"
as-of = 2026-12-31
rules = ["all"]

[contract.settings]
"Start Rate" = "250.00"
Share = 0.125
Launched = 2026-05-01
Sixteen = true
"By Round" = { "11" = "17%", "12" = "21%" }

[contract.tables.Jobs]
file = "placements.xlsx"
sheet = "Quarter 1"
headings = { "Started On" = "Start date" }

[contract.tables.Visits]
table = "public.visits"

[contract.tables.Costs]
query = "select * from costs"

[[contract]]
file = "deeper/two.sib"
as-of = "31 December 2026"

[[suppress]]
code = "band-gap"
file = "north.sib"
clause = "2"
reason = "Agreed with the council."
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("deeper", "records", "shared", "drafts"):
        (tmp_path / name).mkdir()
    for name in ("north.sib", "deeper/two.sib", "north_2026.sib", "values.json", "plan.csv"):
        (tmp_path / name).write_text("", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read_or_refused() -> tuple[Project | None, list[Diagnostic]]:
    try:
        return load(Path("sib.toml")), []
    except Refused as stop:
        return None, stop.found


def refused(text: str) -> list[Diagnostic]:
    Path("sib.toml").write_text(text, encoding="utf-8")
    with pytest.raises(Refused) as caught:
        load(Path("sib.toml"))
    return caught.value.found


@pytest.mark.usefixtures("folder")
def test_all_that_a_project_file_says() -> None:
    Path("sib.toml").write_text(WHOLE, encoding="utf-8")
    project = load(Path("sib.toml"))
    assert project.read == (Path("north.sib"), Path("deeper"))
    assert [one.text for one in project.leave_out] == ["drafts", "old/*.sib"]
    assert project.allow == (Path("shared"),)
    north, two = project.contracts
    assert (north.file, north.varied_by, north.parameters) == (
        Path("north.sib"), (Path("north_2026.sib"),), Path("values.json"),
    )  # fmt: skip
    assert (north.records, north.quantities, north.as_of) == (
        Path("records"),
        Path("plan.csv"),
        date(2026, 12, 31),
    )
    assert north.rules == ("all",)
    assert dict(north.settings) == {
        "Start Rate": "250.00", "Share": "0.125", "Launched": "2026-05-01", "Sixteen": "yes",
        "By Round": [("11", "17%"), ("12", "21%")],
    }  # fmt: skip
    assert (two.file, two.as_of) == (Path("deeper/two.sib"), date(2026, 12, 31))
    assert north.tables == {
        "Jobs": TableInFiles("placements.xlsx", "Quarter 1", (("Started On", "Start date"),)),
        "Visits": TableInFiles(table="public.visits"),
        "Costs": TableInFiles(query="select * from costs"),
    }
    (hidden,) = project.suppressions
    assert (hidden.code, hidden.file, hidden.clause) == ("SIB0501", Path("north.sib"), "2")
    assert project.entry(Path("deeper/../north.sib")) == north
    assert project.entry(Path("values.json")) is None


@pytest.mark.usefixtures("folder")
def test_the_line_of_every_key() -> None:
    Path("sib.toml").write_text(WHOLE, encoding="utf-8")
    project = load(Path("sib.toml"))
    rows = WHOLE.splitlines()
    for place, line in project.lines.items():
        assert str(place[-1] if isinstance(place[-1], str) else place[-2]) in rows[line - 1]
    assert project.line(("contract", 0, "settings", "By Round", "12")) == 23
    assert project.line(("contract", 1, "records")) == project.line(("contract", 1)) == 36
    assert project.said(("suppress", 0, "reason")) == "sib.toml line 44"


# What is wrong, the code, the line, words of the message or its way out; and the same put right.
WRONG = [
    ("reed = []", "SIB0742", 1, "Did you mean `read`?", "read = []"),
    ("records = 'records'", "SIB0742", 1, "under a line `[[contract]]`", "[[contract]]\nfile = 'north.sib'\nrecords = 'records'"),
    ("\n\nzzz = 1", "SIB0742", 3, "`exclude`", ""),
    ("[[contract]]\nfile = 'north.sib'\nrecord = 'records'", "SIB0742", 3, "Did you mean `records`?", "[[contract]]\nfile = 'north.sib'\nrecords = 'records'"),
    ("[[contract]]\nfile = 'north.sib'\nas_of = 2026-12-31", "SIB0742", 3, "Did you mean `as-of`?", "[[contract]]\nfile = 'north.sib'\nas-of = 2026-12-31"),
    ("read = 'north.sib'", "SIB0743", 1, "a list is expected", "read = ['north.sib']"),
    ("read = [1]", "SIB0743", 1, "the number 1", "read = ['north.sib']"),
    ("read = ['']", "SIB0743", 1, "an empty text", "read = ['north.sib']"),
    ("exclude = ['!north.sib']", "SIB0743", 1, "with `*` for a part of a name", "exclude = ['*.sib']"),
    ("[contract]\nfile = 'north.sib'", "SIB0743", 1, "double brackets", "[[contract]]\nfile = 'north.sib'"),
    ("contract = 'north.sib'", "SIB0743", 1, "double brackets", "[[contract]]\nfile = 'north.sib'"),
    ("[[contract]]\nrecords = 'records'", "SIB0743", 1, "does not say of which file", "[[contract]]\nfile='north.sib'\nrecords = 'records'"),
    ("[[contract]]\nfile='north.sib'\n[[contract]]\nfile='deeper/../north.sib'", "SIB0743", 4, "on line 1", "[[contract]]\nfile='north.sib'"),
    ("[[contract]]\nfile='north.sib'\nas-of='soon'", "SIB0743", 3, "the text `soon`; a date", "[[contract]]\nfile='north.sib'\nas-of='31 May 2027'"),
    ("[[contract]]\nfile='north.sib'\nas-of=2026-12-31T10:00:00", "SIB0743", 3, "a date from 1900", "[[contract]]\nfile='north.sib'\nas-of=2026-12-31"),
    ("[[contract]]\nfile='north.sib'\nas-of=0001-01-01", "SIB0743", 3, "a date from 1900", "[[contract]]\nfile='north.sib'\nas-of=1999-01-01"),
    ("[[contract]]\nfile='north.sib'\nsettings='x'", "SIB0743", 3, "[contract.settings]", "[[contract]]\nfile='north.sib'\nsettings={x='1'}"),
    ("[[contract]]\nfile='north.sib'\nsettings={x=[1]}", "SIB0743", 3, "a list", "[[contract]]\nfile='north.sib'\nsettings={x=1}"),
    ("[[contract]]\nfile='../x.sib'", "SIB0744", 2, "sib check ../x.sib", "[[contract]]\nfile='north.sib'"),
    ("allow=['/']", "SIB0744", 1, "--allow /", "allow=['shared']"),
    ("[[suppress]]\ncode='SIB0501'", "SIB0750", 1, "no `reason`", "[[suppress]]\ncode='SIB0501'\nreason='Agreed.'"),
    ("[[suppress]]\nreason='Agreed.'", "SIB0750", 1, "no `code`", "[[suppress]]\ncode='SIB0501'\nreason='Agreed.'"),
    ("[[suppress]]\ncode='SIB0501'\nreason=' - '", "SIB0750", 3, "says nothing", "[[suppress]]\ncode='SIB0501'\nreason='Agreed.'"),
    ("[[suppress]]\ncode='band-gop'\nreason='Agreed.'", "SIB0750", 2, "Did you mean `band-gap`?", "[[suppress]]\ncode='band-gap'\nreason='Agreed.'"),
    ("suppress=[1]", "SIB0743", 1, "double brackets", "[[suppress]]\ncode='SIB0501'\nreason='Agreed.'"),
    ("read = [", "SIB0741", 1, "cannot be read", "read = []"),
    ("read = []\nfile north.sib", "SIB0741", 2, "a key, `=` and a value", "read = []"),
    ("read = north.sib", "SIB0741", 1, "text stands in double quotes", "read = ['north.sib']"),
    ("read = []\nread = []", "SIB0741", 2, "there already", "read = []"),
    ("read = ['a'\n'b']", "SIB0741", 2, "no comma", "read = ['north.sib',\n'deeper']"),
    ("read = ['north.sib]", "SIB0741", 1, "not closed", "read = ['north.sib']"),
    ("# a\u202eb", "SIB0740", 0, "U+202E", "# ab"),
]  # fmt: skip


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(("wrong", "code", "line", "words", "right"), WRONG)
def test_what_is_wrong_is_told_with_its_line_and_what_is_right_is_read(
    wrong: str, code: str, line: int, words: str, right: str
) -> None:
    found = refused(wrong)
    assert {one.code for one in found} == {code}
    assert [one.span.line for one in found] == [line]
    (one,) = found
    assert words in f"{one.message} {one.mark} {one.help}"
    assert one.help.endswith((".", "?"))
    assert one.span.file == ("sib.toml" if line else "")
    assert "sib.toml" in f"{one.message}{one.span.file}"
    Path("sib.toml").write_text(right, encoding="utf-8")
    load(Path("sib.toml"))


def test_every_code_of_project_files_has_a_wrong_text() -> None:
    told = {code for _, code, _, _, _ in WRONG}
    elsewhere = {"SIB0745", "SIB0746", "SIB0747", "SIB0748", "SIB0749", "SIB0751", "SIB0752"}
    assert {code for code in REGISTRY if "SIB0740" <= code <= "SIB0757"} == told | elsewhere


@pytest.mark.usefixtures("folder")
def test_all_errors_are_told_at_once() -> None:
    found = refused("reed = 1\nallow = ['..']\nexclude = 3\n")
    assert {one.code for one in found} == {"SIB0742", "SIB0743", "SIB0744"}


# ------------------------------------------------------------------ where it may lead


@pytest.mark.parametrize(
    "key", ["file", "varied-by", "parameters", "records", "quantities", "allow", "read", "suppress"]
)
@pytest.mark.parametrize("path", ["../elsewhere", "/elsewhere", "deeper/../../elsewhere", "out", "out/x.sib"])
def test_no_path_of_a_project_file_leads_out_of_its_folder(folder: Path, key: str, path: str) -> None:
    inner = folder / "deeper"
    (inner / "out").symlink_to(folder / "elsewhere")
    (inner / "north.sib").write_text("", encoding="utf-8")
    os.chdir(inner)
    said = f'["{path}"]' if key in ("varied-by", "allow", "read") else f'"{path}"'
    if key in ("allow", "read"):
        text = f"{key} = {said}"
    elif key == "suppress":
        text = f'[[suppress]]\ncode = "SIB0501"\nreason = "Agreed."\nfile = {said}'
    else:
        other = "" if key == "file" else "file = 'north.sib'"
        text = f"[[contract]]\n{other}\n{key} = {said}"
    missing = refused(text)
    assert {one.code for one in missing} == {"SIB0744"}
    # What is said is the same whether there is something or not.
    (folder / "elsewhere").mkdir()
    (folder / "elsewhere" / "x.sib").write_text("secret", encoding="utf-8")
    assert refused(text) == missing


def test_it_is_found_upwards_and_its_paths_are_from_its_own_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "sib.toml").write_text(WHOLE, encoding="utf-8")
    (folder / "deeper" / "still").mkdir()
    monkeypatch.chdir(folder / "deeper" / "still")
    path = find()
    assert path == Path("../../sib.toml")
    project = load(path)
    assert project.contracts[1].file.resolve() == folder / "deeper" / "two.sib"
    assert project.entry(Path("../two.sib")) == project.contracts[1]
    (folder / "deeper" / "sib.toml").write_text("", encoding="utf-8")
    assert find() == Path("../sib.toml")


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="no owners there")
def test_one_above_that_belongs_to_somebody_else_is_not_followed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "sib.toml").write_text("", encoding="utf-8")
    theirs = (folder / "sib.toml").stat().st_uid + 7
    real = Path.lstat

    class Theirs:
        st_uid = theirs

    monkeypatch.setattr(Path, "lstat", lambda self: Theirs() if self.name == "sib.toml" else real(self))
    load(Path("sib.toml"))  # in the folder itself it is followed: whoever works there sees it
    monkeypatch.chdir(folder / "deeper")
    with pytest.raises(Refused) as caught:
        load(Path("../sib.toml"))
    assert [one.code for one in caught.value.found] == ["SIB0746"]


@pytest.mark.parametrize("what", ["a folder", "not text", "too large", "a pipe", "a broken link"])
def test_what_cannot_be_read_is_told(folder: Path, what: str) -> None:
    path = folder / "sib.toml"
    match what:
        case "a folder":
            path.mkdir()
        case "not text":
            path.write_bytes(b'read = ["\xff"]\n')
        case "too large":
            path.write_text("#" * 200_001, encoding="utf-8")
        case "a pipe":
            os.mkfifo(path)
        case _:
            path.symlink_to(folder / "none")
    assert find() == Path("sib.toml")
    with pytest.raises(Refused) as caught:
        load(Path("sib.toml"))
    (one,) = caught.value.found
    assert one.code == "SIB0740"
    assert "sib.toml" in one.message
    assert one.help


# ------------------------------------------------------------------ whatever is in it


@pytest.mark.usefixtures("folder")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_project_file_changed_in_any_way_is_read_or_refused_in_words(data: st.DataObject) -> None:
    lines = WHOLE.splitlines(keepends=True)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines) - 1))
        line = lines[at]
        cut = data.draw(st.integers(0, len(line)))
        match data.draw(st.sampled_from(["drop", "twice", "put", "take", "swap", "value"])):
            case "drop":
                lines[at] = "\n"
            case "twice":
                lines[at] = line + line
            case "put":
                sign = data.draw(
                    st.sampled_from([*"[]{}=\"'#,.\n\\-!*/ £\u202e0", "..", "[[", '"""', "'''", "true"])
                )
                lines[at] = line[:cut] + sign + line[cut:]
            case "take":
                lines[at] = line[:cut] + line[cut + 1 :]
            case "swap":
                other = data.draw(st.integers(0, len(lines) - 1))
                lines[at], lines[other] = lines[other], line
            case "value":
                value = data.draw(
                    st.sampled_from(
                        [
                            "1",
                            "1.5",
                            "inf",
                            "nan",
                            "true",
                            "[]",
                            "{}",
                            "[[1]]",
                            "2026-01-01",
                            "10:00:00",
                            "''",
                            "'../x'",
                        ]
                    )
                )
                lines[at] = re.sub(r"= .*", f"= {value}", line)
    text = "".join(lines)
    Path("sib.toml").write_text(text, encoding="utf-8")
    project, found = read_or_refused()
    if project is None:
        assert found
        for one in found:
            assert "SIB0740" <= one.code <= "SIB0750"
            assert one.help
            assert "sib.toml" in f"{one.message}{one.span.file}"
            assert one.span.line <= text.count("\n") + 1
        return
    for path in (*project.read, *project.allow, *(entry.file for entry in project.contracts)):
        assert path.resolve().is_relative_to(Path.cwd())


@given(
    st.recursive(
        st.one_of(st.integers(), st.booleans(), st.text("ab#[]{}\"'\\ \n=é", max_size=6)),
        lambda inner: st.lists(inner, max_size=3),
        max_leaves=6,
    ),
    st.lists(st.text("ab#[]\" '", min_size=1, max_size=4), min_size=1, max_size=4, unique=True),
)
def test_the_lines_of_keys_are_those_on_which_they_are_written(value: object, keys: list[str]) -> None:
    def said(one: object) -> str:
        match one:
            case bool():
                return str(one).lower()
            case str():
                signs = {"\\": "\\\\", '"': '\\"', "\n": "\n"}
                return '"""' + "".join(signs.get(char, char) for char in one) + '"""'
            case list():
                return "[ # a ] remark\n" + ",\n".join(map(said, one)) + "]"
            case _:
                return str(one)

    text, expected = "", {}
    for key in keys:
        expected[key] = text.count("\n") + 2
        quoted = key.replace('"', '\\"')
        text += f'# "\n"{quoted}" = {said(value)} # [\n'
    tomllib.loads(text)
    assert {place[0]: line for place, line in lines_of(text).items()} == expected


# ------------------------------------------------------------------ what is not shown


def finding(
    code: str, severity: str = "warning", clause: str = "2, bands Hours", file: str = "north.sib"
) -> Diagnostic:
    return Diagnostic(code, "Said.", Span(file, 1, 1, 1, 2), clause=clause, severity=severity)  # type: ignore[arg-type]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("one", "hidden"),
    [
        (finding("SIB0501"), True),
        (finding("SIB0501", "note"), True),
        (finding("SIB0501", "error"), False),
        (finding("SIB0502"), False),
        (finding("SIB0501", clause="3, bands Hours"), False),
        (finding("SIB0501", clause="2"), True),
        (finding("SIB0501", clause=""), False),
        (finding("SIB0501", file="deeper/two.sib"), False),
        (finding("SIB0501", file=""), False),
    ],
)
def test_only_what_fits_is_left_out_and_no_error_ever_is(one: Diagnostic, hidden: bool) -> None:
    Path("sib.toml").write_text(WHOLE, encoding="utf-8")
    project = load(Path("sib.toml"))
    told = shown(project, [one])
    assert (not told.findings) == hidden
    assert len(told.findings) + len(told.suppressed) == 1
    assert shown(None, [one]).findings == (one,)
    over = left_over(project, [one], [Path("north.sib")], whole=False)
    fits_as_error = one == finding("SIB0501", "error")
    assert [each.code for each in over] == ([] if hidden else ["SIB0750" if fits_as_error else "SIB0751"])
    assert left_over(project, [], [Path("deeper/two.sib")], whole=False) == []


@pytest.mark.usefixtures("folder")
def test_one_that_names_no_file_fits_nothing_only_if_all_was_read() -> None:
    Path("sib.toml").write_text('[[suppress]]\ncode = "SIB0501"\nreason = "Agreed."\n', encoding="utf-8")
    project = load(Path("sib.toml"))
    assert left_over(project, [], [Path("north.sib")], whole=False) == []
    (one,) = left_over(project, [], [Path("north.sib")], whole=True)
    assert (one.code, one.severity, one.span.line) == ("SIB0751", "warning", 2)


def test_every_key_is_read_in_the_whole_example() -> None:
    said = tomllib.loads(WHOLE)
    assert set(said) == set(TOP)
    assert set(said["contract"][0]) == set(CONTRACT)
    assert {key for table in said["contract"][0]["tables"].values() for key in table} == set(TABLE)
    assert set(said["suppress"][0]) == set(SUPPRESS)
