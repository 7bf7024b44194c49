"""Lines of the published quarter, each figure checked by hand against the records and the contract."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from sibdsl.cli.show_explain import WIDTH, text
from sibdsl.diagnostics import Refused
from sibdsl.settle.explain import LineFacts, Unexplained, explain_line
from sibdsl.settle.explain.line_page import line_sheet
from sibdsl.settle.run import ContractPaid
from tests.oracle.generate import HEAVY, write_case
from tests.settle.tower_hamlets import line_of, paid


@pytest.fixture(scope="module")
def run() -> Iterator[ContractPaid]:
    found = paid()
    with found.volumes:
        yield found


def id_of(run: ContractPaid, kind: str, payer: str, metric: str, band: str, start: date) -> str:
    found = [
        one.id
        for one in run.payments.lines
        if (one.line.kind, one.line.payer, one.line.metric, one.line.band) == (kind, payer, metric, band)
        and one.line.segment.days.start == start
    ]
    assert len(found) == 1
    return found[0]


def screen(facts: LineFacts) -> str:
    shown = text(line_sheet(facts))
    assert all(len(line) <= WIDTH for line in shown.splitlines())
    return shown


def squeezed(shown: str) -> str:
    """The screen without regard to how its lines were broken."""
    return " ".join(shown.split())


# ------------------------------------------------------------------ a payment


@pytest.fixture(scope="module")
def job_entry(run: ContractPaid) -> LineFacts:
    """What CBO pays for the four who reached Job Entry at 16 hours or more."""
    return explain_line(run, id_of(run, "payment", "CBO", "Job Entry", "From 16", date(2018, 4, 1)))


def test_the_four_records_of_job_entry_from_16(job_entry: LineFacts) -> None:
    assert job_entry.priced.amount == 5400
    assert job_entry.counted is not None
    # Six weeks (42 days) after 18 February, 7 March, 24 March and 10 April 2018.
    assert [
        (
            one.claim.person,
            one.cells["Job ID"],
            one.claim.day,
            one.cells["Hours Per Week"],
            one.claim.source,
            one.claim.row,
        )
        for one in job_entry.counted.records
    ] == [
        ("P00047", "J00007", date(2018, 4, 1), "16", "jobs.csv", 2),
        ("P00048", "J00008", date(2018, 4, 18), "20", "jobs.csv", 15),
        ("P00049", "J00009", date(2018, 5, 5), "37.5", "jobs.csv", 19),
        ("P00050", "J00010", date(2018, 5, 22), "40", "jobs.csv", 17),
    ]


def test_the_screen_of_job_entry_from_16(job_entry: LineFacts) -> None:
    shown = screen(job_entry)
    assert shown.startswith("£5,400.00  CBO pays MHEP for Job Entry, From 16, April-June 2018\n")
    said = squeezed(shown)
    for words in (
        f"Fund Tariff pays £1,350.00 for each Job Entry, From 16 clause 6, tower_hamlets.sib:{line_of('payment Fund Tariff')}",
        f"4 x £1,350.00 = £5,400.00 rate at tower_hamlets.sib:{line_of('| Job Entry | From 16 | £1,350')}",
        "4 = people whose first job held for 6 weeks reached that in April-June 2018, with Hours Per Week at least 16 hours",
        "only if Started On is on or after Engaged On of Engagement",
        "4 records earned it, counted again: 4",
        "P00047 J00007 18 Feb 2018 2 Apr 2018 16 1 Apr 2018 jobs.csv row 2",
        "P00048 J00008 7 Mar 2018 still open 20 18 Apr 2018 jobs.csv row 15",
        # £3,600 + £4,200 + £5,400 + £1,400 + £3,300.
        "not cut by any cap (CBO to date £17,900.00 of £336,111.00 over the contract)",
        "Sixteen Hours: 16 hours in From 16",
    ):
        assert words in said


def test_a_line_for_all_bands_or_none(run: ContractPaid) -> None:
    facts = explain_line(run, id_of(run, "payment", "CCG", "Engagement", "", date(2018, 4, 1)))
    assert facts.counted is not None
    assert len(facts.counted.records) == 40
    shown = screen(facts)
    assert "40 records" in shown
    assert "and 20 more" in shown
    assert shown.count("engagements.csv row") == 20
    assert "no cap covers this line" in shown


# ------------------------------------------------------------------ blocks


def test_what_a_block_met(run: ContractPaid) -> None:
    # 3 engagements in April-June 2017 (£2,100), then 16 in January-March 2018 (£11,200), against £110,500.
    facts = explain_line(run, id_of(run, "set_off", "CCG", "Engagement", "", date(2018, 1, 1)))
    state = facts.block
    assert state is not None
    assert [state.amount, state.usable, state.fees, state.before, state.now, state.left] == [
        110_500, 110_500, 13_300, 2_100, 11_200, 97_200,
    ]  # fmt: skip
    assert [one.amount for one in facts.fees] == [11_200]
    said = squeezed(screen(facts))
    assert (
        "-£11,200.00 of what CCG owes Working Well for Engagement, January-March 2018, met by Upfront Block"
        in said
    )
    assert "£97,200.00 of the block is left after that" in said
    assert "Set Off Basis: in money" in said


def test_the_fee_that_a_block_met_says_so(run: ContractPaid) -> None:
    facts = explain_line(run, id_of(run, "payment", "CCG", "Engagement", "", date(2018, 1, 1)))
    assert facts.left == 0
    assert [(one.line.kind, int(one.amount)) for one in facts.touches] == [("set_off", -11_200)]
    assert "£0.00 left to pay" in squeezed(screen(facts))


def test_an_advance_and_the_assumption_that_dates_it(run: ContractPaid) -> None:
    facts = explain_line(run, id_of(run, "advance", "CCG", "", "", date(2017, 4, 1)))
    assert facts.priced.amount == 110_500
    said = squeezed(screen(facts))
    assert "Upfront Block is paid on 1 April 2017" in said
    assert "Second Blocks Paid On: 1 April 2017" in said
    assert "no day given: read as the first blocks are" in said
    assert "£13,300.00 of it met by fees to 31 July 2018" in said
    assert f"tower_hamlets.sib:{line_of('| CCG | Second Blocks Paid On')}" in said


# ------------------------------------------------------------------ caps


def test_a_cut_shared_over_lines(tmp_path: Path) -> None:
    write_case(tmp_path, 3, 1500, HEAVY)
    run = paid(tmp_path, date(2019, 3, 31))
    with run.volumes:
        cuts = [one for one in run.payments.lines if one.line.kind == "cap_cut"]
        whole: dict[tuple[date, str], Fraction] = {}
        for one in cuts:
            key = (one.line.segment.days.start, one.line.payer)
            whole[key] = whole.get(key, Fraction(0)) - one.amount
        assert whole
        for one in cuts:
            state = explain_line(run, one.id).cut
            assert state is not None
            assert state.cut == whole[one.line.segment.days.start, one.line.payer]
            assert state.limit == {"SOF": 986_959, "CBO": 336_111}[one.line.payer]
            assert state.to_date == state.limit
            assert sum(share.taken for share in state.shares) == state.cut
        said = squeezed(screen(explain_line(run, cuts[0].id)))
        assert "cut, because it is more than the room" in said
        assert "pro rata to what is due" in said
        cut = cuts[0].line
        fee = next(
            one
            for one in run.payments.lines
            if one.line.kind == "payment"
            and (one.line.segment, one.line.payer, one.line.metric, one.line.band)
            == (cut.segment, cut.payer, cut.metric, cut.band)
        )
        of_fee = explain_line(run, fee.id)
        assert of_fee.left == fee.amount + cuts[0].amount
        assert f"cut by Fund Ceilings ({cuts[0].id})" in screen(of_fee)


# ------------------------------------------------------------------ finding lines, and faults


def test_ids_match_without_regard_to_case(run: ContractPaid) -> None:
    assert explain_line(run, " l21 ").priced.id == "L21"


@pytest.mark.parametrize("name", ["L999", "l0", "", "Engagement", "1"])
def test_an_unknown_line(run: ContractPaid, name: str) -> None:
    with pytest.raises(Refused) as refused:
        explain_line(run, name)
    assert f"Its lines are L1 to L{len(run.payments.lines)}" in refused.value.found[0].help


def test_records_that_do_not_come_to_the_quantity_are_a_fault(
    run: ContractPaid, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sibdsl.measure.volumes.Volumes.earned", lambda *_: iter(()))
    with pytest.raises(Unexplained, match="paid for 4 of Job Entry, From 16, and the records show 0"):
        explain_line(run, "L21")
