"""Days of people against their own time before, by a plain count of one day at a time."""

from collections.abc import Sequence
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from sibdsl.check.dimensions import dimensions
from sibdsl.compile import compile_source
from sibdsl.dates import add_months
from sibdsl.measure import measure_rows
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.to_json import from_json, to_json
from sibdsl.source import Source
from tests.frame import complete
from tests.measure.test_shares import DAY, FIRST, LAST, LAST_ENTRY, TEXT, WINDOWS, Child, Stay, drawn, rows
from tests.model.show import show

_HEAD, _, _REST = TEXT.partition("metric Share")
_METRIC = """
metric {name}
  kind outcome
  counts {counts}
  among Entrants
  window WINDOW from joining date, against the WINDOW before
end metric
"""
_COUNTS = {
    "Fewer": "fewer days of Stays, more days not counted",
    "Less Any More": "fewer days of Stays, more days taken off",
    "Before": "earlier days of Stays",
}
_FEE = """
payment {name} Fee
  payer Council
  payee Charity
  for each {name}
  pays £{price}
  taken back by repayment
end payment
"""
_BLOCKS = "".join(_METRIC.format(name=name, counts=counts) for name, counts in _COUNTS.items())
_FEES = "".join(_FEE.format(name=name, price=price) for price, name in enumerate(_COUNTS, 1))


def contract(window: str) -> Contract:
    text = (_HEAD + _BLOCKS + _FEES).replace("WINDOW", window)
    return compile_source(Source("x.sib", complete(text))).contract


CONTRACTS = {window: contract(window) for window in WINDOWS}


def days(name: str, stays: Sequence[Stay], first: date, end: date, as_of: date) -> int:
    """On how many days from the first up to the end a stay of the child is known to last."""
    found, at = 0, first
    while at < end:
        found += any(
            who == name and begin <= at and (to is None or at < to) and (known is None or known <= as_of)
            for who, begin, to, known in stays
        )
        at += DAY
    return found


def expected(
    window: str, children: Sequence[Child], stays: Sequence[Stay], as_of: date
) -> list[tuple[str, int, int]]:
    """Each child whose window is over, with their days before it and in it."""
    months, more = WINDOWS[window]
    found: list[tuple[str, int, int]] = []
    for name, entered, _ in children:
        end = add_months(entered, months) + DAY * more
        begin = add_months(entered, -months) - DAY * more
        if entered <= LAST_ENTRY and FIRST < end <= min(as_of, LAST) + DAY:
            before, after = ((begin, entered), (entered, end))
            found.append((name, days(name, stays, *before, as_of), days(name, stays, *after, as_of)))
    return found


@given(st.integers(0, 10**9), st.sampled_from(sorted(WINDOWS)), st.sampled_from((LAST, date(2018, 2, 28))))
def test_each_child_against_themselves(seed: int, window: str, as_of: date) -> None:
    children, stays = drawn(seed)
    terms = CONTRACTS[window]
    with measure_rows(terms, as_written(terms), rows(children, stays), as_of) as volumes:
        found = {
            name: sorted(
                (one.person, int(one.quantity)) for one in volumes.claims(metric=name, stated_only=False)
            )
            for name in _COUNTS
        }
        totals = [
            (
                sum(one.number for one in volumes.quantities if one.metric == name),
                sum(one.quantity for one in volumes.claims(metric=name)),
            )
            for name in _COUNTS
        ]
        accounts = volumes.accounts
    people = expected(window, children, stays, as_of)
    assert found == {
        "Fewer": [(name, max(0, before - after)) for name, before, after in sorted(people)],
        "Less Any More": [(name, before - after) for name, before, after in sorted(people)],
        "Before": [(name, before) for name, before, _ in sorted(people)],
    }
    assert all(stated == claimed for stated, claimed in totals)
    assert accounts["Stays"].rows == len(stays)
    assert accounts["Stays"].used >= sum(before + after > 0 for _, before, after in people)


def test_text_and_json_bring_it_back() -> None:
    for one in CONTRACTS.values():
        assert compile_source(Source("x.sib", show(one))).contract == one
        assert from_json(to_json(one)) == one
    fewer, less, before = CONTRACTS["1 year"].metrics[-3:]
    assert [one.whole for one in (fewer, less, before)] == [True, False, True]
    assert [one.measures for one in (fewer, less, before)] == ["days"] * 3


def test_nothing_fewer_earns_no_route() -> None:
    """A child who had no day fewer has earned nothing on that way, so the other one counts."""
    came = "\nmetric Came\n  kind output\n  counts people\n  among Entrants\n  dated Entered\nend metric\n"
    ways = (
        "\nroutes Ways\n  per person one route, the first listed\n"
        "  | route | metrics |\n  | Saved | Fewer |\n  | Came In | Came |\nend routes\n"
    )
    text = (_HEAD + _BLOCKS + _FEES + came + ways).replace("WINDOW", "90 days")
    terms = compile_source(Source("x.sib", complete(text))).contract
    entered = date(2017, 6, 1)
    children = [("C1", entered, None), ("C2", entered, None)]
    stays = [("C2", date(2017, 5, 1), date(2017, 5, 11), None)]
    with measure_rows(terms, as_written(terms), rows(children, stays), LAST) as volumes:
        found = {
            name: [(one.person, one.quantity) for one in volumes.claims(metric=name)]
            for name in ("Fewer", "Came")
        }
    assert found == {"Fewer": [("C2", 10)], "Came": [("C1", 1)]}


def test_it_is_a_measure_before_and_after() -> None:
    found = {one.name: one for one in dimensions(CONTRACTS["1 year"])}["strength of measurement"]
    assert (found.score, found.says) == (1, "before and after")
