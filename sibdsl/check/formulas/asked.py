"""Formulas as they are asked for: of which days and of which payer, in words, in LaTeX and as data.

Source of the form: commands reference, 'sib show'.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from attrs import evolve, frozen

from sibdsl.check.formulas import latex, text
from sibdsl.check.formulas.from_graph import Cite, Formulas, PartyFormula
from sibdsl.check.formulas.proof_work import TriedFormula
from sibdsl.dates import Period, long
from sibdsl.diagnostics import NotThere
from sibdsl.model.asked_for import party
from sibdsl.model.fingerprint import fingerprint
from sibdsl.model.nodes import Contract, Programme
from sibdsl.model.periods import statements
from sibdsl.price.graph import Graph
from sibdsl.wording import contract_years, counted_in
from sibdsl.wording.times import WHOLE


@frozen
class Letter:
    """What a letter in a formula stands for, and what the clause's step says of it ('' when nothing)."""

    name: str
    amount: str
    note: str


@frozen
class ShownFormula:
    """What a payer pays a payee in some days, as a formula to read."""

    contract: Contract
    formula: PartyFormula
    #: What it was tried for, where it could not be proved; None where it is proved.
    tried: TriedFormula | None = None

    @property
    def heading(self) -> str:
        """`CCG pays Working Well in 2016/17`."""
        return text.heading(self.formula)

    @property
    def amount(self) -> str:
        """The formula on one line, letters aside."""
        return text.said(self.contract, self.formula)

    @property
    def letters(self) -> tuple[Letter, ...]:
        return tuple(Letter(*letter) for letter in text.letters(self.contract, self.formula))

    @property
    def latex(self) -> str:
        """In LaTeX, for the package amsmath."""
        return latex.said(self.contract, self.formula)

    @property
    def cites(self) -> tuple[Cite, ...]:
        """The clauses that take part in it."""
        return self.formula.cites


@frozen
class ContractFormulas:
    """The formulas of one contract, in the order of days and clauses."""

    contract: Contract
    formulas: tuple[ShownFormula, ...]

    @property
    def notes(self) -> list[str]:
        """What `round` and `shared by` mean, where a formula says them; then each formula that is not proved."""
        meanings = text.notes(self.contract, [shown.formula for shown in self.formulas])
        return meanings + [
            f"{shown.heading}: {_not_proved(shown.tried)} It is for each of {shown.tried.sets} sets of quantities tried."
            for shown in self.formulas
            if shown.tried is not None
        ]


def _not_proved(tried: TriedFormula) -> str:
    if tried.too_large:
        return "too large to be proved to be what the contract pays."
    return "not proved to be what the contract pays."


def of_programme(
    programme: Programme,
    terms: Mapping[str, Contract],
    build: Callable[[], Graph],
    *,
    year: str | None = None,
    day: date | None = None,
    payer: str | None = None,
) -> tuple[ContractFormulas, ...]:
    """The formulas of each contract, in each year, in one, or in the statement period that holds a day; of one payer if named.

    `build` makes the graph, once it is known that something was asked of it. Of several contracts, those that know no such year, day or party are passed over. Each formula is proved, or tried. Raises NotThere when no contract
    knows them, and FormulaUnequal for a formula that does not come to what the contract pays.
    """
    asked: list[tuple[Contract, list[tuple[Period, str]], str]] = []
    wanting: list[NotThere] = []
    for contract in terms.values():
        try:
            asked.append((contract, _stretches(contract, year, day), party(contract, payer)))
        except NotThere as missing:
            wanting.append(missing)
    if not asked and wanting:
        raise wanting[0]
    graph = build()
    found: list[ContractFormulas] = []
    for contract, stretches, who in asked:
        every = Formulas(contract, graph, programme, terms)
        formulas = [
            party_formula for days, when in stretches for party_formula in every.in_days(days, when, who)
        ]
        found.append(
            ContractFormulas(contract, tuple(ShownFormula(contract, formula) for formula in formulas))
        )
    return _held_against(graph, found)


def _held_against(graph: Graph, found: list[ContractFormulas]) -> tuple[ContractFormulas, ...]:
    """The formulas with what is known of their being what the graph pays. Raises FormulaUnequal."""
    if not any(shown.formulas for shown in found):
        return tuple(found)
    from sibdsl.check.formulas.equal_to_graph import EqualToGraph

    equal = EqualToGraph(graph)
    return tuple(
        evolve(
            shown,
            formulas=tuple(
                evolve(formula, tried=equal.trials(formula.formula)) for formula in shown.formulas
            ),
        )
        for shown in found
    )


def _stretches(contract: Contract, year: str | None, day: date | None) -> list[tuple[Period, str]]:
    """The stretches of days to show, each with its name. Raises NotThere."""
    if day is not None:
        held = [statement for statement in statements(contract) if day in statement]
        if not held:
            raise NotThere(f"{long(day)} is outside the payment period, {contract.payment_period}.")
        return [(days, counted_in(contract, days, None)) for days in held]
    every = contract_years(contract)
    if year is not None and year.strip() not in every:
        raise NotThere(f"{contract.name} has no year {year}. Its years: {', '.join(every)}.")
    if contract.statements_on:  # they need not be parts of years: those that end in the year
        ended = [
            statement
            for statement in statements(contract)
            if year is None or statement.last in every[year.strip()]
        ]
        return [(days, counted_in(contract, days, None)) for days in ended]
    if year is None and len(statements(contract)) == 1:
        return [(contract.payment_period, WHOLE)]
    return [
        (days, f"in {name}")
        for name, days in every.items()
        if year in (None, name) or name == str(year).strip()
    ]


# ------------------------------------------------------------------ as data


def to_json(programme: Programme, every: Sequence[ContractFormulas]) -> dict[str, object]:
    """`sibdsl.formulas/1` of a contract by itself; of several, `sibdsl.programme-formulas/1`, in which each is written so."""
    if programme.alone:
        return _of_contract(every[0])
    return {
        "format": "sibdsl.programme-formulas/1",
        "programme": {"name": programme.name, "reference": programme.reference},
        "contracts": [_of_contract(contract_formulas) for contract_formulas in every],
    }


def _of_contract(shown: ContractFormulas) -> dict[str, object]:
    contract = shown.contract
    return {
        "format": "sibdsl.formulas/1",
        "contract": {
            "name": contract.name,
            "reference": contract.reference,
            "fingerprint": fingerprint(contract),
        },
        "formulas": [_formula(formula) for formula in shown.formulas],
        "notes": shown.notes,
    }


def _formula(shown: ShownFormula) -> dict[str, object]:
    formula = shown.formula
    return {
        "payer": formula.payer,
        "payee": formula.payee,
        "period_start": formula.days.start.isoformat(),
        "period_end": formula.days.last.isoformat(),
        "says": f"{shown.heading} = {shown.amount}",
        "amount": shown.amount,
        "letters": [
            {"letter": letter.name, "amount": letter.amount, "note": letter.note} for letter in shown.letters
        ],
        "latex": shown.latex,
        "clauses": [
            {"clause": cite.clause, "name": cite.name, "file": cite.span.file, "line": cite.span.line}
            for cite in formula.cites
        ],
    }
