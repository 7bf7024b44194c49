"""Codes SIB03, from 07 on: what modules bring into a contract."""

from sibdsl.diagnostics.diagnostic import Code

_PARTIES = """
        parties
          | party   | role                          |
          | Council | commissioner, co-commissioner |
          | Charity | provider                      |
        end parties

        contract Example
          service period  1 April 2016 to 31 March 2019
          payment period  1 April 2016 to 31 March 2020
          currency        GBP
          years           begin 1 April
          statements      quarterly
          rounding        each line, half up, to the penny
          uses            "funds/cbo" where Fund is Council, Earlier Fund is Council, Earlier Fund Ends is 31 March 2018
        end contract
"""

CODES = (
    Code(
        "SIB0307",
        "module-defines-it",
        "A module defines the same name",
        "What a module brings becomes a part of the contract, and a defined term stands for one thing throughout. The "
        "contract, or another module that it uses, defines the name too. A contract replaces nothing of a module: rename "
        "or take out the contract's own, or copy the module's text into the contract and change it there. The message "
        "shows both places.",
        _PARTIES
        + """
        rule Local Majority
          requires  payments from Council are at least £1
          tested    at final account
          against   every quantity
        end rule
        """,
        _PARTIES
        + """
        rule Council Pays
          requires  payments from Council are at least £1
          tested    at final account
          against   every quantity
        end rule
        """,
    ),
    Code(
        "SIB0308",
        "module-not-varied",
        "A variation changes what a module brings",
        "A module's text is shared by every contract that uses it, and none of them may replace a part of it or take one "
        "out: the rest was written to go with it. Copy the module's text into the contract in place of the `uses` line. "
        "It can then be varied like any other clause. A variation may add rules of its own beside a module's.",
        _PARTIES
        + """
        variation Softer
          varies          Example
          agreed          1 May 2017
          effective       1 April 2018
          stated periods  left as stated
          remove rule Local Majority
        end variation
        """,
        _PARTIES
        + """
        variation Stricter
          varies          Example
          agreed          1 May 2017
          effective       1 April 2018
          stated periods  left as stated
          add rule Council Pays
            requires  payments from Council are at least £1
            tested    at final account
            against   every quantity
          end rule
        end variation
        """,
    ),
    Code(
        "SIB0309",
        "module-block",
        "A module holds what no module brings",
        "A module brings definitions that several contracts share: records, tables, cohorts, bands, metrics, assumptions "
        "and rules. A rule pack brings rules. What is paid, tried and expected is each contract's own and stands in its "
        "own file, where its reader looks for it.",
    ),
)
