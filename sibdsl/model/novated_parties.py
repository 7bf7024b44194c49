"""A party that another replaces from a day on: who pays, and who is paid, then. Source: language reference, 'Novation'."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from attrs import evolve

from sibdsl.model.nodes import (
    Advance,
    AllUnits,
    BlockAdvance,
    Cap,
    Contract,
    Excess,
    Formula,
    Novated,
    Novation,
    Payment,
    Phase,
    Rate,
    Regular,
    Share,
    Tiered,
    ToDate,
)
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.parted_clauses import Turn, since, until
from sibdsl.model.replaced_definitions import rewritten

Clause = TypeVar("Clause", Payment, BlockAdvance, Cap)


def novated(contract: Contract, novations: tuple[Novation, ...], turn: Turn, settings: Settings) -> Contract:
    """The contract in which, from that day on, each of the new parties stands where the old one stood."""
    start = contract.payment_period.start
    for novation in novations:
        contract = evolve(
            contract,
            payments=_parted(contract.payments, novation, turn, start),
            advances=tuple(
                part
                for block in contract.advances
                for part in _by_day(block, novation, settings, turn, start)
            ),
            caps=_parted(contract.caps, novation, turn, start),
            novated=(*contract.novated, Novated(novation.old, novation.new, turn.effective)),
        )
    return contract


def heir(contract: Contract, party: str) -> str:
    """Who stands in a party's place in the end: by whom what it is owed, and owes, is one account over both."""
    for change in contract.novated:
        party = change.new if party == change.old else party
    return party


def party_on(contract: Contract, party: str, day: date) -> str:
    """Who stands in a party's place on a day."""
    for change in contract.novated:
        party = change.new if party == change.old and change.first <= day else party
    return party


def is_one_of(contract: Contract, party: str, names: tuple[str, ...]) -> bool:
    """Whether a party, or one whose place it took or that took its place, is among these."""
    if party in names or not contract.novated:
        return party in names
    return heir(contract, party) in {heir(contract, name) for name in names}


def _parted(clauses: tuple[Clause, ...], novation: Novation, turn: Turn, start: date) -> tuple[Clause, ...]:
    found: list[Clause] = []
    for clause in clauses:
        if _put(clause, novation) == clause:
            found.append(clause)
        else:
            found += until(clause, turn, start)
            found += [_put(one, novation) for one in since(clause, turn, start)]
    return tuple(found)


def _by_day(
    block: BlockAdvance, novation: Novation, settings: Settings, turn: Turn, start: date
) -> tuple[BlockAdvance, ...]:
    """A block in which those sums that fall due from the day on are the new party's: it stays one, in the order of its rows."""
    late = [settings.day(advance.paid_on) >= turn.dues for advance in block.advances]
    if block.agent == novation.old and any(late) and not all(late):
        return _parted((block,), novation, turn, start)
    put = _put(block, novation)
    pairs = zip(block.advances, put.advances, late, strict=True)
    advances = tuple(new if is_late else old for old, new, is_late in pairs)
    return (evolve(block, advances=advances, agent=put.agent if any(late) else block.agent),)


def _put(clause: Clause, novation: Novation) -> Clause:
    """The clause with the new party wherever the old one pays, or is paid. Selections of payments read both as one."""
    old, new = novation.old, novation.new

    def put(name: str) -> str:
        return new if name == old else name

    def change(node: object) -> object:
        match node:
            case Phase(payer=name) | Share(payer=name) | Excess(payer=name) if name == old:
                return evolve(node, payer=new)
            case Rate() | Tiered() | Regular() | ToDate() | AllUnits() | Formula() if node.payee == old:
                return evolve(node, payee=new)
            case Advance(payer=payer, payee=payee) if old in (payer, payee):
                return evolve(node, payer=put(payer), payee=put(payee))
            case Payment(agent=agent) | BlockAdvance(agent=agent) if agent == old:
                return evolve(node, agent=new)
        return node

    return rewritten(clause, change)
