"""The most of everything that is read and worked out. Each is far above any contract known; safety.md lists them.

A contract comes from another party. Without these a short text could hold up the machine that reads it.
"""

from __future__ import annotations

#: Bytes of a contract's file: a hundred times the longest contract known.
BYTES = 8_000_000
#: Characters on one line of a contract, the bars of a table row included.
LINE = 20_000
#: Digits of one number.
DIGITS = 40
#: Levels of brackets, of conditions and of sums within one clause.
LEVELS = 500
#: Levels of sums and steps of workings that rest on one another; a step that adds to the one before it is two.
CHAIN = 1_000
#: Columns of a row worked out from one another, and the steps within them, that rest on one another.
ROW_CHAIN = 40
#: Levels of calls that Python may go down for them, which it otherwise stops short of.
FRAMES = 10_000
#: Modules that a contract takes up, each once for each meaning of its open names.
MODULES = 200
#: Statement periods of a contract, and the parts of them.
PERIODS = 4_000
#: Payments and block advances of a contract, each counted in every period.
LINES = 1_000_000
#: Looks back that its limits take: periods times periods times lines in each, times limits.
LOOKS = 30_000_000
#: Bytes of a workbook of records, unpacked.
WORKBOOK = 2_000_000_000
#: Bytes of a file of a run's folder that is read whole.
KEPT_TEXT = 64_000_000
#: Files of a run's folder.
KEPT_FILES = 10_000
