"""What is counted, where an amount is added up: `counts Hectares of Parcels`."""

from __future__ import annotations

import re

from sibdsl.syntax.advice.at_hand import at_hand
from sibdsl.syntax.stop import Advice, Stop

_OF = re.compile(
    r"(?P<column>[A-Z][\w'&-]*(?: [A-Z0-9][\w'&-]*)*)\s+of\s+(?P<records>[A-Z][\w'&-]*(?: [A-Z0-9][\w'&-]*)*)"
)
_AMOUNTS = ("number", "money", "hours", "count", "percentage", "points", "units")


def amount(stop: Stop) -> Advice | None:
    """The advice where a column of amounts follows `counts`: two rows of one size are two, and no value to be told apart."""
    if stop.rule != "counts" or stop.here.first or stop.here.kind != "NAME":
        return None
    match = _OF.match(stop.text, stop.here.start)
    kinds = {(column, table): kind for column, table, kind in at_hand(stop.text).held}
    kind = kinds.get((match["column"], match["records"]), "") if match else ""
    if match is None or kind.split(" ")[0] not in _AMOUNTS or kind.startswith("number of"):
        return None
    first = stop.here.start if stop.place == "row" else stop.items[stop.begun].start
    where = "under a heading `sums`" if stop.place == "row" else "in a line `sums`"
    return Advice(
        "SIB0213",
        f"{match['column']} holds a {kind}: it is added up, {where}; `counts` counts rows, people or different values.",
        first,
        match.end(),
        "added up?",
        f"Write `{match[0]}` {where}." if stop.place == "row" else f"Write `sums  {match[0]}`.",
    )
