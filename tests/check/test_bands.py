"""Bands with holes and overlaps, bands that hold nothing, bands that a tariff leaves out."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sibdsl.model.types import Interval
from sibdsl.wording import values
from tests.check.marked import codes, contract, found, only, underlined


def bands(*rows: str, name: str = "Hours", by: str = "Hours Per Week") -> str:
    lines = [f"bands {name}", f"  by  {by}", "  | band | holds |", *(f"  {row}" for row in rows), "end bands"]
    return "\n".join(lines) + "\n"


def test_the_published_hole_at_exactly_sixteen_hours() -> None:
    text = bands("| Under 16 | less than 16 hours |", "| From 16 | «more than 16 hours» |")
    one = only("SIB0501", text)
    assert one.severity == "error"
    assert one.message == (
        "No band of Hours holds exactly 16 hours. A job of 16 hours a week would reach Job Entry and be paid nothing "
        "under Job Fee."
    )
    assert one.mark == "neither band holds exactly 16 hours"
    assert one.help == (
        "Say which side it falls on: `at least 16 hours` in From 16, or `at most 16 hours` in Under 16."
    )
    assert [(underlined(text, label.span), label.text) for label in one.labels] == [
        ("43: less than 16 hours", "Under 16 ends here")
    ]


def test_an_assumption_that_the_bands_do_not_follow() -> None:
    text = bands("| Under 16 | less than 16 hours |", "| From 16 | «more than 16 hours» |") + (
        'assumption Sixteen\n  takes 16 hours in {}\n  reason "The source does not say."\nend assumption\n'
    )
    one = only("SIB0501", text.format("From 16"))
    assert one.help == "Let the bands say what the assumption Sixteen says: `at least 16 hours` in From 16."
    assert one.labels[-1].text == "the assumption Sixteen says From 16"
    one = only("SIB0501", text.format("Under 16"))
    assert one.help == "Let the bands say what the assumption Sixteen says: `at most 16 hours` in Under 16."
    assert codes(text.format("From 16"), Sixteen="Under 16") == []


def test_a_wide_hole_is_said_with_both_ends_and_offers_a_row_of_its_own() -> None:
    one = only("SIB0501", bands("| Under 16 | at most 16 hours |", "| From 16 | «at least 20 hours» |"))
    assert "No band of Hours holds more than 16 but less than 20 hours. A job of 17 hours" in one.message
    assert one.help == (
        "Say which side it falls on: `more than 16 hours` in From 16, or `less than 20 hours` in Under 16. Or add a row that "
        "holds `more than 16 hours but less than 20 hours`."
    )


def test_a_hole_above_the_last_band() -> None:
    one = only(
        "SIB0501",
        bands("| Under 16 | less than 16 hours |", "| From 16 | «at least 16 hours but at most 35 hours» |"),
    )
    assert "holds more than 35 hours. A job of 36 hours a week" in one.message
    assert one.mark == "no band holds more than 35 hours"
    assert one.help == (
        "Let From 16 hold `at least 16 hours`, or add a row for the rest. If no such value can occur, say so under `must be` "
        "in the records of Jobs: `at most 35 hours`."
    )


def test_a_hole_below_the_first_band() -> None:
    one = only(
        "SIB0501",
        bands("| Under 16 | «more than 4 hours but less than 16 hours» |", "| From 16 | at least 16 hours |"),
    )
    assert "holds at most 4 hours. A job of 1 hour a week" in one.message
    assert "Let Under 16 hold `less than 16 hours`" in one.help
    assert "`more than 4 hours`" in one.help


METRIC = """
metric Job Entry
  kind        outcome
  counts      rows of Jobs
  among       Service Users
  only if     Hours Per Week is at least 8 hours
  held        for 6 weeks from Started On
  dated       on the day after
  per person  first only, over all bands
  if tied     lowest Job ID
  banded by   Hours, as recorded
end metric
"""


def test_values_that_the_metric_does_not_count_are_no_hole() -> None:
    text = bands("| Under 16 | at least 8 hours but less than 16 hours |", "| From 16 | at least 16 hours |")
    assert codes(text) == ["E0501"]
    assert codes(text + METRIC) == []


def with_column(holds: str, *rows: str, must_be: str = "any") -> str:
    return f"""
records Jobs
  one row per Job
  spell  from Started On to the day before Ended On, open while blank
  | column     | holds      | blank    | must be   |
  | Job ID     | identifier | rejected | any       |
  | Person ID  | person     | rejected | any       |
  | Started On | date       | rejected | any       |
  | Ended On   | date       | allowed  | any       |
  | Size       | {holds}    | rejected | {must_be} |
end records

{bands(*rows, by="Size")}
payment Job Fee
  payer  Council
  payee  Charity
  | for each  | band | pays   |
  | Job Entry | Low  | £700   |
  | Job Entry | High | £1,350 |
end payment
"""


def test_counts_are_whole() -> None:
    assert codes(with_column("count", "| Low | at most 15 |", "| High | at least 16 |")) == []
    one = only("SIB0501", with_column("count", "| Low | at most 14 |", "| High | «at least 16» |"))
    assert "No band of Hours holds exactly 15. A job whose Size is 15 would reach" in one.message
    one = only("SIB0502", with_column("count", "| Low | less than 17 |", "| High | «at least 16» |"))
    assert "both hold exactly 16." in one.message


def test_a_column_without_bounds_has_holes_at_both_ends() -> None:
    below, above = found(
        with_column(
            "number", "| Low | at least 11 but at most 14 |", "| High | more than 14 but at most 16 |"
        )
    )
    assert "holds less than 11. A job whose Size is 10 " in below.message
    assert "holds more than 16. A job whose Size is 17 " in above.message
    bounded = with_column(
        "number",
        "| Low | at least 11 but at most 14 |",
        "| High | more than 14 but at most 16 |",
        must_be="at least 11 but at most 16",
    )
    assert codes(bounded) == []


def test_money_and_shares_are_said_as_such() -> None:
    rows = ("| Low | less than £1,000 |", "| High | «more than £1,000» |")
    one = only("SIB0501", with_column("money", *rows, must_be="at least £0"))
    assert "holds exactly £1,000. A job whose Size is £1,000 would" in one.message
    assert "`at least £1,000` in High" in one.help
    one = only("SIB0501", with_column("percentage", "| Low | less than 50% |", "| High | «at least 60%» |"))
    assert "holds at least 50% but less than 60%." in one.message


def test_an_overlap_offers_to_let_either_band_stop() -> None:
    text = bands("| Under 16 | at most 20 hours |", "| From 16 | «at least 16 hours» |")
    one = only("SIB0502", text)
    assert one.severity == "error"
    assert (
        "Under 16 and From 16 both hold at least 16 but at most 20 hours. A job of 16 hours a week"
        in one.message
    )
    assert (
        one.help
        == "Let one band hold it: `more than 20 hours` in From 16, or `less than 16 hours` in Under 16."
    )


def test_a_band_inside_another_is_taken_out() -> None:
    text = bands("| Under 16 | more than 0 hours |", "| From 16 | «more than 0 hours» |")
    assert only("SIB0502", text).help == "Take out From 16, or change what it holds."


def test_two_metrics_with_one_set_of_bands_are_one_finding() -> None:
    second = (
        METRIC.replace("Job Entry", "Job Again").replace("8 hours", "1 hours").replace("6 weeks", "8 weeks")
    )
    pay = (
        "payment Again Fee\n  payer Council\n  payee Charity\n  for each Job Again\n  pays £10\nend payment\n"
    )
    text = (
        bands("| Under 16 | less than 16 hours |", "| From 16 | «more than 16 hours» |")
        + METRIC
        + second
        + pay
    )
    assert [one.code for one in found(text)] == ["SIB0501"]


def test_a_tariff_that_leaves_a_band_out() -> None:
    one = only(
        "SIB0504",
        """
        payment Job Fee [1]
          payer  Council
          payee  Charity
          | for each  | band     | pays |
          | «Job Entry | Under 16 | £700» |
        end payment
        """,
    )
    assert (one.severity, one.clause) == ("warning", "1, payment Job Fee")
    assert "says nothing of From 16" in one.message


def test_bands_paid_by_another_payment_to_the_payee_are_not_left_out() -> None:
    assert (
        codes("""
        payment Job Fee
          payer  Council
          payee  Charity
          | for each  | band     | pays |
          | Job Entry | Under 16 | £700 |
        end payment

        payment Long Job Fee
          payer  Council
          payee  Charity
          | for each  | band    | pays   |
          | Job Entry | From 16 | £1,350 |
        end payment
    """)
        == []
    )


ends = st.integers(min_value=1, max_value=12)
ROWS = st.lists(
    st.tuples(
        ends, ends, st.sampled_from(("at least", "more than")), st.sampled_from(("at most", "less than"))
    ),
    min_size=1,
    max_size=4,
)


@given(rows=ROWS)
def test_holes_and_overlaps_are_found_exactly_where_they_are(rows: list[tuple[int, int, str, str]]) -> None:
    """Against trying values one by one: each end, each middle between two whole numbers."""
    sound = [(low, high, a, b) for low, high, a, b in rows if low < high]
    if not sound:
        return
    text = with_column("number", *(f"| B{at} | {a} {low} but {b} {high} |" for at, (low, high, a, b) in enumerate(sound)),
                       must_be="at least 1 but at most 12").split("payment")[0]  # fmt: skip
    text += (
        "payment Job Fee\n  payer Council\n  payee Charity\n  for each Job Entry\n  pays £1\nend payment\n"
    )
    tried = [Fraction(half, 2) for half in range(2, 25)]
    held = [
        sum(
            (one >= low if a == "at least" else one > low) and (one <= high if b == "at most" else one < high)
            for low, high, a, b in sound
        )
        for one in tried
    ]
    got = {one[1:] for one in codes(text)}
    assert ("0501" in got) == (0 in held)
    assert ("0502" in got) == any(number > 1 for number in held)


def test_ranges_in_words() -> None:
    sixteen = Fraction(16)
    assert values(Interval(sixteen, True, sixteen, True), "hours", "GBP") == "exactly 16 hours"
    assert values(Interval(Fraction(1), True, Fraction(1), True), "hours", "GBP") == "exactly 1 hour"
    assert values(Interval(None, False, Fraction(31, 2), False), "points", "GBP") == "less than 15.5 points"
    assert values(Interval(Fraction(1, 3), False), "number", "GBP") == "more than 1/3"
    assert values(Interval(), "number", "GBP") == "any value"


def test_the_small_contract_is_sound() -> None:
    assert codes() == []
    assert contract().name == "Example"


@pytest.mark.parametrize(
    ("kind", "must_be", "low", "noted"),
    [
        ("number", "any", "less than 16", True),
        ("number", "at least 0", "less than 16", False),
        ("number", "at most 100", "less than 16", True),
        ("hours", "any", "less than 16 hours", False),
    ],
)
def test_a_number_below_nought_that_would_lie_in_a_band(
    kind: str, must_be: str, low: str, noted: bool
) -> None:
    """-500 in a column of numbers is less than 16, and would be paid as a result in Under 16; hours are never below 0."""
    text = f"""
records Jobs
  one row per Job
  spell  from Started On to the day before Ended On, open while blank
  | column         | holds      | blank    | must be   |
  | Job ID         | identifier | rejected | any       |
  | Person ID      | person     | rejected | any       |
  | Started On     | date       | rejected | any       |
  | Ended On       | date       | allowed  | any       |
  | Hours Per Week | {kind}     | rejected | {must_be} |
end records

bands Hours
  by  Hours Per Week
  | band     | holds                         |
  | Under 16 | {low}                         |
  | From 16  | {low.replace("less than", "at least")} |
end bands
"""
    assert [code for code in codes(text) if code == "N0553"] == (["N0553"] if noted else [])
