"""`sib explain-code`: what a message means."""

from __future__ import annotations

import click

from sibdsl.cli.exit_status import ALL_WELL
from sibdsl.cli.screen import say


@click.command("explain-code", short_help="Explain a message by its code.")
@click.argument("code", required=False)
def command(code: str | None) -> int:
    """Explain the message with this CODE (SIB0501) or name (band-gap). Without one, list them all."""
    from sibdsl.diagnostics import nearest, same, slip
    from sibdsl.diagnostics.codes import REGISTRY
    from sibdsl.diagnostics.render import page

    if code is None:
        for one in REGISTRY.values():
            say(f"{one.code}  {one.name:<32} {one.title}")
        return ALL_WELL
    for one in REGISTRY.values():
        if same(code) in (same(one.code), same(one.name)):
            say(page(one.code))
            return ALL_WELL
    near = slip(code.upper(), REGISTRY) or nearest(code, [one.name for one in REGISTRY.values()])
    raise click.UsageError(
        f"There is no code {code}."
        + (f" Did you mean {near}?" if near else " `sib explain-code` lists them.")
    )
