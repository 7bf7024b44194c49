"""A programme's contracts as one price graph, with the caps that they share. Source: language reference, 'Programmes'."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from sibdsl.model.nodes import Contract, Programme
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.periods import segments, selection_cuts
from sibdsl.price.builder import begin
from sibdsl.price.contract_graph import due_of
from sibdsl.price.graph import Graph
from sibdsl.price.limit_order import limits_in_order, shared_occasions
from sibdsl.price.reckoning_days import reckon


def build_programme(
    programme: Programme,
    members: Mapping[str, Contract],
    own: Settings,
    settings: Mapping[str, Settings],
) -> Graph:
    """The price graph of a programme: `members` are its contracts as varied, `settings` those of each.

    Raises NotGiven and Unpriceable as `build` does.
    """
    graph = Graph(grain=programme.rounding.grain or Fraction(1, 100))
    cuts = programme_cuts(programme, members, own)
    builders = [
        begin(members[name], settings[name], graph, segments(members[name], cuts), name)
        for name in sorted(members)
    ]
    due = {one.name: due_of(one) for one in builders}
    reckon(graph, builders, limits_in_order(builders, programme, own), due)
    graph.segments = tuple(sorted({segment for one in builders for segment in one.segments}))
    return graph


def programme_cuts(programme: Programme, members: Mapping[str, Contract], own: Settings) -> frozenset[date]:
    """Every day on which a shared cap's terms change."""
    found: set[date] = set()
    contracts = list(members.values())
    for cap in programme.caps:
        for row in cap.rows:
            found |= selection_cuts(row.covers, own)
            for chosen in row.leaves_out:
                found |= selection_cuts(chosen, own)
            for days in shared_occasions(programme, contracts, row.scope):
                found.update((days.start, days.end))
    return frozenset(found)
