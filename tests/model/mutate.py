"""Contract texts with one thing changed: mostly still well formed, mostly no longer right."""

from __future__ import annotations

from random import Random

CELLS = (
    "all", "none", "blank", "any", "required", "allowed", "rejected", "the rest", "40", "£12.50", "€3", "50%", "1/3", "1/0",
    "16 hours", "3 units", "31 April 2017", "1 April 2017", "2016/17", "2016/18", "year 2", "quarter 9", "year 0",
    "at least 16 hours", "at least 5 but less than 3", "11 to 14", "14 to 11", "yes", "nothing", '"some words"', "[4]", "Nobody",
    "Nobody, Nothing", "Nobody of Nothing", "payments from Nobody", "first 20", "further", "date", "plan", "one of Red, Blue",
    "commissioner", "£5 minus £9", "5% of £90", "60% of Median", "60% of Median rounded down", "£1 over the contract",
    "£1 in 2016/17", "£1 per person", "joining date", "6 weeks", "6 weeks after Engaged On",
)  # fmt: skip


def is_row(line: str) -> bool:
    return line.lstrip().startswith("|")


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def row(found: list[str]) -> str:
    return "  | " + " | ".join(found) + " |"


def mutated(text: str, random: Random, times: int = 1) -> str:
    """The text with so many changes: a cell, a line, a word or a column put elsewhere, taken out or said twice."""
    for _ in range(times):
        text = random.choice((_cell, _cell, _cell, _line, _word, _word, _columns, _cross))(text, random)
    return text


def _cell(text: str, random: Random) -> str:
    lines = text.split("\n")
    rows = [at for at, line in enumerate(lines) if is_row(line)]
    at = random.choice(rows)
    found = cells(lines[at])
    place = random.randrange(len(found))
    if random.random() < 0.5:
        found[place] = random.choice(CELLS)
    else:
        found[place] = random.choice(cells(lines[random.choice(rows)]))
    lines[at] = row(found)
    return "\n".join(lines)


def _line(text: str, random: Random) -> str:
    lines = text.split("\n")
    at = random.randrange(len(lines))
    match random.randrange(4):
        case 0:
            del lines[at]
        case 1:
            lines.insert(at, lines[at])
        case 2:
            lines.insert(random.randrange(len(lines)), lines.pop(at))
        case _:
            lines.insert(random.randrange(len(lines)), lines[at])
    return "\n".join(lines)


def _word(text: str, random: Random) -> str:
    lines = text.split("\n")
    at = random.randrange(len(lines))
    words = lines[at].split(" ")
    other = random.choice(lines).split()
    words[random.randrange(len(words))] = random.choice([*other, random.choice(CELLS)])
    lines[at] = " ".join(words)
    return "\n".join(lines)


def _cross(text: str, random: Random) -> str:
    """What one line says, said by another line with the same label."""
    lines = text.split("\n")
    plain = [at for at, line in enumerate(lines) if line.startswith("  ") and "  " in line.strip()]
    at = random.choice(plain)
    label, _, _ = lines[at].strip().partition("  ")
    alike = [line.strip().partition("  ")[2] for line in lines if line.strip().startswith(label + "  ")]
    lines[at] = f"  {label}  {random.choice([*alike, random.choice(CELLS)]).strip()}"
    return "\n".join(lines)


def _columns(text: str, random: Random) -> str:
    """The columns of one table in another order, or one of them gone."""
    lines = text.split("\n")
    starts = [at for at, line in enumerate(lines) if is_row(line) and not (at and is_row(lines[at - 1]))]
    start = random.choice(starts)
    end = next((at for at in range(start, len(lines)) if not is_row(lines[at])), len(lines))
    order = list(range(len(cells(lines[start]))))
    random.shuffle(order)
    if random.random() < 0.3 and len(order) > 1:
        order.pop()
    for at in range(start, end):
        found = cells(lines[at])
        lines[at] = row([found[place] for place in order if place < len(found)])
    return "\n".join(lines)
