"""Codes SIB06: records, from the folder to what is counted."""

from sibdsl.diagnostics.diagnostic import Code

CODES = (
    Code(
        "SIB0601",
        "records-missing",
        "There are no records for a table",
        "Each table of the contract needs a file of its own in the folder: for Jobs, `jobs.csv` or `jobs.parquet`, or a folder "
        "`jobs` of such files. Nothing is counted while one is missing, because a missing file would look like no results. "
        "For a table without any rows, give a file that holds its headings alone.",
    ),
    Code(
        "SIB0602",
        "two-sources",
        "A table has more than one source",
        "Two files answer to one table, such as `jobs.csv` and `Jobs.parquet`. Reading both could count people twice, and "
        "choosing one would leave rows out. Leave one, or put parts of one table into a folder of its name.",
    ),
    Code(
        "SIB0603",
        "no-heading-row",
        "A file has no headings",
        "The first row of a file names its columns. This file is empty, or begins with data. Add the headings that the "
        "contract declares.",
    ),
    Code(
        "SIB0604",
        "column-missing-in-file",
        "A file lacks a column",
        "The contract declares a column that this file does not have, so what is paid could not be worked out. Headings "
        "match without regard to capitals, spaces, hyphens and underscores. Add the column, or write its heading under "
        "`headed` in the contract.",
    ),
    Code(
        "SIB0605",
        "heading-twice-in-file",
        "A file has one heading twice",
        "Two columns of a file answer to one column of the contract, and nothing says which holds the truth. Rename or take "
        "out one of them.",
    ),
    Code(
        "SIB0606",
        "extra-columns",
        "A file has columns that the contract does not declare",
        "These columns are not read. If they hold facts about people that no clause needs, it is better not to send them.",
    ),
    Code(
        "SIB0607",
        "unreadable-file",
        "A file of records cannot be read",
        "The file is damaged, is not what its name says, or may not be opened. No payment is worked out from part of the "
        "records. Save it again, and check who may read it.",
    ),
    Code(
        "SIB0608",
        "not-utf8",
        "A file of records is not text in UTF-8",
        "A CSV file is text, and this one holds characters in another encoding, so that names would be misread. In a "
        "spreadsheet, save it as CSV UTF-8.",
    ),
    Code(
        "SIB0609",
        "dates-not-iso",
        "Dates are written in another style",
        "3/4/2018 is 3 April or 4 March, and a guess would move people between periods. Dates are written as 2018-04-03; rows "
        "with others are invalid and are listed as such. In a spreadsheet, give the column that date format and save it again.",
    ),
    Code(
        "SIB0610",
        "records-folder-missing",
        "The folder of records cannot be read",
        "Records are read from a folder that holds one file for each table of the contract. There is no such folder, or it is "
        "a file, or it may not be opened.",
    ),
    Code(
        "SIB0611",
        "number-too-long",
        "A figure is too long to be worked out exactly",
        "A condition multiplies or adds figures of the records to a number of more than 38 digits. Figures are never rounded "
        "on the way, so nothing is worked out. Look for a wrong figure, or state the condition in larger units.",
    ),
    Code(
        "SIB0612",
        "metrics-wait",
        "Metrics wait for each other's results",
        "Each of these metrics is counted from the results of the other, so none can be counted first. `sib check` finds this "
        "in the contract, as SIB0525. Let one of them speak of a column of its own row instead.",
    ),
    Code(
        "SIB0613",
        "person-missing",
        "The records do not say whose they are",
        "Rows are counted for people, and no column of these records holds a person. Write `person` under `holds` for the "
        "column that identifies them.",
    ),
    Code(
        "SIB0614",
        "no-room",
        "There is not enough memory or space for the records",
        "The records are larger than the memory or the temporary folder can take. Free some space, name a larger temporary "
        "folder in TMPDIR, or use a larger machine.",
    ),
    Code(
        "SIB0615",
        "results-in-no-band",
        "Results fall in no band",
        "These results answer every condition of the metric, and their value lies in none of its bands, so nothing is paid "
        "for them. `sib check` finds the hole in the contract, as SIB0501. Close it there, or look for a wrong value.",
    ),
    Code(
        "SIB0616",
        "no-value-at-key",
        "Days have no weight",
        "Days of these people are multiplied by what a particular or a table holds for them, such as a share for their age, "
        "and it holds nothing there. Nothing is counted, because leaving them out would count their days as worth nought. "
        "Give the missing value, or look whether the records say the right thing of those people.",
    ),
    Code(
        "SIB0617",
        "invisible-characters",
        "Cells hold characters that cannot be seen",
        "A space that does not break, a character of no width, or an accent in a form of its own makes two texts different "
        "that look alike. Cells and headings are read in plain form: such characters are taken off, every such space is a "
        "plain one, and accents are in one form. Nothing need be done, but what writes the file puts them in.",
    ),
    Code(
        "SIB0618",
        "no-row-readable",
        "No row of a table can be read",
        "A table that a clause reads has rows, and each of them is invalid because a cell is blank, is written in a form "
        "that is not read, or stands in no column. Nothing would be counted and nothing paid, as if nothing had happened, "
        "so the run stops. Mend the column that is named, mostly in what writes the file. Where a column of dates holds "
        "months alone, nobody can read days from it: they have to be asked for, or agreed.",
    ),
    Code(
        "SIB0619",
        "identifier-repeats",
        "An identifier stands in several rows that differ",
        "Rows that are equal in every cell are one. These have one identifier and differ in another cell, so each is counted, "
        "and one invoice or one job in two exports may be paid twice. Amounts stay as they are. Look whether the rows "
        "are one and the same, and leave one.",
    ),
    Code(
        "SIB0620",
        "spells-begin-together",
        "Rows of one person begin on the same day",
        "Two rows that last begin on one day for one person. They may be two jobs, or one told twice with a cell corrected. "
        "Each is counted. Look which it is, and leave one row for each.",
    ),
    Code(
        "SIB0621",
        "open-row-followed",
        "A row is open, and a later one says that it is over",
        "A blank end says that a row lasts still. Another row of the same thing gives it an end, or begins later, as where a "
        "return of last year left a stay open and that of this year ends it. The open row is taken to last still, so its "
        "days run on. Amounts stay as they are. Fill in the end, or take out the row that another replaces.",
    ),
    Code(
        "SIB0622",
        "spreadsheet-identifiers",
        "A spreadsheet has changed identifiers",
        "A spreadsheet takes an identifier for a number or a date: 123457000001 becomes 1.23457E+11, so that several people "
        "become one, 689661 becomes 689661.0, 00123 loses its noughts, 2-3 becomes a date or a day number. Identifiers are "
        "compared as they stand, so these rows may be nobody's, or somebody else's. Write them again from the source.",
    ),
    Code(
        "SIB0623",
        "code-not-in-table",
        "A table lacks codes that the records hold",
        "What a printed table says of a code is read for a condition, and the table does not print the code, or a particular "
        "has no value for it. What is read there is blank, so the condition is neither met nor not met, and the rows are "
        "left out. Correct the code, or let the parties say what it means.",
    ),
    Code(
        "SIB0629",
        "floor-on-a-blank",
        "A floor or a limit is lost where a metric is blank",
        "Where there is nothing to measure a metric is blank, and so is all that is worked out from it. The higher or the "
        "lower of an amount that is blank and one that is known is blank too, and no `at least` brings a blank up: nothing "
        "is paid. That may be meant. Where the known amount is to be paid all the same, it is a payment of its own, and what "
        "exceeds it another.",
        wrong="""
        records Reviews
          one row per  Review
          | column      | holds      | blank    | must be                      |
          | Reviewed On | date       | rejected | any                          |
          | Found       | percentage | rejected | at least 0% but at most 100% |
        end records

        metric Rate Found [7]
          kind      outcome
          averages  Found of Reviews
          dated     Reviewed On
          measured  in each year
        end metric

        payment Coupon [7]
          payer  Council
          payee  Charity
          pays   the higher of (Rate Found and 5%) times £10,000
        end payment
        """,
        right="""
        records Reviews
          one row per  Review
          | column      | holds      | blank    | must be                      |
          | Reviewed On | date       | rejected | any                          |
          | Found       | percentage | rejected | at least 0% but at most 100% |
        end records

        metric Rate Found [7]
          kind      outcome
          averages  Found of Reviews
          dated     Reviewed On
          measured  in each year
        end metric

        payment Coupon [7]
          payer  Council
          payee  Charity
          pays   the higher of (Rate Found minus 5% and 0%) times £10,000
        end payment

        payment Least Coupon [7]
          payer  Council
          payee  Charity
          pays   £500
          every  year at the end, part years in full
        end payment
        """,
    ),
)
