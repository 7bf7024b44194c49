"""Which sums over what is measured to date are told to be paid again."""

from __future__ import annotations

import pytest

from sibdsl.check.structure import findings
from sibdsl.compile import compile_source
from sibdsl.model.parameters.in_force import as_written
from sibdsl.source import Source
from tests.frame import complete

METRICS = """
metric So Far
  kind      output
  equals    Job Entry plus 0
  measured  to date in each {}
end metric

metric In It
  kind      output
  equals    Job Entry plus 0
  measured  in each {}
end metric

scale Level
  interpolated by  So Far, nothing below, flat above
  | So Far | equals |
  | 10     | 1%     |
  | 20     | 3%     |
end scale

payment Bonus
  payer  Council
  payee  Charity
{}
end payment
"""
STEPS = "  steps by  So Far\n  | So Far | pays |\n  | less than 10 | nothing |\n  | at least 10 | {} |"


def told(pays: str, each: str = "year") -> list[str]:
    text = METRICS.format(each, each, pays)
    contract = compile_source(Source("x.sib", complete(text))).contract
    return [one.message for one in findings(contract, as_written(contract)) if one.code == "SIB0554"]


@pytest.mark.parametrize(
    ("pays", "again"),
    [
        ("  pays   £10 times So Far", True),
        ("  pays   £500 plus £10 times So Far", True),
        ("  pays   the lower of (£10 times So Far and £900)", True),
        ("  pays   £10 times In It", False),
        ("  pays   £10 times So Far plus £1 times In It", True),
        ("  pays   £10 times (So Far minus In It)\n  taken back never", False),
        ("  pays   £500 times Level", False),
        (STEPS.format("£500"), False),
        (STEPS.format("£5 times So Far"), True),
    ],
)
def test_so_much_for_each_of_all_so_far_is_told(pays: str, *, again: bool) -> None:
    assert bool(told(pays)) is again


def test_it_says_in_which_time() -> None:
    assert told("  pays   £10 times So Far", "quarter") == [
        (
            "Bonus pays in each quarter on all of So Far so far: what it paid for in one quarter it pays for again in every one "
            "that follows."
        )
    ]
