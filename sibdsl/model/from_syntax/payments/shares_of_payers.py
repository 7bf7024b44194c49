"""Payers who share each line: parts on the `payer` line, or a table of payers and shares."""

from __future__ import annotations

from fractions import Fraction

from attrs import evolve

from sibdsl import money
from sibdsl.diagnostics import Label
from sibdsl.model.from_syntax.amounts import amount
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.table_cells import Cell, heading_key
from sibdsl.model.from_syntax.value_kinds import SAID, Here
from sibdsl.model.nodes import Amount, Payers, Share, Value
from sibdsl.source import Span
from sibdsl.syntax import Block, Node, Word

_HELP = "Write percentages that add up to 100%, or give one payer `the rest`."


def has_shares(block: Block) -> bool:
    """Whether the block's table is one of shares."""
    heads = block.table.nodes("heading_row")[0].nodes("heading") if block.table else []
    return any(heading_key(head) == "share" for head in heads)


def shares_on_line(reader: Reader, line: Node, clause: str) -> Payers | None:
    """`70% Council, the rest Fund`, `Council Share from Council, the rest from Fund`; None after a complaint."""
    shares: list[Share] = []
    for part in line.nodes("part"):
        *named, party = part.words("NAME")
        name = reader.name(party, "party", clause=clause)
        by_name = [evolve(part, kind="path", children=(word,), span=word.span) for word in named]
        word = next(iter((*by_name, *part.words("PERCENT", "FRACTION", "MONEY"))), None)
        share = _share(reader, word, clause) if word else None
        if not name or (word is not None and share is None):
            return None
        shares.append(Share(name, share, span=part.span))
    return _whole(reader, shares, line.span, clause)


def shares_in_table(reader: Reader, block: Block, clause: str) -> Payers | None:
    """A table headed `payer` and `share`; None after a complaint."""
    table = reader.table(block, block.table, ("payer", "share", "note", "source"), ("payer", "share"))
    line = reader.one(block, "payer")
    if line is not None:
        reader.problems.add(
            "SIB0431",
            "`payer` stands both on a line and over a column, so it is said twice.",
            table.span,
            clause=clause,
            mark="said here too",
            help="Keep the line, or the table of payers and shares.",
            labels=(Label(line.span, "and here"),),
        )
        return None
    shares: list[Share] = []
    for row, span in zip(table.rows, table.spans, strict=True):
        if "payer" not in row or "share" not in row:
            return None
        word = next((one for one in row["payer"].node.walk() if isinstance(one, Word)), None)
        name = reader.name(word, "party", clause=clause) if word and row["payer"].name else ""
        if not row["payer"].name:
            _not_a(reader, row["payer"], "a party", "Write the name of one party.", clause)
        cell = row["share"]
        share = None if cell.word == "the rest" else _share(reader, cell.part, clause)
        if not name or (share is None and cell.word != "the rest"):
            return None
        shares.append(Share(name, share, span=span))
    return _whole(reader, shares, table.span, clause)


def _not_a(reader: Reader, cell: Cell, what: str, help_: str, clause: str) -> None:
    reader.problems.add(
        "SIB0420", f"{what.capitalize()} is named here; this is not a name.", cell.span, clause=clause,
        mark="not a name", help=help_,
    )  # fmt: skip


def _share(reader: Reader, part: object, clause: str) -> Amount | None:
    """A percentage, a fraction or an amount of money."""
    if not isinstance(part, (Node, Word)):
        return None
    found = amount(reader, part, Here(clause=clause, values=reader.values))
    if found is None or found.kind in ("percentage", "money"):
        return found
    if isinstance(found, Value) and isinstance(part, Word) and part.kind == "FRACTION":
        return evolve(found, kind="percentage")
    reader.problems.add(
        "SIB0413",
        f"A share is a percentage or an amount of money; this is {SAID[found.kind]}.",
        found.span,
        clause=clause,
        mark=f"{SAID[found.kind]}, not a share",
        help="Write such as 70%, 1/3, £100 or `the rest`.",
    )
    return None


def _whole(reader: Reader, shares: list[Share], span: Span, clause: str) -> Payers | None:
    """The payers together, if their shares make one whole."""

    def wrong(code: str, message: str, mark: str, help_: str, where: Span, *labels: Label) -> None:
        reader.problems.add(code, message, where, clause=clause, mark=mark, help=help_, labels=labels)

    seen: dict[str, Share] = {}
    for share in shares:
        if share.payer in seen:
            said = f"{share.payer} has two shares of the same line."
            first = Label(seen[share.payer].span, "the first is here")
            wrong("SIB0450", said, "a second share", "Add the two shares together.", share.span, first)
            return None
        seen[share.payer] = share
    rests = [share for share in shares if share.part is None]
    kinds = {share.part.kind for share in shares if share.part is not None}
    if len(rests) > 1:
        said = "Two payers are to pay the rest, and nothing says how they share it."
        wrong("SIB0450", said, "the rest again", "Give all but one of them a percentage.", rests[1].span)
    elif len(kinds) > 1:
        said = "One payer has a percentage and another an amount: it is open which comes first."
        help_ = "Write percentages alone, or amounts and one payer who pays the rest."
        wrong("SIB0450", said, "a percentage and an amount", help_, span)
    elif not kinds or len(shares) < 2:
        wrong(
            "SIB0450",
            "One payer who pays all of it shares with nobody.",
            "no other payer",
            "Write the payer alone.",
            span,
        )
    elif kinds == {"money"} and not rests:
        said = "The payers have amounts, and nobody pays what a line comes to beyond them."
        wrong("SIB0450", said, "and beyond these?", "Let one payer pay `the rest`.", span)
    elif kinds == {"percentage"}:
        return _adds_up(reader, shares, span, clause)
    else:
        return Payers((), "result", tuple(shares), span=span)
    return None


def _adds_up(reader: Reader, shares: list[Share], span: Span, clause: str) -> Payers | None:
    given = [share.part for share in shares if share.part is not None]
    rest = len(given) < len(shares)
    total = Fraction(0)
    known = True
    for part in given:
        if isinstance(part, Value) and isinstance(part.value, Fraction):
            total += part.value
        else:
            known = False
    enough = total > 1 or (known and total == 1 and rest) or (known and not rest and total != 1)
    if not enough:
        return Payers((), "result", tuple(shares), span=span)
    left = (
        " already, so nothing is left for the payer of the rest" if rest and total == 1 else ", not to 100%"
    )
    reader.problems.add(
        "SIB0449", f"The shares add up to {money.percent(total)}{left}.", span, clause=clause,
        mark=f"{money.percent(total)} in all", help=_HELP,
    )  # fmt: skip
    return None
