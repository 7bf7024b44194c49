"""Denver: what was paid, to the cent, and small records whose days are counted here by hand."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from sibdsl.check.structure import findings
from sibdsl.cli.app import run as sib
from sibdsl.compile import compile_file
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.parameters.set_option_and_file import settings
from sibdsl.model.periods import segments
from sibdsl.price import Key
from sibdsl.settle.examples import run as run_example
from sibdsl.settle.payments import Payments
from sibdsl.settle.run import pay, price_quantities
from tests.docs.reading import ROOT

FILE = ROOT / "contracts" / "denver" / "denver.sib"
#: For the tests only: the source has none of them.
DATES = (
    "Term Starts=1 January 2016", "First Period Ends=30 June 2017", "Second Period Ends=30 June 2018",
    "Third Period Ends=30 June 2019", "Term Ends=30 June 2021",
)  # fmt: skip
SCALE = (
    "Lower Reduction=20%", "Upper Reduction=60%", "Middle Payment=$5,104,000", "Highest Payment=$7,000,000",
)  # fmt: skip
MADE = compile_file(FILE)
LAST = date(2021, 6, 30)


def by_statement(run: Payments, payment: str) -> dict[str, Fraction]:
    found: dict[str, Fraction] = {}
    for one in run.lines:
        if one.line.payment == payment:
            last = one.line.segment.statement.last.isoformat()
            found[last] = found.get(last, Fraction(0)) + one.amount
    return found


def priced(counts: Mapping[tuple[str, int], int], *given: str) -> Payments:
    """Counts by metric and statement, numbered from 0."""
    values = settings(MADE.contract, (*DATES, *given))
    contract = MADE.terms(values)
    every = segments(contract)
    return price_quantities(
        contract,
        values,
        {Key(every[at], metric, ""): Fraction(number) for (metric, at), number in counts.items()},
        LAST,
    )


PEOPLE = {
    ("Treated People", 0): 300, ("Control People", 0): 400, ("Treated Jail Days", 1): 18_000, ("Control Jail Days", 1): 32_000,
}  # fmt: skip


def test_what_was_paid() -> None:
    housed = {("Housed Days", at): days for at, days in enumerate((58_858, 60_000, 70_000, 70_000, 41_070))}
    run = priced({**housed, **PEOPLE}, *SCALE)
    paid = by_statement(run, "Housing Stability")
    assert sum(paid[last] for last in ("2017-06-30", "2018-06-30", "2019-06-30", "2020-06-30")) == Fraction(
        "3913932.96"
    )
    assert paid["2021-06-30"] == Fraction("620978.40")
    assert by_statement(run, "Jail Bed Days") == {"2021-06-30": Fraction("5104000.00")}
    assert sum(one.amount for one in run.lines) == Fraction("9638911.36")


@pytest.mark.parametrize(
    ("treated", "paid"),
    [(24_000, 0), (19_201, 0), (19_200, 5_104_000), (9_601, 5_104_000), (9_600, 7_000_000), (0, 7_000_000)],
)
def test_each_step_of_the_reduction_at_its_edge(treated: int, paid: int) -> None:
    """300 people against 400 with 32,000 days, 80 each: 20% fewer are 64 each, 19,200 days; 60% fewer are 32, 9,600."""
    run = priced({**PEOPLE, ("Treated Jail Days", 1): treated}, *SCALE)
    assert sum(by_statement(run, "Jail Bed Days").values()) == paid


def test_the_jail_payment_is_left_out_while_its_scale_is_not_given() -> None:
    run = priced({**PEOPLE, ("Housed Days", 4): 1})
    assert [(one.line.payment, one.amount) for one in run.lines] == [("Housing Stability", Fraction("15.12"))]


def test_an_empty_control_group_is_no_reduction() -> None:
    run = priced({**PEOPLE, ("Control People", 0): 0}, *SCALE)
    assert by_statement(run, "Jail Bed Days") == {}


def test_at_most_so_much_in_all() -> None:
    run = priced({**PEOPLE, ("Housed Days", 0): 500_000}, *SCALE)
    assert sum(one.amount for one in run.lines) == 11_420_000
    assert by_statement(run, "Housing Stability")["2017-06-30"] == 7_560_000


# ------------------------------------------------------------------ records


TREATED = "T1,Treatment,2016-02-01\nT2,Treatment,2016-02-01\n"
RECORDS = {
    "participants": f"person_id,arm,randomised_on\n{TREATED}C1,Control,2016-02-01\n",
    "tenancies": "tenancy_id,person_id,moved_in_on,left_on\nA,T1,2016-03-01,\nB,T2,2016-03-01,2016-12-01\n",
    "jail_stays": "stay_id,person_id,booked_on,released_on\nJ1,T1,2017-01-10,2017-01-12\nJ2,C1,2017-01-01,2017-01-10\n",
}


def written(folder: Path, **changed: str) -> Path:
    for name, text in {**RECORDS, **changed}.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def paid_on_records(folder: Path, *given: str) -> tuple[Payments, dict[str, Fraction]]:
    values = settings(MADE.contract, (*DATES, *SCALE, *given))
    run = pay(MADE.terms(values), values, folder, LAST)
    with run.volumes:
        counted: dict[str, Fraction] = {}
        for key, number in run.payments.counted():
            counted[key.metric] = counted.get(key.metric, Fraction(0)) + number
        return run.payments, counted


def test_small_records(tmp_path: Path) -> None:
    """T1 keeps a tenancy from 1 March 2016 on, and is in jail on 10, 11 and 12 January 2017; T2 leaves before the year."""
    run, counted = paid_on_records(written(tmp_path))
    days = (date(2021, 7, 1) - date(2016, 3, 1)).days - 3
    assert counted["Housed Days"] == days == 1945
    assert (counted["Treated Jail Days"], counted["Control Jail Days"]) == (3, 10)
    paid = by_statement(run, "Housing Stability")
    assert paid["2017-06-30"] == Fraction("15.12") * ((date(2017, 7, 1) - date(2016, 3, 1)).days - 3)
    assert sum(paid.values()) == Fraction("15.12") * days
    assert by_statement(run, "Jail Bed Days") == {"2021-06-30": 7_000_000}  # 1.5 against 10 each: 85% fewer


def test_only_days_after_the_first_year(tmp_path: Path) -> None:
    run, counted = paid_on_records(written(tmp_path), "First Year Counts=no")
    days = (date(2021, 7, 1) - date(2017, 3, 1)).days
    assert counted["Later Housed Days"] == days
    assert sum(by_statement(run, "Later Housing Stability").values()) == Fraction("15.12") * days
    assert by_statement(run, "Housing Stability") == {}


def test_a_bad_row_is_left_out_and_the_others_count(tmp_path: Path) -> None:
    rows = RECORDS["participants"] + "T3,Neither,2016-02-01\n"
    run, counted = paid_on_records(written(tmp_path, participants=rows))
    assert counted["Housed Days"] == 1945
    assert run.accounts["Participants"].rejected == 1


def test_what_came_before_the_lot_counts_for_neither_group(tmp_path: Path) -> None:
    stays = RECORDS["jail_stays"] + "J3,T1,2016-01-30,2016-02-01\nJ4,C1,2016-01-01,2016-01-31\n"
    tenancies = RECORDS["tenancies"] + "C,T2,2016-01-31,\n"
    _, counted = paid_on_records(written(tmp_path, jail_stays=stays, tenancies=tenancies))
    assert (counted["Treated Jail Days"], counted["Control Jail Days"]) == (4, 10)
    assert counted["Housed Days"] == 1945


def test_the_jail_payment_is_explained_by_all_days_of_the_term(tmp_path: Path) -> None:
    from sibdsl.cli.show_explain import text
    from sibdsl.settle.explain import explain_line
    from sibdsl.settle.explain.line_page import line_sheet

    values = settings(MADE.contract, (*DATES, *SCALE))
    run = pay(MADE.terms(values), values, written(tmp_path), LAST)
    with run.volumes:
        last = next(one for one in run.payments.lines if one.line.payment == "Jail Bed Days")
        told = " ".join(text(line_sheet(explain_line(run, last.id))).split())
    assert "3 = days in tracking in January 2016 - June 2021 on which a stay lasts" in told


# ------------------------------------------------------------------ the file


def test_it_is_read_without_its_dates_and_sound_with_them(capsys: pytest.CaptureFixture[str]) -> None:
    bare = findings(MADE.contract, as_written(MADE.contract))
    assert {one.code for one in bare} == {"SIB0560"}
    values = settings(MADE.contract, DATES)
    assert {one.severity for one in findings(MADE.terms(values), values)} <= {"note"}
    assert sib(["price", str(FILE), "--quantities", "none.csv"]) == 2
    assert "has not been given" in capsys.readouterr().err


def test_its_examples() -> None:
    base = as_written(MADE.contract)
    for one in MADE.contract.examples:
        assert run_example(MADE.contract, base, one, MADE.terms).failures == ()
    assert len(MADE.contract.examples) == 3
