"""What limits payments: a row of a cap, or of a payment's own limit, as one of five kinds.

A row holds its fields as a contract in JSON has them; what they say together is said here. Whoever treats the kinds in their own
ways matches over `Bound` and ends with `assert_never`. What a payment says of its own sum to date or of a sum worked out (a
floor, a collar) is part of that term, which `nodes.Term` tells apart. Source: language reference, 'Caps'.
"""

from __future__ import annotations

from typing import TypeAlias

from attrs import frozen

from sibdsl.model.nodes import Amount, CapRow, Selection, SharedRow, ShareOf, TopUp


@frozen
class InAll:
    """What the payments come to, all of them together, is at most `amount`."""

    amount: Amount


@frozen
class Pot:
    """What the payments come to by a day is at most what is there by then: `amount` from the first day, and what was added."""

    amount: Amount
    topped_up: tuple[TopUp, ...]


@frozen
class ReturnOn:
    """What is paid on a day is at most what is owed by then on an investment that bears `rate` a year."""

    rate: Amount
    investment: str


@frozen
class ForEachPerson:
    """What the results of each person earn comes to at most `amount`, each person on their own."""

    amount: Amount


@frozen
class ShareOfPayments:
    """What the payments come to is at most the percentage `part` of payments: of these, or of others."""

    part: Amount
    of: ShareOf

    @property
    def payments(self) -> Selection:
        """The payments of which it is a share."""
        return self.of.payments


Bound: TypeAlias = InAll | Pot | ReturnOn | ForEachPerson | ShareOfPayments


def bound(row: CapRow | SharedRow) -> Bound:
    """What a row limits, and how. A row that contracts share limits what they come to in all, or by what is in a pot by then."""
    match row:
        case CapRow(share_of=ShareOf() as share):
            return ShareOfPayments(row.amount, share)
        case CapRow(per="person"):
            return ForEachPerson(row.amount)
        case CapRow(topped_up=(_, *_)) | SharedRow(topped_up=(_, *_)):
            return Pot(row.amount, row.topped_up)
        case CapRow(return_on=str(name)) if name:
            return ReturnOn(row.amount, name)
        case _:
            return InAll(row.amount)


def for_each_person(row: CapRow | SharedRow) -> bool:
    """Whether a row limits what each person's results earn, each on their own."""
    return isinstance(bound(row), ForEachPerson)
