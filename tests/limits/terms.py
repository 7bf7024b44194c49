"""Small contracts as plain data, and how they are written as contract text.

The data are what the slow interpreter reads, and the text is what the program reads: neither is made from the other's meaning.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Literal

Unit = Literal["month", "quarter", "year", "period"]

#: Who there is, with their roles. Every contract has all of them.
PARTIES = {
    "Council": "commissioner",
    "Fund": "co-commissioner",
    "Trust": "co-commissioner",
    "Provider": "provider",
}
#: What is counted, with its kind and the column that dates it. `Saved` is a sum of numbers, which may be below nought.
METRICS = {"Start": "output", "Finish": "outcome", "Saved": "outcome"}


@dataclass(frozen=True)
class Over:
    """Over which time something runs: the contract or the programme, each of a unit, or named days (both in)."""

    unit: Unit | None = None
    days: tuple[date, date] | None = None
    whole: str = "contract"

    def words(self) -> str:
        if self.days:
            return f"in {day(self.days[0])} to {day(self.days[1])}"
        return f"in each {self.unit}" if self.unit else f"over the {self.whole}"


@dataclass(frozen=True)
class Selection:
    """Which payments: each part narrows it, an empty one does not."""

    payers: tuple[str, ...] = ()
    payees: tuple[str, ...] = ()
    under: tuple[str, ...] = ()
    earned_by: tuple[str, ...] = ()
    only: Literal["", "blocks", "results", "outcomes"] = ""
    earned_to: date | None = None
    earned_from: date | None = None

    def words(self) -> str:
        parts = ["block payments" if self.only == "blocks" else "payments"]
        parts += ["from " + ", ".join(self.payers)] if self.payers else []
        parts += ["to " + ", ".join(self.payees)] if self.payees else []
        parts += ["under " + ", ".join(self.under)] if self.under else []
        parts += ["earned by " + ", ".join(self.earned_by)] if self.earned_by else []
        parts += {"results": ["by results"], "outcomes": ["on outcomes"]}.get(self.only, [])
        parts += [f"earned on or before {day(self.earned_to)}"] if self.earned_to else []
        parts += [f"earned on or after {day(self.earned_from)}"] if self.earned_from else []
        return " ".join(parts)


@dataclass(frozen=True)
class Most:
    """How much: pounds, or a share of some payments before or after the limit."""

    pounds: Fraction = Fraction(0)
    share: Fraction | None = None
    of: Selection = Selection()
    after: bool = False

    def words(self, over: Over) -> str:
        if self.share is None:
            return f"{pounds(self.pounds)} {over.words()}"
        side = "after" if self.after else "before"
        return f"{percent(self.share)} of {self.of.words()} {over.words()}, {side} this limit"


#: What becomes of what is cut: "lost", "carried", or the name of the party that pays it.
Excess = str


@dataclass(frozen=True)
class Limit:
    """A payment's own limit."""

    most: Most
    over: Over
    excess: Excess = "lost"


@dataclass(frozen=True)
class Row:
    """A row of a cap."""

    covers: Selection
    most: Most
    over: Over
    across: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cap:
    """A cap of one or several rows, of a contract or of a programme."""

    name: str
    rows: tuple[Row, ...]
    excess: Excess = "lost"
    by_clause: bool = False
    after: tuple[str, ...] = ()
    leaves_out: tuple[Selection, ...] = ()


@dataclass(frozen=True)
class Payers:
    """Who pays: one after the other (party, last day), the last without a day; or shares of each line."""

    turns: tuple[tuple[str, date | None], ...] = ()
    by: Literal["result", "statement"] = "result"
    shares: tuple[tuple[str, Fraction | None], ...] = ()

    def words(self) -> str:
        if self.shares:
            return ", ".join(
                f"the rest {party}" if share is None else f"{percent(share)} {party}"
                for party, share in self.shares
            )
        *first, (last, _) = self.turns
        if not first:
            return last
        turns = ", ".join(f"{party} to {day(to)}" for party, to in first if to)
        return f"{turns}, then {last}, by date of {self.by}"


def paid_by(party: str) -> Payers:
    return Payers(((party, None),))


@dataclass(frozen=True)
class Fee:
    """So much for each result; in tiers, or at a rate that the number of units reaches, over a time."""

    name: str
    payers: Payers
    metric: str
    rates: tuple[tuple[int | None, Fraction], ...]
    tiers: Over | None = None
    all_units: bool = False
    limit: Limit | None = None
    starts: date | None = None
    ends: date | None = None
    taken_back: str = ""


@dataclass(frozen=True)
class Regular:
    """A sum for each month, quarter or year, on its first or its last day."""

    name: str
    payers: Payers
    amount: Fraction
    unit: Unit
    at_end: bool
    by_days: bool
    limit: Limit | None = None
    starts: date | None = None
    ends: date | None = None


Payment = Fee | Regular


@dataclass(frozen=True)
class Block:
    """A block advance, set off in money against fees of one payer and payee."""

    name: str
    payer: str
    paid_on: date
    amount: Fraction
    against: tuple[str, ...]
    over: Over
    by_quarters: bool = False
    unused: Literal["kept", "carried forward", "recoverable"] = "kept"


Clause = Payment | Cap | Block


@dataclass(frozen=True)
class Variation:
    """What changes from a day on. `remove` names clauses."""

    name: str
    agreed: date
    effective: date
    repriced: bool
    add: tuple[Clause, ...] = ()
    replace: tuple[Clause, ...] = ()
    remove: tuple[Clause, ...] = ()


@dataclass(frozen=True)
class Contract:
    """A contract; `results` are what is counted: day, metric, number."""

    name: str
    first: date
    last: date
    years: tuple[int, int]
    statements: str
    payments: tuple[Payment, ...]
    blocks: tuple[Block, ...] = ()
    caps: tuple[Cap, ...] = ()
    variations: tuple[Variation, ...] = ()
    due: str = ""
    results: tuple[tuple[date, str, int], ...] = ()
    part_of: str = ""


@dataclass(frozen=True)
class Programme:
    """Contracts under shared caps."""

    name: str
    members: tuple[Contract, ...]
    caps: tuple[Cap, ...]
    years: tuple[int, int] = field(default=(4, 1))
    order: tuple[int, ...] = ()


# ------------------------------------------------------------------------------------------------ as text


def day(value: date) -> str:
    return f"{value.day} {value:%B} {value.year}"


def pounds(value: Fraction) -> str:
    whole, part = divmod(value, 1)
    for places in range(7):
        scaled = part * 10**places
        if scaled.denominator == 1 and (places >= 2 or places == 0):
            return f"£{int(whole):,}" + (f".{int(scaled):0{places}d}" if places else "")
    raise ValueError(value)


def percent(value: Fraction) -> str:
    hundredths = value * 100
    if hundredths.denominator == 1:
        return f"{int(hundredths)}%"
    for places in range(1, 6):
        scaled = hundredths * 10**places
        if scaled.denominator == 1:
            return f"{int(scaled) / 10**places}%"
    return f"{value.numerator}/{value.denominator}"


PEOPLE = """
records Referrals
  one row per  Referral
  | column      | holds  | blank    |
  | Person ID   | person | rejected |
  | Referred On | date   | rejected |
  | Finished On | date   | allowed  |
end records

records Savings
  one row per  Saving
  | column   | holds  | blank    |
  | Saved On | date   | rejected |
  | Saving   | number | rejected |
end records

cohort Participants [1]
  rows        Referrals
  joins on    Referred On
  if several  earliest Referred On
end cohort
"""

METRIC = {
    "Start": """
metric Start [2]
  kind    output
  counts  people
  among   Participants
  dated   Referred On
end metric
""",
    "Finish": """
metric Finish [2]
  kind    outcome
  counts  people
  among   Participants
  dated   Finished On
end metric
""",
    "Saved": """
metric Saved [2]
  kind   outcome
  sums   Saving of Savings
  dated  Saved On
end metric
""",
}


def contract_text(contract: Contract) -> str:
    """The contract without its variations."""
    lines = [
        f"contract {contract.name}",
        f"  service period  {day(contract.first)} to {day(contract.last)}",
        "  currency        GBP",
        f"  years           begin {contract.years[1]} {date(2000, contract.years[0], 1):%B}",
        f"  statements      {contract.statements}",
        *([f"  due             {contract.due}"] if contract.due else []),
        "  rounding        each line, half up, to the penny",
        *([f"  part of         {contract.part_of}"] if contract.part_of else []),
        "end contract",
        "",
        *parties(),
        PEOPLE,
    ]
    used = {fee.metric for fee in clauses(contract) if isinstance(fee, Fee)} | {"Start"}
    lines += [METRIC[metric] for metric in METRICS if metric in used]
    for place, clause in enumerate((*contract.payments, *contract.blocks, *contract.caps)):
        lines += [*clause_lines(clause, f"3.{place + 1}"), ""]
    return "\n".join(lines) + "\n"


def clauses(contract: Contract) -> Iterable[Clause]:
    """Every clause, those that variations bring included."""
    yield from (*contract.payments, *contract.blocks, *contract.caps)
    for variation in contract.variations:
        yield from (*variation.add, *variation.replace)


def parties() -> list[str]:
    rows = [f"  | {party} | {role} |" for party, role in PARTIES.items()]
    return ["parties", "  | party | role |", *rows, "end parties"]


def variation_text(contract: Contract, variation: Variation) -> str:
    """A variation, in a file of its own."""
    lines = [
        f"variation {variation.name} [Variation {variation.name[-1]}]",
        f"  varies          {contract.name}",
        f"  agreed          {day(variation.agreed)}",
        f"  effective       {day(variation.effective)}",
        "  stated periods  " + ("repriced in the next statement" if variation.repriced else "left as stated"),
        "",
    ]
    for verb, changed in (("add", variation.add), ("replace", variation.replace)):
        for place, clause in enumerate(changed):
            first, *rest = clause_lines(clause, f"7.{place + 1}")
            lines += [f"  {verb} {first}", *("  " + line for line in rest), ""]
    lines += [f"  remove {_kind(clause)} {clause.name}" for clause in variation.remove]
    return "\n".join([*lines, "end variation", ""])


def _kind(clause: Clause) -> str:
    return {Fee: "payment", Regular: "payment", Block: "block advance", Cap: "cap"}[type(clause)]


def clause_lines(clause: Clause, label: str) -> list[str]:
    kind = _kind(clause)
    body = {Fee: _fee, Regular: _regular, Block: _block, Cap: _cap}[type(clause)](clause)  # type: ignore[operator]
    return [f"{kind} {clause.name} [{label}]", *("  " + line for line in body), f"end {kind}"]


def _excess(excess: Excess) -> str:
    ways = {"lost": "lost", "carried": "carried forward"}
    return f"excess  {ways.get(excess) or 'paid by ' + excess}"


def _shared_lines(clause: Payment) -> list[str]:
    limit = clause.limit
    lines = [f"payer   {clause.payers.words()}", "payee   Provider"]
    lines += [f"starts  {day(clause.starts)}"] if clause.starts else []
    lines += [f"ends    {day(clause.ends)}"] if clause.ends else []
    if limit:
        lines += [f"at most {limit.most.words(limit.over)}", _excess(limit.excess)]
    return lines


def _fee(clause: Fee) -> list[str]:
    lines = [*_shared_lines(clause), f"for each  {clause.metric}"]
    lines += [f"taken back  {clause.taken_back}"] if clause.taken_back else []
    if clause.tiers is None:
        return [*lines, f"pays  {pounds(clause.rates[0][1])}"]
    word = "all-units rates" if clause.all_units else "tiers"
    lines += [f"{word}  {clause.tiers.words()}", "| units | pays |"]
    for place, (units, rate) in enumerate(clause.rates):
        name = "further" if units is None else f"{'next' if place else 'first'} {units}"
        lines.append(f"| {name} | {pounds(rate)} |")
    return lines


def _regular(clause: Regular) -> list[str]:
    end, parts = ("end" if clause.at_end else "start"), ("by days" if clause.by_days else "in full")
    every = f"every   {clause.unit} at the {end}, part {clause.unit}s {parts}"
    return [*_shared_lines(clause), f"pays    {pounds(clause.amount)}", every]


def _block(clause: Block) -> list[str]:
    lines = [
        f"payer        {clause.payer}",
        "payee        Provider",
        f"paid on      {day(clause.paid_on)}",
        f"pays         {pounds(clause.amount)}",
        f"set off      in money, {'in equal quarters' if clause.by_quarters else 'as fees fall due'}",
        f"unused part  {clause.unused}",
    ]
    against = f"{', '.join(clause.against)} {clause.over.words()}"
    return (
        [*lines, "| set against |", f"| {against} |"]
        if len(clause.against) > 1
        else [*lines, f"set against  {against}"]
    )


def _cap(clause: Cap) -> list[str]:
    lines = [_excess(clause.excess)]
    if clause.by_clause:
        lines.append("shared  by date, then by clause")
    elif any(row.across for row in clause.rows):
        lines.append("shared  by date, then pro rata")
    lines += [f"after cap  {', '.join(clause.after)}"] if clause.after else []
    lines += [f"leaves out  {out.words()}" for out in clause.leaves_out]
    across = any(row.across for row in clause.rows)
    if len(clause.rows) == 1 and not across:
        row = clause.rows[0]
        return [*lines, f"covers  {row.covers.words()}", f"at most  {row.most.words(row.over)}"]
    if across:
        lines.append("| across | covers | at most |")
        for row in clause.rows:
            names = ", ".join(row.across)
            lines.append(f"| {names} | {row.covers.words()} | {row.most.words(row.over)} |")
        return lines
    lines.append("| covers | at most |")
    lines += [f"| {row.covers.words()} | {row.most.words(row.over)} |" for row in clause.rows]
    return lines


def programme_files(programme: Programme) -> dict[str, str]:
    """The programme and its contracts, by the names of their files."""
    files: dict[str, str] = {}
    rows = []
    order = programme.order or tuple(range(len(programme.members)))
    for place in order:
        member = programme.members[place]
        names = [f"{member.name.lower()}.sib"]
        files[names[0]] = contract_text(member)
        for variation in member.variations:
            names.append(f"{member.name.lower()}_{variation.name.lower().replace(' ', '_')}.sib")
            files[names[-1]] = variation_text(member, variation)
        rows.append(f"  | {member.name} | " + ", ".join(f'"{name}"' for name in names) + " |")
    lines = [
        f"programme {programme.name}",
        "  currency  GBP",
        f"  years     begin {programme.years[1]} {date(2000, programme.years[0], 1):%B}",
        "  rounding  each line, half up, to the penny",
        "  | contract | file |",
        *rows,
        "end programme",
        "",
        *parties(),
        "",
    ]
    for place, cap in enumerate(programme.caps):
        lines += [*clause_lines(cap, f"9.{place + 1}"), ""]
    files["c.sib"] = "\n".join(lines)
    return files
