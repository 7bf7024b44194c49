"""The rules that a call asks for, of a programme and of every contract of it, and what came of them.

Sources of the meaning: language reference, 'Rules'; commands reference, 'sib check'.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from attrs import frozen

from sibdsl.check.rules.budget import Purse
from sibdsl.check.rules.report import Finding, findings_within
from sibdsl.check.rules.within import ContractsTogether, Terms
from sibdsl.diagnostics import Diagnostic, Refused, same
from sibdsl.model.admissible_quantities.below_nought import fall_below
from sibdsl.model.nodes import Contract, Programme, Rule
from sibdsl.names.files import library_name


@frozen
class ContractFindings:
    """What came of the rules of one contract, decided within its programme; or of the programme's own."""

    together: ContractsTogether
    contract: Contract | Programme
    findings: tuple[Finding, ...]

    @property
    def within(self) -> str:
        """The name of the contract in a programme, or of the programme; '' of a contract by itself."""
        return self.together.programme.key(self.contract.name)

    @property
    def of_programme(self) -> bool:
        """Whether the rules are the programme's own."""
        return isinstance(self.contract, Programme)

    @property
    def others(self) -> dict[str, Contract]:
        """Every contract of the programme, by the name that tells its quantities from those of others."""
        return {self.together.programme.key(name): term for name, term in self.together.terms.items()}


@frozen
class RulesAsked:
    """Rules that a call asks for: of each contract that has any, by its name, and of the programme itself."""

    of_contracts: Mapping[str, tuple[Rule, ...]]
    of_programme: tuple[Rule, ...] = ()


@frozen
class Considered:
    """Which quantities were looked at, in words: what holds to date, what bounds them, and what is not a whole number from 0.

    Each of the first two is what is said and why; each of the last a metric with which numbers it may be.
    """

    to_date: tuple[tuple[str, str], ...]
    bounds: tuple[tuple[str, str], ...]
    others: tuple[tuple[str, str], ...]


# ------------------------------------------------------------------ which rules


def rules_asked(together: ContractsTogether, packs: Sequence[str]) -> RulesAsked:
    """The rules of the packs asked for; contracts that have none of these packs are left out.

    `all` and `own` are of the programme too. Raises Refused (SIB0702) for a pack that no contract uses, and that is no rule's
    name.
    """
    found: dict[str, tuple[Rule, ...]] = {}
    known: set[str] = set()
    own = [rule for pack in packs for rule in _of_programme(together.programme, pack)]
    known |= {pack for pack in packs if _of_programme(together.programme, pack)}
    for name, contract in together.terms.items():
        mine = [pack for pack in packs if _of_pack(contract, pack) is not None]
        known |= set(mine)
        if mine:
            wanted = [rule for pack in mine for rule in _of_pack(contract, pack) or ()]
            found[name] = tuple(rule for rule in contract.rules if rule in wanted)
    for pack in packs:
        if pack not in known:
            raise Refused(_unknown(together, pack))
    return RulesAsked(found, tuple(rule for rule in together.programme.rules if rule in own))


def _of_programme(programme: Programme, pack: str) -> tuple[Rule, ...]:
    """A programme's own rules of a pack, or of that name."""
    if same(pack) in ("all", "own"):
        return programme.rules
    return tuple(rule for rule in programme.rules if same(rule.name) == same(pack))


def _of_pack(contract: Contract, pack: str) -> tuple[Rule, ...] | None:
    """A contract's rules of one pack, or its rule of that name; None where it has neither."""
    names = _packs_used(contract)
    key = pack.removesuffix(".sib")
    if same(key) == "all":
        return contract.rules
    if same(key) == "own":
        return tuple(rule for rule in contract.rules if rule.span.file not in names.values())
    real = os.path.realpath(pack)
    file = names.get(key) or next((name for name in names.values() if os.path.realpath(name) == real), None)
    if file is not None:
        return tuple(rule for rule in contract.rules if rule.span.file == file)
    return tuple(rule for rule in contract.rules if same(rule.name) == same(pack)) or None


def _packs_used(contract: Contract) -> dict[str, str]:
    """The packs that a contract uses, each with its file: those of the standard library by name, others by path."""
    files = dict.fromkeys(
        rule.span.file for rule in contract.rules if rule.span.file in contract.module_files
    )
    return {library_name(file): file for file in files}


def _unknown(together: ContractsTogether, pack: str) -> Diagnostic:
    programme = together.programme
    names = {name for contract in together.terms.values() for name in _packs_used(contract)}
    listed = ", ".join(sorted(names)) or "none"
    if programme.alone:
        said, they, where = f"{programme.name} does not use a rule pack {pack}, and has", "It uses", "the"
    else:
        said, they, where = (
            f"No contract of {programme.name} uses a rule pack {pack}, and none has",
            "They use",
            "a",
        )
    no = "no rule" if programme.alone else "a rule"
    return Diagnostic(
        "SIB0702",
        f"{said} {no} of that name.",
        help=f'{they}: {listed}. Add a line such as `uses "funds/cbo" where Fund is ...` to {where} contract.',
    )


# ------------------------------------------------------------------ what came of them


def decide(together: ContractsTogether, rules: RulesAsked, purse: Purse) -> tuple[ContractFindings, ...]:
    """Rules decided within the programme, each as if it stood alone: the programme's own, then contract by contract by name.

    Raises NotGiven when a payment of any contract needs a particular that has no value, and Unpriceable.
    """
    own: tuple[ContractFindings, ...] = ()
    if rules.of_programme:
        found = findings_within(together, None, rules.of_programme, purse)
        own = (ContractFindings(together, together.programme, found),)
    mine = rules.of_contracts
    return own + tuple(
        ContractFindings(together, together.terms[name], findings_within(together, name, mine[name], purse))
        for name in sorted(mine)
    )


def considered(every: Sequence[ContractFindings]) -> Considered:
    """Which quantities of all the contracts were looked at."""
    terms = [
        one
        for contract_findings in every
        for finding in contract_findings.findings
        for one in finding.verdict.contracts
    ]
    contracts = {term.key: term.contract for term in terms}
    if every and not terms:
        contracts = {
            key: contract
            for contract_findings in every
            for key, contract in contract_findings.others.items()
            if contract_findings.contract in (contract, contract_findings.together.programme)
        }
    to_date = {
        (_named(term, f"{pair.fewer} at most {pair.more}"), pair.why): None
        for term in terms
        for pair in term.implied
    }
    bounds = {(_named(term, bound.said), bound.why): None for term in terms for bound in term.bounds}
    others: list[tuple[str, str]] = []
    for key, contract in contracts.items():
        below = fall_below(contract)
        others += [
            (
                f"{key}: {metric.name}" if key else metric.name,
                "any number, below nought too" if metric.name in below else "any number from 0",
            )
            for metric in contract.every_metric
            if not metric.whole
        ]
    return Considered(tuple(to_date), tuple(bounds), tuple(others))


def _named(terms: Terms, said: str) -> str:
    return f"{terms.key}: {said}" if terms.key else said
