"""Explanations of a run: which contract a line is of, and one person over all contracts.

Line ids are those of each contract's own statement, so a line is named with its contract. Source: explain reference, 'In a
programme'.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TypeVar

from attrs import field, frozen

from sibdsl.diagnostics import Diagnostic, Refused, nearest, same
from sibdsl.english import listed
from sibdsl.settle.explain.line_facts import LineFacts, explain_line
from sibdsl.settle.explain.person_facts import PersonFacts, explain_person, named_in, names_nobody
from sibdsl.settle.explained_run import Behind, ContractRun, ExplainedRun
from sibdsl.settle.programme import ProgrammePayments
from sibdsl.settle.run import ProgrammePaid

Results = TypeVar("Results", bound=Behind)


@frozen
class ProgrammePersonFacts:
    """One person in a run of a programme: what each contract that has rows of them made of them."""

    run: ProgrammePayments
    person: str
    contracts: tuple[PersonFacts, ...] = field(repr=False)

    def totals(self) -> tuple[tuple[str, str, Fraction], ...]:
        """What the person's results earned over all contracts by payer and payee, as `PersonFacts.totals` says it of one."""
        sums: dict[tuple[str, str], Fraction] = {}
        for facts in self.contracts:
            for payer, payee, amount in facts.totals():
                sums[payer, payee] = sums.get((payer, payee), Fraction(0)) + amount
        return tuple((payer, payee, amount) for (payer, payee), amount in sums.items())


def explain_programme_line(paid: ExplainedRun, line: str, contract: str = "") -> LineFacts:
    """All that a line of one of the contracts rests on: `L14` with the contract's name beside it, or `Tower Hamlets L14`.

    Raises:
        Refused: no contract is named, or the name is of none; or as `explain_line` does.
        Unexplained: as `explain_line` does.
    """
    members = paid.members()
    if paid.payments.programme.alone:
        _only_contract(members[0], contract)
        return explain_line(members[0], line)
    name, _, identifier = line.strip().rpartition(" ")
    named = contract or name.strip()
    if contract and name and same(contract) != same(name):
        raise Refused(
            Diagnostic(
                "SIB0701",
                f"`--line {line}` names a line of {name.strip()}, and `--contract` names {contract}.",
                help="Name the contract once.",
            )
        )
    if not named and len(members) > 1:
        raise Refused(_of_which(paid, line))
    member = (
        _member(
            members,
            paid.payments.programme.name,
            named,
            f"--contract {contract}" if contract else f"--line {line}",
        )
        if named
        else members[0]
    )
    return explain_line(member, identifier)


def explain_programme_person(paid: ProgrammePaid, person: str, contract: str = "") -> ProgrammePersonFacts:
    """What became of one person's rows in every contract that has rows of them, or in the one named.

    Raises:
        Refused: no row names the person, or no contract has the name.
        Unexplained: as `explain_person` does.
    """
    every = paid.members()
    if paid.payments.programme.alone:
        _only_contract(every[0], contract)
        return ProgrammePersonFacts(paid.payments, person, (explain_person(every[0], person),))
    asked = (
        (_member(every, paid.payments.programme.name, contract, f"--contract {contract}"),)
        if contract
        else every
    )
    there = [member for member in asked if named_in(member.volumes, person)]
    if not there:
        elsewhere = [member.payments.contract.name for member in every if named_in(member.volumes, person)]
        finding = names_nobody([member.volumes for member in asked], person)
        if elsewhere:
            finding = Diagnostic(
                "SIB0701",
                f"`--person {person}` names nobody in the records of {asked[0].payments.contract.name}.",
                help=f"There are rows of {person} in {listed(elsewhere)}. Without `--contract`, every contract is told.",
            )
        raise Refused(finding)
    return ProgrammePersonFacts(
        paid.payments, person, tuple(explain_person(member, person) for member in there)
    )


def _only_contract(paid: ContractRun[Behind], contract: str) -> None:
    """Refuse a name that is not that of a contract that is paid by itself."""
    name = paid.payments.contract.name
    if contract and same(contract) != same(name):
        raise Refused(
            Diagnostic(
                "SIB0701",
                f"`--contract {contract}` names no contract of this file: it holds {name}.",
                help="Leave `--contract` out, or give the file of the programme.",
            )
        )


def _member(
    every: Sequence[ContractRun[Results]], programme: str, name: str, option: str
) -> ContractRun[Results]:
    """The run of the contract of that name; capitals, spaces, hyphens and underscores make no difference."""
    members = {member.payments.contract.name: member for member in every}
    for known, member in members.items():
        if same(known) == same(name):
            return member
    near = nearest(name, members)
    raise Refused(
        Diagnostic(
            "SIB0701",
            f"`{option}` names no contract of {programme}: there is no {name}.",
            help=f"{f'Did you mean {near}? ' if near else ''}Its contracts are {listed(list(members))}.",
        )
    )


def _of_which(paid: ExplainedRun, line: str) -> Diagnostic:
    """What is said where a line is named without its contract."""
    names = [member.payments.contract.name for member in paid.members()]
    wanted = line.strip().upper()
    have = [
        run.contract.name
        for run in paid.payments.runs
        if any(priced.id.upper() == wanted for priced in run.lines)
    ]
    said = f": {listed(have)} {'has' if len(have) == 1 else 'each have'} a line {wanted}" if have else ""
    example = (have or names)[0]
    return Diagnostic(
        "SIB0701",
        f"`--line {line}` does not say of which contract: the ids of lines are those of each contract's own statement{said}.",
        help=f'Write `--contract "{example}" --line {line}`, or `--line "{example} {line}"`. The contracts are {listed(names)}.',
    )
