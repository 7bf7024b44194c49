"""Contract texts in which the words that a finding should underline stand between « and »."""

from __future__ import annotations

from textwrap import dedent

from sibdsl.check.structure import findings
from sibdsl.compile import compile_source
from sibdsl.diagnostics import Diagnostic
from sibdsl.diagnostics.snippet import tight
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import Plain, Settings, as_written
from sibdsl.source import Source, Span
from tests.frame import beside_the_frame, complete


def contract(excerpt: str = "") -> Contract:
    """The sound small contract with the excerpt's blocks in it."""
    return compile_source(_source(excerpt)).contract


def found(excerpt: str = "", **values: Plain) -> list[Diagnostic]:
    """What is found in that contract; `values` are given from outside, with `_` for a space.

    That the frame's own fee pays beside what the excerpt adds is left out: `with_the_frame` tells it too.
    """
    return [finding for finding in with_the_frame(excerpt, **values) if not beside_the_frame(finding)]


def with_the_frame(excerpt: str = "", **values: Plain) -> list[Diagnostic]:
    """What is found in that contract, with what is said of the frame's own fee."""
    made = contract(excerpt)
    given = {name.replace("_", " "): value for name, value in values.items()}
    return findings(made, Settings({**as_written(made).values, **given}))


def codes(excerpt: str = "", **values: Plain) -> list[str]:
    """Codes of what is found, each with its severity's first letter: `E0501`."""
    return [f"{one.severity[0].upper()}{one.code[3:]}" for one in found(excerpt, **values)]


def only(code: str, excerpt: str, **values: Plain) -> Diagnostic:
    """The one finding, which has that code and underlines what is marked."""
    all_found = found(excerpt, **values)
    assert [one.code for one in all_found] == [code]
    assert underlined(excerpt, all_found[0].span) == _marked(excerpt)
    return all_found[0]


def underlined(excerpt: str, span: Span) -> str:
    """The words that a span underlines in the contract of the excerpt, with the number of their line in it."""
    source = _source(excerpt)
    exact = tight(span, source)
    return f"{exact.line}: {source.text[exact.start : exact.end]}"


def _source(excerpt: str) -> Source:
    return Source("x.sib", complete(dedent(excerpt).replace("«", "").replace("»", "")))


def _marked(excerpt: str) -> str:
    rest = dedent(excerpt).partition("«")[2]
    words = rest.partition("»")[0]
    block = rest.replace("»", "").partition("\nend ")[0] + "\nend "
    text = _source(excerpt).text
    return f"{text[: text.index(block)].count(chr(10)) + 1}: {words}"
