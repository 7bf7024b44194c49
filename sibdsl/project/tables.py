"""How the records of a table are called in the files of an organisation: which file and sheet, and how each column is headed there.

It says where something stands, never what it means: nothing in it changes what a row is worth.
"""

from __future__ import annotations

from attrs import frozen


@frozen
class TableInFiles:
    """Of one table of a contract: the file or folder within the folder of records, the sheet, and headings; '' where not said.

    `table` is the table or view of a database, with or without its schema, or `query` a query that gives its rows.
    `headings` are pairs: how the contract heads a column, and how the file does. `said` is where this is written, for messages.
    """

    file: str = ""
    sheet: str = ""
    headings: tuple[tuple[str, str], ...] = ()
    said: str = ""
    table: str = ""
    query: str = ""

    @property
    def is_placed(self) -> bool:
        """Whether it says where the table is."""
        return bool(self.file or self.sheet or self.table or self.query)
