"""Values of a list that nothing counts, steps that nothing uses, results always paid nothing, codes and ages."""

from __future__ import annotations

from itertools import combinations

import pytest

from tests.check.marked import codes, found

COURSES = """
records Courses
  one row per Course
  | column    | holds                                       | blank    |
  | Person ID | person                                      | rejected |
  | Level     | one of "first", "second", "third", "fourth" | rejected |
  | Passed On | date                                        | rejected |
end records
"""
METRIC = "metric Passed {0}\n  kind outcome\n  counts rows of Courses\n  among Service Users\n  only if {1}\n  dated Passed On\nend metric\n"
FEE = "payment Fee {0}\n  payer Council\n  payee Charity\n  for each Passed {0}\n  pays £10\nend payment\n"
LEVELS = ("first", "second", "third", "fourth")


def counted(*conditions: str) -> str:
    names = "ABCD"[: len(conditions)]
    return (
        COURSES
        + "".join(METRIC.format(*pair) for pair in zip(names, conditions, strict=True))
        + "".join(map(FEE.format, names))
    )


def test_a_value_that_no_metric_counts_is_told_whichever_it_is() -> None:
    for number in (2, 3, 4):
        for levels in combinations(LEVELS, number):
            told = found(counted(*(f'Level is "{level}"' for level in levels)))
            left = [level for level in LEVELS if level not in levels]
            assert [one.code for one in told] == (["SIB0810"] if left else [])
            assert all(f"`{level}`" in told[0].message for level in left)


@pytest.mark.parametrize(
    "conditions",
    [
        ('Level is "first"',),  # one is picked out of the list
        ('Level is "first"', "Passed On is on or after joining date"),  # the other counts every level
    ],
)
def test_a_list_of_which_values_are_picked_out_is_left_alone(conditions: tuple[str, ...]) -> None:
    assert "W0810" not in codes(counted(*conditions))


def test_a_result_paid_nothing_in_every_row() -> None:
    fee = "payment Job Fee\n  payer Council\n  payee Charity\n  | for each | band | pays |\n  | Job Entry | Under 16 | {} |\n  | Job Entry | From 16 | {} |\nend payment\n"
    assert codes(fee.format("£0", "£0")) == ["W0811"]
    assert codes(fee.format("nothing", "£1,350")) == []
    assert codes(fee.format("£700", "£0")) == []
    bonus = "payment Bonus\n  payer Council\n  payee Charity\n  for each Job Entry\n  pays £5\nend payment\n"
    assert "W0811" not in codes(fee.format("£0", "£0") + bonus)


def test_a_code_in_small_letters_among_capitals() -> None:
    table = "table Job Codes\n  | Code | Counts |\n  | {} | yes |\n  | J2 | yes |\n  | K3 | no |\n  | L4 | yes |\nend table\n"
    metric = "metric Job Seen\n  kind input\n  counts rows of Jobs\n  among Service Users\n  only if Counts read at Job ID is yes\n  dated Started On\nend metric\n"
    fee = "payment Seen Fee\n  payer Council\n  payee Charity\n  for each Job Seen\n  pays £5\nend payment\n"
    assert codes(table.format('"j1"') + metric + fee) == ["W0813"]
    assert codes(table.format("J1") + metric + fee) == []
