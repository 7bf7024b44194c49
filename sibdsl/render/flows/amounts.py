"""How the pages of who pays whom write amounts and shares."""

from __future__ import annotations

from sibdsl import money, wording
from sibdsl.check.flows import Flow, FlowItem, Flows
from sibdsl.diagnostics import NotGiven
from sibdsl.english import listed, with_unit
from sibdsl.model.nodes import Advance, Amount, Arithmetic, Contract, MetricTotal, Programme, Value
from sibdsl.model.parameters.in_force import Settings
from sibdsl.settle.explain.page import one_line


def in_figures(contract: Contract | Programme, settings: Settings, amount: Amount) -> str:
    """The amount as it stands in this run, exactly; as it is written while something in it has not been given."""
    try:
        return money.show_exact(settings.number(amount), contract.currency)
    except (NotGiven, TypeError, ZeroDivisionError):
        return one_line(written(contract, amount))


def written(contract: Contract | Programme, amount: Amount) -> str:
    """An amount as the contract writes it: `25% of MHEP Yearly Value`, `£1,350`, `First Blocks Paid On`."""
    match amount:
        case Value(kind="money"):
            return in_figures(contract, Settings(), amount)
        case Value(value=plain, kind=kind) if not isinstance(plain, str) and kind != "date":
            return with_unit(plain, kind, contract.currency)  # type: ignore[arg-type] # only dates are dates
        case Arithmetic(op=op, left=left, right=right):
            share = op == "times" and left.kind == "percentage"
            sides = [
                f"({written(contract, side)})" if isinstance(side, Arithmetic) else written(contract, side)
                for side in (left, right)
            ]
            return f"{sides[0]} {'of' if share else op} {sides[1]}"
        case MetricTotal(metric=metric, band=band):
            return f"{metric} of band {band}" if band else metric
    return wording.amount(amount, contract.currency)


def shared_by(made: Flows, flow: Flow, item: FlowItem) -> list[str]:
    """Which part of each line the payer pays, where several share it."""
    payers = item.term.shares if isinstance(item.term, Advance) else item.term.payers
    if item.beyond or payers is None or not payers.shares:
        return []
    settings = made.settings
    others = listed([name for name in payers.names if name != flow.payer])
    mine = next(share for share in payers.shares if share.payer == flow.payer)
    of = "it" if isinstance(item.term, Advance) else "each line"
    said = "the rest" if mine.part is None else part_in_figures(made.contract, settings, mine.part)
    return [f"{flow.payer} pays {said} of {of}; it is shared with {others}"]


def part_in_figures(contract: Contract, settings: Settings, part: Amount) -> str:
    """A part as it stands in this run: a percentage, or an amount."""
    try:
        return (
            money.percent(settings.number(part))
            if part.kind == "percentage"
            else in_figures(contract, settings, part)
        )
    except NotGiven:
        return one_line(written(contract, part))
