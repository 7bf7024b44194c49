"""The JSON form: what it looks like, and what is said of one that holds no contract."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sibdsl.compile import compile_file
from sibdsl.diagnostics import Refused
from sibdsl.model.to_json import from_json, to_json

PATH = Path(__file__).parents[2] / "contracts" / "mhep1" / "tower_hamlets.sib"
Edit = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="module")
def written() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json.dumps(to_json(compile_file(PATH).contract)))
    return made


def test_it_reads_as_people_would_write_it(written: dict[str, Any]) -> None:
    contract = written["contract"]
    assert written["format"] == "sibdsl.contract/1"
    assert contract["service"] == {"from": "2016-04-01", "to": "2019-03-31"}
    assert contract["years_begin"] == {"month": 4, "day": 1}
    assert contract["rounding"]["grain"] == "1/100"
    rate = contract["payments"][2]["rates"][2]
    at = rate["amount"].pop("at")
    assert rate["amount"] == {"is": "value", "value": "1350", "kind": "money"}
    assert at["file"].endswith("tower_hamlets.sib")
    assert (at["end_line"], at["end_column"] - at["column"]) == (at["line"], len("£1,350"))
    test = contract["metrics"][0]["conditions"][0]
    assert (test["is"], test["op"], test["left"]["is"], test["right"]["is"]) == (
        "compare",
        ">=",
        "column",
        "joining date",
    )
    assert contract["assumptions"][2]["takes"] == "in money"
    assert contract["assumptions"][3]["reason"].startswith("The tariff has rows")


def test_places_and_prose_come_back(written: dict[str, Any]) -> None:
    contract = from_json(written)
    assert contract.assumptions[0].reason.startswith("The review says")
    assert contract.particulars[0].note.startswith("Quantities of the parties' low case.")
    assert contract.rules[0].says
    span = contract.payments[0].rates[0].span
    assert (span.line, span.column) == (
        written["contract"]["payments"][0]["rates"][0]["at"]["line"],
        written["contract"]["payments"][0]["rates"][0]["at"]["column"],
    )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ([], "it does not begin with `format`"),
        ("contract", "it does not begin with `format`"),
        ({}, "it does not begin with `format`"),
        ({"format": "sibdsl.contract/2"}, "in the form 'sibdsl.contract/2'; this version of sibdsl reads"),
        ({"format": "sibdsl.contract/1"}, "`contract` is missing"),
        (
            {"format": "sibdsl.contract/1", "contract": {}, "more": 1},
            "`more` does not belong beside `contract`",
        ),
        ({"format": "sibdsl.contract/1", "contract": 5}, "at `contract`, 5 stands where an object is needed"),
        (
            {"format": "sibdsl.contract/1", "contract": {}},
            "at `contract.name`, what belongs there is missing",
        ),
    ],
)
def test_what_is_no_contract(data: object, said: str) -> None:
    with pytest.raises(Refused) as caught:
        from_json(data)
    assert {one.code for one in caught.value.found} == {"SIB0103"}
    assert said in caught.value.found[0].message
    assert len(caught.value.found) <= 5


BAD: list[tuple[str, Edit, str]] = [
    ("a number", lambda c: c.update(name=5), "at `contract.name`, 5 stands where text is needed"),
    ("nothing", lambda c: c.update(name=None), "at `contract.name`, nothing stands where text is needed"),
    ("a stranger", lambda c: c.update(colour="red"), "at `contract`, `colour` does not belong"),
    (
        "no list",
        lambda c: c.update(parties="abc"),
        "at `contract.parties`, 'abc' stands where a list is needed",
    ),
    (
        "a float",
        lambda c: c["payments"][0]["rates"][0]["amount"].update(value=1350.5),
        "amount.value`, 1350.5 stands where text is needed",
    ),
    (
        "a number in words",
        lambda c: c["payments"][0]["rates"][0]["amount"].update(value="1,350"),
        "'1,350' stands where an exact number in quotes is needed",
    ),
    (
        "no day",
        lambda c: c.update(new_entrants_last="2019-02-30"),
        "'2019-02-30' stands where a day is needed",
    ),
    (
        "half a period",
        lambda c: c.update(service={"from": "2016-04-01"}),
        "an object with `from`, `to` is needed",
    ),
    (
        "a period backwards",
        lambda c: c.update(service={"from": "2016-04-02", "to": "2016-04-01"}),
        "is before",
    ),
    ("another word", lambda c: c.update(calendar="weekly"), "'weekly' is not one of: 'monthly', 'quarterly'"),
    (
        "another node",
        lambda c: c["payments"][0]["rates"][0]["amount"].update({"is": "guess"}),
        "`is` says 'guess'; it may be: 'value', 'given'",
    ),
    (
        "no node",
        lambda c: c["payments"][0]["rates"][0]["amount"].pop("is"),
        "`is` is missing; it may be: 'value', 'given'",
    ),
    ("a place", lambda c: c["at"].update(line="5"), "'5' stands where a whole number is needed"),
    (
        "yes for true",
        lambda c: c["examples"][0].update(complete="yes"),
        "'yes' stands where true or false is needed",
    ),
    (
        "an unknown party",
        lambda c: c["payments"][0]["rates"][0].update(payee="Nobody"),
        "does not hold together: payment Commissioner Engagement Fee speaks of party Nobody",
    ),
    (
        "one name twice",
        lambda c: c["metrics"][1].update(name="Engagement"),
        "does not hold together: Engagement is named twice",
    ),
]


@pytest.mark.parametrize(("edit", "said"), [pytest.param(*one[1:], id=one[0]) for one in BAD])
def test_what_is_wrong_in_one(written: dict[str, Any], edit: Edit, said: str) -> None:
    data = copy.deepcopy(written)
    edit(data["contract"])
    with pytest.raises(Refused) as caught:
        from_json(data)
    assert {one.code for one in caught.value.found} == {"SIB0103"}
    assert said in caught.value.found[0].message


def test_many_faults_are_told_in_part(written: dict[str, Any]) -> None:
    data = copy.deepcopy(written)
    for party in data["contract"]["parties"]:
        del party["name"]
    with pytest.raises(Refused) as caught:
        from_json(data)
    assert len(caught.value.found) == 5
    assert caught.value.found[0].message.endswith(
        "at `contract.parties[0].name`, what belongs there is missing."
    )
    assert caught.value.found[-1].message.endswith("missing. There are 2 more.")
