"""The commands that the front page gives each reader to start with all run."""

from pathlib import Path

from tests.docs.reading import README, fences, ran

PLAN = "period,metric,band,quantity\n2026-07-01,Job Kept,Full Time,5\n"


def test_the_first_commands_run_one_after_another(tmp_path: Path) -> None:
    (tmp_path / "plan.csv").write_text(PLAN, encoding="utf-8")
    commands = [
        line
        for fence in fences(README)
        if fence.language == "console" and not fence.text.startswith("$ ")
        for line in fence.text.splitlines()
    ]
    assert len(commands) >= 12
    assert {command: ran(command, tmp_path)[0] for command in commands} == dict.fromkeys(commands, 0)
