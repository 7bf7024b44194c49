"""A code that a table lacks makes a column that is worked out from it blank: the run says so, and the row says why."""

from datetime import date
from pathlib import Path

from sibdsl.compile import compile_source
from sibdsl.measure import measure
from sibdsl.model.parameters.in_force import as_written
from sibdsl.source import Source

TEXT = """
contract Care
  service period  1 April 2026 to 31 March 2027
  payment period  1 April 2026 to 31 March 2027
  currency        GBP
  years           begin 1 April
  statements      yearly
  rounding        each line, half up, to the penny
end contract

parties
  | party   | role         |
  | Council | commissioner |
end parties

table Placements [1]
  | Code | Weekly |
  | "F1" | £100   |
end table

records Stays
  define  Cost as Weekly read at Code times days from Began On to Left On divided by 7
  | column    | holds  | blank    |
  | Person ID | person | rejected |
  | Code      | text   | rejected |
  | Began On  | date   | rejected |
  | Left On   | date   | rejected |
end records

cohort Children [2]
  rows        Stays
  joins on    Began On
  if several  earliest Began On
end cohort

metric Cost Of Care [3]
  kind   input
  sums   Cost of Stays
  among  Children
  dated  Began On
end metric
"""


def test_a_code_that_the_table_lacks_is_told(tmp_path: Path) -> None:
    (tmp_path / "stays.csv").write_text(
        "Person ID,Code,Began On,Left On\nA,F1,2026-05-01,2026-05-11\nB,F9,2026-05-01,2026-05-11\n",
        encoding="utf-8",
    )
    contract = compile_source(Source("care.sib", TEXT)).contract
    with measure(contract, as_written(contract), tmp_path, date(2027, 3, 31)) as volumes:
        assert [volume.number * 7 for volume in volumes.quantities] == [1_000]
        (warning,) = volumes.warnings
        assert (warning.code, "Placements has no row for 1 code of Code" in warning.message) == (
            "SIB0623",
            True,
        )
