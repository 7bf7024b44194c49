"""How much work the proof of a formula may take, and what is known of a formula that has none.

A unit is a term of a sum that is put to sympy; where sums are compared with one another, a term counts for each of them. So the
same formula stops at the same place everywhere, whatever else is asked and however fast the machine.
"""

from __future__ import annotations

from attrs import define, frozen

#: The most units of work that the proof of one formula may take.
MOST_PROOF = 100_000
#: The most terms and steps that all trials of one formula may work out, so that a large one is tried less often; but so often it is.
MOST_TRIED = 1_000_000
FEWEST_TRIALS = 4


@frozen
class TriedFormula:
    """What is known of a formula that is not proved: for how many sets of quantities it was tried, and was right."""

    sets: int
    #: Whether its proof would have taken more than MOST_PROOF; or none was found.
    too_large: bool


class TooLarge(Exception):
    """A proof that takes more work than it may."""


@define
class ProofWork:
    """The units of work that are left to one proof."""

    left: int

    def take(self, units: int) -> None:
        """So many fewer are left. Raises TooLarge where so many are not."""
        self.left -= units
        if self.left < 0:
            raise TooLarge
