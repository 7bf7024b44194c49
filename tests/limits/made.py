"""Strategies for small contracts, programmes and results. A feature can be left out, to look where something stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import TypeVar

from hypothesis import strategies as st

from tests.limits.calendar import Days, statement_periods
from tests.limits.in_force import as_varied, parts
from tests.limits.slow import programme_cuts
from tests.limits.terms import (
    Block,
    Cap,
    Clause,
    Contract,
    Excess,
    Fee,
    Limit,
    Most,
    Over,
    Payers,
    Payment,
    Programme,
    Regular,
    Row,
    Selection,
    Unit,
    Variation,
    paid_by,
)

T = TypeVar("T")

#: What the generator makes. Beside these: `same day`, limits that carry to a time that falls on the same day.
ALL = frozenset(
    {"turns", "shares", "tiers", "units", "regular", "own", "carried", "other", "blocks", "quarters", "share",
     "after", "leaves", "by clause", "variation", "left", "named", "earned", "rows", "pence", "part sums", "signs"}
)  # fmt: skip

UNITS: tuple[Unit, ...] = ("month", "quarter", "year")
PAYERS = ("Council", "Fund", "Trust")
FIRST = (
    date(2026, 4, 1),
    date(2026, 4, 1),
    date(2026, 4, 1),
    date(2026, 7, 1),
    date(2026, 10, 1),
    date(2026, 5, 1),
)
LAST = (date(2027, 3, 31), date(2027, 3, 31), date(2028, 3, 31), date(2027, 9, 30), date(2027, 2, 28))
STATEMENTS = ("quarterly", "quarterly", "quarterly", "monthly", "yearly", "once at the end")


def _pick(draw: st.DrawFn, *values: T) -> T:
    return draw(st.sampled_from(values))


def _chance(draw: st.DrawFn, percent: int) -> bool:
    return draw(st.integers(0, 99)) >= 100 - percent


def _day(draw: st.DrawFn, whole: Days) -> date:
    """Any day, the ends of months more often than others."""
    day = whole.first + timedelta(days=draw(st.integers(0, whole.number - 1)))
    kind = draw(st.integers(0, 3))
    if kind == 0:
        return day
    first = day.replace(day=1)
    if kind == 1:
        return max(first, whole.first)
    if kind == 2:
        return max(first.replace(day=16), whole.first) if first.replace(day=16) <= whole.last else whole.first
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return min(last, whole.last)


def _pounds(draw: st.DrawFn, features: frozenset[str]) -> Fraction:
    if "pence" in features and _chance(draw, 15):
        return Fraction(draw(st.sampled_from((3333, 1, 12345, 7, 9999))), 100)
    return Fraction(draw(st.sampled_from((100, 300, 50, 200, 150, 70))))


def _most(draw: st.DrawFn) -> Fraction:
    return Fraction(draw(st.sampled_from((100, 200, 300, 400, 600, 0, 250, 1000, 901))))


def _over(draw: st.DrawFn, whole: Days, features: frozenset[str], *, again: bool = False) -> Over:
    ways = ["quarter", "year", "month", "period"]
    if not again:
        ways += ["contract", "contract"] + (["days", "days"] if "named" in features else [])
    way = _pick(draw, *ways)
    if way == "contract":
        return Over()
    if way == "days":
        one, other = sorted((_day(draw, whole), _day(draw, whole)))
        return Over(days=(one, other))
    return Over(way)  # type: ignore[arg-type]


def _excess(draw: st.DrawFn, features: frozenset[str], payers: tuple[str, ...]) -> Excess:
    ways = ["lost", "lost"] + (["carried", "carried"] if "carried" in features else [])
    left = [party for party in PAYERS if party not in payers]
    if "other" in features and payers and left:
        ways.append(_pick(draw, *left))
    return _pick(draw, *ways)


def _payers(draw: st.DrawFn, whole: Days, features: frozenset[str]) -> Payers:
    way = draw(st.integers(0, 9))
    if way == 0 and "shares" in features:
        share = _pick(draw, Fraction(7, 10), Fraction(1, 3), Fraction(1, 2))
        return Payers(shares=(("Council", share), ("Fund", None)))
    if way in (1, 2) and "turns" in features:
        day = _day(draw, whole)
        if day < whole.last:
            first, second = _pick(draw, ("Council", "Fund"), ("Fund", "Council"), ("Council", "Trust"))
            return Payers(((first, day), (second, None)), _pick(draw, "result", "result", "statement"))
    return paid_by(_pick(draw, "Council", "Council", "Fund"))


def _parties(payers: Payers) -> tuple[str, ...]:
    return tuple(party for party, _ in (*payers.turns, *payers.shares))


def _limit(draw: st.DrawFn, whole: Days, features: frozenset[str], payers: Payers) -> Limit | None:
    if "own" not in features or not _chance(draw, 35):
        return None
    excess = _excess(draw, features, _parties(payers))
    over = _over(draw, whole, features, again=excess == "carried")
    return Limit(Most(_most(draw)), over, excess)


def _some_time(draw: st.DrawFn, whole: Days) -> tuple[date | None, date | None]:
    """The days on which a payment starts and ends, mostly none."""
    starts = _day(draw, whole) if _chance(draw, 10) else None
    ends = _day(draw, whole) if _chance(draw, 10) else None
    return (ends, starts) if starts and ends and starts > ends else (starts, ends)


def _payment(draw: st.DrawFn, letter: str, whole: Days, features: frozenset[str]) -> Payment:
    payers = _payers(draw, whole, features)
    limit = _limit(draw, whole, features, payers)
    if "regular" in features and _chance(draw, 35):
        unit: Unit = _pick(draw, *UNITS)
        starts, ends = _some_time(draw, whole) if "part sums" in features else (None, None)
        return Regular(
            f"Sum {letter}",
            payers,
            _pounds(draw, features),
            unit,
            _chance(draw, 50),
            _chance(draw, 30),
            limit,
            starts,
            ends,
        )
    metric = _pick(draw, "Start", "Finish")
    if "signs" in features and _chance(draw, 30):
        way = _pick(draw, "by repayment", "by repayment", "never", "from later payments")
        rate = _pounds(draw, features)
        return Fee(f"Fee {letter}", payers, "Saved", ((None, rate),), limit=limit, taken_back=way)
    rates: tuple[tuple[int | None, Fraction], ...] = ((None, _pounds(draw, features)),)
    tiers, all_units = None, False
    if "tiers" in features and _chance(draw, 20):
        rates = ((_pick(draw, 1, 2, 3), _pounds(draw, features)), *rates)
        tiers = _pick(draw, Over(), Over("year"), Over("quarter"))
        all_units = "units" in features and _chance(draw, 50)
    starts, ends = _some_time(draw, whole)
    return Fee(f"Fee {letter}", payers, metric, rates, tiers, all_units, limit, starts, ends)


def _selection(
    draw: st.DrawFn, payments: tuple[Payment, ...], whole: Days, features: frozenset[str]
) -> Selection:
    way = draw(st.integers(0, 9))
    names = [one.name for one in payments]
    if way < 4:
        chosen = Selection(payers=(_pick(draw, "Council", "Council", "Fund"),))
    elif way < 6:
        chosen = Selection(payees=("Provider",))
    elif way < 8:
        under = draw(st.lists(st.sampled_from(names), min_size=1, max_size=len(names), unique=True))
        chosen = Selection(under=tuple(sorted(under)))
    elif way == 8:
        chosen = Selection(only=_pick(draw, "results", "outcomes"))
    else:
        metrics = sorted({one.metric for one in payments if isinstance(one, Fee)})
        chosen = Selection(earned_by=(_pick(draw, *metrics),)) if metrics else Selection(payees=("Provider",))
    if "earned" in features and _chance(draw, 10):
        chosen = replace(chosen, earned_to=_day(draw, whole))
    return chosen


def _cap(
    draw: st.DrawFn, letter: str, payments: tuple[Payment, ...], whole: Days, features: frozenset[str]
) -> Cap:
    covers = _selection(draw, payments, whole, features)
    excess = _excess(draw, features, covers.payers)
    if "share" in features and excess == "lost" and _chance(draw, 20):
        of = _pick(draw, Selection(payees=("Provider",)), Selection(), Selection(payers=("Fund",)))
        share = _pick(draw, Fraction(38, 100), Fraction(1, 2), Fraction(3, 4))
        row = Row(covers, Most(share=share, of=of, after=_chance(draw, 50)), _over(draw, whole, features))
        return Cap(f"Limit {letter}", (row,))
    rows = [Row(covers, Most(_most(draw)), _over(draw, whole, features, again=excess == "carried"))]
    if "rows" in features and _chance(draw, 10):
        rows.append(Row(covers, Most(_most(draw)), _over(draw, whole, features, again=excess == "carried")))
    out: tuple[Selection, ...] = ()
    if "leaves" in features and _chance(draw, 10):
        out = (Selection(under=(_pick(draw, *payments).name,)),)
    by_clause = "by clause" in features and _chance(draw, 25)
    return Cap(f"Limit {letter}", tuple(rows), excess, by_clause, (), out)


def _block(
    draw: st.DrawFn,
    letter: str,
    payments: tuple[Payment, ...],
    whole: Days,
    features: frozenset[str],
) -> Block | None:
    fees = [one for one in payments if isinstance(one, Fee)]
    if not fees:
        return None
    payer = _pick(draw, *_parties(_pick(draw, *fees).payers))
    mine = [one.name for one in fees if payer in _parties(one.payers)]
    against = draw(st.lists(st.sampled_from(mine), min_size=1, max_size=2, unique=True))
    over = _pick(draw, Over(), Over("year"))
    ways = ["kept", "recoverable"] + (["carried forward"] if over.unit else [])
    return Block(
        f"Block {letter}", payer, _day(draw, whole), _pounds(draw, features), tuple(sorted(against)), over,
        "quarters" in features and _chance(draw, 30), _pick(draw, *ways),  # type: ignore[arg-type]
    )  # fmt: skip


def _variation(draw: st.DrawFn, contract: Contract, number: int, features: frozenset[str]) -> Variation:
    whole = Days(contract.first, contract.last)
    effective = _day(draw, whole)
    agreed = _day(draw, whole)
    repriced = "left" not in features or _chance(draw, 50)
    way = draw(st.integers(0, 4))
    add: tuple[Clause, ...] = ()
    swapped: tuple[Clause, ...] = ()
    removed: tuple[Clause, ...] = ()
    letter = "XYZ"[number]
    if way == 0:
        add = (_payment(draw, letter, whole, features),)
    elif way == 1:
        add = (_cap(draw, letter, contract.payments, whole, features),)
    elif way == 2 and contract.caps:
        old = _pick(draw, *contract.caps)
        new = _cap(draw, old.name[-1], contract.payments, whole, features)
        swapped = (_same_times(old, new),)
    elif way == 3:
        removed = (_pick(draw, *contract.payments, *contract.caps),)
    else:
        old_payment = _pick(draw, *contract.payments)
        for _ in range(8):
            new_payment = _payment(draw, old_payment.name[-1], whole, features)
            if new_payment.name == old_payment.name:
                new_payment = _same_times(old_payment, new_payment)  # type: ignore[assignment]
                swapped = (new_payment,)
                break
        else:
            removed = (old_payment,)
    return Variation(f"Change {number + 1}", agreed, effective, repriced, add, swapped, removed)


def _results(draw: st.DrawFn, whole: Days, *, signs: bool) -> tuple[tuple[date, str, int], ...]:
    found: dict[tuple[date, str], int] = {}
    for _ in range(draw(st.integers(1, 6))):
        found[_day(draw, whole), _pick(draw, "Start", "Finish")] = draw(st.integers(1, 5))
    for _ in range(draw(st.integers(1, 4)) if signs else 0):
        found[_day(draw, whole), "Saved"] = draw(st.sampled_from((-5, -2, -1, 1, 3, 6)))
    return tuple((day, metric, number) for (day, metric), number in sorted(found.items()))


@st.composite
def contracts(
    draw: st.DrawFn, features: frozenset[str] = ALL, name: str = "North", part_of: str = ""
) -> Contract:
    whole = Days(_pick(draw, *FIRST), _pick(draw, *LAST))
    statements = _pick(draw, *STATEMENTS)
    years = (4, 1) if part_of else _pick(draw, (4, 1), (4, 1), (4, 1), (1, 1), (9, 1))
    payments = tuple(_payment(draw, "ABCD"[at], whole, features) for at in range(draw(st.integers(2, 4))))
    caps: list[Cap] = []
    for at in range(draw(st.integers(0 if part_of else 1, 3))):
        cap = _cap(draw, "PQR"[at], payments, whole, features)
        if "after" in features and caps and _chance(draw, 15):
            if _chance(draw, 50):
                cap = replace(cap, after=(_pick(draw, *caps).name,))
            else:
                caps[0] = replace(caps[0], after=(cap.name,)) if not caps[0].after else caps[0]
        caps.append(cap)
    blocks: tuple[Block, ...] = ()
    if "blocks" in features and _chance(draw, 30):
        made = [_block(draw, "KL"[at], payments, whole, features) for at in range(draw(st.integers(1, 2)))]
        blocks = tuple(one for one in made if one)
    due = _pick(
        draw,
        "",
        "",
        "60 days after each statement",
        "1 month after each statement, moved to the next weekday",
    )
    contract = Contract(
        name, whole.first, whole.last, years, statements, payments, blocks, tuple(caps), due=due,
        results=_results(draw, whole, signs="signs" in features), part_of=part_of,
    )  # fmt: skip
    if "variation" in features and _chance(draw, 30):
        brought = [_variation(draw, contract, at, features) for at in range(2 if _chance(draw, 30) else 1)]
        contract = replace(contract, variations=_apart(brought))
    return contract if "same day" in features else _calm(contract)


#: What a limit's times must be at least as long as, for what it carries to fall on a later day.
LONG = {"monthly": ("month", "quarter", "year", "period"), "quarterly": ("quarter", "year", "period"),
        "yearly": ("year", "period"), "once at the end": ("period",)}  # fmt: skip


def _calm(contract: Contract) -> Contract:
    """No limit carries to a time that falls on the same day: what comes first then, the words leave open."""
    carrying = [
        one.limit.over for one in contract.payments if one.limit and one.limit.excess == "carried"
    ] + [row.over for cap in contract.caps if cap.excess == "carried" for row in cap.rows]
    short = [over for over in carrying if over.unit not in LONG[contract.statements]]
    if not short:
        return contract

    def lost(one: T) -> T:
        if isinstance(one, Cap):
            return replace(one, excess="lost" if one.excess == "carried" else one.excess)
        if isinstance(one, Fee | Regular) and one.limit and one.limit.excess == "carried":
            return replace(one, limit=replace(one.limit, excess="lost"))
        return one

    variations = tuple(
        replace(
            one,
            add=tuple(map(lost, one.add)),
            replace=tuple(map(lost, one.replace)),
            remove=tuple(map(lost, one.remove)),
        )
        for one in contract.variations
    )
    return replace(
        contract,
        payments=tuple(map(lost, contract.payments)),
        caps=tuple(map(lost, contract.caps)),
        variations=variations,
    )


def _apart(variations: list[Variation]) -> tuple[Variation, ...]:
    """The second only where it speaks of other clauses, and is agreed on another day."""
    first, *more = variations
    names = {one.name for one in (*first.add, *first.replace, *first.remove)}
    return (
        first,
        *(
            one
            for one in more
            if one.agreed != first.agreed
            and not names & {clause.name for clause in (*one.add, *one.replace, *one.remove)}
        ),
    )


def _same_times(old: Clause, new: Clause) -> Clause:
    """A limit that carries keeps its times when it is replaced: into which time the old one carries is then plain."""
    if isinstance(old, Cap) and isinstance(new, Cap) and "carried" in (old.excess, new.excess):
        most = new.rows[0].most
        rows = tuple(replace(new.rows[0], over=row.over, most=most) for row in old.rows)
        return replace(new, rows=rows, excess=old.excess)
    if isinstance(old, Fee | Regular) and isinstance(new, Fee | Regular):
        limits = [one.limit for one in (old, new) if one.limit]
        if any(one.excess == "carried" for one in limits):
            return replace(new, limit=old.limit)
    return new


@st.composite
def programmes(draw: st.DrawFn, features: frozenset[str] = ALL) -> Programme:
    members = tuple(draw(contracts(features, name, "Both")) for name in ("North", "South"))
    whole = Days(min(one.first for one in members), max(one.last for one in members))
    caps = []
    for at in range(draw(st.integers(1, 2))):
        across = _pick(draw, ("North", "South"), ("South", "North"), ("North",))
        payer = _pick(draw, "Council", "Council", "Fund")
        covers = _pick(draw, Selection(payers=(payer,)), Selection(payees=("Provider",)))
        over = _pick(draw, Over(whole="programme"), Over("year"), Over(days=(whole.first, _day(draw, whole))))
        excess: Excess = "lost"
        if covers.payers and _chance(draw, 35):
            excess = "Fund" if payer == "Council" else "Council"
        by_clause = "by clause" in features and _chance(draw, 25)
        # As in `_calm`: nothing is carried to a time that falls on the same day.
        apart = all(one.statements in ("monthly", "quarterly") and one.years[0] % 3 == 1 for one in members)
        if "carried" in features and over.unit and apart and _chance(draw, 50):
            excess, by_clause = "carried", True
        row = Row(covers, Most(_most(draw)), over, across)
        caps.append(Cap(f"Shared {'UV'[at]}", (row,), excess, by_clause))
    return Programme("Both", members, tuple(caps))


# ------------------------------------------------------------------------------------------- what is given


def quantities(contract: Contract, more: frozenset[date] = frozenset()) -> list[tuple[date, str, int]]:
    """Rows of a quantities file: one for each metric in each part."""
    terms = as_varied(0, contract, date.max)
    used = {"Start"} | {one.metric for one in _fees(contract)}
    found: dict[tuple[date, str], int] = {}
    for days in parts(terms, more):
        for day, metric, number in contract.results:
            if days.holds(day) and metric in used:
                found[days.first, metric] = found.get((days.first, metric), 0) + number
    return [(day, metric, number) for (day, metric), number in found.items()]


def _fees(contract: Contract) -> list[Fee]:
    from tests.limits.terms import clauses

    return [one for one in clauses(contract) if isinstance(one, Fee)]


def quantities_file(whole: Contract | Programme) -> str:
    if isinstance(whole, Contract):
        rows = [f"{day},{metric},,{number}" for day, metric, number in quantities(whole)]
        return "\n".join(["period,metric,band,quantity", *rows, ""])
    terms = [as_varied(at, one, date.max) for at, one in enumerate(whole.members)]
    more = frozenset(programme_cuts(terms, whole))
    rows = [
        f"{one.name},{day},{metric},,{number}"
        for one in whole.members
        for day, metric, number in quantities(one, more)
    ]
    return "\n".join(["contract,period,metric,band,quantity", *rows, ""])


__all__ = ["ALL", "contracts", "programmes", "quantities_file", "statement_periods"]
