"""What the contract declares and no clause reads: data that nobody needs, and words that look as if they did something."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from sibdsl.check.reads import columns_read, given_names, metrics_read, tables_read
from sibdsl.diagnostics import Diagnostic, Label
from sibdsl.english import listed, with_unit
from sibdsl.model.bands_in_force import boundary_kind, ranges_with
from sibdsl.model.nodes import Assumption, Contract, Derived, Records
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.who_pays import pairs
from sibdsl.model.workings import metrics_in, metrics_of, metrics_tested
from sibdsl.wording import clause_title

#: Roles that explain why a party is in no payment clause.
_APART = frozenset({"manager", "investor", "verifier"})


def findings(contract: Contract, settings: Settings) -> Iterator[Diagnostic]:
    """Everything declared and not used. What a module brings need not all be used by each contract."""
    del settings
    subjects = (_parties, _values, _records, _tables, _people, _metrics)
    yield from (
        finding
        for subject in subjects
        for finding in subject(contract)
        if finding.span.file not in contract.module_files
    )


def _parties(contract: Contract) -> Iterator[Diagnostic]:
    named = {name for pair in pairs(contract) for name in pair} | {pay.agent for pay in contract.payments}
    named |= {one for investment in contract.investments for one in (investment.into, *investment.investors)}
    named |= {novation.new for variation in contract.variations for novation in variation.novates}
    excesses = (*(cap.excess for cap in contract.caps), *(payment.excess for payment in contract.payments))
    named |= {payer for excess in excesses for payer in excess.payers}
    for party in contract.parties:
        if party.name not in named and not _APART & set(party.roles):
            yield Diagnostic(
                "SIB0506",
                f"{party.name} is {listed(party.roles) or 'a party'} of this contract, and no clause has it pay or be paid.",
                party.span,
                "parties",
                "neither pays nor is paid",
                "Name it as payer or payee of a payment, or take the row out.",
                severity="note",
            )


def _values(contract: Contract) -> Iterator[Diagnostic]:
    used = given_names(contract)
    for particular in contract.particulars:
        if particular.name not in used:
            yield Diagnostic(
                "SIB0507",
                f"{particular.name} is a particular that no clause reads: whatever is given for it changes nothing.",
                particular.span,
                "particulars",
                "no clause reads this",
                f"Write {particular.name} where the amount is meant, or take the row out.",
                severity="warning",
            )
    for choice in contract.assumptions:
        if choice.kind == "band":
            yield from _boundary(contract, choice)
        elif choice.name not in used:
            yield Diagnostic(
                "SIB0508",
                f"No clause reads the assumption {choice.name}, so it decides nothing.",
                choice.span,
                clause_title("assumption", choice.name, choice.clause),
                "no clause reads this",
                f"Write {choice.name} where the choice is meant, or take the assumption out.",
                severity="warning",
            )


def _boundary(contract: Contract, choice: Assumption) -> Iterator[Diagnostic]:
    """An assumption about a boundary must be about a place where bands meet."""
    point = choice.point or Fraction(0)
    takes = str(choice.takes)
    sets = ranges_with(contract, takes)
    ends = [band.holds for bands in sets for band in bands.bands]
    if any(point in (holds.low, holds.high) for holds in ends):
        return
    said = with_unit(point, boundary_kind(contract, takes), contract.currency)
    yield Diagnostic(
        "SIB0508",
        f"No band begins or ends at {said}, so the assumption {choice.name} decides nothing.",
        choice.span,
        clause_title("assumption", choice.name, choice.clause),
        f"{said} is not an edge of a band",
        "Name the value at which two bands meet, or take the assumption out.",
        tuple(Label(bands.span, "the bands are here") for bands in sets[:1]),
        "warning",
    )


def _records(contract: Contract) -> Iterator[Diagnostic]:
    read = columns_read(contract)
    counted = {cohort.records for cohort in contract.cohorts} | {
        metric.records for metric in contract.metrics
    }
    counted |= {metric.counts.days_of for metric in contract.metrics}
    counted |= {name for name, _ in read}
    for table in contract.records:
        if table.name not in counted:
            yield Diagnostic(
                "SIB0510",
                f"No cohort or metric counts {table.name}: the records would be asked for, read and never looked at.",
                table.span,
                clause_title("records", table.name, ""),
                "no clause reads these records",
                "Let a cohort or a metric count them, or take the records out.",
                severity="warning",
            )
            continue
        for column in table.columns:
            if (table.name, column.name) not in read and column.kind != "identifier":
                why = "be collected" if column.formula is None else "be worked out"
                yield Diagnostic(
                    "SIB0509",
                    f"No clause reads {column.name} of {table.name}: it would {why} about people and change no payment.",
                    column.span,
                    clause_title("records", table.name, ""),
                    "no clause reads this column",
                    f"{_use(table, column.name)}, or take the row out: files may still have the column.",
                    severity="warning",
                )


def _tables(contract: Contract) -> Iterator[Diagnostic]:
    read = tables_read(contract)
    for table in contract.lookups:
        if table.name not in read:
            yield Diagnostic(
                "SIB0533",
                f"No clause reads the table {table.name}: what it says decides nothing.",
                table.span,
                clause_title("table", table.name, table.clause),
                "no clause reads this table",
                f"Write such as `only if {table.columns[-1].name} read at` a column, or take the table out.",
                severity="warning",
            )


def _use(table: Records, column: str) -> str:
    if table.spell is not None and column in (table.spell.start, table.spell.end):
        return f"Read it in a cohort or a metric, such as with a line `held for 6 weeks from {table.spell.start}`"
    return "Read it in a cohort or a metric"


def _people(contract: Contract) -> Iterator[Diagnostic]:
    among = {name for metric in contract.metrics for name in metric.among}
    banding = {metric.bands for metric in contract.metrics}
    for cohort in contract.cohorts:
        if cohort.name not in among:
            yield Diagnostic(
                "SIB0511",
                f"No metric is counted among {cohort.name}.",
                cohort.span,
                clause_title("cohort", cohort.name, cohort.clause),
                "nothing is counted among them",
                f"Write `among {cohort.name}` in a metric, or take the cohort out.",
                severity="warning",
            )
    for bands in contract.bands:
        if bands.name not in banding:
            yield Diagnostic(
                "SIB0512",
                f"No metric is counted in the bands {bands.name}.",
                bands.span,
                clause_title("bands", bands.name, bands.clause),
                "nothing is counted in these bands",
                f"Write `banded by {bands.name}, as recorded` in a metric, or take the bands out.",
                severity="warning",
            )


def _metrics(contract: Contract) -> Iterator[Diagnostic]:
    paid = {
        name for payment in contract.payments for term in payment.terms for name in metrics_of(contract, term)
    }
    paid |= {
        name
        for payment in contract.payments
        for condition in payment.conditions
        for name in metrics_tested(contract, condition)
    }
    for deduction in contract.deductions:
        paid.update(metrics_in(contract, deduction.amount))
        paid.update(name for test in deduction.conditions for name in metrics_tested(contract, test))
    for _ in contract.derived:
        paid.update(
            name
            for derived_metric in contract.derived
            if derived_metric.name in paid
            for formula in derived_metric.formulas
            for name in metrics_in(contract, formula)
        )
    elsewhere = metrics_read(contract)
    for metric in contract.every_metric if contract.payments else ():
        if metric.name in paid or (isinstance(metric, Derived) and metric.kind == "input"):
            continue  # what is worked out as an input is there to be known
        read = metric.name in elsewhere
        yield Diagnostic(
            "SIB0505",
            f"{metric.name} is counted and no payment is made for it."
            + (" Other clauses read it." if read else " No other clause reads it either."),
            metric.span,
            clause_title("metric", metric.name, metric.clause),
            "never paid",
            f"Write `for each {metric.name}` in a payment"
            + (
                "; leave it as it is if it is counted for the other clauses only."
                if read
                else ", or take the metric out."
            ),
            severity="note" if read else "warning",
        )
