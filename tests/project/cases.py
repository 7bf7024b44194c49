"""A folder of all sorts: contracts, what varies them, a programme, a module, a document, and files that are none of these."""

from __future__ import annotations

from pathlib import Path

from sibdsl.resources import resource

MODULE = """\
module Common Bands

bands Hours
  by  Hours Per Week
  | band      | holds              |
  | Part Time | less than 16 hours |
  | Full Time | at least 16 hours  |
end bands
"""
PROGRAMME = """\
programme Both
  currency  GBP
  years     begin 1 April
  rounding  each line, half up, to the penny
  | contract | file             |
  | First    | "north.sib"      |
  | Second   | "deeper/two.sib" |
end programme

parties
  | party    | role         |
  | Council  | commissioner |
  | Provider | provider     |
end parties
"""


def starter(name: str = "First") -> str:
    """The contract that `sib init` writes, under a name."""
    text = resource("stdlib", "templates", "starter.sib").read_text(encoding="utf-8")
    return text.replace("{name}", name)


def variation(name: str, varies: str = "First", agreed: str = "1 May 2026", body: str = "") -> str:
    """A file that varies a contract."""
    return (
        f"variation {name}\n  varies {varies}\n  agreed {agreed}\n  effective 1 July 2026\n"
        f"  stated periods left as stated\n{body or '  remove cap Ceiling'}\nend variation\n"
    )


def document(text: str) -> str:
    """A contract as a Markdown document."""
    return f"# An agreement\n\nThe programme begins in April.\n\n```sib\n{text}```\n\nSigned.\n"


def mixed(folder: Path) -> Path:
    """A folder with a file of each sort."""
    files = {
        "north.sib": starter(),
        "north_2026.sib": variation("Later"),
        "north_2027.sib": variation(
            "Latest", agreed="1 June 2026", body="  service period now ends 30 June 2028"
        ),
        "deeper/two.sib": starter("Second"),
        "deeper/agreement.md": document(starter("Third")),
        "deeper/README.md": "# About\n\nA programme of two.\n",
        "README.md": "Such as\n\n```sib\nparties\n  | party | role |\nend parties\n```\n",
        ".hidden/x.sib": "nothing of a contract",
        "build/x.sib": "nothing of a contract",
        ".venv/x.sib": "nothing of a contract",
        "notes.txt": "nothing",
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
