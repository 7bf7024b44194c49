"""How the small contracts of these tests begin: two years from April 2016 in pounds, and who starts a job."""

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
    statements: str = "yearly", *, pays_until: str = "", rounding: str = "each line, half up, to the penny"
) -> str:
    """The `contract` block; `pays_until` is the last day of a payment period of its own."""
    paid = f"  payment period  1 April 2016 to {pays_until}\n" if pays_until else ""
    return (
        "\ncontract Example\n"
        "  service period  1 April 2016 to 31 March 2018\n"
        f"{paid}"
        "  currency        GBP\n"
        "  years           begin 1 April\n"
        f"  statements      {statements}\n"
        f"  rounding        {rounding}\n"
        "end contract\n"
    )
