"""Defined terms: which name stands for what, and the nearest when one is misspelt."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import define, field, frozen

from sibdsl.diagnostics import Label, Problems, nearest, same
from sibdsl.english import listed
from sibdsl.source import Span

#: What messages call each sort of defined term.
SORTS = {
    "party": "a party",
    "particular": "a particular",
    "assumption": "an assumption",
    "records": "records",
    "table": "a table",
    "cohort": "a cohort",
    "bands": "bands",
    "metric": "a metric",
    "metrics": "a table of metrics",
    "payment": "a payment",
    "deduction": "a deduction",
    "block advance": "a block advance",
    "cap": "a cap",
    "rule": "a rule",
    "investment": "an investment",
    "scenario": "a scenario",
    "example": "an example",
    "column": "a column",
    "band": "a band",
    "step": "a step of the workings",
    "scale": "a scale",
    "workings": "workings",
    "routes": "routes",
    "route": "a route",
    "variation": "a variation",
    "contract": "a contract of the programme",
}


#: Sorts that are spoken of in the plural.
_MANY = ("records", "bands", "workings", "routes")


@frozen
class DefinedTerm:
    """One defined term."""

    name: str
    sort: str
    span: Span


@define
class DefinedTerms:
    """The defined terms of one contract."""

    terms: dict[str, DefinedTerm] = field(factory=dict)
    _keys: dict[str, DefinedTerm] = field(factory=dict)

    def add(self, problems: Problems, name: str, sort: str, span: Span) -> None:
        """Define a term; reports one that is defined twice, or that differs from another only in case or spaces."""
        term = DefinedTerm(name, sort, span)
        other = self._keys.get(same(name))
        if other is not None:
            twice = other.name == name
            problems.add(
                "SIB0302",
                f"{name} is defined twice: {_both(other.sort, sort)}."
                if twice
                else f"{name} and {other.name} differ only in capitals or spaces, so files and commands cannot tell them apart.",
                span,
                mark="the same name again" if twice else f"reads like {other.name}",
                help="Give one of them another name.",
                labels=(Label(other.span, f"{other.name} is defined here"),),
            )
            return
        self.terms[name] = term
        self._keys[same(name)] = term

    def find(self, name: str, sorts: Iterable[str]) -> DefinedTerm | None:
        """The term of that name if it is of one of the sorts."""
        term = self.terms.get(name)
        return term if term is not None and term.sort in set(sorts) else None

    def like(self, name: str) -> DefinedTerm | None:
        """The term of that name, or of one that differs only in capitals or spaces."""
        return self._keys.get(same(name))

    def of(self, *sorts: str) -> list[str]:
        """Names of all terms of these sorts."""
        return [term.name for term in self.terms.values() if term.sort in sorts]

    def unknown(
        self,
        problems: Problems,
        name: str,
        sorts: tuple[str, ...],
        span: Span,
        *,
        clause: str = "",
        of: str = "",
    ) -> None:
        """Report a name that is not defined, or is another sort of thing. `of` says of what it should be one."""
        wanted = listed(list(dict.fromkeys(SORTS[sort] for sort in sorts)), "or")
        term = self.terms.get(name)
        if term is not None:
            problems.add(
                "SIB0305",
                f"{name} is {SORTS[term.sort]}; {wanted}{of} {'are' if wanted in _MANY else 'is'} needed here.",
                span,
                clause=clause,
                mark=f"{SORTS[term.sort]}, not {wanted}",
                help=_offer(name, self.of(*sorts), wanted),
                labels=(Label(term.span, f"{name} is defined here"),),
            )
            return
        problems.add(
            "SIB0301",
            f"{name} is not defined; {wanted}{of} {'are' if wanted in _MANY else 'is'} needed here.",
            span,
            clause=clause,
            mark="not defined",
            help=_offer(name, self.of(*sorts), wanted),
        )


def _both(before: str, now: str) -> str:
    if before == now:
        return f"both times as {SORTS[now]}"
    return f"as {SORTS[before]} and here as {SORTS[now]}"


def _offer(name: str, choices: list[str], wanted: str) -> str:
    near = nearest(name, choices)
    if near:
        return f"Did you mean `{near}`?"
    if choices:
        listed = ", ".join(f"`{choice}`" for choice in choices[:8])
        return f"Defined here: {listed}{' and others' if len(choices) > 8 else ''}."
    return f"The contract defines no such thing yet: add {wanted}."
