"""Why an amount is what it is, and what became of one person's records. Every figure is read off the run that paid."""

from sibdsl.settle.explain.limit_facts import Unexplained
from sibdsl.settle.explain.line_facts import LineFacts, explain_line
from sibdsl.settle.explain.person_facts import PersonFacts, explain_person

__all__ = ["LineFacts", "PersonFacts", "Unexplained", "explain_line", "explain_person"]
