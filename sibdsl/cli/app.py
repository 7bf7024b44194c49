"""The `sib` command as click runs it. Each command is imported only when it is run."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

import click

from sibdsl import files, marks
from sibdsl.cli import COMMANDS, overview, shell_asks, streams
from sibdsl.cli.exit_status import ALL_WELL, WRONG_INPUT
from sibdsl.cli.screen import say

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


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

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands that begin so. None is loaded for it."""
        from click.shell_completion import CompletionItem

        named = [(name, entry) for name, entry in COMMANDS.items() if name.startswith(incomplete)]
        commands = [CompletionItem(name, help=entry.says) for name, entry in named]
        return [*commands, *click.Command.shell_complete(self, ctx, incomplete)]

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
        if not ctx.resilient_parsing:
            from sibdsl.cli.project_file import defaults

            ctx.default_map = {name: defaults(ctx, found.name or name, found, args[1:])}
        return name, found, args[1:]


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sibdsl", message="sibdsl %(version)s")
@click.option("--no-project", is_flag=True, help="Leave sib.toml out.")
def sib(no_project: bool) -> None:  # noqa: ARG001 - read by whoever looks for the file
    """Write, check, price and pay outcomes contracts."""
    files.forget()


def run(argv: list[str] | None = None) -> int:
    """Run the command line; its exit status. Nothing but messages for people is ever shown."""
    files.forget()
    with streams.ready():
        try:
            if argv is None and shell_asks():
                from sibdsl.cli.completion import answer

                return streams.last(answer(sib))
            # Not click's own `main`, which has an exit status and words of its own for a stop and a broken pipe.
            with sib.make_context("sib", list(sys.argv[1:] if argv is None else argv)) as ctx:
                code = sib.invoke(ctx)
            streams.flush()
        except click.exceptions.Exit as stop:
            return streams.last(stop.exit_code)
        except click.ClickException as wrong:
            return streams.last(_misused(wrong))
        except (click.Abort, KeyboardInterrupt):
            return streams.ended() if streams.asked_to_end() else streams.stopped()
        except streams.Ended:
            return streams.ended()
        except (BrokenPipeError, streams.Gone):
            return streams.gone()
        except streams.Unwritable as error:
            return streams.unwritable(error)
        except Exception as error:  # noqa: BLE001 - the last stop before a person would see a traceback
            from sibdsl.cli.trouble import report

            return streams.last(report(error))
        return code if isinstance(code, int) else ALL_WELL


def _misused(wrong: click.ClickException) -> int:
    """Say what is wrong with the call, as click lays it out, and nothing of it acted on."""
    if isinstance(wrong, click.UsageError) and wrong.ctx is not None:
        say(wrong.ctx.get_usage(), err=True)
        say(f"Try '{wrong.ctx.command_path} --help' for help.\n", err=True)
    say(f"Error: {marks.one_line(wrong.format_message())}", err=True)
    return WRONG_INPUT
