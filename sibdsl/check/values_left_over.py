"""What the text leaves over: values of a list that nothing counts, steps that nothing uses, results that are always paid nothing.

Source: design, section 5: what is declared and not used, and metrics that are never paid.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from sibdsl.check import reads
from sibdsl.check.conditions_together import Asking, Conditions, Placed
from sibdsl.check.contradictions import Domains, fixed
from sibdsl.diagnostics import Diagnostic, Label
from sibdsl.english import listed, short
from sibdsl.model.bands_in_force import closed
from sibdsl.model.conditions_on_rows import amounts_in, tests_of
from sibdsl.model.nodes import (
    AllUnits,
    Amount,
    Column,
    Compare,
    Contract,
    Given,
    GivenFor,
    Lookup,
    Metric,
    Rate,
    RecordColumn,
    Records,
    Term,
    Tiered,
    Value,
    Working,
)
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.workings import metrics_of, own_parts
from sibdsl.wording import clause_title, noun


def findings(contract: Contract, settings: Settings) -> Iterator[Diagnostic]:
    """Everything left over. What a module brings need not all be used by each contract."""
    found = (
        *_values(contract, settings),
        *_nothing(contract, settings),
        *_steps(contract),
        *_codes(contract),
        *_ages(contract),
    )
    yield from (finding for finding in found if finding.span.file not in contract.module_files)


# ------------------------------------------------------------------ values of a list that nothing counts


def _values(contract: Contract, settings: Settings) -> Iterator[Diagnostic]:
    """Values of a list by which the metrics of a table are told apart, and that none of them counts (SIB0810)."""
    for table in contract.records:
        metrics = [metric for metric in contract.metrics if table.name == metric.records]
        for column in table.columns:
            if column.kind != "yes or no" and closed(column) and column.formula is None:
                yield from _of_list(contract, settings, table, column, metrics)


def _of_list(
    contract: Contract, settings: Settings, table: Records, column: RecordColumn, metrics: list[Metric]
) -> Iterator[Diagnostic]:
    # A list by which only some of the metrics go tells nothing of the rows of the others.
    if len(metrics) < 2 or not all(_asks(metric, table, column) for metric in metrics):
        return
    counted = {
        word: any(_counts(contract, settings, metric, table, column, word) for metric in metrics)
        for word in closed(column)
    }
    missing = [word for word, some in counted.items() if not some]
    # Most are counted where a list is gone through; where few are, they are picked out of it.
    if not missing or len(missing) * 2 > len(counted):
        return
    said = listed([f"`{word}`" for word in missing], "or")
    yield Diagnostic(
        "SIB0810",
        f"No metric counts {_a(noun(table))} whose {column.name} is {said}: it earns nothing, and all other values of "
        f"{column.name} are counted.",
        column.span,
        clause_title("records", table.name, ""),
        f"{said} counts for nothing",
        f"If it is to be paid, add a metric with `only if {column.name} is {_written(missing[0])}` and a row of a payment for it. "
        "If it is recorded and not paid, leave it.",
        (Label(metrics[0].span, f"others are told apart by {column.name}"),),
        "warning",
    )


def _a(word: str) -> str:
    return f"{'an' if word[:1].lower() in 'aeiou' else 'a'} {word}"


def _written(word: str) -> str:
    name = all(part[:1].isupper() for part in word.split())
    return word if name else f'"{word}"'


def _asks(metric: Metric, table: Records, column: RecordColumn) -> bool:
    """Whether some condition of the metric compares the column."""
    return any(
        isinstance(test, Compare)
        and any(
            isinstance(amount, Column) and (amount.records, amount.name) == (table.name, column.name)
            for amount in (test.left, test.right)
        )
        for condition in metric.conditions
        for test in tests_of(condition)
    )


def _counts(
    contract: Contract, settings: Settings, metric: Metric, table: Records, column: RecordColumn, word: str
) -> bool:
    """Whether a row with that word may count for the metric."""
    conditions = Conditions(
        contract, fixed(contract, settings, literal=False), Domains(contract).of, metric.cohort
    )
    here = Compare(Column(table.name, column.name, column.kind), "=", Value(word, column.kind))
    return conditions.can_be([Asking(Placed(test)) for test in (*metric.conditions, here)])


# ------------------------------------------------------------------ results that are always paid nothing


def _nothing(contract: Contract, settings: Settings) -> Iterator[Diagnostic]:
    """Metrics whose every rate is nought as written (SIB0811)."""
    rows: dict[str, list[Term]] = {}
    otherwise: set[str] = set()
    for payment in contract.payments:
        for term in payment.terms:
            if isinstance(term, Rate | Tiered | AllUnits):
                rows.setdefault(term.metric, []).append(term)
            else:
                otherwise.update(metrics_of(contract, term))
    for name, terms in rows.items():
        if name in otherwise or name in reads.metrics_read(contract):
            continue
        if not all(_nought(settings, amount) for term in terms for amount in _rates(term)):
            continue
        first, none = terms[0], short(Fraction(0), contract.currency)
        payment = next(payment for payment in contract.payments if first in payment.terms)
        yield Diagnostic(
            "SIB0811",
            f"{name} is paid nothing: "
            + (f"each of its {len(terms)} rows says {none}." if len(terms) > 1 else f"its row says {none}."),
            first.span,
            clause_title("payment", payment.name, payment.clause),
            f"{name} is paid nothing",
            f"Put in what {name} pays; or take its {'rows' if len(terms) > 1 else 'row'} out if it is only to be counted.",
            tuple(Label(term.span, "and here") for term in terms[1:]),
            "warning",
        )


def _rates(term: Rate | Tiered | AllUnits | Term) -> tuple[Amount, ...]:
    if isinstance(term, Rate):
        return (term.amount,)
    return tuple(tier.amount for tier in term.tiers) if isinstance(term, Tiered | AllUnits) else ()


def _nought(settings: Settings, amount: Amount) -> bool:
    """Whether an amount is nought as it is written, whatever is given."""
    if any(isinstance(part, Given | GivenFor) for part in amounts_in(amount)):
        return False
    try:
        return settings.number(amount) == 0
    except (TypeError, ZeroDivisionError):
        return False


# ------------------------------------------------------------------ steps that nothing uses


def _steps(contract: Contract) -> Iterator[Diagnostic]:
    """Steps of workings, and scales, that no clause uses (SIB0812)."""
    steps = {step.name: step for block in contract.workings for step in block.steps}
    used: set[str] = set()
    waiting = list(reads.amounts(contract))
    while waiting:  # each step is followed once, however often it is used
        for part in own_parts(waiting.pop()):
            if isinstance(part, Working) and part.name in steps and part.name not in used:
                used.add(part.name)
                waiting.append(steps[part.name].amount)
    for block in contract.workings:
        for step in block.steps:
            if step.name in used:
                continue
            what = "scale" if block.name == step.name else "step of workings"
            yield Diagnostic(
                "SIB0812",
                f"No clause uses {step.name}: this {what} changes no payment.",
                step.span,
                clause_title("scale" if what == "scale" else "workings", block.name, block.clause),
                "no clause uses this",
                f"Write {step.name} in the payment where it is meant, or take the {what.split(maxsplit=1)[0]} out.",
                severity="warning",
            )


# ------------------------------------------------------------------ codes unlike the others


def _codes(contract: Contract) -> Iterator[Diagnostic]:
    """A key of a printed table that has another form than all others, and is one of theirs but for its capitals (SIB0813)."""
    for lookup in contract.lookups:
        keys = [row.cells[0] for row in lookup.rows]
        words = [key.value for key in keys if key is not None and isinstance(key.value, str)]
        if len(words) < 4 or len(words) != len(keys) or lookup.columns[0].kind == "date":
            continue
        for key in keys:
            if key is not None and isinstance(key.value, str):
                yield from _unlike(lookup, key, key.value, words)


def _unlike(lookup: Lookup, key: Value, word: str, words: list[str]) -> Iterator[Diagnostic]:
    others = [other for other in words if other is not word]
    if not word or word == word.upper() or not all(other == other.upper() for other in others):
        return
    if not any(re.search("[A-Z]", other) for other in others):
        return
    yield Diagnostic(
        "SIB0813",
        f"The code `{word}` is in small letters, and all other codes of {lookup.name} are in capitals. A row of the records that "
        f"holds `{word.upper()}` is not found in the table.",
        key.span if key.span.file else lookup.span,
        clause_title("table", lookup.name, lookup.clause),
        f"not `{word.upper()}`",
        f"Write `{word.upper()}`, if the records do; leave it if they hold `{word}`.",
        severity="warning",
    )


# ------------------------------------------------------------------ ages of no day


_AGE = re.compile(r"(?i)age|age in years|years old|age in whole years")


def _ages(contract: Contract) -> Iterator[Diagnostic]:
    """An age that records hold as a number, read by some clause, with no day on which it was right (SIB0814)."""
    read = reads.columns_read(contract)
    for table in contract.records:
        for column in table.columns:
            if column.kind not in ("count", "number") or column.formula is not None:
                continue
            if not _AGE.fullmatch(column.name) or (table.name, column.name) not in read:
                continue
            days = [other.name for other in table.columns if other.kind == "date"]
            day = days[0] if days else "the day meant"
            yield Diagnostic(
                "SIB0814",
                f"{column.name} of {table.name} is a plain number. Nothing says on which day it is read, and who is 17 on one day is "
                "18 on another: the same person may fall on either side of a limit.",
                column.span,
                clause_title("records", table.name, ""),
                "read on which day?",
                f"Record the date of birth, and work the age out: `define {column.name} as whole years from Born On to {day}`. Or "
                f"say in its name when it is read, such as `{column.name} At Joining`.",
                severity="warning",
            )
