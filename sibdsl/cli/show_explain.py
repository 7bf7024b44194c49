"""Screens of `sib explain`: a tree within 100 columns, plain where it is not a terminal."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from sibdsl.cli import screen

if TYPE_CHECKING:
    from sibdsl.pipeline.types import Grid, Item, Sheet

WIDTH = 100
_INDENT = 4
_STYLES = {"": "", "paid": "green", "unpaid": "yellow", "note": ""}


class _Plain(Tree):
    """A tree that shows its levels by their indentation alone, as reads best in a file or aloud."""

    ASCII_GUIDES = ("    ", "    ", "    ", "    ")
    TREE_GUIDES = [ASCII_GUIDES, ASCII_GUIDES, ASCII_GUIDES]  # noqa: RUF012 - as rich has it


def show(sheet: Sheet) -> None:
    """Print the page on the standard output."""
    real = Console()
    if real.is_terminal:
        _print(screen.console(width=min(WIDTH, real.width)), sheet, plain=False)
    else:
        screen.say(text(sheet), nl=False)


def text(sheet: Sheet) -> str:
    """The page as plain text within 100 columns, without blanks at the ends of its lines."""
    out = io.StringIO()
    _print(screen.console(file=out, width=WIDTH, no_color=True), sheet, plain=True)
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


def _print(console: Console, sheet: Sheet, *, plain: bool) -> None:
    head = Text(sheet.title, style="bold")
    root = (_Plain if plain else Tree)(head, guide_style="dim")
    head.append(f"\n{sheet.run}", style="not bold")
    _add(root, sheet.items, console.width - _INDENT)
    console.print(root)
    if sheet.summary:
        console.print()
        for label in _labels(sheet.summary, console.width):
            console.print(label)


def _add(tree: Tree, items: Sequence[Item], width: int) -> None:
    for item, label in zip(items, _labels(items, width), strict=True):
        branch = tree.add(label)
        _add(branch, item.items, width - _INDENT)
        if item.grid is not None:
            _grid(branch, item.grid)


def _labels(items: Sequence[Item], width: int) -> list[Text]:
    """The statements with their leads in one column, amounts aligned on the right, places at the right edge."""
    leads = [item.lead for item in items]
    column = max((cell_len(lead) for lead in leads), default=0)
    texts: list[Text] = []
    for item in items:
        lead = _padded(item.lead, column, right=_is_amount(item.lead))
        body = Text(f"{lead}  " if column else "")
        body.stylize("bold", 0, len(body))
        body.append(item.text, style=_STYLES[item.tone])
        texts.append(_placed(body, item.place, width, column + 2 if column else 0))
    return texts


def _padded(lead: str, column: int, *, right: bool) -> str:
    blanks = " " * (column - cell_len(lead))
    return blanks + lead if right else lead + blanks


def _is_amount(lead: str) -> bool:
    return lead[-1:].isdigit() and not lead[:1].isdigit() and "." in lead


def _placed(body: Text, place: str, width: int, hang: int) -> Text:
    """The text, wrapped under itself, with its place at the right edge: beside its last line, or below it."""
    found, last = _hanging(body, width, hang)
    if not place:
        return found
    if cell_len(place) + 2 > width - last:
        found.append("\n")
        last = 0
    found.append(" " * max(width - last - cell_len(place), 0))
    found.append(place, style="dim")
    return found


def _hanging(body: Text, width: int, hang: int) -> tuple[Text, int]:
    """The text in lines no wider than `width`, all but the first indented by `hang`; and how wide the last one is."""
    if cell_len(body.plain) <= width:
        return body, cell_len(body.plain)
    room = max(width - hang, 20)
    lead, rest = body[:hang], body[hang:]
    found, last = Text(), 0
    for at, line in enumerate(rest.wrap(Console(width=room, file=io.StringIO()), room, overflow="fold")):
        line.rstrip()
        found.append_text(lead if at == 0 else Text("\n" + " " * hang))
        found.append_text(line)
        last = hang + cell_len(line.plain)
    return found, last


def _grid(tree: Tree, grid: Grid) -> None:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for at, head in enumerate(grid.heads):
        table.add_column(Text(head), justify="right" if at in grid.right else "left", overflow="fold")
    shown = grid.rows if len(grid.rows) <= grid.shown + 1 else grid.rows[: grid.shown]
    for row in shown:
        table.add_row(*(Text(cell) for cell in row))
    tree.add(table)
    rest = len(grid.rows) - len(shown)
    if rest:
        tree.add(Text(f"and {rest:,} more; all are in --format json and --format html", style="italic"))
