"""How much work a proof may take, in z3's own resource units: the same on every run and on every machine.

Seconds would make a verdict hang on what else the machine does. Source: language reference, 'Rules'.
"""

from __future__ import annotations

from attrs import define

#: Units for one question to z3 on which a verdict hangs; for one that only looks for words for it; for all questions about
#: one rule; and for all rules of one call. A desk computer of 2024 spends five to twenty million of them in a second.
QUESTION = 40_000_000
#: What a question takes before it is asked of any numbers in place of whole ones, which is often quicker.
SOON = 2_000_000
WORDING = 1_000_000
RULE = 200_000_000
CALL = 4_000_000_000
#: What a question costs at least, so that easy ones are counted too.
LEAST = 1_000
#: What each term of a problem costs that is written down for z3: about the time that it takes. It is counted for the call
#: alone, so that no verdict on a rule hangs on it while the call has work left.
TERM = 1_000


class Undecided(Exception):
    """The work that a question, a rule or the call may take is spent. `why` says which of them, in words."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


@define
class Purse:
    """What is left for the rules of one call."""

    whole: int = CALL
    spent: int = 0

    @property
    def spent_up(self) -> bool:
        """Whether nothing is left."""
        return self.whole - self.spent < LEAST

    def for_rule(self) -> Meter:
        """What one rule may spend: the same for each of them, whatever is decided beside it, while there is so much left."""
        return Meter(self, min(RULE, self.whole - self.spent))


@define
class Meter:
    """What is left for one rule."""

    purse: Purse
    left: int = RULE

    def allowed(self, most: int = QUESTION) -> int:
        """The units that the next question may take. Raises Undecided when nothing is left."""
        if self.spent_up:
            raise Undecided(self.why)
        return min(most, self.left)

    def write_down(self, terms: int) -> None:
        """Count the terms of a part of a problem before they are written down. Raises Undecided when nothing is left."""
        if self.spent_up:
            raise Undecided(self.why)
        self.purse.spent += terms * TERM

    def spend(self, units: int) -> None:
        """Count what a question took."""
        units = max(LEAST, units)
        self.left -= units
        self.purse.spent += units

    @property
    def spent_up(self) -> bool:
        """Whether nothing is left."""
        return self.left < LEAST or self.purse.spent_up

    @property
    def why(self) -> str:
        """Why nothing is left."""
        if self.purse.spent_up:
            return f"the work of {self.purse.whole:,} units that all rules of one call may take was spent"
        return f"it took more than the {RULE:,} units of work that one rule may take"


def slow(most: int) -> Undecided:
    """What is raised when one question took all that it may."""
    return Undecided(f"a question took more than the {most:,} units of work that it may take")
