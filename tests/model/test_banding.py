"""Holes and overlaps of bands, against looking at every point that matters; and bands that an assumption moves."""

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from sibdsl.compile import compile_file
from sibdsl.model.bands_in_force import BandFault, bands_in_force, domain, faults
from sibdsl.model.nodes import Band, Bands, Contract
from sibdsl.model.parameters.in_force import Settings, as_written
from sibdsl.model.types import DOMAINS, Interval

PATH = Path(__file__).parents[2] / "contracts" / "mhep1" / "tower_hamlets.sib"
WEEK = DOMAINS["hours"]


def interval(text: str) -> Interval:
    """`[16, 30)` and the like; a side left empty is unbounded."""
    low, high = (end.strip() for end in text[1:-1].split(","))
    return Interval(
        Fraction(low) if low else None, text[0] == "[", Fraction(high) if high else None, text[-1] == "]"
    )


def bands(*texts: str) -> Bands:
    rows = tuple(Band(f"B{number}", interval(text)) for number, text in enumerate(texts))
    return Bands("Hours", "", "Hours Per Week", rows)


def said(found: list[BandFault]) -> list[str]:
    return [f"{one.kind} {shown(one.values)}" for one in found]


def shown(held: Interval) -> str:
    low = f"{'[' if held.low_in else '('}{'' if held.low is None else held.low}"
    return f"{low}, {'' if held.high is None else held.high}{']' if held.high_in else ')'}"


@pytest.mark.parametrize(
    ("rows", "whole", "found"),
    [
        (("(, 16)", "[16, )"), WEEK, []),
        (("(, 16]", "(16, )"), WEEK, []),
        (("(, 16)", "(16, )"), WEEK, ["gap [16, 16]"]),
        (("(, 16]", "[16, )"), WEEK, ["overlap [16, 16]"]),
        (("(, 16)", "[16, 16]", "(16, )"), WEEK, []),
        (("(, 16)", "[20, )"), WEEK, ["gap [16, 20)"]),
        (("(, 20)", "[16, )"), WEEK, ["overlap [16, 20)"]),
        (("[16, )", "(, 16)"), WEEK, []),
        (("(0, 16)", "[16, 168]"), WEEK, []),
        (("[1, 16)", "[16, 168]"), WEEK, ["gap (0, 1)"]),
        (("(0, 16)", "[16, 168)"), WEEK, ["gap [168, 168]"]),
        (("(0, 16)", "[16, 100]"), WEEK, ["gap (100, 168]"]),
        (("(, 16)", "[16, 200]"), WEEK, []),
        (("(-5, 0]", "(0, )"), WEEK, []),
        (("[0, )",), interval("[0, )"), []),
        (("(0, )",), interval("[0, )"), ["gap [0, 0]"]),
        (("[0, 5)",), interval("[0, )"), ["gap [5, )"]),
        (("[0, )", "[16, )"), interval("[0, )"), ["overlap [16, )"]),
        (("[0, )", "[16, 20)"), interval("[0, )"), ["overlap [16, 20)"]),
        (("[0, )", "[5, 6]", "[7, 8]"), interval("[0, )"), ["overlap [5, 6]", "overlap [7, 8]"]),
        (
            ("[0, 100]", "[10, 20]", "[30, 40]"),
            interval("[0, 100]"),
            ["overlap [10, 20]", "overlap [30, 40]"],
        ),
        (("(, )", "(, )"), interval("(, )"), ["overlap (, )"]),
        (("(, 5)", "[5, )"), interval("(, )"), []),
    ],
)
def test_faults(rows: tuple[str, ...], whole: Interval, found: list[str]) -> None:
    assert said(faults(bands(*rows), whole)) == found


def test_a_fault_names_its_neighbours() -> None:
    (gap,) = faults(bands("[20, )", "(, 16)"), WEEK)
    assert [band.name for band in gap.bands] == ["B1", "B0"]


ENDS = st.one_of(st.none(), st.integers(0, 6).map(Fraction))


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    low, high = draw(ENDS), draw(ENDS)
    made = Interval(
        low, low is not None and draw(st.booleans()), high, high is not None and draw(st.booleans())
    )
    return made if not made.empty else Interval(low, True, low, True)


def holding(point: Fraction, rows: Bands) -> int:
    return sum(point in band.holds for band in rows.bands)


@given(st.lists(intervals(), min_size=1, max_size=4), intervals())
def test_faults_are_the_points_that_no_band_or_two_hold(held: list[Interval], whole: Interval) -> None:
    rows = Bands("Hours", "", "Hours", tuple(Band(f"B{at}", one) for at, one in enumerate(held)))
    found = faults(rows, whole)
    points = [Fraction(number, 2) for number in range(-2, 15)]
    reached = [one.holds.meet(whole) for one in rows.bands]
    lowest = [one.low for one in reached if not one.empty]
    for point in points:
        if point not in whole:
            continue
        gaps = sum(point in one.values for one in found if one.kind == "gap")
        overlaps = sum(point in one.values for one in found if one.kind == "overlap")
        count = holding(point, rows)
        below = (
            whole.low is None
            and count == 0
            and None not in lowest
            and all(point < low or (point == low and count == 0) for low in lowest if low is not None)
        )
        if not below:  # what lies below the lowest band of an endless column is told by the check itself
            assert (gaps > 0) == (count == 0), point
        assert (overlaps > 0) == (count > 1), point
    assert all(not one.values.empty for one in found)
    starts = [one.values.low for one in found if one.kind == "gap"]
    assert all(a is None or (b is not None and a <= b) for a, b in pairwise(starts))


# ------------------------------------------------------------------ bands in force


@pytest.fixture(scope="module")
def contract() -> Contract:
    return compile_file(PATH).contract


def test_as_written(contract: Contract) -> None:
    assert bands_in_force(contract, as_written(contract))["Hours"] == contract.bands[0]
    assert said(faults(contract.bands[0], domain(contract, contract.bands[0]))) == []


def test_the_boundary_taken_to_the_other_band(contract: Contract) -> None:
    settings = Settings({**as_written(contract).values, "Sixteen Hours": "Under 16"})
    moved = bands_in_force(contract, settings)["Hours"]
    assert [shown(band.holds) for band in moved.bands] == ["(, 16]", "(16, )"]
    assert faults(moved, WEEK) == []


def test_an_assumption_closes_no_hole_that_the_text_leaves(contract: Contract) -> None:
    under, over = contract.bands[0].bands
    open_ = evolve(contract.bands[0], bands=(under, evolve(over, holds=interval("(16, )"))))
    as_published = evolve(contract, bands=(open_,))
    assert said(faults(bands_in_force(as_published, as_written(contract))["Hours"], WEEK)) == ["gap [16, 16]"]


def test_the_domain_is_what_the_column_can_hold(contract: Contract) -> None:
    assert domain(contract, contract.bands[0]) == WEEK
    jobs = contract.records[2]
    columns = tuple(
        evolve(one, allowed=interval("[1, 60]")) if one.name == "Hours Per Week" else one
        for one in jobs.columns
    )
    tighter = evolve(contract, records=(*contract.records[:2], evolve(jobs, columns=columns)))
    assert domain(tighter, contract.bands[0]) == interval("[1, 60]")


# ------------------------------------------------------------------ intervals


@given(intervals(), intervals(), st.integers(-2, 14).map(lambda number: Fraction(number, 2)))
def test_what_two_ranges_share(one: Interval, other: Interval, point: Fraction) -> None:
    both = one.meet(other)
    assert (point in both) == (point in one and point in other)
    assert both.meet(one) == both
    if both.empty:
        assert point not in both
