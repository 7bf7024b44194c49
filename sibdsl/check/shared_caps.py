"""Caps that contracts of a programme share: what is added too late, and who would owe the excess to themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import evolve

from sibdsl.check.possible_lines import paying
from sibdsl.dates import long
from sibdsl.diagnostics import Diagnostic, NotGiven
from sibdsl.model.nodes import Contract, Programme, SharedCap
from sibdsl.model.parameters.in_force import Settings
from sibdsl.price.cap_limits import time_of_all
from sibdsl.price.selected_lines import limited
from sibdsl.wording import clause_title


def findings(programme: Programme, terms: Mapping[str, Contract], own: Settings) -> Iterator[Diagnostic]:
    """Everything to be said of a programme's caps; `terms` are its contracts by name, as far as their variations are dated."""
    for cap in programme.caps:
        yield from _added_too_late(cap, terms, own)
        yield from _owed_to_themselves(cap, terms, own)


def _added_too_late(cap: SharedCap, terms: Mapping[str, Contract], own: Settings) -> Iterator[Diagnostic]:
    whole = time_of_all(list(terms.values()))
    for top_up in (top_up for row in cap.rows for top_up in row.topped_up):
        try:
            day = own.day(top_up.day)
        except NotGiven:
            continue
        if day >= whole.end:
            yield Diagnostic(
                "SIB0514",
                f"{long(day)} lies after the payment periods of all contracts ({whole}), so what is added then pays nothing.",
                top_up.span,
                clause_title("cap", cap.name, cap.clause),
                "after the payment periods",
                "Choose a day on which some contract may still pay.",
            )


def _owed_to_themselves(cap: SharedCap, terms: Mapping[str, Contract], own: Settings) -> Iterator[Diagnostic]:
    """Limits of payments to a party, the excess of which the same party is to pay."""
    for row in cap.rows if cap.excess.way == "paid" else ():
        for name in row.across:
            contract = terms[name]
            try:
                mine = [
                    each.line
                    for each in paying(contract)
                    if each.line.payee in cap.excess.payers
                    and limited(contract, own, row, evolve(each.line, contract=name))
                ]
            except NotGiven:
                continue
            if mine:
                yield Diagnostic(
                    "SIB0528",
                    f"{mine[0].payee} is paid {mine[0].payment} in {name}, and would owe itself what exceeds this limit.",
                    cap.excess.span,
                    clause_title("cap", cap.name, cap.clause),
                    "paid by whom it is paid to",
                    f"Write `excess lost` if {mine[0].payee} goes without it, or name another party.",
                )
                return
