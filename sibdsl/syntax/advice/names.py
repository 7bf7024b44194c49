"""Defined terms: written in small letters, in part or whole, or with odd spaces between their words."""

from __future__ import annotations

from sibdsl.currencies import parted
from sibdsl.syntax.advice.heads import capitals
from sibdsl.syntax.advice.tables import CELLS
from sibdsl.syntax.stop import Advice, Mend, Stop
from sibdsl.syntax.vocabulary import alike, squeezed, vocabulary

#: Words that begin both limits, such as `under 16 hours`, and Names of bands, such as `Under 16`.
_LIMITS = frozenset({"under", "over", "from", "above", "below", "up", "to", "at"})

#: Words of the language that go on with the words for a day.
_DAYS = frozenset(
    {"date", "of", "day", "the", "this", "contract", "service", "agreement", "start", "end", "on"}
)


#: What begins no Name, and marks that stand in none.
_FIGURES = frozenset({"INT", "DECIMAL", "FRACTION", "YEARSPAN"})
_NO_MARKS = (".", "_", "#", "°", ",")
#: Headings under which Names are given.
NAMING = ("band", "party", "particular", "metric", "step", "scenario", "area", "route", "column")


def code_and_figures(stop: Stop) -> Advice | None:
    """A Name, such as `TOP 10`, that is read as an amount since it begins with the code of a currency and figures."""
    before, here = stop.before, stop.here
    if here.kind == "MONEY" and "NAME" in stop.takes and "MONEY" not in stop.takes:
        first = stop.at
    elif before and before.kind == "MONEY" and here.kind in ("NAME", "WORD") and stop.heading in NAMING:
        first = stop.at - 1
    else:
        return None
    currency, figures = parted(stop.item(first).text)
    if currency is None or not stop.item(first).text.startswith(currency.code):
        return None
    last = first + 1
    while last < stop.line_end(first) and stop.item(last).kind == "NAME" and stop.gap(last) == " ":
        last += 1
    name = stop.slice(first, last).replace(currency.code, currency.code.capitalize(), 1)
    if not figures.isdecimal():
        name = name.replace(figures, figures.replace(",", "").replace(".", " "), 1)
    return stop.advice(
        "SIB0214",
        f"`{currency.code} {figures}` is an amount of money, in {currency.name}: no Name begins with the code of a currency and figures.",
        first,
        last,
        mark="an amount of money",
        help=f"Write `{name}`.",
        mend=Mend(("NAME",) if first == stop.at else (), last),
    )


def begins_with_figure(stop: Stop) -> Advice | None:
    """A Name that begins with a figure: `16 Plus`, `3SC`, `1st Stage`, `24/7`, `16+`."""
    before, here = stop.before, stop.here
    if here.kind in _FIGURES and "NAME" in stop.takes and not stop.takes & {*_FIGURES, "DATE"}:
        first = stop.at
    elif before and before.kind in _FIGURES and not here.first and _names_a_row(stop):
        joined = here.kind == "NAME" or (
            stop.gap(stop.at) == "" and (here.kind == "WORD" or here.text == "+")
        )
        if not joined or stop.item(stop.at - 2).text == ",":
            return None
        first = stop.at - 1
    else:
        return None
    last, end = first + 1, stop.line_end(first)
    while last < end and stop.item(last).kind in ("NAME", "WORD", "INT") and stop.gap(last) in ("", " "):
        last += 1
    if last < end and stop.item(last).text == "+" and stop.gap(last) == "":
        last += 1
    if last == first + 1 and stop.item(first).kind != "FRACTION":
        return None  # a number by itself
    return stop.advice(
        "SIB0214",
        f"`{stop.slice(first, last)}` is not a Name: a Name begins with a capital letter, not with a figure.",
        first,
        last,
        mark="begins with a figure",
        help="Put a word before the figure, as in the Name `From 16`.",
        mend=Mend(("NAME",) if first == stop.at else (), last),
    )


def _names_a_row(stop: Stop) -> bool:
    """Whether a Name stands in the cell: the first of its row, a band's, what is paid for, a party."""
    given = (stop.column == 0 or stop.heading == "band") and stop.heading in NAMING
    return stop.place == "row" and (given or stop.heading in ("for each", "payer", "payee"))


def mark_inside(stop: Stop) -> Advice | None:
    """A mark inside a Name that Names do not have: `St. Mungo's`, `Step_2`, `Route #2`, `Top 1,000`."""
    before, here, after = stop.before, stop.here, stop.item(stop.at + 1)
    if before is None or before.kind != "NAME" or here.first or after.first:
        return None
    if after.kind not in ("NAME", "INT") or here.text not in _NO_MARKS:
        return None
    gaps = stop.gap(stop.at), stop.gap(stop.at + 1)
    if here.text == "," and (gaps != ("", "") or not before.text[-1].isdigit() or after.kind != "INT"):
        return None
    if here.text == "." and before.text[-1].isdigit():  # a clause, such as 5.1, without its brackets
        return None
    if not set(gaps) <= {"", " "}:
        return None
    said = stop.slice(stop.at - 1, stop.at + 2)
    mark = {".": "a full stop", ",": "a comma"}.get(here.text, f"`{here.text}`")
    without = said.replace(",", "") if here.text == "," else " ".join(said.replace(here.text, " ").split())
    return stop.advice(
        "SIB0214",
        f"`{said}` is not a Name: one is made of letters and figures, and {mark} is neither.",
        stop.at - 1,
        stop.at + 2,
        mark=f"{mark} in a Name",
        help=f"Write `{without}`. As it is spelt elsewhere it can stand in quotes, as under `full name`.",
        mend=Mend((), stop.at + 2),
    )


def _wordlike(stop: Stop, index: int) -> bool:
    item = stop.item(index)
    return item.kind in ("WORD", "NAME", "INT") or (item.kind in vocabulary().fixed and item.text.isalpha())


def known(stop: Stop) -> Advice | None:
    """Words that are a Name used elsewhere in the text, but for their capitals or spaces."""
    names = {name.casefold(): name for name in stop.names}
    if stop.here.text in _LIMITS and (stop.place != "row" or stop.heading in ("holds", "only if", "must be")):
        return None
    end = stop.line_end(stop.at)
    starts = [stop.at]
    if stop.before is not None and stop.before.kind == "NAME" and not stop.here.first:
        starts.append(stop.at - 1)
    for first in reversed(starts):
        for last in range(min(end, first + 6), stop.at, -1):
            if not all(_wordlike(stop, index) for index in range(first, last)):
                continue
            said = stop.said(first, last)
            written = stop.slice(first, last)
            name = names.get(said.casefold()) or _near(stop, first, last)
            if name is None or written == name or (first == stop.at and "NAME" not in stop.takes):
                continue
            return _say(stop, first, last, written, name)
    return None


def _near(stop: Stop, first: int, last: int) -> str | None:
    """A Name of the text with a slip of the pen, one of its words begun with a small letter."""
    if len(stop.said(first, last)) < 5 or not any(item.kind == "WORD" for item in stop.items[first:last]):
        return None
    others = stop.names - {item.text for item in stop.items[first:last]}
    return alike(stop.said(first, last), (name for name in others if len(name) > 4))


def _say(stop: Stop, first: int, last: int, written: str, name: str) -> Advice:
    if " ".join(written.split()) == name:
        message = f"`{name}` is one Name only with a single plain space between its words."
    elif squeezed(written) == squeezed(name):
        message = (
            f"`{written}` is not a Name: every word of a Name begins with a capital. Did you mean `{name}`?"
        )
    else:
        message = f"`{written}` is not a Name that this text uses. Did you mean `{name}`?"
    mend = Mend(("NAME",) if first == stop.at else (), last)
    return stop.advice("SIB0214", message, first, last, mark=f"`{name}`?", help=f"Write `{name}`.", mend=mend)


def unknown(stop: Stop) -> Advice | None:
    """Words in small letters where only a Name may stand, or that go on from one."""
    before, here = stop.before, stop.here
    if here.kind not in ("WORD", "NAME") and not (here.kind in vocabulary().fixed and here.text.isalpha()):
        return None
    if here.first:
        return None
    if stop.place == "row" and stop.heading in CELLS and stop.before and stop.before.kind in ("_BAR", "_ROW"):
        end = stop.at + 1
        while stop.item(end).kind not in ("_BAR", "_ROW_END") and not stop.item(end).first:
            end += 1
        return stop.advice(
            "SIB0218",
            f"`{stop.said(stop.at, end)}` does not fit under `{stop.heading}`.",
            stop.at,
            end,
            mark="does not fit here",
            help=f"Write {CELLS[stop.heading]}.",
            mend=Mend(("NAME",), end),
        )
    if before is not None and before.kind == "NAME" and here.kind == "WORD":
        first = stop.at - 1
    elif "NAME" in stop.takes and here.kind != "NAME":
        first = stop.at
    else:
        return None
    last = stop.at + 1
    while (
        last < stop.line_end(stop.at) and stop.item(last).kind in ("WORD", "NAME") and stop.gap(last) == " "
    ):
        last += 1
    if "DATE" in stop.takes and first == stop.at and stop.place in ("inside", "row"):
        return _no_date(stop) if here.kind == "WORD" or here.text in ("the", "on") else None
    said = stop.slice(first, last)
    if first == stop.at and all(item.kind in vocabulary().fixed for item in stop.items[first:last]):
        return None  # words of the language, in a wrong place: capitals would not mend it
    if first < stop.at:
        message = f"`{said}` is not a Name: every word of a Name begins with a capital."
    else:
        message = (
            f"`{said}` is not a word that may stand here. If it is a Name, its words begin with capitals."
        )
    return stop.advice(
        "SIB0214",
        message,
        first,
        last,
        mark="a Name has capitals",
        help=f"Write `{capitals(said)}`.",
        mend=Mend(("NAME",) if first == stop.at else (), last),
    )


def _no_date(stop: Stop) -> Advice:
    """`the commencement date` where a day is wanted: a day, or the Name of one that is given."""
    end = stop.at + 1
    while end < stop.line_end(stop.at) and (
        stop.item(end).kind in ("WORD", "NAME") or stop.item(end).text in _DAYS
    ):
        end += 1
    said = stop.slice(stop.at, end)
    name = capitals(said.removeprefix("the ").removeprefix("on "))
    return stop.advice(
        "SIB0205",
        f"`{said}` is no date that can be reckoned with.",
        stop.at,
        end,
        mark="which day?",
        help=f"Write the day, such as `1 October 2026`; or write `{name}`, if the day is still to be given, and declare {name} under "
        "`particulars` as one that holds a date.",
        mend=Mend(("NAME",), end),
    )


def two(stop: Stop) -> Advice | None:
    """Two Names with nothing between them."""
    before, here = stop.before, stop.here
    if before is None or before.kind != "NAME" or here.kind != "NAME" or here.first:
        return None
    joined = f"{before.text} {here.text}"
    if "COMMA" in stop.takes and (before.text in stop.names or here.text in stop.names):
        return stop.advice(
            "SIB0213",
            f"`{before.text}` and `{here.text}` stand side by side; the parts of a list are parted by commas.",
            stop.at - 1,
            stop.at,
            mark="and then?",
            help=f"Add `,`; or write `{joined}` with one space, if it is one Name.",
        )
    return stop.advice(
        "SIB0214",
        "The words of a Name stand one plain space apart.",
        stop.at - 1,
        stop.at + 1,
        mark="one Name, or two?",
        help=f"Write `{joined}`.",
        mend=Mend((), stop.at + 1),
    )
