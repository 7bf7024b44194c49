"""Why an amount is what it is, and what became of one person's records. Every figure is read off the run that paid."""

from sibdsl.settle.explain.lines import LineFacts, explain_line
from sibdsl.settle.explain.persons import PersonFacts, explain_person
from sibdsl.settle.explain.trace import Unexplained

__all__ = ["LineFacts", "PersonFacts", "Unexplained", "explain_line", "explain_person"]
