"""`labeltune status`: what is up, what is down, and where the work stands."""

import json
import signal
from collections.abc import Sequence
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from connectors.errors import LabelStudioError
from sync.commands.status import _lines, _tell_changes, command
from sync.intake.services.drafting_progress import DraftingProgress
from sync.intake.services.drafting_watch import Seen
from sync.intake.services.health import Ask
from sync.intake.services.project_status import status
from sync.records.person_record import AgreedShare, PersonRecord, note_people
from sync.settings import Config
from sync.table import last_runs
from sync.table.data_folder import data_folder
from sync.table.pull import pull
from tests.ml_backend.http_double import unused_url
from tests.running import start_labeltune
from tests.sync.builders import config_in
from tests.sync.fakes import PROJECT_ID, FakeLabelStudio, Json

LABEL_STUDIO, BACKEND = "http://127.0.0.1:8080/health", "http://127.0.0.1:9090/health"
MODEL = "http://127.0.0.1:9091/v1/models"


STATUS = "http://127.0.0.1:9090/status?format=json"


def healthy(url: str, authorization: str | None) -> httpx.Response:
    assert url in (LABEL_STUDIO, BACKEND, MODEL, STATUS)
    return httpx.Response(200)


def refusing(down: str) -> Ask:
    """Everything is up but this."""

    def ask(url: str, authorization: str | None) -> httpx.Response:
        if url == down:
            raise httpx.ConnectError("Connection refused")
        return healthy(url, authorization)

    return ask


class DownLabelStudio(FakeLabelStudio):
    """Answers nothing but this error."""

    error = LabelStudioError("can't be reached")

    def find_project(self, title: str) -> Json | None:
        raise self.error


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return config_in(tmp_path)


def test_it_counts_tasks_not_annotations(config: Config) -> None:
    client = FakeLabelStudio()
    tasks = [client.add() for _ in range(6)]
    for task in tasks[:4]:
        client.predict(task)
        client.predict(task)
    client.annotate(tasks[0])
    client.annotate(tasks[0])
    client.annotate(tasks[1], was_cancelled=True)
    client.annotate(tasks[2], was_cancelled=True)
    client.annotate(tasks[2])
    found = status(config, client, healthy)
    assert found.project is not None
    assert (found.project.tasks, found.project.drafted) == (6, 4)
    assert (found.project.labelled, found.project.skipped) == (2, 1)
    assert found.label_studio.up
    assert found.backend.up


class BesideItsReviews(FakeLabelStudio):
    """The project and the queue of the tier `peer`, which hold the same tasks here."""

    def find_project(self, title: str, include: Sequence[str] = ()) -> Json | None:
        if title == f"{self.title} review: peer":
            return {**(super().find_project(self.title) or {}), "title": title}
        return super().find_project(title, include)


def test_reviews_that_wait_are_counted(config: Config) -> None:
    assert status(config, FakeLabelStudio(), healthy).reviews == ()
    client = BesideItsReviews()
    tasks = [client.add() for _ in range(5)]
    client.annotate(tasks[0])
    client.annotate(tasks[1], was_cancelled=True)  # so that its author does not get it
    found = status(config, client, healthy)
    assert [(each.tier, each.waiting, each.decided) for each in found.reviews] == [("peer", 4, 1)]
    assert "peer: 4 waiting, 1 decided, in 'Support answers review: peer'" in _lines(found, "P")


def test_nothing_done_yet_is_shown_as_such(config: Config) -> None:
    found = status(config, FakeLabelStudio("Another"), healthy)
    assert found.label_studio.up
    assert found.project is None
    assert (found.table.version, found.table.rows, found.table.pulled_at) == (None, 0, None)
    assert (found.findings, found.checked_at, found.exported) == (None, None, None)


def test_what_was_done_last_is_remembered(config: Config) -> None:
    client = FakeLabelStudio()
    client.add()
    pull(config, client)
    (config.data_dir / "findings.jsonl").write_text("{}\n{}\n")
    last_runs.note(data_folder(config), "check", {})
    last_runs.note(data_folder(config), "export", {"path": "somewhere"})
    found = status(config, client, healthy)
    assert (found.table.version, found.table.rows) == (0, 1)
    assert found.table.pulled_at is not None
    assert found.findings == 2
    assert found.exported is not None
    assert found.exported["path"] == "somewhere"


@pytest.mark.parametrize("code", [None, 500, 502])
def test_a_label_studio_that_fails_is_a_state(config: Config, code: int | None) -> None:
    client = DownLabelStudio()
    client.error = LabelStudioError("no answer in time", code)
    found = status(config, client, healthy)
    assert not found.label_studio.up
    assert found.label_studio.detail == "no answer in time"
    assert found.project is None


def test_a_label_studio_that_is_down_is_not_asked_again(config: Config) -> None:
    client = FakeLabelStudio()
    found = status(config, client, refusing(LABEL_STUDIO))
    assert (found.label_studio.up, found.label_studio.detail) == (False, "Connection refused")
    assert found.backend.up
    assert client.history == []


@pytest.mark.parametrize("code", [401, 403])
def test_a_refused_key_is_an_error(config: Config, code: int) -> None:
    client = DownLabelStudio()
    client.error = LabelStudioError("refused the key", code)
    with pytest.raises(LabelStudioError, match="refused the key"):
        status(config, client, healthy)


def test_a_backend_that_is_down_is_a_state(config: Config) -> None:
    found = status(config, FakeLabelStudio(), refusing(BACKEND))
    assert (found.backend.up, found.backend.detail) == (False, "Connection refused")
    assert found.label_studio.up


def test_a_backend_that_fails_is_down(config: Config) -> None:
    found = status(config, FakeLabelStudio(), lambda *_: httpx.Response(503))
    assert (found.backend.up, found.backend.detail) == (
        False,
        f"{BACKEND} answered 503",
    )


@pytest.mark.parametrize(
    ("code", "detail"), [(401, "it refuses OPENAI_API_KEY"), (500, "answered 500")]
)
def test_a_model_endpoint_that_fails_is_down(config: Config, code: int, detail: str) -> None:
    asked: list[tuple[str, str | None]] = []

    def ask(url: str, authorization: str | None) -> httpx.Response:
        asked.append((url, authorization))
        return httpx.Response(code if url.endswith("/models") else 200)

    found = status(
        config.model_copy(update={"env": {"OPENAI_API_KEY": "k"}}), FakeLabelStudio(), ask
    )
    assert found.backend.up
    assert not found.model.up
    assert detail in found.model.detail
    assert asked[-1] == (f"{config.llm.base_url}/models", "Bearer k")
    assert {sent for _, sent in asked[:-1]} == {None}, "no other service sees the key"


def listing(*models: str) -> Ask:
    """A model server that lists these; everything else is up."""

    def ask(url: str, authorization: str | None) -> httpx.Response:
        served = {"data": [{"id": model} for model in models]}
        return httpx.Response(200, json=served if url == MODEL else None)

    return ask


def test_a_model_that_is_not_served_is_told(config: Config) -> None:
    found = status(config, FakeLabelStudio(), listing("smollm2-135m", "another")).model
    assert (found.up, found.serves) == (True, ("smollm2-135m", "another"))
    assert found.problem is not None
    assert found.problem.startswith(f"llm.model is {config.llm.model!r}, but {config.llm.base_url}")
    assert "serves 'smollm2-135m', 'another'" in found.problem
    shown = _lines(status(config, FakeLabelStudio(), listing("another")), "P")
    assert (
        f"Model         {config.llm.base_url} is up and serves another\n              llm.model is"
    ) in shown
    many = _lines(status(config, FakeLabelStudio(), listing(*map(str, range(9)))), "P")
    assert f"Model         {config.llm.base_url} is up\n" in many


def test_a_model_that_is_served_is_no_problem(config: Config) -> None:
    for ask in (listing(config.llm.model), listing(), healthy):
        assert status(config, FakeLabelStudio(), ask).model.problem is None


def test_what_the_backend_says_of_itself(config: Config) -> None:
    said = {
        "queue": {"waiting": 12, "scheduled": 0},
        "workers": [{"alive": True}, {"alive": False}],
        "problems": ["Project 1 has reached its budget."],
    }

    def ask(url: str, authorization: str | None) -> httpx.Response:
        return httpx.Response(200, json=said) if url == STATUS else healthy(url, authorization)

    found = status(config, FakeLabelStudio(), ask).backend
    assert (found.up, found.waiting, found.workers_alive) == (True, 12, 1)
    assert found.problems == ("Project 1 has reached its budget.",)


@pytest.mark.parametrize("said", ["", "[]", "{}", '{"queue": {"waiting": "many"}}', "null"])
def test_a_backend_without_a_status_is_up_all_the_same(config: Config, said: str) -> None:
    def ask(url: str, authorization: str | None) -> httpx.Response:
        return httpx.Response(200, text=said)

    found = status(config, FakeLabelStudio(), ask).backend
    assert (found.up, found.waiting, found.problems) == (True, None, ())


def test_the_backend_s_credentials_go_to_the_backend_alone(config: Config) -> None:
    asked: dict[str, str | None] = {}

    def ask(url: str, authorization: str | None) -> httpx.Response:
        asked[url] = authorization
        return healthy(url, authorization)

    env = {"LABELTUNE_BACKEND_USER": "u", "LABELTUNE_BACKEND_PASSWORD": "p"}
    status(config.model_copy(update={"env": env}), FakeLabelStudio(), ask)
    assert asked == {LABEL_STUDIO: None, BACKEND: "Basic dTpw", STATUS: "Basic dTpw", MODEL: None}


def test_a_backend_that_refuses_the_credentials_is_down(config: Config) -> None:
    def ask(url: str, authorization: str | None) -> httpx.Response:
        return httpx.Response(401) if url == BACKEND else healthy(url, authorization)

    found = status(config, FakeLabelStudio(), ask).backend
    assert not found.up
    assert found.detail == "it refuses LABELTUNE_BACKEND_USER and LABELTUNE_BACKEND_PASSWORD"


# --- watching


def test_an_interval_needs_watching(tmp_path: Path) -> None:
    done = CliRunner().invoke(command, ["--interval", "5"])
    assert done.exit_code == 2
    assert "--interval needs --watch" in done.output


def test_a_line_for_each_change_and_none_for_the_rest() -> None:
    progress = DraftingProgress(64, 17, 0, 47)
    looks = [Seen(progress, changed=True), Seen(progress, changed=False), Seen(None, changed=True)]
    lines: list[str] = []
    _tell_changes(looks, "P", lines.append, as_json=False)
    assert [line.partition(" ")[2] for line in lines] == [
        "'P': drafted 17 of 64",
        "'P': Label Studio has no such project yet",
    ]
    lines.clear()
    _tell_changes(looks, "P", lines.append, as_json=True)
    assert [json.loads(line)["tasks"] for line in lines] == [64, None]


def test_watching_ends_well_and_outlives_services_that_are_down(tmp_path: Path) -> None:
    """As a process, since its end by a signal is what is tested; nothing listens."""
    (tmp_path / "labeltune.toml").write_text(
        f'[label_studio]\nurl = "{unused_url()}"\n[backend]\nurl = "{unused_url()}"\n'
    )
    (tmp_path / ".env").write_text(f"LABEL_STUDIO_API_KEY={'0' * 40}\n")
    process = start_labeltune(tmp_path, "status", "--watch", "--interval", "1")
    assert process.stderr is not None
    said = process.stderr.readline()
    assert "can't be reached" in said
    assert "trying again every 1 s" in said
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (0, "", "")


def test_an_order_that_does_not_reach_annotators_is_told(config: Config) -> None:
    class Sequential(FakeLabelStudio):
        def find_project(self, title: str, include: Sequence[str] = ()) -> Json | None:
            found = super().find_project(title, include)
            return found and {**found, "sampling": "Sequential sampling"}

    assert "\nOrder " not in _lines(status(config, FakeLabelStudio(), healthy), "Support answers")
    said = _lines(status(config, Sequential(), healthy), "Support answers")
    assert "\nOrder         Label Studio hands out tasks in the order of their numbers" in said


@pytest.mark.parametrize(
    ("acceptance", "told"),
    [
        (
            {"by": "prior", "why": "12 drafts are finished, 50 are needed to learn from"},
            "by the model's own signals: 12 drafts are finished, 50 are needed to learn from",
        ),
        (
            {"by": "calibrator", "judged": 1320, "auroc": 0.812, "calibration_error": 0.034},
            "by what experts did with 1,320 drafts; on held-back ones AUROC 0.81, calibration "
            "error 0.03",
        ),
        (
            {"by": "calibrator", "judged": 60, "auroc": None, "calibration_error": None},
            "by what experts did with 60 drafts",
        ),
    ],
)
def test_what_drafts_are_scored_by_is_told(
    config: Config, acceptance: dict[str, object], told: str
) -> None:
    said = {
        "queue": {"waiting": 0},
        "workers": [],
        "problems": [],
        "projects": [{"id": 6, "acceptance": None}, {"id": PROJECT_ID, "acceptance": acceptance}],
    }

    def ask(url: str, authorization: str | None) -> httpx.Response:
        return httpx.Response(200, json=said) if url == STATUS else healthy(url, authorization)

    found = _lines(status(config, FakeLabelStudio(), ask), "Support answers")
    assert f"\nScores        {told}\n" in found
    assert "\nScores" not in _lines(status(config, FakeLabelStudio(), healthy), "")


def test_who_is_flagged_is_told(config: Config) -> None:
    client = FakeLabelStudio()
    assert "People" not in _lines(status(config, client, healthy), "Support answers")
    wrong = AgreedShare(3, 12, 0.09, 0.53)
    people = [
        PersonRecord(4, "qualified", gold=AgreedShare(12, 12, 0.76, 1.0)),
        PersonRecord(7, "flagged", "2026-11-21T12:00:00+00:00", gold=wrong),
    ]
    note_people(data_folder(config), people, 3)
    found = status(config, client, healthy)
    assert len(found.flags) == 1
    assert "annotator 7: 3 of 12 answers" in _lines(found, "Support answers")
