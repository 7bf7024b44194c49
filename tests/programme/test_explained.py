"""Explanations of a programme: what shared limits took of a line, from which contracts; one person over all of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sibdsl import pipeline
from sibdsl.cli.app import run as sib
from sibdsl.cli.show_explain import WIDTH, text
from sibdsl.diagnostics import Refused
from sibdsl.render.html import page, pages
from sibdsl.settle.explain import LineFacts
from sibdsl.settle.run import ProgrammePaid
from tests.programme.made import NAMES, cap, made, member
from tests.programme.test_runs import DEARER

Q1, Q2, Q3 = date(2016, 4, 1), date(2016, 7, 1), date(2016, 10, 1)
END = date(2018, 3, 31)
Jobs = Mapping[str, list[tuple[str, date]]]


def written(folder: Path, jobs: Jobs) -> Path:
    """A folder of records for each contract: who started a job when."""
    records = folder / "records"
    for name in NAMES:
        (records / name.lower()).mkdir(parents=True, exist_ok=True)
        rows = [f"{person},{day}" for person, day in jobs.get(name, [])]
        text = "\n".join(["Person ID,Started On", *rows, ""])
        (records / name.lower() / "jobs.csv").write_text(text, encoding="utf-8")
    return records


def people(number: int, day: date, prefix: str = "P") -> list[tuple[str, date]]:
    return [(f"{prefix}{day:%m%d}{at}", day) for at in range(number)]


@contextmanager
def paid(
    folder: Path,
    caps: str,
    jobs: Jobs,
    *,
    members: Mapping[str, str] | None = None,
    variations: Mapping[str, str] | None = None,
    values: tuple[str, ...] = (),
    day: date = END,
) -> Iterator[ProgrammePaid]:
    project = made(folder, caps, members, variations=variations)
    ready = pipeline.sound(pipeline.load(project.path, values=values))
    with pipeline.pay(ready, written(folder, jobs), day) as run:
        yield run


def explained(run: ProgrammePaid, contract: str, **wanted: object) -> LineFacts:
    """The one line of a contract whose line has these fields, explained."""
    found = [
        priced
        for priced in run.payments.of(contract).lines
        if all(getattr(priced.line, name) == value for name, value in wanted.items())
    ]
    assert len(found) == 1, [priced.line for priced in found]
    return pipeline.explain_line(run, found[0].id, contract)


def screen(facts: pipeline.Explained) -> str:
    sheets = pipeline.explanation_pages(facts)
    shown = "\n".join(text(sheet) for sheet in sheets)
    assert all(len(line) <= WIDTH for line in shown.splitlines())
    return " ".join(shown.split())


def as_json(facts: pipeline.Explained) -> Any:  # noqa: ANN401 - JSON
    return json.loads(json.dumps(pipeline.explanation_json(facts)))


# ------------------------------------------------------------------ cuts of shared limits

TWO_QUARTERS: Jobs = {"North": [*people(3, Q1), *people(2, Q2)], "South": [*people(6, Q1), *people(4, Q2)]}


def test_a_cut_is_shared_over_contracts_and_says_what_stood_in_the_room(tmp_path: Path) -> None:
    """£1,200: £300 and £600 of the first quarter fill £900; of the second's £200 and £400 there is room for £300."""
    with paid(tmp_path, cap("£1,200 over the programme"), TWO_QUARTERS) as run:
        facts = explained(run, "South", kind="cap_cut")
        assert facts.priced.amount == -200
        state = facts.cut
        assert state is not None
        assert (state.limit, state.earlier, state.room, state.now, state.cut) == (1200, 900, 300, 600, 300)
        assert dict(state.earlier_by) == {"East": 0, "North": 300, "South": 600}
        assert [(share.line.contract, share.due, share.taken) for share in state.shares if share.due] == [
            ("North", 200, 100),
            ("South", 400, 200),
        ]
        said = screen(facts)
        assert (
            "Fund Ceiling, across East, North and South: payments from Fund, at most £1,200.00 over the programme"
            in said
        )
        assert "£300.00 under North £600.00 under South" in said
        assert "£300.00 x £400.00 of £600.00" in said
        form = as_json(facts)
        assert form["programme"]["name"] == "The Project"
        cut = form["line"]["cut"]
        assert cut["across"] == ["East", "North", "South"]
        assert cut["paid_before_by"] == [
            {"contract": "East", "amount": "0.00"},
            {"contract": "North", "amount": "300.00"},
            {"contract": "South", "amount": "600.00"},
        ]
        assert [(one["contract"], one["this_line"]) for one in cut["shares"]] == [
            ("East", False),
            ("North", False),
            ("South", True),
        ]
        fee = explained(run, "South", kind="payment", payer="Fund", amount=facts.fees[0].line.amount)
        assert "to date £1,200.00 of £1,200.00 over the programme" in screen(fee)
        assert fee.left == 200


def test_of_two_limits_each_says_what_is_paid_under_it_in_the_end(tmp_path: Path) -> None:
    """The year's £800 come first and cut £100 of £900; the £600 over the programme cut £200 of the £800 that are left."""
    caps = cap("£800 in 2016/17", name="Year") + cap("£600 over the programme", name="Whole")
    with paid(tmp_path, caps, {"North": people(3, Q1), "South": people(6, Q1)}) as run:
        fee = explained(run, "North", kind="payment", payer="Fund")
        by_name = {state.cap.name: state for state in fee.caps}
        assert (by_name["Year"].cut, by_name["Whole"].cut) == (100, 200)
        assert [by_name[name].to_date for name in ("Year", "Whole")] == [600, 600]
        assert fee.priced.amount + sum(line.amount for line in fee.touches) == fee.left
        left = {name: explained(run, name, kind="payment", payer="Fund").left for name in ("North", "South")}
        assert sum(left.values()) == 600
        assert "to date £600.00 of £800.00 in April 2016 - March 2017" in screen(fee)


def test_a_limit_of_a_contract_of_the_same_name_is_its_own(tmp_path: Path) -> None:
    own = "\ncap Fund Ceiling\n  covers   payments from Fund\n  at most  £250 over the contract\n  excess   lost\n  shared   pro rata\nend cap\n"
    own = own.replace("shared   pro rata", "shared   by date, then pro rata")
    members = {name: member(name, more=own) for name in NAMES}
    with paid(
        tmp_path,
        cap("£300 over the programme"),
        {"North": people(3, Q1), "South": people(3, Q1)},
        members=members,
    ) as run:
        fee = explained(run, "North", kind="payment", payer="Fund")
        states = {state.row.span.file.rpartition("/")[2]: state for state in fee.caps}
        assert (states["north.sib"].cut, states["project.sib"].cut) == (50, 200)
        assert {share.line.contract for share in states["north.sib"].shares} == {"North"}
        assert states["north.sib"].earlier_by == ()


def test_a_block_advance_of_another_contract_stands_in_the_room(tmp_path: Path) -> None:
    """North's first sum of £500, paid on 1 July, uses the £600 before the third quarter's jobs of South."""
    with paid(
        tmp_path, cap("£600 over the programme"), {"South": people(3, Q3)}, values=("North.Start=£500",)
    ) as run:
        facts = explained(run, "South", kind="cap_cut")
        assert facts.priced.amount == -200
        assert facts.cut is not None
        assert dict(facts.cut.earlier_by) == {"East": 0, "North": 500, "South": 0}


def test_a_variation_of_one_contract_is_told_in_the_other(tmp_path: Path) -> None:
    """£600 are shared by £300 and £600; when North's fee doubles, by £600 and £600: South's £400 become £300."""
    with paid(
        tmp_path,
        cap("£600 over the programme"),
        {"North": people(3, Q1), "South": people(6, Q1)},
        variations={"North": DEARER},
    ) as run:
        facts = explained(run, "South", kind="adjustment", payer="Fund")
        assert facts.priced.amount == -100
        said = screen(facts)
        assert "agreed 1 November 2016" in said
        assert "£400.00 Job Fee for Job, as stated" in said
        assert "£300.00 Job Fee for Job, as varied" in said
        for name in NAMES:
            for priced in run.payments.of(name).lines:
                agrees(pipeline.explain_line(run, priced.id, name))


# ------------------------------------------------------------------ every line of any programme


def agrees(facts: LineFacts) -> None:
    """What an explanation shows comes to the line, in every form."""
    one = facts.priced
    sheet = pipeline.explanation_pages(facts)[0]
    shown = text(sheet)
    assert all(len(line) <= WIDTH for line in shown.splitlines())
    assert page(sheet).count("<h1>") == 1
    assert as_json(facts)["line"]["id"] == one.id
    if one.line.kind == "payment":
        assert facts.left == one.amount + sum((line.amount for line in facts.touches), Fraction(0))
        cut = [state.shares[state.index].taken for state in facts.caps]
        taken = [line.amount for line in facts.touches if line.line.kind == "cap_cut"]
        assert sum(cut, Fraction(0)) == -sum(taken, Fraction(0))
        if facts.counted is not None:
            assert sum((number for _, number in facts.counted.numbers), Fraction(0)) == one.quantity
            assert len(facts.counted.records) == one.quantity
    for state in (*facts.caps, *([facts.cut] if facts.cut else [])):
        assert sum((share.taken for share in state.shares), Fraction(0)) == state.cut
        assert sum((share.due for share in state.shares), Fraction(0)) == state.now
        assert state.cut == max(Fraction(0), state.now - state.room)
        assert state.to_date <= max(state.limit, state.earlier)
        if state.together is not None:
            assert sum((amount for _, amount in state.earlier_by), Fraction(0)) == state.earlier
    if facts.cut is not None:
        assert facts.cut.shares[facts.cut.index].taken == -one.amount


def shared_caps() -> st.SearchStrategy[str]:
    one = st.builds(
        lambda most, over, across: (most, over, across),
        st.integers(1, 20).map(lambda number: f"£{number * 50}"),
        st.sampled_from(("over the programme", "in each year", "in 2016/17", "in each quarter")),
        st.sampled_from(("", "North, South", "East, North")),
    )
    return st.lists(one, min_size=1, max_size=2).map(
        lambda rows: "".join(
            cap(f"{most} {over}", across=across, name=f"Ceiling {'AB'[at]}")
            for at, (most, over, across) in enumerate(rows)
        )
    )


def started() -> st.SearchStrategy[Jobs]:
    first = date(2016, 4, 1)
    day = st.integers(0, 720).map(lambda number: first + timedelta(days=number))
    return st.fixed_dictionaries(
        {
            name: st.lists(day, max_size=6).map(lambda days: [(f"P{at}", one) for at, one in enumerate(days)])
            for name in NAMES
        }
    )


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(shared_caps(), started(), st.booleans(), st.sampled_from(("quarterly", "yearly")))
def test_every_line_of_a_programme_is_explained_to_the_penny(
    caps: str, jobs: Jobs, varied: bool, statements: str
) -> None:
    members = {"North": member("North", fee="£33.33"), "South": member("South", statements=statements)}
    with (
        TemporaryDirectory() as name,
        paid(
            Path(name),
            caps,
            jobs,
            members=members,
            variations={"North": DEARER} if varied else {},
            values=("East.Start=£100",),
        ) as run,
    ):
        for contract in NAMES:
            for priced in run.payments.of(contract).lines:
                agrees(pipeline.explain_line(run, priced.id, contract))
        if any(jobs.values()):
            facts = pipeline.explain_person(run, "P0")
            screen(facts)
            sheets = pipeline.explanation_pages(facts)
            assert pages(sheets).count("<h1>") == 1
            earned = {(payer, payee): amount for payer, payee, amount in facts.totals()}
            each: dict[tuple[str, str], Fraction] = {}
            for one in facts.contracts:
                for payer, payee, amount in one.totals():
                    each[payer, payee] = each.get((payer, payee), Fraction(0)) + amount
            assert earned == each


# ------------------------------------------------------------------ persons


def test_a_person_is_told_of_in_every_contract_that_has_rows_of_them(tmp_path: Path) -> None:
    jobs: Jobs = {"North": [("P1", Q1)], "South": [("P1", Q2), ("P2", Q2)], "East": [("P3", Q1)]}
    with paid(tmp_path, cap("£10,000 over the programme"), jobs) as run:
        facts = pipeline.explain_person(run, "P1")
        assert [one.contract.name for one in facts.contracts] == ["North", "South"]
        assert {(payer, payee): amount for payer, payee, amount in facts.totals()} == {
            ("Fund", "North Trust"): 100,
            ("Council", "North Trust"): 40,
            ("Fund", "South Trust"): 100,
            ("Council", "South Trust"): 40,
        }
        form = as_json(facts)
        assert form["format"] == "sibdsl.programme-explanation/1"
        assert [one["contract"]["name"] for one in form["contracts"]] == ["North", "South"]
        assert {one["format"] for one in form["contracts"]} == {"sibdsl.explanation/1"}
        assert "what was earned in North and South together" in screen(facts)
        alone = pipeline.explain_person(run, "P1", "south")
        assert [one.contract.name for one in alone.contracts] == ["South"]
        with pytest.raises(Refused) as refused:
            pipeline.explain_person(run, "P1", "East")
        assert "There are rows of P1 in North and South" in (refused.value.found[0].help or "")
        with pytest.raises(Refused) as nobody:
            pipeline.explain_person(run, "P11")
        assert "names nobody" in nobody.value.found[0].message


def test_what_would_have_been_is_priced_with_the_other_contracts(tmp_path: Path) -> None:
    """£300 are full with South's three; a fourth in North would bear £25 of the £100 cut, and South £75."""
    jobs: Jobs = {"North": [("P1", Q1)], "South": people(3, Q1)}
    later = "  among       People\n  only if     Started On is on or after 2 April 2016\n"
    members = {"North": member("North").replace("  among       People\n", later, 1)}
    with paid(tmp_path, cap("£300 over the programme"), jobs, members=members) as run:
        said = screen(pipeline.explain_person(run, "P1"))
        assert "would have earned £100.00 from Fund and £40.00 from Council" in said
        assert "of that £100.00 would have been cut by Fund Ceiling (£75.00 of it in South)" in said


def test_what_would_have_been_is_by_the_terms_as_varied(tmp_path: Path) -> None:
    """A job more under a fee of £200 that a variation gave the quarter after it was stated: £200, by itself and together."""
    later = "  among       People\n  only if     Started On is on or after 2 April 2016\n"
    members = {"North": member("North").replace("  among       People\n", later, 1)}
    jobs: Jobs = {"North": [("P1", Q1), ("P2", date(2016, 4, 5)), ("P3", date(2016, 5, 5))]}
    wide, variations = cap("£100,000 over the programme"), {"North": DEARER}
    with paid(tmp_path, wide, jobs, members=members, variations=variations) as run:
        assert "would have earned £200.00 from Fund and" in screen(pipeline.explain_person(run, "P1"))
    alone = pipeline.load(tmp_path / "north.sib", [tmp_path / "north_varied.sib"])
    with pipeline.pay(alone, tmp_path / "records" / "north", END) as run:
        assert "would have earned £200.00 from Fund and" in screen(pipeline.explain_person(run, "P1"))


NETTED = """
metric Place
  kind        outcome
  counts      rows of Jobs
  among       People
  dated       Started On
  per person  first only
end metric

payment Net
  payer       Fund
  payee       North Trust
  pays        £100 times Place minus £150 every quarter at the end
  taken back  by repayment
end payment
"""


def test_a_payment_below_nought_leaves_room_for_the_others(tmp_path: Path) -> None:
    """Nobody starts in North in the first quarter, so £150 are owed back; £550 of South's £600 then fit under £400."""
    members = {"North": member("North", more=NETTED)}
    with paid(
        tmp_path,
        cap("£400 over the programme"),
        {"South": people(6, Q1)},
        members=members,
        day=date(2016, 6, 30),
    ) as run:
        total = sum(
            priced.amount
            for name in NAMES
            for priced in run.payments.of(name).lines
            if priced.line.payer == "Fund"
        )
        owed_back = sum(
            priced.amount for priced in run.payments.of("North").lines if priced.line.kind == "repaid"
        )
        assert (total, owed_back) == (550, 150)
        facts = explained(run, "South", kind="cap_cut")
        assert facts.priced.amount == -50
        for name in NAMES:
            for priced in run.payments.of(name).lines:
                agrees(pipeline.explain_line(run, priced.id, name))


# ------------------------------------------------------------------ which contract is meant


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--line", "L1"], "`--line L1` does not say of which contract"),
        (["--line", "L1"], "North and South each have a line L1"),
        (["--line", "Nort L1"], "Did you mean North? Its contracts are East, North and South."),
        (["--contract", "West", "--line", "L1"], "`--contract West` names no contract of The Project"),
        (["--contract", "North", "--line", "South L1"], "Name the contract once."),
        (["--contract", "North", "--line", "L99"], "`--line L99` names no line of this run"),
        (["--contract", "East", "--line", "L1"], "nothing is paid by then"),
        (["--person", "nobody"], "`--person nobody` names nobody"),
        (["--person", "P1", "--contract", "Nort"], "Did you mean North?"),
        (["--with", "x.sib", "--line", "North L1"], "leave out --with"),
    ],
)
def test_what_is_not_there_is_said(
    words: list[str], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = made(tmp_path, cap("£150 over the programme"))
    records = written(tmp_path, {"North": [("P1", Q1)], "South": [("P2", Q1)]})
    status = sib(["explain", str(project.path), "--records", str(records), "--as-of", "2018-03-31", *words])
    shown = capsys.readouterr()
    assert status == 2
    assert shown.out == ""
    assert says in " ".join(shown.err.split())


def test_a_contract_by_itself_may_be_named_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = made(tmp_path, cap("£150 over the programme"))
    records = written(tmp_path, {"North": [("P1", Q1)]}) / "north"
    call = [
        "explain",
        str(project.path.parent / "north.sib"),
        "--records",
        str(records),
        "--as-of",
        "2018-03-31",
    ]
    assert sib([*call, "--line", "L1"]) == 0
    plain = capsys.readouterr().out
    assert sib([*call, "--contract", "north", "--line", "L1"]) == 0
    assert capsys.readouterr().out == plain
    assert sib([*call, "--contract", "South", "--line", "L1"]) == 2
    assert "it holds North" in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize("form", ["text", "json", "html"])
@pytest.mark.parametrize("words", [["--line", "north l1"], ["--person", "P1"]])
def test_every_form_goes_to_a_file_as_to_the_screen(
    form: str, words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = made(tmp_path, cap("£150 over the programme"))
    records = written(tmp_path, {"North": [("P1", Q1)], "South": [("P1", Q1)]})
    call = ["explain", str(project.path), "--records", str(records), "--as-of", "2018-03-31", *words]
    assert sib([*call, "--format", form]) == 0
    shown = capsys.readouterr().out
    file = tmp_path / "out"
    assert sib([*call, "--format", form, "--output", str(file)]) == 0
    assert file.read_text(encoding="utf-8").strip() == shown.strip()
    assert "The Project" in shown
