"""`sib diff`: what changed between two contracts, and what that does to payments."""

from __future__ import annotations

import difflib
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import click
from attrs import evolve

from sibdsl import marks, money
from sibdsl.cli.common import as_of_option, compiled, format_option, setting_options
from sibdsl.cli.screen import emit, say
from sibdsl.compile import Compiled
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import NotGiven, Settings
from sibdsl.settle.diff import Changed, Moved, clauses, payments, versions_of
from sibdsl.settle.payments import Payments


@click.command("diff", short_help="Show what changed between two contracts, and what that does to payments.")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option(
    "--with",
    "varied",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE.sib",
    help="A file with a variation, given with NEW only; may be given again.",
)
@click.option(
    "--records",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Compare what both pay on these records, besides each scenario.",
)
@click.option(
    "--quantities",
    type=click.Path(path_type=Path),
    metavar="FILE.csv",
    help="Compare what both pay for these quantities.",
)
@as_of_option
@setting_options
@format_option("text", "json")
def command(
    old: Path,
    new: Path,
    varied: tuple[Path, ...],
    records: Path | None,
    quantities: Path | None,
    as_of: date | None,
    pairs: tuple[str, ...],
    parameters: Path | None,
    form: str,
) -> int:
    """Compare the contract OLD with NEW: every clause that differs, and every payment, by payer and year.

    Payments are compared for each scenario that both contracts have, and for records or quantities that are given.
    """
    before, after = compiled(old), compiled(new, varied)
    given = _settings(before.contract, after.contract, pairs, parameters)
    before, after = before.read_with(given[0]), after.read_with(given[1])
    terms = tuple(_as_varied(one.contract, each) for one, each in zip((before, after), given, strict=True))
    changed = clauses(terms[0], terms[1])
    compared = _compared((before.contract, after.contract), given, records, quantities, as_of)
    if form == "json":
        emit(_json(before, after, changed, compared))
    else:
        _show(before, after, changed, compared, terms[1].currency)
    return 0


def _settings(
    old: Contract, new: Contract, pairs: tuple[str, ...], parameters: Path | None
) -> tuple[Settings, Settings]:
    """The values of both contracts: one that only one of them declares goes to that one."""
    from sibdsl.model.parameters.set_option_and_file import settings_of

    return settings_of((old, new), pairs, parameters)


def _as_varied(contract: Contract, given: Settings) -> Contract:
    from sibdsl.model.variations import in_force as varied

    return varied(contract, given)


Compared = list[tuple[str, tuple[Moved, ...], str]]


def _compared(
    contracts: tuple[Contract, Contract],
    given: tuple[Settings, Settings],
    records: Path | None,
    quantities: Path | None,
    as_of: date | None,
) -> Compared:
    """What was compared, the payments of both, and why nothing could be where that is so."""
    from sibdsl.price import quantities_file as read
    from sibdsl.price import scenarios
    from sibdsl.settle.run import pay, price_quantities, whole_term

    terms = [_as_varied(one, each) for one, each in zip(contracts, given, strict=True)]
    found: Compared = []

    def priced(at: int, numbers: dict[Any, Fraction]) -> Payments:
        day = as_of or whole_term(contracts[at], given[at])
        return price_quantities(contracts[at], given[at], numbers, day)

    names = [
        one.name for one in terms[1].scenarios if any(each.name == one.name for each in terms[0].scenarios)
    ]
    for name in names:
        try:
            runs = [
                priced(at, scenarios.quantities(terms[at], given[at], scenarios.find(terms[at], name)))
                for at in (0, 1)
            ]
            found.append((f"scenario {name}", payments(*runs), ""))
        except NotGiven as missing:
            found.append((f"scenario {name}", (), f"{missing.name} has not been given"))
    if quantities is not None:
        # By whole statement periods: a file in the periods of one contract does for the other, whose parts may differ.
        whole = [evolve(one, payments=(), advances=(), caps=()) for one in terms]
        runs = [priced(at, read.read(whole[at], quantities)) for at in (0, 1)]
        found.append((f"quantities {quantities}", payments(*runs), ""))
    if records is not None:
        runs = []
        for at in (0, 1):
            paid = pay(contracts[at], given[at], records, as_of or whole_term(contracts[at], given[at]))
            paid.volumes.close()
            runs.append(paid.payments)
        found.append((f"records {records}", payments(*runs), ""))
    return found


# ------------------------------------------------------------------ text


def _show(
    before: Compiled, after: Compiled, changed: tuple[Changed, ...], compared: Compared, currency: str
) -> None:
    if not changed:
        say("The two contracts mean the same.")
    for one in changed:
        label = f" [{one.clause}]" if one.clause else ""
        say(f"{one.kind} {one.name}{label}: {one.change}", bold=True)
        for line in _lines(before, after, one):
            say(f"  {line}")
        say()
    for what, moved, lacking in compared:
        say(f"Payments, {marks.one_line(what)}", bold=True)
        if lacking:
            say(f"  not compared: {lacking}. Give it with `--set`.")
        _table(moved, currency)
        say()
    kinds = {word: sum(one.change == word for one in changed) for word in ("added", "removed", "changed")}
    said = [f"{number} {word}" for word, number in kinds.items() if number]
    say(
        f"{len(changed)} clause{'s' if len(changed) != 1 else ''} differ{'s' if len(changed) == 1 else ''}"
        f"{': ' + ', '.join(said) if said else ''}."
    )


def _lines(before: Compiled, after: Compiled, one: Changed) -> list[str]:
    """The words of the clause that differ: those of the old with a minus before them, those of the new with a plus."""
    if one.kind == "contract":
        return [f"- {_plain(one.before[0])}", f"+ {_plain(one.after[0])}"]
    if not one.before or not one.after:
        sign, made, nodes = ("+", after, one.after) if one.after else ("-", before, one.before)
        return [f"{sign} {line}" for node in nodes for line in _text(made, node)]
    found: list[str] = []
    for when, node in versions_of(one.after):
        lines = _against(_text(before, _before(one, node)), _text(after, node))
        if when and (lines or len(one.before) != len(one.after)):
            found += [f"{when}:", *(f"  {line}" for line in lines or ["as before"])]
        else:
            found += lines
    return found or ["only its place or its notes differ"]


def _before(one: Changed, node: Any) -> Any:  # noqa: ANN401 - clauses of one kind
    """The version of the old clause that a new one is held against: that of the same days, else the last."""
    days = getattr(node, "applies", None)
    return next((each for each in one.before if getattr(each, "applies", None) == days), one.before[-1])


def _against(old: list[str], new: list[str]) -> list[str]:
    return [line for line in difflib.ndiff(old, new) if line[:1] in "+-"]


def _text(made: Compiled, node: Any) -> list[str]:  # noqa: ANN401 - any node with a place
    """The lines of the block, or of the table's row, that a node was read from."""
    source = made.sources.get(node.span.file)
    if source is None:
        return []
    lines = source.text.split("\n")
    first = node.span.line - 1
    if lines[first].lstrip().startswith("|"):
        return [" ".join(lines[first].split())]
    found: list[str] = []
    for line in lines[first:]:
        found.append(" ".join(line.split()))
        if line.strip().startswith("end "):
            break
    return found


def _plain(value: object) -> str:
    return str(value).replace("Rounding(", "").replace(")", "") if value is not None else "none"


def _table(moved: tuple[Moved, ...], currency: str) -> None:
    rows = [
        (
            one.payer,
            one.payee,
            one.year,
            *(money.show(each, currency) for each in (one.before, one.after, one.difference)),
        )
        for one in moved
    ]
    if not rows:
        return
    whole = [
        sum((getattr(one, name) for one in moved), Fraction(0)) for name in ("before", "after", "difference")
    ]
    rows.append(("in all", "", "", *(money.show(each, currency) for each in whole)))
    heads = ("Payer", "Payee", "Year", "Before", "After", "Difference")
    wide = [max(len(row[at]) for row in (heads, *rows)) for at in range(6)]
    for row in (heads, *rows):
        cells = [f"{cell:<{wide[at]}}" if at < 3 else f"{cell:>{wide[at]}}" for at, cell in enumerate(row)]
        say("  " + "  ".join(cells).rstrip())


# ------------------------------------------------------------------ JSON


def _json(
    before: Compiled, after: Compiled, changed: tuple[Changed, ...], compared: Compared
) -> dict[str, object]:
    from sibdsl.model.fingerprint import fingerprint

    places = money.currency(after.contract.currency).places
    return {
        "format": "sibdsl.diff/1",
        "old": {"name": before.contract.name, "fingerprint": fingerprint(before.contract)},
        "new": {"name": after.contract.name, "fingerprint": fingerprint(after.contract)},
        "clauses": [
            {
                "kind": one.kind,
                "name": one.name,
                "clause": one.clause,
                "change": one.change,
                "lines": _lines(before, after, one),
            }
            for one in changed
        ],
        "payments": [
            {
                "of": what,
                "not_compared": lacking or None,
                "amounts": [
                    {
                        "payer": one.payer,
                        "payee": one.payee,
                        "year": one.year,
                        "before": money.plain(one.before, places),
                        "after": money.plain(one.after, places),
                        "difference": money.plain(one.difference, places),
                    }
                    for one in moved
                ],
            }
            for what, moved, lacking in compared
        ],
    }
