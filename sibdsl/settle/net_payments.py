"""What two parties pay each other, and what is left of it when the one is taken off the other.

What one pays is never added to what comes back. Source: language reference, 'Amounts below nought'.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from attrs import frozen

Pair = tuple[str, str]
#: Kinds of lines that only come back, and those that may; all others are paid for something.
_BACK = 2
_RANKS = {"recovered": _BACK, "repaid": _BACK, "adjustment": 1, "interest": 1}


@frozen
class BothWays:
    """What `payer` pays `payee` in all, and what comes back; `payer` is the first of the two who pays for something."""

    payer: str
    payee: str
    paid: Fraction
    back: Fraction

    @property
    def net(self) -> Fraction:
        """What the payer pays beyond what comes back; below nought where more comes back."""
        return self.paid - self.back


def coming_back(kinds: Iterable[tuple[Pair, str]]) -> frozenset[Pair]:
    """Of lines, each a payer with a payee and a kind, the pairs whose payments come back to those who pay them.

    They are those who only pay back; and of two parties who pay each other for something, the one whose lines come later.
    """
    ranks: dict[Pair, int] = {}
    for pair, kind in kinds:
        ranks[pair] = min(ranks.get(pair, _BACK), _RANKS.get(kind, 0))
    first: dict[frozenset[str], Pair] = {}
    for pair in sorted(ranks, key=lambda ranked_pair: ranks[ranked_pair]):
        first.setdefault(frozenset(pair), pair)
    return frozenset(pair for pair, rank in ranks.items() if rank == _BACK or first[frozenset(pair)] != pair)


def both_ways(totals: Iterable[tuple[Pair, Fraction]], back: frozenset[Pair]) -> tuple[BothWays, ...]:
    """Of what each payer pays each payee in all, the parties who pay each other."""
    sums = dict(totals)
    return tuple(
        BothWays(payer, payee, sums[payer, payee], sums[payee, payer])
        for payer, payee in sums
        if (payee, payer) in back and (payee, payer) in sums
    )
