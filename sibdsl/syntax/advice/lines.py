"""Lines of a block: labels misspelt, unknown, or in a block that does not take them."""

from __future__ import annotations

from attrs import evolve

from sibdsl.english import listed
from sibdsl.syntax.advice.blocks import some
from sibdsl.syntax.advice.heads import capitals
from sibdsl.syntax.grammar_tables import LAST, Stack, machine
from sibdsl.syntax.recover import ending_at
from sibdsl.syntax.stop import Advice, Mend, Open, Stop
from sibdsl.syntax.vocabulary import Kind, Phrase, alike, label_of, slips, squeezed, vocabulary

#: What people call a line, and the label that the language has for it.
CALLED: dict[str, str] = {
    "payor": "payer", "paid by": "payer", "payable by": "payer", "pay by": "payer", "recipient": "payee",
    "payable to": "payee", "paid to": "payee", "provider": "payee", "commissioner": "payer",
    "amount": "pays", "price": "pays", "rate": "pays", "fee": "pays", "pay": "pays", "tariff": "pays", "value": "pays",
    "per": "for each", "each": "for each", "for every": "for each", "unit": "for each", "metric": "for each",
    "maximum": "at most", "max": "at most", "up to": "at most", "limit": "at most", "capped at": "at most",
    "no more than": "at most", "not more than": "at most", "cap": "at most", "ceiling": "at most",
    "not exceed": "at most", "not to exceed": "at most", "must not exceed": "at most", "shall not exceed": "at most",
    "limited to": "at most", "not exceeding": "at most",
    "key": "identified by", "primary key": "identified by", "unique key": "identified by", "unique by": "identified by",
    "minimum": "at least", "min": "at least", "no less than": "at least", "not less than": "at least",
    "if": "only if", "when": "only if", "where": "only if", "provided that": "only if", "provided": "only if",
    "subject to": "only if", "on condition that": "only if", "includes": "only if",
    "unless": "not if", "except": "not if", "except if": "not if", "exclude": "not if", "excluding": "not if",
    "excludes": "not if", "never if": "not if",
    "term": "service period", "period": "service period", "duration": "service period", "length": "service period",
    "comment": "note", "remark": "note", "remarks": "note", "description": "says", "text": "says", "wording": "says",
    "quote": "says", "ref": "reference", "title": "reference", "sources": "source", "from": "source", "see": "source",
    "rationale": "reason", "because": "reason", "why": "reason", "justification": "reason",
    "count": "counts", "number of": "counts", "sum": "sums", "total": "sums", "average": "averages", "mean": "averages",
    "date": "dated", "dated on": "dated", "dated by": "dated", "population": "among", "cohort": "among", "of": "among",
    "bands": "banded by", "band": "banded by", "sustained": "held", "sustained for": "held", "kept": "held",
    "retained": "held", "lasting": "held", "for": "held", "type": "kind", "must": "requires", "require": "requires",
    "condition": "requires", "shall": "requires", "check": "tested", "tests": "tested", "scenarios": "against",
    "start": "starts", "starting": "starts", "begins": "starts", "end date": "ends", "expires": "ends", "until": "ends",
    "import": "uses", "imports": "uses", "include": "uses", "use": "uses", "invoicing": "statements",
    "settled": "statements", "settlement": "statements", "billing": "statements", "payment terms": "due",
    "expected": "expect", "then": "expect", "input": "given", "inputs": "given", "assumes": "takes", "is": "takes",
    "against": "set against", "on account of": "set against", "paid": "paid on", "covering": "covers",
    "excluded": "leaves out", "overspend": "excess", "surplus": "excess", "signed": "agreed", "amends": "varies",
    "in force": "effective", "from date": "effective", "delete": "remove", "row": "one row per",
    "rounded": "rounding", "parameters": "with", "recoverable": "taken back", "times": "multiplied by",
    "factor": "multiplied by", "multiply by": "multiplied by", "uplift": "multiplied by", "discount": "multiplied by", "clawback": "taken back",
}  # fmt: skip

#: Where a line belongs that is written in another block, by label and kind of block.
_BELONGS: dict[tuple[str, str], str] = {
    (
        "held",
        "payment",
    ): "Move it to the metric that this payment pays for: a metric says how long a job must last.",
    ("counts", "payment"): "Count in a metric of its own, and pay `for each` of it.",
    (
        "per",
        "payment",
    ): "Move it to the metric that this payment pays for: a metric says how often a person counts.",
    ("payer", "metric"): "Move it to the payment that pays for this metric.",
    ("pays", "metric"): "Move it to a payment with the line `for each` and this metric's Name.",
    ("payer", "cap"): "Say whose payments it covers: `covers  payments from` and the payer's Name.",
    ("held", "cohort"): "Move it to a metric: a cohort says who counts, a metric what must have happened.",
}

_SHOWN = 5


def line(stop: Stop) -> Advice | None:
    """What begins like a line of the block and is not one."""
    block = stop.block
    if (
        block is None
        or stop.place not in ("lines", "rows")
        or stop.here.kind in ("END", LAST, "_BAR", "_ROW_END")
    ):
        return None
    if stop.here.kind == "_ROW":
        return _no_table(stop, block)
    if not stop.here.first:
        return None
    if stop.place == "rows" and exact(stop, block.kind):
        return _after_table(stop, block)
    if stop.here.kind == "TEXT":
        return None
    if stop.here.kind not in ("WORD", "NAME") and stop.here.kind not in vocabulary().fixed:
        return _misspelt(stop, block) or _unknown(stop, block)
    return (
        _out_of_order(stop, block)
        or _misspelt(stop, block, most=0)
        or _called(stop, block)
        or _misspelt(stop, block)
        or _elsewhere(stop, block)
        or _unknown(stop, block)
    )


def shared_word(stop: Stop) -> Advice | None:
    """A line of another block that begins with a word of a line of this one: `held for` where `held back until` may stand."""
    block, start = stop.block, stop.line_start(stop.at)
    if block is None or stop.place != "inside" or stop.at != start + 1:
        return None
    mine = {label[:1] for label in block.kind.labels if len(label) > 1} - set(block.kind.labels)
    at = evolve(stop, at=start)
    return _elsewhere(at, block) if (stop.items[start].text,) in mine else None


def exact(stop: Stop, kind: Kind) -> Phrase | None:
    """The label of the kind of block that stands here, if one does."""
    return next((label for label in kind.labels if stop.spells(stop.at, label_of(label))), None)


def _no_table(stop: Stop, block: Open) -> Advice:
    end = stop.line_end(stop.at)
    if block.kind.rule == "example":
        return stop.advice(
            "SIB0203",
            "A table of an example stands under the word that says what it is: `given` or `expect`.",
            stop.at,
            end,
            mark="given, or expected?",
            help="Write `given` or `expect` on a line of its own above this row.",
        )
    takers = "a payment, a cap or a block advance"
    return stop.advice(
        "SIB0203",
        f"{block.kind.a.strip('`').capitalize()} has no table.",
        stop.at,
        end,
        mark="no table here",
        help=f"Write what the row says as lines of the block, or move the table to {takers}.",
    )


def _after_table(stop: Stop, block: Open) -> Advice:
    label = exact(stop, block.kind) or (stop.here.text,)
    return stop.advice(
        "SIB0219",
        f"`{' '.join(label_of(label))}` stands below the table; in a block the table comes last.",
        stop.at,
        stop.at + len(label_of(label)),
        mark="below the table",
        help="Move this line above the table's headings.",
    )


def _out_of_order(stop: Stop, block: Open) -> Advice | None:
    label = exact(stop, block.kind)
    if label is None or stop.floor_takes & {stop.here.kind}:
        return None
    return stop.advice(
        "SIB0203",
        f"`{' '.join(label_of(label))}` stands below the tables of this {block.kind.said}.",
        stop.at,
        stop.at + len(label_of(label)),
        mark="comes too late",
        help="Move the line above the first `given` and `expect`; every `given` comes before the first `expect`.",
    )


def _candidates(stop: Stop) -> list[tuple[int, str]]:
    """The first three, two and one words of the line, and what stands before its first space, with their lengths."""
    end = stop.line_end(stop.at)
    said, after = stop.glued(stop.at)
    glued = [(after - stop.at, said)] if after > stop.at + 1 else []
    return [*((n, stop.said(stop.at, stop.at + n)) for n in (3, 2, 1) if stop.at + n <= end), *glued]


def _misspelt(stop: Stop, block: Open, *, most: int = 3) -> Advice | None:
    """A label with at most so many slips of the pen."""
    labels = {" ".join(label_of(label)): label_of(label) for label in block.kind.labels}
    labels |= {block.closing: ("end", *block.kind.words)}
    best: tuple[int, int, str] | None = None
    for length, said in _candidates(stop):
        meant = alike(said, labels)
        if meant is not None:
            key = (slips(squeezed(said), squeezed(meant)), -length, meant)
            best = key if best is None else min(best, key)
    if best is None:
        return None
    much, minus, meant = best
    length = -minus
    if much > most or (length == 1 and much and _takers(stop.here.text)):
        return None
    said = stop.slice(stop.at, stop.at + length)
    feed = tuple(vocabulary().sorts[word] for word in labels[meant])
    if meant == block.closing:
        return stop.advice(
            "SIB0211", f"`{said}` is not how a block ends. Did you mean `{meant}`?", stop.at, stop.at + length,
            mark=f"`{meant}`?", help=f"Write `{meant}`.", mend=Mend(feed, stop.at + length),
        )  # fmt: skip
    if said.casefold() == meant:
        message = f"`{said}` is written with a capital; the language's own words are in small letters."
    else:
        message = f"`{said}` is not a line of {block.kind.a}. Did you mean `{meant}`?"
    return stop.advice(
        "SIB0202",
        message,
        stop.at,
        stop.at + length,
        mark=f"`{meant}`?",
        help=f"Write `{meant}`.",
        mend=Mend(feed, stop.at + length),
    )


def _takers(word: str) -> list[Kind]:
    return [kind for kind in vocabulary().kinds.values() if any(label[0] == word for label in kind.labels)]


def _elsewhere(stop: Stop, block: Open) -> Advice | None:
    """A label of other blocks."""
    found: dict[Phrase, list[Kind]] = {}
    for kind in vocabulary().kinds.values():
        for label in kind.labels:
            if stop.spells(stop.at, label_of(label)):
                found.setdefault(label_of(label), []).append(kind)
    if not found:
        return None
    label = max(found, key=len)
    misnamed = _misnamed(stop, block, label)
    if misnamed is not None:
        return misnamed
    kinds = [kind.a for kind in found[label]]
    said = " ".join(label)
    where = some(kinds)
    called = _called_label(stop, block)
    known = _BELONGS.get((said, block.kind.rule)) or _BELONGS.get((label[0], block.kind.rule))
    help_ = (
        f"Did you mean `{called[1]}`?"
        if called
        else known or f"{_lines_of(block)} Move this line, or take it out."
    )
    return stop.advice(
        "SIB0203",
        f"`{said}` is a line of {where}; {block.kind.a} does not take it.",
        stop.at,
        stop.at + len(label),
        mark=f"not in {block.kind.a}",
        help=help_,
    )


def begun(stop: Stop) -> Advice | None:
    """A line of other blocks, of which this block has one that begins with the same word: `held for` in a payment."""
    block = stop.block
    if block is None or stop.place != "inside" or stop.at != stop.begun + 1:
        return None
    first = stop.items[stop.begun]
    sorts = vocabulary().sorts
    takers: list[Kind] = []
    for kind in vocabulary().kinds.values():
        stack: Stack | None = machine().start
        for sort in (*(sorts[word] for word in kind.words), "NAME", first.kind, stop.here.kind):
            stack = machine().step(stack, sort, 0) if stack is not None else None
        if stack is not None:
            takers.append(kind)
    if not takers:
        return None
    known = _BELONGS.get((first.text, block.kind.rule))
    return stop.advice(
        "SIB0203",
        f"`{first.text}` is a line of {some([kind.a for kind in takers])}; {block.kind.a} does not take it.",
        stop.begun,
        stop.begun + 1,
        mark=f"not in {block.kind.a}",
        help=known or f"{_lines_of(block)} Move this line, or take it out.",
    )


def _misnamed(stop: Stop, block: Open, label: Phrase) -> Advice | None:
    """A block that begins as one kind, and whose lines and end are another's."""
    ends = (
        at for at in range(stop.at, len(stop.items)) if stop.items[at].kind == "END" and stop.items[at].first
    )
    end = next(ends, None)
    meant = ending_at(stop.items, end)[0] if end is not None else None
    if (
        meant is None
        or meant == block.kind
        or not meant.named
        or not block.name
        or block.kind.rule == "variation"
    ):
        return None
    if label not in map(label_of, meant.labels):
        return None
    feed = (*(vocabulary().sorts[word] for word in meant.words), "NAME")
    return stop.advice(
        "SIB0217",
        f"This block begins as {block.kind.a}, but its lines and its end are those of {meant.a}.",
        block.first,
        block.first + len(block.kind.words),
        mark=f"`{meant.said}`?",
        help=f"Write `{meant.said}`.",
        mend=Mend(feed, stop.at, after="block"),
    )


def _called_label(stop: Stop, block: Open) -> tuple[int, str] | None:
    labels = {" ".join(label_of(label)) for label in block.kind.labels}
    for length, said in _candidates(stop):
        meant = CALLED.get(said.casefold())
        if meant in labels and meant is not None:
            return length, meant
    return None


def _called(stop: Stop, block: Open) -> Advice | None:
    found = _called_label(stop, block)
    if found is None or stop.here.kind == "NAME":
        return None
    length, meant = found
    said = stop.said(stop.at, stop.at + length)
    return stop.advice(
        "SIB0202",
        f"`{said}` is not a line of {block.kind.a}; the line that says this is `{meant}`.",
        stop.at,
        stop.at + length,
        mark=f"`{meant}`?",
        help=f"Write `{meant}`.",
    )


def _lines_of(block: Open) -> str:
    labels = [f"`{label}`" for label in block.kind.shown]
    common = {"`source`", "`note`", "`says`"}
    labels = [label for label in labels if label not in common] or labels
    if not labels:
        return f"{block.kind.a} is only a table."
    if len(labels) > _SHOWN:
        return f"Its lines are {', '.join(labels[:_SHOWN])} and {len(labels) - _SHOWN} more."
    return f"Its line{'s are' if len(labels) > 1 else ' is'} {listed(labels)}."


def _unknown(stop: Stop, block: Open) -> Advice | None:
    here = stop.here
    meant = alike(
        here.text,
        [" ".join(label_of(label)) for kind in vocabulary().kinds.values() for label in kind.labels],
    )
    if meant is not None:
        takers = [kind.a for kind in vocabulary().takers(tuple(meant.split()))]
        where = f" (a line of {', '.join(takers[:3])})" if takers else ""
        help_ = (
            f"The nearest label is `{meant}`{where}, which {block.kind.a} does not take. {_lines_of(block)}"
        )
    else:
        help_ = _lines_of(block)
    what = (
        "A line begins with a word in small letters"
        if here.kind == "NAME"
        else f"`{here.text}` begins no line"
    )
    if here.kind == "NAME":
        return stop.advice(
            "SIB0202",
            f"{what}; `{here.text}` is a Name. In {block.kind.a} each line begins with its label.",
            stop.at,
            stop.at + 1,
            mark="no label before it",
            help=help_,
        )
    return stop.advice(
        "SIB0202",
        f"{what} of {block.kind.a}.",
        stop.at,
        stop.at + 1,
        mark="not a line that it has",
        help=help_,
    )


def unlabelled(stop: Stop) -> Advice | None:
    """Words in quotes with no label before them."""
    block = stop.block
    if block is None or stop.here.kind != "TEXT" or stop.place not in ("lines", "rows"):
        return None
    labels = [label for label in ("source", "says", "note", "reason") if (label,) in block.kind.labels]
    if not labels or (stop.here.line == stop.items[block.first].line):
        return None
    said = stop.here.text if len(stop.here.text) < 60 else f'{stop.here.text[:50]}..."'
    return stop.advice(
        "SIB0213",
        "These words in quotes have no label: is it a source, a note, or the parties' own words?",
        stop.at,
        stop.at + 1,
        mark="no label before it",
        help=f"Write `{labels[0]}  {said}`; or put another label before it: "
        f"{', '.join(f'`{label}`' for label in labels[1:])}.",
    )


def ending(stop: Stop) -> Advice | None:
    """A line that ends with the block's kind, as its `end` does, where the `end` is missing or something else."""
    block = stop.block
    if block is None or stop.place not in ("lines", "inside", "rows", "row"):
        return None
    first, end = stop.line_start(stop.at), stop.line_end(stop.at)
    words = block.kind.words
    if (
        not 0 <= end - first - len(words) <= 1
        or not stop.spells(end - len(words), words)
        or first <= block.first
    ):
        return None
    said = stop.said(first, end)
    if said == block.closing:
        return None
    return stop.advice(
        "SIB0211",
        f"`{said}` is not how a block ends. Did you mean `{block.closing}`?",
        first,
        end,
        mark=f"`{block.closing}`?",
        help=f"Write `{block.closing}`.",
        closes=end,
    )


def capital_label(stop: Stop) -> Advice | None:
    """A line that begins with a capital: its label and its words are then one Name."""
    block = stop.block
    here = stop.here
    if block is None or stop.place not in ("lines", "rows") or here.kind != "NAME" or not here.first:
        return None
    words = here.text.split()
    labels = {" ".join(label_of(label)): label_of(label) for label in block.kind.labels}
    labels |= {block.closing: ("end", *block.kind.words)}
    for length in (3, 2, 1):
        said = " ".join(words[:length])
        if len(words) < length or said.casefold() not in labels:
            continue
        meant = said.casefold()
        feed = tuple(vocabulary().sorts[word] for word in labels[meant])
        rest = here.text[len(said) :].strip()
        if rest:
            feed = (*feed, "NAME") if rest == capitals(rest) and rest[0].isalpha() else feed
        return Advice(
            "SIB0202",
            f"`{said}` is written with a capital; the language's own words are in small letters.",
            here.start,
            here.start + len(said),
            f"`{meant}`?",
            f"Write `{meant}`.",
            mend=Mend(feed, stop.at + 1),
        )
    return None
