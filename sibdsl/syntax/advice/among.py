"""`among Care Leavers not in Rough Sleepers`: a line that names who may count, and goes on with who may not."""

from __future__ import annotations

import re

from sibdsl.syntax.stop import Advice, Stop

_NAME = r"[A-Z][\w'&-]*(?: [A-Z0-9][\w'&-]*)*"
_OUT = re.compile(
    rf"^among\s+(?P<cohort>{_NAME}),? (?P<rest>(?:(?:but|and|or|who are|which are) )*(?:not|except|excluding|without|other than|save)"
    rf"(?: in| of| also| for)*(?: the)? (?P<out>{_NAME}))"
)


def among(stop: Stop) -> Advice | None:
    """The advice on a word of such a line after its cohort."""
    if stop.block is None or stop.place not in ("lines", "inside"):
        return None
    first = stop.items[stop.line_start(stop.at)].start
    end = stop.items[stop.line_end(stop.at) - 1].end
    match = _OUT.match(stop.text[first:end])
    if match is None or not first + match.start("rest") <= stop.here.start < first + match.end("rest"):
        return None
    return Advice(
        "SIB0204",
        f"A line `among` names who may count. That {match['out']} do not is said by what the records hold of them.",
        first + match.start("rest"),
        first + match.end("rest"),
        "who does not count?",
        f"Take it out, and leave {match['out']} out by a line `not if` in the cohort {match['cohort']}.",
    )
