"""Contract text in colour: a lexer for Pygments, which finds it by the entry point in pyproject.toml.

It knows words by their look and their place on the line, never what they mean, so that a text with mistakes is shown too.
"""

from __future__ import annotations

from typing import ClassVar

from pygments.lexer import RegexLexer, bygroups, default, words
from pygments.token import Comment, Keyword, Literal, Name, Number, Operator, Punctuation, String, Whitespace

from sibdsl.currencies import AMOUNT
from sibdsl.syntax.name_pattern import NAME

#: The kinds of block, longest first, so that `rule pack` is not taken for `rule`.
KINDS = (
    "block advance", "rule pack", "rate card", "particulars", "assumption", "investment", "scenarios", "scorecard", "programme",
    "variation", "contract", "scenario", "workings", "metrics", "parties", "payment", "records", "example", "module",
    "cohort", "metric", "routes", "bands", "scale", "table", "rule", "cap", "deduction",
)  # fmt: skip
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_NUMBER = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)"


class SibLexer(RegexLexer):
    """The language of outcomes contracts: `sib` in a fence, `*.sib` as a file."""

    name = "Outcomes contract"
    aliases: ClassVar = ["sib"]
    filenames: ClassVar = ["*.sib"]
    url = "https://pypi.org/project/sibdsl/"
    version_added = ""

    tokens: ClassVar = {
        "root": [
            (r"\n", Whitespace),
            (r"^(end)([ \t]+)", bygroups(Keyword.Declaration, Whitespace), "kind"),  # type: ignore[no-untyped-call] # Pygments has no types here
            (words(KINDS, prefix=r"^[ \t]*(?:(?:add|replace|remove)[ \t]+)?", suffix=r"(?=[ \t\n\[]|$)"), Keyword.Declaration, "rest"),
            (r"^([ \t]+)([a-z][a-z-]*(?: [a-z][a-z-]*)*)(?=  )", bygroups(Whitespace, Name.Attribute), "rest"),  # type: ignore[no-untyped-call]
            default("rest"),
        ],
        "kind": [
            (words(KINDS, suffix=r"(?![a-z])"), Keyword.Declaration, "#pop"),
            default("#pop"),
        ],
        "rest": [
            (r"\n", Whitespace, "#pop"),
            (r"[ \t]+", Whitespace),
            (r"--[^\n]*", Comment.Single),
            (r'"[^"\n]*"', String),
            (r"\[[^\]\n]+\]", Name.Label),
            (rf"[0-9]{{1,2}} (?:{_MONTHS})(?: [0-9]{{4}})?", Literal.Date),
            (r"[0-9]{4}/[0-9]{2}", Literal.Date),
            (AMOUNT, Number),
            (r"[0-9]{1,3}/[0-9]{1,3}", Number),
            (rf"{_NUMBER}(?:\.[0-9]+)?%?", Number),
            (NAME, Name.Variable),
            (r"[a-z]+(?:-[a-z]+)*", Keyword),
            (r"[|,()]", Punctuation),
            (r"[^\s]", Operator),
        ],
    }  # fmt: skip
