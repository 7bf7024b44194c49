"""What has to wait: a small piece of contract for each thing that the language reference lists as read but not carried out yet."""

_METRIC = {
    "kind": "kind outcome",
    "counts": "counts rows of Jobs",
    "among": "among Participants",
    "held": "held for 6 weeks from Started On",
    "dated": "dated on the day after",
    "per person": "per person first only, over all bands",
    "if tied": "if tied lowest Job ID",
    "banded by": "banded by Hours, as recorded",
}


def _metric(**lines: str) -> str:
    """The metric Job Kept with other lines in place of its own; an underscore stands for a space."""
    whole = {**_METRIC, **{key.replace("_", " "): line for key, line in lines.items()}}
    return "metric Job Kept\n" + "".join(f"  {line}\n" for line in whole.values()) + "end metric\n"


def _contract(line: str = "", statements: str = "statements quarterly", rounding: str = "") -> str:
    return f"""\
contract Job Support
  service period 1 April 2026 to 31 March 2028
  currency GBP
  years begin 1 April
  {statements}
  {rounding or "rounding each line, half up, to the penny"}
  {line}
end contract
"""


def _payment(lines: str) -> str:
    return f"payment Start Fee\n  payee Provider\n  {lines}\nend payment\n"


def _cap(most: str = "£500 over the contract", excess: str = "lost", more: str = "") -> str:
    return (
        f"cap Limit\n  covers payments from Council\n  at most {most}\n  excess {excess}\n  {more}\nend cap\n"
    )


def _rule(tested: str) -> str:
    return f"rule Trial\n  requires payments are at most £5\n  tested {tested}\n  against every quantity\nend rule\n"


def _priced(amount: str) -> str:
    return _payment(f"payer Council\n  for each Job Start\n  pays {amount}")


_TABLE = "  | column | holds | blank |\n  | Person ID | person | rejected |\n"

#: What the reference calls it -> a piece that is refused for it, once put into the small contract.
WAITING = {
    "an average at the end of each month": "metric Hours Worked\n  kind outcome\n  averages Hours Per Week of Jobs\n"
    "  among Participants\n  measured in each year\n  dated at the end of each month\nend metric\n",
    "what is held, at the end of each month": "metric Kept\n  kind outcome\n  counts rows of Jobs\n  among Participants\n"
    "  held for 6 weeks from Started On\n  dated at the end of each month\nend metric\n",
    "the highest of a column worked out by a division": "records More\n  define Rate as Level divided by Hours\n"
    + _TABLE
    + "  | Level | count | allowed |\n  | Hours | hours | allowed |\n  | On | date | allowed |\nend records\n"
    "cohort Many\n  rows More\n  joins on On\n  if several highest Rate\nend cohort\n",
    "read at, in a payment": "table Rates\n  | Level | Rate |\n  | 1 | £5 |\nend table\n"
    "particulars\n  | particular | holds | default |\n  | Which | number | 1 |\nend particulars\n"
    + _priced("Rate read at Which"),
    "a weight that divides by a column": "metric Job Days\n  kind outcome\n  counts days of Jobs\n  among Participants\n"
    "  weighted by 1 divided by Hours Per Week\n  dated each day\nend metric\n",
    "days of a holding with gaps": "metric Job Days\n  kind outcome\n  counts days of Jobs\n  among Participants\n"
    "  held for 6 weeks from Started On, gaps of at most 2 days each, counting every day\n  dated each day\nend metric\n",
    "evidence of a holding with gaps": _metric(
        held="held for 6 weeks from Started On, gaps of at most 2 days each",
        evidenced_by="evidenced by Ended On, within 6 months",
    ),
    "an amount that is not the same for everybody": "table Aims\n  | Level | Aim |\n  | 1 | 100 |\nend table\n"
    "particulars\n  | particular | holds | default |\n  | Which | number | 1 |\nend particulars\n"
    "metric Long Hours\n  kind outcome\n  counts people\n  among Participants\n"
    "  reaches Aim read at Which in Hours Per Week of Jobs, by Started On\n  dated on the day reached\nend metric\n",
    "bands of what does not add up": "metric Mean\n  kind outcome\n  averages Hours Per Week of Jobs\n  among Participants\n"
    "  dated Started On\n  measured in each year\n  banded by Hours, as recorded\nend metric\n",
}
