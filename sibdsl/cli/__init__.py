"""The command line. This module stays light: help is shown without loading anything else."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from collections import namedtuple

Entry = namedtuple("Entry", "module says")  # noqa: PYI024 - typing takes longer to load than help to show

#: Command -> the module that holds it (as `command`), and what it does in a line.
COMMANDS = {
    "init": Entry("init", "Write a small contract with records, to start from."),
    "check": Entry("check", "Read contracts and report what is wrong or open in them."),
    "fmt": Entry("fmt", "Lay contracts out in the standard form."),
    "test": Entry("examples", "Run the examples inside contracts."),
    "price": Entry("price", "Turn quantities into payments."),
    "pay": Entry("pay", "Turn records into payments."),
    "map": Entry("map", "Draft how the names in files of records fit a contract's."),
    "explain": Entry("explain", "Say why an amount is paid, or not, or what a word means."),
    "verify": Entry("verify", "Say whether a kept run is as it was written."),
    "show": Entry("show", "Show what is paid as formulas, in words, who pays whom, or who invests."),
    "diff": Entry("diff", "Show what changed between two contracts, and in payments."),
    "dump": Entry("dump", "Print what a stage of the work made: tree, model, plan or graph."),
    "options": Entry("options", "Show what each option of a command is, and where that is from."),
    "explain-code": Entry("explain_code", "Explain a message by its code."),
}


def overview() -> str:
    """What `sib --help` shows."""
    listed = "\n".join(f"  {name:<14} {entry.says}" for name, entry in COMMANDS.items())
    return f"""\
Usage: sib COMMAND [OPTIONS] ...

  Write, check, price and pay outcomes contracts.

Commands:
{listed}

Options:
  --no-project   Leave the project file sib.toml out.
  --version      Show the version and leave.
  -h, --help     Show this and leave. `sib COMMAND --help` tells of one command.

Exit status: 0 all well, 1 the answer is no, 2 the input or the call is wrong,
3 not decided."""


def shell_asks() -> bool:
    """Whether a shell has started this to complete a line, and not a person."""
    return "_SIB_COMPLETE" in os.environ or "_SIBDSL_COMPLETE" in os.environ


def _seldom_collected() -> None:
    """Look for unused objects seldom, and not while the process ends: what is loaded stays, and was a third of a check."""
    if gc.get_threshold() == (700, 10, 10):  # as Python has it: nobody has chosen another
        gc.set_threshold(100_000, 20, 20)
        atexit.register(_leave_in_place)


def _leave_in_place() -> None:
    if "duckdb" not in sys.modules:  # that tells of each object of its own that is never taken away
        gc.freeze()


def main(argv: list[str] | None = None) -> None:
    """Run the command line and leave with its exit status."""
    words = sys.argv[1:] if argv is None else argv
    from sibdsl.cli import streams

    try:
        if words in ([], ["-h"], ["--help"]) and not shell_asks():
            with streams.ready():
                try:
                    streams.send(overview() + "\n", sys.stdout)  # the one screen that must not wait for click
                except streams.Unwritable as error:
                    sys.exit(streams.unwritable(error))
                except BrokenPipeError:
                    sys.exit(streams.gone())
                sys.exit(streams.last(0))
        _seldom_collected()
        from sibdsl.cli.app import run

        sys.exit(run(None if argv is None else words))
    except KeyboardInterrupt:  # while the parts were loaded
        sys.exit(streams.stopped())
