"""Findings that a project file says, with its reason, are not to be shown. They are counted, and errors are never among them.

Source of the rules: project reference, 'Findings that are not shown'.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from attrs import frozen

from sibdsl import marks
from sibdsl.diagnostics import Diagnostic, same
from sibdsl.project.model import Project, Suppression


@frozen
class Suppressed:
    """A finding that is not shown, and what says so."""

    finding: Diagnostic
    by: Suppression


@frozen
class Shown:
    """The findings of a call: those that are shown, and those that are not."""

    findings: tuple[Diagnostic, ...]
    suppressed: tuple[Suppressed, ...] = ()


def shown(project: Project | None, found: Iterable[Diagnostic]) -> Shown:
    """Which of the findings are shown. An error is, whatever is said of it."""
    findings: list[Diagnostic] = []
    suppressed: list[Suppressed] = []
    for finding in found:
        by = (
            next((suppression for suppression in project.suppressions if _fits(suppression, finding)), None)
            if project
            else None
        )
        if by is None or finding.severity == "error":
            findings.append(finding)
        else:
            suppressed.append(Suppressed(finding, by))
    return Shown(tuple(findings), tuple(suppressed))


def left_over(
    project: Project, found: Sequence[Diagnostic], read: Iterable[Path], *, whole: bool
) -> list[Diagnostic]:
    """What is wrong with the suppressions, seen by what was found: those that speak of an error, and those that fit nothing.

    `found` is everything that was found, before any of it was left out, and `read` the files that it was found in. `whole`
    is whether the call read all that the project file names; only then is one that names no file known to fit nothing.
    """
    files = {os.path.realpath(path) for path in read}
    told: list[Diagnostic] = []
    for suppression in project.suppressions:
        fitting = [finding for finding in found if _fits(suppression, finding)]
        errors = [finding for finding in fitting if finding.severity == "error"]
        if errors:
            told.append(
                Diagnostic(
                    "SIB0750",
                    f"{suppression.code} is an error at {errors[0].span}, and an error is never left out of what is shown.",
                    project.span((*suppression.place, "code")),
                    mark="speaks of an error",
                    help="Put the contract right, and take this `[[suppress]]` out.",
                )
            )
        elif not fitting and (
            whole if suppression.file is None else os.path.realpath(suppression.file) in files
        ):
            where = "anywhere" if suppression.file is None else f"in {marks.one_line(str(suppression.file))}"
            where += f", clause {marks.one_line(suppression.clause)}" if suppression.clause else ""
            told.append(
                Diagnostic(
                    "SIB0751",
                    f"No {suppression.code} is found {where}.",
                    project.span((*suppression.place, "code")),
                    mark="fits nothing",
                    help="Take this `[[suppress]]` out, or check its code, file and clause.",
                    severity="warning",
                )
            )
    return told


def _fits(suppression: Suppression, finding: Diagnostic) -> bool:
    if suppression.code != finding.code:
        return False
    if suppression.file is not None and (
        not finding.span.file or os.path.realpath(suppression.file) != os.path.realpath(finding.span.file)
    ):
        return False
    if suppression.clause is None:
        return True
    number, _, title = finding.clause.partition(", ")
    return same(suppression.clause) in {same(finding.clause), same(number), same(title)} - {""}
