"""The standard layout: the same words and comments in the same order, one form for every layout, and stable."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sibdsl.diagnostics import Refused
from sibdsl.resources import resource
from sibdsl.source import Source
from sibdsl.syntax import File, parse
from sibdsl.syntax.grammar_tables import items
from sibdsl.syntax.standard_layout import format_text
from sibdsl.syntax.tree import Block, Node, Part, Word
from tests.syntax.cases import KINDS

FILES = {
    path.name: path.read_text(encoding="utf-8")
    for path in (
        resource("contracts", "mhep1", "tower_hamlets.sib"),
        resource("stdlib", "funds", "cbo.sib"),
        Path(__file__).with_name("tower_hamlets.sib"),
    )
}


def laid(text: str, name: str = "x.sib") -> str:
    return format_text(Source(name, text))


def tree(text: str, name: str = "x.sib") -> tuple[Any, ...]:
    """What a text says, without places and without the grouping of amounts."""
    return tuple(_bare(block) for block in parse(Source(name, text)).blocks)


def _bare(part: Part | File) -> Any:  # noqa: ANN401 - nested tuples of words
    if isinstance(part, Word):
        return part.kind, part.text.replace(",", "") if part.kind == "MONEY" else part.text
    if isinstance(part, Node):
        return part.kind, tuple(_bare(child) for child in part.children)
    assert isinstance(part, Block)
    name = part.name.text if part.name else ""
    return part.kind, name, part.clause, part.gloss, tuple(_bare(item) for item in part.items)


def comments(text: str) -> list[str]:
    return [item.text for item in items(text, comments=True) if item.kind == "COMMENT"]


# ------------------------------------------------------------------ what it looks like


def test_how_it_looks() -> None:
    text = """-- The terms.
payment    Fund Tariff[6]"who pays when" -- from the tariff
payer SOF to 31 March 2018,then CBO,by date of result payee MHEP  -- the vehicle
-- by band


  | for each|band | pays| -- in pounds
|Job Entry|Under 16|£700|
  -- the second band
  |Job Entry|From 16|£1350|
end payment
rule Fair source "one" requires (A is yes or B is yes) and C is at least £1000000
 end rule -- that is all
"""
    assert (
        laid(text)
        == """\
-- The terms.
payment Fund Tariff [6] "who pays when"  -- from the tariff
  payer  SOF to 31 March 2018, then CBO, by date of result
  payee  MHEP  -- the vehicle
  -- by band
  | for each  | band     | pays   |  -- in pounds
  | Job Entry | Under 16 | £700   |
  -- the second band
  | Job Entry | From 16  | £1,350 |
end payment

rule Fair
  source    "one"
  requires  (A is yes or B is yes) and C is at least £1,000,000
end rule  -- that is all
"""
    )


def test_blocks_inside_a_variation() -> None:
    text = """variation Fourth Year [Deed 2]
agreed 1 May 2019
add metric Job Start
kind outcome
per person first only
end metric
-- no longer paid
remove payment Fund Tariff
replace cap Ceiling
covers payments from CBO
| at most|
| £5 |
end cap end variation"""
    assert (
        laid(text)
        == """\
variation Fourth Year [Deed 2]
  agreed  1 May 2019

  add metric Job Start
    kind        outcome
    per person  first only
  end metric

  -- no longer paid
  remove  payment Fund Tariff

  replace cap Ceiling
    covers  payments from CBO
    | at most |
    | £5      |
  end cap
end variation
"""
    )


def test_what_is_given_and_expected() -> None:
    text = "example First Quarter in 2018/19 quarter 1 given\n|metric|quantity|\n|Job|4|\n-- so\nexpect all\n|pays|\n|£5|\nend example"
    assert (
        laid(text)
        == """\
example First Quarter
  in  2018/19 quarter 1
  given
  | metric | quantity |
  | Job    | 4        |
  -- so
  expect all
  | pays |
  | £5   |
end example
"""
    )


def test_a_long_value_keeps_its_authors_lines() -> None:
    half = "payments by results on outputs and outcomes from co-commissioners"
    text = f"rule Half\n  requires {half}\n   are less than 50% of {half}\n  tested\n    in each year\nend rule\n"
    assert (
        laid(text)
        == f"""\
rule Half
  requires  {half}
            are less than 50% of {half}
  tested    in each year
end rule
"""
    )


def test_comments_inside_a_value_keep_their_lines() -> None:
    text = "metric Job\n  among Adults, -- over 18\n  -- and, since 2018,\n    Children -- up to 18\nend metric\n"
    assert (
        laid(text)
        == """\
metric Job
  -- and, since 2018,
  among  Adults,  -- over 18
         Children  -- up to 18
end metric
"""
    )


def test_comments_between_the_words_of_a_head_or_label() -> None:
    text = "payment -- one\nFee -- two\n  for -- three\n each Job\n  end -- four\n payment\n"
    assert (
        laid(text)
        == """\
payment Fee  -- one -- two
  for each  -- three
            Job
end payment  -- four
"""
    )


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("£1350", "£1,350"),
        ("£1350.50", "£1,350.50"),
        ("£999", "£999"),
        ("£1,350", "£1,350"),
        ("$1000000", "$1,000,000"),
    ],
)
def test_amounts_are_grouped_and_nothing_else(said: str, shown: str) -> None:
    text = f'payment Fee\n  pays  {said}\n  starts  1 April 2018\n  note  "£1350 in 2018"\nend payment\n'
    assert laid(text) == text.replace(f"pays  {said}", f"pays    {shown}").replace("note  ", "note    ")


def test_empty_lines() -> None:
    text = '\n\n-- a\n\n\n-- b\nrule A\n\n\n  says  "x"\n\n  -- c\n  says  "y"\n\n\n\nend rule\nrule B\n\nend rule\n\n\n-- d\n\n\n'
    assert (
        laid(text)
        == '-- a\n\n-- b\nrule A\n  says  "x"\n\n  -- c\n  says  "y"\nend rule\n\nrule B\nend rule\n\n-- d\n'
    )


@pytest.mark.parametrize("text", ["", "\n\n", "  \t\n"])
def test_nothing_stays_nothing(text: str) -> None:
    assert laid(text) == ""


def test_line_ends_and_byte_order_mark() -> None:
    assert laid("\ufeffrule A\r\n-- x\r\nend rule") == "rule A\n  -- x\nend rule\n"


def test_section_lines_stand_as_they_are() -> None:
    text = (
        "-- Records ---------\n\nrule A\nend rule\n\n-- What is paid ------------------\n\nrule B\nend rule\n"
    )
    assert laid(text) == text


def test_a_broken_text_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        laid("rule A\n  tezted  in each year\nend rule\n")
    assert [one.code for one in refused.value.found] == ["SIB0202"]


# ------------------------------------------------------------------ Markdown


def test_only_the_sib_blocks_of_markdown() -> None:
    text = (
        '# Terms\r\n\r\nrule A  stays\r\n\r\n```sib\r\nrule A\r\nsays "x"\r\nend rule\r\n```\r\n\r\n'
        "~~~markdown\n```sib\nrule   Quoted\nend rule\n```\n~~~\n\n  ```sib\n  rule B\n  -- own\n  end rule\n  ```\n"
    )
    assert laid(text, "terms.md") == (
        '# Terms\n\nrule A  stays\n\n```sib\nrule A\n  says  "x"\nend rule\n```\n\n'
        "~~~markdown\n```sib\nrule   Quoted\nend rule\n```\n~~~\n\n  ```sib\n  rule B\n    -- own\n  end rule\n  ```\n"
    )


def test_a_block_that_runs_over_two_fences_is_left_alone() -> None:
    text = '```sib\nrule A\nsays "x"\n```\nprose\n```sib\nend rule\n```\n```sib\nrule B end rule\n```\n'
    assert laid(text, "terms.md") == text.replace("rule B end", "rule B\nend")


def test_places_of_findings_are_the_markdowns() -> None:
    with pytest.raises(Refused) as refused:
        laid("# T\n\n```sib\nrule A\n```\n", "terms.md")
    assert refused.value.found[0].span.line == 4


# ------------------------------------------------------------------ laws


@pytest.mark.parametrize("text", [*FILES.values(), *KINDS.values()], ids=[*FILES, *KINDS])
def test_same_words_same_meaning_and_stable(text: str) -> None:
    once = laid(text)
    assert laid(once) == once
    assert tree(once) == tree(text)
    assert comments(once) == comments(text)
    assert once.endswith("\n")
    assert not once.endswith("\n\n")
    assert "\n\n\n" not in once
    assert all(line == line.rstrip() for line in once.splitlines())


@pytest.mark.parametrize("name", ["tower_hamlets.sib", "cbo.sib"])
def test_shipped_texts_are_in_the_standard_layout(name: str) -> None:
    for folder in (("contracts", "mhep1"), ("stdlib", "funds")):
        path = resource(*folder)
        for file in path.glob(name):
            assert laid(file.read_text(encoding="utf-8")) == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("text", KINDS.values(), ids=list(KINDS))
def test_values_stand_in_one_column(text: str) -> None:
    """Beyond the longest label, two spaces; rows and bars aligned."""
    lines = laid(text).splitlines()
    rows = [line for line in lines if line.startswith("  |")]
    assert len({tuple(match.start() for match in re.finditer(r"\|", row)) for row in rows}) <= (
        2 if "given" in text else 1
    )


def layout(text: str, seed: int, *, remarks: bool) -> str:
    """The text with other spaces and line ends between its words, and remarks if asked; rows stay lines."""
    chance = random.Random(seed)
    said = [item for item in items(text)[:-1] if item.written]
    out = chance.choice(["", "\n", "  "])
    inside = False
    for at, item in enumerate(said):
        inside = item.kind != "_ROW_END" and (inside or item.kind == "_ROW")
        after = said[at + 1].kind if at + 1 < len(said) else ""
        out += item.text + _gap(
            chance, at, inside=inside, parts=item.kind == "_ROW_END" or after == "_ROW", remarks=remarks
        )
    return out


def _gap(chance: random.Random, at: int, *, inside: bool, parts: bool, remarks: bool) -> str:
    """What stands between two words: `inside` a row, or where a row `parts` lines."""
    space = chance.choice([" ", "  ", "\t"])
    if inside:
        return space
    remark = f" -- {chance.choice('abc')}{at}" if remarks and chance.random() < 0.1 else ""
    own = f"{chance.choice(['', '  '])}-- own {at}\n" if remarks and chance.random() < 0.05 else ""
    if not (parts or remark or own) and chance.random() < 0.7:
        return space
    return f"{remark}{chance.choice(['', space])}{chance.choice([chr(10), chr(10) * 2, chr(13) + chr(10)])}{own}{chance.choice(['', space])}"


def sample(seed: int) -> str:
    """Three blocks, each with all its lines."""
    return "\n".join(random.Random(seed).sample(list(KINDS.values()), 3))


@given(st.integers(0, 2**32))
def test_every_layout_has_one_standard_form(seed: int) -> None:
    text = sample(seed)
    other = layout(text, seed, remarks=False)
    assert tree(other) == tree(text)
    assert laid(other) == laid(text)


@given(st.integers(0, 2**32))
def test_comments_change_nothing_but_their_lines(seed: int) -> None:
    text = layout(sample(seed), seed, remarks=True)
    once = laid(text)
    assert tree(once) == tree(text)
    remarks = re.compile(r"\b[abc]\d+|own \d+")
    assert sorted(remarks.findall(" ".join(comments(once)))) == sorted(
        remarks.findall(" ".join(comments(text)))
    )
    assert laid(once) == once


@given(st.integers(0, 2**32))
def test_a_comment_behind_a_row_stays_behind_it(seed: int) -> None:
    text = layout(sample(seed), seed, remarks=True)
    assert _behind(laid(text)) == _behind(text)


def _behind(text: str) -> dict[str, str]:
    """The row that each comment behind a row stands behind, in words."""
    said = items(text, comments=True)
    found = {}
    for at, item in enumerate(said):
        if item.kind == "COMMENT" and not item.first and said[at - 1].kind == "_ROW_END":
            first = max(n for n in range(at) if said[n].kind == "_ROW")
            found[item.text] = " ".join(word.text for word in said[first:at])
    return found
