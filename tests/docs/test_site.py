"""The site as it is built: questions find their page first, contract text is in colour, nothing is fetched, no page is too long."""

import json
import re
import subprocess
from pathlib import Path
from shutil import which

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from pygments.token import STANDARD_TYPES, Whitespace

from sibdsl.render.lexer import SibLexer
from tests.docs.reading import LANGUAGE, ROOT, fences
from tests.docs.search import FIELDS, Search

#: In bytes. What is longer takes long to come and to find one's way in.
LONGEST = 150_000
#: What lawyers, analysts and reconcilers ask -> the pages of the language of which one must come first.
QUESTIONS = {
    "what becomes of a row whose date is blank?": ["blanks"],
    "does a cap that binds in the middle of a quarter cut earlier sums?": ["caps-day-by-day", "caps"],
    "two commissioners share a payment: who pays?": ["shared-payments"],
    "may a payment be negative?": ["amounts-below-nought", "taken-back"],
    "half a penny": ["rounding"],
    "block advance": ["block-advances"],
    "ending a contract early": ["ending-early"],
    "the variation was back-dated": ["variations", "statements-already-made"],
    "duplicates in the records": ["duplicate-rows"],
    "as of which date": ["as-of"],
    "clawback": ["taken-back"],
    "termination": ["ending-early"],
    "monthly management fee": ["regular-sums"],
    "the payer changes during a quarter": ["successive-payers"],
    "indexation": ["rates-by-year"],
    "outcome reported late": ["dated"],
    "gap between two jobs": ["held"],
    "leap day": ["dates-and-durations", "leap-day-birthdays"],
    "maximum payment per participant": ["limit-for-each-person"],
    "unearned part of an advance": ["unused-parts"],
    "carry over to the next year": ["excess-carried-forward"],
    "deemed acceptance": ["acceptance"],
    "deadline for evidence": ["evidence"],
    "control group": ["metrics-worked-out"],
    "the fund pays no more than 38% of payments": ["share-of-payments"],
    "lower of two amounts": ["sums-worked-out"],
    "which of two caps applies first?": ["order-of-caps"],
    "exactly 16 hours a week": ["bands"],
    "last day for new entrants": ["two-clocks"],
    "due date of an invoice": ["when-it-falls-due"],
    "what happens in a part year?": ["years"],
    "what if somebody is referred twice?": ["cohorts"],
    "nothing is paid under the threshold": ["all-units-rates"],
    "can unpaid amounts roll over?": ["excess-carried-forward"],
    "what is one month after 31 January?": ["dates-and-durations"],
    "code and deed disagree": ["text-and-code"],
    "novation to a new provider": ["novation", "variations"],
    "overlapping stays": ["days"],
    "how do I pay for each hectare?": ["sums"],
    "reconviction": ["nothing-in-a-time"],
    "matched comparison": ["metrics-worked-out"],
    "which columns identify a row?": ["versions-of-a-row"],
    "a corrected row is sent again": ["versions-of-a-row"],
    "which version of a row counts?": ["versions-of-a-row"],
    "resubmitted records": ["versions-of-a-row"],
    "dates written 31/12/2018": ["written-forms"],
    "how do I read British dates in a CSV file?": ["written-forms"],
    "amounts with a comma for the decimal point": ["written-forms"],
    "retention until a condition is met": ["held-back-until"],
    "part of the fee is withheld": ["held-back-until"],
    "pay in four instalments": ["instalments"],
    "paid in stages": ["instalments"],
    "cumulative payment to date less what was paid": ["sums-to-date"],
    "target to date at each quarter": ["sums-to-date"],
    "no reoffending within 12 months": ["nothing-in-a-time"],
    "no conviction in a year": ["nothing-in-a-time"],
    "nobody returns to care within six months": ["nothing-in-a-time"],
    "business days": ["business-days"],
    "topped up pot": ["pots"],
    "deduction for late reports": ["deductions"],
    "withdrawn record": ["taken-back-later"],
    "which features are not supported?": ["not-carried-out-yet"],
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("site")
    config = load_config(str(ROOT / "mkdocs.yml"), site_dir=str(place))
    config.plugins.on_startup(command="build", dirty=False)
    build(config)
    return place


@pytest.fixture(scope="module")
def search(site: Path) -> Search:
    return Search(site)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_finds_its_page_first(question: str, search: Search) -> None:
    assert search.first(question).removeprefix("language/").partition("/")[0] in QUESTIONS[question]


def test_the_weights_are_those_of_the_site(site: Path) -> None:
    script = (site / "search" / "worker.js").read_text(encoding="utf-8")
    said = re.findall(r"this\.field\('(\w+)'(?:, \{ boost: (\d+) \})?\)", script)
    assert {field: int(boost or 1) for field, boost in said} == FIELDS


@pytest.mark.skipif(which("node") is None, reason="node is not there to run the script of the site")
def test_the_script_of_the_site_finds_the_same(site: Path, search: Search) -> None:
    script = """
const [site, questions] = [process.argv[1], JSON.parse(process.argv[2])];
const data = JSON.parse(require('fs').readFileSync(site + '/search/search_index.json'));
const search = require(site + '/search/worker.js')(require(site + '/search/lunr.js'), data);
console.log(JSON.stringify(questions.map(question => search(question)[0].location)));
"""
    node = which("node") or ""
    done = subprocess.run(
        [node, "-e", script, str(site), json.dumps(list(QUESTIONS))], stdout=subprocess.PIPE, check=True
    )
    assert json.loads(done.stdout) == [search.first(question) for question in QUESTIONS]


def test_no_page_is_longer_than_patience(site: Path) -> None:
    pages = {str(page.relative_to(site)): page.stat().st_size for page in site.rglob("*.html")}
    assert {page: size for page, size in pages.items() if size > LONGEST} == {}


def test_nothing_is_fetched_from_elsewhere(site: Path) -> None:
    fetched = re.compile(
        r"<(?:link|script|img|iframe)\b[^>]*\b(?:href|src)=[\"']?(?:https?:)?//"
        r"|url\([\"']?(?:https?:)?//|@import|importScripts\([\"']http|fetch\([\"']http"
    )
    files = [file for file in site.rglob("*") if file.suffix in {".html", ".css", ".js"}]
    assert len(files) > 100
    assert [file for file in files if fetched.search(file.read_text(encoding="utf-8"))] == []


def test_every_sort_of_word_in_a_contract_has_its_colour(site: Path) -> None:
    look = (site / "css" / "sib.css").read_text(encoding="utf-8")
    texts = "".join(fence.text for fence in fences(LANGUAGE) if fence.language == "sib")
    sorts = {STANDARD_TYPES[sort] for sort, _ in SibLexer().get_tokens(texts) if sort not in Whitespace}
    assert {
        sort for sort in sorts if f".codehilite .{sort} " not in look and f".codehilite .{sort}," not in look
    } == set()
    page = (site / "language" / "caps" / "index.html").read_text(encoding="utf-8")
    assert '<span class="kd">payment</span>' in page
    assert 'href="../../css/sib.css"' in page


def test_every_table_has_a_place_to_scroll_in(site: Path) -> None:
    for file in site.rglob("*.html"):
        page = file.read_text(encoding="utf-8")
        assert page.count("<table") == page.count('<div class="wide"><table'), file


def test_pages_can_be_printed(site: Path) -> None:
    look = (site / "css" / "sib.css").read_text(encoding="utf-8")
    printed = look.partition("@media print {")[2]
    assert all(part in printed for part in (".wy-nav-side", ".headerlink", "footer", "break-inside: avoid"))
