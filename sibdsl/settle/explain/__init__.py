"""Why an amount is what it is, and what became of one person's records. Every figure is read off the run that paid."""

from sibdsl.settle.explain.in_programme import (
    ProgrammePersonFacts,
    explain_programme_line,
    explain_programme_person,
)
from sibdsl.settle.explain.line_facts import LineFacts, explain_line
from sibdsl.settle.explain.person_facts import PersonFacts, explain_person
from sibdsl.settle.unexplained import Unexplained

__all__ = [
    "LineFacts",
    "PersonFacts",
    "ProgrammePersonFacts",
    "Unexplained",
    "explain_line",
    "explain_person",
    "explain_programme_line",
    "explain_programme_person",
]
