"""'Can never bind' is said of no limit that binds: small contracts, and quantities at which the limit is tried."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from functools import cache
from itertools import islice, product

from sibdsl.check.structure import findings
from sibdsl.compile import compile_source
from sibdsl.diagnostics import Diagnostic, Refused
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.periods import segments
from sibdsl.price.graph import Key
from sibdsl.settle.default_as_of import whole_term
from sibdsl.settle.run import price_quantities
from sibdsl.source import Source
from tests.frame import BASE

PARTIES = """parties
  | party   | role            |
  | Council | commissioner    |
  | Fund    | co-commissioner |
  | Third   | co-commissioner |
  | Charity | provider        |
end parties
"""
PAYMENTS = """payment Job Fee
  payer  Council
  payee  Charity
  | for each  | band     | pays   |
  | Job Entry | Under 16 | £700   |
  | Job Entry | From 16  | £1,350 |
{own}end payment
"""
CAP = "cap {name}\n  covers   {covers}\n  at most  {most}\n  excess   {excess}\nend cap\n"
COVERS = ("payments from Council", "payments to Charity", "payments under Job Fee", "payments from Fund")
MOST = ("£1,000 over the contract", "£3,000 over the contract", "£900 in each year")
EXCESS = ("lost", "carried forward", "paid by Fund", "paid by Third")
OWN = ("", "  at most  £2,000 over the contract\n  excess   paid by Fund\n")


def text(own: str, *caps: str) -> str:
    start, end = BASE.index("parties\n"), BASE.index("records Referrals")
    whole = BASE[:start] + PARTIES + "\n" + BASE[end:]
    whole = whole[: whole.index("payment Job Fee")] + PAYMENTS.format(own=own)
    return "\n".join([whole, *caps])


@cache
def contracts() -> tuple[tuple[str, tuple[str, str]], ...]:
    """Two caps each, of every way that the reference allows; each seventh of them."""
    found: list[tuple[str, tuple[str, str]]] = []
    every = product(OWN, COVERS, COVERS, MOST, MOST, EXCESS, ("lost", "paid by Third"))
    for own, first, second, most, least, excess, rest in islice(every, 0, None, 7):
        caps = (
            CAP.format(name="First Cap", covers=first, most=most, excess=excess),
            CAP.format(name="Second Cap", covers=second, most=least, excess=rest),
        )
        with suppress(Refused):
            read(text(own, *caps))
            found.append((own, caps))
    return tuple(found)


def read(source: str) -> Contract:
    return compile_source(Source("x.sib", source)).contract


def paid(contract: Contract) -> Iterator[Fraction]:
    """What is paid in all, for some quantities: all in one quarter, and spread over the years."""
    every = segments(contract)
    for places, number in product(((0,), (0, 5, 9), (3, 4, 8, 11)), (1, 2, 5, 40)):
        given = {
            Key(every[at], "Job Entry", band): Fraction(number)
            for at in places
            for band in ("Under 16", "From 16")
        }
        run = price_quantities(
            contract, as_written(contract), given, whole_term(contract, as_written(contract))
        )
        yield sum((one.amount for one in run.totals()), Fraction(0))


def test_a_limit_said_never_to_bind_changes_nothing() -> None:
    said = 0
    for own, caps in contracts():
        contract = read(text(own, *caps))
        told = [one for one in findings(contract, as_written(contract)) if one.code in ("SIB0523", "SIB0524")]
        for one in told:
            said += one.code == "SIB0524"
            without = [cap for cap in caps if f"cap {_named(one)}" not in cap]
            assert list(paid(contract)) == list(paid(read(text(own, *without)))), (one.message, own, caps)
    assert said >= 10


def _named(one: Diagnostic) -> str:
    return next(name for name in ("First Cap", "Second Cap") if name in one.clause)
