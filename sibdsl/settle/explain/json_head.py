"""What every explanation as JSON begins with, `sibdsl.explanation/1`. Described in the explain reference."""

from __future__ import annotations

from fractions import Fraction

from sibdsl.model.nodes import Programme
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.parameters.set_option_and_file import in_json
from sibdsl.settle.explain.line_words import plain_amount
from sibdsl.settle.payments import Payments

FORMAT = "sibdsl.explanation/1"
PROGRAMME_FORMAT = "sibdsl.programme-explanation/1"


def head(run: Payments, about: str) -> dict[str, object]:
    """The contract, the day and the values of an explanation, which is `about` a line or a person."""
    contract, together = run.contract, run.versions[-1].together
    return {
        "format": FORMAT,
        "about": about,
        **({"programme": programme_head(together.programme, together.settings)} if together else {}),
        "contract": {
            "name": contract.name,
            "reference": contract.reference,
            "fingerprint": run.fingerprint,
        },
        "as_of": run.as_of.isoformat(),
        "currency": contract.currency,
        "settings": {name: in_json(value) for name, value in sorted(run.settings.values.items())},
    }


def programme_head(programme: Programme, settings: Settings) -> dict[str, object]:
    """The programme, and the values of its own particulars."""
    return {
        "name": programme.name,
        "reference": programme.reference,
        "settings": {name: in_json(value) for name, value in sorted(settings.values.items())},
    }


def amount_json(run: Payments, amount: Fraction) -> str:
    """An amount of the contract as decimal text."""
    return plain_amount(run.contract, amount)
