"""What the model knows of columns worked out: whether they may be below nought, how fine they are, and what is refused."""

import pytest

from sibdsl.check.structure import findings
from sibdsl.compile import compile_source
from sibdsl.diagnostics import Refused
from sibdsl.model.admissible_quantities.below_nought import Signs
from sibdsl.model.columns_worked_out import fineness, in_parts
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import as_written
from sibdsl.source import Source

TEXT = """
contract Support
  service period  6 April 2026 to 5 April 2028
  payment period  6 April 2026 to 5 April 2028
  currency        GBP
  years           begin 6 April
  statements      quarterly
  rounding        each line, half up, to the penny
end contract

parties
  | party    | role         |
  | Council  | commissioner |
  | Provider | provider     |
end parties

records Courses
  SPELL
  define  Due as FORMULA
  | column    | holds      | blank    | must be     |
  | Person ID | person     | rejected | any         |
  | Began On  | date       | rejected | any         |
  | Left On   | date       | allowed  | any         |
  | Price     | money      | rejected | at least £0 |
  | Paid      | money      | allowed  | at least £0 |
  | Change    | money      | allowed  | any         |
  | Sessions  | count      | allowed  | any         |
  | Share     | percentage | allowed  | any         |
end records

cohort People
  rows        Courses
  joins on    Began On
  if several  earliest Began On
end cohort

metric Fees
  kind    output
  sums    Due of Courses
  among   People
  LINES
end metric

payment Fee
  payer   Council
  payee   Provider
  pays    Fees
  every   quarter at the end
  PAYMENT
end payment
"""


def text(formula: str, *, spell: str = "", lines: str = "dated Began On", payment: str = "") -> str:
    found = TEXT.replace("FORMULA", formula).replace("SPELL", spell)
    return found.replace("LINES", lines).replace("PAYMENT", payment)


def compiled(formula: str, **more: str) -> Contract:
    return compile_source(Source("support.sib", text(formula, **more))).contract


def codes(formula: str, **more: str) -> list[str]:
    with pytest.raises(Refused) as refused:
        compiled(formula, **more)
    return [one.code for one in refused.value.found]


@pytest.mark.parametrize(
    "formula",
    [
        "Price minus Paid",
        "Price plus Change",
        "Share times Price",
        "Price times (Sessions minus 3)",
        "the lower of (Price and Change)",
        "the first given of (Paid and Change)",
        "Price divided by (Sessions minus 3)",
    ],
)
def test_a_payment_that_may_turn_back_is_refused(formula: str) -> None:
    assert codes(formula) == ["SIB0541"]
    contract = compiled(formula, payment="taken back by repayment")
    assert Signs(contract).metric(contract.metrics[0])


@pytest.mark.parametrize(
    "formula",
    [
        "Price",
        "80% of Price divided by Sessions",
        "the higher of (£0 and Price minus Paid)",
        "the first given of (Paid and £0)",
        "Price times days from Began On to Left On",
        "Price divided by month ends from Began On to Left On",
        "the lower of (Price and £9,000)",
    ],
)
def test_what_is_never_below_nought_is_not(formula: str) -> None:
    contract = compiled(formula)
    assert not Signs(contract).metric(contract.metrics[0])
    assert [one.code for one in findings(contract, as_written(contract)) if one.severity == "error"] == []


def test_a_condition_bounds_a_column_worked_out() -> None:
    contract = compiled("Price minus Paid", lines="only if Due is at least £0\n  dated Began On")
    assert not Signs(contract).metric(contract.metrics[0])


@pytest.mark.parametrize(
    ("formula", "whole", "parts"),
    [
        ("Sessions times 3", True, False),
        ("month ends from Began On to Left On", True, False),
        ("Price minus Paid", False, False),
        ("Price times Sessions", False, False),
        ("Price plus £0.01", False, False),
        ("Price divided by 4", False, True),
        ("Price divided by 4 rounded half up to the penny", False, False),
        ("Sessions divided by 2 rounded down to the whole unit", True, False),
        ("80% of Price", False, True),
        ("Price times 1/3", False, True),
        ("Sessions divided by 2", False, True),
        ("the first given of (Price divided by Sessions and £0)", False, True),
    ],
)
def test_how_fine_a_column_is(formula: str, whole: bool, parts: bool) -> None:
    pays = {"lines": "dated Began On", "payment": "taken back never"}
    source = text(formula, **pays).replace(
        "pays    Fees", "pays    £1 times Fees" if "Sessions" in formula[:8] else "pays    Fees"
    )
    source = (
        source.replace("pays    Fees", "pays    £1 times Fees") if formula.startswith("month") else source
    )
    contract = compile_source(Source("support.sib", source)).contract
    table = contract.records[0]
    column = table.column("Due")
    assert column is not None
    assert column.formula is not None
    assert fineness(table, column.formula).whole == whole
    assert in_parts(table, column) == parts


def test_what_is_finer_than_a_file_is_never_rounded_to_choose_or_to_limit() -> None:
    chosen = text("80% of Price").replace("earliest Began On", "highest Due")
    with pytest.raises(Refused) as refused:
        compile_source(Source("support.sib", chosen))
    assert [one.code for one in refused.value.found] == ["SIB0499"]


def test_ends_of_what_does_not_last_are_refused() -> None:
    assert codes("Price", lines="dated at the end of each month") == ["SIB0426"]
    lasting = "spell from Began On to the day before Left On, open while blank"
    contract = compiled("Price", spell=lasting, lines="dated at the end of each quarter")
    assert contract.metrics[0].dated.each == "quarter"


def test_a_spell_may_end_on_a_day_that_is_worked_out() -> None:
    source = text("Price", spell="spell from Began On to Last Day inclusive, open while blank\n"
                  "  define Last Day as the lower of (Left On and 28 days after Began On)",
                  lines="dated at the end of each month")  # fmt: skip
    contract = compile_source(Source("support.sib", source)).contract
    spell = contract.records[0].spell
    assert spell is not None
    assert spell.end == "Last Day"


PAID_EACH = """payment Fee
  payer     Council
  payee     Provider
  for each  Fees
  pays      £1
  at most   £100 per person over the contract
  excess    lost
end payment
"""


@pytest.mark.parametrize(("weight", "told"), [("Weight", ["SIB0570"]), ("Sessions", [])])
def test_a_limit_for_each_person_is_not_kept_in_parts(weight: str, told: list[str]) -> None:
    whole = text("Price").replace("  define  Due", "  define  Weight as Sessions divided by 3\n  define  Due")
    whole = whole.replace("sums    Due of Courses", f"counts  rows of Courses\n  weighted by {weight}")
    whole = whole[: whole.index("payment Fee")] + PAID_EACH
    contract = compile_source(Source("support.sib", whole)).contract
    found = [one.code for one in findings(contract, as_written(contract)) if one.severity == "error"]
    assert found == told
