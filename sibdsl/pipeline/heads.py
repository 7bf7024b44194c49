"""What is told of a contract before its findings: who pays whom, what it assumes, what has not been given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sibdsl.pipeline.loaded import Loaded

if TYPE_CHECKING:
    from sibdsl.check.head import ContractHead


def heads(loaded: Loaded) -> tuple[ContractHead, ...]:
    """The head of each contract, as it was signed, with the values of the call. Source: commands reference, 'sib check'."""
    from sibdsl.check.head import head

    return tuple(head(member, loaded.settings.of(member.name)) for member in loaded.programme.members)


def programme_head_to_json(loaded: Loaded) -> dict[str, object]:
    """The name of a programme and its own rules as JSON values, in `programme` of `sibdsl.findings/1`."""
    from sibdsl.check.head import rules_to_json

    whole = loaded.programme
    return {
        "name": whole.name,
        "rules": rules_to_json(tuple((rule.name, rule.clause) for rule in whole.rules)),
    }


def head_to_json(told: ContractHead) -> dict[str, object]:
    """A head as JSON values, in `contracts` of `sibdsl.findings/1`. Rules have not been decided in it."""
    from sibdsl.check.head import to_json

    return to_json(told)
