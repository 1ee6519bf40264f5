"""The figures as tables."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

# of a run, what is worth a line
_LEAST_PHASE = 0.05


def show(figures: Mapping[str, Any]) -> None:
    """Print a table for each part that was measured."""
    console = Console()
    for name, part in _PARTS.items():
        if figures.get(name):
            part(console, figures[name])


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _labels(console: Console, one: Mapping[str, Any]) -> None:
    console.print(
        f"{one['questions']:,} questions in {one['classes']} classes, {one['moved']:,} labels "
        f"moved to "
        f"the class most alike; means of {one['seeds']} draws"
    )
    table = Table(
        "method", "recall", "precision", "AUPRC", "right label suggested", "s of computing"
    )
    for name, row in one["methods"].items():
        told = [_share(row.get(key)) for key in ("recall", "precision", "auprc", "suggested_right")]
        table.add_row(name.replace("_", " "), *told, f"{row['seconds']:.1f}")
    console.print(table)
    console.print(
        f"AUPRC minus plain cleanlab's: {one['auprc_vs_cleanlab']:+.4f}; our run time: "
        f"{one['overhead']:+.0%}\n"
    )


def _agreement(console: Console, one: Mapping[str, Any]) -> None:
    table = Table("PubMedQA's two decisions an item", "Krippendorff's alpha", "95 %")
    for name in ("nominal", "ordinal"):
        row = one[name]
        table.add_row(name, f"{row['alpha']:.4f}", f"{row['low']:.3f} to {row['high']:.3f}")
    console.print(table)


def _texts(console: Console, one: Mapping[str, Any]) -> None:
    table = Table(
        "text check", "recall", "precision", "on clean twins", "on other faults", "ms a text"
    )
    for name, row in one["checks"].items():
        table.add_row(
            name,
            _share(row["recall"]),
            _share(row["precision"]),
            f"{row['on_clean_twins']} of {row['clean_twins']:,}",
            f"{row['on_other_faults']} of {row['other_faults']:,}",
            f"{row['ms_a_text'] or 0:.2f}",
        )
    console.print(table)
    kinds = Table("planted", "check", "recall", "by way of planting")
    for name, row in one["kinds"].items():
        ways = ", ".join(f"{way} {told}" for way, told in row["by_way"].items())
        kinds.add_row(name, row["check"], _share(row["recall"]), ways)
    console.print(kinds)


def _false_alarms(console: Console, one: Mapping[str, Any]) -> None:
    table = Table(
        "false alarms in 1,000 clean answers", "PubMedQA", "MedQuAD", "both", "by default"
    )
    for name, row in one.items():
        told = [f"{row[key]:.1f}" for key in ("pubmedqa", "medquad", "both")]
        table.add_row(name, *told, "on" if row["by_default"] else "off")
    console.print(table)


def _sets(console: Console, one: Mapping[str, Any]) -> None:
    table = Table(
        "planted in a set", "check", "faults", "recall", "precision", "by way of planting"
    )
    for name, row in one["kinds"].items():
        ways = ", ".join(f"{way} {told}" for way, told in row["by_way"].items())
        planted, told = f"{row['planted']}", [_share(row[key]) for key in ("recall", "precision")]
        table.add_row(name, row["check"], planted, *told, ways)
    console.print(table)


def _speed(console: Console, one: Mapping[str, Any]) -> None:
    runs = ("cold", "again", "after_change")
    table = Table("finished tasks", "run", "s", "s of computing", "peak (MB)", "share of first")
    for row in one["runs"]:
        for name in runs:
            run, first = row[name], row["cold"]
            table.add_row(
                f"{row['tasks']:,}",
                name.replace("_", " "),
                f"{run['seconds']:.1f}",
                f"{run['cpu_seconds']:.1f}",
                f"{run['peak_mb']:,.0f}",
                f"{run['seconds'] / first['seconds']:.0%}",
            )
    console.print(table)
    for row in one["runs"]:
        phases = Table(f"s of {row['tasks']:,} tasks", *(name.replace("_", " ") for name in runs))
        for phase in dict.fromkeys(phase for name in runs for phase in row[name]["phases"]):
            told = [row[name]["phases"].get(phase, 0.0) for name in runs]
            if max(told) >= _LEAST_PHASE:
                phases.add_row(phase, *(f"{seconds:.2f}" for seconds in told))
        console.print(phases)


def show_examples(figures: Mapping[str, Any]) -> None:
    """What was missed, and what was said without reason, of each check."""
    for part in ("texts", "sets"):
        for name, one in ((figures.get(part) or {}).get("examples") or {}).items():
            for what in ("missed", "wrong"):
                for text in one[what]:
                    print(f"\n{name}, {what}:\n{text}")


_PARTS = {
    "labels": _labels,
    "agreement": _agreement,
    "texts": _texts,
    "false_alarms": _false_alarms,
    "sets": _sets,
    "speed": _speed,
}
