"""Codes SIB01: reading contract files."""

from sibdsl.diagnostics.diagnostic import Code

CODES = (
    Code(
        "SIB0101",
        "file-missing",
        "A contract file cannot be read",
        "There is no file of this name, or it is a folder, or its owner has not let you read it. Nothing has been checked. "
        "Check the name and the folder; the message names the nearest file where there is one.",
    ),
    Code(
        "SIB0102",
        "not-text",
        "A contract file is not plain text",
        "A contract is a plain text file in the encoding UTF-8. A Word or PDF document is not: copy its text into a file "
        "that ends in `.sib`, or save it as plain text. If it is text, save it again and choose UTF-8 as its encoding.",
    ),
    Code(
        "SIB0103",
        "not-a-contract-model",
        "A JSON file does not hold a contract",
        "`sib` writes a contract as JSON for other programs and reads it back. This file is not such a JSON, or was changed "
        "by hand, or comes from a version that this one does not know. Write it again from the contract's text.",
    ),
)
