"""What became of the examples inside a contract, in words and as data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from sibdsl import money
from sibdsl.dates import months_name
from sibdsl.model.nodes import Contract, Expected, ExpectedQuantity
from sibdsl.price import PricedLine
from sibdsl.settle.examples import Failure, NotRun, Outcome


def lines(contract: Contract, ran: Outcome | NotRun) -> Iterator[str]:
    """What became of one example, line by line."""
    match ran:
        case NotRun():
            yield from _not_run(contract, ran)
        case Outcome():
            yield from _outcome(contract, ran)
        case _:
            assert_never(ran)


def _not_run(contract: Contract, ran: NotRun) -> Iterator[str]:
    yield f"  not run  {ran.example.name}  {ran.example.span}"
    keyed = any(particular.per for particular in contract.particulars if particular.name == ran.missing)
    how = (
        "examples cannot give a value for each; use `--set` or `--parameters`."
        if keyed
        else f"add `with {ran.missing} is ...` to the example."
    )
    yield f"    {ran.missing} has not been given: {how}"


def _outcome(contract: Contract, outcome: Outcome) -> Iterator[str]:
    word = "failed" if outcome.failures else "passed"
    yield f"  {word}   {outcome.example.name}  {outcome.example.span}"
    for failure in outcome.failures:
        for line in said(contract, failure):
            yield f"    {line}"
    for line in rows_said(outcome):
        yield f"    {line}"
    if outcome.failures:
        for name in dict.fromkeys(metric for metric, _, _ in outcome.payments.blank):
            yield f"    {name} is blank in some of it: nothing was there to measure or to divide by, so nothing is paid on it, unless the contract says what stands for it."


def said(contract: Contract, failure: Failure) -> list[str]:
    """A failure in words: what was expected where, what came instead, and the lines that make it up."""
    currency = contract.currency
    expected = failure.expected
    if expected is None:
        priced = failure.lines[0]
        kind = priced.line.kind.replace("_", " ")
        clause = f", clause {priced.line.clause}" if priced.line.clause else ""
        when = months_name(priced.line.segment.days)
        return [
            f"Not expected: {priced.line.payer} pays {priced.line.payee} {money.show(priced.amount, currency)} for {when} ({kind}, {priced.line.payment}{clause})."
        ]
    if isinstance(expected, ExpectedQuantity):
        what = " ".join(part for part in (expected.metric, expected.band) if part)
        when = f" in {months_name(expected.period)}" if expected.period is not None else ""
        return [
            f"{expected.span}: expected {money.number(expected.number)} {what}{when}, counted {money.number(failure.got)}.",
            *(
                f"  {money.number(count):>14}  {key.metric}{f' {key.band}' if key.band else ''}, {months_name(key.segment.days)}"
                for key, count in failure.counted
            ),
            *([] if failure.counted else [f"  No {expected.metric} was counted in any period or band."]),
        ]
    wanted, got = money.show(expected.amount, currency), money.show(failure.got, currency)
    lines = [
        f"{expected.span}: expected {wanted} {_what(expected)}, got {got}{_apart(failure, expected, currency)}."
    ]
    lines += [_line(line, currency) for line in failure.lines]
    if failure.near:
        near = failure.near[0]
        more = len(near.lines) - _SHOWN
        lines.append(
            f"  Nothing is paid that fits all of the row. But for {_CALLED[near.part]}, {'this does' if len(near.lines) == 1 else 'these do'}:"
        )
        lines += [_line(line, currency) for line in near.lines[:_SHOWN]]
        lines += [f"  {'and':>14}  {more} more"] if more > 0 else []
    elif not failure.lines:
        lines.append(
            "  Nothing like it is paid in the time that had ended: more than one part of the row does not fit any line."
        )
    return lines


#: What the parts of a row of expectations are called.
_CALLED = {
    "band": "the band", "metric": "what it is for", "payer": "who pays", "payee": "who is paid", "period": "the period",
    "payment": "the payment",
}  # fmt: skip
#: More lines than this are counted.
_SHOWN = 5
#: More rows that were not used than this are counted.
_ROWS = 12


def _apart(failure: Failure, expected: Expected, currency: str) -> str:
    """How much more or less than expected; nothing where nothing was got."""
    apart = failure.got - expected.amount
    if not failure.got:
        return ""
    return f", which is {money.show(abs(apart), currency)} {'more' if apart > 0 else 'less'}"


def _line(priced: PricedLine, currency: str) -> str:
    part = priced.line
    count = (
        f"{money.number(priced.quantity)} x {money.show(part.rate, currency)}"
        if priced.quantity is not None and part.rate is not None
        else part.kind.replace("_", " ")
    )
    name = " ".join(piece for piece in (part.metric, part.band) if piece)
    clause = f"clause {part.clause}" if part.clause else part.payment
    return (
        f"  {money.show(priced.amount, currency):>14}  {count}  {name}  {part.payer} to {part.payee}, {clause}, "
        f"{months_name(part.segment.days)}, {part.span}"
    )


def rows_said(outcome: Outcome) -> list[str]:
    """What became of the records of an example that failed, as far as they were not used."""
    if not outcome.rows:
        return []
    told = [
        f"  {row.records} row {row.row}: {_STATUSES.get(row.status, row.status)}"
        + (f" of row {row.of_row}" if row.of_row else "")
        + (f", {row.reason}" if row.reason else "")
        for row in outcome.rows[:_ROWS]
    ]
    more = len(outcome.rows) - _ROWS
    return ["Rows that were not used:", *told, *([f"  and {more} more"] if more > 0 else [])]


#: What people call a status.
_STATUSES = {"rejected": "invalid record"}


def _what(expected: Expected) -> str:
    parts = [
        f"under {expected.payment}" if expected.payment else "",
        f"from {expected.payer}" if expected.payer else "",
        f"to {expected.payee}" if expected.payee else "",
        f"for {expected.metric}" if expected.metric else "",
        f"({expected.band})" if expected.band else "",
    ]
    return " ".join(part for part in parts if part)


def to_json(contract: Contract, ran: Outcome | NotRun, programme: str) -> dict[str, object]:
    """One example as JSON values, with the programme that its contract was read in, if there is one."""
    head = {
        **({"programme": programme} if programme else {}),
        "contract": contract.name,
        "example": ran.example.name,
    }
    match ran:
        case NotRun(missing=missing):
            return {**head, "passed": False, "not_given": missing}
        case Outcome():
            return {
                **head,
                "passed": not ran.failures,
                "failures": [" ".join(said(contract, failure)) for failure in ran.failures],
                "rows_not_used": [
                    {"records": row.records, "row": row.row, "status": row.status, "reason": row.reason}
                    for row in ran.rows
                ],
            }
