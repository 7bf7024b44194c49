"""What a file holds: a contract, a programme, a module or what varies a contract. Told from its tree, and only here."""

from __future__ import annotations

from typing import Literal

from sibdsl.syntax.tree import File

FileKind = Literal["contract", "programme", "module", "variation", "nothing"]
#: Blocks that head a module's file.
HEADS = ("module", "rule pack", "rate card")
#: Blocks that say by themselves what a file is; one without any of them is read as a contract that lacks its first block.
BEGINNINGS = ("contract", "programme", "variation", *HEADS)


def kind_of(file: File) -> FileKind:
    """What the file is, by the blocks it holds; the order of blocks means nothing.

    One that holds a programme is a programme, whatever else is in it; next a contract, a module, a variation. A file with
    other blocks only is a contract that lacks its first block. 'nothing' is a file without any block.
    """
    kinds = {block.kind for block in file.blocks}
    if "programme" in kinds:
        return "programme"
    if "contract" in kinds:
        return "contract"
    if kinds & set(HEADS):
        return "module"
    if "variation" in kinds:
        return "variation"
    return "contract" if kinds else "nothing"
