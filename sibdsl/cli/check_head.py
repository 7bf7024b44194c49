"""What `sib check` shows of a contract before its findings."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sibdsl.cli import trouble
from sibdsl.cli.screen import say
from sibdsl.english import listed

if TYPE_CHECKING:
    from sibdsl.pipeline.types import AssumptionTold, ContractHead, Dimension, Particular, VariationTold

#: What prevails, and the ending of its verb.
_PRECEDENCE = {"text over code": ("the words", ""), "code over text": ("this text", "s")}


def show_head(contract: ContractHead, *, decided: bool) -> None:
    """Who pays whom, assumptions, what has not been given, variations and dimensions; `decided` says that rules follow."""
    say(f"{contract.name}   fingerprint {contract.short_fingerprint}", bold=True)
    for payee, payers in contract.payers.items():
        say(f"  {listed(payers)} {'pays' if len(payers) == 1 else 'pay'} {payee}")
    if contract.extension is not None:
        party, duration = contract.extension
        say(f"  {party} may extend it by {duration}")
    if contract.precedence:
        first, last = _PRECEDENCE[contract.precedence]
        say(f"  where the signed words and this text differ, {first} prevail{last}")
    if contract.edition:
        say(f"  signed, and read, under edition {contract.edition} of the language")
    _assumptions(contract.assumptions)
    _not_given(contract.not_given)
    _variations(contract.variations)
    _dimensions(contract.dimensions)
    rules_not_decided(len(contract.rules), decided=decided)
    say()


def rules_not_decided(number: int, *, decided: bool) -> None:
    """Say that so many rules of a contract, or of a programme itself, were read and not decided."""
    if number and not decided:
        say()
        say(f"Rules: {number} read, not decided here. `--rules all` decides them.")


def _assumptions(assumptions: Sequence[AssumptionTold]) -> None:
    if not assumptions:
        return
    say()
    say("Assumptions, each of which `--set` can change")
    wide = max(len(assumption.name) for assumption in assumptions)
    for assumption in assumptions:
        changed = " (set from outside)" if assumption.is_set else ""
        say(f"  {assumption.name:<{wide}}  {assumption.takes}{changed}   {assumption.span}")
        _wrapped(assumption.reason)


def _not_given(particulars: Sequence[Particular]) -> None:
    if not particulars:
        return
    say()
    say("Particulars not given")
    wide = max(len(particular.name) for particular in particulars)
    for particular in particulars:
        say(f"  {particular.name:<{wide}}  {particular.kind}   {particular.note}")


def _variations(variations: Sequence[VariationTold]) -> None:
    """The variations, in the order written, with the days on which they were agreed and take effect."""
    if not variations:
        return
    say()
    say("Variations")
    for variation in variations:
        days = f"agreed {variation.agreed}, effective {variation.effective}"
        say(f"  {variation.name}   {days}   {variation.span}")
    if not all(variation.is_dated for variation in variations):
        say("  A date has not been given, so the contract is checked as it was signed.")


def _dimensions(dimensions: Sequence[Dimension]) -> None:
    """Where the contract stands on what its own text decides, with the reason of each."""
    say()
    say("Dimensions of the evaluation, from 3 (a lot) to 1 (a little)")
    say("  of provider's risk, from 3 (others bear it) to 1 (the provider bears it)")
    wide = max(len(dimension.name) for dimension in dimensions)
    for dimension in dimensions:
        say(f"  {dimension.name:<{wide}}  {dimension.score or '-'}  {dimension.says}")
        _wrapped(f"{dimension.why}.")


def _wrapped(text: str) -> None:
    for line in textwrap.wrap(text, width=trouble.width() - 6):
        say(f"      {line}")
