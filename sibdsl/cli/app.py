"""The `sib` command as click runs it. Each command is imported only when it is run."""

from __future__ import annotations

import importlib
import sys

import click

from sibdsl import files, marks
from sibdsl.cli import COMMANDS, overview, streams
from sibdsl.cli.screen import say


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
    files.forget()


def run(argv: list[str] | None = None) -> int:
    """Run the command line; its exit status. Nothing but messages for people is ever shown."""
    files.forget()
    with streams.ready():
        try:
            # Not click's own `main`, which has an exit status and words of its own for a stop and a broken pipe.
            with sib.make_context("sib", list(sys.argv[1:] if argv is None else argv)) as ctx:
                code = sib.invoke(ctx)
            streams.flush()
        except click.exceptions.Exit as stop:
            return streams.last(stop.exit_code)
        except click.ClickException as wrong:
            return streams.last(_misused(wrong))
        except (click.Abort, KeyboardInterrupt):
            return streams.stopped()
        except streams.Ended:
            return streams.ended()
        except (BrokenPipeError, streams.Gone):
            return streams.gone()
        except streams.Unwritable as error:
            return streams.unwritable(error)
        except Exception as error:  # noqa: BLE001 - the last stop before a person would see a traceback
            from sibdsl.cli.trouble import report

            return streams.last(report(error))
        return code if isinstance(code, int) else 0


def _misused(wrong: click.ClickException) -> int:
    """Say what is wrong with the call, as click lays it out, and nothing of it acted on."""
    if isinstance(wrong, click.UsageError) and wrong.ctx is not None:
        say(wrong.ctx.get_usage(), err=True)
        say(f"Try '{wrong.ctx.command_path} --help' for help.\n", err=True)
    say(f"Error: {marks.one_line(wrong.format_message())}", err=True)
    return 2
