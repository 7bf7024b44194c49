"""Every explanation of contracts and records made at random says what the volumes say, and can be shown in every form."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sibdsl.cli.show_explain import WIDTH, text
from sibdsl.render.html import page
from sibdsl.settle.explain import PersonFacts, explain_person
from sibdsl.settle.explain.person_page import person_sheet
from sibdsl.settle.explain.person_to_json import person_json
from sibdsl.settle.run import pay
from tests.measure import forms, models


def whole(facts: PersonFacts) -> None:
    """Every form of a person's story can be made."""
    sheet = person_sheet(facts)
    assert json.loads(json.dumps(person_json(facts)))["person"]["id"] == facts.person
    assert all(len(line) <= WIDTH for line in text(sheet).splitlines())
    assert page(sheet).count("<h1>") == 1


@settings(max_examples=4, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**9))
def test_persons_of_any_contract(seed: int) -> None:
    make = models.Maker(seed)
    contract, as_of = make.contract(), make.one(models.AS_OF)
    given_values = make.settings(contract)
    tables = {
        name: forms.one_part(name, headings, make.rows(models.TABLES[name]))
        for name, headings in models.HEADINGS.items()
    }
    with TemporaryDirectory() as name:
        forms.write(Path(name), tables)
        paid = pay(contract, given_values, Path(name), as_of)
        with paid.volumes as volumes:
            claims = list(volumes.claims(stated_only=False))
            persons = {one.person for one in claims} | {"P1"}
            for person in sorted(persons)[:2]:
                if not list(volumes.rows(person=person)):
                    continue
                facts = explain_person(paid, person)
                whole(facts)
                told = [one for entry in facts.entries for one in entry.told]
                found = [one.claim for one in told if one.claim is not None]
                assert sorted(found, key=str) == sorted(
                    (one for one in claims if one.person == person), key=str
                )
                rows = len(facts.left_out) + len(facts.entries)
                assert rows == len(list(volumes.rows(person=person)))
                stated = {one.outcome for one in told if one.claim is not None}
                assert stated <= {"earned", "not stated"}
