"""What columns a contract needs, where its records come from, and what may become of a row."""

from sibdsl.records.needs import columns_read
from sibdsl.records.row_statuses import (
    DUPLICATE,
    OUTSIDE,
    REJECTED,
    STATUSES,
    SUPERSEDED,
    USED,
    Account,
    Status,
)
from sibdsl.records.sources import RecordSource
from sibdsl.records.sources.csv import CsvSource
from sibdsl.records.sources.folder import find, folders
from sibdsl.records.sources.in_memory import TablesInMemory
from sibdsl.records.sources.mapped import MappedRecords, RecordsGiven, RecordsPlace, let_go, tables_read

__all__ = [
    "DUPLICATE",
    "OUTSIDE",
    "REJECTED",
    "STATUSES",
    "SUPERSEDED",
    "USED",
    "Account",
    "CsvSource",
    "MappedRecords",
    "RecordSource",
    "RecordsGiven",
    "RecordsPlace",
    "Status",
    "TablesInMemory",
    "columns_read",
    "find",
    "folders",
    "let_go",
    "tables_read",
]
