"""What a message to a person holds. Each stage makes these; renderers show them."""

from __future__ import annotations

import re
from typing import Literal

from attrs import field, frozen

from sibdsl.source import NOWHERE, Span

Severity = Literal["error", "warning", "note"]
#: A message that begins with a word of its own, or with the title of a block: `payment Start Fee`, `block advance Upfront`.
_OWN_WORDS = re.compile(r"(?:an?|the|there|no|one|each|every|in|on|of) |[a-z]+(?: [a-z]+)? [A-Z]")


def as_sentence(message: str) -> str:
    """The message with a capital first. Names of files and words of a text stand as they are written."""
    return message[0].upper() + message[1:] if _OWN_WORDS.match(message) else message


@frozen
class Label:
    """Another place that the message speaks of, and what is to be seen there."""

    span: Span
    text: str


@frozen
class Diagnostic:
    """One finding.

    `code` is a registered code (`SIB0412`). `message` says what was found and what was expected, as a sentence.
    `mark` stands under the underlined words. `help` is the way out, with words that can be copied.
    """

    code: str
    message: str = field(converter=as_sentence)
    span: Span = NOWHERE
    clause: str = ""
    mark: str = ""
    help: str = ""
    labels: tuple[Label, ...] = ()
    severity: Severity = "error"


class Refused(Exception):
    """Raised by a stage that cannot go on; holds all it found. Shown, never let through to the user as a traceback."""

    def __init__(self, found: list[Diagnostic] | Diagnostic) -> None:
        self.found = [found] if isinstance(found, Diagnostic) else list(found)
        super().__init__("; ".join(f"{finding.span}: {finding.message}" for finding in self.found))


class Problems:
    """Findings gathered in one pass, so that a run reports all of them."""

    def __init__(self) -> None:
        self.found: list[Diagnostic] = []
        self._noted: set[Diagnostic] = set()

    def add(
        self,
        code: str,
        message: str,
        span: Span = NOWHERE,
        *,
        clause: str = "",
        mark: str = "",
        help: str = "",  # noqa: A002 - the word that renderers and readers use
        labels: tuple[Label, ...] = (),
        severity: Severity = "error",
    ) -> None:
        """Note one finding."""
        finding = Diagnostic(code, message, span, clause, mark, help, labels, severity)
        if len(self._noted) != len(self.found):  # others add to the list too
            self._noted = set(self.found)
        if finding not in self._noted:
            self._noted.add(finding)
            self.found.append(finding)

    @property
    def errors(self) -> list[Diagnostic]:
        """Findings that stop the run."""
        return [finding for finding in self.found if finding.severity == "error"]

    def stop_on_errors(self) -> None:
        """Raise Refused with everything found when any of it is an error."""
        if self.errors:
            raise Refused(self.found)


def _tidy(text: str) -> str:
    """An example as it stands in a file."""
    return f"{text}\n" if text else ""


@frozen
class Code:
    """A registered kind of finding with its page: what it means, a text that shows it and one that does not.

    `wrong` and `right` hold the blocks that matter; `frame.complete` makes whole contracts of them. Both are '' for what
    no contract text shows.
    """

    code: str
    name: str
    title: str
    meaning: str
    wrong: str = field(default="", repr=False, converter=_tidy)
    right: str = field(default="", repr=False, converter=_tidy)
