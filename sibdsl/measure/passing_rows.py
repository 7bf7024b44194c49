"""The rows that pass every check of a clause, each set made once, kept while results are sought, and counted.

Clauses often check alike, as a job and a job that lasts: those share one table. It is let go of when the last clause that looks
at the same records has its results; what became of each row can still be asked, and is then worked out anew.
"""

from __future__ import annotations

from attrs import define, field
from sqlglot import exp

from sibdsl.measure import claims, results, sqltree
from sibdsl.measure.engines import Engine
from sibdsl.measure.looks import Look, PlannedTable
from sibdsl.measure.plan import Plan
from sibdsl.records import DUPLICATE, OUTSIDE, REJECTED, SUPERSEDED, USED, Account


@define
class PassingRows:
    """What passes so far, and the accounts of the tables of which all that is sought has been found."""

    accounts: dict[str, Account] = field(factory=dict)
    #: For each query of rows the first look that asked it.
    _made: dict[exp.Query, Look] = field(factory=dict, repr=False)
    _views: list[Look] = field(factory=list, repr=False)

    def make(self, engine: Engine, plan: Plan, look: Look) -> None:
        """Make `pass_k`: a table, or a view of another look's where the same rows pass."""
        passing = results.passing(plan, look)
        first = self._made.setdefault(passing, look)
        if first is look:
            engine.run(sqltree.make(f"pass_{look.at}", passing.copy()))
            return
        alike = sqltree.query([sqltree.everything()], sqltree.table(f"pass_{first.at}"))
        engine.run(sqltree.make(f"pass_{look.at}", alike, kind="VIEW"))
        self._views.append(look)

    def finish(self, engine: Engine, plan: Plan, table: PlannedTable) -> None:
        """Make `state_t`, count what became of the rows of a table, and let go of those that pass."""
        engine.run(claims.state(plan, table))
        mine = [look for look in self._made.values() if look.table.at == table.at]
        self.accounts[table.name] = _account(engine, plan, table, mine)
        for look in (look for look in self._views if look.table.at == table.at):
            engine.run(sqltree.drop(f"pass_{look.at}", "VIEW"))
        for look in mine:
            engine.run(sqltree.drop(f"pass_{look.at}"))


def _account(engine: Engine, plan: Plan, table: PlannedTable, looks: list[Look]) -> Account:
    """The rows read, counted where they were read, against what became of them."""
    read = engine.fetch(sqltree.query([sqltree.count()], sqltree.table(f"raw_{table.at}")))[0][0]
    if claims.counted_beside(plan, table):
        found = _numbers(engine, claims.statuses(table))
    else:
        found = _numbers(engine, claims.set_aside(table))
        standing = found.pop(None, 0)
        used = _number_of_any(engine, looks)
        found |= {USED: used, OUTSIDE: standing - used}
    return Account(
        read, *(found.get(status, 0) for status in (USED, OUTSIDE, DUPLICATE, SUPERSEDED, REJECTED))
    )


def _numbers(engine: Engine, counted: exp.Select) -> dict[str | None, int]:
    return {status: int(number) for status, number in engine.fetch(counted)}


def _number_of_any(engine: Engine, looks: list[Look]) -> int:
    """How many rows pass the checks of some look; each passes those of one look once."""
    if not looks:
        return 0
    seqs = [sqltree.query([exp.column("seq")], sqltree.table(f"pass_{look.at}")) for look in looks]
    any_of_them = seqs[0] if len(seqs) == 1 else exp.union(*seqs, distinct=True, copy=False)
    return int(engine.fetch(sqltree.query([sqltree.count()], sqltree.sub(any_of_them, "u")))[0][0])
