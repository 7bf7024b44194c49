"""What the translation refuses: code, underlined words, message and way out; and beside each, what it takes."""

import ast
import re
from pathlib import Path

import pytest

import sibdsl
from sibdsl.compile import compile_source
from sibdsl.diagnostics import Diagnostic, Refused
from sibdsl.model.invariants import check
from sibdsl.source import Source
from sibdsl.syntax import parse
from tests.model.account import missing
from tests.model.cases import Case, all_cases

CASES = all_cases()
#: Shown by tests of their own below, or by no text: see `tests/diagnostics/test_codes.py`.
ELSEWHERE = {"SIB0304", "SIB0309", "SIB0403", "SIB0446", "SIB0485", "SIB0486", "SIB0576", "SIB0578"}
#: The codes that translation and names raise, but for what formulas add.
THESE = re.compile(r"SIB0([34]\d\d|53[4-9]|54[89]|57[1-9]|58[6-9]|59\d)")
#: Words that a lawyer should not meet.
WINCES = re.compile(
    r"\ba [aeio]|\ban [^aeio8]|\bNone\b|\b(token|node|parse|span|null|column_|string)\b|  |\.\.$"
)


def told(text: str) -> list[Diagnostic]:
    try:
        made = compile_source(Source("case.sib", text))
    except Refused as refused:
        return refused.found
    check(made.contract, made.sources)
    if any(one.severity == "error" for one in made.findings):  # an example that is left out
        return list(made.findings)
    assert missing(parse(Source("case.sib", text)), made.contract) == []
    return list(made.findings)


@pytest.mark.parametrize("case", [pytest.param(one, id=str(one)) for one in CASES if one.code])
def test_refused(case: Case) -> None:
    (found,) = told(case.text)
    assert case.told is not None
    assert (found.severity, found.code) == (case.told.severity, case.told.code)
    start, end = found.span.start, found.span.end
    while case.text[end - 1] == "\n":  # a row of a table runs to the end of its line
        end -= 1
    assert case.place is not None
    assert case.text[start:end] == case.text[slice(*case.place)]
    assert (start, end) == case.place
    assert (found.message, found.mark, found.help) == (case.told.message, case.told.mark, case.told.help)
    assert not WINCES.search(f"{found.message} {found.mark} {found.help}")


@pytest.mark.parametrize("case", [pytest.param(one, id=str(one)) for one in CASES if not one.code])
def test_accepted(case: Case) -> None:
    assert told(case.text) == []


def raised() -> set[str]:
    """The codes that translation and names raise."""
    found: set[str] = set()
    package = Path(sibdsl.__file__).parent
    for path in (*(package / "model" / "from_syntax").rglob("*.py"), *(package / "names").glob("*.py")):
        for part in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(part, ast.Constant) and THESE.fullmatch(str(part.value)):
                found.add(str(part.value))
    return found


def test_every_code_has_a_case() -> None:
    shown = {one.code for one in CASES if one.code}
    assert raised() - ELSEWHERE == {one for one in shown if THESE.fullmatch(one)}


# ------------------------------------------------------------------ whole files


def refused(text: str, name: str = "case.sib") -> Diagnostic:
    with pytest.raises(Refused) as caught:
        compile_source(Source(name, text))
    (found,) = caught.value.found
    return found


def test_a_file_without_a_contract() -> None:
    found = refused("parties\n  | party | role |\n  | Trust | provider |\nend parties\n")
    assert found.code == "SIB0446"
    assert found.message == "case.sib holds no contract. It holds parties."
    assert found.span.line == 1


@pytest.mark.parametrize("text", ["", "\n\n", "-- nothing yet\n"])
def test_an_empty_file(text: str) -> None:
    found = refused(text)
    assert (found.code, found.message) == ("SIB0446", "case.sib holds no contract.")


def test_a_module_is_no_contract() -> None:
    assert refused('module Terms\n  note "none"\nend module\n').code == "SIB0446"
