"""`sib check` of folders and of several files: each contract, what varies it, programmes, modules; told by file and in all.

Source of the rules: project reference, 'Files and folders'.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from attrs import define, field, frozen

from sibdsl import pipeline
from sibdsl.cli import trouble
from sibdsl.cli.check import (
    Checked,
    RulesToDecide,
    checked,
    decided,
    lacks_dates,
    machine_form,
    plain_findings,
    show_findings,
    show_suppressed,
)
from sibdsl.cli.exit_status import ALL_WELL, ANSWER_IS_NO, NOT_DECIDED, WRONG_INPUT
from sibdsl.cli.many import FilesOfCall, settable
from sibdsl.cli.project_file import entry, project
from sibdsl.cli.screen import say
from sibdsl.diagnostics import Diagnostic, Refused
from sibdsl.english import listed
from sibdsl.project.sorting import Reading
from sibdsl.project.suppressing import Suppressed, left_over, shown


@frozen
class Asked:
    """The options of a call."""

    pairs: tuple[str, ...]
    packs: tuple[str, ...]
    save: Path
    budget: int | None
    form: str
    quiet: bool = field(kw_only=True)
    heads: bool = field(kw_only=True)
    show_suppressed: bool = field(kw_only=True)

    @property
    def talks(self) -> bool:
        """Whether more than findings is shown to a person."""
        return self.form == "text" and not self.quiet


def check_many(paths: Sequence[Path], asked: Asked) -> int:
    """Check everything that the paths name. One file that cannot be read does not stop the others.

    What is found in a contract is told once, though it is found again with what varies it and in a programme of it.
    """
    call = FilesOfCall.of(paths)
    told = _Told(asked)
    told.add(call.problems)
    if asked.form == "text" and told.findings:
        plain_findings(told.findings)
        say()
    for reading in call.readings:
        _reading(reading, call, told)
    told.refuse_unknown_rules()
    held = project()
    if held is not None:
        over = left_over(held, told.found, call.files, whole=call.is_whole)
        told.findings += over
        plain_findings(over if asked.form == "text" else ())
    if asked.form == "text":
        show_suppressed(told.suppressed, listed=asked.show_suppressed, quiet=asked.quiet)
        if told.findings or not asked.quiet:
            call.show_passed_over(quiet=asked.quiet)
            say(_summary(len(call.files), told.findings))
    else:
        machine_form(asked.form, told.findings, told.facts, told.suppressed)
    if any(finding.severity == "error" for finding in told.findings):
        return WRONG_INPUT
    return next((status for status in (ANSWER_IS_NO, NOT_DECIDED) if status in told.statuses), ALL_WELL)


@define
class _Told:
    """What has been found so far in a call: all of it, what of it is shown, and what came of rules."""

    asked: Asked
    found: list[Diagnostic] = field(factory=list)
    findings: list[Diagnostic] = field(factory=list)
    suppressed: list[Suppressed] = field(factory=list)
    facts: list[dict[str, object]] = field(factory=list)
    statuses: list[int] = field(factory=list)
    #: By contract, what was told of it.
    by_file: dict[Path, list[Diagnostic]] = field(factory=dict)
    #: Contracts that have none of the rules asked for.
    without: list[tuple[Reading, list[Diagnostic]]] = field(factory=list)

    def add(self, new: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Take up findings; those of them that are shown."""
        new = list(new)
        self.found += new
        result = shown(project(), new)
        self.findings += result.findings
        self.suppressed += result.suppressed
        return result.findings

    def refuse_unknown_rules(self) -> None:
        """Name the contracts without the rules asked for. Raises Refused where no contract has any of them."""
        if self.without and not self.statuses:
            raise Refused(self.without[-1][1])
        for reading, _ in self.without:
            say(f"{reading.said} has none of the rules asked for.", err=True)


def _reading(reading: Reading, call: FilesOfCall, told: _Told) -> None:
    """Check one reading, show what is found in it, and decide its rules."""
    asked = told.asked
    made, these = _one(reading, call, asked)
    before = told.found if reading.kind == "programme" else told.by_file.setdefault(reading.path, [])
    modules = {str(other.path) for other in call.readings if other.kind == "module"}
    in_modules = [finding for finding in told.found if finding.span.file in modules]
    new = [finding for finding in dict.fromkeys(these) if finding not in before and finding not in in_modules]
    told.by_file.setdefault(reading.path, []).extend(new)
    visible = told.add(new)
    if asked.form == "text":
        _show(reading, made, visible, asked, again=len(new) < len(set(these)))
    if made is None:
        return
    if not any(finding.severity == "error" for finding in these):
        try:
            told.statuses += _rules(reading, made, asked)
        except Exception as error:
            stopped = trouble.diagnosed(error)
            if stopped is None:
                raise
            if any(finding.code == "SIB0702" for finding in stopped):
                told.without.append((reading, stopped))
            else:
                visible = told.add(stopped)
                plain_findings(visible if asked.form == "text" else ())
    told.facts.append(_facts(reading, made))


def _one(reading: Reading, call: FilesOfCall, asked: Asked) -> tuple[Checked | None, list[Diagnostic]]:
    """What is found in one reading; without a `Checked` where it cannot be read."""
    try:
        made = checked(reading.path, reading.varied, settable(reading, call, asked.pairs), None)
    except Exception as error:
        findings = trouble.diagnosed(error)
        if findings is None:
            raise
        return None, findings
    return made, made.found


def _show(
    reading: Reading, made: Checked | None, found: Sequence[Diagnostic], asked: Asked, *, again: bool
) -> None:
    """Show what is found in one reading; `again` says that more was found, and told before."""
    if made is not None and asked.heads and asked.talks:
        made.head(bool(asked.packs))
    if again and not found:
        if asked.talks:
            say(f"Nothing more found in {reading.said}")
    else:
        show_findings(found, reading.said, quiet=asked.quiet)
    undated = [] if made is None or made.loaded is None else pipeline.undated(made.loaded)
    if undated and reading.varied and asked.talks:
        have = "has" if len(undated) == 1 else "have"
        say(f"  {listed(undated)} {have} not been given, so it was checked as it was signed.")
    if found:
        say()


def _facts(reading: Reading, made: Checked) -> dict[str, object]:
    """The facts of a reading with its file; a programme holds those of its contracts, which are told by themselves too."""
    place: dict[str, object] = {"file": str(reading.path), "with": [str(path) for path in reading.varied]}
    if reading.kind == "programme":
        return place | {"kind": "programme", **(made.programme or {}), "contracts": list(made.facts)}
    return place | made.facts[0]


def _rules(reading: Reading, made: Checked, asked: Asked) -> list[int]:
    """Decide the rules of a contract or programme that are asked for on the call or in sib.toml; the status, where any were.

    Raises Refused (SIB0702) where it has none of them.
    """
    of_file = entry(reading.path)
    packs = asked.packs or (of_file.rules if of_file else ())
    if not packs or made.loaded is None:
        return []
    if lacks_dates(made):
        say(f"Rules of {reading.said} are not decided while a date has not been given.", err=True)
        return [3]
    name = reading.path.stem + ("_varied" if reading.varied else "")
    to_decide = RulesToDecide(reading.path, asked.pairs, None, packs, asked.budget, asked.save / name)
    pipeline.rules_asked(made.loaded, packs)
    if asked.form == "text":
        say(f"Rules of {reading.said}", bold=True)
    return [decided(to_decide, made, show=asked.form == "text")]


def _summary(files: int, found: Sequence[Diagnostic]) -> str:
    from sibdsl.diagnostics.render import count_line

    counts = count_line(found, "").removesuffix(" in ")
    return f"{files} file{'' if files == 1 else 's'}: {counts[0].lower()}{counts[1:]}"
