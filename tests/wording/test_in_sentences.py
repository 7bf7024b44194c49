"""`sib show --words`: each clause in whole sentences, which say what a run pays."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from sibdsl import pipeline
from sibdsl.cli.app import run
from sibdsl.model.parameters.in_force import as_written
from sibdsl.price import Key, build, price
from sibdsl.source import Source
from tests.docs.reading import ROOT

CONTRACTS = sorted(
    path
    for path in (ROOT / "contracts").glob("*/*.sib")
    if path.parent.name not in ("denver", "rhino")
    and "\ncontract " in f"\n{path.read_text(encoding='utf-8')}"
)
HARINGEY = ROOT / "contracts" / "mhep1" / "haringey.sib"
RENEGOTIATED = HARINGEY.with_name("haringey_renegotiation.sib")


@pytest.mark.parametrize("path", CONTRACTS, ids=lambda path: path.stem)
def test_every_metric_payment_and_limit_has_its_sentence(path: Path) -> None:
    ready = pipeline.load(pipeline.read(path))
    ((contract, every),) = pipeline.in_words(ready)
    said = {(one.kind, one.name) for one in every}
    assert all(one.text for one in every)
    assert {("metric", metric.name) for metric in contract.every_metric} <= said
    assert {("payment", payment.name) for payment in contract.payments} <= said
    assert {("cap", cap.name) for cap in contract.caps} <= said
    assert {("block advance", block.name) for block in contract.advances} <= said
    assert {("routes", routes.name) for routes in contract.routes} <= said
    assert {("workings", workings.name) for workings in contract.workings} <= said
    assert {("investment", investment.name) for investment in contract.investments} <= said


def block_sentences(effective: str) -> list[str]:
    values = {
        "MHEP Yearly Value": "80000",
        "MHEP Job Start Rate": "500",
        "Date Of Renegotiation": effective,
        "Renegotiation Effective": effective,
    }
    ready = pipeline.load(pipeline.read(HARINGEY), [pipeline.read(RENEGOTIATED)], values=values)
    ((_, every),) = pipeline.in_words(ready)
    return [one.text for one in every if one.name == "MHEP Block"]


def test_a_yearly_sum_at_the_start_that_is_replaced_in_the_middle_of_a_year() -> None:
    # £20,000 fell due on 1 January and nothing more is paid in 2016, as the run has it.
    before, after = block_sentences("2016-07-01")
    assert "falls due on 1 January 2016" in before
    assert (
        "What fell due on 1 January 2016 is for 1 January 2016 to 31 December 2016, and stays as it is"
        in before
    )
    assert "since the next year begins on 1 January 2017: nothing is paid under them" in after


def test_the_same_replaced_from_its_first_day() -> None:
    (only,) = block_sentences("2016-01-01")
    assert "50% of MHEP Yearly Value" in only
    assert "nothing is paid" not in only


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["show", str(HARINGEY), "--words"]) == 0
    assert "payment MHEP Block [4.2]" in capsys.readouterr().out
    assert run(["show", str(HARINGEY), "--words", "--format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["format"] == "sibdsl.words/1"
    assert {"kind", "name", "clause", "text"} == set(shown["contracts"][0]["sentences"][0])
    assert run(["show", str(HARINGEY), "--words", "--format", "svg"]) == 2
    assert "--words are shown as text" in capsys.readouterr().err


CHOOSING = """
contract Choosing
  service period      1 April 2026 to 31 March 2027
  currency            GBP
  years               begin 1 April
  statements          quarterly
  rounding            each line, half up, to the penny
  leap-day birthdays  on 1 March
end contract

parties
  | party   | role         |
  | Council | commissioner |
  | Trust   | provider     |
end parties

records Visits
  one row per    Visit
  identified by  Visit ID
  if several     latest Sent On
  | column    | holds      | blank    |
  | Visit ID  | identifier | rejected |
  | Person ID | person     | rejected |
  | Born On   | date       | allowed  |
  | Made On   | date       | rejected |
  | Sent On   | date       | rejected |
end records

records Certificates
  one row per Certificate
  | column       | holds      | blank    | must be     |
  | Certified On | date       | rejected | any         |
  | Agreed On    | date       | allowed  | any         |
  | Growth       | percentage | allowed  | at least 0% |
end records

cohort Visited
  rows        Visits
  only if     whole years from Born On to Made On is at least 18
  joins on    Made On
  if several  earliest Made On
end cohort

metric First Visit
  kind        output
  counts      rows of Visits
  among       Visited
  dated       Made On
  per person  first only
  if tied     highest Visit ID
end metric

metric Growth
  kind        outcome
  reads       Growth of Certificates
  dated       Certified On
  if several  latest Agreed On, then latest Certified On
  measured    once on 31 March 2027
end metric

payment Fee [1]
  payer Council
  payee Trust
  for each First Visit
  pays £100
end payment

payment Growth Fee [2]
  payer Council
  payee Trust
  for each Growth
  pays £100
end payment
"""


def test_which_of_several_rows_is_taken() -> None:
    """As the pages on ties, certificates, versions of a row and birthdays have it, with an example that is run on each."""
    ((_, every),) = pipeline.in_words(pipeline.load(Source("choosing.sib", CHOOSING)))
    said = {one.name: one.text for one in every}
    assert (
        "Visit ID is compared as text, from the left, letter by letter: J10 comes before J9."
        in said["First Visit"]
    )
    assert (
        "Of the certificates that give a Growth one is read: the one with the latest Agreed On; where those are equal, the one "
        "with the latest Certified On. One whose Agreed On is blank comes last." in said["Growth"]
    )
    assert "A certificate whose Growth is blank is left aside, however late it is" in said["Growth"]
    assert "alike in every cell are one certificate, told twice: it counts once" in said["Certificates"]
    assert "Of rows that have the same Visit ID one stands" in said["Visits"]
    assert "the row by which they join: the one with the earliest Made On" in said["Visited"]
    assert said["Choosing"].startswith("Somebody born on 29 February becomes a year older on 1 March")
    other = CHOOSING.replace("  leap-day birthdays  on 1 March\n", "")
    ((_, every),) = pipeline.in_words(pipeline.load(Source("choosing.sib", other)))
    assert any("becomes a year older on 28 February" in one.text for one in every)
    without = CHOOSING.replace("  only if     whole years from Born On to Made On is at least 18\n", "")
    ((_, every),) = pipeline.in_words(pipeline.load(Source("choosing.sib", without)))
    assert not any("29 February" in one.text for one in every)


LIMITED = """
contract Limited
  service period  1 April 2026 to 31 March 2027
  currency        GBP
  years           begin 1 April
  statements      quarterly
  rounding        each line, half up, to the penny
end contract

parties
  | party   | role            |
  | Council | commissioner    |
  | Fund    | co-commissioner |
  | Lottery | co-commissioner |
  | Trust   | provider        |
end parties

records Jobs
  one row per Job
  | column     | holds  | blank    |
  | Person ID  | person | rejected |
  | Started On | date   | rejected |
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

payment Fee [1]
  payer Council
  payee Trust
  for each Job
  pays £100
end payment

payment Bonus [2]
  payer Council
  payee Trust
  for each Job
  pays £50
end payment

cap Ceiling [3]
  covers payments from Council
  at most £200 over the contract
  excess paid by 60% Fund, the rest from Lottery
end cap

cap Of Each [4]
  covers payments from Council
  at most £120 per person over the contract
  excess lost
end cap
"""


@pytest.mark.parametrize(
    ("shared", "cut", "first", "second"),
    [
        ("", "each line loses the same part", "133.33", "66.67"),
        ("  shared by date, then by clause\n", "the last clause lose first", "200", "0"),
    ],
)
def test_who_is_cut_first_of_one_day_is_said_and_so_it_is(
    shared: str, cut: str, first: str, second: str
) -> None:
    """Two jobs of £150: £300 against £200. The person whose limit binds is another test's."""
    text = LIMITED.replace("from Lottery\n", f"from Lottery\n{shared}")
    ready = pipeline.load(Source("limited.sib", text))
    ((_, every),) = pipeline.in_words(ready)
    said = {one.name: one.text for one in every}
    assert cut in said["Ceiling"]
    assert "what exceeds it is owed by Fund (60%) and Lottery (the rest)" in said["Ceiling"]
    assert "the result that crosses the limit is paid in part" in said["Of Each"]
    graph = build(ready.contract, as_written(ready.contract))
    priced = price(graph, {Key(graph.segments[0], "Job", ""): Fraction(2)})
    paid = {
        name: sum(
            (
                line.amount
                for line in priced.lines
                if (line.line.payment, line.line.payer) == (name, "Council")
            ),
            Fraction(0),
        )
        for name in ("Fee", "Bonus")
    }
    assert paid == {"Fee": Fraction(first), "Bonus": Fraction(second)}


def test_business_days() -> None:
    head, rest = HARINGEY.read_text(encoding="utf-8").split("end contract", 1)
    line = '  business days weekdays not in Bank Holidays\n  uses "calendars/england-and-wales"\nend contract'
    ready = pipeline.load(pipeline.Source(str(HARINGEY), head + line + rest))
    ((_, every),) = pipeline.in_words(ready)
    assert "weekdays that do not stand in Bank Holidays" in every[0].text
    assert "1 January 2025 to 31 December 2027" in every[0].text


def test_how_amounts_are_rounded() -> None:
    # One family's £3,333.33 in one statement is £2,666.67 and £666.67 in two: each statement is rounded once.
    families = ROOT / "contracts" / "troubled_families" / "troubled_families.sib"
    ((_, every),) = pipeline.in_words(pipeline.load(pipeline.read(families)))
    assert "is rounded once, half up, to the penny" in every[0].text
    ((_, every),) = pipeline.in_words(pipeline.load(pipeline.read(HARINGEY)))
    assert "Each line is rounded by itself, half up, to the penny" in every[0].text
