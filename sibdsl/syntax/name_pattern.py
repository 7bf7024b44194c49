"""What a Name looks like: words of Latin letters, with their accents, of which the first begins with a capital.

Letters of other alphabets look like these and are others, so that they are no part of a Name. The grammar, the advice on
mistakes and the colours of the lexer take the pattern from here. Source of the rule: language reference, 'How a contract is
written'.
"""

from __future__ import annotations

import unicodedata

#: Letters of the Latin alphabet, small and capital, as the inside of a class: ASCII, Latin-1, Extended-A and -B, Additional.
#: Without the click letters of Extended-B, which look like bars.
LETTERS = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u01ba\u01bc-\u01bf\u01c4-\u024f\u1e00-\u1eff"
#: Accents that stand after their letter, as some keyboards write them: Unicode's combining diacritical marks.
_ACCENTS = "\u0300-\u036f"
_LATIN = (range(0xC0, 0x250), range(0x1E00, 0x1F00))
CAPITALS = "A-Z" + "".join(
    chr(point) for points in _LATIN for point in points if unicodedata.category(chr(point)) == "Lu"
)
"""Capital letters, as the inside of a class."""
_FIRST = f"(?:[a-z](?=[A-Z])|[{CAPITALS}])"
_REST = rf"[{LETTERS}0-9{_ACCENTS}]*(?:[-'&/+][{LETTERS}0-9{_ACCENTS}]+)*"
NAME = rf"{_FIRST}{_REST}(?: (?:[0-9]|{_FIRST}){_REST})*"
"""Words, one space apart, that begin with a capital, or with one small letter before a capital, as iAspire does. After the
first, a digit will do."""

#: Cyrillic letters, then Greek ones, with the Latin letters that they look like.
_CYRILLIC = (
    "\u0410\u0412\u0415\u0405\u0406\u0408\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425"
    "\u0423\u0430\u0435\u0455\u0456\u0458\u043e\u0440\u0441\u0445\u0443\u0451\u0457"
)
_GREEK = "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf"
LOOK_ALIKE = dict(zip(_CYRILLIC + _GREEK, "ABESIJKMHOPCTXYaesijopcxyëï" + "ABEZHIKMNOPTYXo", strict=True))


def one_form(name: str) -> str:
    """A Name with each letter and its accents as one character, so that names which look alike are alike."""
    return name if name.isascii() else unicodedata.normalize("NFC", name)
