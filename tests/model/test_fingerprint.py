"""The fingerprint follows the meaning: layout leaves it alone, and every change of terms changes it."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random
from subprocess import run

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from sibdsl.compile import compile_source
from sibdsl.model import nodes
from sibdsl.model.fingerprint import fingerprint, meaning, short
from sibdsl.model.nodes import Contract, Value
from sibdsl.source import Source
from tests.model.generate import contracts
from tests.model.relay import relaid
from tests.work import calls

PATH = Path(__file__).parents[2] / "contracts" / "mhep1" / "tower_hamlets.sib"
TEXT = PATH.read_text(encoding="utf-8")


def of(text: str, name: str = "a.sib") -> str:
    return fingerprint(compile_source(Source(name, text)).contract)


def test_short_form() -> None:
    assert short("7f3a91c2" + "0" * 56) == "7f3a-91c2"
    assert re.fullmatch(r"[0-9a-f]{64}", of(TEXT))


@given(contracts(), st.integers(0, 2**32))
def test_layout_leaves_it_alone(made: tuple[str, Contract], seed: int) -> None:
    text, contract = made
    again = compile_source(Source("another name.sib", relaid(text, Random(seed)))).contract
    assert again == contract
    assert fingerprint(again) == fingerprint(contract)


@pytest.mark.parametrize("seed", range(5))
def test_layout_leaves_tower_hamlets_alone(seed: int) -> None:
    assert of(relaid(TEXT, Random(seed)), "elsewhere.sib") == of(TEXT)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("-- MHEP 1, Tower Hamlets", "-- Tower Hamlets, MHEP 1"),
        ("£110,200", "£110200"),
        ("£986,959 over", "£986959 over"),
        ('"Review, Box 1: £700 x 40 users"', '"Box 1"'),
        ("The blocks stand for", "Blocks stand for"),
        ("Not published by quarter", "Unpublished"),
        ("At most a quarter of the provider's payments", "A quarter of them"),
        ("60% of Median rounded down", "50% of Median rounded down"),
        ("| Engagement      | all      | 40       |", "| Engagement      | all      | 41       |"),
        ("16 hours in From 16", "16.0 hours in From 16"),
    ],
)
def test_what_changes_no_meaning(before: str, after: str) -> None:
    assert TEXT.count(before)
    assert of(TEXT.replace(before, after)) == of(TEXT)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("pays      £700", "pays      £700.01"),
        ("| £1,350 |", "| £1,351 |"),
        ("SOF to 31 March 2018", "SOF to 30 March 2018"),
        ("by date of result", "by date of statement"),
        ("less than 16 hours", "at most 16 hours"),
        ("at least 16 hours ", "at least 15.99 hours "),
        ("[5.1]", "[5.2a]"),
        ("working capital out of social investment", "working capital"),
        ("for 6 weeks from", "for 42 days from"),
        ("per person  first only, over all bands", "per person  first only, in each band"),
        ("takes   1 April 2016", "takes   2 April 2016"),
        ("takes   in money", "takes   in units"),
        ("£336,111 over the contract", "£336,111 in each year"),
        ("at most 25% of payments", "at most 26% of payments"),
        ("years           begin 1 April", "years           begin 1 May"),
        ("quarterly", "monthly"),
        ("half up", "half even"),
        ("NHS Tower Hamlets CCG", "Tower Hamlets CCG"),
        ("only if     Severe Condition is yes", "only if     Severe Condition is no"),
    ],
)
def test_what_changes_it(before: str, after: str) -> None:
    assert TEXT.count(before)
    assert of(TEXT.replace(before, after)) != of(TEXT)


def test_the_order_of_clauses_changes_it() -> None:
    blocks = TEXT.split("\n\n")
    first, second = (
        at for at, block in enumerate(blocks) if block.startswith(("payment Comm", "payment MHEP"))
    )
    blocks[first], blocks[second] = blocks[second], blocks[first]
    assert of("\n\n".join(blocks)) != of(TEXT)


LIMIT = nodes.CapRow(nodes.Selection(), Value(Fraction(7), "money"), nodes.Scope("contract"))


def more(amount: nodes.Amount) -> nodes.Amount:
    return nodes.Arithmetic("plus", amount, Value(Fraction(1, 100), "money"), "money")


def dearer(payment: nodes.Payment) -> dict[str, object]:
    """The payment's first price, a penny higher."""
    if payment.to_date:
        return {"to_date": evolve(payment.to_date, amount=more(payment.to_date.amount))}
    if payment.tiered:
        ((one, *tiers), whole) = payment.tiered[0].tiers, payment.tiered[0]
        return {"tiered": (evolve(whole, tiers=(evolve(one, amount=more(one.amount)), *tiers)),)}
    if payment.regular:
        return {"regular": (evolve(payment.regular[0], amount=more(payment.regular[0].amount)),)}
    rate, *rates = payment.rates
    return {"rates": (evolve(rate, amount=more(rate.amount)), *rates)}


def to_nobody(payment: nodes.Payment) -> dict[str, object]:
    if payment.to_date:
        return {"to_date": evolve(payment.to_date, payee="Nobody")}
    return {
        kind: tuple(evolve(one, payee="Nobody") for one in getattr(payment, kind))
        for kind in ("tiered", "regular", "rates")
    }


def changes(contract: Contract) -> dict[str, Callable[[], Contract]]:
    """Contracts that differ from this one in one thing that matters."""
    payment = contract.payments[0]
    day = timedelta(days=1)

    def paying(**changed: object) -> Contract:
        varied = evolve(payment, **changed)  # type: ignore[arg-type]
        return evolve(
            contract, payments=tuple(varied if one is payment else one for one in contract.payments)
        )

    found: dict[str, Callable[[], Contract]] = {
        "price": lambda: paying(**dearer(payment)),
        "payee": lambda: paying(**to_nobody(payment)),
        "agent": lambda: paying(agent=payment.agent + "a"),
        "first day": lambda: paying(applies=evolve(payment.applies, first=contract.service.last + day)),
        "condition": lambda: paying(needs=payment.needs + "a"),
        "limit": lambda: paying(limits=(*payment.limits, LIMIT)),
        "clause": lambda: paying(clause=payment.clause + "a"),
        "words": lambda: paying(gloss=payment.gloss + "."),
        "last day": lambda: evolve(
            contract, service=evolve(contract.service, end=contract.service.end + day)
        ),
        "calendar": lambda: evolve(
            contract, calendar="yearly" if contract.calendar == "monthly" else "monthly"
        ),
    }
    if len(contract.payments) > 1:
        found["order"] = lambda: evolve(contract, payments=contract.payments[::-1])
    for at, choice in enumerate(contract.assumptions):
        if isinstance(choice.takes, str):
            continue
        other = choice.takes + (Fraction(1) if isinstance(choice.takes, Fraction) else day)  # type: ignore[operator]
        kept = contract.assumptions
        found[choice.name] = (
            lambda at=at, choice=choice, other=other, kept=kept: evolve(  # type: ignore[misc]
                contract, assumptions=(*kept[:at], evolve(choice, takes=other), *kept[at + 1 :])
            )
        )
    for bands in contract.bands:
        row, *others = bands.bands
        if bands.worded:
            other = evolve(row, words=() if row.rest else (*row.words, "Elsewhere"), rest=False)
            found["band words"] = lambda bands=bands, other=other, others=others: evolve(  # type: ignore[misc]
                contract,
                bands=tuple(
                    evolve(one, bands=(other, *others)) if one == bands else one for one in contract.bands
                ),
            )
            continue
        if bands.dated:
            later = nodes.DayRange(None, date(2009, 1, 1))
            found["band days"] = lambda bands=bands, row=row, later=later, others=others: evolve(  # type: ignore[misc]
                contract,
                bands=tuple(
                    evolve(one, bands=(evolve(row, days=later), *others)) if one == bands else one
                    for one in contract.bands
                ),
            )
            continue
        moved = evolve(row.holds, high=(row.holds.high or Fraction(0)) + Fraction(1, 4))
        found["band end"] = lambda bands=bands, row=row, moved=moved, others=others: evolve(  # type: ignore[misc]
            contract,
            bands=tuple(
                evolve(one, bands=(evolve(row, holds=moved), *others)) if one == bands else one
                for one in contract.bands
            ),
        )
    return found


@given(contracts())
def test_a_change_of_terms_changes_it(made: tuple[str, Contract]) -> None:
    _, contract = made
    prints = {name: fingerprint(change()) for name, change in changes(contract).items()}
    prints["as it was"] = fingerprint(contract)
    assert len(set(prints.values())) == len(prints)


def test_it_holds_no_place_and_no_remark() -> None:
    said = meaning(compile_source(Source("secret place.sib", TEXT)).contract)
    for word in (
        "secret place",
        '"at"',
        '"reason"',
        '"source"',
        '"says"',
        '"note"',
        "Published Quarter",
        "3/5",
    ):
        assert word not in said
    assert "people with a severe mental health condition" in said


def test_it_is_quick_and_needs_no_heavy_library() -> None:
    code = "import sibdsl.model.fingerprint, sys; print('cattrs' in sys.modules)"
    done = run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
    contract = compile_source(Source("a.sib", TEXT)).contract
    twice = evolve(contract, signed="", records=contract.records * 2, metrics=contract.metrics * 2)
    fingerprint(contract)  # what is kept from the first time is made
    assert calls(lambda: fingerprint(twice)) < 2 * calls(lambda: fingerprint(contract)) < 100_000
