"""Codes SIB07: commands, and values given from outside the contract."""

from sibdsl.diagnostics.diagnostic import Code

CODES = (
    Code(
        "SIB0701",
        "option-wrong",
        "An option is wrong",
        'An option was given in a form that cannot be read, or twice. `--set` takes a name and a value: `--set "Job '
        'Rate=£700"`.',
    ),
    Code(
        "SIB0702",
        "setting-unknown",
        "The contract has no such name",
        "Values can be given for the particulars, assumptions and scenarios that a contract declares, and this is not one of "
        "them. Capitals, spaces, hyphens and underscores make no difference. The message offers the nearest name.",
    ),
    Code(
        "SIB0703",
        "value-unreadable",
        "A value given from outside cannot be used",
        "What was given is not of the sort that the contract declares, or lies outside what it allows, or the parameters file "
        "cannot be read. Nothing is paid on a guess. The message shows the form that is expected.",
    ),
    Code(
        "SIB0704",
        "particular-not-given",
        "A particular has not been given",
        "The contract keeps this amount out of its text, and gives no default. A payment needs it. Give it with `--set`, or in "
        "a file with `--parameters`.",
    ),
    Code(
        "SIB0705",
        "quantities-file",
        "A file of quantities cannot be used",
        "A file of quantities has one row for each metric, band and period, under headings. This one cannot be read, lacks a "
        "column, or has a row that the contract has no place for. The message names the row.",
    ),
    Code(
        "SIB0706",
        "clause-unpriceable",
        "A clause cannot be priced with these values",
        "With the values given for particulars and assumptions, a clause no longer has one meaning: for instance, a block in "
        "units of a payment that has two rates. Change the clause, or what is given.",
    ),
    Code(
        "SIB0707",
        "file-unusable",
        "A file or the memory cannot be used",
        "The machine refused: a file cannot be opened or written, or memory has run out. Check the name, the folder and who "
        "may write there.",
    ),
    Code(
        "SIB0708",
        "output-exists",
        "The file or folder is there already",
        "Nothing that exists is written over. Choose another name, or move it away.",
    ),
    Code(
        "SIB0709",
        "output-stream",
        "The output cannot be written",
        "The screen, file or program that the output goes to took no more of it: the disk is full, or the stream is closed. "
        "What was shown is not whole. Make room, or send the output elsewhere, and run the command again.",
    ),
    Code(
        "SIB0710",
        "too-much-work",
        "The contract asks for more work than is done",
        "The contract comes to more periods, steps or levels than any contract needs. The message says what there is too "
        "much of, and the most that is worked out. The limits are listed in the reference under safety.",
    ),
)
