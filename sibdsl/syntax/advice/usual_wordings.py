"""Wordings of contracts for which the nearest word would read well and change the deal: what says the same instead."""

from __future__ import annotations

import re

from sibdsl.syntax.advice.heads import NAME, capitals
from sibdsl.syntax.stop import Advice, Mend, Stop

_YEARLY = (
    ("per", "annum"), ("per", "year"), ("each", "year"), ("every", "year"), ("in", "each", "year"), ("yearly",), ("annually",),
    ("annual",), ("pa",),
)  # fmt: skip
_HOLIDAYS = re.compile(r"^[ \t]*business[ \t]+days[ \t]+weekdays\b", re.MULTILINE)
_HALF_YEARS = ("half-year", "half-yearly", "semester", "6-monthly", "biannually")
_SOME_DAYS = "`statements on 30 September 2026, 31 March 2027`"


def wording(stop: Stop) -> Advice | None:
    """The advice on such a wording."""
    return (
        _business_days(stop) or _half_year(stop) or _a_year(stop) or _first_in_time(stop) or _as_stated(stop)
        or _excess_of_two(stop) or _two_limits(stop) or _topped_up_often(stop) or _metrics_table(stop)
    )  # fmt: skip


def _business_days(stop: Stop) -> Advice | None:
    """`20 working days`, where business days are counted."""
    days = stop.item(stop.at + 1).text
    if (
        stop.here.text not in ("working", "banking")
        or days not in ("day", "days")
        or "BUSINESS" not in stop.takes
    ):
        return None
    said, right = f"{stop.here.text} {days}", f"business {days}"
    more = (
        ""
        if _HOLIDAYS.search(stop.text)
        else " The contract block must say which these are: `business days  weekdays not in Bank Holidays`, and for that table "
        'of holidays `uses "calendars/england-and-wales"`.'
    )
    return stop.advice(
        "SIB0204", f"`{said}` is written `{right}` here.", stop.at, stop.at + 2, mark=f"`{right}`",
        help=f"Write `{right}`.{more}", mend=Mend(("BUSINESS", "DAYS"), stop.at + 2),
    )  # fmt: skip


def _half_year(stop: Stop) -> Advice | None:
    """`every half year at the end`, `every 6 months`."""
    if stop.rule != "every" or stop.here.first or "QUARTER" not in stop.takes:
        return None
    end = stop.at + 1
    if stop.here.text == "half" or stop.here.kind == "INT" or stop.here.text in ("six", "second", "other"):
        while end < stop.line_end(stop.at) and stop.items[end].text in (
            "-",
            "year",
            "years",
            "yearly",
            "month",
            "months",
            "quarter",
        ):
            end += 1
    if end == stop.at + 1 and stop.here.text not in _HALF_YEARS:
        return None
    said = stop.slice(stop.at, end)
    return stop.advice(
        "SIB0204",
        f"A regular sum is paid every `month`, `quarter`, `year` or `period`, not every `{said}`; another of these words is another "
        "number of sums.",
        stop.at,
        end,
        mark="how many sums?",
        help=f"Where the contract's statements are for such times, as {_SOME_DAYS}, write `period`: one sum for each statement. "
        "Otherwise write a payment for each day, with `paid once on` that day.",
        mend=Mend(("PERIOD",), end),
    )


def _a_year(stop: Stop) -> Advice | None:
    """`interest 8% per annum`, `what gives 15% per annum`."""
    if "A" not in stop.takes or stop.here.first or stop.rule not in ("interest", "taken_back", "at_most"):
        return None
    said = next((words for words in _YEARLY if stop.spells(stop.at, words)), None)
    if said is None:
        return None
    end = stop.at + len(said)
    return stop.advice(
        "SIB0204", f"`{' '.join(said)}` is written `a year` here.", stop.at, end, mark="`a year`", help="Write `a year`.",
        mend=Mend(("A", "YEAR"), end),
    )  # fmt: skip


def _first_in_time(stop: Stop) -> Advice | None:
    """`first only, in each year`."""
    if stop.rule != "per_person" or not (
        stop.here.kind == "YEAR" and stop.said(stop.at - 2, stop.at) == "in each"
    ):
        return None
    first = stop.at - 2
    while first > stop.begun and stop.items[first].text != "first":
        first -= 1
    if stop.said(first, stop.at - 2) not in ("first only ,", "first only"):
        return None
    written = stop.slice(first, stop.at + 1)
    return stop.advice(
        "SIB0204", f"`{written}` is written `once in each year`: the first counts, and again in the next year.", first, stop.at + 1,
        mark="`once in each year`", help="Write `once in each year`.",
    )  # fmt: skip


def _as_stated(stop: Stop) -> Advice | None:
    """`stated periods left as stated` in the contract block."""
    if stop.block is None or stop.block.kind.rule != "contract" or stop.label != ("stated", "periods"):
        return None
    if stop.said(stop.at, stop.at + 3) != "left as stated":
        return None
    return stop.advice(
        "SIB0204",
        "In a contract block the line `stated periods` takes `repriced in the next statement` alone. What was stated is left as it "
        "stands by a variation, with `stated periods  left as stated` in it.",
        stop.begun,
        stop.at + 3,
        mark="said by a variation",
        help="Take out the line. Without it a run states every period from what is known on its as-of date; `repriced in the next "
        "statement` makes each statement stand, and what becomes known later an adjustment in the next.",
        mend=Mend((), stop.at + 3, after="line"),
    )


def _excess_of_two(stop: Stop) -> Advice | None:
    """`excess paid by Fund and Lottery`."""
    before, after = stop.before, stop.item(stop.at + 1)
    if stop.rule != "excess" or before is None or before.kind != "NAME" or after.kind != "NAME":
        return None
    if stop.here.text not in ("and", "or", ","):
        return None
    return stop.advice(
        "SIB0221", "Two who pay the excess share it, and the line must say how.", stop.at - 1, stop.at + 2,
        mark="in what shares?", help=f"Write the shares, such as `60% {before.text}, 40% {after.text}`.",
        mend=Mend((), stop.at + 2),
    )  # fmt: skip


def _two_limits(stop: Stop) -> Advice | None:
    """`at most 3 units in each year and £4,000 in each year`."""
    if stop.rule != "at_most" or stop.here.first:
        return None
    first = at = stop.at
    if stop.here.text in ("and", "or"):
        at += 1
    if stop.item(first - 1).kind == "COMMA":
        first -= 1
    if first == at and stop.here.kind != "COMMA":
        return None
    if stop.here.kind == "COMMA":
        at += 1
    if stop.said(at, at + 2) == "at most":
        at += 2
    if stop.item(at).kind not in ("MONEY", "INT", "PERCENT"):
        return None
    end = stop.line_end(stop.at)
    return stop.advice(
        "SIB0221",
        "A line `at most` sets one limit; each limit has a line of its own, and each of them holds.",
        first,
        end,
        mark="a second limit",
        help=f"Take it out, and write a second line below: `at most  {stop.slice(at, end)}`.",
        mend=Mend((), end),
    )


def _topped_up_often(stop: Stop) -> Advice | None:
    """`topped up £4,000 each year`."""
    if stop.rule != "topped_up" or stop.here.first or "ON" not in stop.takes:
        return None
    if stop.here.text not in (
        "each",
        "every",
        "in",
        "per",
        "a",
        "yearly",
        "annually",
        "quarterly",
        "monthly",
        "at",
    ):
        return None
    end = stop.line_end(stop.at)
    comma = next((at for at in range(stop.at, end) if stop.items[at].kind == "COMMA"), end)
    amount = stop.item(stop.at - 1).text
    return stop.advice(
        "SIB0204",
        "Each addition to a pot has its own amount and its own day.",
        stop.at,
        comma,
        mark="on which days?",
        help=f"Write every addition on the line with its day, as in `topped up  {amount} on 1 April 2026, {amount} on 1 April 2027`.",
        mend=Mend(("ON", "DATE"), comma),
    )


def _metrics_table(stop: Stop) -> Advice | None:
    """`table of metrics`, which is what the block `metrics` is called."""
    if stop.block is None or stop.place != "head" or stop.block.kind.words != ("table",):
        return None
    if stop.said(stop.at, stop.at + 2) != "of metrics":
        return None
    first, end = stop.block.first, stop.at + 2
    while end < stop.line_end(stop.at) and stop.items[end].kind in ("NAME", "WORD"):
        end += 1
    given = capitals(stop.said(stop.at + 2, end))
    named = given if NAME.fullmatch(given) else "Rate Card"
    return stop.advice(
        "SIB0217", "A table of metrics is a block `metrics`; a block `table` holds printed figures.", first, end,
        mark="`metrics`?", help=f"Write `metrics {named}`, and `end metrics` at its end.",
        mend=Mend(("METRICS", "NAME"), end, after="block"),
    )  # fmt: skip
