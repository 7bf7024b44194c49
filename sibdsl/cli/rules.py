"""Verdicts on rules, for people; counterexamples saved as quantities files."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from sibdsl import files, marks, money, pipeline
from sibdsl.cli import trouble
from sibdsl.cli.common import allowed
from sibdsl.cli.exit_status import ALL_WELL, ANSWER_IS_NO, NOT_DECIDED
from sibdsl.cli.screen import say
from sibdsl.dates import months_name
from sibdsl.diagnostics import Diagnostic
from sibdsl.wording import quantity_said

if TYPE_CHECKING:
    from sibdsl.pipeline import Loaded
    from sibdsl.pipeline.types import ContractFindings, Finding, Inequality, Occasion, Sides

_SAID = {
    "holds": "holds, proved",
    "holds when": "met only if",
    "fails": "FAILS",
    "not decided": "not decided",
}
#: More alternatives than this are told in the machine form only.
_WAYS = 2
#: More conditions of one rule than this are told in the machine form only.
_SHOWN = 4


@frozen
class Call:
    """How a contract or a programme was checked, so that a command printed from it prices the same: file, values and work."""

    path: Path
    pairs: tuple[str, ...] = ()
    parameters: Path | None = None
    units: int | None = None

    def priced_with(self, decided: ContractFindings, saved: Path) -> str:
        """The command that prices a counterexample. A programme names the files that vary its contracts itself."""
        varied = () if decided.within else decided.others[""].variations
        names = dict.fromkeys(
            variation.span.file for variation in varied if variation.span.file != str(self.path)
        )
        said = f"sib price {marks.path_word(str(self.path))}"
        said += "".join(f" --with {marks.path_word(name)}" for name in names)
        said += "".join(f" --allow {marks.path_word(str(folder))}" for folder in allowed())
        said += "".join(f" --set {marks.word(pair)}" for pair in self.pairs)
        said += f" --parameters {marks.path_word(str(self.parameters))}" if self.parameters else ""
        return f"{said} --quantities {marks.path_word(str(saved))}"


@frozen
class Verdicts:
    """What came of the rules of a call: the exit status (0, 1 or 3) and the verdicts as JSON, by contract and of the programme."""

    status: int
    of_contracts: dict[str, list[dict[str, object]]]
    of_programme: list[dict[str, object]]


def decide(loaded: Loaded, packs: tuple[str, ...], call: Call, save: Path, *, show: bool) -> Verdicts:
    """Decide the rules asked for. Raises Refused for a pack unknown, and NotGiven."""
    every = pipeline.decide(loaded, packs, call.units)
    folders = _folders(every, save)
    of_programme: list[dict[str, object]] = []
    of_contracts: dict[str, list[dict[str, object]]] = {}
    for decided, folder in zip(every, folders, strict=True):
        told = of_programme if decided.of_programme else of_contracts.setdefault(decided.contract.name, [])
        for finding in decided.findings:
            saved = _saved(decided, finding, folder)
            within = {"contract": decided.within} if decided.within and not decided.of_programme else {}
            file = saved and str(saved)
            told.append({**within, **pipeline.verdict_to_json(finding), "counterexample_file": file})
            if show:
                _show(decided, finding, saved, call)
    found = [finding for decided in every for finding in decided.findings]
    if show:
        _as_varied(loaded)
        _not_tried(every)
        _considered(every)
        _summary(found)
    if any(finding.says != "not decided" and not finding.fine for finding in found):
        return Verdicts(ANSWER_IS_NO, of_contracts, of_programme)
    undecided = any(finding.says == "not decided" for finding in found)
    return Verdicts(NOT_DECIDED if undecided else ALL_WELL, of_contracts, of_programme)


def _folders(every: tuple[ContractFindings, ...], save: Path) -> list[Path]:
    """Where the counterexamples of each are saved: those of a contract of a programme in a folder of its own."""
    found: list[Path] = []
    for decided in every:
        folder = save / _file_name(decided.within) if decided.within and not decided.of_programme else save
        if folder in found:
            folder = save / f"{_file_name(decided.within)}-{len(found) + 1}"
        found.append(folder)
    return found


def _file_name(name: str) -> str:
    """A name as that of a file."""
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")


def _saved(decided: ContractFindings, finding: Finding, save: Path) -> Path | None:
    shown = finding.verdict.failing
    if shown is None or shown.counterexample is None:
        return None
    target = save / f"{_file_name(finding.verdict.rule.name)}.csv"
    try:
        save.mkdir(parents=True, exist_ok=True)
        files.write(target, pipeline.counterexample_file(decided, shown.counterexample))
    except OSError as error:
        trouble.show(
            [
                Diagnostic(
                    "SIB0707",
                    f"The counterexample cannot be written to {target}: {error.strerror}.",
                    help="Name another folder with `--save`.",
                    severity="warning",
                )
            ]
        )
        return None
    return target


def _show(decided: ContractFindings, finding: Finding, saved: Path | None, call: Call) -> None:
    rule, currency = finding.verdict.rule, decided.contract.currency
    within = f"{decided.within}: " if decided.within else ""
    clause = f" [{rule.clause}]" if rule.clause else ""
    say(f"{within}{rule.name}{clause}", bold=True)
    say(f"  {_SAID[finding.says]}; tested {rule.tested}   {rule.span}")
    if rule.says:
        say(f"  {rule.says}")
    if finding.verdict.reason:
        _wrapped(finding.verdict.reason)
    told = _together(
        decided, [occasion for occasion in finding.verdict.occasions if occasion.says != "holds"]
    )
    for when, lines in told[:_SHOWN]:
        if len(lines) == 1:
            _wrapped(f"{when}: {lines[0]}")
            continue
        say(f"    {when}")
        for line in lines:
            _wrapped(line, inside=2)
    if len(told) > _SHOWN:
        say(f"    and {len(told) - _SHOWN} other conditions: `--format json` has them all")
    for tried in finding.tried:
        if tried.failing:
            short = (
                ""
                if tried.headroom is None or tried.headroom >= 0
                else f", short by {money.number(-tried.headroom)}"
            )
            say(f"    {tried.name}: FAILS {', '.join(tried.failing[:3])}{short}")
        else:
            room = "" if tried.headroom is None else f", headroom {money.number(tried.headroom)}"
            say(f"    {tried.name}: met{room}")
    if finding.just_below is not None:
        _sides(currency, "One fewer", finding.just_below)
    shown = finding.verdict.failing
    if shown is not None and finding.at_counterexample is not None:
        which = "Smallest counterexample" if shown.smallest else "A counterexample, perhaps not the smallest"
        _sides(currency, f"{which}, {shown.horizon.said}", finding.at_counterexample)
        if saved is not None:
            say(f"    Saved as {marks.one_line(str(saved))}; run it: {call.priced_with(decided, saved)}")
    say()


def _together(decided: ContractFindings, occasions: list[Occasion]) -> list[tuple[str, tuple[str, ...]]]:
    """When, and what is said of it: neighbouring occasions of which the same is said are told as one."""
    found: list[tuple[list[str], tuple[str, ...]]] = []
    for occasion in occasions:
        lines = _occasion(decided, occasion)
        if found and found[-1][1] == lines:
            found[-1][0].append(occasion.horizon.said)
        else:
            found.append(([occasion.horizon.said], lines))
    return [
        (said[0] if len(said) == 1 else f"{said[0]} and the {len(said) - 1} after it", lines)
        for said, lines in found
    ]


def _occasion(decided: ContractFindings, occasion: Occasion) -> tuple[str, ...]:
    """One occasion: exactly when the rule is met where that is short, else what is enough and what is needed."""
    days = occasion.horizon.days

    def said(bound: Inequality) -> str:
        return bound.said_among(decided.others, days)

    if occasion.says == "not decided":
        return (f"not decided: {occasion.reason}",)
    if occasion.says == "fails":
        return ("fails for every quantity",)
    ways = [" and ".join(said(inequality) for inequality in way) for way in occasion.alternatives]
    if len(ways) == 1:
        return (f"exactly when {ways[0]}",)
    lines: list[str] = []
    if occasion.enough:
        lines.append(f"certainly with {', or '.join(said(inequality) for inequality in occasion.enough)}")
    if occasion.needed:
        lines.append(f"never without {', and '.join(said(inequality) for inequality in occasion.needed)}")
    if 1 < len(ways) <= _WAYS:
        lines.append(f"exactly when {'; or '.join(ways)}")
    elif ways:
        lines.append(f"exactly when one of {len(ways)} conditions is met, listed by `--format json`")
    else:
        lines.append(occasion.reason + ("; the truth lies between" if occasion.needed else ""))
    return tuple(lines)


def _wrapped(text: str, inside: int = 0) -> None:
    width = trouble.width() - 8 - inside
    for number, line in enumerate(textwrap.wrap(text, width=width, break_on_hyphens=False)):
        say(" " * (inside + (4 if number == 0 else 8)) + line)


def _sides(currency: str, what: str, sides: Sides) -> None:
    given = [
        f"{money.number(number)} {quantity_said(key.metric, key.band, key.contract)} in {months_name(key.segment.days)}"
        for key, number in sorted(sides.quantities.items())
        if number
    ]
    left, right = (
        money.show(one, currency) if sides.money else money.number(one) for one in (sides.left, sides.right)
    )
    say(f"    {what}: with {', '.join(given) or 'nothing achieved'}, the two sides are {left} and {right}.")


def _as_varied(loaded: Loaded) -> None:
    """Say that rules are decided of contracts as varied, where any variation is there."""
    if not any(member.variations for member in loaded.programme.members):
        return
    if loaded.programme.alone:
        say("Decided on the contract as all its variations leave it, every period priced under it.")
    else:
        say("Decided on the contracts as all their variations leave them, every period priced under them.")


def _not_tried(every: tuple[ContractFindings, ...]) -> None:
    lacking = dict.fromkeys(
        (f"{name} of {decided.within}" if decided.within else name, why)
        for decided in every
        for finding in decided.findings
        for name, why in finding.lacking
    )
    for name, why in lacking:
        say(f"Scenario {name} was not tried: {why}")


def _considered(every: tuple[ContractFindings, ...]) -> None:
    found = pipeline.considered(every)
    if not found.to_date and not found.bounds and not found.others:
        return
    say("Quantities considered: whole numbers from 0" + (", and to date" if found.to_date else ""))
    for said, why in found.to_date:
        say(f"  {said}: {why}")
    for said, why in found.bounds:
        _wrapped(f"{said}: {why}", inside=-2)
    for name, numbers in found.others:
        say(f"  {name}: {numbers}")


def _summary(found: list[Finding]) -> None:
    counts = {says: sum(finding.says == says for finding in found) for says in _SAID}
    parts = [
        f"{count} {words}"
        for says, words in (
            ("holds", "hold"),
            ("holds when", "met only if"),
            ("fails", "fail"),
            ("not decided", "not decided"),
        )
        if (count := counts[says])
    ]
    say(f"{len(found)} rule{'s' if len(found) != 1 else ''}: {', '.join(parts) or 'none'}")
