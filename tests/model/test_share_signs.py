"""A share, of whatever kind, is a percentage: 38% is read, and a bare 38 or 0.38 is refused wherever it could stand."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from sibdsl.check.structure import findings
from sibdsl.compile import compile_source
from sibdsl.diagnostics import Diagnostic, Refused
from sibdsl.model.nodes import Contract, ExpectedQuantity
from sibdsl.model.parameters.in_force import as_written
from sibdsl.price import quantities_file
from sibdsl.settle.examples import run
from sibdsl.source import Source
from tests.frame import complete

METRICS = """
records Costs
  one row per  Cost
  | column    | holds  | blank    | must be    |
  | Person ID | person | rejected | any        |
  | Paid On   | date   | rejected | any        |
  | Cost      | money  | rejected | at least £0 |
  | Marks     | points | rejected | at least 0 points |
  | Hours     | hours  | rejected | any        |
end records

metric Job Start
  kind        output
  counts      rows of Jobs
  among       Service Users
  dated       Started On
  per person  first only
end metric

metric All Costs
  kind   input
  sums   Cost of Costs
  among  Service Users
  dated  Paid On
end metric

metric Average Mark
  kind      outcome
  averages  Marks of Costs
  among     Service Users
  dated     Paid On
  measured  in each quarter
end metric
"""
#: Like divided by like, and what is a share by its own words.
SHARES = {
    "count by count": "equals  Job Entry divided by Job Start",
    "money by money": "equals  All Costs divided by £5,000",
    "money by itself": "equals  £500 divided by All Costs",
    "points by points": "equals  Average Mark divided by 5 points",
    "reduction": "compares  Job Entry with Job Start as percentage reduction",
    "rise": "compares  All Costs with £900 as percentage rise",
    "a part of a share": "equals  60% times (Job Entry divided by Job Start)",
    "the rest of a share": "equals  1 minus (Job Entry divided by Job Start)",
}
SHARE = """
metric Kept Share
  kind      outcome
  {made}
  measured  in each quarter
end metric
"""
PAYS = "payment Bonus\n  payer  Council\n  payee  Charity\n  {}\nend payment\n"
#: Where a number can stand beside a share.
PLACES = {
    "steps": PAYS.format("steps by  Kept Share\n  | Kept Share | pays |\n  | less than {} | £0 |\n  | at least {} | £5 |"),
    "points": PAYS.format("interpolated by  Kept Share, flat beyond the ends\n  | Kept Share | pays |\n  | 0% | £0 |\n  | {} | £5 |"),
    "scale": "scale Part\n  by  Kept Share\n  | Kept Share | equals |\n  | less than {} | 0% |\n  | at least {} | 2% |\nend scale\n"
    + PAYS.format("pays  Part times £500"),
    "points of a scale": "scale Part\n  interpolated by  Kept Share, flat beyond the ends\n  | Kept Share | equals |\n"
    "  | 0% | 0% |\n  | {} | 2% |\nend scale\n" + PAYS.format("pays  Part times £500"),
    "condition": PAYS.format("for each  Job Start\n  pays  £5\n  paid only if  Kept Share is at least {}"),
    "the lower of": PAYS.format("pays  the lower of (Kept Share and {}) times £500\n  at least  £0 in each quarter"),
    "a difference": PAYS.format("pays  (Kept Share minus {}) times £500\n  at least  £0 in each quarter"),
    "rule": "rule Fair\n  requires  Kept Share is at least {}\n  tested  in each quarter\n  against  every quantity\nend rule\n"
    + PAYS.format("pays  Kept Share times £500\n  at least  £0 in each quarter"),
}  # fmt: skip


def told(text: str) -> list[Diagnostic]:
    try:
        made = compile_source(Source("x.sib", complete(text)))
    except Refused as refused:
        return refused.found
    return [*made.findings, *findings(made.contract, as_written(made.contract))]


def errors(text: str) -> list[Diagnostic]:
    return [one for one in told(text) if one.severity == "error"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("share", SHARES)
def test_a_share_takes_its_sign(share: str, place: str) -> None:
    text = METRICS + SHARE.format(made=SHARES[share]) + PLACES[place]
    for bare in ("38", "0.38", "1", "38.5"):
        found = errors(text.replace("{}", bare))
        assert {one.code for one in found} == {"SIB0413"}, (bare, found)
    assert errors(text.replace("{}", "38%")) == []


@pytest.mark.parametrize(
    ("bare", "said"), [("38", ("38%", "3800%")), ("0.38", ("38%", "0.38%")), ("1", ("100%", "1%"))]
)
def test_both_readings_are_offered_with_what_each_means(bare: str, said: tuple[str, str]) -> None:
    text = METRICS + SHARE.format(made=SHARES["count by count"]) + PLACES["condition"].replace("{}", bare)
    (one,) = errors(text)
    assert all(f"`{each}`" in one.help for each in said)
    assert one.help.count(" if ") >= 1


def test_whole_numbers_from_and_to_are_bare_too() -> None:
    steps = PLACES["steps"].replace("less than {}", "0 to 38").replace("at least {}", "39 to 100")
    assert {one.code for one in errors(METRICS + SHARE.format(made=SHARES["count by count"]) + steps)} == {
        "SIB0413"
    }


def test_a_particular_beside_a_share_holds_a_percentage() -> None:
    made = METRICS + SHARE.format(made=SHARES["count by count"]) + PLACES["condition"].replace("{}", "Line")
    particulars = "particulars\n  | particular | holds | default |\n  | Line | {} | {} |\nend particulars\n"
    assert {one.code for one in errors(made + particulars.format("number", "38"))} == {"SIB0413"}
    assert {one.code for one in errors(made + particulars.format("percentage", "38"))} != set()
    assert errors(made + particulars.format("percentage", "38%")) == []


@pytest.mark.parametrize("kind", ["percentage", "money"])
def test_bands_of_a_percentage_or_money_have_signs_in_a_range(kind: str) -> None:
    text = f"""
records Marks
  one row per  Mark
  | column    | holds  | blank    |
  | Person ID | person | rejected |
  | Seen On   | date   | rejected |
  | Mark      | {kind} | rejected |
end records

bands Marks Held
  by  Mark
  | band | holds    |
  | Low  | 0 to 37  |
  | High | 38 to 90 |
end bands
"""
    assert "SIB0413" in {one.code for one in errors(text)}


# ------------------------------------------------------------------ given as quantities


def contract() -> Contract:
    text = complete(
        METRICS + SHARE.format(made=SHARES["count by count"]) + PLACES["condition"].replace("{}", "38%")
    )
    return compile_source(Source("x.sib", text)).contract


@pytest.mark.parametrize(
    ("cell", "share"), [("38%", "0.38"), ("38 %", "0.38"), ("38.5%", "0.385"), ("0%", "0")]
)
def test_a_quantity_with_its_sign_is_read(cell: str, share: str, tmp_path: Path) -> None:
    file = tmp_path / "q.csv"
    file.write_text(f"period,metric,band,quantity\n2016-04-01,Kept Share,,{cell}\n", encoding="utf-8")
    assert list(quantities_file.read(contract(), file).values()) == [Fraction(share)]


@pytest.mark.parametrize("cell", ["38", "0.38", "1", "%", " "])
def test_one_without_is_refused(cell: str, tmp_path: Path) -> None:
    file = tmp_path / "q.csv"
    file.write_text(f"period,metric,band,quantity\n2016-04-01,Kept Share,,{cell}\n", encoding="utf-8")
    with pytest.raises(Refused) as refused:
        quantities_file.read(contract(), file)
    assert [one.code for one in refused.value.found] == ["SIB0705"]


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "q.csv"
    file.write_text("period,metric,band,quantity\n2016-04-01,Kept Share,,38%\n", encoding="utf-8")
    read = quantities_file.read(contract(), file)
    file.write_text(quantities_file.file_text(contract(), read), encoding="utf-8")
    assert quantities_file.read(contract(), file) == read


@pytest.mark.parametrize(("cell", "refused"), [("38", True), ("0.38", True), ("38%", False)])
@pytest.mark.parametrize("part", ["given", "expect"])
def test_so_are_quantities_in_examples(part: str, cell: str, *, refused: bool) -> None:
    tables = {
        "given": f"  given\n  | metric | quantity |\n  | Kept Share | {cell} |\n  expect\n  | payment | pays |\n  | Bonus | £0 |\n",
        "expect": f"  given\n  | metric | quantity |\n  | Job Start | 2 |\n  expect\n  | metric | quantity |\n  | Kept Share | {cell} |\n",
    }
    example = f"example One\n  in  2016/17 quarter 1\n{tables[part]}end example\n"
    text = METRICS + SHARE.format(made=SHARES["count by count"]) + PLACES["condition"].replace("{}", "38%")
    codes = {one.code for one in errors(text + example)}
    assert ("SIB0467" in codes) == refused, codes


def test_a_share_of_a_share_is_a_number() -> None:
    """How one share stands to another is a factor: 1.25 is read as it stands."""
    made = SHARE.format(made=SHARES["count by count"]) + SHARE.format(
        made="equals  Kept Share divided by 40%"
    ).replace("metric Kept Share", "metric Against Plan")
    condition = PLACES["condition"].replace("Kept Share", "Against Plan")
    assert errors(METRICS + made + condition.replace("{}", "1.25")) == []


LAND = """
records Plots
  one row per  Plot
  | column      | holds  | blank    | must be    |
  | Planted On  | date   | rejected | any        |
  | Hectares    | number | rejected | at least 0 |
end records

metric Planted
  kind   output
  sums   Hectares of Plots
  dated  Planted On
end metric

metric Grown
  kind      outcome
  equals    {made}
  measured  in each year
end metric

payment Grown Fee
  payer  Council
  payee  Charity
  pays   £100 times Grown
end payment

example Half Of Twelve And A Half
  given
  | metric      | in 2016/17 |
  | Planted     | 12.5       |
  | Grown Share | 50%        |
  expect
  | payment   | in 2016/17 |
  | Grown Fee | {pays}     |
end example
"""
GROWN = """
records Surveys
  one row per  Survey
  | column      | holds      | blank    | must be                      |
  | Surveyed On | date       | rejected | any                          |
  | Share       | percentage | rejected | at least 0% but at most 100% |
end records

metric Grown Share
  kind      outcome
  averages  Share of Surveys
  dated     Surveyed On
  measured  in each year
end metric
"""


@pytest.mark.parametrize(
    ("made", "kind", "pays"),
    [
        ("Grown Share times Planted", "number", "£625"),
        ("Planted times Grown Share", "number", "£625"),
        ("Grown Share times 5/6", "percentage", "£41.67"),
        ("80% of Grown Share", "percentage", "£40"),
    ],
)
def test_a_share_of_a_number_is_a_number_with_its_unit(made: str, kind: str, pays: str) -> None:
    """Hectares need not be whole, and half of 12.5 of them is 6.25 hectares, not 625%."""
    text = complete(GROWN + LAND.format(made=made, pays=pays))
    compiled = compile_source(Source("land.sib", text))
    contract = compiled.contract
    assert next(one.measures for one in contract.derived if one.name == "Grown") == kind
    assert [
        run(contract, as_written(contract), one, compiled.terms).failures for one in contract.examples
    ] == [()]


QUANTITIES = """\
metric Mean
  kind      outcome
  averages  Hours Per Week of Jobs
  among     Service Users
  dated     Started On
  measured  in each year
end metric

metric Part Of Rows
  kind      outcome
  equals    Job Entry divided by Mean
  measured  in each year
end metric

example Thirds
  given
  | metric    | band    | in                | quantity |
  | Job Entry | From 16 | 2016/17 quarter 1 | 1        |
  expect
  | metric | in                | quantity        |
  | Mean   | 2016/17 quarter 4 | 16 divided by 3 |
end example
"""


def test_a_quantity_that_no_decimal_says() -> None:
    made = compile_source(Source("x.sib", complete(QUANTITIES))).contract
    (example,) = made.examples
    assert [one.number for one in example.expected if isinstance(one, ExpectedQuantity)] == [Fraction(16, 3)]


@pytest.mark.parametrize("cell", ["16 divided by 0", "16 divided by 3%", "16 times 3"])
def test_what_is_no_quantity(cell: str) -> None:
    # The example is left out, and the rest of the contract stands.
    made = compile_source(Source("x.sib", complete(QUANTITIES.replace("16 divided by 3", cell))))
    assert [one.code for one in made.findings if one.severity == "error"] == ["SIB0444"]
    assert made.contract.examples == ()
