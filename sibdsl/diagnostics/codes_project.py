"""Codes SIB0740 to SIB0759: files in folders, and the project file."""

from sibdsl.diagnostics.diagnostic import Code

CODES = (
    Code(
        "SIB0740",
        "project-unreadable",
        "A project file cannot be read",
        "A file `sib.toml` was found, and it is a folder, larger than any project file, no text in UTF-8, holds marks that are "
        "not seen, or its owner has not let you read it. Nothing is done without it, since it may say what is meant. Put it "
        "right, or run the command as `sib --no-project ...`, which leaves it out.",
    ),
    Code(
        "SIB0741",
        "project-not-toml",
        "A line of a project file cannot be read",
        'A project file is written in TOML: a key, `=` and a value on each line, such as `file = "north.sib"`. Text stands in '
        "double quotes, a list in `[ ]` with commas, a date as 2026-12-31. The message names the first line that is not so.",
    ),
    Code(
        "SIB0742",
        "project-key-unknown",
        "A project file has a key that is not known",
        "A key that nobody reads could be a slip of the pen for one that matters, so it is refused. The message names its line "
        "and the nearest key, or all that there are.",
    ),
    Code(
        "SIB0743",
        "project-value-wrong",
        "A value in a project file is not of the sort expected",
        "Each key of a project file takes one sort of value: a text, a list, a date, a table. This one has another, is left out "
        "where it is needed, or speaks of a file that was spoken of before. The message names the line and shows the form.",
    ),
    Code(
        "SIB0744",
        "project-outside",
        "A project file names a path outside its folder",
        "A project file is found without being named, and may come from whoever made the folder. So it speaks only of files in "
        "its own folder and those below it. A path that leads out, as written or by a link, is not looked at. Give it on the "
        "command line, where it is you who names it; the message shows the option.",
    ),
    Code(
        "SIB0745",
        "project-path-missing",
        "A project file names a file that is not there",
        "The project file names a file or a folder, and there is none of that name. Nothing was done in its place. Check the "
        "name: paths are written from the folder of the project file.",
    ),
    Code(
        "SIB0746",
        "project-of-another",
        "A project file belongs to somebody else",
        "A project file was found in a folder above the one in which the command runs, and its owner is neither you nor whoever "
        "owns this folder. It could change what is read and with which values, so it is not followed, and nothing was done.",
    ),
    Code(
        "SIB0747",
        "varied-contract-not-found",
        "The contract that a variation varies is not beside it",
        "A file with a variation is checked together with the contract that it names in `varies`. That contract is looked for in "
        "the folder of the variation, then among all files of the call. There is none of that name, or more than one. Put the "
        "two beside each other, or name both on the command.",
    ),
    Code(
        "SIB0748",
        "link-leads-out",
        "A link in a folder leads out of it",
        "Of a folder only what stands in it is read. A link to elsewhere could lead to texts that were never meant to be read or "
        "shown. If it is meant, name it on the command.",
    ),
    Code(
        "SIB0749",
        "folder-without-contract",
        "A folder holds no contract",
        "In this folder and those below it there is no file that ends in `.sib`, and no Markdown file with `sib` blocks that begin "
        "a contract, a programme, a variation, a module or a rule pack. Nothing was checked.",
    ),
    Code(
        "SIB0750",
        "suppression-wrong",
        "A suppression in a project file cannot be followed",
        "A finding may be left out of what is shown if its code and the reason are given. A code that there is not, a reason that "
        "says nothing, and an error cannot be: what an error speaks of stops payment, whoever has agreed to it.",
    ),
    Code(
        "SIB0751",
        "suppression-unused",
        "A suppression in a project file fits no finding",
        "The finding that it speaks of is not there, or no longer. Left standing, it would hide the next one of its kind. Take "
        "it out, or check its code, file and clause.",
    ),
)
