"""`sib check` of folders and of several files: each contract, what varies it, programmes, modules; told by file and in all.

Source of the rules: project reference, 'Files and folders'.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from attrs import field, frozen

from sibdsl.cli import trouble
from sibdsl.cli.check import (
    Checked,
    RulesToDecide,
    checked,
    decided,
    machine_form,
    show_findings,
    show_suppressions,
)
from sibdsl.cli.many import FilesOfCall, settable
from sibdsl.cli.project_file import entry, project
from sibdsl.cli.screen import say
from sibdsl.diagnostics import Diagnostic, Refused
from sibdsl.english import listed
from sibdsl.project.sorting import Reading
from sibdsl.project.suppressing import left_over, shown


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
    found = list(call.problems)
    by_file: dict[Path, list[Diagnostic]] = {}
    facts: list[dict[str, object]] = []
    statuses: list[int] = []
    result = shown(project(), found)
    if asked.form == "text" and found:
        show_findings(result.findings, _places(result.findings), quiet=True)
    suppressed = list(result.suppressed)
    findings = list(result.findings)
    for reading in call.readings:
        made, these = _one(reading, call, asked)
        told = found if reading.kind == "programme" else by_file.get(reading.path, [])
        new = [finding for finding in dict.fromkeys(these) if finding not in told]
        by_file.setdefault(reading.path, []).extend(new)
        found += new
        result = shown(project(), new)
        findings += result.findings
        suppressed += result.suppressed
        if made is not None:
            facts.append(_facts(reading, made))
        if asked.form == "text":
            _show(reading, made, result.findings, asked, again=len(new) < len(set(these)))
        if made is not None and not any(one.severity == "error" for one in these):
            statuses.append(_rules(reading, made, asked))
    held = project()
    over = left_over(held, found, call.files, whole=call.is_whole) if held else []
    findings += over
    if asked.form == "text":
        show_suppressions(suppressed, over, listed=asked.show_suppressed, quiet=asked.quiet)
        if findings or not asked.quiet:
            call.show_passed_over(quiet=asked.quiet)
            say(_summary(len(call.files), findings))
    else:
        machine_form(asked.form, findings, facts, suppressed)
    if any(one.severity == "error" for one in findings):
        return 2
    return next((status for status in (1, 3) if status in statuses), 0)


def _one(reading: Reading, call: FilesOfCall, asked: Asked) -> tuple[Checked | None, list[Diagnostic]]:
    """What is found in one reading; without a `Checked` where it cannot be read."""
    try:
        made = checked(reading.path, reading.varied, settable(reading, call, asked.pairs), None)
    except Exception as error:
        found = trouble.diagnosed(error)
        if found is None:
            raise
        return None, found
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
    undated = [] if made is None or made.terms is None or made.given is None else list(_undated(made))
    if undated and reading.varied and asked.talks:
        have = "has" if len(undated) == 1 else "have"
        say(f"  {listed(undated)} {have} not been given, so it was checked as it was signed.")
    if found:
        say()


def _undated(made: Checked) -> Iterator[str]:
    """The names of dates of variations without a value."""
    from sibdsl.model.parameters.in_force import NotGiven

    assert made.terms is not None  # noqa: S101 - a contract, as who calls has seen
    assert made.given is not None  # noqa: S101 - likewise
    names: dict[str, None] = {}
    for variation in made.terms.variations:
        for day in (variation.agreed, variation.effective):
            try:
                made.given.day(day)
            except NotGiven as missing:
                names[missing.name] = None
    yield from names


def _facts(reading: Reading, made: Checked) -> dict[str, object]:
    place: dict[str, object] = {"file": str(reading.path), "with": [str(path) for path in reading.varied]}
    return place | (made.facts or {"kind": "programme"})


def _rules(reading: Reading, made: Checked, asked: Asked) -> int:
    """Decide the rules of a contract that are asked for on the call or in sib.toml; 0, 1 or 3."""
    of_file = entry(reading.path)
    packs = asked.packs or (of_file.rules if of_file else ())
    if not packs or made.terms is None or made.given is None:
        return 0
    if list(_undated(made)):
        say(f"Rules of {reading.said} are not decided while a date has not been given.", err=True)
        return 3
    name = reading.path.stem + ("_varied" if reading.varied else "")
    deciding = RulesToDecide(reading.path, asked.pairs, None, packs, asked.budget, asked.save / name)
    if asked.form == "text":
        say(f"Rules of {reading.said}", bold=True)
    try:
        return decided(deciding, made, show=asked.form == "text")
    except Refused as refused:
        return _no_such_pack(reading, refused)


def _no_such_pack(reading: Reading, refused: Refused) -> int:
    """A pack that the contract does not use: no answer is wanted of it."""
    if any(one.code != "SIB0702" for one in refused.found):
        raise refused
    say(f"  {reading.path.name} has none of the rules asked for.")
    return 0


def _places(found: Sequence[Diagnostic]) -> str:
    return "what was named" if found else ""


def _summary(files: int, found: Sequence[Diagnostic]) -> str:
    from sibdsl.diagnostics.render import count_line

    counts = count_line(found, "").removesuffix(" in ")
    return f"{files} file{'' if files == 1 else 's'}: {counts[0].lower()}{counts[1:]}"
