"""Codes SIB0201 to SIB0221: words, marks, lines, tables and blocks that are not written as the language writes them."""

from sibdsl.diagnostics.diagnostic import Code

CODES = (
    Code(
        "SIB0201",
        "word-not-known",
        "A word is misspelt",
        "Inside a line, small letters are the language's own words, and only certain of them fit in each place. This word "
        "is none of them, but is nearly one.",
        """
        contract Tower Hamlets
          rounding  each line, half upp, to the penny
        end contract
        """,
        """
        contract Tower Hamlets
          rounding  each line, half up, to the penny
        end contract
        """,
    ),
    Code(
        "SIB0202",
        "line-not-known",
        "A line begins with a word that labels none",
        "Every line of a block begins with its label, such as `payer` or `for each`. Each kind of block has its own "
        "labels. This line begins with none of them: the label is misspelt, left out, or called something else here.",
        """
        payment Engagement Fee [5.1]
          payer     CCG
          payee     Working Well
          form each Engagement
          pays      £700
        end payment
        """,
        """
        payment Engagement Fee [5.1]
          payer     CCG
          payee     Working Well
          for each  Engagement
          pays      £700
        end payment
        """,
    ),
    Code(
        "SIB0203",
        "line-not-here",
        "A line or row stands where it does not belong",
        "The line is one that the language has, but in another kind of block; or it stands in no block at all, or the "
        "block has no table. How long a job must last, for instance, is said by the metric and not by the payment for it.",
        """
        payment Job Fee [6]
          payer     SOF
          payee     MHEP
          for each  Job Entry
          held      for 6 weeks from Started On
          pays      £700
        end payment
        """,
        """
        metric Job Entry [Schedule 2]
          kind    outcome
          counts  rows of Jobs
          held    for 6 weeks from Started On
        end metric

        payment Job Fee [6]
          payer     SOF
          payee     MHEP
          for each  Job Entry
          pays      £700
        end payment
        """,
    ),
    Code(
        "SIB0204",
        "word-refused",
        "A word that can be read two ways",
        "Some words that contracts are full of are left out of the language on purpose. `until 31 March` may or may not "
        "include that day, `over 16` may or may not include 16, and `shall` says nothing that the line does not. The "
        "message gives the words that can be read in one way only.",
        """
        payment Fund Tariff [6]
          payer     SOF until 31 March 2018, then CBO, by date of result
          payee     MHEP
          for each  Job Entry
          pays      £700
        end payment
        """,
        """
        payment Fund Tariff [6]
          payer     SOF to 31 March 2018, then CBO, by date of result
          payee     MHEP
          for each  Job Entry
          pays      £700
        end payment
        """,
    ),
    Code(
        "SIB0205",
        "date-form",
        "A date is written in another form",
        "A date is a number, the month in full, and the year: `31 March 2018`. Dates in figures are read differently in "
        "different countries, so they are refused everywhere but in records.",
        """
        contract Tower Hamlets
          service period  1 April 2016 to 31/03/2019
        end contract
        """,
        """
        contract Tower Hamlets
          service period  1 April 2016 to 31 March 2019
        end contract
        """,
    ),
    Code(
        "SIB0206",
        "amount-form",
        "An amount or number is written in another form",
        "An amount is its sign and its figures with nothing between them; thousands are grouped by commas, in threes, and "
        "pence follow a point: `£1,350` or `£12.34`. Percentages are written `25%`, and numbers in figures: `6 weeks`.",
        """
        payment Engagement Fee [5.1]
          payer     CCG
          payee     Working Well
          for each  Engagement
          pays      700 pounds
        end payment
        """,
        """
        payment Engagement Fee [5.1]
          payer     CCG
          payee     Working Well
          for each  Engagement
          pays      £700
        end payment
        """,
    ),
    Code(
        "SIB0207",
        "quote-not-closed",
        "A quote has no other half",
        "The parties' own words stand between two plain double quotes on one line. Long texts are written as several, one "
        "after the other.",
        """
        payment Engagement Fee [5.1]
          payer     CCG
          payee     Working Well
          for each  Engagement
          pays      £700
          source    "Review, Box 1
        end payment
        """,
        """
        payment Engagement Fee [5.1]
          payer     CCG
          payee     Working Well
          for each  Engagement
          pays      £700
          source    "Review, Box 1"
        end payment
        """,
    ),
    Code(
        "SIB0208",
        "row-not-closed",
        "A row has lost a bar",
        "A row of a table is one line. It begins and ends with a bar, `|`, and has one between every two cells. A row "
        "without one of them could put an amount under the wrong heading.",
        """
        payment Fund Tariff [6]
          payer  SOF
          payee  MHEP
          | for each  | pays   |
          | Job Entry | £700
          | Job Stays | £1,400 |
        end payment
        """,
        """
        payment Fund Tariff [6]
          payer  SOF
          payee  MHEP
          | for each  | pays   |
          | Job Entry | £700   |
          | Job Stays | £1,400 |
        end payment
        """,
    ),
    Code(
        "SIB0209",
        "empty-cell",
        "A cell of a table is empty",
        "An empty cell could mean 'the same as above', 'all of them' or 'nothing at all'. So every cell says what it "
        "means: `all`, `none`, `blank`, `any`, `nothing`, or a value.",
        """
        payment Fund Tariff [6]
          payer  SOF
          payee  MHEP
          | for each   | band    | pays   |
          | Engagement |         | £90    |
          | Job Entry  | From 16 | £1,350 |
        end payment
        """,
        """
        payment Fund Tariff [6]
          payer  SOF
          payee  MHEP
          | for each   | band    | pays   |
          | Engagement | all     | £90    |
          | Job Entry  | From 16 | £1,350 |
        end payment
        """,
    ),
    Code(
        "SIB0210",
        "block-not-closed",
        "A block has not ended",
        "Every block ends with `end` and its kind. Here something else begins, or the text stops, while a block is open.",
        """
        payment Engagement Fee [5.1]
          payer     CCG
          payee     Working Well
          for each  Engagement
          pays      £700

        rule Fair Shares
          requires  payments from CCG are at most £90,000
          tested    in each year
        end rule
        """,
        """
        payment Engagement Fee [5.1]
          payer     CCG
          payee     Working Well
          for each  Engagement
          pays      £700
        end payment

        rule Fair Shares
          requires  payments from CCG are at most £90,000
          tested    in each year
        end rule
        """,
    ),
    Code(
        "SIB0211",
        "wrong-end",
        "A block ends with another kind's words, or nothing is open",
        "The words after `end` are those that the block began with: `end payment`, `end block advance`. The message says "
        "which block is open, and on which line it began.",
        """
        payment Engagement Fee [5.1]
          payer     CCG
          payee     Working Well
          for each  Engagement
          pays      £700
        end metric
        """,
        """
        payment Engagement Fee [5.1]
          payer     CCG
          payee     Working Well
          for each  Engagement
          pays      £700
        end payment
        """,
    ),
    Code(
        "SIB0212",
        "heading-not-known",
        "A heading that tables do not have",
        "Headings in small letters are the language's own. A column that holds data is headed by its Name, in capitals, as "
        "the records declare it.",
        """
        payment Fund Tariff [6]
          payer  SOF
          payee  MHEP
          | for eech  | pays |
          | Job Entry | £700 |
        end payment
        """,
        """
        payment Fund Tariff [6]
          payer  SOF
          payee  MHEP
          | for each  | pays |
          | Job Entry | £700 |
        end payment
        """,
    ),
    Code(
        "SIB0213",
        "words-missing",
        "A line stops before it has said everything",
        "Something that decides an amount is left unsaid. A limit says over what time it holds, a holding says from which "
        "day it runs, payers who follow one another say which date decides between them.",
        """
        payment Engagement Fee [5.1]
          payer     CCG
          payee     Working Well
          for each  Engagement
          pays      £700
          at most   £90,000
        end payment
        """,
        """
        payment Engagement Fee [5.1]
          payer     CCG
          payee     Working Well
          for each  Engagement
          pays      £700
          at most   £90,000 in each year
        end payment
        """,
    ),
    Code(
        "SIB0214",
        "not-a-name",
        "A Name is missing, or not written as one",
        "Small letters belong to the language, capitals to the parties: every word of a Name begins with a capital, with "
        "one plain space between two words. Every block has a Name, so that other lines can speak of it.",
        """
        payment Job Fee [6]
          payer     SOF
          payee     MHEP
          for each  Job entry
          pays      £700
        end payment
        """,
        """
        payment Job Fee [6]
          payer     SOF
          payee     MHEP
          for each  Job Entry
          pays      £700
        end payment
        """,
    ),
    Code(
        "SIB0215",
        "mark-not-known",
        "A mark that the language has no use for",
        "Signs such as `>` are written in words, which can be read aloud and cannot be misread. Curly quotes, long dashes "
        "and spaces that cannot break come with text pasted from a word processor.",
        """
        bands Hours [Schedule 2]
          by  Hours Per Week
          | band     | holds              |
          | Under 16 | less than 16 hours |
          | From 16  | >= 16 hours        |
        end bands
        """,
        """
        bands Hours [Schedule 2]
          by  Hours Per Week
          | band     | holds              |
          | Under 16 | less than 16 hours |
          | From 16  | at least 16 hours  |
        end bands
        """,
    ),
    Code(
        "SIB0216",
        "not-contract-text",
        "Words that belong to no block",
        "A contract file is plain text made of blocks. What stands between two blocks is a remark, and remarks begin with "
        "two hyphens. The same code is given for a file that is something else, such as a Word document.",
        """
        The fees below are those of the first year.

        payment Engagement Fee [5.1]
          payer     CCG
          payee     Working Well
          for each  Engagement
          pays      £700
        end payment
        """,
        """
        -- The fees below are those of the first year.

        payment Engagement Fee [5.1]
          payer     CCG
          payee     Working Well
          for each  Engagement
          pays      £700
        end payment
        """,
    ),
    Code(
        "SIB0217",
        "kind-not-known",
        "A block of a kind that there is not",
        "A block begins with its kind, in small letters: `payment`, `metric`, `block advance`. This one begins with a word "
        "that is nearly a kind, is written with a capital, or is another kind than its lines and its end.",
        """
        tariff Engagement Fee [5.1]
          payer     CCG
          payee     Working Well
          for each  Engagement
          pays      £700
        end payment
        """,
        """
        payment Engagement Fee [5.1]
          payer     CCG
          payee     Working Well
          for each  Engagement
          pays      £700
        end payment
        """,
    ),
    Code(
        "SIB0218",
        "does-not-fit",
        "A word does not fit in its line",
        "The line was clear up to this word. The message says what may stand here instead, and shows a whole line of its "
        "kind.",
        """
        metric Job Entry [Schedule 2]
          kind    outcome
          counts  rows of 31
        end metric
        """,
        """
        metric Job Entry [Schedule 2]
          kind    outcome
          counts  rows of Jobs
        end metric
        """,
    ),
    Code(
        "SIB0219",
        "table-not-last",
        "A line or a second table below the table",
        "A block has one table at most, and its lines stand above it. What a line says then holds for every row.",
        """
        payment Fund Tariff [6]
          payer  SOF
          payee  MHEP
          | for each  | pays |
          | Job Entry | £700 |
          source "Review, Box 1"
        end payment
        """,
        """
        payment Fund Tariff [6]
          payer   SOF
          payee   MHEP
          source  "Review, Box 1"
          | for each  | pays |
          | Job Entry | £700 |
        end payment
        """,
    ),
    Code(
        "SIB0220",
        "bracket-not-closed",
        "A bracket has no other half, or is the wrong one",
        "The clause of a block stands in square brackets after its Name and before its words in quotes. Round brackets "
        "hold parts of a condition or of a sum together.",
        """
        payment Engagement Fee [5.1
          payer     CCG
          payee     Working Well
          for each  Engagement
          pays      £700
        end payment
        """,
        """
        payment Engagement Fee [5.1]
          payer     CCG
          payee     Working Well
          for each  Engagement
          pays      £700
        end payment
        """,
    ),
    Code(
        "SIB0221",
        "and-or",
        "A word joins what it cannot join",
        "`and` and `or` join conditions and nothing else, and never both without brackets. The parts of a list are parted "
        "by commas, the two ends of a range are joined by `but`, and payers who share a payment have shares.",
        """
        metric Job Entry [Schedule 2]
          kind     outcome
          counts   rows of Jobs
          only if  Kept is yes and Safe is yes or Agreed is yes
        end metric
        """,
        """
        metric Job Entry [Schedule 2]
          kind     outcome
          counts   rows of Jobs
          only if  Kept is yes and (Safe is yes or Agreed is yes)
        end metric
        """,
    ),
)
