"""What was worked out of a contract, kept for as long as the contract is there: its terms never change."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar
from weakref import finalize

from sibdsl.model.nodes import Contract

Asked = ParamSpec("Asked")
Made = TypeVar("Made")


def remembered(
    work: Callable[Concatenate[Contract, Asked], Made],
) -> Callable[Concatenate[Contract, Asked], Made]:
    """Work each answer out once for the same contract and the very same parts of it.

    For functions of nothing but their arguments, whose answers nobody changes. Arguments are told apart as objects, which
    is much quicker than by all that they hold; they are held on to, so that no other can take the place of one.
    """
    kept: dict[int, dict[tuple[int, ...], tuple[object, Made]]] = {}

    @wraps(work)
    def once(contract: Contract, /, *asked: Asked.args, **named: Asked.kwargs) -> Made:
        answers = kept.get(id(contract))
        if answers is None:
            answers = kept[id(contract)] = {}
            finalize(contract, kept.pop, id(contract), None)
        key = tuple(map(id, (*asked, *named.values())))
        if key not in answers:
            answers[key] = ((asked, named), work(contract, *asked, **named))
        return answers[key][1]

    return once
