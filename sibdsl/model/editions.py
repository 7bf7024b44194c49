"""Editions of the language: a change of what words mean is a new one, and a contract may name the one it was signed under.

Source of the rule: language reference, 'Editions'. Whoever changes a meaning adds an edition here, keeps the old meaning
behind a question to `reads_as`, and says in that page what changed.
"""

from __future__ import annotations

from sibdsl.model.nodes import Contract

#: Each edition with the version of the program that brought it.
EDITIONS = {1: "0.2.0", 2: "0.3.0"}
NEWEST = max(EDITIONS)


def reads_as(contract: Contract) -> int:
    """The edition under which a contract is read: the one that it names, else the newest."""
    return contract.edition or NEWEST


def time_not_come_is_blank(contract: Contract) -> bool:
    """Whether a test of the time before a date is blank while it is not over and nothing is in it; else nothing is met.

    Until edition 1 rows that stood on the day of the run decided it, whatever date was asked about, a blank one too.
    """
    return reads_as(contract) > 1
