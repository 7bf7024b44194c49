"""What the reference program answers: outcomes, amounts and row statuses.

Units: money is in pounds, exact to the penny; dates are calendar days, both ends of a period
inside it. Source of the shapes: the project's records reference.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from tests.oracle.rows import RowStatus, Status

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind: TypeAlias = Literal["payment", "set_off", "cap_cut"]
Json: TypeAlias = "str | int | list[Json] | dict[str, Json]"

KINDS: Final[tuple[Kind, ...]] = ("payment", "set_off", "cap_cut")

ENGAGEMENT: Final = "Engagement"
JOB_ENTRY: Final = "Job Entry"
JOB_SUSTAINMENT: Final = "Job Sustainment"


@dataclass(frozen=True, slots=True)
class Claim:
    """One outcome that counts, and the record that earned it.

    `band` is `None` for Engagement. `row` is in the table `engagements` for Engagement
    and in the table `jobs` for the others.
    """

    metric: str
    band: str | None
    person_id: str
    achieved_on: dt.date
    row: int


@dataclass(frozen=True, slots=True)
class Quantity:
    """How many outcomes of a metric and band fell in a stated quarter (zeros included)."""

    period_start: dt.date
    period_end: dt.date
    metric: str
    band: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Payment:
    """What a payer owes for a stated quarter, in pounds, net of set-off and cap cuts.

    Advances are not part of it. There is one for the CCG, one for MHEP and one for each
    fund whose time overlaps the quarter, zeros included.
    """

    period_start: dt.date
    period_end: dt.date
    payer: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Total:
    """One kind of amount for a stated quarter and payer, in pounds, never below 0.

    A payer's net payment is its 'payment' less its 'set_off' less its 'cap_cut'.
    """

    period_start: dt.date
    period_end: dt.date
    payer: str
    kind: Kind
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Advance:
    """A block payment due by the as-of date, in pounds."""

    due_on: dt.date
    payer: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Answer:
    """All that the contract says about a set of records as of a date.

    `claims` holds every outcome that counts by the as-of date, also those of a quarter
    that has not ended; `quantities`, `payments` and `totals` hold stated quarters only.
    """

    as_of: dt.date
    quantities: tuple[Quantity, ...]
    payments: tuple[Payment, ...]
    totals: tuple[Total, ...]
    advances: tuple[Advance, ...]
    row_counts: Mapping[str, Mapping[Status, int]]
    row_statuses: Mapping[str, tuple[RowStatus, ...]]
    claims: tuple[Claim, ...]


def to_json(answer: Answer) -> dict[str, Json]:
    """Give the answer in the shape of a case's `expected.json`, every stated quarter.

    Quantities and payments of 0 are shown; row statuses that no row has are left out.
    """
    periods: dict[dt.date, dict[str, Json]] = {}
    quantities: dict[dt.date, dict[str, Json]] = {}
    payments: dict[dt.date, dict[str, Json]] = {}
    for quantity in answer.quantities:
        start = quantity.period_start
        if start not in periods:
            quantities[start] = {}
            payments[start] = {}
            periods[start] = {
                "period_start": start.isoformat(),
                "period_end": quantity.period_end.isoformat(),
                "quantities": quantities[start],
                "payments": payments[start],
            }
        name = quantity.metric
        if quantity.band is not None:
            name = f"{quantity.metric}.{quantity.band}"
        quantities[start][name] = quantity.count
    for payment in sorted(answer.payments, key=lambda payment: payment.payer):
        payments[payment.period_start][payment.payer] = f"{payment.amount:.2f}"
    rows: dict[str, Json] = {}
    for name, counts in answer.row_counts.items():
        rows[name] = {str(status): count for status, count in counts.items() if count}
    return {
        "as_of": answer.as_of.isoformat(),
        "periods": list(periods.values()),
        "rows": rows,
    }
