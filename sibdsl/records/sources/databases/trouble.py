"""What went wrong with a database, in words for people, without a password. Source: records reference, 'Databases'."""

from __future__ import annotations

from sibdsl import marks
from sibdsl.diagnostics import Diagnostic, Refused
from sibdsl.project.addresses import DatabaseAddress


def not_opened(address: DatabaseAddress, why: str, way_out: str) -> Refused:
    """A database that could not be opened (SIB0787)."""
    return Refused(Diagnostic("SIB0787", f"{address} cannot be opened: {address.hidden(why)}", help=way_out))


def not_permitted(address: DatabaseAddress, shown: str, user: str = "") -> Refused:
    """A table that may not be read (SIB0788)."""
    who = f"the user {marks.one_line(user)}" if user else "the user of this call"
    return Refused(
        Diagnostic(
            "SIB0788",
            f"{shown} of {address} may not be read by {who}",
            help=f"Ask who keeps the database for leave to read it: `grant select on {shown} to ...`.",
        )
    )


def query_refused(address: DatabaseAddress, shown: str, why: str) -> Refused:
    """A table or query that the database cannot carry out (SIB0789)."""
    return Refused(
        Diagnostic(
            "SIB0789",
            f"{shown} cannot be read from {address}: {address.hidden(why)}",
            help="A query is one `select`, which changes nothing. Try it in the database by itself.",
        )
    )


def busy(address: DatabaseAddress, shown: str) -> Refused:
    """A database or table that somebody else has locked (SIB0790)."""
    return Refused(
        Diagnostic(
            "SIB0790",
            f"{shown} of {address} is locked by another program, and was not free within 10 seconds. Nothing was paid.",
            help="Run this again when the other has finished.",
        )
    )


def stopped(address: DatabaseAddress, shown: str, why: str, rows: int) -> Refused:
    """Reading that ended before the last row (SIB0791)."""
    return Refused(
        Diagnostic(
            "SIB0791",
            f"Reading {shown} from {address} stopped after {rows:,} {'row' if rows == 1 else 'rows'}: "
            f"{address.hidden(why)}. Nothing was paid.",
            help="Run this again. If it stops at the same place, ask who keeps the database.",
        )
    )
