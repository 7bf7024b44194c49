"""`sib explain cap`: the page of a construct, or of a message's code, in the terminal."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import click

from sibdsl.cli.exit_status import ALL_WELL
from sibdsl.cli.screen import console, say

_LINK = re.compile(r"\[((?:[^\]\[]|\[[^\]]*\])+)\]\(([^)]+)\)")
_NOTE = re.compile(r"^<!-- .* -->\n", re.MULTILINE)


class Explain(click.Command):
    """The command, which also takes words of the language in place of a contract."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if any(word.startswith("-") for word in args) or any(_is_file(word) for word in args):
            return super().parse_args(ctx, args)
        ctx.meta["sibdsl.word"] = " ".join(args)
        return []

    def invoke(self, ctx: click.Context) -> object:
        word = ctx.meta.get("sibdsl.word")
        return super().invoke(ctx) if word is None else show(word)


def _is_file(word: str) -> bool:
    """Whether a word of the call names a file, there or not."""
    return bool(re.search(r"[./\\]", word)) or Path(word).exists()


@dataclass(frozen=True)
class WordPage:
    """What the pages of the language say of one of themselves."""

    page: str
    title: str
    group: str
    summary: str
    also: tuple[str, ...]
    headings: tuple[str, ...]
    grammar: tuple[str, ...]

    @property
    def names(self) -> tuple[tuple[str, ...], ...]:
        """What it may be asked for by, the surest first."""
        return (self.page, self.title), self.grammar, self.also, self.headings


def entries() -> list[WordPage]:
    """Every page of the language, in order."""
    from sibdsl.resources import resource

    listed = json.loads(resource("docs", "language", "index.json").read_text(encoding="utf-8"))
    return [
        WordPage(
            page=entry["page"],
            title=entry["title"],
            group=entry["group"],
            summary=entry["summary"],
            also=tuple(entry["also"]),
            headings=tuple(entry["headings"]),
            grammar=tuple(entry["grammar"]),
        )
        for entry in listed
    ]


def find(word: str, known: list[WordPage]) -> list[WordPage]:
    """The pages that a word is a name of, the surest first; none where it is a name of nothing."""
    found: list[WordPage] = []
    wanted = _alike(word)
    for rank in range(4):
        found.extend(
            entry
            for entry in known
            if entry not in found and wanted in {_alike(name) for name in entry.names[rank]}
        )
    return found


def _alike(name: str) -> str:
    """A name without what tells one from many, and without `a` or `the` before it."""
    from sibdsl.diagnostics import same

    plain = same(re.sub(r"^(?:an?|the) ", "", name.casefold()))
    return plain.removesuffix("s")


def show(word: str) -> int:
    """Show the page that a word names; all of them in a line each without a word.

    Raises:
        click.UsageError: the word names no construct and no message.
    """
    known = entries()
    if not word:
        _list(known)
        return ALL_WELL
    found = find(word, known)
    if found:
        _show(found[0], found[1:])
        return ALL_WELL
    from sibdsl.diagnostics import same
    from sibdsl.diagnostics.codes import REGISTRY
    from sibdsl.diagnostics.render import page

    for code in REGISTRY.values():
        if same(word) in (same(code.code), same(code.name)):
            say(page(code.code))
            return ALL_WELL
    near = _near(word, known)
    raise click.UsageError(
        f"{word} is no file, no construct and no code."
        + (
            f" Did you mean {near}?"
            if near
            else " `sib explain` lists the constructs, `sib explain-code` the codes."
        )
    )


def _near(word: str, known: list[WordPage]) -> str:
    """What may have been meant: a name with a slip of the pen, or the page that one of several words names; '' for none."""
    from sibdsl.diagnostics import slip
    from sibdsl.diagnostics.codes import REGISTRY

    names = {name for entry in known for names in entry.names for name in names}
    near = slip(word, names) or slip(word.upper(), REGISTRY)
    if near:
        return near
    parts = word.split() if " " in word else ()
    return next((part.casefold() for part in parts if find(part, known)), "")


def _list(known: list[WordPage]) -> None:
    group = ""
    for entry in known:
        if entry.group != group:
            say(f"{'' if not group else chr(10)}{entry.group}", bold=True)
            group = entry.group
        say(f"  {entry.page:<26} {entry.summary}")


def _show(entry: WordPage, others: list[WordPage]) -> None:
    """Show a page: laid out on a screen with colours, as Markdown anywhere else."""
    from rich.markdown import Markdown

    from sibdsl.resources import resource

    text = resource("docs", "language", f"{entry.page}.md").read_text(encoding="utf-8")
    body = _NOTE.sub("", text.split("\n---\n", 1)[1])
    pages = [
        match[2].partition(".md")[0] for match in _LINK.finditer(body) if not match[2].startswith(("#", "."))
    ]
    near = dict.fromkeys([*(other.page for other in others), *pages])
    body = _LINK.sub(r"\1", body)
    title, _, rest = body.strip().partition("\n")
    body = f"{title}\n\n*Also called: {', '.join(entry.also)}.*\n{rest}\n"
    if near:
        body += f"\nSee also: {', '.join(f'`sib explain {name}`' for name in near)}\n"
    screen = console()
    if screen.is_terminal and not screen.no_color:
        screen.print(Markdown(body, code_theme="ansi_dark"))
    else:
        say(body.rstrip())  # marks tell contract text from prose where colours cannot
