"""`sib test`: the examples inside a contract."""

from __future__ import annotations

from pathlib import Path

import click

from sibdsl import money
from sibdsl.cli.common import emit, format_option, setting_options, soundly, with_option
from sibdsl.model.nodes import Contract, Expected, ExpectedQuantity
from sibdsl.model.settings import NotGiven
from sibdsl.settle.examples import Failure, Outcome


@click.command("test", short_help="Run the examples inside a contract.")
@click.argument("contracts", nargs=-1, required=True, type=click.Path(path_type=Path))
@with_option
@setting_options
@format_option("text", "json")
def command(
    contracts: tuple[Path, ...],
    varied: tuple[Path, ...],
    pairs: tuple[str, ...],
    parameters: Path | None,
    form: str,
) -> int:
    """Run every example inside CONTRACTS and compare what they pay with what is expected."""
    from sibdsl.settle.examples import run

    results: list[dict[str, object]] = []
    passed = failed = 0
    for path in contracts:
        made, settings = soundly(path, varied, pairs, parameters, examples=True)
        terms = made.contract
        if form == "text":
            click.echo(
                f"{terms.name}: {len(terms.examples)} example{'s' if len(terms.examples) != 1 else ''}"
            )
        for example in terms.examples:
            try:
                outcome = run(terms, settings, example, made.terms)
            except NotGiven as missing:
                failed += 1
                results.append(
                    {
                        "contract": terms.name,
                        "example": example.name,
                        "passed": False,
                        "not_given": missing.name,
                    }
                )
                if form == "text":
                    click.echo(f"  not run  {example.name}  {example.span}")
                    click.echo(
                        f"    {missing.name} has not been given: add `with {missing.name} is ...` to the example."
                    )
                continue
            passed, failed = passed + (not outcome.failures), failed + bool(outcome.failures)
            results.append(_json(terms, outcome))
            if form == "text":
                _show(terms, outcome)
    if form == "json":
        emit({"format": "sibdsl.examples/1", "passed": passed, "failed": failed, "examples": results})
    else:
        click.echo(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def _show(contract: Contract, outcome: Outcome) -> None:
    word = "failed" if outcome.failures else "passed"
    click.echo(f"  {word}   {outcome.example.name}  {outcome.example.span}")
    for failure in outcome.failures:
        for line in said(contract, failure):
            click.echo(f"    {line}")


def said(contract: Contract, failure: Failure) -> list[str]:
    """A failure in words: what was expected where, what came instead, and the lines that make it up."""
    currency = contract.currency
    expected = failure.expected
    if expected is None:
        one = failure.lines[0]
        kind = one.line.kind.replace("_", " ")
        return [
            f"Not expected: {one.line.payer} pays {one.line.payee} {money.show(one.amount, currency)} ({kind}, {one.line.payment}, clause {one.line.clause})."
        ]
    if isinstance(expected, ExpectedQuantity):
        what = " ".join(part for part in (expected.metric, expected.band) if part)
        return [
            f"{expected.span}: expected {money.number(expected.number)} {what}, counted {money.number(failure.got)}."
        ]
    wanted, got = money.show(expected.amount, currency), money.show(failure.got, currency)
    lines = [f"{expected.span}: expected {wanted} {_what(expected)}, got {got}."]
    if not failure.lines:
        lines.append(
            "  No line matches: check the names of this row, and whether its period has ended by the as-of date."
        )
    for one in failure.lines:
        part = one.line
        count = (
            f"{money.number(one.quantity)} x {money.show(part.rate, currency)}"
            if one.quantity is not None and part.rate is not None
            else part.kind.replace("_", " ")
        )
        name = " ".join(piece for piece in (part.metric, part.band) if piece)
        lines.append(
            f"  {money.show(one.amount, currency):>14}  {count}  {name}  {part.payer} to {part.payee}, clause {part.clause}, {part.span}"
        )
    return lines


def _what(expected: Expected) -> str:
    parts = [
        f"under {expected.payment}" if expected.payment else "",
        f"from {expected.payer}" if expected.payer else "",
        f"to {expected.payee}" if expected.payee else "",
        f"for {expected.metric}" if expected.metric else "",
        f"({expected.band})" if expected.band else "",
    ]
    return " ".join(part for part in parts if part)


def _json(contract: Contract, outcome: Outcome) -> dict[str, object]:
    return {
        "contract": contract.name,
        "example": outcome.example.name,
        "passed": not outcome.failures,
        "failures": [" ".join(said(contract, failure)) for failure in outcome.failures],
    }
