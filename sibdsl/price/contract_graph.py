"""The model's payments, block advances and caps as a price graph.

What is earned in each segment, what limits for each person take of it, and what becomes of less than nought, is worked out
first; then what becomes of it day by day. Sources of the rules: language reference, 'Payments', 'A limit for each person',
'Amounts below nought' and 'Caps'.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.periods import Segment, segments
from sibdsl.price.builder import Builder, Due, begin
from sibdsl.price.earned import earned
from sibdsl.price.graph import Graph
from sibdsl.price.limit_order import limits_in_order
from sibdsl.price.limits_for_each_person import PersonalLimit, in_whole_grains, personal_limits, withhold
from sibdsl.price.reckoning_days import reckon
from sibdsl.price.taken_back import settle


def build(contract: Contract, settings: Settings, cuts: frozenset[date] = frozenset()) -> Graph:
    """The price graph of a contract; periods are cut at `cuts` too, for questions that the contract does not ask.

    Raises NotGiven for a particular that a payment needs and that has no value, and Unpriceable for a clause that the
    settings make meaningless.
    """
    grain = contract.rounding.grain or Fraction(1, 100)
    graph = Graph(segments=segments(contract, cuts), grain=grain)
    member = begin(contract, settings, graph, graph.segments)
    reckon(graph, [member], limits_in_order([member]), {member.name: due_of(member)})
    return graph


def due_of(member: Builder) -> list[Due]:
    """Everything that a contract earns, with what limits for each person leave of it, in the order of its segments."""
    personal = personal_limits(member)
    every = {segment: earned(member, segment) for segment in member.segments}
    whole = in_whole_grains(member, [one for due in every.values() for one in due])
    return [
        one for segment, due in every.items() for one in due_in(member, segment, due, personal, whole=whole)
    ]


def due_in(
    member: Builder, segment: Segment, due: list[Due], personal: list[PersonalLimit], *, whole: bool
) -> list[Due]:
    """What becomes of what is earned in a segment before anything falls due."""
    first = len(member.graph.lines)
    member.graph.lines.extend(one.line for one in due)
    withhold(member, personal, segment, due, whole=whole)
    return settle(member, segment, due, first)
