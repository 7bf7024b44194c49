"""What is said of a payment that a variation replaces: a clause is judged with the text that takes its place, not each alone."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sibdsl.check.structure import findings
from sibdsl.compile import compile_source
from sibdsl.dates import long
from sibdsl.diagnostics import Diagnostic
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.variations import as_far_as_dated
from sibdsl.source import Source
from tests.check.marked import contract
from tests.frame import complete

CONTRACTS = Path(__file__).parents[2] / "contracts"
PARTIES = """
parties
  | party   | role            |
  | Council | commissioner    |
  | Charity | provider        |
  | Fund    | co-commissioner |
end parties
"""
SERVICE = contract(PARTIES).service
#: A payer whose turn comes after the last day of payments, and one whose turn is before the first result can be dated.
PAYERS = (
    "Council",
    "Council to 31 March 2017, then Fund, by date of result",
    "Council to 15 April 2016, then Fund, by date of result",
    f"Council to {long(SERVICE.last)}, then Fund, by date of result",
    f"Fund to {long(SERVICE.last - timedelta(days=1))}, then Council, by date of result",
)


def payment(payer: str, *lines: str) -> str:
    said = "".join(f"  {line}\n" for line in lines)
    return (
        f"payment Job Fee\n  payer {payer}\n  payee Charity\n{said}  | for each | band | pays |\n"
        "  | Job Entry | Under 16 | £700 |\n  | Job Entry | From 16 | £1,350 |\nend payment\n"
    )


def variation(name: str, text: str, day: date) -> str:
    """A variation that puts the text of a payment in the place of the one of its name, from that day on."""
    return (
        f"\nvariation Replaced\n  varies {name}\n  agreed {long(day)}\n  effective {long(day)}\n"
        f"  stated periods repriced in the next statement\n  replace {text}end variation\n"
    )


def found(text: str) -> list[Diagnostic]:
    made = compile_source(Source("x.sib", text)).contract
    return findings(as_far_as_dated(made, as_written(made)), as_written(made))


def codes(text: str) -> set[str]:
    return {finding.code for finding in found(text)}


DAYS = st.dates(SERVICE.start, SERVICE.last)


@given(st.sampled_from(PAYERS), st.none() | DAYS, st.none() | DAYS, DAYS)
def test_a_payment_replaced_by_its_own_text_adds_nothing(
    payer: str, starts: date | None, ends: date | None, day: date
) -> None:
    lines = [f"starts {long(starts)}"] if starts else []
    lines += [f"ends {long(ends)}"] if ends else []
    text = complete(PARTIES + payment(payer, *lines))
    replaced = text + variation(contract().name, payment(payer, *lines), day)
    assert codes(replaced) <= codes(text)


@pytest.mark.parametrize(
    ("file", "name", "day"),
    [
        # It starts and ends on days of its own, and pays nothing after its last.
        ("innovation_fund/innovation_fund.sib", "Round 1 Card", date(2013, 8, 11)),
        # Nothing that it pays for can be dated after the service, or before people have been in work for a time.
        ("troubled_families/troubled_families.sib", "Attachment Fee", date(2015, 4, 22)),
        ("mhep1/tower_hamlets.sib", "Fund Tariff", date(2016, 4, 2)),
    ],
)
def test_a_payment_of_a_published_contract_replaced_by_its_own_text_adds_nothing(
    file: str, name: str, day: date
) -> None:
    text = (CONTRACTS / file).read_text(encoding="utf-8")
    begins = text.index(f"\npayment {name} ") + 1
    own = text[begins : text.index("end payment\n", begins)] + "end payment\n"
    whole = compile_source(Source("x.sib", text)).contract.name
    assert codes(text + variation(whole, own, day)) <= codes(text)


def _never(first: str, second: str, day: date) -> list[str]:
    """Whose turn is said never to come, where the second text takes the place of the first on that day."""
    text = complete(PARTIES + payment(first)) + variation(contract().name, payment(second), day)
    return [finding.message for finding in found(text) if finding.code == "SIB0531"]


def test_a_turn_that_a_variation_cut_off_is_not_one_that_never_comes() -> None:
    succeed = "Council to 31 March 2017, then Fund, by date of result"
    assert _never(succeed, succeed, date(2016, 10, 1)) == []
    assert _never(succeed, "Council", date(2016, 10, 1)) == []
    assert _never(succeed, succeed, date(2018, 10, 1)) == []


def test_a_turn_that_is_over_when_its_text_begins_is_told_with_the_days_of_that_text() -> None:
    said = _never("Council", "Fund to 31 March 2017, then Council, by date of result", date(2017, 4, 1))
    (message,) = said
    assert "it is paid from 1 April 2017 to 31 March 2020, and others pay for all of it." in message
