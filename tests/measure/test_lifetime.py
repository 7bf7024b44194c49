"""What a measuring holds on to, and that it lets go of it."""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from sibdsl.diagnostics import Refused
from sibdsl.measure import Volumes, measure, measure_rows, reading_files
from sibdsl.measure import volumes as told
from sibdsl.measure.engines import EngineError, NoMemory, NoRoom, NumberTooLong, refusal
from sibdsl.model.parameters.in_force import Settings
from sibdsl.records import Account
from tests.measure.by_hand import CONTRACT

CASE = Path(__file__).parents[1] / "cases" / "mhep1" / "tower_hamlets_2018_q2"
AS_OF = date(2018, 7, 31)


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield tmp_path
    assert list(tmp_path.iterdir()) == []


def volumes() -> Volumes:
    return measure(CONTRACT, Settings(), CASE, AS_OF)


def test_the_temporary_folder_goes_when_the_volumes_are_closed(temporary: Path) -> None:
    with volumes() as found:
        assert len(list(temporary.iterdir())) == 1
    found.close()


@pytest.mark.usefixtures("temporary")
def test_what_was_counted_stays() -> None:
    with volumes() as found:
        pass
    assert found.accounts["Jobs"] == Account(rows=19, used=14, outside=1, duplicate=1, rejected=3)
    assert sum(one.number for one in found.quantities[-5:]) == 53
    with pytest.raises(EngineError):
        next(found.claims())


@pytest.mark.usefixtures("temporary")
def test_a_refusal_leaves_nothing_behind(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("records")
    for name in ("referrals", "engagements", "jobs"):
        (folder / f"{name}.csv").write_text("a;b\n")
    with pytest.raises(Refused):
        measure(CONTRACT, Settings(), folder, AS_OF)


@pytest.mark.usefixtures("temporary")
def test_a_fault_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_files, "_load_table", lambda *_: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        volumes()


@pytest.mark.usefixtures("temporary")
def test_rows_of_an_example_leave_nothing_behind() -> None:
    with measure_rows(CONTRACT, Settings(), (), AS_OF) as found:
        assert all(one.rows == 0 for one in found.accounts.values())
        assert list(found.rows()) == []
        assert list(found.claims()) == []


@pytest.mark.usefixtures("temporary")
def test_two_questions_at_once() -> None:
    with volumes() as found:
        rows = found.rows()
        first = next(rows)
        claims = list(found.claims())
        assert [first, *rows] == list(found.rows())
        assert claims == list(found.claims())


@pytest.mark.usefixtures("temporary")
def test_two_measurings_at_once() -> None:
    with volumes() as one, volumes() as other:
        assert list(one.claims()) == list(other.claims())


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "SIB0614"),
        (NoMemory("Out of Memory Error: failed to allocate\nand so on"), "SIB0614"),
        (NoRoom("IO Error: Could not write file"), "SIB0614"),
        (NumberTooLong("Overflow in multiplication"), "SIB0611"),
        (FileNotFoundError(errno.ENOENT, "No such file or directory"), "SIB0607"),
    ],
)
def test_failures_that_are_told(error: EngineError | OSError, code: str) -> None:
    refused = refusal(error)
    assert refused is not None
    assert refused.found[0].code == code
    assert "\n" not in refused.found[0].message


def test_a_fault_of_the_program_stays_one() -> None:
    assert refusal(EngineError("syntax")) is None


def test_an_account_that_does_not_add_up_is_a_fault() -> None:
    with pytest.raises(ArithmeticError, match="3 rows read, 2 accounted for"):
        Account(rows=3, used=1, rejected=1)


def test_rows_are_told_in_stretches(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with measure(CONTRACT, Settings(), CASE, AS_OF) as found:
        whole = list(found.rows())
        found.write_rows(tmp_path / "whole.csv")
        monkeypatch.setattr(told, "_STRETCH", 7)
        assert list(found.rows()) == whole
        found.write_rows(tmp_path / "parts.csv")
    assert (tmp_path / "parts.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()
    assert len(whole) == 60 + 69 + 19
