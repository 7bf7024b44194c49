"""Names as parties write them: with accents, digits, and one small letter before a capital."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sibdsl import pipeline
from sibdsl.diagnostics import Refused
from sibdsl.source import Source
from sibdsl.syntax import parse
from sibdsl.syntax.standard_layout import format_text

TEXT = """contract Tiny
  service period  1 April 2026 to 31 March 2027
  currency        EUR
  years           begin 1 April
  statements      yearly
  rounding        each line, half up, to the cent
end contract

parties
  | party   | role         |
  | Council | commissioner |
  | PROV    | provider     |
end parties

payment Fee [1]
  payer  Council
  payee  PROV
  every  year at the end, part years in full
  pays   €100
end payment
"""
#: Letters of the field's own names: Proyectá, iAspire, São, Łódź, Über.
_CAPITALS, _SMALL = "ABIÁÉŁÖÜ", "abiáéłöüß"
_WORD = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["", "i", "e"]),
        st.sampled_from("ABI"),
        st.text(_SMALL + _CAPITALS + "01", max_size=4),
    )
    | st.tuples(st.sampled_from(_CAPITALS), st.text(_SMALL + "01", max_size=4)),
)
_LATER = _WORD | st.sampled_from(["10", "2b"])
_NAMES = st.builds(lambda first, later: " ".join([first, *later]), _WORD, st.lists(_LATER, max_size=2))


@pytest.mark.parametrize("name", ["iAspire", "Proyectá", "Level 4 Plus", "São João", "Łódź eHub"])
def test_a_name_is_paid_under_the_letters_that_its_party_writes(name: str) -> None:
    loaded = pipeline.load(Source("tiny.sib", TEXT.replace("PROV", name)))
    paid = pipeline.price(loaded, {"Tiny": {}})
    assert [(total.payee, total.amount) for total in paid.totals()] == [(name, 100)]


@given(_NAMES)
def test_a_name_is_read_whole_and_laid_out_as_it_was(name: str) -> None:
    source = Source("tiny.sib", f"cap {name} [1]\n  excess  lost\nend cap\n")
    (block,) = parse(source).blocks
    assert block.name is not None
    assert block.name.text == name
    assert format_text(source) == source.text


def test_accents_of_two_forms_are_one_name() -> None:
    """Some keyboards write a letter and its accent as two characters; on a screen they are alike."""
    apart = unicodedata.normalize("NFD", "Proyectá")
    mixed = TEXT.replace("| PROV   ", f"| {apart}").replace("PROV", "Proyectá")
    assert apart in mixed
    assert "Proyectá" in mixed
    assert pipeline.load(Source("tiny.sib", mixed)).contract.payments[0].terms[0].payee == "Proyectá"


@pytest.mark.parametrize("name", ["proyectá", "aspire", "\u0421ouncil", "A\u01c0B", "i aspire"])
def test_what_is_no_name_is_refused(name: str) -> None:
    """Small first letters, a Cyrillic letter that looks like C, and a letter that looks like a bar."""
    with pytest.raises(Refused):
        pipeline.load(Source("tiny.sib", TEXT.replace("Fee", name)))
