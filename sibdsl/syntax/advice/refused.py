"""Words that the language refuses on purpose, where they stand: the word that is wanted, from the words around."""

from __future__ import annotations

import re

from sibdsl.syntax.advice.refused_words import DAY, LIMIT, OWN_LINE, WORDS, RefusedWord, no_condition
from sibdsl.syntax.stop import Advice, Mend, Stop
from sibdsl.syntax.vocabulary import vocabulary

_TIMES = {
    "quarterly": "quarter", "monthly": "month", "yearly": "year", "annually": "year", "annual": "year",
    "quarter": "quarter", "month": "month", "year": "year", "annum": "year", "period": "period", "claim": "claim",
    "statement": "period", "quarters": "quarter", "months": "month", "years": "year",
}  # fmt: skip
_BEFORE_TIMES = (
    ("in", "any"), ("in", "every"), ("in", "the"), ("within", "each"), ("for", "each"), ("during", "each"),
    ("per", "calendar"), ("per", "contract"), ("per", "financial"), ("each", "contract"), ("each", "calendar"),
    ("per",), ("each",), ("every",), ("a",), ("any",), ("in",), (),
)  # fmt: skip
_WHOLE = (
    "in total", "in all", "in aggregate", "overall", "altogether", "in the contract", "for the contract",
    "during the contract", "across the contract", "over the term", "over the life of the contract", "over contract",
    "throughout", "lifetime", "ever", "over the whole contract", "in the whole contract", "total",
)  # fmt: skip
_PERIODIC = {"quarter": "quarterly", "month": "monthly", "year": "yearly"}


def refused(stop: Stop) -> Advice | None:
    """The advice on the word, if it is one of those."""
    return (
        _mixed(stop) or _list_and(stop) or _bound_and(stop) or _between(stop) or _or_equal(stop) or _once(stop)
        or _held_order(stop)
        or _quarter(stop)
        or _per_unit(stop) or _how_often(stop) or _whole(stop) or _week(stop) or _listed(stop)
    )  # fmt: skip


def _listed(stop: Stop) -> Advice | None:
    takes = stop.takes_words
    end = stop.line_end(stop.at)
    best: tuple[int, RefusedWord] | None = None
    if stop.before is not None and stop.before.text == "no" and not stop.here.first:
        return _no_more(stop)
    for word in WORDS:
        length = len(word.said.split())
        if (
            (best and length <= best[0])
            or stop.at + length > end
            or not stop.spells(stop.at, tuple(word.said.split()))
        ):
            continue
        if word.takes and word.takes not in takes:
            continue
        if word.line and stop.label[:1] != (word.line,) and not (word.line == "*" and stop.place == "lines"):
            continue
        if (
            word.said in ("from", "on", "as of")
            and not word.line
            and not word.takes
            and not stop.takes & {"DATE"}
        ):
            continue
        if word.said == "to" and stop.before is not None and stop.before.kind == "DATE":
            continue
        if not word.suits(stop.item(stop.at + length).kind):
            continue
        best = (length, word)
    if best is None:
        return None
    length, word = best
    after = stop.item(stop.at + length)
    said_of = {
        "said": word.said,
        "next": after.text if after.kind in ("INT", "MONEY", "DECIMAL", "PERCENT", "NAME") else "the number",
        "day": after.text if after.kind in ("DATE", "NAME") else "the day",
    }
    mend = Mend((), stop.at + length) if word.skip else None
    right = word.help.split("`")[1] if word.help.startswith("Write `") else ""
    if (
        right
        and word.takes in takes
        and all(right_word in vocabulary().sorts for right_word in right.split())
    ):
        mend = Mend(tuple(vocabulary().sorts[right_word] for right_word in right.split()), stop.at + length)
    if word.why == OWN_LINE and (elsewhere := no_condition(stop, word.said)):
        why, help_ = elsewhere
        end = next((at for at in range(stop.at, end) if stop.items[at].kind in ("_BAR", "_ROW_END")), end)
        return stop.advice(
            "SIB0204", why, stop.at, end, mark="not wanted here", help=help_, mend=Mend((), end)
        )
    return stop.advice(
        "SIB0204",
        word.why.format(**said_of),
        stop.at,
        stop.at + length,
        mark="included, or not?"
        if word.why in (DAY, LIMIT)
        else f"`{right}`"
        if right
        else "not wanted here",
        help=word.help.format(**said_of),
        mend=mend,
    )


def _no_more(stop: Stop) -> Advice | None:
    """`no more than`, of which `no` was read as an answer."""
    said = stop.said(stop.at - 1, stop.at + 2)
    right = {
        "no more than": "at most", "no greater than": "at most", "no higher than": "at most",
        "no less than": "at least", "no fewer than": "at least", "no lower than": "at least",
        "no later than": "on or before", "no earlier than": "on or after",
    }.get(said)  # fmt: skip
    if right is None:
        return None
    return stop.advice(
        "SIB0204", f"`{said}` is written `{right}` here.", stop.at - 1, stop.at + 2,
        mark=f"`{right}`", help=f"Write `{right}`.",
    )  # fmt: skip


def _quarter(stop: Stop) -> Advice | None:
    """`Q1` for `quarter 1`."""
    match = re.fullmatch(r"[Qq](?:uarter |tr ?)?([1-4])", stop.here.text)
    if match is None or "QUARTER" not in stop.takes:
        return None
    return stop.advice(
        "SIB0204",
        f"`{stop.here.text}` is written `quarter {match[1]}` here.",
        stop.at,
        stop.at + 1,
        mark=f"`quarter {match[1]}`",
        help=f"Write `quarter {match[1]}`.",
    )


def _held_order(stop: Stop) -> Advice | None:
    """`held from Started On for 6 weeks`."""
    if stop.label != ("held",) or stop.here.text != "from" or "FOR" not in stop.takes:
        return None
    end = stop.line_end(stop.at)
    joint = next((at for at in range(stop.at, end) if stop.items[at].text == "for"), None)
    if joint is None:
        return None
    last = next((at for at in range(joint, end) if stop.items[at].kind == "COMMA"), end)
    return stop.advice(
        "SIB0218",
        "The length of time comes first, and then the day from which it runs.",
        stop.at,
        last,
        mark="in the other order",
        help=f"Write `{stop.slice(joint, last)} {stop.slice(stop.at, joint)}`.",
    )


# ------------------------------------------------------------------ and, or


def _mixed(stop: Stop) -> Advice | None:
    """`and` after `or`, or `or` after `and`, with no brackets between."""
    other = {"and": "OR", "or": "AND"}.get(stop.here.text)
    if other is None or "RPAR" not in stop.takes | stop.floor_takes | {"RPAR"}:
        return None
    joined = [
        rung
        for rung in stop.rungs
        if rung.symbol == other or rung.symbol.startswith(("__all_of", "__any_of"))
    ]
    if not joined:
        return None
    first = max(rung.first for rung in joined)
    if stop.items[first].text not in ("and", "or") or stop.items[first].text == stop.here.text:
        return None
    start = first + 1
    end = stop.at + 1
    last = stop.line_end(stop.at)
    while end < last and stop.items[end].text not in ("and", "or"):
        end += 1
    part = stop.slice(start, end)
    return stop.advice(
        "SIB0221",
        "`and` and `or` side by side can be read two ways: which of them binds first?",
        start,
        end,
        mark="together, or apart?",
        help=f"Write `({part})`, if these belong together; otherwise put the brackets round the part before."
        + (" Two lines `only if` must both hold." if stop.label == ("only", "if") else ""),
    )


def _list_and(stop: Stop) -> Advice | None:
    """`and` between the parts of a list, or between two payers."""
    here, before, after = stop.here, stop.before, stop.item(stop.at + 1)
    if here.text not in ("and", "or") or before is None or before.kind not in ("NAME", "TEXT"):
        return None
    if stop.label in (("payer",), ("payee",)) and after.kind == "NAME":
        if stop.label == ("payer",):
            help_ = f"Write the shares: `60% {before.text}, 40% {after.text}`; or one payment for each payer."
            return stop.advice(
                "SIB0221", "Two payers on one line share the payment, and the line must say how.", stop.at - 1,
                stop.at + 2, mark="in what shares?", help=help_,
            )  # fmt: skip
        return stop.advice(
            "SIB0221", "A payment has one payee.", stop.at, stop.at + 2, mark="a second payee",
            help="Take it out, and write a payment of its own for the other.",
        )  # fmt: skip
    if "COMMA" in stop.takes and after.kind in ("NAME", "TEXT"):
        return stop.advice(
            "SIB0221",
            f"`{here.text}` joins conditions and nothing else; the parts of a list are parted by commas.",
            stop.at,
            stop.at + 1,
            mark="a list takes commas",
            help="Write `,`.",
            mend=Mend(("COMMA",), stop.at + 1),
        )
    if stop.rule == "for_each" and after.kind == "NAME":
        return stop.advice(
            "SIB0221", "A line `for each` pays for one metric.", stop.at, stop.at + 2, mark="a second metric",
            help="Take it out, and pay for each metric in a row of a table headed `for each` and `pays`.",
        )  # fmt: skip
    return None


def _bound_and(stop: Stop) -> Advice | None:
    """`at least 16 and at most 30`: the second half is no condition of its own."""
    before = stop.before
    if (
        before is None
        or before.text not in ("and", "or")
        or stop.here.text not in ("at", "less", "more", "exactly")
    ):
        return None
    if before.text == "or":
        return None
    return stop.advice(
        "SIB0221",
        "`and` joins whole conditions; the two ends of one range are joined by `but`.",
        stop.at - 1,
        stop.at,
        mark="`but`?",
        help="Write `but`.",
    )


def _between(stop: Stop) -> Advice | None:
    if stop.here.text != "between":
        return None
    end = stop.line_end(stop.at)
    joint = next((at for at in range(stop.at + 1, end) if stop.items[at].text in ("and", "to")), None)
    if joint is None or joint + 1 >= end or stop.at + 1 == joint:
        return stop.advice(
            "SIB0204", "`between` does not say whether the two ends are themselves included.", stop.at, stop.at + 1,
            mark="are both ends included?",
            help="Write `at least` the one `but at most` the other; or `but less than` the other.",
        )  # fmt: skip
    last = joint + 2
    while last < end and stop.items[last].text in ("hours", "points", "units"):
        last += 1
    low, high = stop.slice(stop.at + 1, joint), stop.slice(joint + 1, last)
    verb = "is " if {"IS", "ARE"} & stop.takes else ""
    if stop.items[stop.at + 1].kind == "DATE":
        return stop.advice(
            "SIB0204", f"`between` does not say whether {low} and {high} are themselves included.", stop.at, last,
            mark="are both days included?", help=f"Write `{verb}{low} to {high}`, which includes both days.",
        )  # fmt: skip
    return stop.advice(
        "SIB0204",
        f"`between` does not say whether {low} and {high} are themselves included.",
        stop.at,
        last,
        mark="are both ends included?",
        help=f"Write `{verb}at least {low} but at most {high}`; or `{verb}at least {low} but less than {high}`.",
    )


def _or_equal(stop: Stop) -> Advice | None:
    """`more than or equal to 16`."""
    if stop.here.text != "or" or stop.at < 2 or stop.item(stop.at + 1).text not in ("equal", "equals"):
        return None
    said = stop.said(stop.at - 2, stop.at)
    right = {"more than": "at least", "less than": "at most"}.get(said)
    if right is None:
        return None
    end = stop.at + (3 if stop.item(stop.at + 2).text == "to" else 2)
    return stop.advice(
        "SIB0204", f"`{stop.said(stop.at - 2, end)}` has a shorter form.", stop.at - 2, end,
        mark=f"`{right}`", help=f"Write `{right}`.",
    )  # fmt: skip


# ------------------------------------------------------------------ how often, over what time


def _once(stop: Stop) -> Advice | None:
    """What stands for `first only` and `over all bands` in a line `per person`."""
    if stop.rule != "per_person" or (stop.place == "lines" and stop.here.first):
        return None
    if {"FIRST", "ONCE"} <= stop.takes or (stop.before and stop.before.text in ("first", "once")):
        first = stop.at - 1 if stop.before and stop.before.text in ("first", "once") else stop.at
        end = first
        odd = {
            "first",
            "only",
            "once",
            "one",
            "time",
            "the",
            "a",
            "just",
            "count",
            "counts",
            "ever",
            "single",
            "each",
        }
        while end < stop.line_end(first) and stop.items[end].text in odd:
            end += 1
        if end > stop.at:
            return stop.advice(
                "SIB0204",
                f"`{stop.said(first, end)}` is written `first only`: a person's first counts, and no other.",
                first,
                end,
                mark="`first only`",
                help="Write `first only`.",
            )
    if stop.here.text in ("band", "bands") and stop.item(stop.at - 1).text in ("per", "each", "in"):
        first = stop.at - 1
        while (
            stop.items[first - 1].text in ("in", "per", "each")
            and stop.items[first - 1].line == stop.here.line
        ):
            first -= 1
        return stop.advice(
            "SIB0213",
            "Whether a person counts once over all bands, or once in each, follows a comma.",
            first,
            stop.at + 1,
            mark="`, in each band`",
            help="Write `, in each band`.",
        )
    if "COMMA" in stop.takes and stop.item(stop.line_end(stop.at) - 1).text in ("band", "bands"):
        end = stop.line_end(stop.at)
        in_each_band = stop.items[end - 1].text == "band"
        right = "in each band" if in_each_band else "over all bands"
        return stop.advice(
            "SIB0213",
            "Whether a person counts once over all bands, or once in each, follows a comma.",
            stop.at,
            end,
            mark=f"`, {right}`",
            help=f"Write `, {right}`.",
        )
    return None


def _per_unit(stop: Stop) -> Advice | None:
    """`pays £700 per Engagement`."""
    after = stop.item(stop.at + 1)
    if stop.here.text not in ("per", "for", "each") or stop.rule not in ("pays", "pays_to_date"):
        return None
    first = stop.at + 1
    while stop.item(first).text in ("each", "every"):
        first += 1
    after = stop.item(first)
    if after.kind != "NAME" or after.first:
        return None
    end = first + 1
    again = any(
        stop.spells(at, ("for", "each")) and stop.items[at].first
        for at in range(stop.block.first if stop.block else 0, stop.at)
    )
    unit = after.text
    help_ = "Take it out: the line `for each` says it already." if again else (
        f"Take it out, and write a line of its own: `for each  {unit}`."
    )  # fmt: skip
    return stop.advice(
        "SIB0204",
        "`pays` takes the amount only; what it is paid for stands on a line of its own.",
        stop.at,
        end,
        mark="on its own line",
        help=help_,
        mend=Mend((), end),
    )


def _how_often(stop: Stop) -> Advice | None:
    """`quarterly` where `in each quarter` is wanted, and the other way round."""
    if (
        stop.before is not None
        and stop.before.text == "per"
        and stop.here.text in _TIMES
        and not stop.here.first
    ):
        right = f"in each {_TIMES[stop.here.text]}"
        return stop.advice(
            "SIB0204",
            f"`per {stop.here.text}` is written `{right}` here; `per` goes with `person`.",
            stop.at - 1,
            stop.at + 1,
            mark=f"`{right}`",
            help=f"Write `{right}`.",
        )
    if not stop.takes & {"IN", "EVERY", "MONTHLY", "QUARTER", "YEAR"} and stop.rule not in (
        "pays",
        "pays_to_date",
    ):
        return None
    for prefix in _BEFORE_TIMES:
        unit = _TIMES.get(stop.item(stop.at + len(prefix)).text)
        if (
            unit is None
            or not stop.spells(stop.at, prefix)
            or (stop.item(stop.at + len(prefix)).first and prefix)
        ):
            continue
        end = stop.at + len(prefix) + 1
        said = stop.said(stop.at, end)
        wanted = ""
        if "MONTHLY" in stop.takes:
            wanted = _PERIODIC.get(unit, "")
        elif stop.rule in ("pays", "pays_to_date") and stop.place == "lines":
            return stop.advice(
                "SIB0204",
                "How often a sum is paid stands on a line of its own.",
                stop.at,
                end,
                mark="on its own line",
                help=f"Take it out, and write a line of its own: `every  {unit} at the end, part {unit}s in full`; or `at the start`, "
                f"or `part {unit}s by days`, as is meant.",
                mend=Mend((), end),
            )
        elif {"IN", "OVER"} <= stop.takes:
            wanted = f"in each {unit}"
        elif {"QUARTER", "MONTH", "CLAIM"} <= stop.takes:
            wanted = f"{unit} at the end, part {unit}s in full" if stop.rule == "every" else unit
        if wanted in ("", said):
            return None
        return stop.advice(
            "SIB0204",
            f"`{said}` is written `{wanted}` here.",
            stop.at,
            end,
            mark=f"`{wanted}`",
            help=f"Write `{wanted}`."
            if stop.rule != "every" or wanted == unit
            else f"Write `{wanted}`; or `at the start`, or `part {unit}s by days`, as is meant.",
        )
    return None


def _whole(stop: Stop) -> Advice | None:
    if not stop.takes >= {"IN", "OVER"} and stop.items[stop.at - 1].text not in (
        "over",
        "in",
        "for",
        "during",
        "across",
    ):
        return None
    for said in sorted(_WHOLE, key=len, reverse=True):
        words = tuple(said.split())
        for back in (0, 1, 2):
            first = stop.at - back
            if (
                first >= stop.line_start(stop.at)
                and first + len(words) > stop.at
                and stop.spells(first, words)
            ):
                return stop.advice(
                    "SIB0204",
                    f"`{said}` is written `over the contract` here, from its first day to its last.",
                    first,
                    first + len(words),
                    mark="`over the contract`",
                    help="Write `over the contract`.",
                )
    return None


def _week(stop: Stop) -> Advice | None:
    """`16 hours a week`."""
    before = stop.before
    if (
        before is None
        or before.text not in ("hours", "points", "units")
        or stop.here.text not in ("per", "a", "each", "weekly")
    ):
        return None
    end = stop.at + (1 if stop.here.text == "weekly" else 2)
    return stop.advice(
        "SIB0204",
        f"A number of {before.text} has no more words to it: what they are counted over is said by the column's Name, "
        "such as `Hours Per Week`.",
        stop.at,
        end,
        mark="not wanted here",
        help="Take it out, if the column counts them so.",
        mend=Mend((), end),
    )
