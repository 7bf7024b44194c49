"""Investments: made by investors, into a vehicle, of more than nothing, and served in one order. Source: design, section 3."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from sibdsl.diagnostics import Diagnostic, Label
from sibdsl.english import short
from sibdsl.model.nodes import Contract, Investment, Party, Programme
from sibdsl.model.parameters.in_force import NotGiven, Settings
from sibdsl.wording import clause_title


def findings(contract: Contract, settings: Settings) -> Iterator[Diagnostic]:
    """Everything to be said of the investments of a contract."""
    yield from _all(contract.investments, contract.parties, contract.currency, settings)


def of_programme(programme: Programme, settings: Settings) -> Iterator[Diagnostic]:
    """Everything to be said of the investments of a programme."""
    yield from _all(programme.investments, programme.parties, programme.currency, settings)


def _all(
    investments: Sequence[Investment], parties: Sequence[Party], currency: str, settings: Settings
) -> Iterator[Diagnostic]:
    roles = {one.name: one for one in parties}
    for one in investments:
        yield from _investors(one, roles)
        yield from _vehicle(one, roles)
        yield from _sums(one, currency, settings)
        yield from _form(one)
    yield from _order(investments)


def _cite(one: Investment) -> str:
    return clause_title("investment", one.name, one.clause)


def _investors(one: Investment, roles: dict[str, Party]) -> Iterator[Diagnostic]:
    for name in one.investors:
        party = roles.get(name)
        if party is not None and "investor" not in party.roles:
            yield Diagnostic(
                "SIB0580",
                f"{name} puts money in under {one.name}, and is not an investor of this contract.",
                next(each.span for each in one.drawdowns if each.investor == name),
                _cite(one),
                "not an investor",
                f"Add `investor` to the roles of {name} under `parties`, or name another party.",
                (Label(party.span, f"{name} is here"),),
                "warning",
            )


def _vehicle(one: Investment, roles: dict[str, Party]) -> Iterator[Diagnostic]:
    party = roles.get(one.into)
    if one.into in one.investors:
        yield Diagnostic(
            "SIB0581",
            f"{one.into} invests in itself under {one.name}.",
            one.span,
            _cite(one),
            "both sides are one party",
            "Name the vehicle after `into`, and who puts money in after `investor`.",
        )
    elif party is not None and not {"special purpose vehicle", "provider"} & set(party.roles):
        yield Diagnostic(
            "SIB0581",
            f"{one.name} goes into {one.into}, which is neither a vehicle nor a provider: it has nothing to invest in.",
            one.span,
            _cite(one),
            f"into {one.into}",
            f"Add `special purpose vehicle` to the roles of {one.into}, or name the vehicle.",
            (Label(party.span, f"{one.into} is here"),),
            "warning",
        )


def _sums(one: Investment, currency: str, settings: Settings) -> Iterator[Diagnostic]:
    for drawdown in one.drawdowns:
        try:
            number = settings.number(drawdown.amount)
        except (NotGiven, TypeError, ZeroDivisionError):
            continue
        if number <= 0:
            yield Diagnostic(
                "SIB0582",
                f"{drawdown.investor} puts {short(Fraction(number), currency)} into {one.into}: an investment is more than nothing.",
                drawdown.span,
                _cite(one),
                "not above £0".replace("£0", short(Fraction(0), currency)),
                "Write the sum that is put in, or take the row out.",
            )


def _form(one: Investment) -> Iterator[Diagnostic]:
    repaid = one.repaid_on is not None or bool(one.behind)
    if one.form == "equity" and one.interest is not None:
        said, line = "Equity bears no interest: it has what is left.", "interest"
    elif one.form == "grant" and (one.interest is not None or repaid):
        said, line = "A grant is not paid back.", "interest" if one.interest is not None else "repaid"
    else:
        return
    yield Diagnostic(
        "SIB0585",
        f"{one.name} is {'equity' if one.form == 'equity' else 'a grant'}. {said}",
        one.interest.span if one.interest is not None else one.span,
        _cite(one),
        f"`{line}` says nothing of {'equity' if one.form == 'equity' else 'a grant'}",
        f"Take the line `{line}` out, or write `form loan`.",
    )


# ------------------------------------------------------------------ the order of repayment


def _order(investments: Sequence[Investment]) -> Iterator[Diagnostic]:
    named = {one.name: one for one in investments}
    firsts: dict[str, Investment] = {}
    for one in investments:
        if one.rank == "first":
            before = firsts.setdefault(one.into, one)
            if before is not one:
                yield Diagnostic(
                    "SIB0584",
                    f"{one.name} and {before.name} both rank first of what goes into {one.into}.",
                    one.span,
                    _cite(one),
                    "also first",
                    "Write `ranks equally` in both, or say after which the other ranks.",
                    (Label(before.span, f"{before.name} ranks first too"),),
                )
        elif one.rank == "after" and one.after in named and named[one.after].into != one.into:
            other = named[one.after]
            yield Diagnostic(
                "SIB0584",
                f"{one.name} goes into {one.into} and ranks after {other.name}, which goes into {other.into}.",
                one.span,
                _cite(one),
                "of another vehicle",
                "Investments into one vehicle rank among themselves. Use `repaid from what is left after` for others.",
                (Label(other.span, f"{other.name} goes into {other.into}"),),
            )
    yield from _circles(named)


def _circles(named: dict[str, Investment]) -> Iterator[Diagnostic]:
    """Investments that wait for each other, by rank or by what they are repaid after; each circle once."""
    told: set[frozenset[str]] = set()
    for one in named.values():
        way = _way_back(one, named)
        if way and frozenset(way) not in told:
            told.add(frozenset(way))
            after = [*way[1:], way[0]]
            steps = " and ".join(
                f"{each} comes after {next_}" for each, next_ in zip(way, after, strict=True)
            )
            yield Diagnostic(
                "SIB0583",
                f"{steps}, so nothing is repaid on {'it' if len(way) == 1 else 'any of them'}.",
                one.span,
                _cite(one),
                f"comes after {after[0]}",
                "Take one of them out of the other's `ranks` or `repaid` line.",
                tuple(Label(named[each].span, f"{each} is here") for each in way[1:]),
            )


def _way_back(one: Investment, named: dict[str, Investment]) -> list[str]:
    """The shortest way from an investment back to itself over those that it comes after; empty when there is none."""
    ways, seen = [[one.name]], set[str]()
    while ways:
        way = ways.pop(0)
        last = named[way[-1]]
        for name in (last.after, *last.behind):
            if name == one.name:
                return way
            if name in named and name not in seen:
                seen.add(name)
                ways.append([*way, name])
    return []
