"""`sib check` on a module read by itself: what it leaves open and what it brings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sibdsl.cli import trouble
from sibdsl.cli.common import allowed
from sibdsl.cli.screen import say
from sibdsl.diagnostics import Diagnostic

if TYPE_CHECKING:
    from sibdsl.pipeline.types import CompiledModule


def check(path: Path) -> tuple[list[Diagnostic], dict[str, object], CompiledModule]:
    """What is found in a module, the facts at the head of its check, and the module. Raises Refused when it cannot be read."""
    from sibdsl import pipeline

    source = pipeline.read(path)
    trouble.remember({source.name: source})
    made = pipeline.load_module(source, allow=allowed())
    trouble.remember(made.sources)
    findings = list(pipeline.check(made))
    facts: dict[str, object] = {
        "name": made.name,
        "kind": made.kind,
        "leaves_open": {kind: list(names) for kind, names in made.opens.items()},
        "brings": {kind: list(names) for kind, names in made.brings.items()},
    }
    return findings, facts, made


def head(made: CompiledModule) -> None:
    """What the module leaves open and what it brings."""
    say(f"{made.kind} {made.name}", bold=True)
    for kind, names in made.opens.items():
        if names:
            say(f"  leaves open, as {kind}: {', '.join(names)}")
    for kind, names in made.brings.items():
        say(f"  brings {kind}: {', '.join(names)}")
    say("Read in a contract made up for it; a contract that uses it is checked with its own terms.")
    say()
