"""Characters that a screen acts on, or that hide or turn round the text beside them. One list for all that reads or shows.

Source of the rules: safety reference, 'What is shown' and 'Marks that hide text'.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

#: Stands for a character that is not shown as itself.
SIGN = "\N{REPLACEMENT CHARACTER}"
#: More marks than this on one letter run into the lines above and below it. No language writes so many.
MOST_COMBINING = 4

#: Format characters that are printed: the signs that Arabic, Syriac and Kaithi set around numbers.
_PRINTED = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
#: Invisible, though their category is that of letters, marks or symbols.
_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2028\u2029\u2800\u3164\ufe00-\ufe0f\uffa0\U0001d159\U000e0000-\U000e0fff]"
)
#: Turn the direction of the text that follows.
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
#: Nothing outside this need be looked at twice: printable ASCII, and letters and signs of western Europe.
_ODD = re.compile("[^\t\n\r\x20-\x7e\xa0-\xac\xae-\u02ff\u2010-\u2015\u2018-\u201f\u2020-\u2027\u20ac]")


@lru_cache(maxsize=4096)
def hides(char: str) -> bool:
    """Whether the character is acted on, is invisible, or hides or reorders what stands beside it. Tabs and line ends too."""
    if " " <= char <= "~":
        return False
    category = unicodedata.category(char)
    return (category in ("Cc", "Cf", "Cs", "Zl", "Zp") and char not in _PRINTED) or bool(_BLANK.match(char))


def turns(char: str) -> bool:
    """Whether the character controls a screen, ends a line unseen, or turns the direction of text."""
    return char in _TURNING or unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")


def said(char: str) -> str:
    """The character by its code point and, where it has one, its name: `U+202E RIGHT-TO-LEFT OVERRIDE`."""
    name = unicodedata.name(char, "")
    return f"U+{ord(char):04X}" + (f" {name}" if name else " (a control character)" if char < "\xa0" else "")


def hidden(text: str) -> Iterator[tuple[int, str]]:
    """Offset and character of every mark of the text that hides or reorders; tabs and line ends are none.

    Of marks heaped on one letter, the first beyond the most that a letter may have.
    """
    marks = last = 0
    for match in _ODD.finditer(text):
        at, char = match.start(), match[0]
        if hides(char):
            yield at, char
        elif unicodedata.combining(char):
            marks = marks + 1 if at == last + 1 else 1
            last = at
            if marks == MOST_COMBINING + 1:
                yield at, char


def shown(text: str) -> str:
    """The text for a screen: line ends and tabs as they are, a sign for each other character that `hides`.

    Of marks heaped on one letter only the first are kept.
    """
    if _ODD.search(text) is None and "\r" not in text:
        return text
    kept: list[str] = []
    marks = 0
    for char in text:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= MOST_COMBINING:
            kept.append(SIGN if hides(char) and char not in "\n\t" else char)
    return "".join(kept)


def one_line(text: str) -> str:
    """As `shown`, on one line: a run of line ends, tabs and other such becomes one space."""
    return shown(re.sub("[\t\n\x0b\x0c\r\x1c-\x1e\x85\u2028\u2029]+", " ", text))


def escaped(text: str) -> str:
    """The text for JSON's own strings, once it is JSON: each character that `hides` as JSON escapes it. Line ends stay."""

    def escape(match: re.Match[str]) -> str:
        char = match[0]
        if not hides(char) and not "\ud800" <= char <= "\udfff":
            return char
        units = char.encode("utf-16-be", "surrogatepass").hex()
        return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))

    return _ODD.sub(escape, text)


def word(text: str) -> str:
    """The text as one word of a command that can be copied into a shell, whatever it holds."""
    from shlex import quote  # light, but only few runs print a command

    if all(not hides(char) for char in text):
        return quote(text)
    # ANSI-C quoting, which bash, zsh, ksh and POSIX 2024 know: byte by byte, for what is not to be printed.
    parts = [
        "".join(f"\\x{byte:02x}" for byte in char.encode("utf-8", "surrogateescape"))
        if hides(char)
        else {"'": "\\'", "\\": "\\\\"}.get(char, char)
        for char in text
    ]
    return f"$'{''.join(parts)}'"


def path_word(path: str) -> str:
    """The name of a file as one word of a command, which takes it for no option."""
    return word(f"./{path}" if path.startswith("-") else path)
