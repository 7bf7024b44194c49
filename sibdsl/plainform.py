"""Plain form: how two texts are compared that look alike. Source: records reference, 'Text'.

Characters that show nothing are taken off, every Unicode space is a plain space, and letters with accents are one
character each (Unicode's form NFC). Capitals and marks that can be seen stay as they are.
"""

from __future__ import annotations

import re
import unicodedata

#: What shows nothing wherever it stands: Unicode's property Default_Ignorable_Code_Point, as ranges of code points.
UNSEEN = (
    (0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
)  # fmt: skip
#: Spaces, beside the plain one, that stand for it: Unicode's categories Zs, Zl and Zp, and the next line.
SPACES = (
    (0x0085, 0x0085), (0x00A0, 0x00A0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F),
    (0x205F, 0x205F), (0x3000, 0x3000),
)  # fmt: skip
#: What does not belong to a cell at its ends.
ENDS = " \t\n\v\f\r"


def _class(ranges: tuple[tuple[int, int], ...]) -> str:
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


_UNSEEN = re.compile(f"[{_class(UNSEEN)}]")
_SPACES = re.compile(f"[{_class(SPACES)}]")


def plain(text: str) -> str:
    """The text in plain form, without the spaces around it. Plain text stays as it is."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", _SPACES.sub(" ", _UNSEEN.sub("", text)))
    return text.strip(ENDS)
