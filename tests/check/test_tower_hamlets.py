"""The published contract, as it stands and as it was published."""

from __future__ import annotations

from pathlib import Path

from sibdsl.check.structure import findings
from sibdsl.compile import compile_source
from sibdsl.diagnostics import Diagnostic
from sibdsl.diagnostics.snippet import tight
from sibdsl.model.parameters.in_force import Settings, as_written
from sibdsl.names import read
from sibdsl.source import Source

FILE = Path(__file__).parents[2] / "contracts/mhep1/tower_hamlets.sib"


def checked(old: str = "", new: str = "") -> tuple[list[Diagnostic], Source]:
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    source = Source("tower_hamlets.sib", text.replace(old, new))
    made = compile_source(source)
    assert not made.findings
    return findings(made.contract, as_written(made.contract)), source


def test_it_has_no_errors_and_no_warnings() -> None:
    found, _ = checked()
    assert [(one.severity, one.code, one.clause) for one in found] == [
        ("note", "SIB0527", "Schedule 2, metric Job Entry"),
        ("note", "SIB0527", "Schedule 2, metric Job Sustainment"),
    ]
    assert found[1].message.startswith(
        "A job that starts after 30 September 2018 can no longer reach Job Sustainment"
    )


def test_the_bands_as_published_leave_out_exactly_sixteen_hours() -> None:
    text = FILE.read_text(encoding="utf-8")
    choice = text[text.index("assumption Sixteen Hours") : text.index("-- Records")]
    source = Source(
        "tower_hamlets.sib",
        text.replace(choice, "").replace("From 16  | at least 16 hours ", "From 16  | more than 16 hours"),
    )
    made = compile_source(source).contract
    errors = [one for one in findings(made, as_written(made)) if one.severity == "error"]
    (one,) = errors
    exact = tight(one.span, source)
    assert source.text[exact.start : exact.end] == "more than 16 hours"
    assert (one.code, one.clause) == ("SIB0501", "Schedule 2, bands Hours")
    assert one.message == (
        "No band of Hours holds exactly 16 hours. A job of 16 hours a week would reach Job Entry and Job Sustainment and be "
        "paid nothing under Fund Tariff."
    )


def test_the_published_row_with_the_assumption_left_standing() -> None:
    found, _ = checked("From 16  | at least 16 hours ", "From 16  | more than 16 hours")
    (one,) = [one for one in found if one.severity == "error"]
    assert one.code == "SIB0501"
    assert (
        one.help
        == "Let the bands say what the assumption Sixteen Hours says: `at least 16 hours` in From 16."
    )


def test_a_row_lost_from_the_tariff() -> None:
    found, _ = checked("  | Job Sustainment | From 16  | £1,650 |\n")
    assert [one.code for one in found if one.severity != "note"] == ["SIB0504"]


def test_a_block_against_the_other_payer() -> None:
    found, _ = checked("MHEP Engagement Fee in 2017/18", "Commissioner Engagement Fee in 2017/18")
    (one,) = [one for one in found if one.severity != "note"]
    assert one.code == "SIB0519"
    assert "MHEP pays nothing under Commissioner Engagement Fee; CCG does." in one.message
    assert "`MHEP Engagement Fee`" in one.help


def test_the_ccgs_blocks_in_units_have_one_rate() -> None:
    made = compile_source(read(FILE)).contract
    found = findings(made, Settings({**as_written(made).values, "Set Off Basis": "in units"}))
    assert {one.severity for one in found} == {"note"}
