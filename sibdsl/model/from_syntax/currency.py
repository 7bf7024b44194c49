"""The currency of a contract, and amounts that are in another. Source: language reference, 'Money'."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from sibdsl import money
from sibdsl.currencies import CURRENCIES, UNUSABLE, Currency, NoCurrency, parted
from sibdsl.diagnostics import Label, nearest
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.money import GRAINS
from sibdsl.syntax import Block, Node, Word

#: Meant most often, where a code is like several.
_OFTEN = ("GBP", "USD", "EUR")


def unusable(code: str) -> tuple[str, str]:
    """Why nothing can be paid in that, and what to write."""
    listed = UNUSABLE.get(code)
    if listed is not None and listed.now:
        now = CURRENCIES[listed.now]
        return (
            f"{code} ({listed.name}) is no longer a currency: {now.code} ({now.name}) stands in its place.",
            f"Write `currency {now.code}`, and every amount in it.",
        )
    if listed is not None:
        return (
            f"Nothing can be paid in {code} ({listed.name}): it has no minor unit to round to.",
            "Name the currency that payments are made in, such as GBP.",
        )
    near = meant(code)
    return (
        f"{code} is not a currency that contracts can use here.",
        f"Did you mean {near}?"
        if near
        else "Write the three letters of a currency of ISO 4217, such as GBP, USD or EUR.",
    )


def meant(word: str) -> str | None:
    """The code that was most likely meant: by the currency's name, with its letters in another order, or one alike."""
    named = [currency.code for currency in CURRENCIES.values() if currency.name.casefold() == word.casefold()]
    turned = [code for code in CURRENCIES if sorted(code) == sorted(word.upper())]
    return (
        next(
            iter(
                [
                    *named,
                    *(code for code in turned if code in _OFTEN),
                    *(turned if len(turned) == 1 else ()),
                ]
            ),
            None,
        )
        or nearest(word, _OFTEN)
        or nearest(word, CURRENCIES)
    )


def sized(reader: Reader, named: Node, code: str, clause: str) -> Fraction | None:
    """The size of a `penny`, `minor unit` or another in that currency, in its units; None, reported, where it has none."""
    word = named.said.removeprefix("to the ")
    own = CURRENCIES[code]
    size = {"minor unit": own.minor_unit, "whole unit": Fraction(1)}.get(word) or GRAINS[word]
    if size != Fraction(1) and size != own.minor_unit:
        minor = (
            "one unit"
            if own.places == 0
            else f"{money.show(own.minor_unit, code)}, a part in {10**own.places:,}"
        )
        reader.problems.add(
            "SIB0549",
            f"A {word} is a hundredth, and the minor unit of {code} ({own.name}) is {minor}.",
            named.span,
            clause=clause,
            mark="no hundredths",
            help="Write `to the minor unit`, or `to the whole unit`.",
        )
        return None
    return size


def all_in_one(reader: Reader, whole: Block, blocks: Iterable[Block], taken_up: Iterable[Block] = ()) -> None:
    """Report amounts in another currency than the contract's or programme's (`whole`).

    One that has no other amounts names the wrong currency itself. Blocks `taken_up` from modules may say nought in any
    currency: it is the same in all.
    """
    line = next(iter(whole.lines("currency")), None)
    if line is not None and line.words("NAME")[0].text not in CURRENCIES:
        return  # reported where it stands; which amounts are in another one nobody knows
    own = CURRENCIES[reader.currency]
    amounts = list(_amounts(blocks))
    used = {currency for _, _, (currency, _) in amounts if isinstance(currency, Currency)}
    if len(amounts) > 1 and len(used) == 1 and own not in used and line is not None:
        meant = used.pop()
        reader.problems.add(
            "SIB0435",
            f"The contract's currency is {own.code}, and all of its amounts are in {meant.shown}.",
            line.span,
            clause=reader.clause(whole),
            mark="another currency than the amounts'",
            help=f"Write `currency {meant.code}`, or change the sign of every amount.{_whose_sign(own, meant)}",
            labels=(Label(amounts[0][1].span, "an amount"),),
        )
        return
    for block, word, (currency, figures) in [*amounts, *_amounts(taken_up, nought=False)]:
        if currency is not None and currency != own:
            reader.problems.add(
                "SIB0435",
                f"{word.text} is not in the contract's currency, {own.code}.",
                word.span,
                clause=reader.clause(block),
                mark="another currency",
                help=f"Write {own.prefix}{figures}, or change the contract's `currency`.{_whose_sign(own, currency)}{_as_a_name(block, word, currency)}",
            )


def _as_a_name(block: Block, word: Word, currency: Currency | NoCurrency) -> str:
    """How a Name is written that is taken for an amount: whole figures behind a code in a row's first cell, `TOP 10`."""
    code, _, figures = word.text.partition(" ")
    rows = (part for part in block.walk() if isinstance(part, Node) and part.kind == "row")
    first = any(word in row.children[0].walk() for row in rows if isinstance(row.children[0], Node))
    if code != currency.code or not figures.isdecimal() or not first:
        return ""
    return f" If it is a Name, write `{code.capitalize()} {figures}`: {code} is the code of a currency ({currency.name})."


def _amounts(
    blocks: Iterable[Block], *, nought: bool = True
) -> Iterator[tuple[Block, Word, tuple[Currency | NoCurrency | None, str]]]:
    """Each amount with its block, and its currency and figures apart; those of nought too, if wanted."""
    for block in blocks:
        for word in block.walk():
            if isinstance(word, Word) and word.kind == "MONEY" and (nought or money.parse(word.text)):
                yield block, word, parted(word.text)


def _whose_sign(own: Currency, other: Currency | NoCurrency) -> str:
    """What to say where one sign ends in the other, as `A$` does in `$`: each stands for one currency, whatever the contract's."""
    if isinstance(other, NoCurrency) or not own.sign.endswith(other.sign or " "):
        return ""
    return f" `{own.sign}` is {own.code}; `{other.sign}` alone is {other.code}."
