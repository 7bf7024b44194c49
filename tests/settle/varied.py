"""Contracts with variations, made up or written out, and what their runs come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal, NamedTuple

from attrs import evolve
from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from sibdsl.compile import compile_source
from sibdsl.model import nodes
from sibdsl.model.fingerprint import fingerprint
from sibdsl.model.nodes import Contract, Value, Variation
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.periods import segments, statements
from sibdsl.model.variations import in_force
from sibdsl.price import Key, PricedLine
from sibdsl.settle.default_as_of import whole_term
from sibdsl.settle.payments import Payments
from sibdsl.settle.run import price_quantities
from sibdsl.source import Source
from tests.model.generate import contracts, quantities
from tests.model.people import PEOPLE
from tests.model.show import show

DAY = timedelta(days=1)
Counts = Mapping[Key, Fraction]
Told = tuple[object, ...]
Way = Literal["repriced in the next statement", "left as stated"]
REPRICED: Way = "repriced in the next statement"
LEFT: Way = "left as stated"


class Varied(NamedTuple):
    """A contract with variations, and how much of what was counted; shown as text."""

    contract: Contract
    counts: dict[Key, Fraction]

    def __repr__(self) -> str:
        counts = "".join(
            f"\n{key.segment.days}, {key.metric} {key.band}: {n}" for key, n in self.counts.items()
        )
        varied = "\n".join(repr(one) for one in self.contract.variations)
        return f"{show(evolve(self.contract, variations=()))}{counts}\n{varied}\n"


def run(contract: Contract, counts: Counts, as_of: date | None = None) -> Payments:
    settings = as_written(contract)
    return price_quantities(contract, settings, counts, as_of or whole_term(contract, settings))


def told(one: PricedLine) -> Told:
    """Everything that a statement says of a line, but for its number."""
    line = one.line
    return (
        line.kind, line.segment.days, line.payer, line.payee, line.clause, line.payment, line.metrics, line.band,
        line.tier, line.rule, line.due, line.agent, one.quantity, line.rate, one.amount,
    )  # fmt: skip


def stated_on(one: PricedLine) -> date:
    """The day on which a line that is no adjustment is stated."""
    return one.line.due or one.line.segment.statement.last


def by_period(lines: Sequence[PricedLine]) -> dict[Told, Fraction]:
    """What is paid for each statement period under each payment, adjustments with the period that they speak of."""
    found: dict[Told, Fraction] = {}
    for one in lines:
        line = one.line
        period = line.segment.days if line.kind == "adjustment" else line.segment.statement
        key = (period.start, line.payer, line.payee, line.payment, line.metric, line.band)
        found[key] = found.get(key, Fraction(0)) + one.amount
    return {key: amount for key, amount in found.items() if amount}


# ------------------------------------------------------------------ made up


@st.composite
def varied(draw: DrawFn, ways: Sequence[Way] = (REPRICED,), most: int = 2, after: int = 90) -> Varied:
    """A contract of up to two years with up to `most` variations, agreed up to so many days `after` its end."""
    _, contract = draw(contracts(years=2))
    money = Value("in money", "set off basis")
    contract = evolve(contract, advances=tuple(evolve(one, basis=money) for one in contract.advances))
    made = [draw(variation(contract, f"Change {number}", ways, after)) for number in range(most)]
    contract = evolve(contract, variations=tuple(made[: draw(st.integers(1, most))]))
    return Varied(contract, draw(quantities(in_force(contract, as_written(contract)))))


@st.composite
def variation(draw: DrawFn, contract: Contract, name: str, ways: Sequence[Way], after: int) -> Variation:
    paid = contract.payment_period
    whole = (paid.end - paid.start).days
    agreed = paid.start + timedelta(days=draw(st.integers(-10, whole + after)))
    if draw(st.booleans()):
        starts = [one.start for one in statements(contract)]
        agreed = draw(st.sampled_from(starts))
    effective = paid.start + timedelta(days=draw(st.integers(-5, whole - 1)))
    made = Variation(
        name, "", "", Value(agreed, "date"), Value(effective, "date"), draw(st.sampled_from(ways))
    )
    payments = list(contract.payments)
    way = draw(st.sampled_from(("replace", "replace", "replace", "remove", "add", "cap", "no cap")))
    if way == "replace":
        old, new = draw(st.sampled_from(payments)), draw(st.sampled_from(payments))
        return evolve(made, payments=(dearer(new, old.name),))
    if way == "remove":
        return evolve(made, removes=(nodes.Removed("payment", draw(st.sampled_from(payments)).name),))
    if way == "add":
        return evolve(made, payments=(dearer(draw(st.sampled_from(payments)), f"{name} Fee"),))
    assume(contract.caps)
    cap = draw(st.sampled_from(list(contract.caps)))
    if way == "no cap":
        return evolve(made, removes=(nodes.Removed("cap", cap.name),))
    amount = Value(Fraction(draw(st.integers(0, 9_000))), "money")
    row = evolve(cap.rows[0], amount=amount, share_of=None)
    return evolve(made, caps=(evolve(cap, rows=(row, *cap.rows[1:])),))


def dearer(payment: nodes.Payment, name: str) -> nodes.Payment:
    """A payment like another, under a name, with rates a little higher and no days of its own."""
    extra = Value(Fraction(137, 100), "money")

    def more(amount: nodes.Amount) -> nodes.Amount:
        return nodes.Arithmetic("plus", amount, extra, "money")

    limits = tuple(evolve(row, covers=nodes.Selection(payments=(name,))) for row in payment.limits)
    return evolve(
        payment,
        name=name,
        rates=tuple(evolve(one, amount=more(one.amount)) for one in payment.rates),
        regular=tuple(evolve(one, amount=more(one.amount)) for one in payment.regular),
        limits=limits,
        applies=nodes.Applies(),
    )


# ------------------------------------------------------------------ written out

FRAME = (
    """
contract Works
  service period  1 April 2016 to 31 March 2017
  currency        GBP
  years           begin 1 April
  statements      quarterly
  rounding        each line, half up, to the penny
end contract

parties
  | party   | role            |
  | Council | commissioner    |
  | Fund    | co-commissioner |
  | Trust   | provider        |
end parties

"""
    + PEOPLE
    + """\

metric Loss
  kind        outcome
  counts      rows of Jobs
  among       People
  dated       Started On
  per person  first only
end metric
"""
)

FEE = """
payment Fee
  payer     Council
  payee     Trust
  for each  Job
  pays      £100
end payment
"""


def written(text: str, *variations: str, instead: Mapping[str, str] | None = None) -> Contract:
    """The frame with a text after it, and with variations in files of their own."""
    whole = FRAME + text
    for old, new in (instead or {}).items():
        assert old in whole
        whole = whole.replace(old, new)
    files = tuple(Source(f"variation {at}.sib", one) for at, one in enumerate(variations))
    return compile_source(Source("works.sib", whole), files).contract


def variation_text(
    name: str, agreed: str, effective: str, inside: str, stated: Way = REPRICED, more: str = ""
) -> str:
    return f"""
variation {name}
  varies          Works
  agreed          {agreed}
  effective       {effective}
  stated periods  {stated}
{more}
{inside}
end variation
"""


def counted(contract: Contract, rows: Sequence[tuple[date, str, int]]) -> dict[Key, Fraction]:
    """Quantities by a day, a metric and a number."""
    every = segments(in_force(contract, as_written(contract)))
    return {
        Key(next(one for one in every if day in one.days), metric, ""): Fraction(number)
        for day, metric, number in rows
    }


def pounds(contract: Contract, rows: Sequence[tuple[date, str, int]], as_of: date | None = None) -> list[str]:
    """Every line in a word: its kind, the first day of its period, its payment, pounds."""
    return [
        f"{one.line.kind} {one.line.segment.days.start} {one.line.payment} {float(one.amount):g}"
        for one in run(contract, counted(contract, rows), as_of).lines
    ]


def without_fingerprint(contract: Contract, said: str) -> str:
    return said.replace(fingerprint(contract), "")
