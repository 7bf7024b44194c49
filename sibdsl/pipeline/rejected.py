"""How many invalid rows a call allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sibdsl.settle.run import ProgrammePaid
    from sibdsl.settle.too_many_rejected import RejectedAllowed


def rejected_allowed(text: str) -> RejectedAllowed:
    """How many rows of each table may be invalid, as `5%` or `20`. Raises ValueError for anything else."""
    from sibdsl.settle.too_many_rejected import RejectedAllowed

    return RejectedAllowed.read(text)


def stop_if_rejected(paid: ProgrammePaid, allowed: RejectedAllowed) -> None:
    """Stop where a table of a run has more invalid rows than are allowed, while the run is open. Raises Refused (SIB0795).

    Source of the rule: records reference, 'A limit on invalid rows'.
    """
    from sibdsl.settle.too_many_rejected import stop_if_rejected

    stop_if_rejected(paid, allowed)
