"""The HTML page: whole by itself, safe whatever the records hold, and readable without sight, script or screen."""

import csv
import re
from fractions import Fraction
from html.parser import HTMLParser

import pytest

from sibdsl.render.html import page
from sibdsl.settle.explain import explain_line, explain_person
from sibdsl.settle.explain.line_page import line_sheet
from sibdsl.settle.explain.page import Grid, Item, Sheet
from sibdsl.settle.explain.person_page import person_sheet
from tests.settle.tower_hamlets import RECORDS, paid

#: A person and a job that would be scripts, were they not escaped; and a mark that turns text round.
PERSON = """<script>alert("P1")</script>'"""
JOB = "</td><img src=x onerror=alert(1)>&amp;\u202e"


class Reader(HTMLParser):
    """Every tag with its attributes, and that each is closed in turn."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.update(name for name, _ in attrs)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert reader.open == []
    return reader


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Explanations of records in which a person and their job are named like scripts."""
    folder = tmp_path_factory.mktemp("records")
    more = {
        "referrals": [PERSON, "2018-04-02", "yes", "1984-06-07", "<b>south</b>"],
        "engagements": ["E<1>", PERSON, "2018-04-09"],
        "jobs": [JOB, PERSON, "2018-04-10", "", "20"],
    }
    for name, row in more.items():
        text = (RECORDS / f"{name}.csv").read_text(encoding="utf-8")
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            stream.write(text)
            csv.writer(stream, lineterminator="\n").writerow(row)
    run = paid(folder)
    with run.volumes:
        line = next(
            one.id
            for one in run.payments.lines
            if (one.line.metric, one.quantity) == ("Job Entry", Fraction(5))
        )
        return [page(line_sheet(explain_line(run, line))), page(person_sheet(explain_person(run, PERSON)))]


def test_records_stay_text(pages: list[str]) -> None:
    for text in pages:
        reader = read(text)
        assert not {"script", "img", "b", "link", "iframe", "object", "form"} & set(reader.tags)
        assert reader.attributes <= {
            "class",
            "lang",
            "charset",
            "name",
            "content",
            "http-equiv",
            "open",
            "scope",
        }
        assert PERSON in "".join(reader.words)
        assert "\u202e" not in text


def test_nothing_is_fetched(pages: list[str]) -> None:
    for text in pages:
        assert not re.search(r"\bsrc\s*=|\bhref\s*=|url\(|@import|https?:", text.replace("src=x onerror", ""))
        assert "default-src 'none'" in text


def test_headings_tables_and_language(pages: list[str]) -> None:
    for text in pages:
        tags = read(text).tags
        assert [one for one in tags if re.fullmatch(r"h\d", one)][:2] == ["h1", "h2"]
        assert tags.count("h1") == tags.count("title") == tags.count("main") == 1
        assert 'lang="en-GB"' in text
        assert text.count("<th ") == text.count('<th scope="col"')
        assert "@media print" in text


def test_every_record_is_there() -> None:
    run = paid()
    with run.volumes:
        facts = explain_line(run, "L17")
    assert facts.counted is not None
    assert page(line_sheet(facts)).count("engagements.csv row") == len(facts.counted.records) == 40


def test_every_text_of_a_page_is_escaped() -> None:
    bad = "<i>&\"'\x00\x1b[31m"
    grid = Grid((bad,), ((bad,),), frozenset({0}))
    item = Item(bad, bad, bad, (Item(bad, bad, bad),), grid, "paid")
    text = page(Sheet(bad, bad, bad, (item,), (item,)))
    assert "i" not in read(text).tags
    assert "\x00" not in text
    assert "\x1b" not in text


def test_the_same_bytes_twice() -> None:
    run = paid()
    with run.volumes:
        made = {page(person_sheet(explain_person(run, "P00051"))) for _ in range(2)}
    assert len(made) == 1
