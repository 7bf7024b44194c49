"""The same contract laid out otherwise: spaces, line ends, remarks and groups of digits change nothing."""

from __future__ import annotations

import re
from random import Random

from sibdsl.syntax.parser import words

REMARK = '-- what | stands here, "is" no part of it: end payment £5\n'


def relaid(text: str, random: Random) -> str:
    """The words of the text in their order, with other space between them; rows of tables stay on lines of their own."""
    made = ""
    for token in words(text):
        row_ends = token.type == "_ROW_END"
        said = "|" if row_ends else grouped(str(token), token.type, random)
        in_row = bool(made) and _in_row(made)
        if token.type == "_ROW":
            made += "\n" + " " * random.randrange(5)
        elif in_row:
            made += random.choice((" ", "  ", "\t"))
        elif made and not made.endswith("\n"):
            made += random.choice((" ", " ", "   ", "\n", "\n\n  ", f"  {REMARK}", f"\n{REMARK}    "))
        made += said
        if row_ends:
            made += random.choice(("\n", "  \n", f" {REMARK}"))
    return made + random.choice(("", "\n", "\n\n", "-- the end"))


def _in_row(made: str) -> bool:
    line = made.rsplit("\n", 1)[-1]
    return line.lstrip().startswith("|")


def grouped(said: str, sort: str, random: Random) -> str:
    """A number with its thousands set apart, or not."""
    if sort not in ("INT", "MONEY"):
        return said
    if re.fullmatch(r"(19|20)\d\d", said):
        return said  # it may be a calendar year
    bare = said.replace(",", "")
    if random.random() < 0.5:
        return bare
    whole = re.sub(r"^(\D?)(\d+)", lambda match: f"{match[1]}{int(match[2]):,}", bare)
    return said if bare.lstrip("£$€").startswith("0") else whole
