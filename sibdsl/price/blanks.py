"""What is paid where something was not measured. The one place that says which steps of a price graph are blank.

A step is blank where something is that it is made of. The one exception is what stands for a blank: there the step is what it
chooses, and is blank where that is. Source: language reference, 'Blanks in certificates, baselines and floors'.
"""

from __future__ import annotations

from typing import TypeGuard

from attrs import frozen

from sibdsl.price.graph import Graph, Key, Known, Step, VerifiedQuantity
from sibdsl.price.provenance import Purpose


@frozen
class Blanks:
    """The blanks of one contract in its price graph; `blankable` are the metrics that may be blank."""

    graph: Graph
    blankable: frozenset[str]

    def known(self, of: int, then: int, blank: int) -> int:
        """One step where `of` is not blank, the other where it is."""
        return self._known(of, then, blank, None, frozenset())

    def first_given(self, parts: list[int]) -> int:
        """The first of some steps that is not blank; the last where all others are."""
        found = parts[-1]
        for part in reversed(parts[:-1]):
            found = self._known(part, part, found, Purpose.FIRST_GIVEN, frozenset())
        return found

    def _known(self, of: int, then: int, blank: int, purpose: Purpose | None, sure: frozenset[Key]) -> int:
        """As `known`, where the quantities that are `sure` are there."""
        if then == blank:
            return then
        graph = self.graph
        keys, chosen = self._read(of)
        open_ = tuple(key for key in keys if key not in sure)
        found = graph.add(Known((then, blank), open_, purpose)) if open_ else then
        for step in chosen:
            first = self._known(step.inputs[0], found, blank, purpose, sure | set(step.keys))
            other = self._known(step.inputs[1], found, blank, purpose, sure)
            found = first if first == other else graph.add(Known((first, other), step.keys, purpose))
        return found

    def _read(self, of: int) -> tuple[tuple[Key, ...], list[Known]]:
        """What may be blank of that which a step is made of, and the steps in it in which something stands for a blank."""
        seen: set[int] = set()
        stack = [of]
        keys: set[Key] = set()
        chosen: dict[int, Known] = {}
        while stack:
            at = stack.pop()
            if at in seen:
                continue
            seen.add(at)
            step = self.graph.steps[at]
            if (
                isinstance(step, VerifiedQuantity)
                and step.key.metric in self.blankable
                and not step.key.withheld
            ):
                keys.add(step.key)
            if stands_for_a_blank(step):
                chosen[at] = step
            else:
                stack.extend(step.inputs)
        return tuple(sorted(keys)), [chosen[at] for at in sorted(chosen)]


def stands_for_a_blank(step: Step) -> TypeGuard[Known]:
    """Whether a step takes one amount where another is blank, and is itself as blank as what it takes."""
    return isinstance(step, Known) and step.meaning is Purpose.FIRST_GIVEN
