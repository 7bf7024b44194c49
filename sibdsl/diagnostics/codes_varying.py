"""Codes SIB0478 and SIB0480 to SIB0487: tiers, regular sums, limits within payments, variations and programmes."""

from sibdsl.diagnostics.diagnostic import Code

CODES = (
    Code(
        "SIB0478",
        "only-in-a-variation",
        "The contract speaks of what only a variation brings",
        "A variation adds to the contract, which has to make sense without it: what was stated before the variation was "
        "agreed is worked out without it.",
        """
        payment Later Fee
          payer     Council
          payee     Charity
          for each  Later Result
          pays      £500
        end payment

        variation More Results
          varies          Example
          agreed          1 March 2018
          effective       1 April 2018
          stated periods  left as stated
          add metric Later Result
            kind    output
            counts  people
            among   Service Users
            dated   Referred On
          end metric
        end variation
        """,
        """
        variation More Results
          varies          Example
          agreed          1 March 2018
          effective       1 April 2018
          stated periods  left as stated
          add metric Later Result
            kind    output
            counts  people
            among   Service Users
            dated   Referred On
          end metric
          add payment Later Fee
            payer     Council
            payee     Charity
            for each  Later Result
            pays      £500
          end payment
        end variation
        """,
    ),
    Code(
        "SIB0480",
        "tiers-do-not-follow",
        "The tiers do not follow one another",
        "Tiers say what the first units pay, the next, and all further ones, in that order, so that every unit falls in one "
        "of them. Where nothing is paid for further units, a row says so.",
        """
        payment Job Fee
          payer     Council
          payee     Charity
          for each  Job Entry
          tiers     over the contract
          | units    | pays |
          | first 20 | £700 |
          | next 10  | £300 |
        end payment
        """,
        """
        payment Job Fee
          payer     Council
          payee     Charity
          for each  Job Entry
          tiers     over the contract
          | units    | pays |
          | first 20 | £700 |
          | next 10  | £300 |
          | further  | £0   |
        end payment
        """,
    ),
    Code(
        "SIB0481",
        "part-of-another-time",
        "A regular sum speaks of parts of another time",
        "A sum paid every year says what a part year pays, one paid every quarter what a part quarter pays.",
        """
        payment Running Costs
          payer  Council
          payee  Charity
          pays   £6,000
          every  year at the start, part quarters by days
        end payment
        """,
        """
        payment Running Costs
          payer  Council
          payee  Charity
          pays   £6,000
          every  year at the start, part years by days
        end payment
        """,
    ),
    Code(
        "SIB0482",
        "excess-of-nothing",
        "An excess, and nothing that limits",
        "A payment says what becomes of an excess only where a line limits what it comes to.",
        """
        payment Job Fee
          payer     Council
          payee     Charity
          for each  Job Entry
          pays      £700
          excess    lost
        end payment
        """,
        """
        payment Job Fee
          payer     Council
          payee     Charity
          for each  Job Entry
          pays      £700
          at most   £90,000 over the contract
          excess    lost
        end payment
        """,
    ),
    Code(
        "SIB0483",
        "never-left-out",
        "A payment that is never left out",
        "A payment is left out of a run in which nobody has given a particular. One that has a default is always given.",
        """
        particulars
          | particular | holds | default |
          | Fee        | money | £700    |
        end particulars

        payment Job Fee
          payer         Council
          payee         Charity
          for each      Job Entry
          pays          Fee
          paid only if  Fee is given
        end payment
        """,
        """
        particulars
          | particular | holds | default  |
          | Fee        | money | required |
        end particulars

        payment Job Fee
          payer         Council
          payee         Charity
          for each      Job Entry
          pays          Fee
          paid only if  Fee is given
        end payment
        """,
    ),
    Code(
        "SIB0484",
        "varies-another-contract",
        "A variation of another contract",
        "A variation names the contract that it varies, so that it is never given with another by mistake.",
        """
        variation Later End
          varies          Another Contract
          agreed          1 March 2018
          effective       1 April 2018
          stated periods  left as stated
          payment period now ends 30 June 2020
        end variation
        """,
        """
        variation Later End
          varies          Example
          agreed          1 March 2018
          effective       1 April 2018
          stated periods  left as stated
          payment period now ends 30 June 2020
        end variation
        """,
    ),
    Code(
        "SIB0485",
        "two-currencies",
        "Contracts of a programme in two currencies",
        "What contracts of a programme pay is added up, and shared caps limit it, so they are in one currency.",
    ),
    Code(
        "SIB0486",
        "programme-member",
        "A row of a programme does not name its contract",
        "Each row of a programme names one contract and the file that holds it, with the files of its variations after it. "
        "The name is checked against the file, so that no contract is paid under another's name, or twice.",
    ),
    Code(
        "SIB0487",
        "quantities-multiplied",
        "Quantities are multiplied by one another",
        "A sum to date adds quantities, each multiplied by what is given. A quantity multiplied or divided by another could "
        "not be checked or drawn as a formula, and no payment needs it.",
        """
        payment Job Fee
          payer         Council
          payee         Charity
          pays to date  £5 times Job Entry times Job Entry
          taken back    never
        end payment
        """,
        """
        payment Job Fee
          payer         Council
          payee         Charity
          pays to date  £5 times Job Entry
          taken back    never
        end payment
        """,
    ),
)
