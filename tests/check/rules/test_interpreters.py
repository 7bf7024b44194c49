"""Every interpreter of the price graph comes to the same amounts, on generated contracts and quantities."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.check.rules.interpreters import Case, everything_agrees
from tests.model.generate import contracts, quantities


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_every_interpreter_comes_to_the_same_amounts(data: st.DataObject) -> None:
    _, contract = data.draw(contracts(years=1))
    everything_agrees(Case(contract, data.draw(quantities(contract))))
