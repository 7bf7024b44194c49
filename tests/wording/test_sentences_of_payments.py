"""`sib show --words` of payments and deductions: nothing is left out that decides what is paid."""

from __future__ import annotations

import pytest

from sibdsl import pipeline
from sibdsl.source import Source

HEAD = """
contract Told
  service period  1 April 2026 to 31 March 2028
  currency        USD
  years           begin 1 April
  statements      quarterly
  rounding        each line, half up, to the cent
end contract

parties
  | party   | role            |
  | Council | commissioner    |
  | Fund    | co-commissioner |
  | Trust   | provider        |
end parties

records Jobs
  one row per Job
  | column         | holds      | blank    | must be     |
  | Person ID      | person     | rejected | any         |
  | Started On     | date       | rejected | any         |
  | Hours Per Week | percentage | rejected | at least 0% |
end records

cohort People
  rows        Jobs
  joins on    Started On
  if several  earliest Started On
end cohort

metric Job
  kind    outcome
  counts  rows of Jobs
  among   People
  dated   Started On
end metric

metric Kept
  kind    outcome
  counts  rows of Jobs
  among   People
  dated   Started On
end metric

metric Kept Share
  kind      outcome
  equals    Kept divided by Job
  measured  in each year
end metric

metric Mark
  kind      outcome
  averages  Hours Per Week of Jobs
  among     People
  dated     Started On
  measured  in each quarter
end metric
"""

FEE = """
payment Fee
  payer     Council
  payee     Trust
  for each  Job
  pays      $100
end payment
"""


def told(text: str) -> list[tuple[str, str]]:
    """Name and text of every sentence of a contract that ends in this."""
    ((_, every),) = pipeline.in_words(pipeline.load(Source("told.sib", HEAD + text)))
    return [(one.name, one.text) for one in every]


def of(text: str, name: str = "Fee") -> str:
    (said,) = [sentence for said, sentence in told(text) if said == name]
    return said


def test_the_least_that_a_sum_comes_to() -> None:
    text = FEE.replace(
        "  for each  Job\n  pays      $100", "  pays      $100 times Kept Share\n  at least  $20 in each year"
    )
    assert "It comes to at least $20.00, in each year." in of(text)
    factors = text.replace(
        "end payment",
        "  at most $1,000 in each year\n  excess lost\n  multiplied by Factor read at the year\n  limits before multiplying\nend payment",
    )
    table = """
table Years
  | Year      | Factor |
  | "2026/27" | 1      |
  | "2027/28" | 1.1    |
end table
"""
    said = of(table + factors)
    assert "at least $20.00, in each year, before it is multiplied." in said
    assert "by Factor read at 2027/28 where it ends in 2027/28 (1 April 2027 to 31 March 2028)" in said


def test_a_sum_to_date_its_bounds_and_what_is_not_due_again() -> None:
    text = FEE.replace(
        "  for each  Job\n  pays      $100",
        "  pays to date  $50 times Job\n  at least  $0 over the contract\n  at most  $600 over the contract\n  taken back  never",
    )
    said = of(text)
    assert (
        "beyond the most that it came to before; what a limit or a condition cut then is not due again"
        in said
    )
    assert "The sum to date is at least $0.00 and at most $600.00 over the contract." in said


def test_all_units_rates_pay_what_is_beyond_all_before_in_their_year() -> None:
    text = FEE.replace(
        "  pays      $100\n",
        "  all-units rates  in each year\n  | units | pays |\n  | first 2 | $100 |\n  | further | $10 |\n",
    )
    assert "pays what this comes to, in each year so far, beyond the most that it came to before" in of(text)


def test_the_year_of_a_rate_by_year_within_the_days_of_the_payment() -> None:
    text = FEE.replace("  for each  Job\n  pays      $100\n", "").replace(
        "end payment",
        "  starts 1 July 2026\n  | for each | pays in 2026/27 | pays in 2027/28 |\n  | Job | $100 | $80 |\nend payment",
    )
    said = of(text)
    assert (
        "$100.00 for each Job dated in 2026/27 (1 April 2026 to 31 March 2027) and on or after 1 July 2026."
        in said
    )
    assert "$80.00 for each Job dated in 2027/28 (1 April 2027 to 31 March 2028)." in said


@pytest.mark.parametrize(
    ("payer", "said"),
    [
        ("70% Council, the rest Fund", "Council (70%) and Fund (the rest) together pay Trust"),
        (
            "$60 Council, the rest Fund",
            "Council ($60.00 of each line) and Fund (the rest) together pay Trust",
        ),
    ],
)
def test_the_shares_of_payers(payer: str, said: str) -> None:
    assert said in of(FEE.replace("payer     Council", f"payer  {payer}"))


def test_the_days_over_which_a_condition_counts() -> None:
    held = FEE.replace("$100\n", "$100\n  held back until  Kept is at least 3 in each year\n")
    assert "held back until total of Kept is at least 3, in each year, and paid then" in of(held)
    deducted = """
deduction Few
  covers            payments under Fee
  deducts           2%
  deducted only if  Kept is less than 2 in each quarter
end deduction
"""
    assert "only if total of Kept is less than 2, in each quarter" in of(FEE + deducted, "Few")


def test_rows_both_ways_are_one_table_of_which_one_row_holds() -> None:
    text = """
payment Success
  steps by  Kept Share
  | Kept Share                     | payer   | payee | pays    |
  | less than 30%                  | Trust   | Fund  | $500    |
  | at least 30% but less than 50% | Fund    | Trust | nothing |
  | at least 50%                   | Council | Trust | $9,000  |
end payment
"""
    said = of(text, "Success")
    assert "one row holds at a time" in said
    assert "less than 30%, Trust pays Fund $500.00; " in said
    assert "at least 30% but less than 50%, nothing is paid; " in said
    assert "at least 50%, Council pays Trust $9,000.00." in said


def test_steps_and_lines_say_their_amounts() -> None:
    steps = """
payment Success
  payer     Council
  payee     Trust
  steps by  Kept Share
  | Kept Share    | pays    |
  | less than 30% | nothing |
  | at least 30%  | $9,000  |
end payment
"""
    assert "nothing if less than 30%; $9,000.00 if at least 30%" in of(steps, "Success")
    line = (
        steps.replace("steps by  Kept Share", "interpolated by Kept Share, flat beyond the ends")
        .replace("less than 30%", "30%")
        .replace("at least 30%", "60%")
        .replace("nothing", "$0")
    )
    assert "nothing at 30% and $9,000.00 at 60%; beyond it as at its ends" in of(line, "Success")


@pytest.mark.parametrize(
    ("deducts", "before", "after"),
    [
        ("5%", "for results dated on or before 15 May 2026", "for results dated on or after 16 May 2026"),
        ("$20", "whose last day is on or before 15 May 2026", "whose last day is on or after 16 May 2026"),
    ],
)
def test_which_text_of_a_replaced_deduction_is_taken_when(deducts: str, before: str, after: str) -> None:
    deduction = f"deduction Late\n  covers payments under Fee\n  deducts {deducts}\nend deduction\n"
    variation = """
variation Change
  varies          Told
  agreed          1 May 2026
  effective       16 May 2026
  stated periods  left as stated
  replace """
    every = told(FEE + deduction + variation + deduction + "end variation\n")
    old, new = [text for name, text in every if name == "Late"]
    assert before in old
    assert after in new


def test_a_metric_measured_in_each_quarter_is_of_all_quarters() -> None:
    assert "dated in April 2026 - March 2028" in of(FEE, "Mark")


def test_what_a_limit_cuts_is_shared_to_the_cent() -> None:
    cap = (
        "cap Most\n  covers payments from Council\n  at most $500 over the contract\n  excess lost\nend cap\n"
    )
    assert "to the cent" in of(FEE + cap, "Most")
    assert "penny" not in of(FEE + cap, "Most")


def test_routes_workings_scales_and_investments_have_their_sentences() -> None:
    text = """
routes Way Into Work
  per person  one route, the first listed
  | route  | metrics |
  | Steady | Kept    |
  | Quick  | Job     |
end routes

workings Value
  rounding each step, half up, to the penny
  | step | equals           |
  | Net  | $500 times Job   |
end workings

scale Award
  by  Kept Share
  | Kept Share    | equals |
  | less than 30% | $0     |
  | at least 30%  | $900   |
end scale

investment Loan
  into  Trust
  form  loan
  | investor | pays     | paid on      |
  | Fund     | $100,000 | 1 April 2026 |
end investment
"""
    text += FEE.replace("  for each  Job\n  pays      $100", "  pays  2 times Award")
    said = dict(told(text))
    assert "of the ways in which they have a result the one listed first" in said["Way Into Work"]
    assert "Steady, by Kept; Quick, by Job" in said["Way Into Work"]
    assert "Net is ($500.00 times total of Job, rounded half up to the cent)" in said["Value"]
    assert "nothing if less than 30%; $900.00 if at least 30%" in said["Award"]
    assert "Fund puts $100,000.00 into Trust on 1 April 2026, as a loan." in said["Loan"]
    assert "What is repaid is not worked out." in said["Loan"]
