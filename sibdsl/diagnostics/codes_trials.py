"""Codes SIB0439 to SIB0444: scenarios and the quantities of examples; codes SIB08: examples that were run."""

from sibdsl.diagnostics.diagnostic import Code

CODES = (
    Code(
        "SIB0439",
        "share-not-rounded",
        "A share of a scenario is not rounded",
        "60% of 273 people is 163.8. Whether 163 or 164 are tried, or a part of a person, changes what is paid. Say how it is "
        "rounded.",
        """
        particulars
          | particular  | holds | default  |
          | Median Plan | plan  | required |
        end particulars

        scenarios
          | scenario | quantities    |
          | Median   | Median Plan   |
          | Stress   | 60% of Median |
        end scenarios
        """,
        """
        particulars
          | particular  | holds | default  |
          | Median Plan | plan  | required |
        end particulars

        scenarios
          | scenario | quantities                 |
          | Median   | Median Plan                |
          | Stress   | 60% of Median rounded down |
        end scenarios
        """,
    ),
    Code(
        "SIB0440",
        "scenario-circle",
        "A scenario is a share of itself",
        "Each scenario in the circle is a share of the next, and none of them has quantities of its own. Give one of them a "
        "plan.",
        """
        scenarios
          | scenario | quantities               |
          | Low      | 60% of High rounded down |
          | High     | 120% of Low rounded down |
        end scenarios
        """,
        """
        particulars
          | particular | holds | default  |
          | High Plan  | plan  | required |
        end particulars

        scenarios
          | scenario | quantities               |
          | Low      | 60% of High rounded down |
          | High     | High Plan                |
        end scenarios
        """,
    ),
    Code(
        "SIB0441",
        "quantity-without-period",
        "A quantity has no period",
        "What is paid depends on when results fall: on who pays then, on that year's cap. Say in which period the quantities "
        "are counted.",
        """
        example First Quarter
          given
          | metric    | band     | quantity |
          | Job Entry | Under 16 | 6        |
          expect
          | payer   | pays   |
          | Council | £4,200 |
        end example
        """,
        """
        example First Quarter
          in  2016/17 quarter 1
          given
          | metric    | band     | quantity |
          | Job Entry | Under 16 | 6        |
          expect
          | payer   | pays   |
          | Council | £4,200 |
        end example
        """,
    ),
    Code(
        "SIB0442",
        "quantity-outside",
        "A quantity lies outside the payment period",
        "No payment is made for this period, so quantities in it are never paid. Check the year.",
        """
        scenario Wide
          | metric    | band     | in 2026/27 quarter 1 |
          | Job Entry | Under 16 | 6                    |
        end scenario
        """,
        """
        scenario Wide
          | metric    | band     | in 2016/17 quarter 1 |
          | Job Entry | Under 16 | 6                    |
        end scenario
        """,
    ),
    Code(
        "SIB0443",
        "quantity-twice",
        "A quantity is given twice",
        "Two rows give the same metric and band for the same period. Whether they add up or one replaces the other is not "
        "said: keep one of them.",
        """
        example First Quarter
          in  2016/17 quarter 1
          given
          | metric    | band     | quantity |
          | Job Entry | Under 16 | 6        |
          | Job Entry | Under 16 | 2        |
          expect
          | payer   | pays   |
          | Council | £4,200 |
        end example
        """,
        """
        example First Quarter
          in  2016/17 quarter 1
          given
          | metric    | band     | quantity |
          | Job Entry | Under 16 | 6        |
          | Job Entry | From 16  | 2        |
          expect
          | payer   | pays   |
          | Council | £6,900 |
        end example
        """,
    ),
    Code(
        "SIB0444",
        "not-a-quantity",
        "A quantity is a plain number",
        "People and events are counted: 40, without a currency sign or a unit.",
        """
        example First Quarter
          in  2016/17 quarter 1
          given
          | metric    | band     | quantity |
          | Job Entry | Under 16 | £6       |
          expect
          | payer   | pays   |
          | Council | £4,200 |
        end example
        """,
        """
        example First Quarter
          in  2016/17 quarter 1
          given
          | metric    | band     | quantity |
          | Job Entry | Under 16 | 6        |
          expect
          | payer   | pays   |
          | Council | £4,200 |
        end example
        """,
    ),
    Code(
        "SIB0801",
        "example-differs",
        "An example pays something else than it expects",
        "The contract was run on the quantities or records that the example gives, and a payment came out that is not the one "
        "expected. Either the example is wrong, or the clauses do not say what was meant: `sib explain` shows how the amount "
        "came about.",
    ),
    Code(
        "SIB0802",
        "example-extra-line",
        "An example pays more than it lists",
        "The example says `expect all`, so its table lists everything that is paid, and the contract pays something besides. "
        "Add a row for it, write `expect` alone, or change the clause that pays it.",
    ),
)
