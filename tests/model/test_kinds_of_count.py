"""Every kind of count is read by all that read kinds: their words, their JSON, the lines of their metrics."""

from __future__ import annotations

from fractions import Fraction
from typing import get_args

import pytest
from attrs import evolve, fields

from sibdsl.model import nodes
from sibdsl.model.counted_to_json import COUNTED, FlatCounted, counted, flat
from sibdsl.model.from_syntax.metrics.what_counts import lines
from sibdsl.model.nodes import Counting, KindOfCount, Pick, Value

HOURS = Value(Fraction(200), "hours")
#: One of each kind, with the word that a contract in JSON has for it.
KINDS: dict[Counting, KindOfCount] = {
    "rows": nodes.RowsCounted(),
    "people": nodes.PeopleCounted(),
    "people reaching": nodes.PeopleReaching("Hours", HOURS),
    "days": nodes.DaysCounted(),
    "days of tracking": nodes.DaysOfTracking(),
    "sum": nodes.ColumnSum("Cost"),
    "average": nodes.ColumnAverage("Mark"),
    "different": nodes.DifferentValues("Home"),
    "determination": nodes.Determination("Growth", (Pick("latest", "Certified On"),)),
    "share of days": nodes.ShareOfDays("Stays"),
    "fewer days": nodes.FewerDays("Stays", "taken off"),
    "earlier days": nodes.EarlierDays("Stays"),
}


def test_there_is_one_of_each_kind() -> None:
    assert {type(kind) for kind in KINDS.values()} == set(COUNTED)
    assert set(KINDS) == set(get_args(Counting))


@pytest.mark.parametrize("word", KINDS)
def test_json_brings_it_back(word: Counting) -> None:
    assert KINDS[word].word == flat(KINDS[word]).counts == word
    assert counted(flat(KINDS[word])) == KINDS[word]


@pytest.mark.parametrize("word", KINDS)
def test_json_with_a_field_of_another_kind_is_refused(word: Counting) -> None:
    said, blank = flat(KINDS[word]), FlatCounted()
    other = {
        "column": evolve(said, column="Cost"),
        "days_of": evolve(said, days_of="Stays"),
        "more_days": evolve(said, more_days="not counted"),
        "picks": evolve(said, picks=(Pick("lowest", "Mark"),)),
        "reaches": evolve(said, reaches=HOURS),
    }
    own = {one.name for one in fields(FlatCounted) if getattr(said, one.name) != getattr(blank, one.name)}
    for name in other.keys() - own:
        with pytest.raises(ValueError, match="other fields"):
            counted(other[name])


@pytest.mark.parametrize("word", KINDS)
def test_a_metric_of_it_has_lines(word: Counting) -> None:
    found = lines(KINDS[word])
    assert {"kind", "among", "only_if"} <= set(found)
    assert ("weighted_by" in found) == KINDS[word].form.weighable


@pytest.mark.parametrize("word", KINDS)
def test_what_follows_from_it_agrees(word: Counting) -> None:
    kind = KINDS[word]
    assert not (kind.adds_up and kind.blank_without_rows), "no rows add up to nought"
    assert not kind.averaged or kind.blank_without_rows
    assert not (kind.whole and kind.may_be_below_nought)
    assert bool(kind.column) == (
        kind.of_values or isinstance(kind, nodes.PeopleReaching | nodes.DifferentValues)
    )
    assert bool(kind.days_of) == kind.of_window
