"""Codes SIB03: defined terms and modules."""

from sibdsl.diagnostics.diagnostic import Code

CODES = (
    Code(
        "SIB0301",
        "name-unknown",
        "A name is not defined",
        "Words that begin with a capital are defined terms, and each must be declared somewhere in the file: a party, a "
        "metric, a column. This one is not, so nobody can say what it stands for. Most often it is a slip of spelling: the "
        "message offers the nearest term.",
        """
        payment Job Fee
          payer     Councl
          payee     Charity
          for each  Job Entry
          pays      £700
        end payment
        """,
        """
        payment Job Fee
          payer     Council
          payee     Charity
          for each  Job Entry
          pays      £700
        end payment
        """,
    ),
    Code(
        "SIB0302",
        "name-twice",
        "Two terms have one name",
        "A defined term stands for one thing throughout the contract. Two terms of one name, or two that differ only in "
        "capitals or spaces, could be taken for each other in a file or on a command line. Give one of them another name.",
        """
        parties
          | party    | role         |
          | Council  | commissioner |
          | Charity  | provider     |
          | Job Fee  | manager      |
        end parties
        """,
        """
        parties
          | party       | role         |
          | Council     | commissioner |
          | Charity     | provider     |
          | Fee Manager | manager      |
        end parties
        """,
    ),
    Code(
        "SIB0303",
        "module-unknown",
        "There is no such module",
        "`uses` takes up rules that several contracts share, such as a fund's conditions, from the standard library. The "
        "library has no module of this name. The message lists those it has.",
        """
        contract Example
          service period  1 April 2016 to 31 March 2019
          payment period  1 April 2016 to 31 March 2020
          currency        GBP
          years           begin 1 April
          statements      quarterly
          rounding        each line, half up, to the penny
          uses            "funds/cb0" where Fund is Council, Earlier Fund is Council, Earlier Fund Ends is 31 March 2018
        end contract
        """,
        """
        contract Example
          service period  1 April 2016 to 31 March 2019
          payment period  1 April 2016 to 31 March 2020
          currency        GBP
          years           begin 1 April
          statements      quarterly
          rounding        each line, half up, to the penny
        end contract
        """,
    ),
    Code(
        "SIB0304",
        "module-circle",
        "A module uses itself",
        "A module takes up another, which takes up the first again, so neither can be read before the other. Take out one "
        "of the `uses` lines.",
    ),
    Code(
        "SIB0305",
        "name-of-another-sort",
        "A name is defined as something else",
        "The name is a defined term, but not of the sort needed here: a payer must be a party, `for each` needs a metric. "
        "Name a term of the right sort; the message lists them.",
        """
        payment Job Fee
          payer     Council
          payee     Job Entry
          for each  Job Entry
          pays      £700
        end payment
        """,
        """
        payment Job Fee
          payer     Council
          payee     Charity
          for each  Job Entry
          pays      £700
        end payment
        """,
    ),
    Code(
        "SIB0306",
        "module-names",
        "A module's open names are not all given",
        "A module leaves names open, such as the fund whose conditions it holds, and the contract says in `uses ... where` "
        "what each stands for. One of them has been left out, or the line gives a name that the module does not have. "
        "Give each open name once.",
        """
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
          uses            "funds/cbo" where Fund is Council, Earlier Fund is Council
        end contract
        """,
        """
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
        """,
    ),
)
