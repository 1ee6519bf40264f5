"""The figures as tables."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.ordered.policies import HEADINGS, as_rows
from benchmarks.ranked.drafts_measured import written


def show(figures: Mapping[str, Any]) -> None:
    """Print a table for each part that was measured."""
    console = Console()
    for kind, one in (figures.get("drafts") or {}).items():
        _drafts(console, kind, one)
    for kind, one in (figures.get("samples") or {}).items():
        _samples(console, kind, one)
    if figures.get("labels"):
        _labels(console, figures["labels"])
    if figures.get("duplicates"):
        _duplicates(console, figures["duplicates"])
    if figures.get("rescoring"):
        _rescoring(console, figures["rescoring"])
    if figures.get("project"):
        _project(console, figures["project"])
    if figures.get("estimates"):
        _estimates(console, figures["estimates"])


def _drafts(console: Console, kind: str, one: Mapping[str, Any]) -> None:
    console.print(
        f"{kind}: {one['questions']} questions, {one['right']:.0%} right (the commonest answer: "
        f"{one['commonest_answer']:.0%}), {one['unreadable']} without a conclusion, "
        f"{one['cut']} cut"
    )
    if "by_score" not in one:
        return
    table = Table("", "AUROC (95 %)", "AUPRC (95 %)", "mean risk", "risk of the best half", "known")
    for name, row in one["by_score"].items():
        table.add_row(
            name.replace("_", " "),
            written(row["auroc"]),
            written(row["auprc"]),
            f"{row['area_under_risk']['value']:.3f}",
            f"{row['risk_at_coverage']['50%']:.3f}",
            f"{row['known']:.0%}",
        )
    console.print(table)
    best = one["best_signal"].replace("_", " ")
    console.print(f"score minus {best}: {written(one['score_minus_best_signal'])}")
    taught = written(one["taught_score_minus_best_signal"])
    console.print(f"taught by the rest of the set, minus {best}: {taught}\n")


def _samples(console: Console, kind: str, one: Mapping[str, Any]) -> None:
    console.print(f"{kind}: {one['questions']} questions, 95 % intervals in brackets")
    table = Table(*HEADINGS)
    for row in as_rows(one["policies"]):
        table.add_row(*row)
    console.print(table)


def _rescoring(console: Console, one: Mapping[str, Any]) -> None:
    console.print(
        f"{one['waiting']:,} waiting and {one['finished']:,} finished tasks, ranked in "
        f"{one['cpu_s']:.1f} s of computing ({one['wall_s']:.1f} s passed)"
    )
    table = Table("when", "requests to Label Studio")
    for when, requests in one["requests"].items():
        table.add_row(when.replace("_", " "), f"{requests:,}")
    console.print(table)


def _labels(console: Console, one: Mapping[str, Any]) -> None:
    table = Table("order", "labels until 85 %", "mean", "spread")
    for name in one["strategies"]:
        row = one[name]
        spread = "-" if row["spread"] is None else f"{row['spread']:.0f}"
        needed = ", ".join(f"{labels:,}" for labels in row["labels"])
        table.add_row(name, needed, f"{row['mean']:,.0f}", spread)
    console.print(table)
    console.print(f"ours saves {one['label_saving']:.0%} of the labels of random order\n")


def _project(console: Console, one: Mapping[str, Any]) -> None:
    _projects(console, one)
    console.print("with the sets that the model does not know:")
    _projects(console, one["all_sets"])


def _projects(console: Console, one: Mapping[str, Any]) -> None:
    console.print(
        f"{one['projects']} simulated projects of {one['tasks']} tasks; "
        f"{one['needs_edits']:.0%} of the drafts need edits"
    )
    table = Table("", "mean (95 % of the projects)")
    for name, words in {
        "edits_in_first_half": f"edits in the first half of what is left after {one['after']}",
        "best_possible": "the same in a perfect order",
        "of_whole_project": "edits in the first half of the whole project",
        "best_of_whole_project": "the same in a perfect order",
        "calibration_error": f"calibration error after {one['learned_from']}",
        "calibration_error_by_chance": "the same of exact probabilities, of as many drafts",
        "calibration_error_of_prior": "the same of the prior",
    }.items():
        table.add_row(words, written(one[name]))
    console.print(table)
    console.print(
        f"calibration error of the drafts of all projects together: "
        f"{one['calibration_error_of_all']:.3f}"
    )


def _duplicates(console: Console, one: Mapping[str, Any]) -> None:
    table = Table(f"order of {one['tasks']:,} tasks", "near-copies", "pairs of them")
    for name, row in one["by_order"].items():
        table.add_row(name, f"{row['repeats']} ({row['share']:.0%})", str(row["pairs"]))
    console.print(f"near-copies (cosine above {one['near']}) among the first {one['shown']} shown")
    console.print(table)


def _estimates(console: Console, one: Mapping[str, Any]) -> None:
    console.print(
        f"drafts left that need edits: the interval held the truth in {one['held']} of "
        f"{one['said']} projects of {one['tasks']:,} tasks "
        f"({one['too_early_to_say']} had too few audits to say)"
    )
