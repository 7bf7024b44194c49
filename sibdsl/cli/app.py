"""The `sib` command as click runs it. Each command is imported only when it is run."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

import click

from sibdsl.cli import COMMANDS, overview


class Lazy(click.Group):
    """A group that knows its commands by name and loads one when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        name = cmd_name.casefold().replace("_", "-")
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"sibdsl.cli.{COMMANDS[name].module}")
        found: click.Command = module.command
        return found

    def get_help(self, ctx: click.Context) -> str:  # noqa: ARG002 - click's signature
        return overview()

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        found = self.get_command(ctx, name)
        if found is None:
            from sibdsl.diagnostics import nearest

            near = nearest(name, COMMANDS)
            ctx.fail(
                f"There is no command {name}. " + (f"Did you mean {near}?" if near else "See sib --help.")
            )
        return name, found, args[1:]


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sibdsl", message="sibdsl %(version)s")
def sib() -> None:
    """Write, check, price and pay outcomes contracts."""


def run(argv: list[str] | None = None) -> int:
    """Run the command line; its exit status. Nothing but messages for people is ever shown."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Any = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
    try:
        code = sib.main(args=argv, prog_name="sib", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as wrong:
        wrong.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped before the end; nothing was written.", err=True)
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001 - the last stop before a person would see a traceback
        from sibdsl.cli.trouble import report

        return report(error)
    return code if isinstance(code, int) else 0
