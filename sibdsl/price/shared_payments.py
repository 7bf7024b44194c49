"""How several payers share a line. Source: language reference, 'Shared payments'.

Percentages: the line, which has been rounded, is split pro rata by the largest remainder, ties in the order written. Where
each statement is rounded, a part stays exact until all that its payer pays the payee in it is rounded.
Amounts: each payer in turn pays its amount of what the row comes to in the statement period, and one payer the rest, which
is also what the row comes to below nought.
"""

from __future__ import annotations

from fractions import Fraction

from sibdsl import money
from sibdsl.diagnostics import Unpriceable
from sibdsl.model.nodes import Payers
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.periods import Segment
from sibdsl.price.builder import Builder
from sibdsl.price.graph import Constant, Greatest, Least, Scale, SplitPart
from sibdsl.price.provenance import AmountPart, PercentPart, Purpose, RestPart, SharePart

_WHOLE = Fraction(1)


def percentages(payers: Payers, settings: Settings) -> tuple[Fraction, ...]:
    """Each payer's part of one, in the order written; () where the parts are amounts.

    Raises:
        NotGiven: a percentage is a particular that has no value.
        Unpriceable: the percentages do not add up to the whole, or one is below nought.
    """
    if any(share.part is not None and share.part.kind == "money" for share in payers.shares):
        return ()
    found = [None if share.part is None else settings.number(share.part) for share in payers.shares]
    given = sum((part for part in found if part is not None), Fraction(0))
    low = next(
        (share for share, part in zip(payers.shares, found, strict=True) if part is not None and part < 0),
        None,
    )
    if low is not None:
        raise Unpriceable(f"The share of {low.payer} is below nought.", low.span)
    if given > _WHOLE or (None not in found and given != _WHOLE):
        raise Unpriceable(f"The shares add up to {money.percent(given)}, not to 100%.", payers.span)
    return tuple(_WHOLE - given if part is None else part for part in found)


def parts(
    builder: Builder,
    payers: Payers,
    whole: int,
    row: tuple[str, int, int] | None,
    segment: Segment,
    *,
    own: bool,
) -> list[tuple[str, SharePart, int]]:
    """Each payer with its part, as said and as a step.

    `row` tells apart what shares amounts through a statement period; `own` says that the payment rounds its lines itself.

    Raises Unpriceable and NotGiven as `percentages` does.
    """
    said = _share_parts(builder, payers)
    shares = percentages(payers, builder.settings)
    exact = row is not None and not own and builder.contract.rounding.each == "statement"
    steps = (
        split(builder, whole, shares, exact=exact)
        if shares
        else _amounts(builder, payers, whole, row, segment)
    )
    return [(share.payer, part, step) for share, part, step in zip(payers.shares, said, steps, strict=True)]


def fixed_part(payers: Payers, payer: str, whole: Fraction, settings: Settings, grain: Fraction) -> Fraction:
    """One payer's part of a fixed sum, by the same rules. Raises as `percentages` does."""
    shares = percentages(payers, settings)
    if shares:
        return money.split(whole, shares, grain)[payers.names.index(payer)]
    found, left = {}, whole
    for share in payers.shares:
        if share.part is not None:
            amount = settings.number(share.part)
            if amount < 0:
                raise Unpriceable(f"The share of {share.payer} is below nought.", share.span)
            found[share.payer] = min(left, money.round_to(amount, grain, "down"))
            left -= found[share.payer]
    return found.get(payer, left)


def _share_parts(builder: Builder, payers: Payers) -> list[SharePart]:
    found = percentages(payers, builder.settings)
    if found:
        return [PercentPart(part) for part in found]
    return [
        RestPart() if share.part is None else AmountPart(builder.settings.number(share.part))
        for share in payers.shares
    ]


def split(builder: Builder, whole: int, shares: tuple[Fraction, ...], *, exact: bool = False) -> list[int]:
    """Each part, to the penny; `exact` where all that is stated together is rounded once, later."""
    graph = builder.graph
    if exact or builder.contract.rounding.grain is None:
        return [graph.add(Scale((whole,), share)) for share in shares]
    step = graph.steps[whole]
    if isinstance(step, Constant):
        fixed = money.split(step.value, shares, graph.grain)
        return [graph.constant(amount, Purpose.SHARE_OF_LINE) for amount in fixed]
    weights = [graph.constant(share, Purpose.SHARE) for share in shares]
    return [
        graph.add(SplitPart((whole, *weights), at, graph.grain, Purpose.SHARE_OF_LINE, "shares"))
        for at in range(len(shares))
    ]


def _amounts(
    builder: Builder, payers: Payers, whole: int, row: tuple[str, int, int] | None, segment: Segment
) -> list[int]:
    """Of what the row comes to in the statement period by the end of this segment, less the same by its beginning."""
    earlier: list[int] = []
    if row is not None:
        builder.wholes[row, segment] = whole
        earlier = [
            step
            for (name, other_segment), step in builder.wholes.items()
            if name == row
            and other_segment.statement == segment.statement
            and other_segment.days.start < segment.days.start
        ]
    below = row is not None and any(
        payment.taken_back for payment in builder.contract.payments if payment.name == row[0]
    )
    now = _to_date(builder, payers, [*earlier, whole], below=below)
    if not earlier:
        return now
    before = _to_date(builder, payers, earlier, below=below)
    return [builder.graph.less(step, [other]) for step, other in zip(now, before, strict=True)]


def _to_date(builder: Builder, payers: Payers, wholes: list[int], *, below: bool) -> list[int]:
    """Each payer's part of what the row has come to; where that may be `below` nought, the payer of the rest bears it."""
    graph = builder.graph
    total = graph.total(wholes, Purpose.LINE_SO_FAR)
    taken: dict[int, int] = {}
    left = total
    for at, share in enumerate(payers.shares):
        if share.part is not None:
            amount = builder.settings.number(share.part)
            if amount < 0:
                raise Unpriceable(f"The share of {share.payer} is below nought.", share.span)
            fixed = graph.constant(money.round_to(amount, builder.grain, "down"), Purpose.AMOUNT_OF_LINE)
            taken[at] = graph.add(Least((fixed, left), Purpose.AMOUNT_OF_LINE))
            if below:
                taken[at] = graph.add(
                    Greatest((graph.constant(Fraction(0)), taken[at]), Purpose.AMOUNT_OF_LINE)
                )
            left = graph.less(left, [taken[at]], Purpose.LEFT_OF_LINE)
    return [taken.get(at, left) for at in range(len(payers.shares))]
