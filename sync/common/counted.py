"""Counts in words: one thing, or several."""


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """`1 task`, `2 tasks`; `1 task was`, `2 tasks were` with a plural of its own."""
    return f"{number} {noun}" if number == 1 else f"{number} {plural or f'{noun}s'}"
