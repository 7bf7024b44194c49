"""What is true of every priced contract, whatever its terms."""

from collections import Counter, defaultdict
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from sibdsl.model.nodes import CapRow, Contract
from sibdsl.model.periods import Segment, occasions
from sibdsl.model.settings import as_written
from sibdsl.price import Key, Line, Priced, PricedLine, build, price
from sibdsl.price.select import covers
from tests.model.generate import contracts, quantities

Fee = tuple[Segment, str, str, str, str, str]


@st.composite
def priced_contracts(draw: st.DrawFn) -> tuple[Contract, dict[Key, Fraction], Priced]:
    _, contract = draw(contracts())
    counts = draw(quantities(contract))
    return contract, counts, price(build(contract, as_written(contract)), counts)


def fee(line: Line) -> Fee:
    """What a payment, and whatever is taken off it, has in common."""
    return line.segment, line.payer, line.payee, line.payment, line.metric, line.band


def of_kind(priced: Priced, *kinds: str) -> list[PricedLine]:
    return [one for one in priced.lines if one.line.kind in kinds]


def payable(contract: Contract, row: CapRow, lines: list[PricedLine], segment: Segment | None = None) -> Fraction:
    """What the lines that the cap covers come to (in one segment)."""
    chosen = as_written(contract)
    return sum(
        (
            one.amount
            for one in lines
            if covers(contract, chosen, row.covers, one.line) and segment in (None, one.line.segment)
        ),
        Fraction(0),
    )


@given(priced_contracts())
def test_every_line_can_be_rebuilt_from_its_own_steps(made: tuple[Contract, dict[Key, Fraction], Priced]) -> None:
    _, counts, priced = made
    for one in priced.lines:
        assert priced.rebuild(one, counts) == one.amount
        assert priced.trace(one)[-1][2] == one.amount


@given(priced_contracts())
def test_every_line_is_whole_pennies_and_says_what_sort_it_is(
    made: tuple[Contract, dict[Key, Fraction], Priced],
) -> None:
    contract, _, priced = made
    for one in priced.lines:
        assert (one.amount / (contract.rounding.grain or 1)).denominator == 1
        assert (one.amount < 0) == (one.line.kind in ("set_off", "cap_cut"))
    assert [one.id for one in priced.lines] == [f"L{number}" for number in range(1, len(priced.lines) + 1)]
    starts = [one.line.segment.days.start for one in priced.lines]
    assert starts == sorted(starts)


@given(priced_contracts())
def test_a_fee_is_never_taken_below_nought(made: tuple[Contract, dict[Key, Fraction], Priced]) -> None:
    _, _, priced = made
    left: dict[Fee, Fraction] = defaultdict(Fraction)
    for one in of_kind(priced, "payment", "set_off", "cap_cut"):
        left[fee(one.line)] += one.amount
    assert all(amount >= 0 for amount in left.values())


@given(priced_contracts())
def test_a_block_meets_no_more_than_itself_and_only_what_it_is_set_against(
    made: tuple[Contract, dict[Key, Fraction], Priced],
) -> None:
    contract, _, priced = made
    settings = as_written(contract)
    for block in contract.advances:
        met = [one for one in of_kind(priced, "set_off") if one.line.rule == block.name]
        blocks = sum((settings.number(one.amount) + 1 for one in block.advances), Fraction(0))  # rounded up at most
        assert -sum(one.amount for one in met) <= blocks
        for one in met:
            assert any(
                one.line.payment in row.against and (one.line.payer, one.line.payee) == (row.payer, row.payee)
                for row in block.advances
            )
        if len(block.advances) == 1:
            paid = [one.amount for one in of_kind(priced, "advance") if one.line.rule == block.name]
            assert -sum(one.amount for one in met) <= sum(paid)


@given(priced_contracts())
def test_no_cap_is_exceeded_but_by_advances(made: tuple[Contract, dict[Key, Fraction], Priced]) -> None:
    contract, _, priced = made
    settings = as_written(contract)
    for cap in contract.caps:
        for row in cap.rows:
            for days in occasions(contract, row.scope):
                inside = [
                    one
                    for one in priced.lines
                    if days.start <= one.line.segment.days.start and one.line.segment.days.end <= days.end
                ]
                advanced = payable(contract, row, [one for one in inside if one.line.kind == "advance"])
                assert payable(contract, row, inside) <= max(settings.number(row.amount), advanced)


@given(priced_contracts())
def test_one_cap_cuts_no_more_than_it_must(made: tuple[Contract, dict[Key, Fraction], Priced]) -> None:
    contract, _, priced = made
    rows = [row for cap in contract.caps for row in cap.rows]
    assume(len(rows) == 1)
    row, grain = rows[0], contract.rounding.grain or Fraction(1)
    limit = as_written(contract).number(row.amount)
    room = (limit / grain).__floor__() * grain
    for days in occasions(contract, row.scope):
        paid = Fraction(0)
        for segment in priced.graph.segments:
            if not (days.start <= segment.days.start and segment.days.end <= days.end):
                continue
            here = [one for one in priced.lines if one.line.segment == segment]
            before = [one for one in here if one.line.kind in ("payment", "set_off")]
            advanced = payable(contract, row, [one for one in here if one.line.kind == "advance"])
            wanted = payable(contract, row, before)
            got = payable(contract, row, here) - advanced
            assert got == min(wanted, max(Fraction(0), room - paid - advanced))
            paid += got + advanced


@given(priced_contracts())
def test_cuts_are_pro_rata_by_the_largest_remainder_and_ties_in_the_order_of_clauses(
    made: tuple[Contract, dict[Key, Fraction], Priced],
) -> None:
    contract, _, priced = made
    rows = [row for cap in contract.caps for row in cap.rows]
    assume(len(rows) == 1 and of_kind(priced, "cap_cut"))
    grain = contract.rounding.grain or Fraction(1)
    for segment in priced.graph.segments:
        due: dict[Fee, Fraction] = {}
        cut: Counter[Fee] = Counter()
        for one in priced.lines:
            if one.line.segment != segment or not covers(contract, as_written(contract), rows[0].covers, one.line):
                continue
            if one.line.kind in ("payment", "set_off"):
                due[fee(one.line)] = due.get(fee(one.line), Fraction(0)) + one.amount
            elif one.line.kind == "cap_cut":
                cut[fee(one.line)] += int(-one.amount / grain)
        if not cut:
            continue
        whole, total = sum(due.values()), cut.total()
        exact = {key: total * amount / whole for key, amount in due.items()}
        rest = [(exact[key] % 1, cut[key] - exact[key].__floor__()) for key in due]
        assert all(extra in (0, 1) for _, extra in rest)
        by_rest = sorted(rest, key=lambda one: -one[0])  # stable: clauses keep their order where remainders tie
        extras = [extra for remainder, extra in by_rest]
        assert extras == sorted(extras, reverse=True)


@given(priced_contracts())
def test_nothing_stated_depends_on_what_comes_later(made: tuple[Contract, dict[Key, Fraction], Priced]) -> None:
    contract, counts, priced = made
    graph = priced.graph
    for one, other in list(pairwise(graph.segments))[:3]:
        day = one.statement.last
        if other.statement == one.statement:
            continue
        known = {key: number for key, number in counts.items() if key.segment.statement.last <= day}
        told = [(one.line, one.amount) for one in price(graph, counts, as_of=day).lines]
        assert told == [(one.line, one.amount) for one in price(graph, known, as_of=day).lines]
        every = [(one.line, one.amount) for one in priced.lines]
        assert all(one in every for one in told)
    last = contract.payment_period.last
    assert price(graph, counts, as_of=last).lines == priced.lines
    assert not price(graph, counts, as_of=contract.payment_period.start - timedelta(days=1)).lines


@given(st.data())
def test_nothing_counted_pays_only_blocks(data: st.DataObject) -> None:
    _, contract = data.draw(contracts())
    priced = price(build(contract, as_written(contract)), {})
    assert {one.line.kind for one in priced.lines} <= {"advance"}
    assert len(priced.lines) <= sum(len(block.advances) for block in contract.advances)
