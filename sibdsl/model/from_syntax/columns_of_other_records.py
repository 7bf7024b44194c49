"""A name that is a column of other records than those whose rows are read."""

from __future__ import annotations

from sibdsl.english import listed
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.value_kinds import Here


def of_other_records(reader: Reader, name: str, here: Here) -> tuple[str, str, str] | None:
    """What to say of such a name, with mark and way out; None of any other."""
    if here.row is None:
        return None
    tables = [table for table in reader.tables.values() if table.name != here.row.name and table.column(name)]
    if not tables:
        return None
    names = ", ".join(f"`{column.name}`" for column in here.row.columns[:8])
    way_out = f"Name a column of {here.row.name}: {names}."
    column = tables[0].column(name)
    if here.joins and column is not None and column.kind == "date":
        way_out = f"Write `joining date`, if {name} is the date by which people join the cohort. {way_out}"
    return (
        f"{name} is a column of {listed([table.name for table in tables])}; here rows of {here.row.name} are read.",
        f"a column of {tables[0].name}",
        way_out,
    )
