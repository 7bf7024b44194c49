"""Whether a learner's row counts at all: only where the employer's account holds one matching commitment, as published.

The scenarios print which error a mismatch makes; here, that the row earns nothing. All learners are in one run. Two commitments
that both match (DLOCK_08) cannot be told from one: of rows that agree in all that is read, the first stands.
"""

from datetime import date
from pathlib import Path

import pytest
from attrs import frozen

from sibdsl import pipeline
from sibdsl.model.parameters.in_force import as_written
from sibdsl.settle.run import pay
from sibdsl.source import Source
from tests.contracts.records_run import write

#: features/datalock_errors.feature, as it stood at this commit.
COMMIT = "0edc33258bc850859a2e1f902a607062e401b0de"

TEXT = """contract Matched Learners
  service period  1 April 2017 to 31 July 2017
  payment period  1 April 2017 to 31 July 2017
  currency        GBP
  years           begin 1 August
  statements      monthly
  rounding        each line, half up, to the penny
end contract

parties
  | party    | role         |
  | Agency   | commissioner |
  | Provider | provider     |
end parties

records Commitments
  one row per    Commitment
  identified by  Learner
  | column              | holds      | blank    |
  | Learner             | person     | rejected |
  | Committed Provider  | identifier | rejected |
  | Committed Course    | identifier | rejected |
  | Committed Price     | money      | rejected |
  | Committed From      | date       | rejected |
end records

records Learning
  one row per  Learner
  | column          | holds      | blank    |
  | Learner         | person     | rejected |
  | Provider Number | identifier | rejected |
  | Course          | identifier | rejected |
  | Price           | money      | rejected |
  | Started On      | date       | rejected |
end records

cohort Learners
  rows        Learning
  joins on    Started On
  if several  earliest Started On
end cohort

metric Matched Learners
  kind     output
  counts   rows of Learning
  among    Learners
  only if  Committed Provider of Commitments is Provider Number
  only if  Committed Course of Commitments is Course
  only if  Committed Price of Commitments is Price
  only if  Committed From of Commitments is on or before Started On
  dated    Started On
end metric

payment Start
  payer     Agency
  payee     Provider
  for each  Matched Learners
  pays      £1
end payment
"""


@frozen
class Lock:
    """What the account has of a learner, and what the return has: provider, course, price and first day."""

    code: str
    committed: tuple[str, str, str, str]
    returned: tuple[str, str, str, str]
    learner: str = "1234"


_STANDARD = ("9999999", "standard 1", "10000", "2017-05-01")
_FRAMEWORK = ("9999999", "framework 450, type 2, pathway 1", "10000", "2017-05-01")


def _other(one: tuple[str, str, str, str], place: int, value: str) -> tuple[str, str, str, str]:
    first, second, third, fourth = (value if at == place else cell for at, cell in enumerate(one))
    return first, second, third, fourth


#: Each is published twice: for a return, and for the end of a period, where the price of DLOCK_07 is 10001 instead of 10010.
LOCKS = [
    Lock("DLOCK_01", _STANDARD, _other(_STANDARD, 0, "1000000")),
    Lock("DLOCK_02", _STANDARD, _STANDARD, learner="3456"),
    Lock("DLOCK_03", _STANDARD, _other(_STANDARD, 1, "standard 2")),
    Lock("DLOCK_04", _FRAMEWORK, _other(_FRAMEWORK, 1, "framework 451, type 2, pathway 1")),
    Lock("DLOCK_05", _FRAMEWORK, _other(_FRAMEWORK, 1, "framework 450, type 3, pathway 1")),
    Lock("DLOCK_06", _FRAMEWORK, _other(_FRAMEWORK, 1, "framework 450, type 2, pathway 2")),
    Lock("DLOCK_07, return", _FRAMEWORK, _other(_FRAMEWORK, 2, "10010")),
    Lock("DLOCK_07, period end", _FRAMEWORK, _other(_FRAMEWORK, 2, "10001")),
    Lock("DLOCK_09", _FRAMEWORK, _other(_FRAMEWORK, 3, "2017-04-30")),
    Lock("none", _FRAMEWORK, _FRAMEWORK),
]


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    """The learners whose rows earn something."""
    folder: Path = tmp_path_factory.mktemp("locks")
    write(
        folder,
        {
            "commitments": [
                ("Learner", "Committed Provider", "Committed Course", "Committed Price", "Committed From"),
                *((f'"{lock.code} 1234"', *(f'"{cell}"' for cell in lock.committed)) for lock in LOCKS),
            ],
            "learning": [
                ("Learner", "Provider Number", "Course", "Price", "Started On"),
                *(
                    (f'"{lock.code} {lock.learner}"', *(f'"{cell}"' for cell in lock.returned))
                    for lock in LOCKS
                ),
            ],
        },
    )
    contract = pipeline.load(Source("matched.sib", TEXT)).contract
    paid = pay(contract, as_written(contract), folder, date(2017, 7, 31))
    with paid.volumes as volumes:
        earning = {claim.person for claim in volumes.claims()}
    assert sum(line.amount for line in paid.payments.lines) == len(earning)
    return frozenset(earning)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.code)
def test_a_row_counts_only_where_a_commitment_matches_it(lock: Lock, counted: frozenset[str]) -> None:
    assert (f"{lock.code} {lock.learner}" in counted) == (lock.code == "none")
