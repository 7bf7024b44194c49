"""The rules of contracts: decided for every quantity, within the programme, in words and as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from sibdsl.diagnostics import NotGiven
from sibdsl.pipeline.loaded import Loaded

if TYPE_CHECKING:
    from sibdsl.check.rules.asked import Considered, ContractFindings, RulesAsked
    from sibdsl.check.rules.report import Finding
    from sibdsl.check.rules.within import ContractsTogether
    from sibdsl.price import Key


def rules_asked(loaded: Loaded, packs: Sequence[str] = ("all",)) -> RulesAsked:
    """The rules of packs, by contract, and a programme's own: `all`, `own`, a pack such as `funds/cbo`, or one rule by its name.

    Contracts that have none of the packs are left out. Raises Refused for a pack that none has (SIB0702).
    """
    from sibdsl.check.rules.asked import rules_asked

    return rules_asked(_together(loaded), packs)


def decide(
    loaded: Loaded, packs: Sequence[str] = ("all",), units: int | None = None
) -> tuple[ContractFindings, ...]:
    """Rules proved or refuted for every quantity, contract by contract; of a programme within it, so that shared limits cut.

    A programme's own come first.

    `units` of the prover's work is what all of them together may take: the same on every machine. Each finding has the
    verdict, when exactly the rule is met, a counterexample, and the scenarios tried. Raises Refused for structural errors and
    for a pack that is not there (SIB0702), NotGiven, and Unpriceable. Source: language reference, 'Rules'.
    """
    from sibdsl.check.rules.asked import decide, rules_asked
    from sibdsl.check.rules.budget import CALL, Purse
    from sibdsl.pipeline import sound

    together = _together(sound(loaded))
    return decide(together, rules_asked(together, packs), Purse(units or CALL))


def decided_with(units: int | None = None) -> dict[str, object]:
    """What proves, by its version, and how much work all rules of a call may take: on these a verdict hangs."""
    from sibdsl.check.rules.budget import CALL
    from sibdsl.check.rules.report import prover

    return {**prover(), "units": units or CALL}


def verdict_to_json(finding: Finding) -> dict[str, object]:
    """A verdict as JSON values. Source: commands reference, 'sib check'."""
    from sibdsl.check.rules.to_json import to_json

    rooms = {tried.name: tried.headroom for tried in finding.tried}
    return {**to_json(finding.verdict, rooms), "verdict": finding.says}


def considered(every: Sequence[ContractFindings]) -> Considered:
    """Which quantities the verdicts are about, in words."""
    from sibdsl.check.rules.asked import considered

    return considered(every)


def counterexample_file(decided: ContractFindings, quantities: Mapping[Key, Fraction]) -> str:
    """A counterexample as a CSV file that `quantities_of` reads; of a programme with a column `contract`."""
    from sibdsl.price.quantities_file import file_text_all

    together = decided.together
    return file_text_all(together.programme, together.terms, together.by_contract(quantities))


def undated(loaded: Loaded) -> tuple[str, ...]:
    """The dates of variations that have not been given, by name: until they are, no rule is decided."""
    found: dict[str, None] = {}
    for member in loaded.programme.members:
        for variation in member.variations:
            for day in (variation.agreed, variation.effective):
                try:
                    loaded.settings.of(member.name).day(day)
                except NotGiven as missing:
                    found[missing.name] = None
    return tuple(found)


def _together(loaded: Loaded) -> ContractsTogether:
    """The contracts as their variations leave them, with these beside them. Raises NotGiven for a date without a value."""
    from sibdsl.check.rules.within import ContractsTogether
    from sibdsl.model.variations import as_far_as_dated

    missing = undated(loaded)
    if missing:
        raise NotGiven(missing[0])
    terms = {
        member.name: as_far_as_dated(member, loaded.settings.of(member.name))
        for member in loaded.programme.members
    }
    return ContractsTogether(loaded.programme, terms, loaded.settings)
