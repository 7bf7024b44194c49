"""What a reader of a contract should know before its findings: who pays whom, and what is still open."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from attrs import frozen

from sibdsl.check.words import cite, value
from sibdsl.dates import long
from sibdsl.model.nodes import Assumption, Contract, Particular, Rule, Scenario, Selection
from sibdsl.model.settings import Plain, Settings
from sibdsl.price.limit_order import own_limits
from sibdsl.source import Span

#: What is known of a rule that has not been put to proof.
UNDECIDED = "not decided"


@frozen
class Flow:
    """One party pays another, under these payments and block advances in the order of the clauses."""

    payer: str
    payee: str
    under: tuple[str, ...]


@frozen
class Choice:
    """An assumption with the value that it has in this run, in words; `changed` when that was given from outside."""

    name: str
    clause: str
    takes: str
    changed: bool
    reason: str
    source: str
    span: Span


@frozen
class Open:
    """A particular that has not been given, and what it holds."""

    name: str
    holds: str
    note: str
    span: Span


@frozen
class Tried:
    """A scenario, and where its quantities come from, in words. `ready` when nothing is missing to run it."""

    name: str
    quantities: str
    ready: bool
    span: Span


@frozen
class Verdict:
    """A rule and what is known of it."""

    name: str
    clause: str
    says: str
    tested: str
    against: tuple[str, ...]
    verdict: str
    span: Span


@frozen
class Summary:
    """The facts at the head of a check."""

    name: str
    reference: str
    flows: tuple[Flow, ...]
    assumptions: tuple[Choice, ...]
    open: tuple[Open, ...]
    scenarios: tuple[Tried, ...]
    rules: tuple[Verdict, ...]

    @property
    def who_pays(self) -> str:
        """The flows in one line: `2 parties pay Working Well, 2 pay MHEP`."""
        by_payee: dict[str, list[str]] = {}
        for flow in self.flows:
            by_payee.setdefault(flow.payee, []).append(flow.payer)
        said: list[str] = []
        for payee, payers in by_payee.items():
            parties = "" if said else " party" if len(payers) == 1 else " parties"
            said.append(f"{len(payers)}{parties} {'pays' if len(payers) == 1 else 'pay'} {payee}")
        return ", ".join(said)


def summary(contract: Contract, settings: Settings) -> Summary:
    """The facts of a contract with these values for its particulars and assumptions."""
    return Summary(
        contract.name,
        contract.reference,
        _flows(contract),
        tuple(_choice(contract, settings, one) for one in contract.assumptions),
        tuple(_open(one) for one in contract.particulars if one.name not in settings.values),
        tuple(_tried(contract, settings, one) for one in contract.scenarios),
        tuple(_verdict(one) for one in contract.rules),
    )


def _flows(contract: Contract) -> tuple[Flow, ...]:
    found: dict[tuple[str, str], list[str]] = {}
    for payment in contract.payments:
        for rate in payment.terms:
            for name in rate.payers.names:
                found.setdefault((name, rate.payee), []).append(cite("payment", payment.name, payment.clause))
    for cap in (*own_limits(contract), *contract.caps):
        for payer, payee in tuple(found) if cap.excess.payer else ():
            if any(_covers(row.covers, payer, payee) for row in cap.rows):
                found.setdefault((cap.excess.payer, payee), []).append(cite("cap", cap.name, cap.clause))
    for block in contract.advances:
        for advance in block.advances:
            found.setdefault((advance.payer, advance.payee), []).append(
                cite("block advance", block.name, block.clause)
            )
    return tuple(Flow(*pair, tuple(dict.fromkeys(under))) for pair, under in found.items())


def _covers(chosen: Selection, payer: str, payee: str) -> bool:
    return payer in chosen.payers and (not chosen.payees or payee in chosen.payees)


def _choice(contract: Contract, settings: Settings, one: Assumption) -> Choice:
    taken = settings.taken(one)
    return Choice(
        one.name,
        one.clause,
        _said(contract, one, taken),
        taken != one.takes,
        one.reason,
        one.source,
        one.span,
    )


def _said(contract: Contract, one: Assumption, taken: Plain) -> str:
    if one.point is not None:
        return f"{value(one.point, _banded(contract, str(taken)), contract.currency)} in {taken}"
    if isinstance(taken, date):
        return long(taken)
    return value(taken, one.kind, contract.currency) if isinstance(taken, Fraction) else taken


def _banded(contract: Contract, band: str) -> str:
    """The kind of the column of whose bands this is one."""
    columns = {
        bands.by
        for bands in contract.bands
        if not bands.worded and any(one.name == band for one in bands.bands)
    }
    kinds = [one.kind for table in contract.records for one in table.columns if one.name in columns]
    return kinds[0] if kinds else "number"


def _open(one: Particular) -> Open:
    return Open(one.name, one.kind, one.note, one.span)


def _tried(contract: Contract, settings: Settings, one: Scenario) -> Tried:
    if one.quantities:
        return Tried(one.name, "written in the contract", ready=True, span=one.span)
    if one.plan:
        given = one.plan in settings.values
        return Tried(one.name, f"{one.plan}{'' if given else ', not given'}", ready=given, span=one.span)
    share = value(one.share or Fraction(0), "percentage", contract.currency)
    rounded = f" rounded {one.rounded}" if one.rounded else ""
    whole = next((other for other in contract.scenarios if other.name == one.of), None)
    ready = whole is not None and whole is not one and _tried(contract, settings, whole).ready
    return Tried(one.name, f"{share} of {one.of}{rounded}", ready=ready, span=one.span)


def _verdict(rule: Rule) -> Verdict:
    tested = f"in {rule.days}" if rule.days is not None else rule.tested
    return Verdict(rule.name, rule.clause, rule.says, tested, rule.scenarios, UNDECIDED, rule.span)


def open_line(facts: Summary) -> str:
    """How much is open: `3 assumptions, 3 particulars not given`; '' when nothing is."""
    said = [
        f"{len(items)} {noun}{'' if len(items) == 1 else 's'}{more}"
        for items, noun, more in (
            (facts.assumptions, "assumption", ""),
            (facts.open, "particular", " not given"),
        )
        if items
    ]
    return ", ".join(said)
