"""What is read off the price graph of caps and blocks agrees with the lines, on contracts and quantities made at random."""

from fractions import Fraction

from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sibdsl.compile import compile_source
from sibdsl.model.parameters.in_force import as_written
from sibdsl.price import Priced, build, price
from sibdsl.settle.explain.limit_facts import LineShare, block_state, cap_state, is_personal
from sibdsl.settle.versions import Version
from sibdsl.source import Source
from tests.model.generate import contracts, quantities
from tests.model.show import show


def shares_add_up(shares: tuple[LineShare, ...], total: Fraction) -> None:
    assert sum((one.taken for one in shares), Fraction(0)) == total
    assert all(0 <= one.taken <= one.due for one in shares)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
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
