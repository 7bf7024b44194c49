"""Screens: what was measured in a run, and that on which nothing is paid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from sibdsl.dates import Period, months_name

if TYPE_CHECKING:
    from rich.console import Console

    from sibdsl.pipeline.types import MeasuredQuantity, NothingPaidOn


def quantities(out: Console, every: Sequence[MeasuredQuantity]) -> None:
    """What was measured, period by period, without noughts."""
    out.print("Measured", style="bold")
    there = [one for one in every if one.number]
    if not there:
        out.print("  Nothing was counted in the periods that had ended.")
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("Period")
    table.add_column("Of")
    table.add_column("Quantity", justify="right")
    period: Period | None = None
    for one in there:
        table.add_row("" if one.days == period else months_name(one.days), Text(one.what), one.said)
        period = one.days
    out.print(table)
    noughts = len(every) - len(there)
    if noughts:
        out.print(f"  {noughts:,} other {'quantity is' if noughts == 1 else 'quantities are'} nought.")


def nothing_paid_on(out: Console, every: Sequence[NothingPaidOn]) -> None:
    """What was measured, and nothing is paid on it: its last period, and in all where it adds up."""
    if not every:
        return
    out.print()
    out.print("Measured, and nothing is paid on it", style="bold")
    for one in every:
        days, said = one.periods[-1]
        last = f"{said} in {months_name(days)}"
        out.print(f"  {one.what}: {f'{one.in_all} in all, ' if one.in_all else ''}{last}")
