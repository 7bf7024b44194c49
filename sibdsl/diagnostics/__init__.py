"""Messages to people: what they hold, their registered codes, and how they are shown."""

from sibdsl.diagnostics.diagnostic import Code, Diagnostic, Label, Problems, Refused, Severity
from sibdsl.diagnostics.stops import FormulaUnequal, NotGiven, NotThere, Unpriceable
from sibdsl.diagnostics.suggest import nearest, same, slip

__all__ = [
    "Code",
    "Diagnostic",
    "FormulaUnequal",
    "Label",
    "NotGiven",
    "NotThere",
    "Problems",
    "Refused",
    "Severity",
    "Unpriceable",
    "nearest",
    "same",
    "slip",
]
