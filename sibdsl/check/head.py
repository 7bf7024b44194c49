"""What is told of a contract before the findings of its check: who pays whom, what it assumes, what has not been given.

Source of the rules: commands reference, 'sib check'.
"""

from __future__ import annotations

from attrs import frozen

from sibdsl.check.dimensions import Dimension, dimensions
from sibdsl.model.fingerprint import fingerprint, short
from sibdsl.model.nodes import Contract, Particular, Variation
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.variations import as_far_as_dated
from sibdsl.model.who_pays import payers_of
from sibdsl.source import Span
from sibdsl.wording import day_said, taken_said

#: Said after the name of what has not been given.
_NOT_GIVEN = " (not given)"


@frozen
class AssumptionTold:
    """One assumption: what it `takes` in this call, in words, and whether that was set from outside."""

    name: str
    clause: str
    takes: str
    reason: str
    source: str
    is_set: bool
    span: Span


@frozen
class VariationTold:
    """One variation, with its days in words, or the names of those that have not been given."""

    name: str
    agreed: str
    effective: str
    span: Span

    @property
    def is_dated(self) -> bool:
        """Whether both its days are known."""
        return not any(day.endswith(_NOT_GIVEN) for day in (self.agreed, self.effective))


@frozen
class ContractHead:
    """The head of one contract. `payers` are by payee; `extension` is the party that may extend, and by how long.

    `rules` are names with their clauses; `dimensions` are of the terms as the variations whose days are known leave them.
    """

    name: str
    reference: str
    fingerprint: str
    payers: dict[str, tuple[str, ...]]
    extension: tuple[str, str] | None
    precedence: str
    edition: int
    assumptions: tuple[AssumptionTold, ...]
    not_given: tuple[Particular, ...]
    variations: tuple[VariationTold, ...]
    rules: tuple[tuple[str, str], ...]
    dimensions: tuple[Dimension, ...]

    @property
    def short_fingerprint(self) -> str:
        """The fingerprint as people compare it: its first eight digits."""
        return short(self.fingerprint)


def head(contract: Contract, given: Settings) -> ContractHead:
    """The head of a contract as it was signed, with the values of a call."""
    extension = contract.extension
    return ContractHead(
        contract.name,
        contract.reference,
        fingerprint(contract),
        {payee: tuple(payers) for payee, payers in payers_of(contract).items()},
        None if extension is None else (extension.party, str(extension.duration)),
        contract.precedence,
        contract.edition,
        tuple(
            AssumptionTold(
                assumption.name,
                assumption.clause,
                taken_said(contract, given, assumption, unit=False),
                assumption.reason,
                assumption.source,
                given.values.get(assumption.name) != assumption.takes,
                assumption.span,
            )
            for assumption in contract.assumptions
        ),
        tuple(particular for particular in contract.particulars if particular.name not in given.values),
        tuple(_variation(variation, given) for variation in contract.variations),
        tuple((rule.name, rule.clause) for rule in contract.rules),
        tuple(dimensions(as_far_as_dated(contract, given))),
    )


def _variation(variation: Variation, given: Settings) -> VariationTold:
    agreed, effective = (day_said(day, given, _NOT_GIVEN) for day in (variation.agreed, variation.effective))
    return VariationTold(variation.name, agreed, effective, variation.span)


def rules_to_json(rules: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
    """Rules that have not been decided, by name and clause."""
    return [{"name": name, "clause": clause, "verdict": "not asked"} for name, clause in rules]


def to_json(told: ContractHead) -> dict[str, object]:
    """A head as JSON values, in `contracts` of `sibdsl.findings/1`. Rules have not been decided in it."""
    return {
        "name": told.name,
        "reference": told.reference,
        "fingerprint": told.fingerprint,
        "assumptions": [
            {
                "name": assumption.name,
                "clause": assumption.clause,
                "takes": assumption.takes,
                "reason": assumption.reason,
                "source": assumption.source,
            }
            for assumption in told.assumptions
        ],
        "precedence": told.precedence,
        **({"edition": told.edition} if told.edition else {}),
        "particulars_not_given": [particular.name for particular in told.not_given],
        "rules": rules_to_json(told.rules),
        "dimensions": [
            {"name": dimension.name, "score": dimension.score, "says": dimension.says, "why": dimension.why}
            for dimension in told.dimensions
        ],
    }
