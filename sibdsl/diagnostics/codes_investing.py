"""Codes SIB058: investments."""

from sibdsl.diagnostics.diagnostic import Code

_PARTIES = """
        parties
          | party   | role                              |
          | Council | commissioner                      |
          | Charity | provider, special purpose vehicle |
          | Bank    | {role} |
        end parties
"""
_HEAD = _PARTIES.format(role="investor                         ")


def _loan(name: str = "Loan", *lines: str) -> str:
    own = {"investor": "Bank", "into": "Charity", "form": "loan", "pays": "£5,000"}
    own |= dict(line.split(" ", maxsplit=1) for line in lines)
    body = "".join(f"          {label:<8}  {value}\n" for label, value in own.items())
    return f"""
        investment {name}
{body}        end investment
"""


CODES = (
    Code(
        "SIB0580",
        "investment-investor",
        "An investment is made by a party that is no investor",
        "Roles tell readers, rules and pages who is who. A party that puts money in should be an investor, whatever else "
        "it is. Add the role, or name the party that is meant.",
        _PARTIES.format(role="manager                          ") + _loan(),
        _HEAD + _loan(),
    ),
    Code(
        "SIB0581",
        "investment-vehicle",
        "An investment goes into no vehicle",
        "Money is put into a special purpose vehicle, or into a provider that bears its own risk. The party named here is "
        "neither, or is the investor itself.",
        _HEAD + _loan("Loan", "into Council"),
        _HEAD + _loan(),
    ),
    Code(
        "SIB0582",
        "investment-nothing",
        "An investment of nothing",
        "Each drawdown is a sum above nought, in the contract's currency. Money that goes back is a repayment, not a "
        "drawdown below nought.",
        _HEAD + _loan("Loan", "pays £0"),
        _HEAD + _loan(),
    ),
    Code(
        "SIB0583",
        "investment-circle",
        "Investments come after each other",
        "Each of them is to be repaid only when the other has been, so none ever is. Take one of them out of the other's "
        "`ranks` or `repaid` line.",
        _HEAD + _loan("Senior", "ranks after Junior") + _loan("Junior", "ranks after Senior"),
        _HEAD + _loan("Senior", "ranks first") + _loan("Junior", "ranks after Senior"),
    ),
    Code(
        "SIB0584",
        "investment-order",
        "The order of investments contradicts itself",
        "Of what goes into one party, one investment at most ranks first; those that share a place rank `equally`. An "
        "investment ranks after another that goes into the same party.",
        _HEAD + _loan("Senior", "ranks first") + _loan("Junior", "ranks first"),
        _HEAD + _loan("Senior", "ranks equally") + _loan("Junior", "ranks equally"),
    ),
    Code(
        "SIB0585",
        "investment-form",
        "A line that this form of investment has not",
        "A loan bears interest and is repaid. Equity stays in and has what is left, and may come back on a day. A grant is "
        "never paid back. Take the line out, or name the form that is meant.",
        _HEAD + _loan("Stake", "form equity", "interest 8% a year, compound yearly"),
        _HEAD + _loan("Stake", "form loan", "interest 8% a year, compound yearly"),
    ),
)
