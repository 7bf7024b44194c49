"""Investments for generated contracts, and as contract text."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from sibdsl.model import nodes
from sibdsl.model.nodes import Amount, Value

Days = SearchStrategy[Amount]


@st.composite
def investments(
    draw: DrawFn, parties: Sequence[str], behind: Sequence[str], money: SearchStrategy[Amount], day: Days
) -> tuple[nodes.Investment, ...]:
    """Up to three, of every form and rank, repaid on a day, after other clauses, or nobody says when."""
    found: list[nodes.Investment] = []
    for name in ("Senior Loan", "Junior Loan", "Stake")[: draw(st.sampled_from((0, 0, 1, 2, 3)))]:
        dated = draw(st.sampled_from((True, True, False)))
        drawdowns = tuple(
            nodes.Drawdown(draw(st.sampled_from(parties)), draw(money), draw(day) if dated else None)
            for _ in range(draw(st.integers(1, 2)))
        )
        rate = Value(Fraction(draw(st.integers(1, 999)), 1000), "percentage")
        compounds: SearchStrategy[Literal["simple", "monthly", "quarterly", "yearly"]] = st.sampled_from(
            ("simple", "monthly", "quarterly", "yearly")
        )
        interest = draw(st.none() | st.builds(nodes.Interest, st.just(rate), compounds))
        ranks: list[Literal["", "first", "equally", "after"]] = ["", "first", "equally"]
        rank = draw(st.sampled_from([*ranks, "after"] if found else ranks))
        after = draw(st.sampled_from([one.name for one in found])) if rank == "after" else ""
        back = draw(st.sampled_from(("", "on", "after")))
        found.append(
            nodes.Investment(
                name, "", draw(st.sampled_from(("", "as agreed"))), draw(st.sampled_from(parties)),
                draw(st.sampled_from(("loan", "equity", "grant"))), drawdowns, interest, rank, after,
                tuple(draw(st.lists(st.sampled_from(behind), min_size=1, max_size=2, unique=True))) if back == "after" else (),
                draw(day) if back == "on" else None,
            )
        )  # fmt: skip
    return tuple(found)
