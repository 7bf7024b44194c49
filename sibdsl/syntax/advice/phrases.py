"""Phrases of several words that contracts are full of, and that the language says in other words."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

from attrs import field, frozen

from sibdsl.currencies import BY_SIGN, CURRENCIES, PREFIX, SIGN
from sibdsl.dates import MONTHS
from sibdsl.syntax.advice.amounts import CALLED
from sibdsl.syntax.advice.at_hand import at_hand
from sibdsl.syntax.stop import Advice, Stop

_NUMBER = rf"{PREFIX}?\d[\d,]*(?:\.\d+)?%?"
_UNIT = r"(?: (?:hours|points|units|days|weeks|months))?"
_PARTS = {
    "half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fifth": 5, "fifths": 5, "sixth": 6,
    "sixths": 6, "eighth": 8, "eighths": 8, "tenth": 10, "tenths": 10,
}  # fmt: skip
_COUNTS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "nine": 9}
#: Units of land and goods, of which there are parts.
_MEASURES = "(?:square |cubic )?(?:hectares?|acres?|tonnes?|tons?|kilograms?|kilometres?|metres?|litres?|miles?|kwh|mwh)"
#: Kinds of value by what else they are called.
_HELD = {
    "yes or no": "yes ?/ ?no|no ?/ ?yes|y ?/ ?n|true ?/ ?false|boolean|bool|flag|tick ?box|yes and no|checkbox",
    "identifier": "unique|unique id|id|key|reference|reference number|unique identifier|unique reference",
    "percentage": "per ?cent|pct|%|percent|rate",
    "number": f"(?:number of |area in )?(?:{_MEASURES})|decimal|numeric|area|weight|size",
    "money": "amount|£|sum|price|cost|currency|pounds|pounds sterling|gbp|fee|value",
    "text": "string|words|free text|name|letters",
    "count": "integer|whole number|int|number of [a-z ]+|how many",
    "date": "day|datetime|day and month|calendar date",
    "person": "client|participant|people|user|service user|individual|child|beneficiary",
    "hours": "hours a week|hours per week|hrs|time",
    "money per day": "money a day|money each day|daily money|money daily",
}
_OPEN = (
    "to be agreed|to be confirmed|to be determined|to be decided|to be given|to follow|not known|not given|not agreed"
    "|not published|open|tba|missing"
)

Made = Callable[[re.Match[str], Stop], "tuple[str, str, str] | None"]


def _compiled(words: str) -> re.Pattern[str]:
    return re.compile(words)


@frozen
class Phrase:
    """A phrase, where it is looked for, and what to say of it: why, the mark, and the way out, of the words found."""

    shape: re.Pattern[str] = field(converter=_compiled)
    make: Made
    rules: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    code: str = "SIB0204"
    #: Whether the phrase is one that the word comes after: it is seen to be wrong only there.
    passed: bool = False


def phrase(stop: Stop) -> Advice | None:
    """The advice on a phrase that holds the word, or ends just before it where something is missing."""
    gone = stop.here.first or stop.here.kind in ("_BAR", "_ROW_END")
    at = stop.at - 1 if gone and stop.at else stop.at
    if stop.block is None or (stop.place not in ("inside", "lines", "row") and not (gone and stop.rule)):
        return None
    low, high = _bounds(stop, at)
    place, past = stop.items[at].start, stop.items[max(at - 1, 0)].start
    for known_phrase in PHRASES:
        if (known_phrase.rules and stop.rule not in known_phrase.rules) or (
            known_phrase.headings and stop.heading not in known_phrase.headings
        ):
            continue
        if known_phrase.headings and stop.place != "row":
            continue
        for match in known_phrase.shape.finditer(stop.text, low, high):
            if not any(
                match.start() <= offset < match.end()
                for offset in ((place, past) if known_phrase.passed else (place,))
            ):
                continue
            made = known_phrase.make(match, stop)
            if made is not None:
                why, mark, help_ = made
                start = match.end() - len(match[0].lstrip())
                return Advice(known_phrase.code, why, start, match.end(), mark, help_)
    return None


def _bounds(stop: Stop, at: int) -> tuple[int, int]:
    """The offsets of the line, or of the cell, that holds the word at an index."""
    first, end = at, stop.line_end(at)
    while first > 0 and not stop.items[first].first and stop.items[first - 1].kind not in ("_BAR", "_ROW"):
        first -= 1
    bars = (index for index in range(at, end) if stop.items[index].kind in ("_BAR", "_ROW_END"))
    end = next(bars, end)
    low = stop.items[first].start
    if stop.place != "row" and stop.label and first == stop.begun:
        low = stop.items[first + len(stop.label) - 1].end
    return low, stop.items[max(end - 1, first)].end


def _says(why: str, right: str, mark: str = "") -> Made:
    """The words `right` in place of those found; both with the groups of the match."""

    def make(match: re.Match[str], _: Stop) -> tuple[str, str, str]:
        groups = {key: value or "" for key, value in match.groupdict().items()}
        written = right.format(**groups)
        return why.format(said=match[0].strip(), **groups), mark or f"`{written}`", f"Write `{written}`."

    return make


def _out(why: str, more: str = "") -> Made:
    """The words taken out."""
    return lambda match, _: (why.format(said=match[0].strip()), "not wanted here", f"Take it out{more}.")


def _minus(match: re.Match[str], stop: Stop) -> tuple[str, str, str] | None:
    """Amounts below nought where they may stand: in printed tables, examples and scenarios."""
    kind = stop.block.kind.said if stop.block is not None else ""
    if stop.place != "row" or kind not in ("example", "scenario", "scenarios", "table"):
        return None
    right = f"minus {match['n']}"
    return (f"`{match[0].strip()}` is written `{right}` here.", f"`{right}`", f"Write `{right}`.")


def _ends(match: re.Match[str], stop: Stop) -> tuple[str, str, str] | None:
    low, high = match["low"], match["high"]
    if stop.heading == "must be":
        right = f"at least {low} but at most {high}"
        return (f"`{match[0]}` does not say that both ends are included.", f"`{right}`", f"Write `{right}`.")
    upper = next_after(high)
    if upper:
        return (
            f"`{match[0]}` leaves a gap above {high}: values in between need both ends in words.",
            "and above it?",
            f"Write `at least {low} but less than {upper}`; or `at least {low} but at most {high}`, if what lies between is in no band.",
        )
    return (
        f"`{match[0]}` leaves open whether exactly {high} is in it: values between whole numbers need both ends in words.",
        "and the ends themselves?",
        f"Write `at least {low} but less than {high}`; or `at least {low} but at most {high}`, if exactly {high} is in it.",
    )


def next_after(high: str) -> str:
    """The round number just above one that ends in nines, `£900` for `£899.99`; '' for others."""
    figures = re.fullmatch(rf"(?P<sign>{PREFIX}?)(?P<whole>[\d,]+)\.9+(?P<end>%?)", high)
    if figures is None:
        return ""
    return f"{figures['sign']}{int(figures['whole'].replace(',', '')) + 1:,}{figures['end']}"


def _part(match: re.Match[str], stop: Stop) -> tuple[str, str, str] | None:
    if "FRACTION" not in stop.takes and stop.before and stop.before.text not in _COUNTS:
        return None
    right = f"{_COUNTS[match['above']]}/{_PARTS[match['below']]}" + (" of" if match["of"] else "")
    return (
        f"`{match[0]}` is a part in words; parts are written in figures.",
        "in figures",
        f"Write `{right}`.",
    )


def _power(match: re.Match[str], _: Stop) -> tuple[str, str, str] | None:
    words = {"squared": 2, "cubed": 3}
    times = words.get(match["word"] or "", 0) or int(match["times"] or 0)
    why = f"`{match[0]}`: the language has no powers, and multiplies step by step."
    if not 2 <= times <= 12:
        return (why, "in words", "Take it out, and multiply in steps of `workings`.")
    right = " times ".join([match["base"]] * times)
    return (why, "multiplied step by step", f"Write `{right}`.")


def _year(match: re.Match[str], stop: Stop) -> tuple[str, str, str] | None:
    """A contract year in a condition as its days; years begin as the file's heading says."""
    begin = re.search(r"^\s*years\s+begin\s+(\d{1,2}) (\w+)\s*$", stop.text, re.MULTILINE)
    if begin is None or begin[2] not in MONTHS or begin[1] != "1":
        return None
    month, first = MONTHS.index(begin[2]), int(match["year"])
    quarter = int(match["quarter"] or 0)
    start = month + 3 * max(quarter - 1, 0)
    last = start + (3 if quarter else 12) - 1
    year = first + last // 12
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    days = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[last % 12]
    right = f"1 {MONTHS[start % 12]} {first + start // 12} to {days} {MONTHS[last % 12]} {year}"
    return (
        f"A date in a condition is compared with days, not with a year by its label; `{match['label']}` is {right}.",
        "its days",
        f"Write `{match[0][: match.start('label') - match.start()]}{right}`.",
    )


def _share(number: str) -> str:
    """A share without its sign: so many hundredths, or so many times; 0.85 is 85%, or less than one of a hundred."""
    if number.startswith("0."):
        return f"Write `{number[2:].ljust(2, '0')[:2].lstrip('0') or '0'}{'.' + number[4:] if number[4:] else ''}% of`, if {number} of it is meant; or `{number}% of`."
    return f"Write `{number}% of`; or `{number} times`, if so many times it is meant."


def _subject(match: re.Match[str], stop: Stop) -> tuple[str, str, str] | None:
    """`is on or after A and before B`: the second condition has no subject."""
    low = stop.items[stop.line_start(stop.at)].start
    line = stop.text[low : match.start()]
    said = re.search(r"([A-Z][\w'&-]*(?: (?:of )?[A-Z0-9][\w'&-]*)*)\s+(?:is|are)\s[^()]*$", line)
    if said is None or (
        match["joint"] == "and" and match["rest"].split()[0] in ("at", "more", "less", "exactly")
    ):
        return None
    right = f"{match['joint']} {said[1]} is {match['rest']}"
    return (
        f"`{match['joint']}` joins whole conditions, each with what it speaks of.",
        "what is?",
        f"Write `{right}`.",
    )


def _months(match: re.Match[str], _: Stop) -> tuple[str, str, str] | None:
    whole, _dot, rest = match["number"].partition(".")
    of = {"year": 12, "years": 12, "week": 7, "weeks": 7}.get(match["unit"])
    smaller = "months" if match["unit"].startswith("year") else "days"
    why = f"`{match[0]}`: a length of time is a whole number of its unit."
    if of is None or (int(whole + rest) * of) % 10 ** len(rest):
        return (why, "not a whole number", "Write a whole number of days, weeks, months or years.")
    return (why, "not a whole number", f"Write `{int(whole + rest) * of // 10 ** len(rest)} {smaller}`.")


def _quoted(match: re.Match[str], stop: Stop) -> tuple[str, str, str] | None:
    """Words without quotes where nothing but quoted words may stand."""
    if stop.takes - {"TEXT"} or '"' in match[0]:
        return None
    return (
        "These words stand in quotation marks, as all that is not of the language does.",
        "in quotes",
        f'Write `"{match[0]}"`.',
    )


def _scope_in_brackets(match: re.Match[str], stop: Stop) -> tuple[str, str, str] | None:
    if not any(rung.symbol == "LPAR" for rung in stop.rungs):
        return None
    return (
        "Over which days quantities count is said once, at the end of the line, for all of its conditions.",
        "at the end of the line",
        f"Take it out, and add `{match[0]}` at the end of the line.",
    )


def _currency_in_words(match: re.Match[str], _: Stop) -> tuple[str, str, str] | None:
    word = match[0].split()[0].casefold()
    code = CALLED.get(word, word.upper())
    if code not in CURRENCIES or match[0] == code:
        return None
    several = f"; or the letters of other {word}, if those are meant" if word.startswith("dollar") else ""
    return ("A currency is named by its three letters.", f"`{code}`", f"Write `{code}`{several}.")


def _less(match: re.Match[str], _: Stop) -> tuple[str, str, str] | None:
    """`£500 less 10%`: of it nine tenths are paid."""
    off, of = Fraction(match["off"]), match["of"]
    if not 0 < off < 100:
        return None
    rest = f"{float(100 - off):g}%"
    return (
        f"`{match[0]}`: a percentage is taken from an amount by saying what is left of it, {rest}.",
        "what is left of it",
        f"Write `{rest} of {of}`; or `{of} times {rest}`, which is the same.",
    )


def _paying_then(match: re.Match[str], stop: Stop) -> tuple[str, str, str]:
    """`payer City in 2026/27`: who pays at which time."""
    if stop.rule == "payee":
        return (
            "A payment has one payee for as long as it is made.",
            "only then?",
            "Take it out. A payment that is made for some days alone has the lines `starts` and `ends`.",
        )
    others = [
        name for name, role in at_hand(stop.text).parties if name != match["name"] and "commissioner" in role
    ]
    last = match["last"] or f"31 March {int(match['year'] or 0) + 1}"
    written = f"{match['name']} to {last}, then {next(iter(others), 'CBO')}, by date of result"
    way_out = (
        f"Write both on one line: `{written}`; or, where nothing is paid at other times, give the payment the lines `starts` and "
        "`ends`."
    )
    return (
        "Payers who follow one another are told apart by the last day of each.",
        "and who pays at other times?",
        way_out,
    )


def _currency(match: re.Match[str], _: Stop) -> tuple[str, str, str]:
    right = BY_SIGN[match[0]].code
    return (
        f"A currency is named by its three letters; `{match[0]}` stands before amounts.",
        f"`{right}`",
        f"Write `{right}`.",
    )


def _unit_paid(match: re.Match[str], stop: Stop) -> tuple[str, str, str] | None:
    """`£700 per person`, in a line or under a heading."""
    if stop.rule not in ("pays", "pays_to_date") and not stop.heading.startswith("pays"):
        return None
    return _out("`pays` takes the amount only; what it is paid for stands in the line `for each`.")(
        match, stop
    )


def _every_parts(match: re.Match[str], stop: Stop) -> tuple[str, str, str] | None:
    first = stop.items[stop.line_start(max(stop.at - 1, 0))].start
    unit = re.search(r"every\s+(year|quarter|month|period)", stop.text[first : match.start()])
    if unit is None:
        return None
    right = f"part {unit[1]}s {match['how']}"
    return (f"`{match['how']}` is said of parts of a {unit[1]}.", f"`{right}`", f"Write `{right}`.")


_BELOW = "An amount is never below nought: `{said}` would turn payer and payee round."
_RANGED = ("at_most", "only_if", "not_if", "paid_if", "requires")
_NAME = r"[A-Z][\w'&-]*(?: [A-Z0-9][\w'&-]*)*"
_PARTS_OF_TIME = "year|quarter|month|period"
_DATES = rf"\d{{1,2}} (?:{'|'.join(MONTHS)}) \d{{4}} to (?P<last>\d{{1,2}} (?:{'|'.join(MONTHS)}) \d{{4}})"
_SCOPES = r"over the contract|in each (?:year|quarter|month|period|claim)|in \d{4}/\d{2}(?: quarter \d)?"

PHRASES = (
    # ranges and comparisons
    Phrase(
        rf"(?P<n>{_NUMBER}{_UNIT}) (?:or|and) (?:more|over|above|higher|greater)\b|(?P<m>{_NUMBER}{_UNIT}) and (?:over|above)",
        _says("`{said}` is written `at least {n}{m}` here.", "at least {n}{m}"),
    ),
    Phrase(
        rf"(?P<n>{_NUMBER}{_UNIT}) (?:or|and) (?:less|fewer|under|below|lower)\b",
        _says("`{said}` is written `at most {n}` here.", "at most {n}"),
    ),
    Phrase(rf"(?P<low>{PREFIX}?[\d,.]*\d%?) ?(?:to|-|–|—) ?(?P<high>{PREFIX}[\d,.]*\d|[\d,.]*\d%|\d+\.\d+)(?![\w%])", _ends, headings=("must be", "holds")),
    Phrase(rf"(?P<low>{PREFIX}[\d,.]*\d|[\d,.]*\d%|\d+\.\d+) ?(?:to|-|–|—) ?(?P<high>{PREFIX}?[\d,.]*\d%?)(?![\w%])", _ends, rules=("", *_RANGED)),
    Phrase(
        r"(?P<joint>and|or)\s+(?P<rest>(?:on or )?(?:before|after)|in the service period|one of|at least|at most|more than|less than|exactly|not)\b",
        _subject, rules=("only_if", "not_if", "paid_if", "requires"), code="SIB0221",
    ),
    Phrase(r"(?:in|during|within) (?P<label>(?P<year>\d{4})/\d{2}(?: quarter (?P<quarter>[1-4]))?)", _year, rules=("only_if", "not_if", "paid_if")),
    Phrase(rf"(?:{_SCOPES})", _scope_in_brackets, rules=("paid_if",)),
    # amounts
    Phrase(rf"(?<=[\s|])[-−–]\s?(?P<n>{_NUMBER}{_UNIT})", _minus),
    Phrase(rf"(?<=[\s|(])[-−–](?={_NUMBER})", _out(_BELOW, ", and put what the payee pays back in a payment of its own, the other way round")),
    Phrase(r"(?<=pays)\s+minus\b", _out(_BELOW, ", and let payer and payee change places in a payment of its own"), rules=("pays", "pays_to_date")),
    Phrase(rf"\b(?P<above>{'|'.join(_COUNTS)})[ -](?P<below>{'|'.join(_PARTS)})\b(?P<of> of)?", _part, code="SIB0206"),
    Phrase(
        rf"(?P<base>{_NUMBER}|{_NAME})\s*(?:to the power(?: of)?\s+(?P<times>\d+)|\*\*\s*\d+|(?P<word>squared|cubed))", _power,
    ),
    Phrase(r"(?<=\s)from(?= \d)", lambda _m, _: (
        "Payers who follow one another are told apart by each one's last day, not by a first day.", "not wanted here",
        "Take it out, and write both payers on one line: `SOF to 31 March 2018, then CBO, by date of result`.",
    ), rules=("payer",), passed=True),
    Phrase(rf"(?P<name>{_NAME}) (?P<share>\d+(?:\.\d+)?%|\d{{1,3}}/\d{{1,3}})(?=\s|,|$)", _says("A share stands before the Name of who pays it.", "{share} {name}"), rules=("payer",)),
    Phrase(rf"(?P<name>{_NAME}) (?:in|during|for) (?:(?P<year>\d{{4}})/\d{{2}}(?: quarter \d)?|{_DATES})(?: only)?", _paying_then, rules=("payer", "payee")),
    Phrase(rf"(?P<of>{_NUMBER}|{_NAME}) (?:less|minus)(?: a)? (?P<off>\d+(?:\.\d+)?) ?(?:%|per ?cent)(?: discount| reduction)?", _less, rules=("pays", "pays_to_date")),
    # lines
    Phrase(r"(?:at most|no more than|up to|limited to) (?P<n>\d[\d,]*)(?: people| members| persons)?", _says("`{said}` does not say who belongs once there are more.", "the first {n} to join"), rules=("size",)),
    Phrase(r"(?:at|on|when) joining", _says("`{said}` is written `as recorded at joining` here.", "as recorded at joining"), rules=("banded_by", "weighted_by")),
    Phrase(rf"(?:(?:in|at the end of) )?(?:each|every|per) (?P<unit>{_PARTS_OF_TIME}),? (?:to date|cumulative(?:ly)?)|cumulative(?:ly)?,? (?:in|by) (?:each|every) (?P<by>{_PARTS_OF_TIME})", _says("What is added up so far is said first, and then how often.", "to date in each {unit}{by}"), rules=("measured",)),
    Phrase(r"at the end(?: of the contract)?", _says("`{said}` is written `over the contract` here, from its first day to its last.", "over the contract"), rules=("measured",)),
    Phrase(r"(?:(?:a|the) )?(?:reduction percentage|per ?cent(?:age)? (?:fall|decrease|drop)|% reduction|reduction in per ?cent|(?:a|the) percentage reduction)", _says("`{said}` is written `percentage reduction` here.", "percentage reduction"), rules=("counts",)),
    Phrase(r"(?:(?:a|the) )?(?:rise percentage|per ?cent(?:age)? (?:increase|growth)|% rise)", _says("`{said}` is written `percentage rise` here.", "percentage rise"), rules=("counts",)),
    Phrase(r"the (?P<day>day after|last day held|day reached)", _says("`{said}` is written with `on` here.", "on the {day}"), rules=("dated",), code="SIB0213"),
    Phrase(r"(?<=dated)\s+on(?=\s+[A-Z])", _out("After `dated` the column follows at once."), rules=("dated",), passed=True),
    Phrase(r"(?<=for)\s+(?:at least|a minimum of|no less than|at a minimum)\b", _out("What is held longer counts as well, so `held for` takes the length of time alone."), rules=("held",)),
    Phrase(r"(?<=for)\s+(?:more than|over|longer than|in excess of)\b", lambda m, _: (
        f"`{m[0].strip()}` leaves out exactly that time, and `held for` begins with it: what is held longer counts as well.",
        "and exactly that time?",
        "Take it out, if exactly that time is enough; or name a longer time, such as a day more.",
    ), rules=("held",)),
    Phrase(rf"(?:after|since) the date of (?P<name>{_NAME})", _says("A time held runs from the date on which it begins.", "from the date of {name}"), rules=("held",), code="SIB0218"),
    Phrase(r"after(?= [A-Z])", _says("A time held runs from its first day: 6 weeks are complete 42 days after it.", "from"), rules=("held",), code="SIB0201"),
    Phrase(r"once (?:a|per|each|every|in a) (?P<unit>year|quarter|month)", _says("`{said}` is written `once in each {unit}` here.", "once in each {unit}"), rules=("per_person",)),
    Phrase(rf"(?<=to)\s+(?P<name>{_NAME})(?=\s*(?:,|$))", lambda m, _: (
        f"The line does not say whether the last day is {m['name']} itself or the day before.", "included, or not?",
        f"Write `the day before {m['name']}`; or `{m['name']} inclusive`, if it holds the last day.",
    ), rules=("spell",), code="SIB0213", passed=True),
    Phrase(rf"(?:\bin )?\b(?P<month>{'|'.join(MONTHS)})$", _says("Years begin on a day: `{said}` names a month.", "1 {month}"), rules=("years",), code="SIB0205"),
    Phrase(r"(?P<number>\d+\.\d+) (?P<unit>days?|weeks?|months?|years?)", _months, code="SIB0206"),
    Phrase(rf"{SIGN}(?!\d)", _currency, rules=("currency",), code="SIB0214"),
    Phrase(r"[A-Za-z]+(?: sterling)?(?=\s*$)", _currency_in_words, rules=("currency",), code="SIB0214"),
    Phrase(r"(?<=\s)[^\s|\"“][^|\n]*?(?=\s*$)", _quoted, rules=("reference", "says", "note", "source", "reason"), code="SIB0218"),
    Phrase(rf"(?:per|for each|for every|each|a) (?:person|participant|client|user|individual|child|beneficiary|service user|outcome|result|unit|head|(?i:{_MEASURES}))\b", _unit_paid),
    Phrase(r"(?:the )?(?:remainder|balance|remaining part|remaining|others)\b", _says("What is left is called `the rest`.", "the rest"), rules=("payer",), code="SIB0201"),
    Phrase(r"(?:in advance|up front|upfront|at the beginning|at the outset)", _says("`{said}` is written `at the start` here.", "at the start"), rules=("every",)),
    Phrase(r"(?:in arrears?|at the close|afterwards)", _says("`{said}` is written `at the end` here.", "at the end"), rules=("every",)),
    Phrase(r"(?<=,)\s+(?P<how>in full|by days)$", _every_parts, rules=("every",), code="SIB0213"),
    Phrase(r"(?<![\d/.,£$€%])(?P<n>\d+(?:\.\d+)?) of(?= [A-Z£$€])", lambda m, _: (
        f"`{m['n']} of` what follows: a share carries its sign.", "without a sign", _share(m["n"]),
    ), code="SIB0206"),
    Phrase(r"(?<=payments) (?:by|of|made by|paid by)(?= [A-Z])", lambda m, _: (
        f"Whose payments is said by `from`; `{m[0].strip()}` goes with `results`.", "`from`", "Write `from`.",
    ), passed=True),
    # lists
    Phrase(
        r"(?P<last>(?:[A-Z]\w*(?: [A-Z0-9]\w*)*|\"[^\"]*\")) (?:and|or) (?P<more>(?:[A-Z]\w*(?: [A-Z0-9]\w*)*|\"[^\"]*\"))(?=\s*$)",
        lambda m, stop: (
            f"`{m[0]}`: the parts of a list are parted by commas; `and` joins conditions.", "a list takes commas",
            f"Write `{m['last']}, {m['more']}`.",
        ) if "one of" in stop.text[stop.items[stop.line_start(stop.at - 1)].start : m.start()] else None,
        rules=("only_if", "not_if"), code="SIB0221",
    ),
    # cells
    Phrase(r"(?:yes|no) ?(?:,|or|/) ?(?:yes|no)", lambda m, stop: (
        f"`{m[0]}`: where both answers will do, every row will.", "`any`", "Write `any`.",
    ) if stop.place == "row" and stop.heading != "holds" else None),
    *(
        Phrase(rf"(?i:{words})", _says(f"`{{said}}` is no kind of value; here it is called `{kind}`.", kind), headings=("holds",), code="SIB0201")
        for kind, words in _HELD.items()
    ),
    Phrase(r"(?:not|other than|anything but|all but|except)(?: [A-Z]\w*)+(?:, [A-Z]\w*)*", _says("`{said}` is not how a band is told: all that no other band holds is `the rest`.", "the rest"), headings=("holds",)),
    Phrase(r"(?<=\s)(?:per|by|for|each)(?= [A-Z])", _says("A value for each of something is written `for each`.", "for each"), headings=("holds",)),
    Phrase(rf"(?:{_OPEN})", _says("`{said}` leaves the value open; one that must be given for each run is `required`.", "required"), headings=("default",)),
)  # fmt: skip
