"""Over which days a metric that does not add up is measured, and which segment holds its quantity."""

from datetime import date
from textwrap import dedent

import pytest
from attrs import evolve

from sibdsl.compile import compile_source
from sibdsl.dates import Period
from sibdsl.model.nodes import Contract, Measured
from sibdsl.model.periods import holder, segments, spans
from sibdsl.model.to_json import from_json, to_json
from sibdsl.source import Source
from tests.frame import BASE, complete

PLAIN = compile_source(Source("x.sib", BASE)).contract
#: 1 October 2026 to 31 March 2028 in quarters, years from April: the first year is a part one.
CONTRACT = evolve(
    PLAIN,
    service=Period(date(2026, 10, 1), date(2028, 4, 1)),
    payment_period=Period(date(2026, 10, 1), date(2028, 4, 1)),
    new_entrants_last=date(2028, 3, 31),
    calendar="quarterly",
    years_begin=(4, 1),
    examples=(),
)


def measured(said: Measured) -> Contract:
    first, *rest = CONTRACT.metrics
    return evolve(CONTRACT, metrics=(evolve(first, measured=said), *rest))


@pytest.mark.parametrize(
    ("said", "days"),
    [
        (Measured("once", date(2027, 2, 14)), [("2026-10-01", "2027-02-14")]),
        (Measured("once", date(2029, 1, 1)), []),
        (Measured("contract"), [("2026-10-01", "2028-03-31")]),
        (Measured("each year"), [("2026-10-01", "2027-03-31"), ("2027-04-01", "2028-03-31")]),
        (Measured("days", days=Period(date(2026, 9, 1), date(2026, 11, 1))), [("2026-10-01", "2026-10-31")]),
        (Measured("days", days=Period(date(2026, 4, 1), date(2026, 10, 1))), []),
    ],
)
def test_the_spans_of_a_measure(said: Measured, days: list[tuple[str, str]]) -> None:
    found = spans(measured(said), said)
    assert [(str(one.start), str(one.last)) for one in found] == days


def test_a_metric_that_adds_up_has_no_spans() -> None:
    assert spans(CONTRACT, None) == ()


def test_statements_are_cut_where_a_span_ends_and_the_last_day_holds_it() -> None:
    said = Measured("once", date(2027, 2, 14))
    every = segments(measured(said))
    assert [str(one.days.start) for one in every][1:3] == ["2027-01-01", "2027-02-15"]
    found = holder(every, spans(CONTRACT, said)[0])
    assert found is not None
    assert found.days.last == date(2027, 2, 14)
    assert len(every) == len(segments(CONTRACT)) + 1


def test_measured_survives_json() -> None:
    text = """
    metric Sizes Of Job
      kind      input
      counts    different Hours Per Week of Jobs
      among     Service Users
      dated     Started On
      measured  in each quarter
    end metric
    """
    contract = compile_source(Source("spans.sib", complete(dedent(text)))).contract
    assert from_json(to_json(contract)) == contract
