"""Signs: what records can bring below nought is what the model says may be, what `price` takes, and what proofs reckon with."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sibdsl.check.rules.report import findings
from sibdsl.compile import compile_source
from sibdsl.diagnostics import Refused
from sibdsl.measure import measure_rows
from sibdsl.model.admissible_quantities.below_nought import may_fall_below
from sibdsl.model.nodes import Contract, ExampleRecords
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.parameters.set_option_and_file import settings as given_settings
from sibdsl.price import derived
from sibdsl.price.quantities_file import file_text, read
from sibdsl.settle.default_as_of import whole_term
from sibdsl.settle.run import volumes_by_key
from sibdsl.source import Source

FRAME = """\
contract Homes
  service period  1 April 2026 to 31 March 2028
  currency        GBP
  years           begin 1 April
  statements      quarterly
  rounding        each line, half up, to the penny
end contract
parties
  | party    | role         |
  | Council  | commissioner |
  | Provider | provider     |
end parties
particulars
  | particular | holds  | default | must be    |
  | Plain      | number | 2       | at most 50 |
  | Free       | number | 2       | any        |
end particulars
table Places
  | Place | Worth     |
  | North | 1.5       |
  | South | minus 0.5 |
end table
table Prices
  | Where | Price |
  | North | 3     |
  | South | 0     |
end table
records Members
  one row per Member
  | column    | holds          | blank    | must be    |
  | Person ID | person         | rejected | any        |
  | Joined On | date           | rejected | any        |
  | Area      | code in Places | rejected | any        |
end records
records Events
  one row per Event
  | column    | holds  | blank    | must be    |
  | Person ID | person | rejected | any        |
  | On        | date   | rejected | any        |
  | Change    | number | rejected | any        |
  | Money     | money  | rejected | any        |
  | Cost      | money  | rejected | at least £0 |
  | Size      | count  | rejected | any        |
end records
cohort People
  rows        Members
  joins on    Joined On
  if several  earliest Joined On
end cohort
metric Counted
  kind    outcome
{metric}end metric
"""
ROWS = "  among  People\n  dated  On\n"
#: What may be below nought, and what never is, with the words that define the metric.
BELOW = {
    "sum of numbers": f"  sums  Change of Events\n{ROWS}",
    "sum of money": f"  sums  Money of Events\n{ROWS}",
    "sum kept from one side": f"  sums  Change of Events\n{ROWS}  only if  Change is less than 5\n",
    "average": "  averages  Change of Events\n  among  People\n  dated  On\n  measured  in each year\n",
    "weighted by a column": f"  counts  rows of Events\n{ROWS}  weighted by  Change, as recorded\n",
    "weighted by a difference": f"  counts  rows of Events\n{ROWS}  weighted by  Cost minus Money\n",
    "weighted by a printed number": f"  counts  rows of Events\n{ROWS}  weighted by  Worth read at Area, as recorded at joining\n",
    "weighted by what may be given": f"  counts  rows of Events\n{ROWS}  weighted by  Free\n",
    "sum kept by either of two": f"  sums  Change of Events\n{ROWS}  only if  Change is at least 0 or Size is 1\n",
    "sum but for one number": f"  sums  Change of Events\n{ROWS}  not if  Change is 0\n",
    "sum left out by two at once": f"  sums  Change of Events\n{ROWS}  not if  Change is less than 0 and Size is 2\n",
    "sum at least what may be given": f"  sums  Change of Events\n{ROWS}  only if  Change is at least 3 times Free\n",
    "weighted where another column is tested": f"  counts  rows of Events\n{ROWS}  weighted by  Change\n  only if  Size is at least 1\n",
    "the lower of": f"  counts  rows of Events\n{ROWS}  weighted by  the lower of (Change and Plain)\n",
}
NEVER = {
    "rows": f"  counts  rows of Events\n{ROWS}",
    "people": "  counts  people\n  among  People\n  dated  Joined On\n",
    "sum of costs": f"  sums  Cost of Events\n{ROWS}",
    "sum of counts": f"  sums  Size of Events\n{ROWS}",
    "sum with a condition": f"  sums  Change of Events\n{ROWS}  only if  Change is at least 0\n",
    "sum where less is left out": f"  sums  Change of Events\n{ROWS}  not if  Change is less than 0\n",
    "sum where either is left out": f"  sums  Change of Events\n{ROWS}  not if  Size is 1 or Change is at most 0\n",
    "sum with the test turned round": f"  sums  Change of Events\n{ROWS}  only if  0 is less than Change\n",
    "sum at least as many as": f"  sums  Change of Events\n{ROWS}  only if  Change is at least Size\n",
    "weight with a condition": f"  counts  rows of Events\n{ROWS}  weighted by  Change\n  only if  Change is at least 0\n",
    "weight up to a limit": f"  counts  rows of Events\n{ROWS}  weighted by  5 minus Change\n  only if  Change is at most 5\n",
    "average of costs": "  averages  Cost of Events\n  among  People\n  dated  On\n  measured  in each year\n",
    "weighted by a cost": f"  counts  rows of Events\n{ROWS}  weighted by  Cost\n",
    "weighted by a price": f"  counts  rows of Events\n{ROWS}  weighted by  Price read at Area times Plain, as recorded at joining\n",
    "the higher of": f"  counts  rows of Events\n{ROWS}  weighted by  the higher of (Change and 0)\n",
}
PAYMENT = """\
payment Fee
  payer     Council
  payee     Provider
  for each  Counted
  pays      £1
{}end payment
"""
RULE = """\
rule Never Below Nought
  requires  payments under Fee are at least £0
  tested    at final account
  against   every quantity
end rule
"""


@cache
def contract(metric: str, more: str = "") -> Contract:
    return compile_source(Source("x.sib", FRAME.format(metric=metric) + more)).contract


def paid(metric: str) -> str:
    """A payment for it, with the line that it needs."""
    return PAYMENT.format("  taken back  by repayment\n" if metric in BELOW.values() else "")


def tables(rows: list[tuple[int, int, int, int]]) -> tuple[ExampleRecords, ...]:
    members = [("P1", "2026-04-01", "North"), ("P2", "2026-05-01", "South")]
    events = [
        (
            f"P{1 + at % 2}",
            f"2026-{4 + at % 8:02}-1{at % 10}",
            str(change),
            str(money),
            str(abs(cost)),
            str(abs(size)),
        )
        for at, (change, money, cost, size) in enumerate(rows)
    ]
    return (
        ExampleRecords("Members", ("Person ID", "Joined On", "Area"), tuple(members)),
        ExampleRecords("Events", ("Person ID", "On", "Change", "Money", "Cost", "Size"), tuple(events)),
    )


NUMBERS = st.integers(-30, 30)
SOME_ROWS = st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS), max_size=6)


@cache
def every_metric() -> tuple[Contract, dict[str, str]]:
    """One contract with all of them, so that records are measured once for all; and what each metric's name stands for."""
    words = BELOW | NEVER
    named = {f"Counted In Way {at}": name for at, name in enumerate(words, 1)}
    head, counted, tail = FRAME.partition("metric Counted\n")
    text = head
    for name in named:
        text += (counted + tail).format(metric=words[named[name]]).replace("Counted", name)
    for name in named:
        text += (
            paid(words[named[name]])
            .replace("Counted", name)
            .replace("payment Fee", f"payment Fee For {name}")
        )
    return compile_source(Source("x.sib", text)).contract, named


@settings(max_examples=max(6, settings().max_examples // 4), deadline=None)
@given(rows=SOME_ROWS, free=st.integers(-5, 5))
def test_what_is_measured_is_taken_by_price(
    rows: list[tuple[int, int, int, int]], free: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    made, named = every_metric()
    assert {metric.name for metric in made.metrics} == set(named)
    values = given_settings(made, (f"Free={free}",))
    with measure_rows(made, values, tables(rows), whole_term(made, values)) as volumes:
        counted = volumes_by_key(volumes)
    assert {named[key.metric] for key, number in counted.items() if number < 0} <= BELOW.keys()
    file = tmp_path_factory.mktemp("counted") / "q.csv"
    file.write_text(file_text(made, counted), encoding="utf-8")
    assert {key: number for key, number in read(made, file).items() if number} == {
        key: number for key, number in counted.items() if number
    }


@pytest.mark.parametrize("name", BELOW)
def test_what_may_be_below_nought_comes_about(name: str, tmp_path: Path) -> None:
    made = contract(BELOW[name], paid(BELOW[name]))
    assert [one.name for one in made.metrics if may_fall_below(made, one)] == ["Counted"]
    values = given_settings(made, ("Free=-3",))
    found: list[Fraction] = []
    for change, amount in ((-9, -9), (9, 9)):
        rows = [(change, amount, 1, 1)] * 4
        with measure_rows(made, values, tables(rows), whole_term(made, values)) as volumes:
            found += volumes_by_key(volumes).values()
    assert min(found) < 0
    file = tmp_path / "q.csv"
    file.write_text("period,metric,band,quantity\n2027-03-31,Counted,,-3\n", encoding="utf-8")
    assert list(read(made, file).values()) == [-3]


@pytest.mark.parametrize("name", NEVER)
def test_what_is_never_below_nought_is_refused_there(name: str, tmp_path: Path) -> None:
    made = contract(NEVER[name], paid(NEVER[name]))
    assert [one.name for one in made.metrics if may_fall_below(made, one)] == []
    file = tmp_path / "q.csv"
    file.write_text("period,metric,band,quantity\n2027-03-31,Counted,,-3\n", encoding="utf-8")
    with pytest.raises(Refused):
        read(made, file)


@pytest.mark.parametrize("name", [*BELOW, *NEVER])
def test_proofs_reckon_with_just_that(name: str) -> None:
    metric = BELOW.get(name) or NEVER[name]
    made = contract(metric, paid(metric) + RULE)
    (found,) = findings(made, as_written(made), made.rules)
    assert (found.says == "holds") == (name in NEVER)


@pytest.mark.parametrize("name", BELOW)
def test_a_payment_for_it_must_say_what_becomes_of_it(name: str) -> None:
    with pytest.raises(Refused, match="less than nought"):
        contract(BELOW[name], PAYMENT.format(""))


# ------------------------------------------------------------------ metrics worked out from others

WORKED = """\
metric All Events
  kind  output
  counts  rows of Events
  among  People
  dated  On
end metric
metric Made
  kind      outcome
  {}
  measured  in each year
end metric
payment Bonus
  payer     Council
  payee     Provider
  for each  Made
  pays      £100
{}end payment
"""


@pytest.mark.parametrize(
    ("made", "below"),
    [
        ("equals  100 minus All Events", True),
        ("equals  All Events divided by 20", False),
        ("equals  All Events divided by Counted", False),
        ("equals  the higher of (100 minus All Events and 0)", False),
        ("equals  100 minus the lower of (All Events and 100)", False),
        ("equals  100 minus the lower of (All Events and 101)", True),
        ("compares  All Events with Counted as percentage reduction", True),
        ("equals  Free times All Events", True),
        ("equals  Plain times All Events", False),
    ],
)
def test_metrics_made_of_others(made: str, *, below: bool) -> None:
    if below:
        with pytest.raises(Refused, match="Bonus may come to less than nought"):
            contract(NEVER["rows"], WORKED.format(made, ""))
    read_ = contract(NEVER["rows"], WORKED.format(made, "  taken back  never\n" if below else ""))
    assert [one.name for one in read_.derived if may_fall_below(read_, one)] == ["Made"] * below
    assert derived(read_, as_written(read_), {}) is not None


# ------------------------------------------------------------------ from outside


def test_a_particular_is_never_below_nought_unless_it_may_be_any() -> None:
    made = contract(NEVER["rows"], paid(NEVER["rows"]))
    assert given_settings(made, ("Free=-1",)).values["Free"] == -1
    with pytest.raises(Refused, match="Plain as `-1`, and it is never below nought"):
        given_settings(made, ("Plain=-1",))


def test_nor_in_a_file(tmp_path: Path) -> None:
    made = contract(NEVER["rows"], paid(NEVER["rows"]))
    file = tmp_path / "given.json"
    file.write_text('{"Plain": "-0.5"}', encoding="utf-8")
    with pytest.raises(Refused, match="never below nought"):
        given_settings(made, (), file)


# ------------------------------------------------------------------ variations

VARIATION = """\
variation Later
  varies          Homes
  agreed          1 May 2026
  effective       1 July 2026
  stated periods  repriced in the next statement
  {} payment Fee
    payer     Council
    payee     Provider
    for each  {}
    pays      £1
{}  end payment
{}end variation
"""
ADDED = """\
  add metric Added
    kind   outcome
    sums   Change of Events
    among  People
    dated  On
  end metric
"""


@pytest.mark.parametrize(("metric", "more"), [("Counted", ""), ("Added", ADDED)])
def test_what_a_variation_brings_is_looked_at_too(metric: str, more: str) -> None:
    counted = BELOW["sum of numbers"] if metric == "Counted" else NEVER["rows"]
    own = PAYMENT.format("  taken back  never\n" if metric == "Counted" else "")
    with pytest.raises(Refused, match="Fee may come to less than nought"):
        contract(counted, own + VARIATION.format("replace", metric, "", more))
    contract(counted, own + VARIATION.format("replace", metric, "    taken back  by repayment\n", more))
