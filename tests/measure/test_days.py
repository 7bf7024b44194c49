"""Days, sums and what is read at a key, worked by hand: to whom a day belongs, what each row adds, what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from attrs import evolve

from sibdsl.compile import compile_source
from sibdsl.diagnostics import Refused
from sibdsl.measure import Volumes, measure_rows
from sibdsl.model.nodes import Contract, ExampleRecords, Spell
from sibdsl.model.parameters.in_force import Settings
from sibdsl.source import Source

TEXT = (Path(__file__).parents[1] / "cases" / "essex" / "measuring.sib").read_text(encoding="utf-8")
SHARES = (("11", Fraction(17, 100)), ("12", Fraction(1, 3)))
END = date(2021, 3, 31)

Rows = Sequence[tuple[str, ...]]
CASE = [("Y1", "2003-05-01", "2015-05-20")]  # aged 12, tracked to 19 November 2017


def contract(*changes: tuple[str, str]) -> Contract:
    """The Essex measures with words of the text changed."""
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return compile_source(Source("essex.sib", text)).contract


ESSEX = contract()


def measured(
    placements: Rows = (),
    support: Rows = (),
    cases: Rows = CASE,
    *,
    as_of: date = END,
    of: Contract = ESSEX,
    shares: tuple[tuple[str, Fraction], ...] = SHARES,
) -> Volumes:
    tables = [
        ExampleRecords("Cases", ("Person ID", "Date Of Birth", "Started On"), tuple(cases)),
        ExampleRecords(
            "Placements",
            ("Placement ID", "Person ID", "Placement Code", "From On", "To On"),
            tuple((f"L{at}", *row) for at, row in enumerate(placements)),
        ),
        ExampleRecords("Support", ("Person ID", "on", "Cost"), tuple(support)),
    ]
    return measure_rows(of, Settings({"Baseline Share By Age": shares}), tables, as_of)


def claims(volumes: Volumes, metric: str) -> list[tuple[str, str, int]]:
    """First day, quantity and row of each claim."""
    found = volumes.claims(metric=metric, stated_only=False)
    return [(one.day.isoformat(), str(one.quantity), one.row) for one in found]


def statuses(volumes: Volumes, table: str) -> list[tuple[str, str]]:
    return [(one.status, one.reason) for one in volumes.rows() if one.records == table]


# ------------------------------------------------------------------ days of rows


def test_a_day_belongs_to_the_row_that_begins_first() -> None:
    """15 to 24 June is the first row's; the second has 25 to 29 June, and the third, inside the first, none."""
    stays = [
        ("Y1", "Q1", "2015-06-20", "2015-06-30"),
        ("Y1", "K2", "2015-06-15", "2015-06-25"),
        ("Y1", "Z1", "2015-06-16", "2015-06-20"),
    ]
    with measured(stays) as volumes:
        assert claims(volumes, "Care Days") == [("2015-06-15", "10", 2), ("2015-06-25", "5", 1)]
        assert [status for status, _ in statuses(volumes, "Placements")] == ["used", "used", "used"]


def test_of_rows_that_begin_together_the_first_by_what_is_read_has_the_days() -> None:
    """Both begin on 15 June. K2 comes before Q1, so it has its five days, and Q1 the five that are left."""
    stays = [("Y1", "Q1", "2015-06-15", "2015-06-25"), ("Y1", "K2", "2015-06-15", "2015-06-20")]
    with measured(stays) as volumes:
        assert claims(volumes, "Care Days") == [("2015-06-15", "5", 2), ("2015-06-20", "5", 1)]
    with measured(stays[::-1]) as volumes:
        assert claims(volumes, "Care Days") == [("2015-06-15", "5", 1), ("2015-06-20", "5", 2)]


def test_a_stay_that_ends_on_the_day_it_begins_has_no_day() -> None:
    with measured([("Y1", "Q1", "2015-06-15", "2015-06-15")]) as volumes:
        assert claims(volumes, "Care Days") == []
        assert statuses(volumes, "Placements") == [("used", "")]


def test_a_last_day_that_is_included_counts() -> None:
    spell = Spell("From On", "To On", last_included=True, open_while_blank=True)
    tables = [evolve(one, spell=spell) if one.name == "Placements" else one for one in ESSEX.records]
    stays = [("Y1", "Q1", "2015-06-15", "2015-06-15"), ("Y1", "Q1", "2015-06-16", "2015-06-17")]
    with measured(stays, of=evolve(ESSEX, records=tuple(tables))) as volumes:
        assert claims(volumes, "Care Days") == [("2015-06-15", "1", 1), ("2015-06-16", "2", 2)]


def test_an_open_stay_runs_on_and_no_day_after_the_as_of_date_counts() -> None:
    """From 25 June to 10 July: 6 days in the quarter that has ended, 10 in the one that runs."""
    with measured([("Y1", "Q1", "2015-06-25", "")], as_of=date(2015, 7, 10)) as volumes:
        assert claims(volumes, "Care Days") == [("2015-06-25", "6", 1), ("2015-07-01", "10", 1)]
        assert sum(one.number for one in volumes.quantities if one.metric == "Care Days") == 6


def test_days_before_and_after_tracking_do_not_count() -> None:
    """Tracked from 20 May 2015 to 19 November 2017: the first day and the last count."""
    stays = [("Y1", "Q1", "2015-05-19", "2015-05-21"), ("Y1", "Q1", "2017-11-19", "2017-11-25")]
    with measured(stays) as volumes:
        assert claims(volumes, "Care Days") == [("2015-05-20", "1", 1), ("2017-11-19", "1", 2)]


def test_a_stay_that_is_not_looked_at_says_why() -> None:
    stays = [
        ("Y1", "T4", "2015-06-15", ""),
        ("Y1", "X9", "2015-06-15", ""),
        ("Y2", "Q1", "2015-06-15", ""),
        ("Y1", "Q1", "2016-01-01", ""),
        ("Y1", "Q1", "2015-06-15", "2015-06-14"),
        ("Y1", "", "2015-06-15", ""),
    ]
    with measured(stays, as_of=date(2015, 12, 31)) as volumes:
        unmet = "not met: Counts As Care read at Placement Code is yes"
        assert statuses(volumes, "Placements") == [
            ("outside", unmet),
            ("outside", f"{unmet}; Care Codes has no row for X9"),
            ("outside", "Person ID Y2 is not in Young People"),
            ("outside", "dated 2016-01-01, after 31 December 2015"),
            ("rejected", "To On is 2015-06-14, before From On, which is 2015-06-15"),
            ("rejected", "Placement Code is blank"),
        ]


def test_a_weight_by_the_row_and_by_a_number() -> None:
    """Three days at £90.50, and one at a penny; then three thirds, and one."""
    table = 'table Care Codes [Schedule 3] "SSDA 903 placement codes"\n  | Code | Counts As Care |'
    by_table = contract(
        ("among    Young People\n  only if  Counts As Care is yes\n", "among    Young People\n  weighted by  Worth read at Placement Code\n"),
        (table, table.replace("table Care", "table Worths\n  | Worth Code | Worth |\n  | Q1 | £90.50 |\n  | K2 | £0.01 |\nend table\n\ntable Care")),
        ("code in Care Codes", "text"),
    )  # fmt: skip
    stays = [("Y1", "Q1", "2015-06-15", "2015-06-18"), ("Y1", "K2", "2015-06-18", "2015-06-19")]
    with measured(stays, of=by_table) as volumes:
        assert by_table.metrics[1].measures == "money"
        assert claims(volumes, "Care Days") == [("2015-06-15", "543/2", 1), ("2015-06-18", "1/100", 2)]
    by_number = contract(
        (
            "  within   tracking\n  dated    each day",
            "  within   tracking\n  weighted by  1/3\n  dated    each day",
        )
    )
    with measured(stays, of=by_number) as volumes:
        assert claims(volumes, "Care Days") == [("2015-06-15", "1", 1), ("2015-06-18", "1/3", 2)]


def test_days_in_bands_of_a_column_worked_out() -> None:
    banded = contract(
        ("weighted by  Baseline Share By Age read at Age At Start", "banded by    Ages, as recorded"),
        ("metric Baseline Days", "bands Ages\n  by  Age At Start\n  | band | holds |\n  | Younger | 11 to 13 |\n  | Older | 14 to 16 |\nend bands\n\nmetric Baseline Days"),
    )  # fmt: skip
    cases = [*CASE, ("Y2", "2000-06-01", "2015-06-01")]
    with measured(cases=cases, of=banded, as_of=date(2015, 6, 30)) as volumes:
        found = {
            one.band: one.number for one in volumes.quantities if one.metric == "Baseline Days" and one.number
        }
        assert found == {"Younger": 42, "Older": 30}


# ------------------------------------------------------------------ days of tracking


def test_days_of_tracking_are_weighed_by_a_share_of_thirds() -> None:
    """20 May to 30 June 2015 are 42 days; 42 thirds are 14."""
    with measured(as_of=date(2015, 6, 30)) as volumes:
        assert claims(volumes, "Baseline Days") == [("2015-05-20", "14", 1)]
    with measured(as_of=date(2015, 6, 29)) as volumes:
        assert claims(volumes, "Baseline Days") == [("2015-05-20", "41/3", 1)]


def test_only_the_row_that_joins_a_person_is_tracked() -> None:
    cases = [("Y1", "2003-05-01", "2016-01-01"), *CASE]
    with measured(cases=cases) as volumes:
        assert {row for _, _, row in claims(volumes, "Baseline Days")} == {2}
        assert statuses(volumes, "Cases") == [("used", ""), ("used", "")]


@pytest.mark.parametrize(
    ("born", "started", "fits"),
    [
        ("2004-02-29", "2015-02-27", False),
        ("2004-02-29", "2015-02-28", True),
        ("2004-02-29", "2016-02-28", True),
        ("1999-02-28", "2016-02-27", True),
        ("1999-02-28", "2016-02-28", False),
        ("2015-06-01", "2015-05-20", False),
    ],
)
def test_ages_turn_on_the_birthday(born: str, started: str, fits: bool) -> None:
    every = tuple((str(age), Fraction(1)) for age in range(11, 17))
    with measured(cases=[("Y1", born, started)], shares=every) as volumes:
        (status, reason), *_ = statuses(volumes, "Cases")
        assert status == ("used" if fits else "outside")
        unmet = "not met: Age At Start is at least 11 and Age At Start is at most 16"
        blank = (
            "; Age At Start is blank (whole years from Date Of Birth to Started On)" if born > started else ""
        )
        assert fits or reason == f"{unmet}{blank}"


def test_a_share_that_nobody_gave_is_refused_by_name_key_and_people() -> None:
    cases = [
        *CASE,
        ("Y2", "2002-01-01", "2015-05-20"),
        ("Y3", "2002-01-02", "2015-05-20"),
        ("Y4", "2000-01-01", "2015-05-20"),
    ]
    with pytest.raises(Refused) as refused:
        measured(cases=cases)
    (found,) = refused.value.found
    assert found.code == "SIB0616"
    assert found.message == (
        "Baseline Share By Age has no value for Age At Start 13 (2 people, Cases row 2), 15 (1 person, Cases row 4), "
        "so what their days of Baseline Days come to cannot be worked out"
    )


def test_a_share_for_nobody_there_is_not_missed() -> None:
    with measured(shares=(("12", Fraction(1, 3)),), as_of=date(2015, 6, 30)) as volumes:
        assert claims(volumes, "Baseline Days") == [("2015-05-20", "14", 1)]


def test_a_code_without_a_row_has_no_weight() -> None:
    by_table = contract(
        (
            "among    Young People\n  only if  Counts As Care is yes\n",
            "among    Young People\n  weighted by  Worth\n",
        ),
        ("| Code | Counts As Care |", "| Code | Worth |"),
        (" yes            |", " 1 |"),
        (" no             |", " 2 |"),
    )
    with pytest.raises(Refused) as refused:
        measured([("Y1", "X9", "2015-06-14", ""), ("Y1", "Q1", "2015-06-15", "")], of=by_table)
    assert refused.value.found[0].message.startswith(
        "Care Codes has no row for Placement Code X9 (1 person, Placements row 1), so"
    )


# ------------------------------------------------------------------ sums


def test_a_sum_is_exact_and_keeps_to_tracking() -> None:
    costs = [
        ("Y1", "2015-05-20", "0.10"),
        ("Y1", "2015-06-30", "719.83"),
        ("Y1", "2015-07-01", "0.000000001"),
        ("Y1", "2015-05-19", "5"),
        ("Y1", "2017-11-20", "5"),
        ("Y1", "2015-06-01", "-0.01"),
    ]
    with measured(support=costs) as volumes:
        found = [one.number for one in volumes.quantities if one.metric == "Support Cost" and one.number]
        assert found == [Fraction("719.93"), Fraction(1, 10**9)]
        outside = "outside the person's tracking, 30 months from Started On"
        assert statuses(volumes, "Support") == [
            ("used", ""),
            ("used", ""),
            ("used", ""),
            ("outside", f"dated 2015-05-19, {outside}"),
            ("outside", f"dated 2017-11-20, {outside}"),
            ("rejected", "Cost is -0.01: it must be at least 0"),
        ]


def test_a_blank_that_is_allowed_adds_nothing_and_is_told() -> None:
    blank = contract(
        ("| Cost      | money  | none   | rejected |", "| Cost      | money  | none   | allowed |")
    )
    with measured(support=[("Y1", "2015-06-01", "")], of=blank) as volumes:
        assert statuses(volumes, "Support") == [("outside", "Cost is blank, so there is nothing to add")]
        assert claims(volumes, "Support Cost") == []


def test_no_rows_at_all_come_to_nought() -> None:
    with measured(cases=[]) as volumes:
        assert {one.number for one in volumes.quantities} == {Fraction(0)}
        assert len(volumes.quantities) == 3 * 32
