"""With which status a run leaves: what a script may read off it. Source: commands reference, 'Exit status'.

This module stays light: it is loaded before help is shown.
"""

from __future__ import annotations

ALL_WELL = 0
#: The answer is no: a rule fails, an example differs, a file is not laid out, `--strict` met an invalid record.
ANSWER_IS_NO = 1
#: The input or the call is wrong.
WRONG_INPUT = 2
#: A rule is not decided, or there is none to decide.
NOT_DECIDED = 3
#: A fault of the program.
FAULT = 70
#: A signal ended the run, as shells have it: a person stopped it, or the system told it to end.
STOPPED, ENDED = 128 + 2, 128 + 15
