"""The page of libraries names each dependency once, with its licence; and what sympy does not do, it does not do."""

from __future__ import annotations

import re
import tomllib
from fractions import Fraction
from importlib.metadata import files, metadata
from typing import Literal

import pytest
import sympy
from markdown_it import MarkdownIt

from sibdsl.check.formulas.simplify import Simplifier
from sibdsl.check.formulas.tree import Choice, Count, Linear, single
from sibdsl.check.rules.affine import Affine
from sibdsl.check.rules.boundary import _bounds
from sibdsl.check.rules.solver import LinearBound
from sibdsl.price import Graph
from sibdsl.syntax.literate import fences
from tests.docs.reading import ROOT, table_rows
from tests.settle.varied import written

PAGE = (ROOT / "docs" / "libraries.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def part(heading: str) -> list[list[str]]:
    """The rows of the table under a heading."""
    return table_rows(PAGE.split(f"## {heading}\n")[1].split("\n## ")[0])


def names(requirements: list[str]) -> list[str]:
    return [re.match(r"[\w-]+", requirement)[0] for requirement in requirements]  # type: ignore[index] # all begin so


PRODUCT = part("What the product depends on")
CHOSEN = part("What comes when it is asked for")
TOOLS = part("What building and testing depend on")


def test_every_dependency_stands_in_the_page_and_nothing_else() -> None:
    assert [row[0] for row in PRODUCT] == names(PROJECT["dependencies"])
    chosen = {name for extra in ("postgresql",) for name in names(PROJECT["optional-dependencies"][extra])}
    assert {row[0] for row in CHOSEN} == chosen
    assert [row[0] for row in TOOLS] == names(PROJECT["optional-dependencies"]["dev"])


@pytest.mark.parametrize("row", PRODUCT + CHOSEN + TOOLS, ids=lambda row: row[0])
def test_licences_are_those_of_the_packages(row: list[str]) -> None:
    about = metadata(row[0])
    texts = [file for file in files(row[0]) or [] if file.name == "LICENSE"]
    said = " ".join(
        (
            about["License-Expression"] or "",
            about["License"] or "",
            *about.get_all("Classifier", []),
            *(" ".join(text.read_text().split()[:2]) for text in texts),
        )
    )
    if not about["License-Expression"] and not about["License"]:  # some say it only in a file of their own
        held = [file for file in files(row[0]) or () if file.name.startswith("LICENSE")]
        said += " ".join(file.read_text() for file in held)
    assert row[1].split("-")[0] in said


@pytest.mark.parametrize(
    "row", part("What is weighed"), ids=lambda row: row[0].replace(" ", "-").replace(",", "")
)
def test_files_named_are_there(row: list[str]) -> None:
    named = re.findall(r"`(\w+\.(?:py|csv))`", " ".join(row))
    assert [name for name in named if not list((ROOT / "sibdsl").rglob(name))] == []


# ------------------------------------------------------------------ what sympy leaves to us

A, B = sympy.symbols("a b", integer=True, nonnegative=True)
BLOCK = sympy.Max(110_200, 700 * A)


@pytest.mark.parametrize(
    ("long", "short"),
    [
        (700 * A - sympy.Min(110_200, 700 * A) + 110_200, BLOCK),
        (sympy.Max(0, 7 * A - 300) + sympy.Min(300, 7 * A), 7 * A),
    ],
)
def test_sympy_does_not_find_the_short_formula(long: sympy.Expr, short: sympy.Expr) -> None:
    assert all(long.subs(A, number) == short.subs(A, number) for number in (0, 1, 42, 43, 157, 158, 400))
    assert sympy.simplify(long) != short


def test_sympy_bounds_are_not_whole_and_are_of_one_quantity() -> None:
    assert sympy.reduce_inequalities([BLOCK >= 200_000], [A]) == sympy.Le(sympy.Rational(2_000, 7), A)
    with pytest.raises(NotImplementedError):
        sympy.reduce_inequalities([sympy.Max(110_200, 700 * A + 500 * B) >= 200_000], [A])


def test_ours_are_whole_and_of_several_quantities() -> None:
    def least(*factors: int) -> list[LinearBound]:
        return _bounds(Affine(Fraction(-200_000), dict(enumerate(map(Fraction, factors)))), ">=")

    assert least(700) == [LinearBound(((0, 1),), 286)]
    assert least(700, 500) == [LinearBound(((0, 7), (1, 5)), 2_000)]


def test_ours_finds_the_short_formulas() -> None:
    contract = written("")
    days = contract.payment_period
    simplifier = Simplifier({"": contract}, Graph())
    job = single(Count("Job", "", days))

    def choice(way: Literal["min", "max"], *parts: Linear) -> Linear:
        return single(Choice(way, parts, 0))

    met = choice("min", Linear(Fraction(110_200)), job.times(Fraction(700)))
    block = Linear(Fraction(110_200)).plus(job, Fraction(700)).plus(met, Fraction(-1))
    assert simplifier.short(block) == choice("max", Linear(Fraction(110_200)), job.times(Fraction(700)))
    above = choice("max", Linear(), job.times(Fraction(7)).plus(Linear(Fraction(-300))))
    below = choice("min", Linear(Fraction(300)), job.times(Fraction(7)))
    assert simplifier.short(above.plus(below)) == job.times(Fraction(7))


# ------------------------------------------------------------------ what a Markdown parser would give

MARKDOWN = """# Terms

```sib
contract One
```

- an item

~~~~ sib
~~~
metric Two
~~~~

   ```sib
   three
   ```

```text
```sib
no block of the contract
```
"""


def test_our_fences_are_those_of_commonmark() -> None:
    tokens = [token for token in MarkdownIt().parse(MARKDOWN) if token.type == "fence"]
    theirs = [token.content.split() for token in tokens if token.info.split()[:1] == ["sib"]]
    assert [MARKDOWN[fence.start : fence.end].split() for fence in fences(MARKDOWN)] == theirs
    assert len(theirs) == 3
