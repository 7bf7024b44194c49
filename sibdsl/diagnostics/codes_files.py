"""Codes SIB01: reading contract files. SIB0222 to SIB0225: what a file holds."""

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
    Code(
        "SIB0104",
        "hidden-mark",
        "A mark hides or turns round text",
        "The contract holds a character that no screen shows, or that changes the order or the place in which the text "
        "beside it is shown: a control character, a mark of writing from right to left, a space of no width. What is read "
        "aloud and what is carried out could then differ. The message names the place and the character. Take it out. "
        "Text pasted from elsewhere often brings such marks; writing the words again leaves them behind.",
    ),
    Code(
        "SIB0105",
        "outside-folder",
        "A contract names a file outside its folder",
        "A contract comes from another party, so it may name only files in the folder of the file that you gave on the "
        "command line, or in folders below it. This one names a file elsewhere, or a link that leads elsewhere. It was not "
        "looked at, and the message is the same whether it exists or not. If you mean it to be read, give the option that "
        "the message shows, or copy the file into the contract's folder.",
    ),
    Code(
        "SIB0106",
        "changed-while-read",
        "A file changed while it was read",
        "Something wrote to the file while it was being read, so part of what was read may be old and part new. Nothing is "
        "worked out from it. Run the command again when nothing else changes the file.",
    ),
    Code(
        "SIB0107",
        "too-large",
        "A text is larger than is read",
        "The text is longer, deeper or holds longer numbers than any contract needs; the message says which, and the most "
        "that is read. The limits keep a text from another party from holding up the machine that reads it. They are listed "
        "in the reference under safety.",
    ),
    Code(
        "SIB0108",
        "not-a-contract-file",
        "A contract names a file that is none of a contract",
        "A contract can name files with its variations, and a programme the files of its contracts. Such a file is a plain "
        "file of text whose name ends in `.sib`, or in `.md` with the text in `sib` blocks, and it begins blocks of this "
        "language. What this file holds is not shown. Check the name.",
    ),
    Code(
        "SIB0222",
        "no-sib-block",
        "A Markdown file holds no `sib` block",
        "In a file that ends in `.md` the contract stands in blocks fenced as `sib`, and all else is prose. This file has no "
        "such block, so there is nothing to read. Put a line with three backquotes and the word `sib` above the contract's "
        "blocks, and one with three backquotes below them.",
    ),
    Code(
        "SIB0223",
        "sib-block-not-read",
        "What looks like a `sib` block would not be read",
        "A reader would take this for a part of the contract, and it is none: it begins further in than three spaces, stands in "
        "a list, a quotation or a comment, has the word `sib` written otherwise, or stands in a block that was not closed "
        "before it. A clause that only people read, or only the program, is a quarrel in wait, so the file is refused. Begin "
        "the line with its marks and the word `sib`; mark a block that is no part of the contract with another word.",
    ),
    Code(
        "SIB0224",
        "markdown-block-not-closed",
        "A block of the Markdown is not closed",
        "A block that is not marked `sib` is opened and never closed, so all that follows is inside it and nothing of that is "
        "read. Close it where it ends.",
    ),
    Code(
        "SIB0225",
        "varies-without-variation",
        "A file given as a variation holds none",
        "`--with` and the line `varied by` name files that vary the contract, each in a block `variation`. This file is another "
        "contract, a programme or a module, or holds other blocks only, so nothing says when its terms were agreed or take "
        "effect. Give the file of the variation, or leave it out.",
    ),
)
