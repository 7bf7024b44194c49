"""Essex: the published mechanism's like, on records whose answers were worked out apart from this program."""

import json
from datetime import date
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from sibdsl.compile import compile_file
from sibdsl.model.fingerprint import fingerprint
from sibdsl.model.parameters.set_option_and_file import settings
from sibdsl.settle.explain import explain_line
from sibdsl.settle.explain.line_to_json import line_json
from sibdsl.settle.run import pay, price_quantities
from tests.docs.reading import ROOT

FOLDER = ROOT / "contracts" / "essex_mst"
CASE = ROOT / "tests" / "cases" / "essex" / "care_days"
EXPECTED = json.loads((CASE / "expected.json").read_text(encoding="utf-8"), parse_float=str)
METRICS = {"BaselineDays": "Baseline Days", "CareDays": "Care Days", "SupportCost": "Support Cost"}


def paid_by_quarter(lines: object) -> dict[str, Fraction]:
    found: dict[str, Fraction] = {}
    for one in lines:  # type: ignore[attr-defined]
        start = one.line.segment.days.start.isoformat()
        if one.line.payment == "Outcome Payment":
            found[start] = found.get(start, Fraction(0)) + one.amount
    return found


@pytest.mark.parametrize("form", ["sib", "md"])
def test_the_case_quarter_by_quarter(form: str) -> None:
    contract = compile_file(FOLDER / f"essex_mst.{form}").contract
    given = settings(contract, (), CASE / "parameters.json")
    run = pay(contract, given, CASE, date.fromisoformat(EXPECTED["as_of"]))
    with run.volumes:
        counted = {
            (key.segment.days.start.isoformat(), key.metric): number for key, number in run.payments.counted()
        }
    paid = paid_by_quarter(run.payments.lines)
    for quarter in EXPECTED["periods"]:
        start = quarter["period_start"]
        assert paid.get(start, Fraction(0)) == Fraction(quarter["payment"])
        assert {name: counted[start, metric] for name, metric in METRICS.items()} == {
            name: Fraction(str(quarter[name])) for name in METRICS
        }
    assert sum(paid.values()) == Fraction(EXPECTED["total"])
    for table, statuses in EXPECTED["rows"].items():
        account = run.payments.accounts[table.capitalize()]
        assert {one: getattr(account, one) for one in statuses} == statuses


def test_a_statement_half_way_is_that_of_the_whole_run() -> None:
    contract = compile_file(FOLDER / "essex_mst.sib").contract
    given = settings(contract, (), CASE / "parameters.json")
    run = pay(contract, given, CASE, date(2016, 2, 10))
    run.volumes.close()
    until = {
        one["period_start"]: Fraction(one["payment"])
        for one in EXPECTED["periods"]
        if one["period_start"] < "2015-12-31"
    }
    assert paid_by_quarter(run.payments.lines) == {start: amount for start, amount in until.items() if amount}


def test_every_line_is_explained_by_records_that_add_up() -> None:
    contract = compile_file(FOLDER / "essex_mst.sib").contract
    given = settings(contract, (), CASE / "parameters.json")
    run = pay(contract, given, CASE, date(2021, 3, 31))
    with run.volumes:
        for one in run.payments.lines:
            told = json.dumps(line_json(explain_line(run, one.id)))
            assert '"behind"' in told


def test_both_forms_have_one_fingerprint() -> None:
    made = [compile_file(FOLDER / name).contract for name in ("essex_mst.sib", "essex_mst.md")]
    assert fingerprint(made[0]) == fingerprint(made[1])


def test_the_fee_for_service_is_left_out_unless_it_is_given() -> None:
    contract = compile_file(FOLDER / "essex_mst.sib").contract
    base = ("Daily Rate=£100", "Payment Cap=£1,000", "Baseline Share By Age=11:10%")
    without = price_quantities(contract, settings(contract, base), {}, date(2014, 3, 31))
    assert without.lines == ()
    fee = settings(contract, (*base, "Provider Fee=£2,500.50"))
    four = price_quantities(contract, fee, {}, date(2014, 3, 31))
    assert [(one.line.payer, one.line.payee, one.amount) for one in four.lines] == [
        ("CSSL", "Action For Children", Fraction("2500.50"))
    ] * 4


@pytest.mark.parametrize(
    ("given", "baseline", "care"),
    [((), Fraction(913, 5), 20), (("Tracking Time=2 years",), Fraction(730, 5), 10)],
)
@pytest.mark.parametrize("form", ["sib", "md"])
def test_each_reading_of_how_long_they_are_followed(
    tmp_path: Path, form: str, given: tuple[str, ...], baseline: Fraction, care: int
) -> None:
    """Started on 1 April 2013: 30 months end on 30 September 2015 (913 days), two years on 31 March 2015 (730 days)."""
    (tmp_path / "cases.csv").write_text(
        "person_id,date_of_birth,started_on\nC1,2000-05-01,2013-04-01\n", encoding="utf-8"
    )
    (tmp_path / "placements.csv").write_text(
        "placement_id,person_id,placement_code,from_on,to_on\n"
        "P1,C1,Q1,2015-01-01,2015-01-11\nP2,C1,Q1,2015-07-01,2015-07-11\n",
        encoding="utf-8",
    )
    (tmp_path / "support.csv").write_text("person_id,on,cost\n", encoding="utf-8")
    made = compile_file(FOLDER / f"essex_mst.{form}")
    base = ("Daily Rate=£100", "Payment Cap=£100,000", "Baseline Share By Age=12:20%")
    values = settings(made.contract, (*base, *given))
    run = pay(made.terms(values), values, tmp_path, date(2021, 3, 31))
    with run.volumes:
        counted: dict[str, Fraction] = {}
        for key, number in run.payments.counted():
            counted[key.metric] = counted.get(key.metric, Fraction(0)) + number
    assert (counted["Baseline Days"], counted["Care Days"]) == (baseline, care)
    assert sum(paid_by_quarter(run.payments.lines).values()) == 100 * (baseline - care)


@pytest.mark.parametrize("seed", range(12))
def test_never_taken_back_and_never_above_the_cap(seed: int) -> None:
    """The highest saving to date so far, held to the cap, worked out here on its own."""
    from sibdsl.model.periods import segments
    from sibdsl.price import Key

    random = Random(seed)
    contract = compile_file(FOLDER / "essex_mst.sib").contract
    rate, cap = Fraction(random.randrange(1, 20_000), 100), Fraction(random.randrange(0, 3_000_000), 100)
    given = settings(
        contract,
        (f"Daily Rate={float_free(rate)}", f"Payment Cap={float_free(cap)}", "Baseline Share By Age=11:10%"),
    )
    numbers: dict[Key, Fraction] = {}
    expected: list[Fraction] = []
    to_date = paid = Fraction(0)
    for segment in segments(contract):
        baseline = Fraction(random.randrange(0, 20_000), 100)
        care, cost = Fraction(random.randrange(0, 150)), Fraction(random.randrange(0, 100_000), 100)
        for metric, number in (("Baseline Days", baseline), ("Care Days", care), ("Support Cost", cost)):
            numbers[Key(segment, metric, "")] = number
        to_date += rate * (baseline - care) - cost
        best = min(max(to_date, Fraction(0)), cap)
        pence = (best - paid) * 100
        now = max(
            Fraction(0), Fraction((2 * pence.numerator + pence.denominator) // (2 * pence.denominator), 100)
        )
        paid += now
        expected.append(now)
    run = price_quantities(contract, given, numbers, date(2021, 3, 31))
    found = paid_by_quarter(run.lines)
    assert [found.get(one.days.start.isoformat(), Fraction(0)) for one in segments(contract)] == expected


def float_free(amount: Fraction) -> str:
    return f"£{amount.numerator * (100 // amount.denominator) // 100}.{amount.numerator * (100 // amount.denominator) % 100:02d}"
