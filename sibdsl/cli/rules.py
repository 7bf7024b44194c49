"""Verdicts on rules, for people; counterexamples saved as quantities files."""

from __future__ import annotations

import re
import textwrap
from fractions import Fraction
from pathlib import Path

from attrs import frozen

from sibdsl import files, marks, money
from sibdsl.check.rules.budget import CALL, Purse
from sibdsl.check.rules.report import Finding, Sides, findings
from sibdsl.check.rules.to_json import to_json
from sibdsl.check.rules.verdict import Occasion
from sibdsl.cli import trouble
from sibdsl.cli.common import allowed
from sibdsl.cli.exit_status import ALL_WELL, ANSWER_IS_NO, NOT_DECIDED
from sibdsl.cli.screen import say
from sibdsl.dates import months_name
from sibdsl.diagnostics import Diagnostic, Refused, same
from sibdsl.model.admissible_quantities.below_nought import fall_below
from sibdsl.model.nodes import Contract, Rule
from sibdsl.model.parameters.in_force import Settings
from sibdsl.price.quantities_file import file_text

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
    """How a contract was checked, so that a command printed from it prices the same: file, values and work."""

    path: Path
    pairs: tuple[str, ...] = ()
    parameters: Path | None = None
    budget: int = CALL

    def priced_with(self, contract: Contract, saved: Path) -> str:
        """The command that prices a counterexample."""
        names = dict.fromkeys(
            variation.span.file for variation in contract.variations if variation.span.file != str(self.path)
        )
        said = f"sib price {marks.path_word(str(self.path))}"
        said += "".join(f" --with {marks.path_word(name)}" for name in names)
        said += "".join(f" --allow {marks.path_word(str(folder))}" for folder in allowed())
        said += "".join(f" --set {marks.word(pair)}" for pair in self.pairs)
        said += f" --parameters {marks.path_word(str(self.parameters))}" if self.parameters else ""
        return f"{said} --quantities {marks.path_word(str(saved))}"


def decide(
    contract: Contract, given: Settings, packs: tuple[str, ...], call: Call, save: Path, *, show: bool
) -> tuple[int, list[dict[str, object]]]:
    """Decide the rules asked for; the exit status (0, 1 or 3) and the verdicts as JSON. Raises Refused for a pack unknown."""
    rules = chosen(contract, packs)
    found = findings(contract, given, rules, Purse(call.budget))
    told: list[dict[str, object]] = []
    for finding in found:
        saved = _saved(contract, finding, save)
        rooms = {tried.name: tried.headroom for tried in finding.tried}
        told.append(
            {
                **to_json(finding.verdict, rooms),
                "verdict": finding.says,
                "counterexample_file": saved and str(saved),
            }
        )
        if show:
            _show(contract, finding, saved, call)
    if show and contract.variations:
        say("Decided on the contract as all its variations leave it, every period priced under it.")
    if show:
        _not_tried(found)
        _admissible(contract, found)
        _summary(found)
    if any(finding.says != "not decided" and not finding.fine for finding in found):
        return ANSWER_IS_NO, told
    return (NOT_DECIDED if any(finding.says == "not decided" for finding in found) else ALL_WELL), told


def chosen(contract: Contract, packs: tuple[str, ...]) -> tuple[Rule, ...]:
    """The rules of the packs asked for, in the order of the contract."""
    written_in = {rule.span.file for rule in contract.rules}
    names = {
        file.removeprefix("stdlib/").removesuffix(".sib"): file
        for file in written_in
        if file.startswith("stdlib/")
    }
    wanted: set[str] = set()
    alone: set[str] = set()
    for pack in packs:
        key = pack.removesuffix(".sib")
        if same(key) == "all":
            wanted |= written_in
        elif same(key) == "own":
            wanted |= written_in - set(names.values())
        elif key in names:
            wanted.add(names[key])
        elif any(same(rule.name) == same(pack) for rule in contract.rules):
            alone.add(same(pack))
        else:
            listed = ", ".join(sorted(names)) or "none"
            raise Refused(
                Diagnostic(
                    "SIB0702",
                    f"{contract.name} does not use a rule pack {pack}, and has no rule of that name.",
                    help=f'It uses: {listed}. Add a line such as `uses "funds/cbo" where Fund is ...` to the contract.',
                )
            )
    return tuple(rule for rule in contract.rules if rule.span.file in wanted or same(rule.name) in alone)


def _saved(contract: Contract, finding: Finding, save: Path) -> Path | None:
    shown = finding.verdict.failing
    if shown is None or shown.counterexample is None:
        return None
    name = re.sub(r"[^a-z0-9]+", "-", finding.verdict.rule.name.casefold()).strip("-")
    target = save / f"{name}.csv"
    try:
        save.mkdir(parents=True, exist_ok=True)
        files.write(target, file_text(contract, shown.counterexample))
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


def _show(contract: Contract, finding: Finding, saved: Path | None, call: Call) -> None:
    rule = finding.verdict.rule
    clause = f" [{rule.clause}]" if rule.clause else ""
    say(f"{rule.name}{clause}", bold=True)
    say(f"  {_SAID[finding.says]}; tested {rule.tested}   {rule.span}")
    if rule.says:
        say(f"  {rule.says}")
    if finding.verdict.reason:
        _wrapped(finding.verdict.reason)
    told = _together(
        contract, [occasion for occasion in finding.verdict.occasions if occasion.says != "holds"]
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
        _sides(contract, "One fewer", finding.just_below)
    shown = finding.verdict.failing
    if shown is not None and finding.at_counterexample is not None:
        which = "Smallest counterexample" if shown.smallest else "A counterexample, perhaps not the smallest"
        _sides(contract, f"{which}, {shown.horizon.said}", finding.at_counterexample)
        if saved is not None:
            say(f"    Saved as {marks.one_line(str(saved))}; run it: {call.priced_with(contract, saved)}")
    say()


def _together(contract: Contract, occasions: list[Occasion]) -> list[tuple[str, tuple[str, ...]]]:
    """When, and what is said of it: neighbouring occasions of which the same is said are told as one."""
    found: list[tuple[list[str], tuple[str, ...]]] = []
    for occasion in occasions:
        lines = _occasion(contract, occasion)
        if found and found[-1][1] == lines:
            found[-1][0].append(occasion.horizon.said)
        else:
            found.append(([occasion.horizon.said], lines))
    return [
        (said[0] if len(said) == 1 else f"{said[0]} and the {len(said) - 1} after it", lines)
        for said, lines in found
    ]


def _occasion(contract: Contract, occasion: Occasion) -> tuple[str, ...]:
    """One occasion: exactly when the rule is met where that is short, else what is enough and what is needed."""
    days = occasion.horizon.days
    if occasion.says == "not decided":
        return (f"not decided: {occasion.reason}",)
    if occasion.says == "fails":
        return ("fails for every quantity",)
    ways = [
        " and ".join(inequality.said(contract, days) for inequality in way) for way in occasion.alternatives
    ]
    if len(ways) == 1:
        return (f"exactly when {ways[0]}",)
    lines: list[str] = []
    if occasion.enough:
        lines.append(
            f"certainly with {', or '.join(inequality.said(contract, days) for inequality in occasion.enough)}"
        )
    if occasion.needed:
        lines.append(
            f"never without {', and '.join(inequality.said(contract, days) for inequality in occasion.needed)}"
        )
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


def _sides(contract: Contract, what: str, sides: Sides) -> None:
    given = [
        f"{money.number(number)} {' '.join(part for part in (key.metric, key.band) if part)} in {months_name(key.segment.days)}"
        for key, number in sorted(sides.quantities.items())
        if number
    ]
    left, right = (
        _amount(contract, one) if sides.money else money.number(one) for one in (sides.left, sides.right)
    )
    say(f"    {what}: with {', '.join(given) or 'nothing achieved'}, the two sides are {left} and {right}.")


def _amount(contract: Contract, amount: Fraction) -> str:
    return money.show(amount, contract.currency)


def _not_tried(found: tuple[Finding, ...]) -> None:
    lacking = dict.fromkeys(pair for finding in found for pair in finding.lacking)
    for name, why in lacking:
        say(f"Scenario {name} was not tried: {why}")


def _admissible(contract: Contract, found: tuple[Finding, ...]) -> None:
    implied = found[0].verdict.implied if found else ()
    bounds = dict.fromkeys((bound.said, bound.why) for finding in found for bound in finding.verdict.bounds)
    below = fall_below(contract)
    other = {
        metric.name: "any number, below nought too" if metric.name in below else "any number from 0"
        for metric in contract.every_metric
        if not metric.whole
    }
    if not implied and not bounds and not other:
        return
    say("Quantities considered: whole numbers from 0" + (", and to date" if implied else ""))
    for pair in implied:
        say(f"  {pair.fewer} at most {pair.more}: {pair.why}")
    for said, why in bounds:
        _wrapped(f"{said}: {why}", inside=-2)
    for name, numbers in other.items():
        say(f"  {name}: {numbers}")


def _summary(found: tuple[Finding, ...]) -> None:
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
