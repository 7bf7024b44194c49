r"""Formulas in LaTeX: names in `\text{}`, amounts in pounds, one term to a line. Needs the package amsmath."""

from __future__ import annotations

import re
from fractions import Fraction

from sibdsl import money
from sibdsl.check.formulas.from_graph import PartyFormula
from sibdsl.check.formulas.text import Text, heading, ordered
from sibdsl.check.formulas.tree import (
    Atom,
    Choice,
    Chosen,
    Count,
    IfMeasured,
    Linear,
    Parts,
    Rounded,
    fixed_shares,
)
from sibdsl.english import listed
from sibdsl.model.nodes import Contract
from sibdsl.wording import each

#: Characters that LaTeX takes for commands, and what stands for them in text.
ESCAPES = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
#: Signs of currencies that LaTeX has a command for.
SIGNS = {"£": r"\pounds ", "$": r"\$"}


class Latex(Text):
    """One formula in LaTeX."""

    def term(self, atom: Atom, factor: Fraction) -> str:
        if isinstance(atom, Count) and not (atom.taken_of is not None and factor == 1):
            return rf"{self.money(factor)} \times {self.count(atom)}"
        said = self.atom(atom)
        return said if factor == 1 else rf"{_number(factor)} \times {said}"

    def atom(self, atom: Atom) -> str:
        letter = self.letters.get(atom)
        return quoted(letter) if letter else self.written(atom)

    def written(self, atom: Atom) -> str:
        match atom:
            case Count():
                return self.count(atom)
            case Choice(way, parts):
                return rf"\{way}\left({', '.join(self.sum(part) for part in parts)}\right)"
            case Rounded(inner, over=()):
                return rf"\operatorname{{round}}\left({self.sum(inner)}\right)"
            case Rounded(inner, over=over):
                which = quoted(each(self.contract, over, self.days))
                return rf"\sum_{{{which}}} \operatorname{{round}}\left({self.bare(inner)}\right)"
            case Chosen(on, ranges, parts):
                ways = zip(ranges, parts, strict=True)
                rows = r" \\ ".join(
                    rf"{self.sum(linear)} & {quoted(f'if {self.held(held)}')}" for held, linear in ways
                )
                return rf"{quoted('by')} {self.plain(on)} \begin{{cases}} {rows} \end{{cases}}"
            case IfMeasured(counts, (then, other)):
                named = listed([Text.count(self, count) for count in counts])
                measured = quoted(f"if {named} {'is' if len(counts) == 1 else 'are'} measured")
                rows = rf"{self.sum(then)} & {measured} \\ {self.sum(other)} & {quoted('if blank')}"
                return rf"\begin{{cases}} {rows} \end{{cases}}"
            case Parts(whole, weights, taken) if fixed_shares(atom):
                share = quoted(
                    f"{money.percent(sum((weights[one].constant for one in taken), Fraction(0)))} of"
                )
                return rf"{share} \left({self.sum(whole)}\right)"
            case Parts(whole, weights, taken):
                which = ",".join(str(one + 1) for one in taken)
                shares = " : ".join(self.sum(weight) for weight in weights)
                return rf"\operatorname{{part}}_{{{which}}}\left({self.sum(whole)} \mid {shares}\right)"

    def count(self, count: Count) -> str:
        return quoted(super().count(count))

    def money(self, amount: Fraction) -> str:
        prefix = money.currency(self.contract.currency).prefix
        number = super().money(amount).removeprefix(prefix)
        return SIGNS.get(prefix, quoted(prefix)) + (
            _number(amount) if "/" in number else number.replace(",", "{,}")
        )


def _number(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value.numerator)
    return rf"\tfrac{{{value.numerator}}}{{{value.denominator}}}"


def quoted(words: str) -> str:
    r"""Words as `\text{}`, with what LaTeX would take for a command escaped."""
    escaped = re.sub(r"[\\&%$#_{}~^]", lambda found: ESCAPES[found[0]], words)
    return rf"\text{{{escaped}}}"


def said(contract: Contract, formula: PartyFormula) -> str:
    """The whole formula as `align*`, then each letter that it uses."""
    latex = Latex(contract, formula)
    rows = [_equation(latex, quoted(heading(formula)), formula.amount)]
    rows += [rf"{quoted(name)} ={{}}& {latex.written(atom)}" for name, atom in formula.letters]
    return "\\begin{align*}\n" + " \\\\\n".join(rows) + "\n\\end{align*}"


def _equation(latex: Latex, name: str, amount: Linear) -> str:
    """A sum with each of its terms on a line of its own, when it has several that bend."""
    bent = [atom for atom, _ in amount.terms if not isinstance(atom, Count)]
    if len(bent) < 2:
        return f"{name} ={{}}& {latex.sum(amount)}"
    lines = []
    for number, (atom, factor) in enumerate(ordered(amount)):
        one = latex.money(abs(factor)) if atom is None else latex.term(atom, abs(factor))
        sign = "-" if factor < 0 else "+" if number else ""
        lines.append(f"{sign} {one}" if sign else one)
    return f"{name} ={{}}& " + " \\\\\n&".join(lines)
