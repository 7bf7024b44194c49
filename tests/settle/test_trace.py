"""What is read off the price graph of caps and blocks agrees with the lines, on contracts and quantities made at random."""

from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

from attrs import evolve
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from sibdsl import pipeline
from sibdsl.compile import compile_source
from sibdsl.model.parameters.in_force import as_written
from sibdsl.price import Priced, build, price
from sibdsl.settle.explain.limit_facts import LineShare, block_state, cap_state, is_personal
from sibdsl.settle.versions import Version
from sibdsl.source import Source
from tests.limits import made
from tests.limits.made import quantities_file
from tests.limits.terms import Programme, programme_files
from tests.model.generate import contracts, quantities
from tests.model.show import show


def shares_add_up(shares: tuple[LineShare, ...], total: Fraction) -> None:
    assert sum((one.taken for one in shares), Fraction(0)) == total
    assert all(0 <= one.taken <= one.due for one in shares)


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_caps_and_blocks_are_told_as_they_were_priced(data: st.DataObject) -> None:
    _, drawn = data.draw(contracts(years=2))
    # Through its text, for the places by which blocks and caps are found; examples and rules are beside the point.
    bare = evolve(drawn, examples=(), rules=(), scenarios=())
    contract = compile_source(Source("random.sib", show(bare))).contract
    values = as_written(contract)
    priced: Priced = price(build(contract, values), data.draw(quantities(contract)))
    amounts = priced.values
    version = Version(contract, None, (), {}, priced)
    for line in priced.graph.lines:
        if line.kind == "cap_cut" and not is_personal(line):
            cap = cap_state(version, values, line)
            shares_add_up(cap.shares, cap.cut)
            assert cap.cut == max(Fraction(0), cap.now - cap.room)
            assert cap.shares[cap.index].line == line
            assert cap.shares[cap.index].taken == -amounts[line.amount]
        if line.kind == "set_off":
            block = block_state(priced, line)
            shares_add_up(block.shares, block.now)
            met, most = block.before + block.now, min(block.usable, block.fees)
            # In equal quarters, fees that a quarter's part left unmet are not met later.
            assert met == most or (block.block.pace == "in equal quarters" and met < most)
            assert block.shares[block.index].taken == -amounts[line.amount]
            assert block.left >= 0


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(made.programmes())
def test_limits_of_programmes_are_told_as_they_were_priced(programme: Programme) -> None:
    """Of every cut of every version: what each limit found in use, contract by contract, and how it shared the cut."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        for file, text in programme_files(programme).items():
            (folder / file).write_text(text, encoding="utf-8")
        (folder / "quantities.csv").write_text(quantities_file(programme), encoding="utf-8")
        try:
            ready = pipeline.load(folder / "c.sib")
            run = pipeline.price(ready, pipeline.quantities_of(ready, folder / "quantities.csv"))
        except (pipeline.Refused, pipeline.Unpriceable):
            assume(False)
    for payments in run.runs:
        for version in payments.versions:
            values = version.priced.values
            for line in version.priced.graph.lines:
                if line.kind != "cap_cut" or line.contract != payments.within:
                    continue
                state = cap_state(version, payments.settings, line)
                shares_add_up(state.shares, state.cut)
                assert state.cut == max(Fraction(0), state.now - state.room)
                assert state.shares[state.index].taken == -values[line.amount]
                used = sum((amount for _, amount in state.earlier_by), Fraction(0))
                assert used == (Fraction(0) if state.together is None else state.earlier)
