"""`sib diff`: what changed between two contracts, and what that does to payments."""

from __future__ import annotations

import difflib
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sibdsl import marks, money, pipeline
from sibdsl.cli.common import as_of_option, format_option, loaded_editions, loaded_two, setting_options
from sibdsl.cli.exit_status import ALL_WELL
from sibdsl.cli.records_option import RecordsPlaceGiven
from sibdsl.cli.screen import emit, say
from sibdsl.project.addresses import RecordsGiven

if TYPE_CHECKING:
    from sibdsl.pipeline import Loaded
    from sibdsl.pipeline.types import Changed, Compared, Moved


@click.command("diff", short_help="Show what changed between two contracts, and what that does to payments.")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path), required=False)
@click.option(
    "--edition",
    type=int,
    metavar="NUMBER",
    help="Compare the one contract OLD with itself, read under this edition of the language.",
)
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
    type=RecordsPlaceGiven(),
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
    new: Path | None,
    edition: int | None,
    varied: tuple[Path, ...],
    records: RecordsGiven | None,
    quantities: Path | None,
    as_of: date | None,
    pairs: tuple[str, ...],
    parameters: Path | None,
    form: str,
) -> int:
    """Compare the contract OLD with NEW: every clause that differs, and every payment, by payer and year.

    Or a programme with a programme: its own clauses, and those of each contract by its name. Payments are compared for each
    scenario that both have, and for records or quantities that are given. With --edition, one contract is compared with
    itself, read under another edition of the language.
    """
    from sibdsl import pipeline

    if edition is not None and new is None:
        before, after = loaded_editions(old, edition, varied, pairs, parameters)
    elif edition is None and new is not None:
        before, after = loaded_two(old, new, varied, pairs, parameters)
    else:
        raise click.UsageError(
            "Give two contracts, or one with --edition to compare it with itself under another edition of the language."
        )
    changed = pipeline.compare_clauses(before, after)
    compared = pipeline.compare_payments(before, after, quantities=quantities, records=records, day=as_of)
    if form == "json":
        emit(_json(before, after, changed, compared))
    else:
        _show(before, after, changed, compared)
    return ALL_WELL


# ------------------------------------------------------------------ text


def _show(
    before: Loaded, after: Loaded, changed: tuple[Changed, ...], compared: tuple[Compared, ...]
) -> None:
    if not changed:
        say(f"The two {'contracts' if after.programme.alone else 'programmes'} mean the same.")
    for change in changed:
        label = f" [{change.clause}]" if change.clause else ""
        whose = f"{change.contract}, " if change.contract else ""
        kind = "contract" if change.kind == "member" else change.kind
        say(f"{whose}{kind} {change.name}{label}: {change.change}", bold=True)
        for line in _lines(before, after, change):
            say(f"  {line}")
        say()
    for each in compared:
        say(f"Payments, {marks.one_line(each.of)}", bold=True)
        if each.lacking:
            say(f"  not compared: {each.lacking}. Give it with `--set`.")
        _table(each.moved, after.programme.currency)
        say()
    kinds = {
        word: sum(change.change == word for change in changed) for word in ("added", "removed", "changed")
    }
    said = [f"{number} {word}" for word, number in kinds.items() if number]
    say(
        f"{len(changed)} clause{'s' if len(changed) != 1 else ''} differ{'s' if len(changed) == 1 else ''}"
        f"{': ' + ', '.join(said) if said else ''}."
    )


def _lines(before: Loaded, after: Loaded, change: Changed) -> list[str]:
    """The words of the clause that differ: those of the old with a minus before them, those of the new with a plus."""
    if change.kind in ("contract", "programme"):
        return [f"- {_plain(change.before[0])}", f"+ {_plain(change.after[0])}"]
    if change.kind == "member":
        return [f"{'+' if change.after else '-'} {node.span}" for node in (*change.before, *change.after)]
    if not change.before or not change.after:
        sign, made, nodes = ("+", after, change.after) if change.after else ("-", before, change.before)
        return [f"{sign} {line}" for node in nodes for line in _text(made, node)]
    found: list[str] = []
    for when, node in change.versions_after():
        lines = _against(_text(before, change.version_before(node)), _text(after, node))
        if when and (lines or len(change.before) != len(change.after)):
            found += [f"{when}:", *(f"  {line}" for line in lines or ["as before"])]
        else:
            found += lines
    return found or ["only its place or its notes differ"]


def _against(old: list[str], new: list[str]) -> list[str]:
    return [line for line in difflib.ndiff(old, new) if line[:1] in "+-"]


def _text(made: Loaded, node: Any) -> list[str]:  # noqa: ANN401 - any node with a place
    """The lines of the block, or of the table's row, that a node was read from."""
    source = made.read.sources.get(node.span.file)
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
    """Sums by payer, payee and year; in programmes by contract too."""
    if not moved:
        return
    apart = any(difference.contract for difference in moved)
    rows = [
        (
            *((difference.contract,) if apart else ()),
            difference.payer,
            difference.payee,
            difference.year,
            *(
                money.show(each, currency)
                for each in (difference.before, difference.after, difference.difference)
            ),
        )
        for difference in moved
    ]
    sums = zip(*((row.before, row.after, row.difference) for row in moved), strict=True)
    whole = [sum(column, Fraction(0)) for column in sums]
    heads = (*(("Contract",) if apart else ()), "Payer", "Payee", "Year", "Before", "After", "Difference")
    texts = len(heads) - 3
    rows.append(("in all", *[""] * (texts - 1), *(money.show(each, currency) for each in whole)))
    wide = [max(len(row[at]) for row in (heads, *rows)) for at in range(len(heads))]
    for row in (heads, *rows):
        cells = [
            f"{cell:<{wide[at]}}" if at < texts else f"{cell:>{wide[at]}}" for at, cell in enumerate(row)
        ]
        say("  " + "  ".join(cells).rstrip())


# ------------------------------------------------------------------ JSON


def _json(
    before: Loaded, after: Loaded, changed: tuple[Changed, ...], compared: tuple[Compared, ...]
) -> dict[str, object]:
    places = money.currency(after.programme.currency).places
    return {
        "format": "sibdsl.diff/1",
        "old": _of(before),
        "new": _of(after),
        "clauses": [
            {
                **({"contract": change.contract} if change.contract else {}),
                "kind": change.kind,
                "name": change.name,
                "clause": change.clause,
                "change": change.change,
                "lines": _lines(before, after, change),
            }
            for change in changed
        ],
        "payments": [
            {
                "of": each.of,
                "not_compared": each.lacking or None,
                "amounts": [
                    {
                        **({"contract": difference.contract} if difference.contract else {}),
                        "payer": difference.payer,
                        "payee": difference.payee,
                        "year": difference.year,
                        "before": money.plain(difference.before, places),
                        "after": money.plain(difference.after, places),
                        "difference": money.plain(difference.difference, places),
                    }
                    for difference in each.moved
                ],
            }
            for each in compared
        ],
    }


def _of(side: Loaded) -> dict[str, object]:
    """What one of the two is: a contract with its fingerprint, or a programme with those of its contracts."""
    named: list[dict[str, object]] = [
        {"name": member.name, "fingerprint": pipeline.fingerprint(member)}
        for member in side.programme.members
    ]
    return named[0] if side.programme.alone else {"name": side.programme.name, "contracts": named}
