"""The page: what it says, of how much, and that nothing of a project acts in it."""

import re
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from sync.commands.report import written_report
from sync.common.errors import SyncError
from sync.quality.report import plots
from sync.quality.report.history import CheckedVersion, remember
from sync.quality.report.last_check import last_check
from sync.quality.report.other_rooms import (
    DraftingCost,
    LastSaid,
    OutsideWork,
    WantedCell,
    WantedExamples,
)
from sync.quality.report.page import page
from sync.quality.report.project_report import FromOtherRooms, ProjectReport, project_report
from sync.records.person_record import (
    AgreedShare,
    MonthOfAgreement,
    PersonRecord,
    known_people,
    note_people,
)
from sync.settings import Config
from sync.table import last_runs
from sync.table.data_folder import data_folder
from tests.sync.builders import annotation, task_row
from tests.sync.quality.report.planted import answered, checked, configured, finding, stored
from tests.sync.quality.report.test_agreement_shown import control

pytest.importorskip("vl_convert", reason="the extra 'report' is missing: make install-dev")

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>‮\x00\u2028\ud800{{ 7919*7907 }}&lt;"


def reported(config: Config, *others: Any, **options: Any) -> ProjectReport:
    return project_report(config, last_check(data_folder(config)), *others, **options)


def words(content: str) -> str:
    return " ".join(html.fromstring(content).text_content().split())


def rows(content: str) -> list[list[str]]:
    """The cells of all tables, row by row."""
    return [[cell.text_content() for cell in row] for row in html.fromstring(content).iter("tr")]


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Sixty finished tasks of three people, and a check that found nothing."""
    rows = [
        answered(n, f"It costs {n} pounds.", by=n % 3 + 1, days=n // 10, category="cards")
        for n in range(1, 61)
    ]
    rows[0] = answered(1, "Five.", annotation(11, completed_by=9), category="fees")
    return checked(stored(configured(tmp_path), rows))


def test_a_manager_reads_the_answer_first(config: Config) -> None:
    said = words(page(reported(config)))
    assert said.index("Is this set ready for training? Yes") < said.index("60 examples")
    assert "nothing wrong" in said
    checked(config, [finding(3, "incomplete", severity="error")])
    said = words(page(reported(config)))
    assert (
        "Is this set ready for training? Not yet 1 error must be put right in 1 task (unfinished "
        "answers: 1)." in said
    )


def test_a_finding_has_its_words_and_leads_to_its_task(config: Config) -> None:
    checked(config, [finding(3, "label_error", message="say why", given="fees")])
    document = html.fromstring(page(reported(config)))
    (row,) = document.findall(".//table[@class='findings']/tbody/tr")
    assert [cell.text_content() for cell in row] == [
        "3",
        "say why",
        "What does a card cost?",
        "It costs 3 pounds.",
    ]
    assert row.find(".//a").get("href") == "http://127.0.0.1:8080/projects/7/data?task=3"
    assert document.find(".//details").get("open") is not None


def test_what_holds_personal_data_is_not_quoted(config: Config) -> None:
    checked(config, [finding(3), finding(3, "personal_data"), finding(4)])
    cells = [row for row in rows(page(reported(config))) if row[0] in ("3", "4")]
    assert [row[3] for row in cells] == [
        "not shown, since the task holds personal data",
        "It costs 4 pounds.",
        "not shown, since the task holds personal data",
    ]


def test_ten_thousand_findings_are_quick_small_and_counted(config: Config) -> None:
    kinds = [f"kind_{n}" for n in range(40)]
    severities = ("error", "warning", "info")
    many = [
        finding(n % 60 + 1, kinds[n % 40], severity=severities[n % 3], message="ข้อความ " * 100)
        for n in range(10_000)
    ]
    checked(config, many)
    started = time.process_time()
    content = page(reported(config))
    assert time.process_time() - started < 5
    assert len(content.encode()) < 3_000_000
    document = html.fromstring(content)
    summaries = [each.text_content() for each in document.iter("summary")]
    numbers = [int(match[1]) for s in summaries if (match := re.match(r"(\d+) kind", s))]
    assert sum(numbers) == 10_000
    assert "are in " in words(content)
    assert not document.findall(".//details[@open]/table[@class='findings']")


def test_a_project_without_an_answer_has_a_page(tmp_path: Path) -> None:
    config = checked(stored(configured(tmp_path), [task_row(1)]))
    content = page(reported(config))
    assert "Not yet No task is finished yet." in words(content)
    assert "<svg" not in content
    assert "nan" not in content.casefold()


def test_text_of_a_project_is_text(tmp_path: Path) -> None:
    config = configured(tmp_path).model_copy()
    section = config.label_studio.model_copy(update={"project": EVIL})
    config = config.model_copy(update={"label_studio": section})
    rows = [
        answered(n, f"{EVIL}{'😀' * 50_000}", question=EVIL, category=f"{EVIL}{n}")
        for n in range(1, 5)
    ]
    stored(config, rows)
    checked(config, [finding(1, EVIL, message=EVIL, given=EVIL)], skips=[EVIL])
    wanted = WantedExamples(9, 9, (WantedCell(EVIL, 9, 0, 9, 0),))
    others = FromOtherRooms(wanted, LastSaid("2026-11-21", (EVIL,)), DraftingCost(1.5, 9))
    content = page(reported(config, others))
    document = html.fromstring(content)
    assert not list(document.iter("script", "img", "iframe", "object", "foreignObject", "form"))
    assert not [e for e in document.iter() for name in e.attrib if name.startswith("on")]
    assert str(7919 * 7907) not in content
    assert "\x00" not in content
    assert "‮" not in content
    assert len(content) < 120_000
    assert "<script>alert(1)</script>" in document.text_content()


def test_the_page_needs_nothing_else(config: Config) -> None:
    checked(config, [finding(n) for n in range(1, 40)])
    content = page(reported(config))
    without_links = re.sub(r'<a href="http://127.0.0.1:8080[^"]*"', "<a", content)
    assert not re.findall(r"(?:href|src|url)\s*[=(]\s*[\"']?\s*(?!#|data:)\w", without_links)
    assert "@import" not in content
    assert "default-src 'none'" in content


def test_every_table_and_picture_can_be_read_without_eyes(config: Config) -> None:
    checked(config, [finding(n) for n in range(1, 40)])
    for number in (0, 1):
        remember(
            data_folder(config), CheckedVersion("2026-11-21T15:00:00", number, 50, 40, 2, 3, 9)
        )
    document = html.fromstring(page(reported(config)))
    assert document.get("lang") == "en"
    assert {th.get("scope") for th in document.iter("th")} == {"col", "row"}
    levels = [int(e.tag[1]) for e in document.iter("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(e.get("aria-label") for e in document.findall(".//div[@class='picture']"))
    assert all(e.get("aria-label") for e in document.findall(".//div[@class='scroll']"))
    ids = {e.get("id") for e in document.iter() if e.get("id")}
    assert {a.get("href")[1:] for a in document.findall(".//nav//a")} <= ids


def test_agreement_has_a_section_and_decides(config: Config) -> None:
    measured = control(), control("verdict", "ordinal", alpha={"value": 0.9})
    note = "Agreement, on 100 of 200 finished tasks: category: alpha 0.46"
    figures = {"agreement": {"controls": measured}}
    noted = {"table_version": 0, "figures": figures, "notes": [note, "Something else"]}
    last_runs.note(data_folder(config), "check", noted)
    report = reported(config, is_new=True)
    content = page(report)
    line = ["category", "0.46", "0.38 to 0.52", "100", "3", "Krippendorff’s alpha"]  # noqa: RUF001
    assert line in rows(content)
    assert "People decide too differently about “category” (agreement 0.46 of 1" in words(content)
    assert "decides like others" in words(content)
    assert ("Something else." in content, note in content) == (True, False)
    assert report.history[0].agreement == 0.455


def test_names_can_be_hidden(config: Config) -> None:
    checked(config, [finding(3, message="annotator 2 left it so")], skips=["annotator 9 (1)"])
    said = words(page(reported(config, anonymous=True)))
    assert re.findall(r"[Aa]nnotators? \w+", said) == ["annotator B", "annotator D"]
    shown = words(page(reported(config)))
    assert "Annotator 2" in shown
    assert "annotator 2 left it so" in shown


def test_what_is_about_a_person_or_the_set_names_it(config: Config) -> None:
    whole = {"task_id": None, "annotation_id": None, "tasks": [4, 5]}
    checked(config, [finding(0, "drift", **whole), finding(0, "annotator", **whole, annotator=3)])
    for anonymous, name in ((False, "Annotator 3"), (True, "C")):
        found = [
            row for row in rows(page(reported(config, anonymous=anonymous))) if "Such" in row[1]
        ]
        assert {row[0] for row in found} == {name, "the whole set"}
        assert found[0][1].endswith("make them agree Such as task 4, 5.")


def test_what_other_rooms_say_is_shown(config: Config) -> None:
    wanted = WantedExamples(90, 30, (WantedCell("topic=fees", 40, 10, 30, 7),))
    outlook = LastSaid("2026-11-20T10:00:00", ("About 5 drafts would be changed.",))
    review = LastSaid("2026-11-21T10:00:00", ("3 reviews wait in 'Peers'.",))
    cost = DraftingCost(12.5, 1_000_000)
    others = FromOtherRooms(wanted, outlook, cost, 0.75, review=review)
    content = page(reported(config, others))
    said = words(content)
    assert "30 of 90 wanted examples are missing" in said
    assert ["topic=fees", "40", "10", "30", "7"] in rows(content)
    assert "About 5 drafts would be changed. By the ranking of 2026-11-20." in said
    assert "3 reviews wait in 'Peers'. By the review of 2026-11-21." in said
    assert "12.50 for drafts" in said
    assert "0.75 for a model’s checks" in said  # noqa: RUF001
    tokens = FromOtherRooms(cost=DraftingCost(None, 1_000_000))
    assert "1,000,000 tokens" in words(page(reported(config, tokens)))


def test_who_worked_outside_their_queue_is_shown(config: Config) -> None:
    outside = (OutsideWork(3, 9, {"own work": 2, "meant for somebody else": 1}),)
    content = page(reported(config, FromOtherRooms(outside=outside)))
    told = ["Annotator 3", "9", "3", "2 own work, 1 meant for somebody else"]
    assert told in rows(content)
    assert "Outside their queue" not in words(page(reported(config)))


def test_who_only_reviewed_has_a_letter_of_their_own(config: Config) -> None:
    outside = (OutsideWork(88, 9, {"own work": 2}), OutsideWork(99, 4, {"no expert": 1}))
    content = page(reported(config, FromOtherRooms(outside=outside), anonymous=True))
    names = [row[0] for row in rows(content) if row[-1] in ("2 own work", "1 no expert")]
    assert len(set(names)) == 2
    assert all(re.fullmatch("[A-Z]", name) for name in names)


def test_work_that_came_since_is_said(config: Config) -> None:
    stored(config, [answered(99)])
    said = words(page(reported(config)))
    assert "from version 1 of the pulled work" in said
    assert "checked on 21 November 2026, 15:00 UTC at version 0." in said
    assert "Work has come in since the last check" in said


def test_checks_are_remembered_where_they_are_new(config: Config) -> None:
    assert reported(config).history == ()
    (first,) = reported(config, is_new=True).history
    assert (first.table_version, first.finished, first.errors) == (0, 60, 0)
    stored(config, [answered(99)])
    checked(config, [finding(99)], version=1, hours=1)
    content = page(reported(config, is_new=True))
    assert ["1", "2026-11-21", "61", "0", "1", "1.6"] in rows(content)
    assert reported(config, at=0).history == ()


def test_without_the_extra_there_are_no_pictures(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    from connectors.extras import MissingExtraError

    def refuse(*_: object) -> str:
        raise MissingExtraError("drawing a chart needs the extra 'report'")

    monkeypatch.setattr(plots, "pace_chart", refuse)
    content = page(reported(config))
    assert "<svg" not in content
    assert 'pip install "labeltune[report]"' in words(content)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda folder: (folder / "last-check.json").unlink(), "nothing was checked yet"),
        (lambda folder: (folder / "findings.jsonl").unlink(), "the findings are gone"),
        (lambda folder: (folder / "findings.jsonl").write_text("[]\n"), "can't be read as find"),
        (lambda folder: (folder / "last-check.json").write_text("{}"), "can't be read as findings"),
    ],
)
def test_a_check_that_can_not_be_read_is_a_sentence(
    config: Config, spoil: Callable[[Path], object], says: str
) -> None:
    spoil(config.data_dir)
    with pytest.raises(SyncError, match=f"{says}.*run `labeltune check`"):
        reported(config)


def test_the_page_lies_beside_the_findings(config: Config, tmp_path: Path) -> None:
    made = written_report(config, last_check(data_folder(config)))
    assert Path(made.path) == config.data_dir / "report.html"
    assert made.sentence().splitlines() == ["Ready for training: yes.", f"Report: {made.path}"]
    other = written_report(config, last_check(data_folder(config)), tmp_path / "out" / "it.html")
    assert Path(other.path).read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_how_far_to_trust_whom_is_shown_with_its_interval(config: Config) -> None:
    assert "How far to trust whom" not in words(page(reported(config)))
    few = AgreedShare(3, 12, 0.0897, 0.5323)
    person = PersonRecord(
        2,
        "flagged",
        "2026-11-21T12:00:00+00:00",
        gold=few,
        others=AgreedShare(8, 10, 0.49, 0.9433),
        months=(MonthOfAgreement("2026-11", few),),
    )
    note_people(data_folder(config), [person], 1)
    others = FromOtherRooms(people=known_people(data_folder(config)))
    shown = page(reported(config, others))
    row = ["Annotator 2", "flagged on 2026-11-21", "3 of 12 (25%, 9 to 53%)", "none"]
    assert [*row, "8 of 10 (80%, 49 to 94%)"] in rows(shown)
    assert ["Annotator 2", "2026-11", "3 of 12 (25%, 9 to 53%)", "none"] in rows(shown)
    assert "Annotator 2: 3 of 12 answers whose truth is known agree with it" in words(shown)
    hidden = words(page(reported(config, others, anonymous=True)))
    assert "Annotator B: 3 of 12 answers" in hidden
    assert "Annotator 2" not in hidden
