"""Each broken text under `tests/cases/words/` gives exactly what stands beside it, and the way out that it offers works."""

from __future__ import annotations

import os
import re

import pytest

from sibdsl.diagnostics import Diagnostic, Refused
from sibdsl.diagnostics.codes import REGISTRY
from sibdsl.source import Source
from sibdsl.syntax import parse
from tests.cases import documents
from tests.syntax.cases import CLAUSES, Case, cases

WRITE = os.environ.get("SIB_MISTAKES") == "write"
#: What the language's own words can be found to be.
CODES = [code for code in REGISTRY.values() if "SIB0201" <= code.code <= "SIB0221"]
CASES = cases()

#: Words of compilers, which no reader of a contract should meet.
JARGON = re.compile(
    r"\b((?i:tokens?|pars(e|es|ed|er|ing)|nodes?|terminals?|unexpected|spans?|syntax|grammar|exceptions?|lexer|regex"
    r"|literals?|keywords?)|AST|EOF|null|None)\b"
)


def found(text: str) -> list[Diagnostic]:
    try:
        parse(Source("x.sib", text))
    except Refused as refused:
        return refused.found
    return []


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_is_said_and_what_is_underlined(case: Case) -> None:
    told = found(case.text)
    assert [(one.span.start, one.span.end) for one in told] == case.spans, [
        (one.code, case.text[one.span.start : one.span.end], one.message) for one in told
    ]
    if not WRITE:
        assert case.as_said(told).told == case.document.told
    if case.frame in CLAUSES:
        assert {one.clause for one in told} == {CLAUSES[case.frame]}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_words_are_the_contracts_own(case: Case) -> None:
    for one in found(case.text):
        said = " ".join((one.message, one.mark, one.help, *(label.text for label in one.labels)))
        assert not JARGON.search(said), said
        assert one.message.endswith((".", "?"))
        assert one.help.endswith((".", "?"))
        assert one.mark
        assert one.mark == one.mark.strip(".")
        assert "`.`" not in said.replace("`.`", "", 0) or "full stop" in said
        assert said.count("`") % 2 == 0, said


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_way_out_leads_out(case: Case) -> None:
    """What the help tells to write, add or take out, done to the text, mends it."""
    (one, *others) = found(case.text)
    mended = remedied(case.text, one)
    if mended is None:
        return
    left = found(mended)
    assert not any((each.code, each.span.line) == (one.code, one.span.line) for each in left), left
    if not others and "Take it out" not in one.help:
        assert not left, (mended, left)


def remedied(text: str, one: Diagnostic) -> str | None:
    """The text after the first remedy of the help, where it is one that can be copied."""
    start, end = one.span.start, one.span.end
    said = re.match(r"(Write|Add) `([^`]+)`(?! and)", one.help)
    if one.help.startswith("Take it out"):
        return text[:start] + text[end:]
    if said is None or "on a line of its own above" in one.help or "..." in said[2]:
        return None
    if said[1] == "Write":
        return text[:start] + said[2] + text[end:]
    gap = "" if said[2][0] in ',")].' else "\n" if "on a line of its own" in one.help else " "
    return f"{text[:end]}{gap}{said[2]}{text[end:]}"


def test_the_cases_show_every_code() -> None:
    assert {said.code for case in CASES for said in case.document.told} == {code.code for code in CODES}


@pytest.mark.parametrize("code", CODES, ids=lambda code: str(code.code))
def test_each_codes_own_texts(code: object) -> None:
    wrong, right = str(getattr(code, "wrong", "")), str(getattr(code, "right", ""))
    assert {one.code for one in found(wrong)} == {getattr(code, "code", "")}
    assert found(right) == []


@pytest.mark.skipif(not WRITE, reason="only when asked to write the words again")
def test_write_the_words_again() -> None:
    for path in documents.documents("words"):
        head, written = documents.read(path)
        documents.write(path, head, [Case(case).as_said(found(Case(case).text)) for case in written])
