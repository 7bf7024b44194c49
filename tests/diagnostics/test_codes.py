"""Every code is registered, has a page, a failing case and a passing neighbour."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

import sibdsl
from sibdsl.check.structure import findings
from sibdsl.compile import compile_source
from sibdsl.diagnostics import Code, Diagnostic, Refused
from sibdsl.diagnostics.codes import REGISTRY
from sibdsl.diagnostics.render import plain
from sibdsl.model.parameters.in_force import as_written
from sibdsl.source import Source
from tests.frame import BASE, beside_the_frame, complete, whole

#: No text of a contract shows them, though they are about contracts.
UNSHOWN = {
    "SIB0304",
    "SIB0309",
    "SIB0403",
    "SIB0485",
    "SIB0486",
    "SIB0568",
    "SIB0569",
    "SIB0576",
    "SIB0578",
    "SIB0883",
}
#: Codes of records that a text of a contract shows.
SHOWN_TOO = {"SIB0629"}
#: Words of compilers, which no reader of a contract should meet.
JARGON = re.compile(
    r"\b(tokens?|pars(e|es|ed|er|ing)|AST|nodes?|spans?|null|None|exceptions?|tracebacks?|lexer|regex)\b"
)

SHOWN = [pytest.param(one, id=one.code) for one in REGISTRY.values() if one.wrong]


@cache
def used() -> set[str]:
    """Codes that the program's own text holds, the registry apart."""
    found: set[str] = set()
    for path in Path(sibdsl.__file__).parent.rglob("*.py"):
        if path.name == "codes.py":
            continue
        for part in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(part, ast.Constant) and re.fullmatch(r"SIB\d{4}", str(part.value)):
                found.add(str(part.value))
    return found


def told(text: str) -> list[Diagnostic]:
    try:
        made = compile_source(Source("x.sib", text))
        return [*made.findings, *findings(made.contract, as_written(made.contract))]
    except Refused as refused:
        return refused.found


def words(found: Diagnostic) -> str:
    return " ".join((found.message, found.mark, found.help, *(label.text for label in found.labels)))


def test_every_code_in_use_is_registered() -> None:
    assert not used() - REGISTRY.keys()


def test_every_registered_code_is_in_use() -> None:
    assert REGISTRY.keys() == used()


def test_codes_and_names_are_one_to_one_and_in_order() -> None:
    assert list(REGISTRY) == sorted(REGISTRY)
    assert all(code == one.code for code, one in REGISTRY.items())
    assert len({one.name for one in REGISTRY.values()}) == len(REGISTRY)
    assert len({one.title for one in REGISTRY.values()}) == len(REGISTRY)


def test_the_small_contract_is_sound() -> None:
    assert told(BASE) == []
    assert complete("") == BASE


@pytest.mark.parametrize("code", [pytest.param(one, id=one.code) for one in REGISTRY.values()])
def test_each_page_reads_well(code: Code) -> None:
    assert re.fullmatch(r"SIB0[1-8]\d{2}", code.code)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code.name)
    assert code.title[0].isupper()
    assert not code.title.endswith(".")
    assert code.meaning.endswith(".")
    assert not JARGON.search(f"{code.title} {code.meaning}")
    about_text = code.code[:5] in ("SIB03", "SIB04", "SIB05", "SIB08") and code.code not in UNSHOWN
    about_text = about_text or code.code in SHOWN_TOO
    assert bool(code.wrong) == bool(code.right)
    assert bool(code.wrong) == about_text or code.code.startswith("SIB02")


@pytest.mark.parametrize("code", SHOWN)
def test_the_wrong_text_is_found_and_nothing_else(code: Code) -> None:
    found = told(whole(code, code.wrong))
    assert {one.code for one in found if one.code == code.code or not beside_the_frame(one)} == {code.code}


@pytest.mark.parametrize("code", SHOWN)
def test_the_right_text_is_sound(code: Code) -> None:
    found = told(whole(code, code.right))
    if whole(code, code.right) == code.right:
        assert code.code not in {one.code for one in found}
    else:
        assert [one for one in found if one.code == code.code or not beside_the_frame(one)] == []


@pytest.mark.parametrize("code", SHOWN)
def test_the_wrong_text_as_people_see_it(code: Code, snapshot: SnapshotAssertion) -> None:
    text = whole(code, code.wrong)
    found = [one for one in told(text) if one.code == code.code or not beside_the_frame(one)]
    assert plain(found, {"x.sib": Source("x.sib", text)}) == snapshot
    for one in found:
        assert one.message.endswith((".", "?"))
        assert one.help.endswith((".", "?"))
        assert not JARGON.search(words(one))
