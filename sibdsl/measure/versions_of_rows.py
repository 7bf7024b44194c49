"""Which of several rows of one key stands, and until when an open row lasts that another follows. As SQL.

Tables made, for table number t, where the contract gives its rows a key or has open rows last until the next:

    read_t      as `sift_t`, before any of this
    version_t   seq, other, tied     each row that does not stand: the row that does; or a row with which it ties
    sift_t      as read_t, with `other`, and `until` where open rows last until the next

Only rows known by the as-of date take part, and no duplicate and no invalid row. Source: language reference,
'Keys and later versions of a row' and 'Open until the next row'.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from sibdsl.english import listed
from sibdsl.measure import reading_cells, sqltree
from sibdsl.measure.looks import PlannedTable
from sibdsl.measure.plan import Plan
from sibdsl.measure.sqltree import Tree
from sibdsl.model.nodes import RowVersion

#: What `bad` holds for a row that ties with another of its key: no number of a fault of its cells.
TIED = -1


def stands(alias: str) -> list[Tree]:
    """What makes a row of `sift_t` one that clauses look at: no duplicate, not invalid, and no other stands instead."""
    return [sqltree.is_null(sqltree.col(alias, name)) for name in ("first", "bad", "other")]


def settled(table: PlannedTable) -> bool:
    """Whether rows of the table may give way to others, or end where others begin."""
    return bool(table.read) and (bool(table.records.key) or until_next(table))


def until_next(table: PlannedTable) -> bool:
    """Whether an open row of the table lasts until the person's next row begins."""
    return table.spell is not None and table.spell.until_next


def known(plan: Plan, table: PlannedTable, alias: str) -> list[Tree]:
    """That a row became known by the as-of date, or nobody knows when; nothing where no clause asks."""
    since = table.records.known_on
    return _known_by(plan, table, alias) if since and table.cell(since).read else []


def there(plan: Plan, table: PlannedTable, alias: str) -> list[Tree]:
    """That a row is known by the as-of date and not withdrawn by then; nothing where the contract tells of neither."""
    found = _known_by(plan, table, alias)
    if table.records.withdrawn_on:
        withdrawn = reading_cells.typed(table.cell(table.records.withdrawn_on), alias)
        still = sqltree.compare(withdrawn, ">", sqltree.day(plan.as_of))
        found.append(sqltree.either([sqltree.is_null(withdrawn), still]))
    return found


def _known_by(plan: Plan, table: PlannedTable, alias: str) -> list[Tree]:
    if not table.records.known_on:
        return []
    on = reading_cells.typed(table.cell(table.records.known_on), alias)
    return [sqltree.either([sqltree.is_null(on), sqltree.compare(on, "<=", sqltree.day(plan.as_of))])]


def versions(plan: Plan, table: PlannedTable) -> exp.Create:
    """Table `version_t`: the rows that do not stand.

    Of rows that come first alike, and that agree in everything that a clause reads, the first of the files stands.
    """
    keys = [f"v{table.cell(name).at}" for name in table.records.key]
    places = _placed(plan, table, keys)
    first = [sqltree.eq(sqltree.col("p", "place"), sqltree.whole(1))]
    top = sqltree.query(
        [
            *(sqltree.col("p", name) for name in keys),
            sqltree.named(sqltree.count(), "number"),
            sqltree.named(sqltree.least(sqltree.col("p", "seq")), "low"),
            sqltree.named(exp.Max(this=sqltree.col("p", "seq")), "high"),
            sqltree.named(sqltree.both([_agree(f"v{cell.at}") for cell in table.read]), "alike"),
        ],
        sqltree.sub(places.copy(), "p"),
        where=sqltree.both(first),
        group=[sqltree.col("p", name) for name in keys],
    )
    seq, low, high = sqltree.col("p", "seq"), sqltree.col("t", "low"), sqltree.col("t", "high")
    tied = sqltree.both(
        [
            *first,
            sqltree.compare(sqltree.col("t", "number"), ">", sqltree.whole(1)),
            sqltree.negate(sqltree.col("t", "alike")),
        ]
    )
    is_low = sqltree.eq(seq, low)
    made = sqltree.query(
        [
            seq,
            sqltree.named(sqltree.case([(is_low, high)], low), "other"),
            sqltree.named(tied, "tied"),
        ],
        sqltree.sub(places, "p"),
        sqltree.inner(sqltree.sub(top, "t"), same_key(keys, "p", "t")),
        where=sqltree.either([sqltree.negate(is_low), tied]),
    )
    return sqltree.make(f"version_{table.at}", made)


def same_key(keys: Sequence[str], left: str, right: str) -> Tree:
    """Whether two rows agree in the columns that identify a row; these are never blank."""
    return sqltree.both([sqltree.eq(sqltree.col(left, name), sqltree.col(right, name)) for name in keys])


def _agree(name: str) -> Tree:
    """Whether the rows of a group hold one value, or are all blank."""
    value = sqltree.col("p", name)
    filled = exp.Count(this=value)
    return sqltree.either(
        [
            sqltree.eq(filled, sqltree.whole(0)),
            sqltree.both(
                [
                    sqltree.eq(filled, sqltree.count()),
                    sqltree.eq(sqltree.least(value), exp.Max(this=value)),
                ]
            ),
        ]
    )


def _placed(plan: Plan, table: PlannedTable, keys: list[str]) -> exp.Select:
    """The rows that take part, each with its place among those of its key; the same for rows that tie."""
    order = [_order(table, version, "s", "r") for version in table.records.versions]
    place = sqltree.rank([sqltree.col("s", name) for name in keys], order) if order else sqltree.whole(1)
    return sqltree.query(
        [
            sqltree.col("s", "seq"),
            *(reading_cells.typed(cell, "s") for cell in table.read),
            sqltree.named(place, "place"),
        ],
        sqltree.table(f"read_{table.at}", "s"),
        *_beside(table, "s", "r"),
        where=sqltree.both(
            [
                sqltree.is_null(sqltree.col("s", "first")),
                sqltree.is_null(sqltree.col("s", "bad")),
                *known(plan, table, "s"),
            ]
        ),
    )


def _beside(table: PlannedTable, row: str, raw: str) -> list[exp.Join]:
    """The row as it was read, where its part decides."""
    if all(version.by for version in table.records.versions):
        return []
    same = sqltree.eq(sqltree.col(row, "seq"), sqltree.col(raw, "seq"))
    return [sqltree.inner(sqltree.table(f"raw_{table.at}", raw), same)]


def value(table: PlannedTable, version: RowVersion, row: str, raw: str) -> Tree:
    """What a version goes by: the value of a column, or the number of the part."""
    if version.by is None:
        return sqltree.col(raw, "part")
    return reading_cells.typed(table.cell(version.by.column), row)


def last_first(version: RowVersion) -> bool:
    """Whether the greatest value stands."""
    return version.by is None or version.by.way in ("latest", "highest")


def _order(table: PlannedTable, version: RowVersion, row: str, raw: str) -> Tree:
    return sqltree.ordered(value(table, version, row, raw), descending=last_first(version))


def surely_before(table: PlannedTable, one: tuple[str, str], other: tuple[str, str]) -> Tree:
    """Whether a row is told to give way to another; false where a value is blank or cannot be read, or they tie.

    Each is given by its aliases in `sift_t` and `raw_t`.
    """
    found = sqltree.false()
    for version in reversed(table.records.versions):
        left, right = value(table, version, *one), value(table, version, *other)
        after = sqltree.compare(left, "<" if last_first(version) else ">", right)
        unknown = sqltree.either([sqltree.is_null(left), sqltree.is_null(right)])
        found = sqltree.case(
            [(unknown, sqltree.false()), (after, sqltree.true()), (sqltree.eq(left, right), found)],
            sqltree.false(),
        )
    return found


def sift(plan: Plan, table: PlannedTable) -> exp.Create:
    """Table `sift_t`: the rows, those that tie as invalid, with the row that stands instead, and the end of open ones."""
    bad, joins = sqltree.col("s", "bad"), []
    other: Tree = sqltree.cast(sqltree.null(), sqltree.BIG)
    if table.records.key:
        ties = sqltree.case([(sqltree.col("x", "tied"), sqltree.whole(TIED))])
        bad = sqltree.cast(exp.Coalesce(this=bad, expressions=[ties]), sqltree.SMALL)
        other = sqltree.col("x", "other")
        same = sqltree.eq(sqltree.col("s", "seq"), sqltree.col("x", "seq"))
        joins.append(sqltree.left(sqltree.table(f"version_{table.at}", "x"), same))
    found = [
        sqltree.col("s", "seq"),
        sqltree.col("s", "first"),
        sqltree.named(bad, "bad"),
        sqltree.named(other, "other"),
        *(reading_cells.typed(cell, "s") for cell in table.read),
    ]
    if table.spell is not None and table.spell.until_next:
        start = reading_cells.typed(table.cell(table.spell.start), "s")
        person = reading_cells.person(table, "s")
        found.append(sqltree.col("n", "until"))
        on = [sqltree.eq(sqltree.col("n", "person"), person), sqltree.eq(sqltree.col("n", "begin"), start)]
        joins.append(sqltree.left(sqltree.sub(_next(plan, table, start, person), "n"), sqltree.both(on)))
    return sqltree.make(
        f"sift_{table.at}", sqltree.query(found, sqltree.table(f"read_{table.at}", "s"), *joins)
    )


def _next(plan: Plan, table: PlannedTable, start: Tree, person: Tree) -> exp.Select:
    """For each day on which a row of a person begins, the next such day; of rows that stand."""
    standing = [sqltree.is_null(sqltree.col("s", name)) for name in ("first", "bad")]
    joins = []
    if table.records.key:
        same = sqltree.eq(sqltree.col("s", "seq"), sqltree.col("x", "seq"))
        joins.append(sqltree.left(sqltree.table(f"version_{table.at}", "x"), same))
        standing.append(sqltree.is_null(sqltree.col("x", "seq")))
    begins = sqltree.query(
        [sqltree.named(person, "person"), sqltree.named(start, "begin")],
        sqltree.table(f"read_{table.at}", "s"),
        *joins,
        where=sqltree.both([*standing, *known(plan, table, "s"), sqltree.not_null(start)]),
        group=[person, start],
    )
    begin = sqltree.col("b", "begin")
    after = sqltree.ranked(
        exp.Anonymous(this="lead", expressions=[begin]),
        [sqltree.col("b", "person")],
        [sqltree.ordered(begin)],
    )
    return sqltree.query(
        [sqltree.col("b", "person"), begin, sqltree.named(after, "until")], sqltree.sub(begins, "b")
    )


# ------------------------------------------------------------------ words


def said(table: PlannedTable) -> str:
    """By what a row is told to stand: `latest Reported On, then latest part`; '' where nothing decides."""
    return ", then ".join(
        f"{version.by.way} {version.by.column}" if version.by else "latest part"
        for version in table.records.versions
    )


def tied_with(table: PlannedTable, place: Tree) -> Tree:
    """The reason of a row that ties with another of its key."""
    decides = f"{said(table)} does not say" if table.records.versions else "nothing says"
    return sqltree.join_text(
        "row ", place, f" has the same {_key(table)}, and {decides} which of the two stands"
    )


def stands_instead(table: PlannedTable, place: Tree, tied: Tree) -> Tree:
    """The reason of a row of which another version stands; or of which several come first, and tie."""
    ways = said(table) or "nothing that a clause reads differs"
    stands = sqltree.join_text("row ", place, f" stands instead: same {_key(table)}, {ways}")
    none = sqltree.join_text(
        "row ", place, f" comes before it, and ties with another of the same {_key(table)}"
    )
    return sqltree.case([(tied, none)], stands)


def _key(table: PlannedTable) -> str:
    return listed(table.records.key)
