"""The program and the slow interpreter on one contract."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path

from tests.limits.asking import Line, price
from tests.limits.calendar import Days, holding, statement_periods
from tests.limits.lines import Key
from tests.limits.made import quantities_file
from tests.limits.slow import stated
from tests.limits.terms import (
    Contract,
    Fee,
    Programme,
    clauses,
    contract_text,
    programme_files,
    variation_text,
)


def files(whole: Contract | Programme) -> tuple[dict[str, str], list[str]]:
    """The texts by file name, and the names of those that vary a contract that stands alone."""
    if isinstance(whole, Programme):
        return programme_files(whole), []
    made = {"c.sib": contract_text(whole)}
    varied = []
    for variation in whole.variations:
        varied.append(variation.name.lower().replace(" ", "_") + ".sib")
        made[varied[-1]] = variation_text(whole, variation)
    return made, varied


def lines(folder: Path, whole: Contract | Programme, as_of: date | None = None) -> list[Line]:
    made, varied = files(whole)
    return price(folder, made, quantities_file(whole), as_of, varied)


def by_key(whole: Contract | Programme, every: list[Line]) -> dict[Key, Fraction]:
    """Lines added up by what they speak of; noughts are left out."""
    members = {one.name: one for one in (whole.members if isinstance(whole, Programme) else (whole,))}
    found: dict[Key, Fraction] = {}
    for line in every:
        member = members[line.contract]
        periods = statement_periods(member.statements, member.years, Days(member.first, member.last))
        period = holding(periods, line.start)
        assert period is not None
        # What is owed back of a payment is the payment's, below nought; so is what adjusts it, which has its direction.
        fees = {one.name for one in clauses(member) if isinstance(one, Fee)}
        adjusts = line.kind == "adjustment" and line.payer == "Provider" and line.payment in fees
        back = line.kind == "repaid" or adjusts
        payer, payee = (line.payee, line.payer) if back else (line.payer, line.payee)
        key = Key(line.contract, payer, payee, line.payment, period.first)
        found[key] = found.get(key, Fraction(0)) + (-line.amount if back else line.amount)
    return {key: amount for key, amount in found.items() if amount}


def differences(
    ours: Mapping[Key, Fraction], theirs: Mapping[Key, Fraction]
) -> list[tuple[Key, Fraction, Fraction]]:
    """Where two differ: what the slow interpreter says, what the program says."""
    every = sorted({*ours, *theirs})
    return [
        (key, ours.get(key, Fraction(0)), theirs.get(key, Fraction(0)))
        for key in every
        if ours.get(key, Fraction(0)) != theirs.get(key, Fraction(0))
    ]


def told(whole: Contract | Programme, as_of: date | None, found: list[tuple[Key, Fraction, Fraction]]) -> str:
    """A difference as somebody would report it: the text, the quantities, and both amounts."""
    made, _ = files(whole)
    text = "\n".join(f"--- {name}\n{body}" for name, body in made.items())
    rows = "\n".join(
        f"{key.contract} {key.payer} to {key.payee}, {key.payment}, statement from {key.statement}: "
        f"slow {float(ours):,.2f}, sib {float(theirs):,.2f}"
        for key, ours, theirs in found
    )
    return f"{text}\n--- q.csv\n{quantities_file(whole)}\nas of {as_of}\n{rows}"


def compared(
    folder: Path, whole: Contract | Programme, as_of: date | None = None
) -> list[tuple[Key, Fraction, Fraction]]:
    return differences(stated(whole, as_of), by_key(whole, lines(folder, whole, as_of)))
