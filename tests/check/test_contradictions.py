"""Conditions of one clause that are never met together, or that leave nothing out; amounts that never count."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.check.marked import codes, found, only


def metric(*conditions: str) -> str:
    lines = [
        "metric Job Entry",
        "  kind        outcome",
        "  counts      rows of Jobs",
        "  among       Service Users",
        *(f"  only if     {one}" for one in conditions),
        "  held        for 6 weeks from Started On",
        "  dated       on the day after",
        "  per person  first only, over all bands",
        "  if tied     lowest Job ID",
        "  banded by   Hours, as recorded",
        "end metric",
    ]
    return "\n".join(lines) + "\n"


def records(*columns: str) -> str:
    return "\n".join(
        [
            "records Jobs",
            "  one row per  Job",
            "  spell        from Started On to the day before Ended On, open while blank",
            "  | column         | holds      | blank    | must be |",
            "  | Person ID      | person     | rejected | any |",
            "  | Job ID         | identifier | rejected | any |",
            "  | Started On     | date       | rejected | any |",
            "  | Ended On       | date       | allowed  | any |",
            "  | Hours Per Week | hours      | rejected | any |",
            *(f"  | {column} |" for column in columns),
            "end records\n",
        ]
    )


NEVER = [
    ("Eligible is yes", "Eligible is no"),
    ("Age is at least 25", "Age is at most 20"),
    ("Level is A", "Level is B"),
    ("Level is one of A, B", "Level is C"),
    ("Age is more than 24", "Age is less than 25"),  # no whole number lies between
    ("Age is blank or Age is at least 25", "Age is at most 20"),
    ("Age is blank", "Age is at most 20"),
    ("Age is at least 91",),  # the records say at most 90
    ("Eligible is blank",),  # the records reject a blank
    (
        "Started On is before Referred On of Service Users",
        "Started On is on or after Referred On of Service Users",
    ),
    ("Started On is before joining date", "Started On is on or after Referred On of Service Users"),
    ("Score is more than 2 and (Score is less than 1 or Level is A)", "Level is not A"),
]
SOMETIMES = [
    ("Eligible is yes", "Level is B"),
    ("Age is at least 25 or Eligible is yes", "Age is at most 20"),
    ("Score is more than 24", "Score is less than 25"),  # 24.5
    ("Age is blank or Age is at least 25", "Age is blank or Age is at most 20"),
    ("Age is at least 90",),
    ("Started On is before joining date", "Started On is before 1 May 2016"),
    ("Score is more than Age", "Age is more than 2"),
]  # fmt: skip
COLUMNS = records(
    "Eligible | yes or no | rejected | any",
    "Age | count | allowed | at most 90",
    "Level | one of A, B, C | allowed | any",
    "Score | number | allowed | any",
)


@pytest.mark.parametrize("conditions", NEVER, ids=" + ".join)
def test_conditions_that_no_row_meets(conditions: tuple[str, ...]) -> None:
    assert "W0555" in codes(COLUMNS + metric(*conditions))


@pytest.mark.parametrize("conditions", SOMETIMES, ids=" + ".join)
def test_conditions_that_some_row_meets(conditions: tuple[str, ...]) -> None:
    assert not {"W0555", "N0556"} & set(codes(COLUMNS + metric(*conditions)))


def test_only_what_contradicts_is_told() -> None:
    (finding,) = [
        one
        for one in found(
            COLUMNS + metric("Eligible is yes", "Age is at least 25", "Level is A", "Age is at most 20")
        )
        if one.code == "SIB0555"
    ]
    assert finding.message == (
        "No job can count for Job Entry: `Age is at least 25` and `Age is at most 20` cannot be met together."
    )


def test_what_the_cohort_asks_of_its_members() -> None:
    cohort = "cohort Service Users\n  rows Referrals\n  only if Referred On is before 1 May 2016\n  joins on Referred On\n  if several earliest Referred On\nend cohort\n"
    (finding,) = [
        one for one in found(cohort + metric("joining date is after 1 June 2016")) if one.code == "SIB0555"
    ]
    assert finding.message == (
        "No job can count for Job Entry: `joining date is after 1 June 2016` cannot be met by a member of Service Users, of whom "
        "`Referred On is before 1 May 2016` is asked."
    )
    assert "W0555" not in codes(cohort + metric("joining date is after 1 April 2016"))
    assert "W0555" not in codes(cohort + metric("Started On is after 1 June 2016"))


FEE = """
payment Job Fee
  payer  Council
  payee  Charity
  paid only if {}
  | for each  | band     | pays   |
  | Job Entry | Under 16 | £700   |
  | Job Entry | From 16  | £1,350 |
end payment
"""


def fee(*conditions: str) -> str:
    return FEE.format("\n  paid only if ".join(conditions))


def test_conditions_of_payment_over_one_time() -> None:
    never = fee("Job Entry is at least 20 over the contract", "Job Entry is less than 10 over the contract")
    assert codes(never) == ["W0555"]
    assert codes(never.replace("10 over the contract", "10 in each year")) == ["W0862"]
    assert codes(fee("Job Entry is less than 0 in each year")) == ["W0555"]
    assert codes(fee("Job Entry is at least 0 in each year")) == ["N0556"]


def test_a_condition_that_leaves_nothing_out() -> None:
    text = metric("Started On is after 1 May 2016", "Started On is after 1 April 2016")
    later = "only if     Started On is after 1 April 2016"
    assert only("SIB0556", text.replace(later, f"«{later}»")).severity == "note"
    assert codes(metric("Hours Per Week is at most 168 hours")) == ["N0556"]
    assert codes(metric("Hours Per Week is at most 167 hours")) == []


def test_what_is_given_may_change() -> None:
    given = (
        "particulars\n  | particular | holds | default |\n  | Least | hours | 30 hours |\nend particulars\n"
    )
    wider = metric("Hours Per Week is at least Least", "Hours Per Week is at least 12 hours")
    assert codes(given + wider) == []
    assert codes(given + wider, Least=Fraction(10)) == []
    never = metric("Hours Per Week is at least Least", "Hours Per Week is at most 20 hours")
    assert codes(given + never) == ["W0555"]
    assert codes(given + never, Least=Fraction(10)) == []


GRANT = """
payment Grant
  payer     Council
  payee     Charity
  pays      {pays}
  every     year at the end
  {lines}
end payment
"""


def grant(pays: str, *lines: str) -> str:
    return GRANT.format(pays=pays, lines="\n  ".join(lines))


@pytest.mark.parametrize(
    ("least", "most", "expected"),
    [
        ("£500 in each year", "£300 in each year", ["W0557"]),
        ("£500 in each year", "£300 over the contract", ["W0557"]),
        ("£300 in each year", "£300 in each year", []),
        ("£300 in each year", "£500 in each year", []),
    ],
)
def test_a_least_above_the_payments_own_limit(least: str, most: str, expected: list[str]) -> None:
    assert (
        codes(grant("£10 times Job Entry", f"at least {least}", f"at most {most}", "excess lost")) == expected
    )


def test_a_least_above_a_cap() -> None:
    cap = "cap Ceiling\n  excess lost\n  | covers | at most |\n  | payments under Grant | £400 in each year |\nend cap\n"
    text = grant("£10 times Job Entry", "at least £500 in each year") + cap
    assert codes(text) == ["W0557"]
    assert codes(text.replace("£500", "£400")) == []
    assert codes(text.replace("excess lost", "excess carried forward")) == []


@pytest.mark.parametrize(
    ("pays", "expected"),
    [
        ("the lower of (£10 times Job Entry and £300 and £500)", ["N0558"]),
        ("the lower of (the higher of (£10 times Job Entry and £500) and £300)", ["N0558"]),
        ("the higher of (£10 times Job Entry and £0)", ["N0558"]),
        ("the lower of (£10 times Job Entry and £300)", []),
        ("the higher of (the lower of (£10 times Job Entry and £500) and £300)", []),
    ],
)
def test_bounds_that_never_count(pays: str, expected: list[str]) -> None:
    assert codes(grant(pays)) == expected
