"""Files and folders of a call, and the project file that says what is meant when a call says nothing."""

from sibdsl.project.folders import Listed, is_file_alone, listed
from sibdsl.project.model import NAME, ContractEntry, Project, Suppression
from sibdsl.project.reading import find, load
from sibdsl.project.sorting import Reading, Sorted, sorted_out
from sibdsl.project.suppressing import Shown, Suppressed, left_over, shown

__all__ = [
    "NAME",
    "ContractEntry",
    "Listed",
    "Project",
    "Reading",
    "Shown",
    "Sorted",
    "Suppressed",
    "Suppression",
    "find",
    "is_file_alone",
    "left_over",
    "listed",
    "load",
    "shown",
    "sorted_out",
]
