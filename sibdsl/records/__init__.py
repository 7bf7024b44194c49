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
from sibdsl.records.sources import SourceFile, find, folders

__all__ = [
    "DUPLICATE",
    "OUTSIDE",
    "REJECTED",
    "STATUSES",
    "SUPERSEDED",
    "USED",
    "Account",
    "SourceFile",
    "Status",
    "columns_read",
    "find",
    "folders",
]
