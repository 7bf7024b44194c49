"""Pseudonyms of people and of what identifies their rows. Source of the rules: run folders reference, 'Pseudonyms'.

A pseudonym is the first 64 bits of HMAC-SHA-256 over the identifier as it is compared. One identifier has one pseudonym under a
key, in every file; who has no key cannot find the identifier by trying all that there could be.
"""

from __future__ import annotations

import hmac
import re
import secrets
from hashlib import sha256
from pathlib import Path

from attrs import field, frozen

from sibdsl import files, marks
from sibdsl.diagnostics import Diagnostic, Refused

#: What a pseudonym begins with, so that nobody takes it for an identifier.
PREFIX = "p-"
#: Digits of a pseudonym.
DIGITS = 16
_KEY = re.compile(r"[0-9a-f]{64}")
#: Bytes of a file of a key that are read.
_MOST = 1_000


@frozen
class Pseudonyms:
    """Gives each identifier its pseudonym under a key of 32 bytes."""

    key: bytes = field(repr=False)

    def of(self, identifier: str) -> str:
        """The pseudonym of an identifier; '' of a blank."""
        if not identifier:
            return ""
        return PREFIX + hmac.new(self.key, identifier.encode(), sha256).hexdigest()[:DIGITS]

    @property
    def mark(self) -> str:
        """What tells a key from another and gives nothing of it away."""
        return sha256(b"sibdsl key " + self.key).hexdigest()[:16]


def new() -> Pseudonyms:
    """Pseudonyms under a key that nobody has yet."""
    return Pseudonyms(secrets.token_bytes(32))


def read(path: Path) -> Pseudonyms:
    """Pseudonyms under the key of a file: 64 hexadecimal digits. Raises Refused for no file and anything else (SIB0722), and OSError."""
    try:
        text = files.read(path, most=_MOST).decode("ascii", "replace").strip()
    except FileNotFoundError:
        raise Refused(
            Diagnostic(
                "SIB0722",
                f"There is no {marks.one_line(str(path))} with a key of pseudonyms, so nobody can be called by them.",
                help="Name with `--key` the file that `sib pay --keep` wrote beside the folder of the run.",
            )
        ) from None
    if not _KEY.fullmatch(text):
        raise Refused(
            Diagnostic(
                "SIB0722",
                f"{marks.one_line(str(path))} holds no key of pseudonyms: 64 digits from 0 to 9 and a to f are expected.",
                help="Name the file that `sib pay --keep` wrote, or a new name, to have a key made.",
            )
        )
    return Pseudonyms(bytes.fromhex(text))


def write(path: Path, made: Pseudonyms) -> None:
    """Write the key to a file that its owner alone may read. Raises OSError."""
    files.write(path, f"{made.key.hex()}\n", private=True)
