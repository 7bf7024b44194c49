"""What cannot be asked of each person, or of another time than a contract has. Source: language reference, 'A limit for each person'."""

from __future__ import annotations

from sibdsl.model.from_syntax.reader import Reader
from sibdsl.source import Span


def no_sum_for_each(reader: Reader, span: Span, said: str, clause: str) -> None:
    """Complain of something for each person that is no limit in money of what their results earn."""
    reader.problems.add(
        "SIB0566",
        said,
        span,
        clause=clause,
        mark="for each person?",
        help="Write a limit such as `at most £8,200 per person over the contract` with `excess lost`, in a cap or a payment.",
    )


def over_a_programme(reader: Reader, span: Span, clause: str) -> None:
    """Complain of `over the programme` in a contract."""
    reader.problems.add(
        "SIB0535",
        "`over the programme` is a time of several contracts, and a clause of one contract knows that contract alone.",
        span,
        clause=clause,
        mark="one contract",
        help="Write `over the contract`, or put the clause into the programme that holds the contracts.",
    )
