"""Investments: made by investors, into a vehicle, of more than nothing, and served in one order. Source: design, section 3."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from sibdsl.diagnostics import Diagnostic, Label, NotGiven
from sibdsl.english import short
from sibdsl.model.nodes import Contract, Investment, Party, Programme
from sibdsl.model.parameters.in_force import Settings
from sibdsl.wording import clause_title


def findings(contract: Contract, settings: Settings) -> Iterator[Diagnostic]:
    """Everything to be said of the investments of a contract."""
    yield from _all(contract.investments, contract.parties, contract.currency, settings)
    yield from _returns(contract)


def of_programme(programme: Programme, settings: Settings) -> Iterator[Diagnostic]:
    """Everything to be said of the investments of a programme."""
    yield from _all(programme.investments, programme.parties, programme.currency, settings)


def _all(
    investments: Sequence[Investment], parties: Sequence[Party], currency: str, settings: Settings
) -> Iterator[Diagnostic]:
    roles = {party.name: party for party in parties}
    for investment in investments:
        yield from _investors(investment, roles)
        yield from _vehicle(investment, roles)
        yield from _sums(investment, currency, settings)
        yield from _form(investment)
    yield from _order(investments)


def _cite(investment: Investment) -> str:
    return clause_title("investment", investment.name, investment.clause)


def _investors(investment: Investment, roles: dict[str, Party]) -> Iterator[Diagnostic]:
    for name in investment.investors:
        party = roles.get(name)
        if party is not None and "investor" not in party.roles:
            yield Diagnostic(
                "SIB0580",
                f"{name} puts money in under {investment.name}, and is not an investor of this contract.",
                next(drawdown.span for drawdown in investment.drawdowns if drawdown.investor == name),
                _cite(investment),
                "not an investor",
                f"Add `investor` to the roles of {name} under `parties`, or name another party.",
                (Label(party.span, f"{name} is here"),),
                "warning",
            )


def _vehicle(investment: Investment, roles: dict[str, Party]) -> Iterator[Diagnostic]:
    party = roles.get(investment.into)
    if investment.into in investment.investors:
        yield Diagnostic(
            "SIB0581",
            f"{investment.into} invests in itself under {investment.name}.",
            investment.span,
            _cite(investment),
            "both sides are one party",
            "Name the vehicle after `into`, and who puts money in after `investor`.",
        )
    elif party is not None and not {"special purpose vehicle", "provider"} & set(party.roles):
        yield Diagnostic(
            "SIB0581",
            f"{investment.name} goes into {investment.into}, which is neither a vehicle nor a provider: it has nothing to invest in.",
            investment.span,
            _cite(investment),
            f"into {investment.into}",
            f"Add `special purpose vehicle` to the roles of {investment.into}, or name the vehicle.",
            (Label(party.span, f"{investment.into} is here"),),
            "warning",
        )


def _sums(investment: Investment, currency: str, settings: Settings) -> Iterator[Diagnostic]:
    for drawdown in investment.drawdowns:
        try:
            number = settings.number(drawdown.amount)
        except (NotGiven, TypeError, ZeroDivisionError):
            continue
        if number <= 0:
            yield Diagnostic(
                "SIB0582",
                f"{drawdown.investor} puts {short(Fraction(number), currency)} into {investment.into}: an investment is more than nothing.",
                drawdown.span,
                _cite(investment),
                "not above £0".replace("£0", short(Fraction(0), currency)),
                "Write the sum that is put in, or take the row out.",
            )


def _form(investment: Investment) -> Iterator[Diagnostic]:
    repaid = investment.repaid_on is not None or bool(investment.behind)
    if investment.form == "equity" and investment.interest is not None:
        said, line = "Equity bears no interest: it has what is left.", "interest"
    elif investment.form == "grant" and (investment.interest is not None or repaid):
        said, line = "A grant is not paid back.", "interest" if investment.interest is not None else "repaid"
    else:
        return
    yield Diagnostic(
        "SIB0585",
        f"{investment.name} is {'equity' if investment.form == 'equity' else 'a grant'}. {said}",
        investment.interest.span if investment.interest is not None else investment.span,
        _cite(investment),
        f"`{line}` says nothing of {'equity' if investment.form == 'equity' else 'a grant'}",
        f"Take the line `{line}` out, or write `form loan`.",
    )


# ------------------------------------------------------------------ what a cap allows by a return


def _returns(contract: Contract) -> Iterator[Diagnostic]:
    """Returns that cannot be worked out: on a grant, or on a drawdown of which nobody says the day."""
    named = {investment.name: investment for investment in contract.investments}
    limits = [(cap, row) for cap in contract.caps for row in cap.rows if row.return_on in named]
    for cap, row in limits:
        investment = named[row.return_on]
        undated = next((drawdown for drawdown in investment.drawdowns if drawdown.paid_on is None), None)
        if investment.form == "grant":
            why, what = "it is a grant, which is not paid back", "limit the payments by a sum"
        elif undated is not None:
            why, what = "the text does not say when it is put in", "add the line or the column `paid on`"
        else:
            continue
        yield Diagnostic(
            "SIB0567",
            f"{cap.name} allows a return on {investment.name}, and none can be worked out: {why}.",
            row.span,
            clause_title("cap", cap.name, cap.clause),
            "a return on what?",
            f"{what[0].upper()}{what[1:]}.",
            (Label(investment.span if undated is None else undated.span, f"{investment.name} is here"),),
        )


# ------------------------------------------------------------------ the order of repayment


def _order(investments: Sequence[Investment]) -> Iterator[Diagnostic]:
    named = {investment.name: investment for investment in investments}
    firsts: dict[str, Investment] = {}
    for investment in investments:
        if investment.rank == "first":
            before = firsts.setdefault(investment.into, investment)
            if before is not investment:
                yield Diagnostic(
                    "SIB0584",
                    f"{investment.name} and {before.name} both rank first of what goes into {investment.into}.",
                    investment.span,
                    _cite(investment),
                    "also first",
                    "Write `ranks equally` in both, or say after which the other ranks.",
                    (Label(before.span, f"{before.name} ranks first too"),),
                )
        elif (
            investment.rank == "after"
            and investment.after in named
            and named[investment.after].into != investment.into
        ):
            other = named[investment.after]
            yield Diagnostic(
                "SIB0584",
                f"{investment.name} goes into {investment.into} and ranks after {other.name}, which goes into {other.into}.",
                investment.span,
                _cite(investment),
                "of another vehicle",
                "Investments into one vehicle rank among themselves. Use `repaid from what is left after` for others.",
                (Label(other.span, f"{other.name} goes into {other.into}"),),
            )
    yield from _circles(named)


def _circles(named: dict[str, Investment]) -> Iterator[Diagnostic]:
    """Investments that wait for each other, by rank or by what they are repaid after; each circle once."""
    told: set[frozenset[str]] = set()
    for investment in named.values():
        way = _way_back(investment, named)
        if way and frozenset(way) not in told:
            told.add(frozenset(way))
            after = [*way[1:], way[0]]
            steps = " and ".join(
                f"{each} comes after {next_}" for each, next_ in zip(way, after, strict=True)
            )
            yield Diagnostic(
                "SIB0583",
                f"{steps}, so nothing is repaid on {'it' if len(way) == 1 else 'any of them'}.",
                investment.span,
                _cite(investment),
                f"comes after {after[0]}",
                "Take one of them out of the other's `ranks` or `repaid` line.",
                tuple(Label(named[each].span, f"{each} is here") for each in way[1:]),
            )


def _way_back(investment: Investment, named: dict[str, Investment]) -> list[str]:
    """The shortest way from an investment back to itself over those that it comes after; empty when there is none."""
    ways, seen = [[investment.name]], set[str]()
    while ways:
        way = ways.pop(0)
        last = named[way[-1]]
        for name in (last.after, *last.behind):
            if name == investment.name:
                return way
            if name in named and name not in seen:
                seen.add(name)
                ways.append([*way, name])
    return []
