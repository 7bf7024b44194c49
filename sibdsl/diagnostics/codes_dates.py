"""Codes SIB0495, SIB0496 and SIB0560: statement periods on dates of their own, and dates that stand by name."""

from sibdsl.diagnostics.diagnostic import Code

CODES = (
    Code(
        "SIB0495",
        "statement-dates",
        "The days on which statement periods end do not fit",
        "Each day is the last of a statement period, and the next period begins on the day after. So they stand in the order "
        "in which they come, in the payment period, and the last of them is its last day: what is earned later would never "
        "be stated. Days that stand by name fit with the values that the names have in this run.",
        """
        contract Example
          service period  1 April 2016 to 31 March 2019
          payment period  1 April 2016 to 31 March 2020
          currency        GBP
          years           begin 1 April
          statements      on 30 June 2017, 31 December 2018
          rounding        each line, half up, to the penny
        end contract
        """,
        """
        contract Example
          service period  1 April 2016 to 31 March 2019
          payment period  1 April 2016 to 31 March 2020
          currency        GBP
          years           begin 1 April
          statements      on 30 June 2017, 31 December 2018, 31 March 2020
          rounding        each line, half up, to the penny
        end contract
        """,
    ),
    Code(
        "SIB0496",
        "example-dates",
        "With the dates of an example the contract cannot be read",
        "An example may give dates that the contract has by name. It is then run on the contract as it reads with them, and "
        "that contract has to hold together: a period may not end before it begins, and payments may not end before the "
        "service does.",
        """
        contract Example
          service period  1 April 2016 to Term Ends
          payment period  1 April 2016 to 31 March 2020
          currency        GBP
          years           begin 1 April
          statements      quarterly
          rounding        each line, half up, to the penny
        end contract

        assumption Term Ends
          takes   31 March 2019
          reason  "three years"
        end assumption

        example A Short Term
          with  Term Ends is 31 March 2016
          given
          | metric    | band     | in 2016/17 quarter 1 |
          | Job Entry | Under 16 | 1                    |
          expect
          | payment | pays |
          | Job Fee | £700 |
        end example
        """,
        """
        contract Example
          service period  1 April 2016 to Term Ends
          payment period  1 April 2016 to 31 March 2020
          currency        GBP
          years           begin 1 April
          statements      quarterly
          rounding        each line, half up, to the penny
        end contract

        assumption Term Ends
          takes   31 March 2019
          reason  "three years"
        end assumption

        example A Short Term
          with  Term Ends is 31 March 2017
          given
          | metric    | band     | in 2016/17 quarter 1 |
          | Job Entry | Under 16 | 1                    |
          expect
          | payment | pays |
          | Job Fee | £700 |
        end example
        """,
    ),
    Code(
        "SIB0560",
        "date-not-given",
        "A date of the contract has not been given",
        "The text has a date by the name of a particular that has no default. It is read without the date, so that words, "
        "names and amounts are checked; periods, limits in time and rules are not. Paying and pricing stop and name it.",
        """
        contract Example
          service period  1 April 2016 to Term Ends
          payment period  1 April 2016 to 31 March 2020
          currency        GBP
          years           begin 1 April
          statements      quarterly
          rounding        each line, half up, to the penny
        end contract

        particulars
          | particular | holds | default  |
          | Term Ends  | date  | required |
        end particulars
        """,
        """
        contract Example
          service period  1 April 2016 to Term Ends
          payment period  1 April 2016 to 31 March 2020
          currency        GBP
          years           begin 1 April
          statements      quarterly
          rounding        each line, half up, to the penny
        end contract

        particulars
          | particular | holds | default       |
          | Term Ends  | date  | 31 March 2019 |
        end particulars
        """,
    ),
)
