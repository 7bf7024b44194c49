"""What the advice is made from: the words of each block, an example of each line, files that are no contracts."""

from __future__ import annotations

import subprocess
import sys

import pytest

from sibdsl.source import Source
from sibdsl.syntax import parse
from sibdsl.syntax.advice.examples import EXAMPLES
from sibdsl.syntax.advice.lines import CALLED as LINES_CALLED
from sibdsl.syntax.advice.tables import CALLED as HEADINGS_CALLED
from sibdsl.syntax.vocabulary import Kind, alike, label_of, slips, vocabulary
from tests.syntax.test_mistakes import found

KINDS = list(vocabulary().kinds.values())
LINES = [
    pytest.param(kind, rule, id=f"{kind.said}: {rule}")
    for kind in KINDS
    for rule in kind.lines
    if rule not in ("given", "expect")
]


def block(kind: Kind, line: str) -> str:
    """The smallest block of a kind that holds the line."""
    table = "| metric | quantity |\n| Job Entry | 1 |\n"
    tail = table if kind.needs_table else f"expect\n{table}" if kind.rule == "example" else ""
    return f"{kind.said} {'Some Name' if kind.named else ''}\n{line}\n{tail}end {kind.said}\n"


@pytest.mark.parametrize(("kind", "rule"), LINES)
def test_each_example_reads_as_its_line(kind: Kind, rule: str) -> None:
    (read,) = parse(Source("x.sib", block(kind, EXAMPLES[rule]))).blocks
    first = vocabulary().fixed.values()
    assert EXAMPLES[rule].split()[0] in first
    assert read.items
    said = " ".join(EXAMPLES[rule].split())
    assert any(said.startswith(" ".join(label_of(label))) for label in kind.lines[rule])


def test_examples_of_what_is_given_and_expected() -> None:
    text = f"example Some Name\n{EXAMPLES['given']}\n{EXAMPLES['expect']}\nend example\n"
    (read,) = parse(Source("x.sib", text)).blocks
    assert [item.kind for item in read.items] == ["given", "expect"]


def test_every_line_has_an_example_and_every_example_a_line() -> None:
    assert set(EXAMPLES) == {rule for kind in KINDS for rule in kind.lines}


def test_words_people_use_point_to_labels_that_exist() -> None:
    labels = {" ".join(label_of(label)) for kind in KINDS for label in kind.labels}
    assert set(LINES_CALLED.values()) <= labels
    assert set(HEADINGS_CALLED.values()) <= {" ".join(heading) for heading in vocabulary().headings}


@pytest.mark.parametrize(
    ("said", "choices", "meant"),
    [
        ("payz", ["pays", "payer", "payee"], "pays"),
        ("form each", ["for each", "band", "pays"], "for each"),
        ("onyl if", ["only if", "not if"], "only if"),
        ("setoff", ["set off", "set against"], "set off"),
        ("fro", ["for", "with"], "for"),
        ("pu", ["up", "even"], "up"),
        ("wibble", ["pays", "payer"], None),
        ("x", ["by", "in"], None),
        ("at", ["by", "in"], None),
    ],
)
def test_words_alike(said: str, choices: list[str], meant: str | None) -> None:
    assert alike(said, choices) == meant


def test_slips_are_counted() -> None:
    assert [
        slips(*pair) for pair in (("pays", "pays"), ("pasy", "pays"), ("pay", "pays"), ("form", "from"))
    ] == [0, 1, 1, 1]
    assert slips("until", "to") == 4


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("PK\x03\x04\x14\x00\x06\x00", "Word document"),
        ("%PDF-1.7\n%âãÏÓ\n", "PDF"),
        ("{\\rtf1\\ansi Payment}", "rich-text"),
        ("<!DOCTYPE html><html>", "web page"),
        ("payment\x00\x01\x02\x03", "not plain text"),
    ],
)
def test_a_file_that_is_something_else(text: str, what: str) -> None:
    (one,) = found(text)
    assert one.code == "SIB0216"
    assert what in one.message
    assert ".sib" in one.help


@pytest.mark.parametrize("text", ["", "\n", "-- only a remark\n", "\ufeff", "   \t\r\n"])
def test_an_empty_file_is_fine(text: str) -> None:
    assert found(text) == []


def test_a_letter_gives_few_findings() -> None:
    text = "Dear Sirs,\n\nWe write about the payment of fees.\nThe rule is that fees are paid.\n\nYours faithfully\n"
    told = found(text)
    assert {one.code for one in told} <= {"SIB0216", "SIB0203", "SIB0214"}
    assert len(told) <= 3


def test_places_in_markdown_are_the_markdowns() -> None:
    text = "# Terms\n\n```sib\npayment Fee [5.1]\n  payer  CCG\n  payz   £700\nend payment\n```\n"
    with pytest.raises(Exception, match=r"terms\.md:6") as caught:
        parse(Source("terms.md", text))
    (one,) = getattr(caught.value, "found", [])
    assert (one.span.line, one.span.column, one.clause) == (6, 3, "[5.1], payment Fee")


def test_a_sound_text_never_loads_the_advice() -> None:
    asked = (
        "import sys; from sibdsl.source import Source; from sibdsl.syntax import parse; "
        "parse(Source('x.sib', 'rule A\\nend rule\\n')); "
        "print([name for name in sys.modules if 'advice' in name or 'mistakes' in name or 'vocabulary' in name])"
    )
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
