"""Units that fill tiers, rates for all units and limits in units, where a variation pays for other results than before."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sibdsl.diagnostics import Refused
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.variations import in_force
from sibdsl.price import build, price
from sibdsl.price.graph import Key
from tests.settle.varied import Counts, counted, run, variation_text, written

Results = list[tuple[date, str, int]]
STARTS = ((2016, 4, 1), (2016, 6, 1), (2016, 7, 1), (2016, 10, 1), (2016, 11, 20), (2017, 1, 1))
DAYS = ((2016, 4, 2), (2016, 6, 2), (2016, 8, 1), (2016, 10, 2), (2016, 12, 1), (2017, 1, 2), (2017, 3, 31))
PAYS = {
    "limit": "  pays £100\n  at most 3 units in each year\n  excess lost\n",
    "tiers": "  tiers over the contract\n  | units | pays |\n  | first 2 | £100 |\n  | next 3 | £70 |\n  | further | £10 |\n",
    "all units": "  all-units rates over the contract\n  | units | pays |\n  | first 2 | £100 |\n  | further | £130 |\n",
}

OTHER = "  kind outcome\n  counts rows of Jobs\n  among People\n  dated Started On\nend metric"


def fee(metric: str, pays: str) -> str:
    return f"payment Fee\n  payer Council\n  payee Trust\n  for each {metric}\n{PAYS[pays]}end payment\n"


def contract_of(versions: list[tuple[date, str]], pays: str, agreed: list[str]) -> Contract:
    (_, first), *later = versions
    return written(
        fee(first, pays),
        *(
            variation_text(f"Change {at}", day, f"{start.day} {start:%B %Y}", f"replace {fee(metric, pays)}")
            for at, ((start, metric), day) in enumerate(zip(later, agreed, strict=True))
        ),
    )


def worth(pays: str, units: int) -> int:
    """What so many units come to in all."""
    if pays == "limit":
        return 100 * min(units, 3)
    if pays == "all units":
        return units * (100 if units <= 2 else 130)
    return 100 * min(units, 2) + 70 * min(max(units - 2, 0), 3) + 10 * max(units - 5, 0)


def units_counted(versions: list[tuple[date, str]], results: Results) -> int:
    """Every result of the metric that the clause in force on its day is for."""
    return sum(
        n for day, metric, n in results if [name for start, name in versions if start <= day][-1] == metric
    )


def paid(contract: Contract, results: Results) -> Fraction:
    values = as_written(contract)
    graph = build(in_force(contract, values), values)
    return sum((line.amount for line in price(graph, added_up(contract, results)).lines), Fraction(0))


def added_up(contract: Contract, results: Results) -> Counts:
    """Several results of one stretch of days are one quantity."""
    found: dict[Key, Fraction] = {}
    for row in results:
        for key, n in counted(contract, [row]).items():
            found[key] = found.get(key, Fraction(0)) + n
    return found


@settings(max_examples=30)
@given(st.data())
def test_units_fill_tiers_under_the_terms_of_their_day(data: st.DataObject) -> None:
    pays = data.draw(st.sampled_from(sorted(PAYS)))
    days = sorted(data.draw(st.sets(st.sampled_from(STARTS[1:]), min_size=1, max_size=2)))
    versions = [(date(*start), data.draw(st.sampled_from(("Job", "Loss")))) for start in (STARTS[0], *days)]
    agreed = ["1 May 2016", "1 March 2017"] if data.draw(st.booleans()) else ["1 March 2017", "2 March 2017"]
    # Rates for all units take nothing back.
    least = 0 if pays == "all units" else -3
    quantities = {
        (day, metric): data.draw(st.integers(least, 4)) for day in DAYS for metric in ("Job", "Loss")
    }
    results = [(date(*day), metric, n) for (day, metric), n in quantities.items()]
    contract = contract_of(versions, pays, agreed[: len(days)])
    assert paid(contract, results) == worth(pays, units_counted(versions, results))


@pytest.mark.parametrize(
    ("first", "then", "amount"), [(("Job", 3), ("Loss", 3), 300), (("Loss", 3), ("Loss", 3), 300)]
)
def test_a_limit_of_three_units_pays_three(
    first: tuple[str, int], then: tuple[str, int], amount: int
) -> None:
    contract = contract_of([(date(2016, 4, 1), "Job"), (date(2016, 7, 1), "Loss")], "limit", ["1 March 2017"])
    results = [(date(2016, 4, 1), *first), (date(2016, 7, 1), *then)]
    assert paid(contract, results) == amount
    assert sum(line.amount for line in run(contract, counted(contract, results)).lines) == amount


def test_rows_that_cannot_be_told_apart_are_refused() -> None:
    rates = "payment Fee\n  payer Council\n  payee Trust\n  | for each | pays |\n  | Job | £5 |\n  | Loss | £6 |\nend payment\n"
    change = variation_text(
        "Change", "1 May 2016", "1 July 2016", f"add metric Other\n{OTHER}\nreplace {fee('Other', 'tiers')}"
    )
    with pytest.raises(Refused) as refused:
        written(rates, change)
    assert [(one.code, one.labels[0].text) for one in refused.value.found] == [("SIB0229", "the other Fee")]
