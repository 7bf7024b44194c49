"""How the small contracts of these tests begin: from April 2016 in pounds, who pays whom, and who starts a job."""

PARTIES = """
parties
  | party   | role            |
  | Council | commissioner    |
  | Fund    | co-commissioner |
  | Charity | provider        |
end parties
"""

JOB_START = """
metric Job Start
  kind        output
  counts      rows of Jobs
  among       Service Users
  dated       Started On
  per person  first only
end metric
"""


def contract_block(
    statements: str = "yearly",
    *,
    serves_until: str = "31 March 2018",
    pays_until: str = "",
    rounding: str = "each line, half up, to the penny",
) -> str:
    """The `contract` block; `pays_until` is the last day of a payment period of its own."""
    paid = f"  payment period  1 April 2016 to {pays_until}\n" if pays_until else ""
    return (
        "\ncontract Example\n"
        f"  service period  1 April 2016 to {serves_until}\n"
        f"{paid}"
        "  currency        GBP\n"
        "  years           begin 1 April\n"
        f"  statements      {statements}\n"
        f"  rounding        {rounding}\n"
        "end contract\n"
    )
