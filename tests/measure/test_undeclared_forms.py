"""Which forms are tried for cells that could not be read: those that their marks allow, and always their own."""

from __future__ import annotations

from sibdsl.measure.looks import PlannedColumn
from sibdsl.measure.undeclared_forms import candidates, might_read
from sibdsl.model.nodes import RecordColumn


def test_no_form_is_passed_over_that_reads_its_own_example() -> None:
    dates = PlannedColumn(0, RecordColumn("On", "date", blank_allowed=False), read=True)
    forms = [made.form for made in candidates(dates, "GBP")]
    assert len(forms) > 50
    assert [form for form in forms if not might_read(form, form.example)] == []


def test_few_forms_are_tried_for_one_cell() -> None:
    dates = PlannedColumn(0, RecordColumn("On", "date", blank_allowed=False), read=True)
    tried = [made.text for made in candidates(dates, "GBP") if might_read(made.form, "5/6/2018")]
    assert '"31/12/2018"' in tried
    assert '"12/31/2018"' in tried
    assert not any("Dec" in text or ":" in text or "." in text or "-" in text for text in tried)
