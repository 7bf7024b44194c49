"""One fault in what stands around a contract: variations, programmes, records, values from outside, expected figures."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from attrs import frozen

from sibdsl.cli.app import run
from tests.mistakes.reading import CONTRACTS, loose

#: What is run, in a folder that holds the contracts of one programme and its records.
COMMANDS = {
    "pay": "pay tower_hamlets.sib --records data/2018-q2 --as-of 2018-07-31",
    "vary": "check -q tower_hamlets.sib --with tower_hamlets_extension.sib",
    "end": "check -q staffordshire.sib --with staffordshire_termination.sib",
    "renew": "check -q haringey.sib --with haringey_renegotiation.sib",
    "programme": "check -q mhep1.programme.sib",
    "examples": "test tower_hamlets.sib",
    "price": "check -q haringey.sib",
}


@frozen
class Fault:
    """What is run, the file with the fault, what stood there, what stands there now, and what must be told."""

    run: str
    file: str
    before: str
    after: str
    status: int
    words: tuple[str, ...]
    #: More words of the call.
    more: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.run} {self.file}: {self.before[:30]} => {self.after[:30]}{' '.join(self.more)}"


def fault(run: str, file: str, edit: str, status: int, words: str, *more: str) -> Fault:
    before, _, after = edit.partition(" => ")
    return Fault(run, file, before, after.strip("\n"), status, tuple(words.split("; ")), more)


EXTENSION, ENDING, RENEWED = (
    "tower_hamlets_extension.sib",
    "staffordshire_termination.sib",
    "haringey_renegotiation.sib",
)
PROGRAMME, JOBS, REFERRALS = "mhep1.programme.sib", "data/2018-q2/jobs.csv", "data/2018-q2/referrals.csv"
SET = "--set"

FAULTS = [
    # variations
    fault("vary", EXTENSION, "varies Tower Hamlets => varies Tower Hamlet", 2, "SIB0484; Tower Hamlet; Tower Hamlets"),
    fault("vary", EXTENSION, "replace cap Fund Ceilings => replace cap Fund Ceiling", 2, "Fund Ceiling; Fund Ceilings"),
    fault("vary", EXTENSION, "replace cap Fund Ceilings => remove cap Fund Ceilings", 2, "SIB02; remove"),
    fault("vary", EXTENSION, "effective 1 April 2019 => effective 1st April 2019", 2, "1st; 1 April 2019"),
    fault("vary", EXTENSION, "effective 1 April 2019 => ", 2, "effective; missing"),
    fault("vary", EXTENSION, "service period now ends 31 March 2020 => service period ends 31 March 2020", 2, "now"),
    fault("vary", EXTENSION, "service period now ends 31 March 2020 => service period now ends 31 April 2020", 2, "31 April 2020; 30 April 2020"),
    fault("vary", EXTENSION, "stated periods left as stated => stated periods unchanged", 2, "unchanged; left as stated"),
    fault("vary", EXTENSION, "payments from CBO | £88,000 in 2019/20 => payments from CBO | £88,000 in 2019/2020", 2, "2019/2020; 2019/20"),
    fault("vary", EXTENSION, "end cap => end caps", 2, "end cap"),
    fault("end", ENDING, "varies Staffordshire => varies Haringey", 2, "SIB0484; Haringey; Staffordshire"),
    fault("end", ENDING, "agreed Date Of Notice => agreed Date Of Notices", 2, "Date Of Notices; Date Of Notice"),
    fault("end", ENDING, "variation Early Termination => varation Early Termination", 2, "varation; variation"),
    fault("renew", RENEWED, "add metric Job Start => add metrik Job Start", 2, "metrik; metric"),
    fault("renew", RENEWED, "for each Retained Start => for each Retained Starts", 2, "Retained Starts; Retained Start"),
    # programmes
    fault("programme", PROGRAMME, '"haringey.sib" => "haringay.sib"', 2, "haringay.sib"),
    fault("programme", PROGRAMME, '"haringey.sib" => "tower_hamlets.sib"', 2, "Tower Hamlets; Haringey"),
    fault("programme", PROGRAMME, "| Haringey | => | Harringay |", 2, "Harringay; Haringey"),
    fault("programme", PROGRAMME, "currency GBP => currency USD", 2, "USD; GBP"),
    fault("programme", PROGRAMME, "end programme => end program", 2, "end programme"),
    # records
    fault("pay", JOBS, "job_id,person_id => person_id", 2, "SIB0604; Job ID"),
    fault("pay", JOBS, "started_on => start_date", 2, "SIB0604; Started On; start_date"),
    fault("pay", JOBS, "started_on,ended_on => started_on,started_on", 2, "SIB0605; started_on"),
    fault("pay", REFERRALS, "severe_condition => severe condition?", 2, "SIB0604; Severe Condition"),
    # values from outside
    fault("price", "haringey.sib", "", 2, "MHEP Year Value; MHEP Yearly Value", SET, "MHEP Year Value=£80,000"),
    fault("price", "haringey.sib", "", 2, "MHEP Yearly Value; 80%; amount", SET, "MHEP Yearly Value=80%"),
    fault("price", "haringey.sib", "", 2, "MHEP Yearly Value; £80k", SET, "MHEP Yearly Value=£80k"),
    fault("price", "haringey.sib", "", 2, "NAME=VALUE", SET, "MHEP Yearly Value"),
    # figures
    fault("examples", "tower_hamlets.sib", "| Engagement | all | £12,000 | => | Engagement | all | £12,001 |", 1, "£12,001; £12,000; 1 failed"),
    fault("examples", "tower_hamlets.sib", "| CBO | Engagement | all | £3,600 | => | SOF | Engagement | all | £3,600 |", 1, "SOF; who pays; CBO"),
    fault("examples", "tower_hamlets.sib", "blank | 16 | => blank | 15 |", 1, "From 16; the band; Under 16"),
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copied = tmp_path / "contracts"
    shutil.copytree(CONTRACTS / "mhep1", copied)
    monkeypatch.chdir(copied)
    return copied


@pytest.mark.parametrize("case", FAULTS, ids=str)
def test_what_is_told(case: Fault, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder / case.file
    text = path.read_text(encoding="utf-8")
    if case.before:
        found = loose(case.before, text)
        assert found is not None, case
        path.write_text(text[: found.start()] + case.after + text[found.end() :], encoding="utf-8")
    status = run([*COMMANDS[case.run].split(), *case.more])
    shown = capsys.readouterr()
    told = " ".join((shown.out + shown.err).split())
    assert status == case.status, told
    for words in case.words:
        assert words.casefold() in told.casefold(), (words, told)
    assert "Traceback" not in told
    assert "2 errors" not in told, told
