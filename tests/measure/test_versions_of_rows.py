"""Keys and later versions of rows: against a slow reckoning, in the words that are told, and where files are not as agreed."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sibdsl.compile import compile_source
from sibdsl.diagnostics import Diagnostic, Refused
from sibdsl.measure import RowStatus, measure
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import as_written
from sibdsl.source import Source
from tests.measure.slow_versions import AS_OF, Row, Ways, reckon, text

HEADINGS = ("Job ID", "Site", "Client ID", "Begun", "Ended", "Hours", "Version", "Told On")
PARTS = ("Winter", "Spring", "Autumn")
CLIENTS = ("C1", "C2")
#: How many lots of rows, each of jobs and clients of its own, are measured together at most.
LOTS = 6
LATEST: Ways = (("latest", "Told On"),)
FORMS: tuple[Ways | None, ...] = (
    None,
    (),
    LATEST,
    (("latest", "Told On"), ("highest", "Version")),
    (("lowest", "Version"), ("earliest", "Told On")),
    (("part", ""),),
    (("highest", "Version"), ("part", "")),
)


def contract(ways: Ways | None, parts: Sequence[str] = (), *, until_next: bool = False) -> Contract:
    return _contract(text(ways, parts, until_next=until_next))


@cache
def _contract(said: str) -> Contract:
    made = compile_source(Source("c.sib", said))
    assert [found.message for found in made.findings if found.severity == "error"] == []
    return made.contract


def write(path: Path, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([headings, *rows])


def folder_of(folder: Path, rows: Sequence[Row], parts: Sequence[str], *, lots: int = LOTS) -> Path:
    """The rows as files, a part by its name, or all in one."""
    known = [*CLIENTS, *_clients(lots)]
    write(folder / "clients.csv", ("Client ID", "Opened On"), [(client, "2026-04-01") for client in known])
    for at, part in enumerate(parts):
        write(folder / "jobs" / f"{part}.csv", HEADINGS, [row.cells for row in rows if row.part == at])
    if not parts:
        write(folder / "jobs.csv", HEADINGS, [row.cells for row in rows])
    return folder


def _clients(lots: int) -> list[str]:
    return [f"{client} of lot {lot}" for lot in range(lots) for client in CLIENTS]


def row(
    job: str = "J1",
    site: str = "1",
    who: str = "C1",
    begun: str = "2026-05-01",
    ended: str = "",
    hours: str = "20",
    version: str = "",
    told: str = "",
) -> tuple[str, ...]:
    return (job, site, who, begun, ended, hours, version, told)


def told(made: Contract, folder: Path) -> tuple[dict[str, Diagnostic], list[RowStatus], dict[str, Fraction]]:
    """Warnings by code, what became of the rows of Jobs, and the sum of each metric."""
    with measure(made, as_written(made), folder, AS_OF) as volumes:
        sums: dict[str, Fraction] = {}
        for volume in volumes.quantities:
            sums[volume.metric] = sums.get(volume.metric, Fraction(0)) + volume.number
        warnings = {warning.code: warning for warning in volumes.warnings}
        account = volumes.accounts["Jobs"]
        rows = [status for status in volumes.rows() if status.records == "Jobs"]
        assert (
            account.rows
            == len(rows)
            == sum((account.used, account.outside, account.duplicate, account.superseded, account.rejected))
        )
        return warnings, rows, sums


# ------------------------------------------------------------------ against a slow reckoning

days = st.sampled_from(["2026-05-01", "2026-05-04", "2026-06-10", "2026-09-30", "2026-10-01", "2026-11-05"])
some = st.tuples(
    st.sampled_from(["J1", "J1", "J2", "J3"]),
    st.sampled_from(["1", "1.0", "2"]),
    st.sampled_from(["C1", "C2", "Stranger"]),
    days,
    st.one_of(st.just(""), st.just(""), days),
    st.sampled_from(["20", "20", "20", "9", "101", ""]),
    st.sampled_from(["", "1", "2", "02"]),
    st.one_of(st.just(""), days),
)


@pytest.mark.parametrize("until_next", [False, True], ids=["runs on", "until the next"])
@pytest.mark.parametrize(
    "ways", FORMS, ids=lambda ways: "no key" if ways is None else f"{len(ways)} ways {ways[:1]}"
)
@settings(max_examples=max(3, settings().max_examples // 8), deadline=None)
@given(
    lots=st.lists(st.lists(some, max_size=9), min_size=3, max_size=LOTS),
    seed=st.randoms(use_true_random=False),
)
def test_rows_in_any_order_are_reckoned_alike(
    ways: Ways | None, until_next: bool, lots: list[list[tuple[str, ...]]], seed: object
) -> None:
    cells = [
        (f"{job} of lot {lot}", site, f"{who} of lot {lot}", *others)
        for lot, rows_of_lot in enumerate(lots)
        for job, site, who, *others in rows_of_lot
    ]
    assume(not cells or any(cell[5] for cell in cells))  # a table of which no row can be read stops the run
    parts = PARTS if ways and ("part", "") in ways else ()
    made = contract(ways, parts, until_next=until_next)
    numbers = [0] * len(PARTS)
    rows: list[Row] = []
    for cell in cells:
        part = seed.randrange(len(PARTS)) if parts else 0  # type: ignore[attr-defined] # a random.Random
        numbers[part] += 1
        rows.append(Row(part, numbers[part], cell))
    rows.sort(key=lambda one: one[:2])
    expected = reckon(rows, ways, set(_clients(LOTS)), until_next=until_next)
    with TemporaryDirectory() as name:
        _, statuses, sums = told(made, folder_of(Path(name), rows, parts))
    where = {f"jobs/{part}.csv": at for at, part in enumerate(PARTS)}
    got = {(where.get(status.source, 0), status.row): status.status for status in statuses}
    assert got == expected.statuses
    assert (sums["Starts"], sums["Days"]) == (expected.starts, expected.days)


def test_the_order_of_the_rows_changes_no_quantity(tmp_path: Path) -> None:
    made = contract((("latest", "Told On"), ("highest", "Version")))
    cells = [
        row(version="1", told="2026-05-02"),
        row(ended="2026-05-11", version="2", told="2026-05-02"),
        row(ended="2026-05-21", version="3", told="2026-05-01"),
        row("J2", ended="2026-05-03"),
    ]
    # Every order is that of a lot of its own.
    orders = list(permutations(range(len(cells))))
    lots = [
        [(f"{job} of lot {lot}", site, f"{who} of lot {lot}", *others) for job, site, who, *others in cells]
        for lot in range(len(orders))
    ]
    placed = [(lot, cell) for lot, order in enumerate(orders) for cell in order]
    rows = [Row(0, number, lots[lot][cell]) for number, (lot, cell) in enumerate(placed, 1)]
    _, statuses, sums = told(made, folder_of(tmp_path, rows, (), lots=len(lots)))
    found: list[dict[int, str]] = [{} for _ in lots]
    for status in statuses:
        lot, cell = placed[status.row - 1]
        found[lot][cell] = status.status
    assert found == [{0: "superseded", 1: "used", 2: "superseded", 3: "used"}] * len(lots)
    # Ten days of J1 as last told, of which two are those of J2 as well: a day of a person counts once.
    assert (sums["Starts"], sums["Days"]) == (2 * len(lots), 10 * len(lots))


# ------------------------------------------------------------------ what is told of rows


def statuses_of(folder: Path, made: Contract, *cells: tuple[str, ...]) -> list[tuple[str, str, str]]:
    rows = [Row(0, number, cell) for number, cell in enumerate(cells, 1)]
    return [(one.status, one.reason, one.of_row) for one in told(made, folder_of(folder, rows, ()))[1]]


def test_a_superseded_row_names_the_one_that_stands(tmp_path: Path) -> None:
    made = contract((("latest", "Told On"), ("highest", "Version")))
    first, second = row(told="2026-05-02"), row(ended="2026-05-09", told="2026-06-02")
    assert statuses_of(tmp_path, made, first, second) == [
        (
            "superseded",
            "row 2 stands instead: same Job ID and Site, latest Told On, then highest Version",
            "2",
        ),
        ("used", "", ""),
    ]


def test_a_row_known_later_supersedes_nothing_yet(tmp_path: Path) -> None:
    made = contract(LATEST)
    first, second = row(told="2026-05-02"), row(ended="2026-05-09", told="2026-10-01")
    assert statuses_of(tmp_path, made, first, second) == [
        ("used", "", ""),
        ("outside", "known on 2026-10-01, after 30 September 2026", ""),
    ]


def test_a_correction_beyond_the_as_of_date_takes_the_job_away(tmp_path: Path) -> None:
    made = contract(LATEST)
    first, second = row(told="2026-05-02"), row(begun="2026-10-05", told="2026-05-03")
    assert [status for status, _, _ in statuses_of(tmp_path, made, first, second)] == [
        "superseded",
        "outside",
    ]


def test_rows_that_tie_are_told_and_neither_counts(tmp_path: Path) -> None:
    made = contract(LATEST)
    cells = (row(hours="15"), row(told="2026-05-02"), row(ended="2026-05-09", told="2026-05-02"))
    rows = [Row(0, number, cell) for number, cell in enumerate(cells, 1)]
    warnings, found, sums = told(made, folder_of(tmp_path, rows, ()))
    assert [(one.status, one.of_row) for one in found] == [
        ("superseded", "2"),
        ("rejected", "3"),
        ("rejected", "2"),
    ]
    assert [one.reason for one in found] == [
        "row 2 comes before it, and ties with another of the same Job ID and Site",
        "row 3 has the same Job ID and Site, and latest Told On does not say which of the two stands",
        "row 2 has the same Job ID and Site, and latest Told On does not say which of the two stands",
    ]
    assert sums["Starts"] == 0
    assert set(warnings) == {"SIB0642"}
    assert "J1, 1 (jobs.csv row 2, jobs.csv row 3)" in warnings["SIB0642"].message
    # What the contract says already is not what it is told to say.
    assert warnings["SIB0642"].help.endswith("add `, then highest` and its name after `latest Told On`.")


def test_without_a_line_that_says_which_stands_rows_that_differ_tie(tmp_path: Path) -> None:
    made = contract(())
    found = statuses_of(tmp_path, made, row(), row(hours="30"))
    assert [status for status, _, _ in found] == ["rejected", "rejected"]
    assert found[0][1] == "row 2 has the same Job ID and Site, and nothing says which of the two stands"


def test_rows_that_agree_in_all_that_is_read_are_one(tmp_path: Path) -> None:
    made = contract(())
    folder_of(tmp_path, [], ())
    write(tmp_path / "jobs.csv", (*HEADINGS, "Exported At"), [(*row(), "1 May"), (*row(), "1 June")])
    warnings, found, sums = told(made, tmp_path)
    assert [(one.status, one.of_row) for one in found] == [("used", ""), ("superseded", "1")]
    assert sums["Starts"] == 1
    assert set(warnings) == {"SIB0606"}


@pytest.mark.parametrize(
    ("wrong", "is_told"),
    [
        (row(hours="101", told="2026-06-02"), True),
        (row(hours="101"), True),  # without a date: nobody can tell that it is the earlier
        (row(hours="101", told="2026-05-02"), True),
        (row(hours="101", told="2026-05-01"), False),
        (row(hours="101", told="2026-10-01"), False),  # not known yet
        (row("J2", hours="101", told="2026-06-02"), False),
    ],
    ids=["later", "no date", "the same day", "earlier", "not known yet", "another job"],
)
def test_an_invalid_row_corrects_nothing_and_is_told(
    tmp_path: Path, wrong: tuple[str, ...], is_told: bool
) -> None:
    made = contract(LATEST)
    rows = [Row(0, 1, row(told="2026-05-02")), Row(0, 2, wrong)]
    warnings, found, sums = told(made, folder_of(tmp_path, rows, ()))
    assert [one.status for one in found] == ["used", "rejected"]
    assert sums["Starts"] == 1
    assert ("SIB0641" in warnings) == is_told
    if is_told:
        said = "J1, 1 (jobs.csv row 2 is invalid, jobs.csv row 1 stands)"
        assert said in warnings["SIB0641"].message


def test_an_identifier_that_is_a_key_is_not_told_to_repeat(tmp_path: Path) -> None:
    rows = [Row(0, 1, row(told="2026-05-02")), Row(0, 2, row(ended="2026-05-09", told="2026-06-02"))]
    keyed, plain = tmp_path / "keyed", tmp_path / "plain"
    for folder in (keyed, plain):
        folder.mkdir()
        folder_of(folder, rows, ())
    assert set(told(contract(LATEST), keyed)[0]) == set()
    assert {"SIB0619", "SIB0621"} & set(told(contract(None), plain)[0])


# ------------------------------------------------------------------ open until the next row


def test_two_open_rows_of_one_day_end_neither_the_other_and_are_told(tmp_path: Path) -> None:
    made = contract(LATEST, until_next=True)
    cells = (row("J1"), row("J2", ended="2026-05-03"), row("J3", begun="2026-05-11", ended="2026-05-12"))
    rows = [Row(0, number, cell) for number, cell in enumerate(cells, 1)]
    warnings, _, sums = told(made, folder_of(tmp_path, rows, ()))
    assert sums["Days"] == 11
    assert set(warnings) == {"SIB0620"}


@pytest.mark.parametrize(
    ("following", "held"),
    [("2026-06-11", 0), ("2026-06-12", 1), ("2026-06-13", 1), ("", 1)],
    ids=["a day short", "six weeks", "longer", "the last runs on"],
)
def test_a_holding_ends_where_the_next_row_begins(tmp_path: Path, following: str, held: int) -> None:
    held_for = "metric Kept [2]\n  kind outcome\n  counts rows of Jobs\n  among Everybody\n  held for 6 weeks from Begun\n"
    added = f"{held_for}  dated on the day after\nend metric\n\npayment Fee [3]"
    said = text(LATEST, (), until_next=True).replace("payment Fee [3]", added)
    made = compile_source(Source("c.sib", said)).contract
    cells = [row("J1"), *([row("J2", begun=following, ended=following)] if following else [])]
    rows = [Row(0, number, cell) for number, cell in enumerate(cells, 1)]
    assert told(made, folder_of(tmp_path, rows, ()))[2]["Kept"] == held


# ------------------------------------------------------------------ named parts


def test_the_contract_orders_the_parts_and_not_their_names(tmp_path: Path) -> None:
    made = contract((("part", ""),), PARTS)
    rows = [
        Row(0, 1, row(ended="2026-05-03")),
        Row(1, 1, row(ended="2026-05-05")),
        Row(2, 1, row(ended="2026-05-02")),
    ]
    _, found, sums = told(made, folder_of(tmp_path, rows, PARTS))
    assert sums["Days"] == 1
    assert [(one.source, one.status, one.of_row) for one in found] == [
        ("jobs/Winter.csv", "superseded", "jobs/Autumn.csv:1"),
        ("jobs/Spring.csv", "superseded", "jobs/Autumn.csv:1"),
        ("jobs/Autumn.csv", "used", ""),
    ]


@pytest.mark.parametrize(
    "names",
    [
        ("jobs/winter.csv", "jobs/Jobs Spring.csv", "jobs/AUTUMN.csv"),
        ("jobs_winter.csv", "Jobs-Spring.csv", "jobs/autumn.csv"),
    ],
)
def test_what_the_files_of_parts_may_be_called(tmp_path: Path, names: tuple[str, ...]) -> None:
    made = contract((("part", ""),), PARTS)
    folder_of(tmp_path, [], ())
    (tmp_path / "jobs.csv").unlink()
    for at, name in enumerate(names):
        write(tmp_path / name, HEADINGS, [row(ended=f"2026-05-{3 + at:02}")])
    assert told(made, tmp_path)[2]["Days"] == 4


def refused(made: Contract, folder: Path) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as caught:
        measure(made, as_written(made), folder, AS_OF)
    return [(found.code, found.message) for found in caught.value.found]


def test_a_part_without_a_file_and_a_file_without_a_part_stop_the_run(tmp_path: Path) -> None:
    made = contract((("part", ""),), PARTS)
    folder_of(tmp_path, [], PARTS)
    (tmp_path / "jobs" / "Spring.csv").rename(tmp_path / "jobs" / "Summer.csv")
    (tmp_path / "jobs" / "notes.txt").write_text("not records")
    assert refused(made, tmp_path) == [
        (
            "SIB0640",
            "jobs/Summer.csv is none of the parts of Jobs that the contract names: Winter, Spring and Autumn",
        ),
        ("SIB0640", f'There is no file for the part "Spring" of Jobs in {tmp_path}'),
    ]


@pytest.mark.parametrize("name", ["jobs.csv", "jobs_summer.csv"])
def test_a_file_beside_the_parts_is_not_left_alone(tmp_path: Path, name: str) -> None:
    made = contract((("part", ""),), PARTS)
    folder_of(tmp_path, [], PARTS)
    write(tmp_path / name, HEADINGS, [])
    assert [(code, message.split(" is ")[0]) for code, message in refused(made, tmp_path)] == [
        ("SIB0640", name)
    ]


def test_a_part_has_one_file(tmp_path: Path) -> None:
    made = contract((("part", ""),), PARTS)
    folder_of(tmp_path, [], PARTS)
    write(tmp_path / "jobs_spring.csv", HEADINGS, [])
    assert [code for code, _ in refused(made, tmp_path)] == ["SIB0602"]


# ------------------------------------------------------------------ a limit on invalid rows


def limited(most: str) -> Contract:
    said = text(LATEST, (), until_next=False).replace(
        "  known on     Told On", f"  invalid rows  at most {most}\n  known on     Told On"
    )
    return compile_source(Source("c.sib", said)).contract


@pytest.mark.parametrize(
    ("most", "invalid", "stops"),
    [
        ("10%", 2, False),
        ("10%", 3, True),
        ("2", 2, False),
        ("2", 3, True),
        ("0", 1, True),
        ("0", 0, False),
        ("0%", 1, True),
    ],
)
def test_more_invalid_rows_than_allowed_stop_the_run(
    tmp_path: Path, most: str, invalid: int, stops: bool
) -> None:
    cells = [row(f"J{at}", hours="101" if at < invalid else "20") for at in range(20)]
    folder_of(tmp_path, [Row(0, number, cell) for number, cell in enumerate(cells, 1)], ())
    made = limited(most)
    if not stops:
        assert sum(one.status == "rejected" for one in told(made, tmp_path)[1]) == invalid
        return
    [(code, message)] = refused(made, tmp_path)
    assert code == "SIB0643"
    are = "is" if invalid == 1 else "are"
    first = "jobs.csv row 1: Hours is 101: it must be at most 100"
    assert message.startswith(
        f"{invalid} of 20 rows of Jobs {are} invalid, and the contract allows at most {most}: {first}"
    )


def test_rows_that_tie_are_among_the_invalid(tmp_path: Path) -> None:
    folder_of(tmp_path, [Row(0, 1, row()), Row(0, 2, row(hours="30"))], ())
    [(_, message)] = refused(limited("1"), tmp_path)
    assert message.endswith(
        "jobs.csv row 1: row jobs.csv:2 has the same Job ID and Site, and latest Told On does not say which of the two "
        "stands; jobs.csv row 2: row jobs.csv:1 has the same Job ID and Site, and latest Told On does not say which of the "
        "two stands"
    )


# ------------------------------------------------------------------ earlier days of the same records


def test_each_as_of_date_has_the_version_that_was_known_then(tmp_path: Path) -> None:
    made = contract(LATEST)
    versions = [("2026-05-10", ""), ("2026-06-10", "2026-05-04"), ("2026-07-10", "2026-05-07")]
    rows = [Row(0, number, row(ended=ended, told=on)) for number, (on, ended) in enumerate(versions, 1)]
    folder_of(tmp_path, rows, ())
    found = []
    for as_of in (date(2026, 5, 31), date(2026, 6, 30), date(2026, 7, 31)):
        with measure(made, as_written(made), tmp_path, as_of) as volumes:
            found.append(sum(one.number for one in volumes.quantities if one.metric == "Days"))
    assert found == [(date(2026, 5, 31) - date(2026, 5, 1) + timedelta(days=1)).days, 3, 6]


# ------------------------------------------------------------------ a column of another table


def test_a_column_of_another_table_is_that_of_the_row_that_stands(tmp_path: Path) -> None:
    headers = (
        "records Headers\n  one row per  Header\n  identified by  Client ID\n  if several  latest Sent On\n"
        "  | column    | holds  | blank    |\n  | Client ID | person | rejected |\n  | Born On   | date   | rejected |\n"
        "  | Sent On   | date   | rejected |\nend records\n\ncohort Everybody [1]"
    )
    said = text(LATEST, (), until_next=False).replace("cohort Everybody [1]", headers)
    said = said.replace(
        "  only if  Hours is at least 10\n  dated    Begun",
        "  only if  Born On of Headers is before 1 January 2001\n  dated    Begun",
    )
    made = compile_source(Source("c.sib", said)).contract
    folder_of(tmp_path, [Row(0, 1, row()), Row(0, 2, row("J2", who="C2"))], ())
    sent = [
        ("C1", "2000-05-01", "2026-05-01"),
        ("C1", "2001-05-01", "2026-04-01"),
        ("C2", "2001-05-01", "2026-05-01"),
        ("C2", "2000-05-01", "2026-04-01"),
    ]
    write(tmp_path / "headers.csv", ("Client ID", "Born On", "Sent On"), sent)
    assert told(made, tmp_path)[2]["Starts"] == 1
