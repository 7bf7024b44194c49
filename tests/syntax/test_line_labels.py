"""What people call a line is read off the grammar."""

from __future__ import annotations

import pytest

from sibdsl.syntax.vocabulary import line_labels, vocabulary


@pytest.mark.parametrize(
    ("rule", "label"),
    [
        ("service", "service period"),
        ("only_if", "only if"),
        ("held", "held"),
        ("counts_rows", "counts"),
        ("dated_day_after", "dated"),
        ("averages_share_of_days", "averages share of days"),
        ("per_person", "per person"),
        ("takes_band", "takes"),
        ("adds", "adds"),
    ],
)
def test_a_label(rule: str, label: str) -> None:
    assert line_labels()[rule] == label


def test_every_line_of_every_block_has_one() -> None:
    begun = {rule for kind in vocabulary().kinds.values() for rule, labels in kind.lines.items() if labels}
    assert begun <= set(line_labels())
    assert all(label and "_" not in label for label in line_labels().values())
