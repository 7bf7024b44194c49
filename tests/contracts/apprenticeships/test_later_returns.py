"""Returns that come late, or change what was paid, against the published scenarios: what each month's payment makes of them.

The source pays in a month what was earned in the months before and has not been paid, and takes refunds beside it. Here that is
the statement of the month before, with its adjustments. The contract is the one for apprenticeships with one line more in its
heading. Everything is measured once for each month's end, all scenarios together, and each is priced by itself.
"""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import partial

import pytest
from attrs import frozen

from sibdsl import pipeline
from sibdsl.measure import measure
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.periods import segments, statements
from sibdsl.price import Key
from sibdsl.settle.run import price_as_known
from sibdsl.source import Source
from tests.contracts.apprenticeships.scenarios import COMMITS, LEVY, SHARED, Row, english, row
from tests.contracts.apprenticeships.test_apprenticeships import CONTRACT, ENOUGH, by_month
from tests.contracts.records_run import write

#: Shorter than the contract, since every month is measured by itself.
_CHANGED = {
    "  rounding        each line": "  stated periods  repriced in the next statement\n  rounding        each line",
    "service period  1 May 2017 to 31 July 2020": "service period  1 May 2017 to 28 February 2018",
    "payment period  1 May 2017 to 31 July 2021": "payment period  1 May 2017 to 28 February 2018",
}
AS_OF = date(2018, 2, 28)


def _text() -> str:
    text = CONTRACT.read_text(encoding="utf-8")
    for old, new in _CHANGED.items():
        assert old in text
        text = text.replace(old, new, 1)
    return text[: text.index("-- Two of the scenarios")]


@frozen
class Returned:
    """A scenario: rows by the day on which they came, and what the agency and the employers pay for each month, net of refunds."""

    file: str
    title: str
    rows: tuple[Row, ...]
    agency: str
    employer: str = ""
    levy: Fraction = ENOUGH


def on(day: str, episode: Row, name: str = "1", *, deleted: str = "") -> Row:
    """An episode as returned on a day; `name` says which of a learner's episodes of that aim it is."""
    told = {"Returned On": "-".join(reversed(day.split("/"))), "Episode": name}
    return episode | told | ({"Deleted On": "-".join(reversed(deleted.split("/")))} if deleted else {})


def _withdrawn(funding: str) -> tuple[Row, ...]:
    """Instalments of £750 from August to December, and in January a return that says: withdrawn on 12 November."""
    first = row(funding, 11_250, "04/08/2017", "20/08/2018")
    return on("31/08/2017", first), on("10/01/2018", row(funding, 11_250, "04/08/2017", "20/08/2018", "12/11/2017", "withdrawn"))  # fmt: skip


_MAY = ("06/05/2017", "20/05/2018")
_JULY = ("06/07/2017", "20/07/2018")


def _programme(funding: str, day: str, dates: tuple[str, str] = _MAY, *, deleted: str = "") -> Row:
    return on(day, row(funding, 9_000, *dates, most=9_000), deleted=deleted)


def _aim(day: str, name: str = "1", dates: tuple[str, str] = _MAY, *, deleted: str = "") -> Row:
    return on(day, english(*dates, status="continuing"), name, deleted=deleted)


_REFUNDS, _ILR, _EMPLOYER = "refunds", "change_in_ilr", "learner_changes_employer"
_FOUR = tuple(
    f"08/17-12/17 {amount}; 01/18 {back}; 02/18 0"
    for amount, back in ((750, -1500), (675, -1350), (725, -1450))
)

SCENARIOS = [
    Returned(_REFUNDS, "673-AC01, withdrawn, DAS", _withdrawn(LEVY), _FOUR[0], "08/17-02/18 0"),
    # What the employers get back is not printed; the source leaves what they had paid as it was.
    Returned(_REFUNDS, "673-AC02, withdrawn, non-DAS", _withdrawn(SHARED), _FOUR[1]),
    Returned(_REFUNDS, "673-AC03, withdrawn, not enough levy", _withdrawn(LEVY), _FOUR[2], levy=Fraction(500)),
    Returned(_REFUNDS, "683-AC01, provider A", (on("31/08/2017", row(LEVY, 5_625, "04/08/2017", "20/08/2018")),),
             "08/17-02/18 375"),
    Returned(_REFUNDS, "683-AC01, provider B", _withdrawn(LEVY), _FOUR[0]),
    Returned(_ILR, "822-AC01, English or maths added, levy", (_programme(LEVY, "31/05/2017"), _aim("31/07/2017")),
             "05/17-06/17 600; 07/17 717.75"),
    Returned(_ILR, "822-AC02, English or maths added, non-levy", (_programme(SHARED, "31/05/2017"), _aim("31/07/2017")),
             "05/17-06/17 540; 07/17 657.75", "05/17-07/17 60"),
    Returned(_ILR, "822-AC03, another number of the learner", (_programme(SHARED, "31/05/2017"), _programme(SHARED, "31/07/2017")),
             "05/17-07/17 540", "05/17-07/17 60"),
    # The source pays all of the new course and refunds all of the old one: 1917.75 - 1200 = 717.75.
    Returned(_ILR, "852-AC01, another course, and an aim added",
             (_programme(LEVY, "31/05/2017"), _programme(LEVY, "31/07/2017"), _aim("31/07/2017")),
             "05/17-06/17 600; 07/17 717.75; 08/17-09/17 639.25"),
    Returned(_ILR, "852-AC02, another reference of the aim",
             (_programme(LEVY, "31/05/2017"), _aim("31/05/2017", deleted="31/07/2017"), _aim("31/07/2017", "2")),
             "05/17-09/17 639.25"),
    Returned(_ILR, "852-AC03, the aim deleted", (_programme(LEVY, "31/05/2017"), _aim("31/05/2017", deleted="31/07/2017")),
             "05/17-06/17 639.25; 07/17 521.50; 08/17-09/17 600"),
    Returned(_ILR, "852-AC04, from a standard to a framework, and an aim added",
             (_programme(LEVY, "31/05/2017"), _programme(LEVY, "31/07/2017"), _aim("31/07/2017")),
             "05/17-06/17 600; 07/17 717.75; 08/17-09/17 639.25"),
    Returned(_ILR, "865-AC01, started later, and an aim added",
             (_programme(LEVY, "31/05/2017"), _programme(LEVY, "31/07/2017", _JULY), _aim("31/07/2017", dates=_JULY)),
             "05/17-06/17 600; 07/17 -560.75; 08/17-09/17 639.25"),
    Returned(_ILR, "865-AC02, started later",
             (_programme(LEVY, "31/05/2017"), _aim("31/05/2017"), _programme(LEVY, "31/07/2017", _JULY), _aim("31/07/2017", dates=_JULY)),
             "05/17-06/17 639.25; 07/17 -639.25; 08/17-09/17 639.25"),
    Returned("manual_adjustments", "893-AC01, the learner deleted", (_programme(LEVY, "31/05/2017", deleted="31/07/2017"),),
             "05/17-06/17 600; 07/17 -1200; 08/17-09/17 0"),
    Returned("ILR_is_submitted_late", "four months late", (on("04/12/2017", row(LEVY, 15_000, "01/09/2017", "08/09/2018")),),
             "09/17-11/17 0; 12/17 4000; 01/18 1000"),
    Returned(_EMPLOYER, "submitted late",
             (on("28/11/2017", row(LEVY, 15_000, "03/08/2017", "04/08/2018", "02/11/2017", "transferred")),
              on("28/11/2017", row(LEVY, 5_625, "03/11/2017", "04/08/2018"), "2")),
             "08/17-10/17 0; 11/17 3500"),
    *(Returned("earnings_calc", f"{earned} earned, {before} before", tuple(rows), f"08/17 {before}; 09/17 {earned + due}")
      for before, earned, due, rows in (
          (0, 1000, 1000, (on("20/09/2017", row(LEVY, 15_000, "06/08/2017", "08/08/2018")),)),
          (500, 1000, 500, (on("31/08/2017", row(LEVY, 7_500, "06/08/2017", "08/08/2018")),
                            on("20/09/2017", row(LEVY, 15_000, "06/08/2017", "08/08/2018")))),
          (1000, 1000, 0, (on("31/08/2017", row(LEVY, 15_000, "06/08/2017", "08/08/2018")),)),
      )),
]  # fmt: skip


@pytest.fixture(scope="module")
def paid(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, dict[str, Fraction]]]:
    """What each scenario comes to, by payer and by the month of the statement."""
    contract = pipeline.load(Source("apprenticeships.sib", _text())).contract
    settings = as_written(contract)
    folder = tmp_path_factory.mktemp("returns")
    rows = [
        row_of | {"Learner": f"{place:03d} {row_of['Learner']}"}
        for place, scenario in enumerate(SCENARIOS)
        for row_of in scenario.rows
    ]
    write(
        folder,
        {
            "learning": [tuple(rows[0]), *(tuple(row_of.values()) for row_of in rows)],
            "learning-support": [("Learner", "Supported From", "Supported To")],
            "levy-account": [("Month", "Balance")],
        },
    )
    known: dict[date, dict[str, dict[Key, Fraction]]] = {}
    for period in statements(contract):
        known[period.last] = {}
        with measure(contract, settings, folder, period.last) as volumes:
            for claim in volumes.claims():
                quantities = known[period.last].setdefault(claim.person[:3], {})
                key = Key(claim.segment, claim.metric, claim.band)
                quantities[key] = quantities.get(key, Fraction(0)) + claim.quantity

    def counted(place: int, levy: Fraction, day: date) -> Mapping[Key, Fraction]:
        balances = {
            Key(month, "Levy Balance", ""): levy for month in segments(contract) if month.days.last <= day
        }
        return known[day].get(f"{place:03d}", {}) | balances

    found = {}
    for place, scenario in enumerate(SCENARIOS):
        payments = price_as_known(contract, settings, partial(counted, place, scenario.levy), AS_OF)
        by_payer: dict[str, dict[str, Fraction]] = {"Agency": {}, "Employer": {}}
        for priced in payments.lines:
            back = priced.line.payer == "Provider"
            months = by_payer[priced.line.payee if back else priced.line.payer]
            month = f"{priced.line.segment.statement.start:%m/%y}"
            months[month] = months.get(month, Fraction(0)) + (-priced.amount if back else priced.amount)
        found[f"{scenario.file}: {scenario.title}"] = by_payer
    return found


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: f"{one.file}: {one.title}")
def test_a_published_scenario_of_later_returns(
    scenario: Returned, paid: dict[str, dict[str, dict[str, Fraction]]]
) -> None:
    assert scenario.file in COMMITS
    found = paid[f"{scenario.file}: {scenario.title}"]
    for payer, said in (("Agency", scenario.agency), ("Employer", scenario.employer)):
        expected = by_month(said)
        assert {month: found[payer].get(month, Fraction(0)) for month in expected} == expected, payer
