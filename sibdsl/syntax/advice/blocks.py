"""Blocks: their kinds and Names, their ends, and what stands between them."""

from __future__ import annotations

from attrs import evolve

from sibdsl.diagnostics import Label
from sibdsl.english import listed
from sibdsl.syntax.advice.heads import NAME
from sibdsl.syntax.grammar_tables import LAST
from sibdsl.syntax.recover import ending_at, head_at
from sibdsl.syntax.stop import Advice, Mend, Open, Stop
from sibdsl.syntax.vocabulary import Kind, alike, vocabulary

#: What people call a kind of block, and what the language calls it.
CALLED = {
    "amendment": "variation", "amend": "variation", "parameters": "particulars", "parameter": "particulars",
    "particular": "particulars", "party": "parties", "tariff": "payment", "fee": "payment", "outcome": "metric",
    "output": "metric", "indicator": "metric", "advance": "block advance", "lookup": "table", "cohorts": "cohort",
    "definition": "metric", "banding": "bands", "band": "bands", "record": "records", "dataset": "records",
    "case": "example", "test": "example", "agreement": "contract", "deed": "contract", "condition": "rule",
    "ceiling": "cap", "limit": "cap", "program": "programme", "pack": "rule pack", "loan": "investment",
}  # fmt: skip


def _sorts(kind: Kind) -> tuple[str, ...]:
    return tuple(vocabulary().sorts[word] for word in kind.words)


# ------------------------------------------------------------------ between blocks


def outside(stop: Stop) -> Advice | None:
    """A word where only a block may begin."""
    if stop.place != "outside":
        return None
    here = stop.here
    if here.kind == "END":
        end = stop.line_end(stop.at)
        return stop.advice(
            "SIB0211",
            f"`{stop.said(stop.at, end)}` ends a block, but no block is open here.",
            stop.at,
            end,
            mark="nothing to end",
            help="Take it out; or look above for a block that ended too early.",
        )
    before = stop.before
    if before is not None and before.line == here.line and _after_end(stop):
        split = _end_above(stop)
        if split is not None:
            return split
        end = stop.line_end(stop.at)
        return stop.advice(
            "SIB0211",
            "A block ends with `end` and its kind, and nothing after them.",
            stop.at,
            end,
            mark="not wanted here",
            help="Take it out.",
            mend=Mend((), end),
        )
    return _kind_misnamed(stop) or _line_outside(stop) or _stray(stop)


def _end_above(stop: Stop) -> Advice | None:
    """An `end` without its kind, to which the kind that begins the next block was taken to belong."""
    first = stop.line_start(stop.at)
    if not first or stop.items[first - 1].kind != "END":
        return None
    said = stop.said(first, stop.at)
    return stop.advice(
        "SIB0211",
        "`end` does not say what it ends; a block ends with `end` and its kind.",
        first - 1,
        first,
        mark="ends what?",
        help=f"Add `{said}`.",
        mend=Mend(tuple(item.kind for item in stop.items[first : stop.at]), stop.at),
    )


def _after_end(stop: Stop) -> bool:
    return _after_end_at(stop, stop.at)


def _after_end_at(stop: Stop, at: int) -> bool:
    first = stop.line_start(at)
    return any(item.kind == "END" for item in stop.items[max(0, first - 1) : at])


def _kind_misnamed(stop: Stop) -> Advice | None:
    here = stop.here
    if here.kind == "NAME":
        return _kind_in_capitals(stop)
    if here.kind != "WORD" and here.kind not in vocabulary().fixed:
        return None
    kinds = {kind.said: kind for kind in vocabulary().kinds.values()}
    end = stop.line_end(stop.at)
    for length in (2, 1):
        if stop.at + length > end:
            continue
        said = stop.said(stop.at, stop.at + length)
        after = stop.item(stop.at + length)
        meant = kinds.get(CALLED.get(said, "")) or kinds.get(alike(said, kinds) or "")
        if meant is None or (after.kind == "NAME" and after.first):
            continue
        begins = after.kind in ("NAME", "CLAUSE") if meant.named else after.kind in ("CLAUSE", "_ROW")
        if begins or (said not in _labels() and here.first and stop.at + length == end):
            return stop.advice(
                "SIB0217",
                f"`{said}` is not a kind of block. Did you mean `{meant.said}`?",
                stop.at,
                stop.at + length,
                mark=f"`{meant.said}`?",
                help=f"Write `{meant.said}`.",
                mend=Mend(_sorts(meant), stop.at + length),
            )
    return None


def _labels() -> frozenset[str]:
    return frozenset(label[0] for kind in vocabulary().kinds.values() for label in kind.labels)


def _kind_in_capitals(stop: Stop) -> Advice | None:
    words = stop.here.text.split()
    kinds = {kind.said: kind for kind in vocabulary().kinds.values()}
    for length in (2, 1):
        said = " ".join(words[:length])
        low = said.casefold()
        meant = kinds.get(low) or kinds.get(CALLED.get(low, "")) or kinds.get(alike(low, kinds) or "")
        if meant is None or len(words) < length:
            continue
        rest = stop.here.text[len(said) :].strip()
        after = stop.item(stop.at + 1)
        if rest and not NAME.fullmatch(rest):
            continue
        if not rest and meant.named and (after.first or after.kind != "NAME"):
            continue
        feed = (*_sorts(meant), *(("NAME",) if rest and meant.named else ()))
        start = stop.here.start
        return Advice(
            "SIB0217",
            f"`{said}` is written with a capital; the language's own words are in small letters.",
            start,
            start + len(said),
            "small letters",
            f"Write `{meant.said}`.",
            mend=Mend(feed, stop.at + 1),
        )
    return None


def _line_outside(stop: Stop) -> Advice | None:
    here = stop.here
    end = stop.line_end(stop.at)
    if here.kind in ("_ROW", "_ROW_END") or stop.items[end - 1].kind == "_ROW_END":
        return stop.advice(
            "SIB0203",
            "This row stands outside every block; a table belongs to the block that it ends.",
            stop.at,
            end,
            mark="outside every block",
            help="Move it into a block, before the block's `end`.",
        )
    takers = [
        kind
        for kind in vocabulary().kinds.values()
        if any(stop.spells(stop.at, label) or label[:1] == (here.text,) for label in kind.labels)
    ]
    if not takers:
        return None
    return stop.advice(
        "SIB0203",
        f"`{here.text}` begins a line of {some([kind.a for kind in takers])}, but no block is open here.",
        stop.at,
        stop.at + 1,
        mark="outside every block",
        help="Write the line that opens its block above it, such as "
        f"`{takers[0].said} {'Name [clause]' if takers[0].named else ''}`, or move it into a block.",
    )


def some(said: list[str]) -> str:
    """A few things as a list in words."""
    if len(said) > 3:
        return f"{', '.join(said[:3])} and others"
    return listed(said, "or")


def _stray(stop: Stop) -> Advice:
    end = stop.line_end(stop.at)
    return stop.advice(
        "SIB0216",
        "These words stand between blocks and say nothing to the contract.",
        stop.at,
        end,
        mark="belongs to no block",
        help="Put `--` before them to keep them as a remark, or take them out.",
    )


# ------------------------------------------------------------------ ends


def ending(stop: Stop) -> Advice | None:
    """The words after `end`."""
    block = stop.block
    if block is None or stop.place != "end":
        return None
    first = max(rung.first for rung in stop.stack if rung.symbol == "END")
    kind, after = ending_at(stop.items, first)
    if stop.here.first:
        return stop.advice(
            "SIB0211",
            f"`{stop.said(first, stop.at)}` does not say what it ends; `{block.title}` is open "
            f"(line {stop.items[block.first].line}).",
            first,
            stop.at,
            mark="ends what?",
            help=f"Write `{block.closing}`.",
            closes=stop.at,
        )
    if kind is not None and any(outer.kind == kind for outer in stop.opened[:-1]):
        return _still_open(stop, block, first, after, closes=first)
    if kind is None and (not stop.items[first].first or _ends_later(stop, block, after)):
        return stop.advice(
            "SIB0218",
            "`end` does not fit here: it ends a block, and the block's kind comes after it.",
            first,
            first + 1,
            mark="does not fit here",
            help="Write what was meant in its place, or take it out.",
            mend=Mend((), after, after="line"),
        )
    said = stop.said(first + 1, after)
    whole = stop.said(first, after)
    if kind is None and alike(said, [block.kind.said]):
        message = f"`{said}` is not a kind of block. Did you mean `{block.kind.said}`?"
        return stop.advice(
            "SIB0211", message, first + 1, after, mark=f"`{block.kind.said}`?",
            help=f"Write `{block.kind.said}`.", closes=after,
        )  # fmt: skip
    if kind is not None:
        message = (
            f"`{whole}` ends {kind.a}, but the block that is open is "
            f"`{block.title}` (line {stop.items[block.first].line})."
        )
    else:
        message = f"A block ends with `end` and its kind; `{block.title}` ends with `{block.closing}`."
    if kind is not None and (block.kind.rule == "variation" or _ends_later(stop, block, after)):
        return stop.advice(
            "SIB0211",
            message,
            first,
            after,
            mark="ends what?",
            help="Take it out; or write the line above that the block begins with.",
            mend=Mend((), after, after="line"),
        )
    advice = stop.advice(
        "SIB0211",
        message,
        first,
        after,
        mark=f"`{block.closing}`?",
        help=f"Write `{block.closing}`.",
        closes=after,
    )
    return evolve(advice, labels=(_head_label(stop, block),))


def _ends_later(stop: Stop, block: Open, after: int) -> bool:
    """Whether the block's own `end` stands further down, before another block begins."""
    for at in range(after, len(stop.items)):
        if stop.items[at].kind == "END" and stop.items[at].first:
            return ending_at(stop.items, at)[0] == block.kind
        if head_at(stop.items, at, None):
            return False
    return False


def _head_label(stop: Stop, block: Open) -> Label:
    end = block.first + len(block.kind.words) + (1 if block.name else 0)
    return stop.label_at(block.first, end, "still open")


def unclosed(stop: Stop) -> Advice | None:
    """Another block, or the end of the text, where a block is still open."""
    block = stop.block
    if block is None or stop.place == "end":
        return None
    here = stop.here
    if (
        stop.place == "head"
        and stop.line_start(block.first) < block.first
        and _after_end_at(stop, block.first)
    ):
        return stop.advice(
            "SIB0211",
            "A block ends with `end` and its kind, and nothing after them.",
            block.first,
            stop.at,
            mark="not wanted here",
            help="Take it out.",
            closes=stop.at,
        )
    if here.kind == LAST:
        return _text_ends(stop, block)
    kind = head_at(stop.items, stop.at, block)
    given = "GIVEN" in stop.takes | stop.floor_takes and stop.item(stop.at + 2).kind == "_ROW"
    if here.first and here.text == "records" and given:
        return stop.advice(
            "SIB0213",
            f"`{stop.said(stop.at, stop.at + 2)}` stands alone in an example: are these records given?",
            stop.at,
            stop.at + 2,
            mark="`given` is missing before this",
            help=f"Write `given {stop.said(stop.at, stop.at + 2)}`.",
            mend=Mend(("GIVEN",), stop.at),
        )
    if kind is not None:
        end = stop.at
        while end < stop.line_end(stop.at) and stop.items[end].kind not in ("TEXT", "_ROW"):
            end += 1
        return _still_open(stop, block, stop.at, end, closes=stop.at)
    outer = stop.opened[:-1]
    if here.first and here.kind in ("ADD", "REPLACE", "REMOVE") and outer:
        return _still_open(stop, block, stop.at, stop.at + 1, closes=stop.at)
    return None


def added(stop: Stop) -> Advice | None:
    """What a variation adds or puts in place, without its kind."""
    before, here = stop.before, stop.here
    if (
        before is None
        or before.text not in ("add", "replace")
        or stop.block is None
        or stop.label != (before.text,)
    ):
        return None
    ends = next((at for at in range(stop.at, len(stop.items)) if stop.items[at].kind == "END"), None)
    meant = ending_at(stop.items, ends)[0] if ends is not None else None
    if meant is None or not meant.named:
        return None
    sorts = tuple(vocabulary().sorts[word] for word in meant.words)
    if here.kind == "NAME" and not here.first:
        return stop.advice(
            "SIB0213",
            f"After `{before.text}` stands a whole block, which begins with its kind.",
            stop.at,
            stop.at + 1,
            mark=f"`{meant.said}` is missing before this",
            help=f"Write `{meant.said} {here.text}`.",
            mend=Mend(sorts, stop.at),
        )
    if alike(here.text, [meant.said]) and not here.first:
        return stop.advice(
            "SIB0217",
            f"`{here.text}` is not a kind of block. Did you mean `{meant.said}`?",
            stop.at,
            stop.at + 1,
            mark=f"`{meant.said}`?",
            help=f"Write `{meant.said}`.",
            mend=Mend(sorts, stop.at + 1),
        )
    return None


def _still_open(stop: Stop, block: Open, first: int, end: int, *, closes: int) -> Advice:
    """Said of the last word before the place where the `end` belongs."""
    said, line = stop.said(first, end), stop.items[first].line
    outer = stop.items[first].kind == "END"
    advice = stop.advice(
        "SIB0210",
        f"`{block.title}` (line {stop.items[block.first].line}) has not ended where `{said}` "
        f"{'stands' if outer else 'begins'} (line {line}).",
        first - 1,
        first,
        mark=f"`{block.closing}` is missing after this",
        help=f"Add `{block.closing}`, on a line of its own.",
        closes=closes,
    )
    what = "ends what is around it" if outer else "something new begins"
    return evolve(advice, labels=(stop.label_at(first, end, what),))


def _text_ends(stop: Stop, block: Open) -> Advice | None:
    if stop.at == 0:
        return None
    return stop.advice(
        "SIB0210",
        f"The text ends here, but `{block.title}` (line {stop.items[block.first].line}) has not ended.",
        stop.at - 1,
        stop.at,
        mark=f"`{block.closing}` is missing after this",
        help=f"Add `{block.closing}`, on a line of its own.",
        closes=stop.at,
    )


def incomplete(stop: Stop) -> Advice | None:
    """A block that ends before it says what it must."""
    block = stop.block
    if block is None or stop.here.kind != "END" or stop.place != "lines":
        return None
    end = block.first + len(block.kind.words) + (1 if block.name else 0)
    if block.kind.needs_table:
        what = (
            f"{block.kind.a} is a table, and this one has no row" if block.kind.named else "this has no row"
        )
        return stop.advice(
            "SIB0213",
            f"`{block.title}` ends without its table: {what}.",
            block.first,
            end,
            mark="no table",
            help="Write a row of headings and at least one row below it, each on its own line between bars.",
        )
    if block.kind.rule == "example":
        return stop.advice(
            "SIB0213",
            f"`{block.title}` does not say what is expected.",
            block.first,
            end,
            mark="nothing expected",
            help="Write a line `expect` and under it a table of the payments that must result.",
        )
    return None
