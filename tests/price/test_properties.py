"""What is true of every priced contract, whatever its terms."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st

from sibdsl.dates import Period
from sibdsl.model.nodes import Applies, Cap, CapRow, Contract, Scope, Selection, Value
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.periods import Segment, occasions
from sibdsl.price import Key, Line, Priced, PricedLine, build, price
from sibdsl.price.selected_lines import limited
from tests.model.generate import contracts, quantities
from tests.model.show import show

Fee = tuple[Segment, str, str, str, str, str, str]
ZERO = Fraction(0)


class Made(NamedTuple):
    """A contract, how much of what was counted, and its price; shown as the text and the counts."""

    contract: Contract
    counts: dict[Key, Fraction]
    priced: Priced

    def __repr__(self) -> str:
        counts = "".join(
            f"\n{key.segment.days}, {key.metric} {key.band}: {n}" for key, n in self.counts.items()
        )
        return f"{show(self.contract)}{counts}\n"


@st.composite
def priced_contracts(draw: st.DrawFn, *, one_cap: bool = False) -> Made:
    _, contract = draw(contracts())
    if one_cap:
        every = CapRow(
            Selection(), Value(Fraction(draw(st.integers(0, 20_000))), "money"), Scope("each year")
        )
        caps = contract.caps or (Cap("Ceiling", "9", "", (every,)),)
        payments = tuple(evolve(one, limits=()) for one in contract.payments)
        contract = evolve(contract, payments=payments, caps=(evolve(caps[0], rows=caps[0].rows[:1]),))
    counts = draw(quantities(contract))
    return Made(contract, counts, price(build(contract, as_written(contract)), counts))


def fee(line: Line) -> Fee:
    """What a payment, and whatever is taken off it, has in common."""
    return (
        line.segment,
        line.payer,
        line.payee,
        line.payment,
        line.metric,
        line.band,
        str((line.tier, line.due)),
    )


def covered(contract: Contract, row: CapRow, line: Line) -> bool:
    """Whether the cap covers the line, or the fee that it is taken off."""
    whole = line if line.kind in ("advance", "recovered") else evolve(line, kind="payment", rule=line.payment)
    return limited(contract, as_written(contract), row, whole)


def of_kind(priced: Priced, *kinds: str) -> list[PricedLine]:
    return [one for one in priced.lines if one.line.kind in kinds]


def payable(contract: Contract, row: CapRow, lines: list[PricedLine]) -> Fraction:
    """What the lines that the cap covers come to, less what is taken off them."""
    return sum((one.amount for one in lines if covered(contract, row, one.line)), ZERO)


def total(lines: list[PricedLine]) -> Fraction:
    return sum((one.amount for one in lines), ZERO)


# ------------------------------------------------------------------ any contract


@given(priced_contracts())
def test_every_priced_contract(made: Made) -> None:
    contract, counts, priced = made
    every_line_can_be_rebuilt_from_its_own_steps(counts, priced)
    lines_are_whole_pennies_in_order_of_time(contract, priced)
    no_fee_is_taken_below_nought(priced)
    blocks_meet_no_more_than_themselves(contract, priced)
    no_cap_is_exceeded_but_by_advances(contract, priced)
    nothing_counted_pays_only_blocks_and_fixed_sums(contract, priced)
    sums_to_date_stay_within_their_bounds(contract, priced)


def every_line_can_be_rebuilt_from_its_own_steps(counts: dict[Key, Fraction], priced: Priced) -> None:
    for one in priced.lines[:: 1 + len(priced.lines) // 20]:
        assert priced.rebuild(one, counts) == one.amount
        assert priced.trace(one)[-1][2] == one.amount


def lines_are_whole_pennies_in_order_of_time(contract: Contract, priced: Priced) -> None:
    for one in priced.lines:
        assert (one.amount / (contract.rounding.grain or 1)).denominator == 1
        assert (one.amount < 0) == (one.line.kind in ("set_off", "cap_cut"))
    assert [one.id for one in priced.lines] == [f"L{number}" for number in range(1, len(priced.lines) + 1)]
    starts = [one.line.segment.days.start for one in priced.lines]
    assert starts == sorted(starts)


def no_fee_is_taken_below_nought(priced: Priced) -> None:
    left: dict[Fee, Fraction] = defaultdict(Fraction)
    for one in of_kind(priced, "payment", "carried", "taken_over", "set_off", "cap_cut"):
        left[fee(one.line)] += one.amount
    assert all(amount >= 0 for amount in left.values())


def blocks_meet_no_more_than_themselves(contract: Contract, priced: Priced) -> None:
    for block in contract.advances:
        met = [one for one in of_kind(priced, "set_off") if one.line.rule == block.name]
        paid = [one for one in of_kind(priced, "advance") if one.line.rule == block.name]
        assert -total(met) <= total(paid)
        for one in met:
            assert any(
                one.line.payment in row.against and (one.line.payer, one.line.payee) == (row.payer, row.payee)
                for row in block.advances
            )


def no_cap_is_exceeded_but_by_advances(contract: Contract, priced: Priced) -> None:
    settings = as_written(contract)
    # A share of payments, a pot and a return have tests of their own; a limit for each person cuts nothing of quantities alone.
    rows = [
        row
        for cap in contract.caps
        for row in cap.rows
        if row.share_of is None and not (row.per or row.topped_up or row.return_on)
    ]
    for row in rows:
        for days in occasions(contract, row.scope):
            paid = ZERO
            for here in by_day(priced, days):
                fees = payable(contract, row, [one for one in here if one.line.kind != "advance"])
                paid += payable(contract, row, here)
                assert not fees or paid <= settings.number(row.amount)


def by_day(priced: Priced, days: Period) -> list[list[PricedLine]]:
    """The lines of results of those days, together where they are reckoned on one day, in the order of these."""
    found: dict[date, list[PricedLine]] = defaultdict(list)
    for one in priced.lines:
        if days.start <= one.line.segment.days.start and one.line.segment.days.end <= days.end:
            found[one.line.stated_on].append(one)
    return [found[day] for day in sorted(found)]


def nothing_counted_pays_only_blocks_and_fixed_sums(contract: Contract, priced: Priced) -> None:
    fixed = {one.name for one in contract.payments if one.regular or one.to_date}
    lines = price(priced.graph, {}).lines
    blocks = ("advance", "recovered")
    assert all(one.line.kind in blocks or one.line.payment in fixed for one in lines)


def sums_to_date_stay_within_their_bounds(contract: Contract, priced: Priced) -> None:
    settings = as_written(contract)
    for one in contract.payments:
        paid = total([each for each in of_kind(priced, "payment") if each.line.payment == one.name])
        if one.to_date and one.to_date.most is not None:
            assert paid <= settings.number(one.to_date.most)
        elif one.to_date and one.to_date.least is not None and not one.needs and one.applies == Applies():
            assert paid >= settings.number(one.to_date.least)


@given(priced_contracts())
def test_nothing_stated_depends_on_what_comes_later(made: Made) -> None:
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
    assert price(graph, counts, as_of=contract.payment_period.last).lines == priced.lines
    assert not price(graph, counts, as_of=contract.payment_period.start - timedelta(days=1)).lines


# ------------------------------------------------------------------ one cap


@given(priced_contracts(one_cap=True))
def test_one_cap_cuts_exactly_what_it_must(made: Made) -> None:
    contract, _, priced = made
    row, grain = contract.caps[0].rows[0], contract.rounding.grain or Fraction(1)
    assume(row.share_of is None and not row.per and not row.topped_up and not row.return_on)
    room = (as_written(contract).number(row.amount) / grain).__floor__() * grain
    for days in occasions(contract, row.scope):
        paid = ZERO
        for here in by_day(priced, days):
            advanced = payable(contract, row, [one for one in here if one.line.kind == "advance"])
            wanted = payable(
                contract,
                row,
                [one for one in here if one.line.kind in ("payment", "carried", "taken_over", "set_off")],
            )
            got = payable(contract, row, here) - advanced
            assert got == min(wanted, max(ZERO, room - paid - advanced))
            paid += got + advanced
            if contract.caps[0].excess.way == "lost" and contract.caps[0].sharing == "pro rata":
                shared_by_the_largest_remainder(contract, row, here, grain)


def shared_by_the_largest_remainder(
    contract: Contract, row: CapRow, here: list[PricedLine], grain: Fraction
) -> None:
    """What one cap cuts of what falls due together is pro rata; odd pennies go to the greatest remainders, ties to earlier clauses."""
    due: dict[Fee, Fraction] = defaultdict(Fraction)
    cut: Counter[Fee] = Counter()
    for one in here:
        if one.line.kind != "advance" and covered(contract, row, one.line):
            if one.line.kind == "cap_cut":
                cut[fee(one.line)] += int(-one.amount / grain)
            else:
                due[fee(one.line)] += one.amount
    if not cut:
        return
    places = [one.name for one in contract.payments]
    due = {key: due[key] for key in sorted(due, key=lambda key: (places.index(key[3]), key[0].days.start))}
    exact = {key: cut.total() * amount / sum(due.values()) for key, amount in due.items()}
    shares = [(exact[key] % 1, cut[key] - exact[key].__floor__()) for key in due]
    assert all(odd in (0, 1) for _, odd in shares)
    by_remainder = [
        odd for _, odd in sorted(shares, key=lambda one: -one[0])
    ]  # stable: ties keep their order
    assert by_remainder == sorted(by_remainder, reverse=True)
