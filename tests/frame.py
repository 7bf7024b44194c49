"""A small contract that is complete and sound: what a page's example leaves out is taken from here."""

from __future__ import annotations

from sibdsl.diagnostics import Code, Diagnostic

#: Nothing is found in this text.
BASE = """\
contract Example
  service period  1 April 2016 to 31 March 2019
  payment period  1 April 2016 to 31 March 2020
  currency        GBP
  years           begin 1 April
  statements      quarterly
  rounding        each line, half up, to the penny
end contract

parties
  | party   | role         |
  | Council | commissioner |
  | Charity | provider     |
end parties

records Referrals
  one row per Referral
  | column      | holds  | blank    |
  | Person ID   | person | rejected |
  | Referred On | date   | rejected |
end records

records Jobs
  one row per Job
  spell  from Started On to the day before Ended On, open while blank
  | column         | holds      | blank    |
  | Job ID         | identifier | rejected |
  | Person ID      | person     | rejected |
  | Started On     | date       | rejected |
  | Ended On       | date       | allowed  |
  | Hours Per Week | hours      | rejected |
end records

cohort Service Users
  rows        Referrals
  joins on    Referred On
  if several  earliest Referred On
end cohort

bands Hours
  by  Hours Per Week
  | band     | holds              |
  | Under 16 | less than 16 hours |
  | From 16  | at least 16 hours  |
end bands

metric Job Entry
  kind        outcome
  counts      rows of Jobs
  among       Service Users
  only if     Started On is on or after joining date
  held        for 6 weeks from Started On
  dated       on the day after
  per person  first only, over all bands
  if tied     lowest Job ID
  banded by   Hours, as recorded
end metric

payment Job Fee
  payer  Council
  payee  Charity
  | for each  | band     | pays   |
  | Job Entry | Under 16 | £700   |
  | Job Entry | From 16  | £1,350 |
end payment
"""

#: What is said where the frame's own fee pays beside what an example pays.
_BESIDE = frozenset({"SIB0818", "SIB0819", "SIB0820"})


def beside_the_frame(finding: Diagnostic) -> bool:
    """Whether it only says that the frame's own fee, or its metric, is paid beside what an example adds."""
    return finding.code in _BESIDE and ("Job Fee" in finding.message or "Job Entry" in finding.message)


#: Blocks of which a contract has one, so that they need no name.
_ONE = ("contract", "parties", "particulars", "scenarios")
#: Codes whose examples are whole files. Those of the SIB02 family are too: a broken text has no blocks to fit in.
_WHOLE = frozenset({"SIB0446"})


def whole(code: Code, text: str) -> str:
    """The contract that an example of a code's page stands for."""
    of_syntax = code.code.startswith("SIB02") and code.code < "SIB0226"
    return text if code.code in _WHOLE or of_syntax else complete(text)


def complete(excerpt: str) -> str:
    """The sound contract with the excerpt's blocks in place of its own of the same kind and name, and any others after."""
    mine: dict[str, list[str]] = {}
    for block in _blocks(excerpt):
        mine.setdefault(_key(block), []).append(block)
    kept = [one for block in _blocks(BASE) for one in mine.pop(_key(block), [block])]
    return "\n".join([*kept, *(block for blocks in mine.values() for block in blocks)])


def _blocks(text: str) -> list[str]:
    found: list[str] = []
    lines: list[str] = []
    for line in text.splitlines(keepends=True):
        if lines or line.strip():
            lines.append(line)
        if line.startswith("end "):
            found.append("".join(lines))
            lines = []
    return [*found, "".join(lines)] if lines else found


def _key(block: str) -> str:
    head = next(line for line in block.splitlines() if line.strip() and not line.startswith("--"))
    kind = next((one for one in _ONE if head.split(" ")[0] == one), "")
    return kind or head.split("[")[0].split('"')[0].strip()
