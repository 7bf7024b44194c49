"""The drawing: boxes and labels apart from each other, arrows clear of them, safe whatever the names are."""

from itertools import combinations, pairwise
from xml.etree import ElementTree as ET

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from sibdsl.check.flows import Flows, flows
from sibdsl.compile import compile_file
from sibdsl.model.nodes import Contract, Party
from sibdsl.model.parameters.in_force import as_written
from sibdsl.render.flows.layout import Box, columns, layout
from sibdsl.render.flows.page import page
from sibdsl.render.flows.svg import drawing, svg
from tests.docs.reading import ROOT
from tests.model.generate import contracts
from tests.render.test_html import read

CONTRACT = ROOT / "contracts" / "mhep1" / "tower_hamlets.sib"
SVG = "{http://www.w3.org/2000/svg}"
#: A name that would be markup, were it not escaped, with a mark that turns text round and one that XML does not know.
NASTY = """<script>&"Co"' \u202e\x0c\ufffe]]>"""


def tower_hamlets() -> Flows:
    contract = compile_file(CONTRACT).contract
    return flows(contract, as_written(contract))


def apart(one: Box, other: Box) -> bool:
    across = one.x + one.width <= other.x or other.x + other.width <= one.x
    return across or one.y + one.height <= other.y or other.y + other.height <= one.y


def rectangles(root: ET.Element, kind: str) -> list[Box]:
    found = [one.find(f"{SVG}rect") for one in root.iter(f"{SVG}g") if one.get("class") == kind]
    return [
        Box(*(float(one.get(name, "")) for name in ("x", "y", "width", "height")))
        for one in found
        if one is not None
    ]


names = st.lists(st.text("ABab ", min_size=1, max_size=40), min_size=2, max_size=10, unique=True)


@st.composite
def maps(draw: st.DrawFn) -> tuple[list[str], list[tuple[str, str]]]:
    parties = draw(names)
    pair = st.tuples(st.sampled_from(parties), st.sampled_from(parties))
    return parties, draw(st.lists(pair, max_size=15, unique=True))


@given(maps(), st.lists(st.integers(20, 120), min_size=15, max_size=15))
def test_nothing_overlaps_in_any_map(
    made: tuple[list[str], list[tuple[str, str]]], heights: list[int]
) -> None:
    parties, pairs = made
    found = layout(parties, pairs, lambda _: 46.0, lambda at: float(heights[at]))
    assert found == layout(parties, pairs, lambda _: 46.0, lambda at: float(heights[at]))
    drawn = [pair for pair in pairs if pair[0] != pair[1]]
    assert set(found.parties) == {name for pair in drawn for name in pair}
    assert len(found.labels) == len(found.arrows) == len(drawn)
    boxes = [*found.parties.values(), *found.labels.values()]
    assert all(apart(one, other) for one, other in combinations(boxes, 2))
    for box in boxes:
        assert box.x >= 0
        assert box.x + box.width <= found.width
        assert box.y >= 0
        assert box.y + box.height <= found.height
    for arrow in found.arrows:
        payer, payee = (found.parties[name] for name in pairs[arrow.flow])
        (x, y), (to_x, to_y) = arrow.points[0], arrow.points[-1]
        assert x in (payer.x, payer.x + payer.width)
        assert payer.y < y < payer.y + payer.height
        assert to_x in (payee.x, payee.x + payee.width)
        assert payee.y < to_y < payee.y + payee.height
        others = [box for box in boxes if box is not found.labels[arrow.flow]]
        for one, other in pairwise(arrow.points):
            low, high = sorted((one[0], other[0]))
            between = all(box.x + box.width <= low or high <= box.x for box in boxes)
            line = Box(low, min(one[1], other[1]), high - low, 0.0)
            assert between or (one[1] == other[1] and all(apart(line, box) for box in others))


def test_columns_are_who_only_pays_who_does_both_and_who_is_only_paid() -> None:
    pairs = [("CCG", "Provider"), ("SPV", "Provider"), ("Fund", "SPV"), ("Fund", "School")]
    found = columns(["CCG", "SPV", "Fund", "Provider", "School"], pairs)
    assert found == {"CCG": 0, "Fund": 0, "SPV": 1, "Provider": 2, "School": 2}


def test_where_money_goes_round_the_party_named_first_stands_first() -> None:
    pairs = [("Council", "SPV"), ("SPV", "Manager"), ("Manager", "Council")]
    assert columns(["Council", "SPV", "Manager"], pairs) == {"Council": 0, "SPV": 1, "Manager": 2}


@given(contracts())
def test_every_contract_has_a_drawing_without_overlaps(made: tuple[str, Contract]) -> None:
    found = flows(made[1], as_written(made[1]))
    root = ET.fromstring(svg(found, found.flows))  # noqa: S314 - our own file
    boxes = [*rectangles(root, "party"), *rectangles(root, "flow")]
    assert all(apart(one, other) for one, other in combinations(boxes, 2))
    arrows = [one for one in root.iter(f"{SVG}path") if one.get("marker-end")]
    assert len(arrows) == len(rectangles(root, "flow")) == sum(one.payer != one.payee for one in found.flows)
    assert svg(found, found.flows) == svg(found, found.flows)


def renamed(made: Flows, name: str, other: str) -> Flows:
    """The flows of the contract with a party of another name."""
    contract = made.contract
    parties = tuple(
        evolve(one, name=other, full_name=other) if one.name == name else one for one in contract.parties
    )
    found = tuple(
        evolve(
            one,
            payer=other if one.payer == name else one.payer,
            payee=other if one.payee == name else one.payee,
        )
        for one in made.flows
    )
    return evolve(made, contract=evolve(contract, parties=parties, name=other), flows=found)


@pytest.mark.parametrize("name", ["MHEP", "CCG", "Social Finance"])
def test_names_like_markup_are_only_names(name: str) -> None:
    made = renamed(tower_hamlets(), name, NASTY)
    drawn = svg(made, made.flows)
    root = ET.fromstring(drawn)  # noqa: S314 - our own file
    assert "<script>" not in drawn
    assert not {one.tag.removeprefix(SVG) for one in root.iter()} & {
        "script",
        "image",
        "use",
        "a",
        "foreignObject",
    }
    said = " ".join(one.text or "" for one in root.iter())
    assert '<script>&"Co"\'' in said
    reader = read(page(made, made.flows))
    assert "script" not in reader.tags
    assert not reader.attributes & {"href", "src", "onload", "onclick"}


def test_a_long_name_is_broken_and_stays_in_its_box() -> None:
    made = renamed(tower_hamlets(), "MHEP", "Partnership" * 9)
    place = drawing(made, made.flows)
    root = ET.fromstring(svg(made, made.flows))  # noqa: S314 - our own file
    lines = [
        one.text or ""
        for one in root.iter(f"{SVG}text")
        if "Partner" in (one.text or "") and one.get("font-size") == "15"
    ]
    assert "".join(lines) == "Partnership" * 9
    assert max(len(line) for line in lines) < 22
    assert place.parties["Partnership" * 9].height > 100


def test_the_file_stands_alone_and_says_what_it_shows() -> None:
    made = tower_hamlets()
    root = ET.fromstring(svg(made, made.flows))  # noqa: S314 - our own file
    assert root.get("role") == "img"
    assert (root.findtext(f"{SVG}title") or "").startswith("Who pays whom: Tower Hamlets")
    assert "3. SOF pays MHEP: clause 6; " in (root.findtext(f"{SVG}desc") or "")
    assert {one.get("fill") for one in root.iter(f"{SVG}text")} == {"#1a1a1a"}
    text = " ".join(one.text or "" for one in root.iter(f"{SVG}text"))
    assert "Neither pay nor are paid: Social Finance (manager)" in text


def test_a_row_without_an_amount_of_its_own_stands_as_amounts_do() -> None:
    """Only a name that stands for an amount is set as words are."""
    contract = compile_file(ROOT / "contracts" / "chicago" / "chicago.sib").contract
    made = flows(contract, as_written(contract))
    shown = page(made, made.flows)
    assert '<td class="right"></td><td>$9,100 times Years Avoided' in shown
    assert '<td class="right name">' not in shown


def test_a_contract_that_pays_nothing() -> None:
    made = tower_hamlets()
    contract = evolve(made.contract, payments=(), advances=(), caps=())
    empty = flows(contract, as_written(contract))
    assert empty.flows == ()
    ET.fromstring(svg(empty, ()))  # noqa: S314 - our own file
    assert "Nothing is paid." in page(empty, ())
    party = Party("Nobody", "", ())
    alone = evolve(contract, parties=(party,))
    assert flows(alone, as_written(alone)).apart == (party,)
