"""A row that was withdrawn by the as-of date is there for no clause: not among other rows of a person, nor for a column of theirs."""

from datetime import date
from pathlib import Path

from sibdsl import pipeline
from sibdsl.measure import measure
from sibdsl.model.parameters.in_force import as_written
from sibdsl.source import Source
from tests.contracts.records_run import write

TEXT = """contract Tiny
  service period  1 January 2026 to 31 December 2026
  payment period  1 January 2026 to 31 December 2026
  currency        GBP
  years           begin 1 January
  statements      yearly
  rounding        each line, half up, to the penny
end contract

parties
  | party    | role         |
  | Council  | commissioner |
  | Provider | provider     |
end parties

records Headers
  one row per    Header
  identified by  Person ID
  withdrawn on   Struck Out On
  | column        | holds  | blank    |
  | Person ID     | person | rejected |
  | Level         | number | rejected |
  | Struck Out On | date   | allowed  |
end records

records Jobs
  one row per   Job
  withdrawn on  Withdrawn On
  spell         from Started On to Ended On inclusive
  | column       | holds  | blank    |
  | Person ID    | person | rejected |
  | Started On   | date   | rejected |
  | Ended On     | date   | rejected |
  | Withdrawn On | date   | allowed  |
end records

cohort People
  rows        Jobs
  joins on    Started On
  if several  earliest Started On
end cohort

metric First Job In Six Months
  kind    outcome
  counts  rows of Jobs
  among   People
  not if  any day of Jobs is in the 6 months before Started On
  dated   Started On
end metric

metric Job At Level 1
  kind     outcome
  counts   rows of Jobs
  among    People
  only if  Level of Headers is exactly 1
  dated    Started On
end metric

payment Fee
  payer  Council
  payee  Provider
  | for each                | pays |
  | First Job In Six Months | £1   |
  | Job At Level 1          | £1   |
end payment
"""


def test_withdrawn_rows_are_there_for_no_clause(tmp_path: Path) -> None:
    """A's first job is withdrawn on 1 July, so that the second is the first; B's on 1 December, C's never. C's header goes too."""
    jobs = [("Person ID", "Started On", "Ended On", "Withdrawn On")]
    for person, withdrawn in (("A", "2026-07-01"), ("B", "2026-12-01"), ("C", "")):
        jobs += [(person, "2026-02-01", "2026-03-01", withdrawn), (person, "2026-05-01", "2026-06-01", "")]
    headers = [
        ("Person ID", "Level", "Struck Out On"),
        ("A", "1", ""),
        ("B", "1", "2026-12-01"),
        ("C", "1", "2026-07-01"),
    ]
    write(tmp_path, {"jobs": jobs, "headers": headers})
    contract = pipeline.load(Source("tiny.sib", TEXT)).contract

    def counted(day: date) -> dict[str, list[tuple[str, int]]]:
        found: dict[str, list[tuple[str, int]]] = {}
        with measure(contract, as_written(contract), tmp_path, day) as volumes:
            for claim in volumes.claims(stated_only=False):
                found.setdefault(claim.metric, []).append((claim.person, claim.day.month))
        return {metric: sorted(claims) for metric, claims in found.items()}

    assert counted(date(2026, 6, 30)) == {
        "First Job In Six Months": [("A", 2), ("B", 2), ("C", 2)],
        "Job At Level 1": [("A", 2), ("A", 5), ("B", 2), ("B", 5), ("C", 2), ("C", 5)],
    }
    assert counted(date(2026, 7, 1)) == {
        "First Job In Six Months": [("A", 5), ("B", 2), ("C", 2)],
        "Job At Level 1": [("A", 5), ("B", 2), ("B", 5)],
    }
