"""Words that are missing, misspelt or too many in a line, and what is said when nothing more particular is known."""

from __future__ import annotations

import re

from sibdsl.diagnostics.turning import is_turning, swaps
from sibdsl.english import listed
from sibdsl.syntax.advice.at_hand import at_hand
from sibdsl.syntax.advice.cells import beyond_cell
from sibdsl.syntax.advice.examples import BY_LABEL, EXAMPLES
from sibdsl.syntax.grammar_tables import LAST, Stack, machine
from sibdsl.syntax.recover import head_at
from sibdsl.syntax.stop import Advice, Mend, Stop
from sibdsl.syntax.vocabulary import alike, label_of, squeezed, vocabulary

_SCOPE = frozenset({"OVER", "IN", "PER"})
_ARITHMETIC = frozenset({"plus", "minus", "times", "divided"})
_UNITS = frozenset({"DAYS", "WEEKS", "MONTHS", "YEARS"})
_VALUE = frozenset({"MONEY", "INT", "NAME", "PERCENT"})
_SORTS = {
    "NAME": "a Name, such as `Job Entry`",
    "MONEY": "an amount, such as `£700`",
    "INT": "a number",
    "DECIMAL": "a number",
    "DATE": "a date, such as `31 March 2018`",
    "DAYMONTH": "a day of the year, such as `1 April`",
    "TEXT": 'words in `"quotes"`',
    "CLAUSE": "a clause in square brackets, such as `[5.1]`",
    "PERCENT": "a percentage, such as `25%`",
    "FRACTION": "a fraction, such as `1/2`",
    "YEARSPAN": "a contract year, such as `2018/19`",
    "_ROW": "the table",
    "LPAR": "a bracket, `(`",
    "RPAR": "the closing bracket, `)`",
    "COMMA": "a comma",
}
_SHOWN = 5
#: Words between a length of time, or a day, and what it is reckoned from.
_TIME = ("after", "from", "since", "until", "till", "before")
#: Words that refuse: twice is not once.
_REFUSING = ("not", "no", "never", "except", "unless")


# ------------------------------------------------------------------ a word misspelt, missing, too many


def misspelt(stop: Stop) -> Advice | None:
    """A fixed word, or two, with a slip of the pen."""
    here = stop.here
    if here.kind not in ("WORD", "NAME") and not (here.kind in vocabulary().fixed and here.text.isalpha()):
        return None
    choices: dict[str, tuple[str, ...]] = {
        word: (sort,) for word, sort in stop.takes_words.items() if word.isalpha() or "-" in word
    }
    if (
        stop.place in ("lines", "rows") and not here.first
    ):  # what goes on with the line, not what begins the next
        choices = {word: sorts for word, sorts in choices.items() if sorts[0] not in stop.floor_takes}
    for word, sorts in list(choices.items()):
        after = machine().step(stop.stack, sorts[0], stop.at)
        if after is not None:
            for sort in machine().takes(after):
                if sort in vocabulary().fixed and vocabulary().fixed[sort].isalpha():
                    choices[f"{word} {vocabulary().fixed[sort]}"] = (*sorts, sort)
    glued, after_glued = stop.glued(stop.at)
    for said, end in (
        (stop.said(stop.at, stop.at + 2), stop.at + 2),
        (glued, after_glued),
        (here.text, stop.at + 1),
    ):
        if end > stop.line_end(stop.at):
            continue
        meant = alike(said, choices)
        if meant is None or (" " in meant and " " not in said and squeezed(said) != squeezed(meant)):
            continue
        if said == here.text and here.kind in vocabulary().fixed and not _grown(said, meant):
            continue  # a word of the language in a wrong place is no slip of the pen
        if " " in said and alike(here.text, [choice for choice in choices if " " not in choice]):
            continue
        message = f"`{said}` is not a word that may stand here. Did you mean `{meant}`?"
        return stop.advice(
            "SIB0201",
            message,
            stop.at,
            end,
            mark=f"`{meant}`?",
            help=f"Write `{meant}`.",
            mend=Mend(choices[meant], end),
        )
    return None


def _grown(said: str, meant: str) -> bool:
    """Whether one of two words goes on from the other, as `quarters` does from `quarter`, or has its letters, as `form` of `from`."""
    return said.startswith(meant) or meant.startswith(said) or sorted(said) == sorted(meant)


def inserted(stop: Stop) -> Advice | None:
    """One fixed word missing: with it, the word here would fit."""
    here, before = stop.here, stop.before
    if before is None or here.first or stop.place in ("rows", "outside") or here.kind == "OTHER":
        return None
    fits = []
    for word, sort in stop.takes_words.items():
        if stop.place == "lines" and sort in stop.floor_takes:
            continue
        after = machine().step(stop.stack, sort, stop.at)
        if after is not None and machine().step(after, here.kind, stop.at) is not None:
            fits.append(word)
    if before.kind in ("PERCENT", "FRACTION") and "of" in fits:
        fits = ["of"]
    if len(fits) > 1:
        fits = [word for word in fits if word not in _ARITHMETIC and word not in "()"]
    if (
        before.kind == "INT"
        and stop.takes >= _UNITS
        and machine().step(_after(stop, "WEEKS"), here.kind, stop.at)
    ):
        return stop.advice(
            "SIB0213",
            f"{before.text} what? A length of time has its unit.",
            stop.at - 1,
            stop.at,
            mark="days, weeks, months or years?",
            help="Add `weeks`; or `days`, `months` or `years`.",
            mend=Mend(("WEEKS",), stop.at),
        )
    if len(fits) != 1:
        return None
    word = fits[0]
    if word == "|":
        return beyond_cell(stop)
    why = (
        f"{before.text} of what? Between `{before.text}` and `{here.text}` stands `of`."
        if word == "of" and before.kind in ("PERCENT", "FRACTION")
        else f"Between `{before.text}` and `{here.text}` a comma is missing."
        if word == ","
        else f"Between `{before.text}` and `{here.text}` the word `{word}` is missing."
    )
    return stop.advice(
        "SIB0213",
        why,
        stop.at,
        stop.at + 1,
        mark=f"`{word}` is missing before this",
        help=f"Write `{word} {here.text}`.",
        mend=Mend((vocabulary().sorts[word],), stop.at),
    )


def extra_before(stop: Stop) -> Advice | None:
    """`the` or `a` before a word that would fit without it."""
    here, before = stop.here, stop.before
    if before is None or before.text not in ("the", "a", "any", "of") or here.first:
        return None
    if stop.stack[-1].symbol != before.kind or machine().step(stop.stack[:-1], here.kind, stop.at) is None:
        return None
    return stop.advice(
        "SIB0218",
        f"`{before.text}` is a word too many here.",
        stop.at - 1,
        stop.at,
        mark="not wanted here",
        help="Take it out.",
    )


def replaced(stop: Stop) -> Advice | None:
    """A wrong word where only one other would let the next word fit."""
    here, after = stop.here, stop.item(stop.at + 1)
    if (
        here.first
        or after.first
        or here.kind in (LAST, "_ROW", "_ROW_END", "END")
        or stop.place in ("lines", "rows")
    ):
        return None
    fits = []
    for word, sort in stop.takes_words.items():
        stack = machine().step(stop.stack, sort, stop.at)
        if stack is not None and machine().step(stack, after.kind, stop.at) is not None:
            fits.append(word)
    fits = [word for word in fits if word not in _ARITHMETIC and word not in "(),|"]
    if len(fits) != 1:
        return None
    word = fits[0]
    if swaps(here.text, word) or (is_turning(here.text) and here.text not in _TIME):
        return None
    return stop.advice(
        "SIB0201",
        f"`{_short(here.text)}` does not fit here. Did you mean `{word}`?",
        stop.at,
        stop.at + 1,
        mark=f"`{word}`?",
        help=f"Write `{word}`.",
        mend=Mend((vocabulary().sorts[word],), stop.at + 1),
    )


def _after(stop: Stop, sort: str) -> Stack:
    return machine().step(stop.stack, sort, stop.at) or stop.stack


def doubled(stop: Stop) -> Advice | None:
    """A word written twice."""
    here, before = stop.here, stop.before
    if is_turning(here.text) and here.text in _REFUSING:  # said twice over, or taken back: nobody can tell
        return None
    if before is None or here.first or here.text != before.text or here.kind in ("_BAR", "_ROW", "_ROW_END"):
        return None
    return stop.advice(
        "SIB0218",
        f"`{here.text}` is written twice.",
        stop.at,
        stop.at + 1,
        mark="twice",
        help="Take it out.",
        mend=Mend((), stop.at + 1),
    )


def extra(stop: Stop) -> Advice | None:
    """A word too many: without it, the next would fit."""
    here, after = stop.here, stop.item(stop.at + 1)
    if here.kind not in ("WORD", "COMMA", *vocabulary().fixed) or here.kind in ("END", "_BAR"):
        return None
    if is_turning(here.text):  # what it says would be lost with it
        return None
    if (here.first and stop.place != "inside") or (after.first and stop.place != "lines"):
        return None
    if machine().step(stop.stack, after.kind, stop.at + 1) is None:
        return None
    return stop.advice(
        "SIB0218",
        f"`{here.text}` is a word too many here.",
        stop.at,
        stop.at + 1,
        mark="not wanted here",
        help="Take it out.",
        mend=Mend((), stop.at + 1),
    )


# ------------------------------------------------------------------ a line that stops too early


def unfinished(stop: Stop) -> Advice | None:
    """A line, or a cell, that ends before it has said everything."""
    if stop.place == "row" and stop.here.kind in ("_BAR", "_ROW_END"):
        return _say_missing(stop, f"The cell under `{stop.heading}`" if stop.heading else "This cell")
    if stop.block is None or stop.place not in ("inside", "head"):
        return None
    here = stop.here
    opens = (
        here.kind in (LAST, "_ROW")
        or (here.kind == "END" and here.first)
        or (here.first and any(stop.spells(stop.at, label_of(label)) for label in stop.block.kind.labels))
        or (here.first and head_at(stop.items, stop.at, stop.block) is not None)
        or (
            here.first
            and any(here.text == label[0] for outer in stop.opened[:-1] for label in outer.kind.labels)
        )
    )
    if not opens:
        return None
    return _say_missing(stop, f"The line `{stop.label_said}`" if stop.label else "This line")


def _say_missing(stop: Stop, what: str) -> Advice | None:
    before = stop.before
    if before is None:
        return None
    message, mark, help_ = _particular(stop) or (
        f"{what} is not finished: after `{_short(before.text)}` comes {coming(stop)}.",
        "something is missing after this",
        _example(stop) or "Write what is missing after the underlined word.",
    )
    return stop.advice("SIB0213", message, stop.at - 1, stop.at, mark=mark, help=help_)


def _particular(stop: Stop) -> tuple[str, str, str] | None:
    """Message, mark and help where what is missing has a sense of its own."""
    rule, before = stop.rule, stop.items[stop.at - 1]
    if rule == "per_person" and before.text == "once":
        return (
            "Once in what time? A person might count again in the next year.",
            "once in what time?",
            "Add `in each year`, or `over the contract`; or write `first only`, if a second never counts.",
        )
    if rule == "per_person" and before.text == "first":
        return ("A person's first what? The phrase is `first only`.", "`first only`", "Add `only`.")
    if rule == "per_person" and "FIRST" in stop.takes:
        return (
            "The line does not say how often a person counts.",
            "how often?",
            "Add `first only`, `once in each year`, or `at most 2 over the contract`.",
        )
    if stop.takes >= _SCOPE and rule in ("tiers", "all_units"):
        return (
            f"Over what time do the units of these {'tiers' if rule == 'tiers' else 'rates'} add up?",
            "counted over what time?",
            "Add `over the contract`; or `in each year`, to start again every year.",
        )
    if stop.takes >= _SCOPE and stop.place == "inside":
        return (
            f"{before.text} over what time, and for whom? A limit without its scope can be read in several ways.",
            "over what time?",
            "Add `over the contract`, `in each year`, `in 2018/19`, or `per person over the contract`.",
        )
    if rule == "threshold" and "COMMA" in stop.takes:
        return (
            "The line does not say what is paid once the threshold is passed.",
            "what is paid beyond it?",
            "Add `, paying only the excess`, or `, paying everything`.",
        )
    if rule == "payer" and "COMMA" in stop.takes:
        if any(stop.items[at].text == "then" for at in range(stop.begun, stop.at)):
            return (
                "The line does not say which date decides between the payers: that of the result, or of the statement.",
                "by which date?",
                "Add `, by date of result`, or `, by date of statement`.",
            )
        if before.kind == "DATE":
            return (
                f"The line does not say who pays after {before.text}.",
                "and who pays then?",
                "Add `, then` and the next payer, and `, by date of result`; or leave the date out and use the line `ends`.",
            )
        return (
            "One payer with a share leaves the rest of the payment without a payer.",
            "and the rest?",
            "Add `, the rest` and the Name of who pays it.",
        )
    if rule == "banded_by" and "COMMA" in stop.takes:
        return (
            "The line does not say when the value is read that puts a person into a band.",
            "read when?",
            "Add `, as recorded`, or `, as recorded at joining` for the row by which the person joined.",
        )
    if rule == "held" and "FROM" in stop.takes:
        return (
            "The line does not say from which day the time runs.",
            "from when?",
            f"Add `from {held_from(stop)}`.",
        )
    if rule == "per_route" and "COMMA" in stop.takes:
        return (
            "The line does not say which route counts.",
            "which one counts?",
            "Add `, the first earned`.",
        )
    if rule in ("steps", "interpolated") and "COMMA" in stop.takes and "PLUS" not in stop.takes:
        return (
            "The line does not say what holds beyond the first and the last row.",
            "and beyond the ends?",
            "Add `, flat beyond the ends`, `, nothing beyond the ends`, or each by itself: `, nothing below, flat above`.",
        )
    return None


def held_from(stop: Stop) -> str:
    """The column from which a holding is likely to run, in the records that the metric counts."""
    first = stop.items[stop.block.first].start if stop.block else 0
    counted = re.search(r"rows of ([A-Z][\w'&-]*(?: [A-Z0-9][\w'&-]*)*)", stop.text[first : stop.here.start])
    return at_hand(stop.text).day(counted[1] if counted else "") or "Started On"


def _told_apart_by(stop: Stop) -> str:
    """A column that identifies rows, or dates them, in the records that the metric counts."""
    first = stop.items[stop.block.first].start if stop.block else 0
    counted = re.search(r"rows of ([A-Z][\w'&-]*(?: [A-Z0-9][\w'&-]*)*)", stop.text[first : stop.here.start])
    held = [
        (column, kind) for column, table, kind in at_hand(stop.text).held if counted and table == counted[1]
    ]
    every = [column for wanted in ("identifier", "date") for column, kind in held if kind == wanted]
    return every[0] if every else "Job ID"


def _example(stop: Stop) -> str:
    line = BY_LABEL.get(stop.label_said) or EXAMPLES.get(stop.rule)
    if line and stop.rule == "if_tied":
        line = line.replace("Job ID", _told_apart_by(stop))
    if line and stop.cell_line is not None:
        cell = " ".join(line.split())
        rest = cell.removeprefix(f"{stop.heading} ")
        return f"An example of the whole cell: `{rest}`." if rest != cell else ""
    return f"An example of the whole line: `{' '.join(line.split())}`." if line and "|" not in line else ""


def _short(said: str) -> str:
    return said if len(said) <= 40 else f"{said[:37]}..."


# ------------------------------------------------------------------ what may stand here


def coming(stop: Stop) -> str:
    """What may stand here, in the contract's words: five things at most."""
    said = _alternatives(stop)
    shown, more = said[:_SHOWN], len(said) > _SHOWN
    if more:
        return f"{', '.join(shown)}, or something else of that sort"
    return listed(shown, "or") or "nothing more"


def _alternatives(stop: Stop) -> list[str]:
    takes = set(stop.takes)
    ground = stop.floor_takes if stop.place in ("lines", "rows", "inside") else frozenset()
    said: list[str] = []
    if stop.place == "lines":
        takes -= ground
    takes -= {"END", LAST} if stop.place != "lines" else set()
    bars = takes & {"_BAR", "_ROW_END"}
    takes -= bars
    if takes >= _VALUE:
        said.append("an amount, a number or a Name")
        takes = {sort for sort in takes if sort in ("TEXT", "CLAUSE", "_BAR", "_ROW_END", "_ROW", "COMMA")}
    if takes >= _SCOPE:
        said.append("the time that it covers, such as `over the contract` or `in each year`")
        takes -= _SCOPE
    if takes >= _UNITS:
        said.append("`days`, `weeks`, `months` or `years`")
        takes -= {"DAY", "DAYS", "WEEK", "WEEKS", "MONTH", "MONTHS", "YEAR", "YEARS"}
    if len(takes) > 1:
        takes = {sort for sort in takes if vocabulary().fixed.get(sort) not in _ARITHMETIC}
    fixed = vocabulary().fixed
    said.extend(dict.fromkeys(what for sort, what in _SORTS.items() if sort in takes))
    said.extend(
        f"`{_phrase(stop.stack, sort)}`" for sort in sorted(takes) if sort in fixed and sort not in _SORTS
    )
    if bars:
        said.append("a bar, `|`")
    if stop.place == "lines" and stop.block is not None:
        said.append(f"the next line of the {stop.block.kind.said}")
    return said


def _phrase(stack: Stack, sort: str) -> str:
    """A fixed word with those that must follow it."""
    fixed = vocabulary().fixed
    said = [fixed[sort]]
    now = machine().step(stack, sort, 0)
    while now is not None and len(said) < 6:
        takes = machine().takes(now)
        only = next(iter(takes)) if len(takes) == 1 else ""
        if only not in fixed or not fixed[only].isalpha():
            break
        said.append(fixed[only])
        now = machine().step(now, only, 0)
    return " ".join(said)


def fallback(stop: Stop) -> Advice:
    """What was found, in which line of which block, and what may stand there."""
    here, block = stop.here, stop.block
    first, end = stop.at, stop.at + 1
    if here.kind == LAST and stop.at:
        first, end = stop.at - 1, stop.at
    found = "The end of the text" if here.kind == LAST else f"`{_short(here.text)}`"
    if here.kind in ("_ROW", "_BAR", "_ROW_END"):
        found = "A bar, `|`,"
    where = ""
    if stop.place == "row":
        where = f" in the cell under `{stop.heading}`" if stop.heading else " in this row"
    elif stop.place == "heading":
        where = " in the headings of the table"
    elif stop.label and block is not None and stop.place != "head":
        where = f" in the line `{stop.label_said}` of the {block.kind.said}"
    elif block is not None:
        where = f" in the {block.kind.said}"
    in_line = stop.place in ("inside", "lines") or stop.cell_line is not None
    example = _example(stop) if in_line else ""
    if stop.cell_line is not None and not is_turning(here.text):
        example = f"{example} Or write `none`, where there is no such line.".strip()
    said = _alternatives(stop)
    if len(said) == 1 and said[0].startswith("`"):
        example = f"Write {said[0]}."
    return stop.advice(
        "SIB0218",
        f"{found} does not fit{where}. Here may stand {coming(stop)}.",
        first,
        end,
        mark="does not fit here",
        help=example
        or (
            "Write one of these in its place."
            if is_turning(here.text)
            else "Write one of these in its place, or take it out."
        ),
    )
