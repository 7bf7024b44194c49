"""The published quarter of Tower Hamlets, paid once for all tests of a module; and the lines of the contract's text."""

from datetime import date
from pathlib import Path

from sibdsl.compile import compile_file
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import as_written
from sibdsl.settle.run import ContractPaid, pay

HERE = Path(__file__).parents[2]
FILE = HERE / "contracts" / "mhep1" / "tower_hamlets.sib"
RECORDS = HERE / "contracts" / "mhep1" / "data" / "2018-q2"
DAY = date(2018, 7, 31)
CONTRACT: Contract = compile_file(FILE).contract


def paid(records: Path = RECORDS, as_of: date = DAY) -> ContractPaid:
    """The run on a folder of records. Its volumes must be closed."""
    return pay(CONTRACT, as_written(CONTRACT), records, as_of)


def line_of(start: str) -> int:
    """The number of the one line of the contract that begins so, blanks in it as they come."""
    found = [
        number
        for number, line in enumerate(FILE.read_text(encoding="utf-8").splitlines(), start=1)
        if " ".join(line.split()).startswith(start)
    ]
    assert len(found) == 1, found
    return found[0]
