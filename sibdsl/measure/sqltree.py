"""Small builders of SQL expression trees: names are made here, values go in as literals, text is never glued.

Nothing given to them is copied, so a part may stand in several places of a tree; the whole is copied once, when written.
Every text cell in a table is trimmed and never NULL (a blank is ''), so texts can be joined and compared as they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlglot import exp

from sibdsl import plainform

Tree = exp.Expr

HUGE = exp.DataType.build("INT128")
DATE = exp.DataType.build("DATE")
TEXT = exp.DataType.build("VARCHAR")
SMALL = exp.DataType.build("SMALLINT")
INT = exp.DataType.build("INT")
BIG = exp.DataType.build("BIGINT")
MARK = exp.DataType.build(exp.DataType.Type.UBIGINT)


def col(table: str, name: str) -> Tree:
    """A column of a table or of its alias."""
    return exp.column(name, table=table)


def text(value: str) -> Tree:
    """A text as a literal."""
    return exp.Literal.string(value)


def whole(value: int) -> Tree:
    """A whole number as a literal."""
    return exp.Literal.number(value)


def huge(value: int) -> Tree:
    """An integer of 128 bits, so that products with columns stay integers of 128 bits."""
    return cast(whole(value), HUGE)


def day(value: date) -> Tree:
    """A date as a value of the SQL type."""
    return cast(text(value.isoformat()), DATE)


def null() -> Tree:
    """No value."""
    return exp.Null()


def true() -> Tree:
    """The test that always holds."""
    return exp.true()


def false() -> Tree:
    """The test that never holds."""
    return exp.false()


def both(tests: Iterable[Tree]) -> Tree:
    """All of the tests; true when there are none."""
    return _chain(exp.And, list(tests)) or true()


def either(tests: Iterable[Tree]) -> Tree:
    """Any of the tests; false when there are none."""
    return _chain(exp.Or, list(tests)) or false()


def _chain(kind: type[exp.Binary], tests: list[Tree]) -> Tree | None:
    # The library's own builders copy what they are given, which takes most of the time for large trees.
    if len(tests) < 2:
        return tests[0] if tests else None
    found: Tree = exp.Paren(this=tests[0])
    for test in tests[1:]:
        found = kind(this=found, expression=exp.Paren(this=test))
    return found


def negate(test: Tree) -> Tree:
    """The test turned round; NULL stays NULL."""
    return exp.Not(this=exp.Paren(this=test))


def is_null(value: Tree) -> Tree:
    """Whether there is no value."""
    return exp.Is(this=value, expression=exp.Null())


def not_null(value: Tree) -> Tree:
    """Whether there is a value."""
    return negate(is_null(value))


def surely(test: Tree) -> Tree:
    """The test, false where it is neither true nor false for want of a value."""
    return exp.Coalesce(this=paren(test), expressions=[false()])


def untrue(test: Tree) -> Tree:
    """Whether the test does not hold, where a value may be wanting too: the condition of a row to be kept.

    Written so that an engine sees what must be there: `surely` turned round is undone.
    """
    if isinstance(test, exp.Is):
        return negate(test)
    turned = test.this if isinstance(test, exp.Not) else None
    inside = turned.this if isinstance(turned, exp.Paren) else None
    if isinstance(inside, exp.Coalesce) and inside.expressions == [false()]:
        met: Tree = inside.this
        return met
    return negate(surely(test))


def paren(value: Tree) -> Tree:
    """The value in brackets."""
    return exp.Paren(this=value)


def eq(left: Tree, right: Tree) -> Tree:
    """Whether two values are equal."""
    return exp.EQ(this=left, expression=right)


_OPERATORS: dict[str, type[exp.Binary]] = {
    "=": exp.EQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
}


def compare(left: Tree, op: str, right: Tree) -> Tree:
    """One of = < <= > >= between two values of one SQL type."""
    return _OPERATORS[op](this=left, expression=right)


def add(left: Tree, right: Tree) -> Tree:
    """The sum of two integers."""
    return exp.Add(this=paren(left), expression=paren(right))


def subtract(left: Tree, right: Tree) -> Tree:
    """The difference of two integers."""
    return exp.Sub(this=paren(left), expression=paren(right))


def multiply(left: Tree, right: Tree) -> Tree:
    """The product of two integers."""
    return exp.Mul(this=paren(left), expression=paren(right))


def divide(left: Tree, right: Tree) -> Tree:
    """One integer divided by another of which it is a multiple."""
    return paren(exp.IntDiv(this=paren(left), expression=paren(right)))


def common(left: Tree, right: Tree) -> Tree:
    """The greatest integer that divides both."""
    return exp.Anonymous(this="gcd", expressions=[left, right])


def ratio(top: Tree, over: Tree) -> Tree:
    """Two integers as one value: one over the other."""
    fields = (("n", top), ("d", over))
    held = [exp.PropertyEQ(this=exp.to_identifier(name), expression=value) for name, value in fields]
    return exp.Anonymous(this="struct_pack", expressions=held)


def top_of(value: Tree) -> Tree:
    """The upper of the two integers of a `ratio`."""
    return exp.Anonymous(this="struct_extract", expressions=[value, text("n")])


def over_of(value: Tree) -> Tree:
    """The lower of the two integers of a `ratio`."""
    return exp.Anonymous(this="struct_extract", expressions=[value, text("d")])


def remainder(left: Tree, right: Tree) -> Tree:
    """What is left of an integer divided by another; it has the sign of the first."""
    return exp.Mod(this=paren(left), expression=paren(right))


def contains(value: Tree, part: Tree) -> Tree:
    """Whether a text holds another."""
    return exp.Contains(this=value, expression=part)


def join_text(*parts: Tree | str) -> Tree:
    """The parts one after another."""
    trees = [text(part) if isinstance(part, str) else part for part in parts]
    found = trees[0]
    for part in trees[1:]:
        found = exp.DPipe(this=found, expression=part, safe=True)
    return found


def case(branches: Iterable[tuple[Tree, Tree]], otherwise: Tree | None = None) -> Tree:
    """The value of the first test that holds; `otherwise` (NULL if not given) when none does."""
    ifs = [exp.If(this=test, true=value) for test, value in branches]
    if not ifs:
        return otherwise or null()
    return exp.Case(ifs=ifs, default=otherwise)


def matches(value: Tree, pattern: str) -> Tree:
    """Whether the text matches a regular expression, anchored by the pattern itself."""
    return exp.RegexpLike(this=value, expression=text(pattern))


def no_formula(value: Tree) -> Tree:
    """The text, with an apostrophe before it where a spreadsheet would take it for a formula."""
    return case([(matches(value, "^[=+@\\t\\r-]"), join_text("'", value))], value)


def swapped(value: Tree, pattern: str, order: str) -> Tree:
    """The groups of a regular expression in another order."""
    return exp.RegexpReplace(this=value, expression=text(pattern), replacement=text(order))


def try_day(value: Tree, forms: Iterable[str]) -> Tree:
    """The day that a text names in one of the forms, as text; NULL when it names none."""
    listed = exp.Array(expressions=[text(form) for form in forms])
    return cast(cast(exp.Anonymous(this="try_strptime", expressions=[value, listed]), DATE), TEXT)


def call(name: str, *arguments: Tree) -> Tree:
    """A function of SQL by its name."""
    return exp.func(name, *arguments, copy=False)


def call_named(name: str, *arguments: Tree) -> Tree:
    """A function of the engine's own, by its name."""
    return exp.Anonymous(this=name, expressions=list(arguments))


def trimmed(value: Tree, ends: str = plainform.ENDS) -> Tree:
    """The text without the spaces around it, '' for NULL."""
    return exp.Coalesce(this=_stripped(value, ends), expressions=[text("")])


def _stripped(value: Tree, ends: str = plainform.ENDS) -> Tree:
    return exp.Trim(this=value, expression=text(ends))


def plain_form(value: Tree) -> Tree:
    """The text in plain form, spaces around it apart: `plainform.plain` on the engine."""
    return case([(beyond_ascii(value), _plain(value))], value)


def respelt(value: Tree) -> Tree:
    """Whether plain form takes more from a text than plain spaces around it: `plainform.hidden` on the engine."""
    return both([beyond_ascii(value), negate(eq(_stripped(_plain(value)), _stripped(value)))])


def untidy(value: Tree) -> Tree:
    """Whether a text may have spaces around it, or has a character that takes more than one byte; NULL for no text."""
    space = text("!")
    ends = [compare(value, "<", space), compare(exp.Right(this=value, expression=whole(1)), "<", space)]
    return either([beyond_ascii(value), both([compare(value, ">", text("")), either(ends)])])


def beyond_ascii(value: Tree) -> Tree:
    """Whether any character of a text takes more than one byte."""
    sizes = [exp.Anonymous(this=size, expressions=[value]) for size in ("strlen", "length")]
    return negate(eq(*sizes))


def _plain(value: Tree) -> Tree:
    seen = _replaced(value, plainform.UNSEEN, "")
    return exp.Anonymous(this="nfc_normalize", expressions=[_replaced(seen, plainform.SPACES, " ")])


def _replaced(value: Tree, ranges: Iterable[tuple[int, int]], instead: str) -> Tree:
    marks = "".join(f"\\x{{{first:X}}}-\\x{{{last:X}}}" for first, last in ranges)
    return exp.Anonymous(
        this="regexp_replace", expressions=[value, text(f"[{marks}]"), text(instead), text("g")]
    )


def try_cast(value: Tree, kind: exp.DataType) -> Tree:
    """The value as another SQL type, NULL where it is none."""
    return exp.TryCast(this=value, to=kind)


def cast(value: Tree, kind: exp.DataType) -> Tree:
    """The value as another SQL type."""
    return exp.Cast(this=value, to=kind)


def named(value: Tree, name: str) -> Tree:
    """The value as a column of that name."""
    return exp.Alias(this=value, alias=exp.to_identifier(name))


def ordered(value: Tree, *, descending: bool = False) -> Tree:
    """A sort key, blanks last either way."""
    return exp.Ordered(this=value, desc=descending, nulls_first=False)


def ranked(function: Tree, groups: list[Tree], order: list[Tree]) -> Tree:
    """A window function over the rows of each group in an order."""
    return exp.Window(this=function, partition_by=groups, order=exp.Order(expressions=order))


def rank(groups: list[Tree], order: list[Tree]) -> Tree:
    """The place of a row in its group, the same for rows that tie."""
    return ranked(exp.Anonymous(this="rank"), groups, order)


def row_number(groups: list[Tree], order: list[Tree]) -> Tree:
    """The place of a row in its group, each its own."""
    return ranked(exp.RowNumber(), groups, order)


def table_function(name: str, first: Tree, **options: Tree) -> exp.Table:
    """A function that stands where a table does, with options by name."""
    named_options = [exp.EQ(this=exp.to_identifier(key), expression=value) for key, value in options.items()]
    return exp.Table(this=exp.Anonymous(this=name, expressions=[first, *named_options]))


# ------------------------------------------------------------------ whole queries


def table(name: str, alias: str = "") -> exp.Table:
    """A table by its name, under an alias if one is given. The library's own builder parses the name."""
    known_as = exp.TableAlias(this=exp.to_identifier(alias)) if alias else None
    return exp.Table(this=exp.to_identifier(name), alias=known_as)


def listed(texts: list[str], alias: str, name: str) -> Tree:
    """Texts as a table of one column."""
    rows = [exp.Tuple(expressions=[text(one)]) for one in texts]
    as_table = exp.TableAlias(this=exp.to_identifier(alias), columns=[exp.to_identifier(name)])
    return exp.Values(expressions=rows, alias=as_table)


def values(rows: Iterable[Iterable[Tree]], alias: str, names: Iterable[str]) -> exp.Values:
    """Rows that stand in the statement, as a table with columns of those names."""
    as_table = exp.TableAlias(this=exp.to_identifier(alias), columns=list(map(exp.to_identifier, names)))
    return exp.Values(expressions=[exp.Tuple(expressions=list(row)) for row in rows], alias=as_table)


def sub(inner: exp.Query, alias: str) -> exp.Subquery:
    """A query that stands where a table does."""
    return inner.subquery(alias, copy=False)


def inner(source: Tree, on: Tree) -> exp.Join:
    """A join that keeps the rows for which there is a match."""
    return exp.Join(this=source, on=on)


def left(source: Tree, on: Tree) -> exp.Join:
    """A join that keeps every row."""
    return exp.Join(this=source, on=on, side="LEFT")


def query(
    columns: Iterable[Tree],
    source: Tree | None = None,
    *joins: exp.Join,
    where: Tree | None = None,
    group: Iterable[Tree] = (),
    having: Tree | None = None,
    order: Iterable[Tree] = (),
) -> exp.Select:
    """A query. The library's own chain of calls copies the whole at each step."""
    made = exp.Select(expressions=list(columns))
    if source is not None:
        made.from_(source, copy=False)
    made.set("joins", list(joins))
    if where is not None:
        made.set("where", exp.Where(this=where))
    grouped, sorted_by = list(group), list(order)
    if grouped:
        made.set("group", exp.Group(expressions=grouped))
    if having is not None:
        made.set("having", exp.Having(this=having))
    if sorted_by:
        made.set("order", exp.Order(expressions=sorted_by))
    return made


def union(parts: list[exp.Select]) -> exp.Query:
    """The rows of all the queries."""
    return parts[0] if len(parts) == 1 else exp.union(*parts, distinct=False, copy=False)


def make(name: str, made_from: exp.Query, kind: str = "TABLE") -> exp.Create:
    """A table (or view) of that name with the rows of a query."""
    return exp.Create(this=table(name), kind=kind, expression=made_from)


def drop(name: str, kind: str = "TABLE") -> exp.Drop:
    """Lets go of a table (or view)."""
    return exp.Drop(tables=[table(name)], kind=kind)


def total(value: Tree) -> Tree:
    """The sum of a group."""
    return exp.Sum(this=value)


def greatest(value: Tree, *others: Tree) -> Tree:
    """The greatest of several values of one type, leaving out those that are NULL."""
    return exp.Greatest(this=value, expressions=list(others), ignore_nulls=True) if others else value


def smallest(value: Tree, *others: Tree) -> Tree:
    """The least of several values of one type, leaving out those that are NULL."""
    return exp.Least(this=value, expressions=list(others), ignore_nulls=True) if others else value


def count() -> Tree:
    """How many rows."""
    return exp.Count(this=exp.Star())


def least(value: Tree) -> Tree:
    """The least value of a group."""
    return exp.Min(this=value)


def everything() -> Tree:
    """All columns."""
    return exp.Star()


def words(value: Tree, most: int = 60) -> Tree:
    """A cell as it may stand in a reason: on one line, and cut when it is long."""
    line = exp.RegexpReplace(
        this=value, expression=text("[\\x00-\\x1f\\x7f]+"), replacement=text(" "), modifiers=text("g")
    )
    long = exp.GT(this=exp.Length(this=value), expression=whole(most))
    cut = join_text(exp.Left(this=line, expression=whole(most - 1)), "…")
    return case([(long, cut)], line)
