"""Dates and lengths of time by name: read as what the name holds, and read again with what is given from outside."""

import json
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from attrs import evolve

from sibdsl.check.structure import findings
from sibdsl.cli.app import run as sib
from sibdsl.compile import Compiled, compile_source
from sibdsl.dates import long
from sibdsl.diagnostics import NotGiven, Refused
from sibdsl.model.fingerprint import fingerprint
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.parameters.set_option_and_file import settings
from sibdsl.model.periods import segments, statements
from sibdsl.model.to_json import from_json, to_json
from sibdsl.model.variations import in_force
from sibdsl.price import Key
from sibdsl.settle.run import price_quantities
from sibdsl.source import Source

TEXT = """\
contract Example
  service period  {service_from} to {service_to}
  new entrants    to {entrants}
  payment period  {service_from} to {paid_to}
  currency        GBP
  years           begin 1 April
  statements      {statements}
  rounding        each line, half up, to the penny
end contract

parties
  | party   | role            |
  | Council | commissioner    |
  | Fund    | co-commissioner |
  | Charity | provider        |
end parties

records Jobs
  one row per  Job
  | column     | holds      | blank    |
  | Job ID     | identifier | rejected |
  | Person ID  | person     | rejected |
  | Started On | date       | rejected |
end records

cohort Workers
  rows        Jobs
  joins on    Started On
  if several  earliest Started On, then lowest Job ID
  tracked     for {followed} from Started On
end cohort

metric Job Start
  kind    outcome
  counts  rows of Jobs
  among   Workers
  within  tracking
  dated   Started On
end metric

payment Fee
  payer     Council to {turn}, then Fund, by date of result
  payee     Charity
  for each  Job Start
  pays      £300
  at most   £1,000 in year 2
  excess    lost
end payment
{more}
"""

NAMES = {
    "service_from": "Service Starts", "service_to": "Service Ends", "entrants": "Entry Ends", "paid_to": "Payment Ends",
    "turn": "Council Ends", "followed": "Follow",
}  # fmt: skip


def assumption(name: str, takes: str) -> str:
    return f'assumption {name}\n  takes   {takes}\n  reason  "a choice"\nend assumption\n'


def days(random: Random) -> dict[str, date]:
    """Dates of a contract that hold together."""
    start = date(2016, 1, 1) + timedelta(days=random.randrange(800))
    end = start + timedelta(days=random.randrange(400, 1500))
    paid = end + timedelta(days=random.randrange(500))
    return {
        "service_from": start,
        "service_to": end,
        "paid_to": paid,
        "entrants": start + timedelta(days=random.randrange((end - start).days)),
        "turn": start + timedelta(days=random.randrange(1, (paid - start).days)),
    }


def written(dates: dict[str, date], followed: str, statements: str = "quarterly", more: str = "") -> str:
    said = {key: long(day) for key, day in dates.items()}
    return TEXT.format(**said, followed=followed, statements=statements, more=more)


def named(dates: dict[str, date], followed: str, statements: str = "quarterly") -> str:
    said = {**{key: long(day) for key, day in dates.items()}, "followed": followed}
    more = "".join(assumption(NAMES[key], takes) for key, takes in said.items())
    return TEXT.format(**NAMES, statements=statements, more=more)


def compiled(text: str) -> Compiled:
    return compile_source(Source("example.sib", text))


def bare(contract: Contract) -> Contract:
    """The contract without what only the text with names has."""
    return evolve(contract, assumptions=(), by_name=())


def pairs(dates: dict[str, date], followed: str) -> list[str]:
    return [*(f"{NAMES[key]}={day}" for key, day in dates.items()), f"Follow={followed}"]


@pytest.mark.parametrize("seed", range(8))
def test_read_with_a_date_is_read_as_if_the_date_stood_there(seed: int) -> None:
    random = Random(seed)
    first, second = days(random), days(random)
    cut = first["service_from"] + timedelta(days=random.randrange(30, 300))
    own = f"on {long(cut)}, {{}}" if seed % 2 else "quarterly"
    made = compiled(named(first, "2 years", own.format("Payment Ends")))
    assert (
        bare(made.contract)
        == compiled(written(first, "2 years", own.format(long(first["paid_to"])))).contract
    )
    given = settings(made.contract, pairs(second, "9 months"))
    if seed % 2 and not second["service_from"] <= cut < second["paid_to"]:
        with pytest.raises(Refused):
            made.read_with(given)
        return
    again = made.read_with(given)
    plain = compiled(written(second, "9 months", own.format(long(second["paid_to"])))).contract
    assert bare(again.contract) == plain
    assert fingerprint(again.contract) == fingerprint(made.contract) != fingerprint(plain)
    assert from_json(json.loads(json.dumps(to_json(again.contract)))) == again.contract
    assert again.read_with(as_written(made.contract)).contract == made.contract


def test_a_name_and_its_date_are_two_meanings() -> None:
    dates = days(Random(1))
    assert fingerprint(compiled(named(dates, "2 years")).contract) != fingerprint(
        compiled(written(dates, "2 years")).contract
    )


def test_another_fingerprint_cannot_be_given_in_json() -> None:
    contract = compiled(written(days(Random(2)), "2 years")).contract
    data = to_json(evolve(contract, signed="0" * 64))
    assert "signed" not in json.dumps(data)
    data["contract"]["signed"] = "0" * 64  # type: ignore[index,call-overload]
    with pytest.raises(Refused, match="`signed` does not belong"):
        from_json(data)


def test_a_contract_is_not_priced_with_dates_that_it_was_not_read_with() -> None:
    contract = compiled(named(days(Random(3)), "2 years")).contract
    given = settings(contract, ["Follow=3 months"])
    with pytest.raises(ValueError, match="Follow is 3 months here"):
        in_force(contract, given)


DATES = {
    "service_from": date(2016, 4, 1),
    "service_to": date(2018, 3, 31),
    "entrants": date(2018, 3, 31),
    "paid_to": date(2018, 12, 31),
    "turn": date(2017, 9, 30),
}


def test_years_limits_and_turns_follow_the_date() -> None:
    """From 1 April 2016, year 2 is 2017/18; from 1 January 2016 it is 2016/17, for 2015/16 is the first."""
    made = compiled(named(DATES, "2 years"))

    def paid(*given: str) -> dict[tuple[str, str], Fraction]:
        values = settings(made.contract, given)
        contract = made.read_with(values).contract
        within = [one for one in segments(contract) if date(2016, 4, 1) <= one.days.start < date(2018, 4, 1)]
        counts = {Key(segment, "Job Start", ""): Fraction(2) for segment in within}
        run = price_quantities(contract, values, counts, DATES["paid_to"])
        sums: dict[tuple[str, str], Fraction] = {}
        for one in run.lines:
            year = "2016/17" if one.line.segment.days.start < date(2017, 4, 1) else "2017/18"
            sums[year, one.line.payer] = sums.get((year, one.line.payer), Fraction(0)) + one.amount
        return sums

    assert {key: amount for key, amount in paid().items() if amount} == {
        ("2016/17", "Council"): 2400,
        ("2017/18", "Council"): 1000,
    }
    early = paid("Service Starts=1 January 2016")
    assert sum(amount for (year, _), amount in early.items() if year == "2016/17") == 1000
    assert sum(amount for (year, _), amount in early.items() if year == "2017/18") == 2400
    assert early["2017/18", "Fund"] == 1200


# ------------------------------------------------------------------ a date that nobody gave


REQUIRED = "\nparticulars\n  | particular   | holds | default  |\n  | Payment Ends | date  | required |\nend particulars\n"


def unfinished() -> str:
    said = {key: long(day) for key, day in DATES.items()}
    return TEXT.format(
        **{**said, "paid_to": "Payment Ends"}, followed="2 years", statements="quarterly", more=REQUIRED
    )


def test_without_the_date_words_are_checked_and_nothing_is_paid(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = compiled(unfinished())
    found = findings(made.contract, as_written(made.contract))
    assert [(one.code, one.clause) for one in found] == [("SIB0560", "payment period, last day")]
    with pytest.raises(NotGiven, match="Payment Ends"):
        price_quantities(made.contract, as_written(made.contract), {}, date(2020, 1, 1))
    file = tmp_path / "example.sib"
    file.write_text(unfinished(), encoding="utf-8")
    counts = tmp_path / "counts.csv"
    counts.write_text("period,metric,band,quantity\n2016-04-01,Job Start,,2\n", encoding="utf-8")
    assert sib(["check", str(file)]) == 0
    assert sib(["check", str(file), "--rules", "all"]) == 3
    assert "not decided while a date of the contract has not been given" in capsys.readouterr().err
    call = ["price", str(file), "--quantities", str(counts)]
    assert sib(call) == 2
    assert "Payment Ends is a particular without a default" in capsys.readouterr().err
    assert sib([*call, "--set", "Payment Ends=31 December 2018"]) == 0
    assert "600.00" in capsys.readouterr().out
    assert sib([*call, "--set", "Payment Ends=31 December 2017"]) == 2
    assert "does not hold the whole service period" in capsys.readouterr().err


def test_a_slip_beside_a_date_that_is_not_given_is_found() -> None:
    with pytest.raises(Refused) as refused:
        compiled(unfinished().replace("pays      £300", "pays      2 hours"))
    assert [one.code for one in refused.value.found] == ["SIB0413"]


# ------------------------------------------------------------------ statements on days of their own


VARIATION = """
variation Longer
  varies          Example
  agreed          1 June 2018
  effective       1 June 2018
  stated periods  left as stated
  payment period now ends  30 June 2019
end variation
"""


def test_a_longer_payment_period_adds_one_statement_period() -> None:
    text = written(DATES, "2 years", "on 30 June 2017, 31 December 2018", VARIATION)
    contract = compiled(text).contract
    ends = [one.last for one in statements(in_force(contract, as_written(contract)))]
    assert ends == [date(2017, 6, 30), date(2018, 12, 31), date(2019, 6, 30)]


@pytest.mark.parametrize("seed", range(6))
def test_statement_periods_follow_one_another_and_end_on_the_days_named(seed: int) -> None:
    random = Random(seed)
    whole = (DATES["paid_to"] - DATES["service_from"]).days
    days_ = sorted(random.sample(range(whole), random.randrange(1, 9)))
    ends = [*(DATES["service_from"] + timedelta(days=one) for one in days_), DATES["paid_to"]]
    line = "on " + ", ".join(long(one) for one in ends)
    found = statements(compiled(written(DATES, "2 years", line)).contract)
    assert [one.last for one in found] == ends
    assert found[0].start == DATES["service_from"]
    assert all(a.end == b.start for a, b in pairwise(found))


# ------------------------------------------------------------------ caps, and what a line rests on


CAP = """
cap Early Ceiling [5]
  covers   payments from Council earned on or before {day}
  at most  £500 over the contract
  excess   lost
end cap
"""


def test_a_cap_to_a_day_by_name_cuts_the_statement_period_there() -> None:
    turn = assumption("Ceiling Ends", "15 May 2016")
    plain = compiled(written(DATES, "2 years", more=CAP.format(day="15 May 2016")))
    made = compiled(written(DATES, "2 years", more=CAP.format(day="Ceiling Ends") + turn))
    for given in ((), ("Ceiling Ends=1 June 2016",)):
        values = settings(made.contract, given)
        day = values.values["Ceiling Ends"]
        contract = made.terms(values)
        other = compiled(plain.sources["example.sib"].text.replace("15 May 2016", long(day)))  # type: ignore[arg-type]
        assert segments(contract) == segments(other.contract)
        assert day in {one.days.last for one in segments(contract)}


def test_a_line_rests_on_the_names_that_its_clauses_were_read_with() -> None:
    from sibdsl.settle.explain.assumptions_read import of_payment

    made = compiled(named(DATES, "2 years"))
    values = as_written(made.contract)
    key = Key(segments(made.contract)[0], "Job Start", "")
    run = price_quantities(made.contract, values, {key: Fraction(2)}, DATES["paid_to"])
    payment, metric = made.contract.payments[0], made.contract.metrics[0]
    rests = of_payment(made.contract, values, payment, run.lines[0].line, metric)
    assert [(one.name, one.takes, one.changed) for one in rests] == [
        ("Council Ends", "30 September 2017", False),
        ("Follow", "2 years", False),
    ]


def test_a_name_in_place_of_a_date_is_told_as_a_difference() -> None:
    from sibdsl.settle.diff import clauses

    plain, names = (compiled(make(DATES, "2 years")).contract for make in (written, named))
    found = {one.name: (one.before, one.after) for one in clauses(plain, names) if one.kind == "contract"}
    assert found["service period, last day"] == (("without a name",), ("Service Ends",))
    assert "service" not in found


def test_formulas_are_shown_for_statement_periods_that_are_no_parts_of_years(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "example.sib"
    file.write_text(written(DATES, "2 years", "on 30 June 2017, 31 December 2018"), encoding="utf-8")
    assert sib(["show", "--formulas", str(file)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "Council pays Charity up to 30 June 2017 =" in said
    assert "Fund pays Charity from 1 July 2017 to 31 December 2018 =" in said
    assert sib(["show", "--formulas", str(file), "--year", "2016/17"]) == 0
    assert "Nothing is paid" in capsys.readouterr().out


YEARLY = """
rule At Most In A Year
  requires  payments are at most £3,000
  tested    {tested}
  against   every quantity
end rule

cap Yearly [6]
  covers   payments from Council, payments from Fund
  at most  £3,000 {limit}
  excess   lost
end cap
"""


@pytest.mark.parametrize(
    ("tested", "limit", "says"),
    [
        ("in each year", "over the contract", "holds"),
        ("in 2016/17", "in 2017/18", "holds when"),
        ("in 1 May 2016 to 15 May 2016", "in 16 May 2016 to 31 December 2018", "holds when"),
        ("in 1 May 2016 to 15 May 2016", "in 1 April 2016 to 31 May 2016", "holds"),
    ],
)
def test_a_rule_sees_what_is_earned_in_parts_of_a_statement_period(
    tested: str, limit: str, says: str
) -> None:
    from sibdsl.check.rules.judge import Judge

    more = YEARLY.format(tested=tested, limit=limit).replace(", payments from Fund", ", Fund")
    contract = compiled(written(DATES, "2 years", "on 30 June 2017, 31 December 2018", more)).contract
    verdict = Judge(contract, as_written(contract)).decide(contract.rules[0])
    assert verdict.says == says
