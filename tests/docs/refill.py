"""Puts what the commands of the tutorial, the entrances and the front page show now in the place of what they showed: read the difference.

Run as `python -m tests.docs.refill`. Lines that a page leaves out with `...` stay left out where the rest still agrees.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from tests.docs.reading import README, ROOT, TUTORIAL, fences, plain, ran, without_elided
from tests.docs.test_tutorial import STARTS, done


def refill(page: Path, folder: Path) -> None:
    """Run the commands of a page in a folder, and write their output into it."""
    lines = page.read_text(encoding="utf-8").splitlines()
    made: list[str] = []
    at, before = 0, ""
    for fence in fences(page):
        end = lines.index("```", fence.line) if fence.language else fence.line
        made.extend(lines[at : fence.line])
        at = end
        command, _, shown = fence.text.partition("\n")
        if fence.language == "console" and command.startswith("$ "):
            output = ran(command.removeprefix("$ "), folder)[1]
            made.extend([command, *(line.rstrip() for line in without_elided(shown, output).splitlines())])
        elif "shown" in fence.notes:
            made.extend(plain((folder / fence.notes["shown"]).read_text(encoding="utf-8")))
        else:
            done(folder, fence, before)
            made.extend(lines[fence.line : end])
            before = fence.text if "before" in fence.notes else ""
    page.write_text("\n".join([*made, *lines[at:]]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    for page in (TUTORIAL, *STARTS):
        with TemporaryDirectory() as name:
            refill(page, Path(name))
    refill(README, ROOT)
