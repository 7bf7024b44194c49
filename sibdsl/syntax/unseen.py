"""Marks that hide or reorder text: a contract that holds one is not read, for its reader would not see what it says."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from sibdsl import marks
from sibdsl.diagnostics import Diagnostic, Refused
from sibdsl.source import Source

#: Places told in one run.
_MOST = 20


def refuse(source: Source, text: str) -> None:
    """Raise Refused where a mark stands in the contract's text, or turns the text beside it. `text` is what was parsed."""
    findings = list(islice(_findings(source, text), _MOST))
    if findings:
        raise Refused(findings)


def beside(findings: list[Diagnostic], source: Source, text: str) -> list[Diagnostic]:
    """The findings, and those of hidden marks on lines of which nothing is said yet, in the order of the text."""
    if any(finding.code == "SIB0216" for finding in findings):  # no contract at all
        return findings
    lines = {finding.span.line for finding in findings}
    more = [finding for finding in islice(_findings(source, text), _MOST) if finding.span.line not in lines]
    return sorted([*findings, *more], key=lambda finding: finding.span.start)


def _findings(source: Source, text: str) -> Iterator[Diagnostic]:
    """A finding for each mark; in the prose around the contract's text, only for those that turn or control."""
    for at, char in marks.hidden(source.text):
        within = text[at : at + 1] == char
        if not (within or marks.turns(char)) or (at == 0 and char == "\ufeff"):
            continue
        if marks.hides(char):
            message = f"{marks.said(char)} stands here: it is not seen, and can hide or turn round what stands beside it."
            mark, way = "not seen on a screen", "Take it out."
        else:
            message = f"More than {marks.MOST_COMBINING} marks are heaped on one letter here, {marks.said(char)} among them: they cover what stands beside it."
            mark, way = "one mark too many", "Take out those that the word does not need."
        yield Diagnostic("SIB0104", message, source.span(at, at + 1), mark=mark, help=way)
