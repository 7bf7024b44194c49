"""Words that contracts are full of and that this language refuses, each with the words it has instead.

They are refused because they can be read two ways, or because something else says the same.
"""

from __future__ import annotations

from attrs import frozen

from sibdsl.syntax.stop import Stop
from sibdsl.syntax.vocabulary import label_of


@frozen
class RefusedWord:
    """What to say of a word. It applies where one of the fixed words `takes` might have stood, in a line `line`."""

    said: str
    why: str
    help: str
    takes: str = ""
    line: str = ""
    skip: bool = False
    """Whether reading goes on after the word as if it were not there."""

    def suits(self, after: str) -> bool:
        """Whether it is of the sort of what comes after: a limit of a number stands before no day, and `up to` a day before one."""
        if after == "DATE":
            return self.takes != "at"
        return self.takes != "before" or self.said not in ("up to", "to")


DAY = "`{said}` leaves open whether {day} itself is included."
TO = "Write `to`, which includes its day; if it is not to be included, name the day before."
LIMIT = "`{said}` leaves open whether {next} itself is included."
OWN_LINE = "`{said}` sets a condition, and each condition has a line of its own."
VAGUE = "`{said}` cannot be worked out: two people would reckon it differently."
DUTY = "`{said}` says nothing here: what a contract states is already binding."

WORDS = [
    # days
    *(
        word
        for said in ("until", "till", "up until", "up to and including", "through", "ending")
        for word in (
            RefusedWord(said, DAY, TO, takes="to"),
            RefusedWord(said, DAY, "Write `on or before`; or `before`, if that day is not included.", takes="before"),
            RefusedWord(said, DAY, "Write `to`, which includes its day; or `before`, which does not."),
        )
    ),
    *(
        RefusedWord(said, DAY, "Write `on or before`; or `before`, if that day is not included.", takes="before")
        for said in ("up to", "to")
    ),
    RefusedWord("by", DAY, TO, takes="to"),
    RefusedWord("by", DAY, "Write `on or before`; or `before`, if that day is not included.", takes="before"),
    RefusedWord("no later than", DAY, "Write `on or before`.", takes="before"),
    RefusedWord("not later than", DAY, "Write `on or before`.", takes="before"),
    RefusedWord("before or on", "The words stand in a fixed order.", "Write `on or before`.", takes="on"),
    RefusedWord("after or on", "The words stand in a fixed order.", "Write `on or after`.", takes="on"),
    *(
        RefusedWord(said, DAY, "Write `on or after`.", takes="after")
        for said in ("from", "since", "starting", "as from", "with effect from")
    ),
    RefusedWord(
        "from",
        "Payers who follow one another are told apart by each one's last day, not by a first day.",
        "Take it out, and write both payers on one line: `SOF to 31 March 2018, then CBO, by date of result`.",
        line="payer",
    ),
    *(
        RefusedWord(said, "The line already says that a day begins something; `{said}` is not wanted.", "Take it out.", skip=True)
        for said in ("from", "on", "as of", "as from", "with effect from")
    ),
    RefusedWord("to date", "`to date` belongs to the label: `pays to date`.", "Take it out.", line="pays"),
    RefusedWord("inclusive", "A day after `to` is always included.", "Take it out."),
    RefusedWord("thereafter", "`{said}` is written `then` here.", "Write `then`.", takes="then"),
    RefusedWord("afterwards", "`{said}` is written `then` here.", "Write `then`.", takes="then"),
    RefusedWord("after that", "`{said}` is written `then` here.", "Write `then`.", takes="then"),
    *(
        RefusedWord(said, "`{said}` is written `, then` here.", "Write `, then`.", takes=",")
        for said in ("thereafter", "afterwards", "after that", "and then", "then", "followed by", "subsequently")
    ),
    # limits
    *(
        RefusedWord(said, LIMIT, "Write `more than`; or `at least`, if exactly {next} counts.", takes="more")
        for said in ("over", "above", "exceeding", "exceeds", "beyond", "greater than", "higher than", "in excess of")
    ),
    *(
        RefusedWord(said, LIMIT, "Write `less than`; or `at most`, if exactly {next} counts.", takes="less")
        for said in ("under", "below", "fewer than", "lower than", "smaller than", "short of")
    ),
    *(
        RefusedWord(said, "A limit that includes its number is written `at most`.", "Write `at most`.", takes="at")
        for said in (
            "up to", "no more than", "not more than", "not exceeding", "maximum", "max", "a maximum of", "maximum of",
            "limited to", "capped at", "no greater than", "not over", "no higher than", "to",
        )
    ),
    *(
        RefusedWord(said, "A limit that includes its number is written `at least`.", "Write `at least`.", takes="at")
        for said in (
            "no less than", "not less than", "no fewer than", "minimum", "min", "a minimum of", "minimum of",
            "not under", "from",
        )
    ),
    RefusedWord("up to", DAY, TO, takes="to"),
    RefusedWord("up to", LIMIT, "Write `at most`, as a line or a condition of its own."),
    *(
        RefusedWord(said, "`{said}` is written `exactly` here.", "Write `exactly`.", takes="exactly")
        for said in ("equal to", "equals", "precisely", "exact", "just", "same as", "the same as")
    ),
    *(
        RefusedWord(said, "Conditions are read aloud: a value `is` something.", "Write `is`.", takes="is")
        for said in ("equals", "equal", "equal to", "be", "being", "has", "have", "was", "were", "must be", "shall be")
    ),
    RefusedWord("not", "Conditions are read aloud: a value `is not` something.", "Write `is not`.", takes="is"),
    RefusedWord("within", "A day that falls in a period `is in` it.", "Write `in`.", takes="in"),
    *(
        RefusedWord(said, "A value from a list is `one of` it.", "Write `one of`.", takes="one")
        for said in ("either", "any of", "in", "among")
    ),
    # exceptions, conditions, duties
    *(
        RefusedWord(said, OWN_LINE, "Move the condition under which nothing counts to a line of its own, which begins with `not if`.")
        for said in ("unless", "except", "except where", "except if", "other than", "excluding", "save", "save where")
    ),
    *(
        RefusedWord(said, OWN_LINE, "Move the condition to a line of its own, which begins with `only if`.", line="*")
        for said in ("if", "when", "where", "provided", "provided that", "subject to", "as long as", "only if")
    ),
    *(RefusedWord(said, DUTY, "Take it out.", skip=True) for said in ("shall", "must", "will", "should")),
    *(
        RefusedWord(
            said,
            "`{said}` leaves a choice open, and no payment can be worked out from a choice.",
            "Take it out, and say what happens; a choice that is still open belongs in an `assumption`.",
            skip=True,
        )
        for said in ("may", "can", "might", "could", "at its discretion")
    ),
    *(
        RefusedWord(said, VAGUE, "Take it out, and write the figure; one not known yet is a particular.")
        for said in (
            "about", "approximately", "circa", "around", "roughly", "reasonable", "substantially", "promptly", "some",
            "several", "most", "many", "few", "regular", "regularly", "etc",
        )
    ),
    RefusedWord("for each", "`for each` is written `per` here.", "Write `per`.", takes="per"),
    RefusedWord("each", "`each` is written `per` here.", "Write `per`.", takes="per"),
    # arithmetic
    RefusedWord("less", "`less` compares; to take away, the word is `minus`.", "Write `minus`.", takes="minus"),
    RefusedWord("and", "`and` joins conditions; to add, the word is `plus`.", "Write `plus`.", takes="plus", line="pays"),
    *(
        RefusedWord(said, "`{said}` is written `times` here.", "Write `times`.", takes="times")
        for said in ("multiplied by", "x", "by")
    ),
    *(
        RefusedWord(said, "`{said}` is written `divided by` here.", "Write `divided by`.", takes="divided")
        for said in ("over", "per")
    ),
    # durations
    *(
        RefusedWord(f"{said} {unit}", "Months, weeks and days are always those of the calendar.", f"Write `{unit}`.")
        for said in ("calendar", "full", "consecutive")
        for unit in ("days", "weeks", "months", "years")
    ),
    *(
        RefusedWord(
            f"{said} days",
            "Every day counts here; business days are counted in `due`, in times for evidence and for acceptance, and nowhere else.",
            "Take it out only where every day is meant. Otherwise the number of days that is meant must be agreed, every one counted.",
        )
        for said in ("working", "business")
    ),
    RefusedWord(
        "clear days",
        "Clear days leave out the first day and the last.",
        "Name the number of days that is meant, the last one counted: 14 clear days are over after `15 days`.",
    ),
    RefusedWord("fortnight", "`{said}` is counted in weeks.", "Write the number of `weeks`.", takes="weeks"),
    RefusedWord("fortnights", "`{said}` is counted in weeks.", "Write the number of `weeks`.", takes="weeks"),
    RefusedWord("quarters", "A quarter is counted in months.", "Write the number of `months`.", takes="months"),
    RefusedWord("quarter", "A quarter is counted in months.", "Write the number of `months`.", takes="months"),
    # values
    *(RefusedWord(said, "The answers are `yes` and `no`.", "Write `yes`.", takes="yes") for said in ("true", "y")),
    *(RefusedWord(said, "The answers are `yes` and `no`.", "Write `no`.", takes="no") for said in ("false", "n")),
    *(RefusedWord(said, "No money is `nothing`.", "Write `nothing`.", takes="nothing") for said in ("nil", "zero", "free")),
    *(
        RefusedWord(said, "Each cell says for itself what it holds.", "Write what the cell above says.", takes="none")
        for said in ("ditto", "same", "as above", "do")
    ),
    *(
        RefusedWord(said, "`{said}` leaves the cell open.", "Write `none`, if there is none; one not known yet is a particular.", takes="none")
        for said in ("tbc", "tbd", "unknown", "na", "n", "null", "empty")
    ),
    *(
        RefusedWord(said, "`per` is followed by `person`, or by the Name of what is counted.", "Write `person`.", takes="person")
        for said in ("user", "participant", "client", "individual", "child", "beneficiary", "service user", "head", "people")
    ),
    *(
        RefusedWord(said, "`{said}` says nothing here.", "Take it out.", skip=True)
        for said in ("both", "either", "the said", "said", "such", "hereby", "then")
    ),
]  # fmt: skip

_LEAVING_OUT = ("except", "excluding", "other than", "save")


def no_condition(stop: Stop, said: str) -> tuple[str, str] | None:
    """Why and the way out of a condition in a block that takes no line `only if` or `not if`; None in one that does."""
    if stop.block is None:
        return None
    labels = {label_of(label) for label in stop.block.kind.labels}
    kind = stop.block.kind.said
    if ("not", "if") in labels or ("only", "if") in labels:
        return None
    if ("paid", "only", "if") in labels:
        return (
            f"`{said}` sets a condition, and each condition has a line of its own.",
            (
                "Take it out. Which results count is said by their metric, in a line `only if` or `not if`; when the payment is made at "
                "all, by a line `paid only if`."
            ),
        )
    if ("leaves", "out") in labels and said in _LEAVING_OUT:
        return (
            f"What a {kind} does not count has a line of its own.",
            "Take it out, and name the payments that do not count in a line `leaves out`; what is no payment is never counted.",
        )
    return (
        f"`{said}` sets a condition, and a {kind} has none: it holds as it is written.",
        (
            "Take it out. What the parties may agree later is a variation, in a file of its own; words without effect stand in a line "
            "`note`."
        ),
    )
