"""What may become of a row of records. Source: records reference, 'Row statuses'."""

from __future__ import annotations

from typing import Literal

from attrs import frozen

Status = Literal["used", "outside", "duplicate", "superseded", "rejected"]

USED: Status = "used"
OUTSIDE: Status = "outside"
DUPLICATE: Status = "duplicate"
SUPERSEDED: Status = "superseded"
REJECTED: Status = "rejected"

#: Every status, in the order in which accounts are read out.
STATUSES: tuple[Status, ...] = (USED, OUTSIDE, DUPLICATE, SUPERSEDED, REJECTED)


@frozen
class Account:
    """How many rows one table had and what became of them; the statuses add up to `rows`.

    Raises:
        ArithmeticError: they do not, so a row was lost or counted twice: a fault of the program.
    """

    rows: int
    used: int = 0
    outside: int = 0
    duplicate: int = 0
    superseded: int = 0
    rejected: int = 0

    def __attrs_post_init__(self) -> None:
        accounted = sum(self.count(status) for status in STATUSES)
        if accounted != self.rows:
            raise ArithmeticError(f"{self.rows} rows read, {accounted} accounted for")

    def count(self, status: Status) -> int:
        """How many rows have this status."""
        counts = {
            USED: self.used,
            OUTSIDE: self.outside,
            DUPLICATE: self.duplicate,
            SUPERSEDED: self.superseded,
            REJECTED: self.rejected,
        }
        return counts[status]
