"""`sib explain` from the command line: its forms, its files, and what it says of a wrong call."""

import json
import re
import stat
from pathlib import Path

import pytest

from sibdsl.cli.app import run
from tests.settle.tower_hamlets import FILE, HERE, RECORDS

CALL = ["explain", str(FILE), "--records", str(RECORDS), "--as-of", "2018-07-31"]
PAGE = HERE / "docs" / "reference" / "explain.md"


def said(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    assert run([*CALL, *options]) == 0
    return capsys.readouterr().out


def refused(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    assert run([*CALL, *options]) == 2
    found = capsys.readouterr()
    assert found.out == ""
    return found.err


# ------------------------------------------------------------------ text


def test_ids_are_those_of_pay(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["pay", *CALL[1:], "--format", "json"]) == 0
    lines = json.loads(capsys.readouterr().out)["lines"]
    for one in (lines[0], lines[7], lines[13], lines[20]):
        explained = json.loads(said(capsys, "--line", one["id"].lower(), "--format", "json"))["line"]
        assert {key: explained[key] for key in one} == one


def test_text_is_plain_and_the_same_twice(capsys: pytest.CaptureFixture[str]) -> None:
    first = said(capsys, "--person", "P00051")
    assert "\x1b" not in first
    assert all(len(line) <= 100 and line == line.rstrip() for line in first.splitlines())
    assert said(capsys, "--person", "P00051") == first


# ------------------------------------------------------------------ wrong calls


@pytest.mark.parametrize("options", [[], ["--line", "L1", "--person", "P00051"]])
def test_both_or_neither(capsys: pytest.CaptureFixture[str], options: list[str]) -> None:
    assert "Give either --line ID or --person ID." in refused(capsys, *options)


def test_an_unknown_line_names_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Its lines are L1 to L23" in refused(capsys, "--line", "L24")


def test_an_unknown_person_is_asked_back(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Did you mean P00051?" in refused(capsys, "--person", "p00051")


def test_before_anything_is_paid(capsys: pytest.CaptureFixture[str]) -> None:
    call = [*CALL[:-1], "2016-03-01"]
    assert run([*call, "--line", "L1"]) == 2
    assert "nothing is paid by then" in capsys.readouterr().err


def test_a_fault_is_said_and_nothing_written(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sibdsl.measure.volumes.Volumes.earned", lambda *_: iter(()))
    target = tmp_path / "made.html"
    assert run([*CALL, "--line", "L21", "--format", "html", "--output", str(target)]) == 70
    assert "the explanation does not agree with the payment (L21 was paid for 4" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


# ------------------------------------------------------------------ files


@pytest.mark.parametrize("form", ["text", "json", "html"])
def test_a_file_holds_what_the_screen_shows(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, form: str
) -> None:
    target = tmp_path / "why"
    target.write_text("before", encoding="utf-8")
    target.chmod(0o640)
    assert said(capsys, "--line", "L21", "--format", form, "--output", str(target)) == ""
    assert target.read_text(encoding="utf-8") == said(capsys, "--line", "L21", "--format", form)
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_that_is_not_there(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    target = tmp_path / "none" / "why.html"
    assert str(tmp_path / "none") in refused(capsys, "--line", "L21", "--output", str(target))


# ------------------------------------------------------------------ JSON

MONEY = re.compile(r"-?\d+\.\d\d")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
_AMOUNTS = {
    "amount", "left", "limit", "paid_before", "room", "due_now", "cut_now", "paid_to_date", "usable", "fees_to_date",
    "met_before", "met_now", "due", "taken",
}  # fmt: skip


def check(value: object, key: str = "", trail: tuple[str, ...] = ()) -> set[str]:
    """Amounts are decimal text, dates are days; every key there is, but the parties' own names."""
    found: set[str] = set()
    if isinstance(value, dict):
        for name, inner in value.items():
            if key not in ("values", "settings"):
                found.add(name)
            found |= check(inner, name, (*trail, name))
    elif isinstance(value, list):
        for inner in value:
            found |= check(inner, key, trail)
    elif key in ("date", "as_of", "period_start", "period_end", "complete_on") and value is not None:
        assert DAY.fullmatch(str(value)), trail
    elif key in _AMOUNTS and isinstance(value, str) and trail[-2:] != ("line", "due"):
        assert MONEY.fullmatch(value), trail
    assert not isinstance(value, float), trail
    return found


@pytest.mark.parametrize(
    "ask", ["--line L21", "--line L8", "--line L3", "--person P00051", "--person P00042", "--person NOBODY"]
)
def test_the_shape_is_the_one_documented(capsys: pytest.CaptureFixture[str], ask: str) -> None:
    value = json.loads(said(capsys, *ask.split(), "--format", "json"))
    assert value["format"] == "sibdsl.explanation/1"
    assert value["about"] == ask.split(maxsplit=1)[0].removeprefix("--")
    page = re.sub(r"^```.*?^```$", "", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    named = set(re.findall(r"\w+", " ".join(re.findall(r"`[^`]+`", page))))
    assert check(value) - named == set()


def test_the_json_of_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    line = json.loads(said(capsys, "--line", "L21", "--format", "json"))["line"]
    assert line["counted"]["quantities"] == [{"band": "From 16", "quantity": 4}]
    assert line["counted"]["records"][0] == {
        "person": "P00047",
        "date": "2018-04-01",
        "band": "From 16",
        "quantity": 1,
        "records": "Jobs",
        "source": "jobs.csv",
        "row": 2,
        "values": {
            "Job ID": "J00007",
            "Person ID": "P00047",
            "Started On": "2018-02-18",
            "Ended On": "2018-04-02",
            "Hours Per Week": "16",
        },
    }
    assert [(one["limit"], one["paid_to_date"]) for one in line["caps"]] == [("336111.00", "17900.00")]
    assert [one["does"] for one in line["steps"]] == ["quantity", "scale"]


def test_the_json_of_what_would_have_been(capsys: pytest.CaptureFixture[str]) -> None:
    person = json.loads(said(capsys, "--person", "P00051", "--format", "json"))["person"]
    job = next(one for one in person["rows"] if one["records"] == "Jobs")
    entry = next(one for one in job["looked_at"] if one["name"] == "Job Entry")
    assert entry["outcome"] == "not earned"
    assert entry["would_have"]["changes"] == [
        {"column": "Ended On", "before": "2018-04-11", "after": "2018-04-12"}
    ]
    assert [(one["payer"], one["amount"]) for one in entry["would_have"]["lines"]] == [("CBO", "1350.00")]
