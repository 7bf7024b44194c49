"""The funding of apprenticeships against the acceptance scenarios that the payments service has published."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from sibdsl.compile import compile_file
from sibdsl.measure.volumes import Volumes
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.periods import Segment
from sibdsl.price import Key, PricedLine, price
from sibdsl.settle.run import ContractPaid, pay, volumes_by_key
from tests.contracts.apprenticeships.more_scenarios import MORE
from tests.contracts.apprenticeships.scenarios import COMMITS, LEVY, SHARED, Scenario, iso, row
from tests.contracts.apprenticeships.scenarios import SCENARIOS as FIRST
from tests.contracts.records_run import checks_without_a_finding, refused, write

CONTRACT = Path(__file__).parents[3] / "contracts" / "apprenticeships" / "apprenticeships.sib"
AS_OF = "2020-08-31"
MADE = compile_file(CONTRACT)

SCENARIOS = [*FIRST, *MORE]

#: What is owed by payer and month.
Owed = dict[str, dict[str, Fraction]]


#: More than anybody draws in a month.
ENOUGH = Fraction(1_000_000)
Row = tuple[str, ...]


def run(
    folder: Path, rows: tuple[dict[str, str], ...], support: Iterable[Row] = (), levy: Iterable[Row] = ()
) -> ContractPaid:
    """What rows of learning earn by the end of the contract, with times of support and months of the account."""
    write(
        folder,
        {
            "learning": [tuple(rows[0]), *(tuple(one.values()) for one in rows)],
            "learning-support": [("Learner", "Supported From", "Supported To"), *support],
            "levy-account": [("Month", "Balance"), *levy],
        },
    )
    values = as_written(MADE.contract)
    return pay(MADE.terms(values), values, folder, date.fromisoformat(AS_OF))


def measured(folder: Path, rows: tuple[dict[str, str], ...]) -> Volumes:
    """The volumes of those rows, open."""
    return run(folder, rows).volumes


def earned(folder: Path, rows: tuple[dict[str, str], ...]) -> Owed:
    """What rows of learning earn, by payer and month."""
    outcome = run(folder, rows)
    with outcome.volumes:
        assert all(account.used == account.rows for account in outcome.payments.accounts.values())
    return by_payer(outcome.payments.lines)


def by_payer(lines: Iterable[PricedLine]) -> Owed:
    """What each payer owes by month, such as `09/17`; under '' what all of them do."""
    found: Owed = {"": {}, "Agency": {}, "Employer": {}}
    for priced in lines:
        month = month_of(priced.line.segment)
        for payer in ("", priced.line.payer):
            found[payer][month] = found[payer].get(month, Fraction(0)) + priced.amount
    return found


def month_of(segment: Segment) -> str:
    return segment.days.start.strftime("%m/%y")


def by_month(said: str) -> dict[str, Fraction]:
    """`09/17-08/18 1000; 09/18 3000` month by month."""
    found: dict[str, Fraction] = {}
    for part in filter(None, said.split("; ")):
        months, amount = part.split()
        first, _, last = months.partition("-")
        at, end = (int(month[3:]) * 12 + int(month[:2]) - 1 for month in (first, last or first))
        for number in range(at, end + 1):
            found[f"{number % 12 + 1:02d}/{number // 12:02d}"] = Fraction(amount)
    return found


def test_it_checks(capsys: pytest.CaptureFixture[str]) -> None:
    checks_without_a_finding(CONTRACT, capsys)


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Owed]:
    """What each scenario earns. They are measured in one run, each with learners of its own, and priced each by itself."""
    places = {f"{place:03d}": scenario for place, scenario in enumerate(SCENARIOS)}
    rows = [
        row_of | {"Learner": f"{place} {row_of['Learner']}"}
        for place, scenario in places.items()
        for row_of in scenario.rows
    ]
    measured: dict[str, dict[Key, Fraction]] = {place: {} for place in places}
    support = [
        (f"{place} learner a", iso(since), iso(until))
        for place, scenario in places.items()
        for since, until in scenario.support
    ]
    paid = run(tmp_path_factory.mktemp("scenarios"), tuple(rows), support)
    with paid.volumes as volumes:
        for claim in volumes.claims():
            quantities = measured[claim.person[:3]]
            key = Key(claim.segment, claim.metric, claim.band)
            quantities[key] = quantities.get(key, Fraction(0)) + claim.quantity
        assert all(account.used == account.rows for account in volumes.accounts.values())
        assert {
            Key(counted.segment, counted.metric, counted.band): counted.number
            for counted in volumes.quantities
        } == {
            key: sum((quantities.get(key, Fraction(0)) for quantities in measured.values()), Fraction(0))
            for key in volumes_by_key(volumes)
        }, "what scenarios come to by themselves is not what they come to together"
    for place, scenario in places.items():
        balances = by_month(scenario.levy)
        measured[place] |= {
            Key(segment, "Levy Balance", ""): balances.get(month_of(segment), Fraction(0))
            if balances
            else ENOUGH
            for segment in paid.payments.segments
        }
    graph = paid.payments.priced.graph
    return {
        f"{scenario.file}: {scenario.title}": by_payer(price(graph, measured[place]).lines)
        for place, scenario in places.items()
    }


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: f"{one.file}: {one.title}")
def test_a_published_scenario(scenario: Scenario, together: dict[str, Owed]) -> None:
    assert scenario.file in COMMITS
    found = together[f"{scenario.file}: {scenario.title}"]
    for payer, said in (("", scenario.total), ("Agency", scenario.agency), ("Employer", scenario.employer)):
        expected = by_month(said)
        assert {month: found[payer].get(month, Fraction(0)) for month in expected} == expected, (
            payer or "in all"
        )


def test_scenarios_have_titles_of_their_own(together: dict[str, Owed]) -> None:
    assert len(together) == len(SCENARIOS)


def test_nothing_else_is_earned(tmp_path: Path) -> None:
    """What the published months of a whole course come to is what its price is."""
    found = earned(tmp_path, (row(SHARED, 15_000, "01/09/2017", "08/09/2018", "08/09/2018", "completed"),))
    assert sum(found["Agency"].values()) == 13_500
    assert sum(found["Employer"].values()) == 1_500


def test_levy_is_read_from_the_account(tmp_path: Path) -> None:
    """An account with £500 for October alone: the agency pays it, and nine tenths of the rest; and of all in other months."""
    learner = row(LEVY, 15_000, "01/09/2017", "08/09/2018")
    paid = run(tmp_path, (learner,), levy=[("2017-10-01", "500")])
    with paid.volumes:
        found = by_payer(paid.payments.lines)
    assert {month: (found["Agency"][month], found["Employer"][month]) for month in ("09/17", "10/17", "11/17")} == {
        "09/17": (900, 100), "10/17": (950, 50), "11/17": (900, 100),
    }  # fmt: skip


def test_a_third_of_a_penny_is_never_lost(tmp_path: Path) -> None:
    """£10,000 over 7 census dates is £1,142.86 a month to the penny; of seven learners it is exactly £8,000."""
    seven = tuple(row(SHARED, 10_000, "01/09/2017", "31/03/2018", learner=f"learner {at}") for at in range(7))
    found = earned(tmp_path, seven)
    assert found[""] == {month: Fraction(8_000) for month in by_month("09/17-03/18 1")}


def test_a_learner_who_ends_before_they_start_is_an_invalid_record(tmp_path: Path) -> None:
    rows = (row(LEVY, 15_000, "01/09/2017", "08/09/2018", "31/08/2017", "withdrawn"),)
    with measured(tmp_path, rows) as outcome:
        (told,) = outcome.rows()
    assert (told.status, told.reason) == (
        "rejected", "Instalments End is worked out to lie before Started On, which is 2017-09-01",
    )  # fmt: skip


def test_what_may_be_paid_back_is_not_passed_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A new price may be less than what has been earned: the contract must say what becomes of that."""
    text = CONTRACT.read_text(encoding="utf-8")
    first = text.index("payment Agency On Programme")
    part = text[first : text.index("end payment", first)]
    said = refused(
        CONTRACT, part, part.replace("taken back  by repayment\n", "").rstrip() + "\n", tmp_path, capsys
    )
    assert "Agency On Programme may come to less than nought" in said
