"""What stops a run of which more rows are invalid than the call allows. Source of the rule: records reference, 'A limit on invalid rows'."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import islice

from attrs import frozen

from sibdsl import money
from sibdsl.diagnostics import Problems
from sibdsl.records import REJECTED
from sibdsl.settle.run import ProgrammePaid

_SHOWN = 3


@frozen
class RejectedAllowed:
    """How many rows of each table may be invalid: so many, or with `share` so much of all its rows, as a fraction of one."""

    most: Fraction
    share: bool

    @classmethod
    def read(cls, text: str) -> RejectedAllowed:
        """From `5%`, `0.5%` or `20`. Raises ValueError for anything else."""
        found = re.fullmatch(r"(\d{1,9}(?:\.\d{1,9})?)\s*(%?)", text.strip(), re.ASCII)
        if found is None or (found[2] and Fraction(found[1]) > 100) or (not found[2] and "." in found[1]):
            raise ValueError(text)
        return cls(Fraction(found[1]) / (100 if found[2] else 1), bool(found[2]))

    def __str__(self) -> str:
        return f"{money.number(self.most * 100)}%" if self.share else f"{int(self.most):,}"


def stop_if_rejected(paid: ProgrammePaid, allowed: RejectedAllowed) -> None:
    """Stop where a table has more invalid rows than the call allows, while the run is open. Raises Refused (SIB0795) with the first of them."""
    problems = Problems()
    for name, volumes in paid.volumes.items():
        of_contract = "" if paid.payments.programme.alone else f" of {name}"
        for table, account in volumes.accounts.items():
            number = account.rejected
            if number <= (allowed.most * account.rows if allowed.share else allowed.most):
                continue
            invalid = (row for row in volumes.rows() if row.records == table and row.status == REJECTED)
            first = list(islice(invalid, _SHOWN))
            told = "; ".join(f"{row.source} row {row.row}: {row.reason}" for row in first)
            more = f"; and {number - len(first):,} more" if number > len(first) else ""
            problems.add(
                "SIB0795",
                f"{number:,} of {account.rows:,} rows of {table}{of_contract} {'is' if number == 1 else 'are'} invalid, and the call allows at "
                f"most {allowed}: {told}{more}. Nothing is stated.",
                help="Put the rows right, and run this again. `--rows FILE.csv` has the reason of each.",
            )
    problems.stop_on_errors()
