"""/status: JSON for machines, a page for people."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib import metadata

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from drafting.draft_version import model_version
from drafting.project_settings import ProjectSettings
from ml_backend.service.operations import operations
from ml_backend.service.refusals import answer_errors
from ml_backend.service.state import BackendState, project_state
from ml_backend.service.status_page import problems
from ml_backend.store.figures import NAMES, Figures, LastError
from ml_backend.work.jobs import Jobs
from tests.ml_backend.calls import refusal
from tests.ml_backend.states import HOSTILE, busy, idle

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def serving(state: BackendState) -> FlaskClient:
    app = Flask("ml_backend.service.app")
    answer_errors(app)
    app.register_blueprint(operations(lambda: state, "1.2.3", lambda projects: {}))
    return app.test_client()


# --- as JSON


@pytest.mark.parametrize("accept", ["application/json", "*/*", "", "application/json, text/html"])
def test_json_by_default(accept: str) -> None:
    answer = serving(busy()).get("/status", headers={"Accept": accept})
    assert answer.mimetype == "application/json"
    assert answer.json["version"] == "1.2.3"


def test_the_query_decides_before_the_header() -> None:
    client = serving(busy())
    assert client.get("/status?format=json", headers=BROWSER).mimetype == "application/json"
    assert client.get("/status?format=html").mimetype == "text/html"
    assert client.get("/status", headers=BROWSER).mimetype == "text/html"
    assert "'json' or 'html'" in refusal(client.get("/status?format=xml"), 400)


def test_what_it_tells() -> None:
    said = serving(busy()).get("/status").json
    assert said["queue"] == {"waiting": 1234, "scheduled": 3}
    assert [worker["alive"] for worker in said["workers"]] == [True, False]
    first, second, third = said["projects"]
    assert first["counts"].keys() == set(NAMES)
    assert (first["drafted_lately"], first["today"]["drafted"]) == (42, 7)
    assert (first["counts"]["refined"], first["refining"], third["refining"]) == (2000, 31, 0)
    assert (first["cost"], first["cost_today"]) == (12.345678, 0.25)
    assert first["budget"] == {"per_day": 5.0, "in_all": 100.0, "state": "within"}
    assert second["budget"]["state"] == "reached"
    assert third["budget"] is None
    assert said["model_servers"][0]["lacks"] == ["logprobs", "n"]
    assert said["errors"][0]["at"] == "2026-11-21T22:25:40Z"
    assert [error["task_id"] for error in said["errors"]] == [17, None]
    assert said["uptime_s"] >= 0


def test_how_far_scores_can_be_relied_on() -> None:
    client = serving(busy())
    first, second, _ = (p["acceptance"] for p in client.get("/status").json["projects"])
    assert (first["by"], first["judged"], first["accepted"]) == ("calibrator", 312, 140)
    assert (first["auroc"], first["auroc_low"], first["auroc_high"]) == (0.82, 0.77, 0.86)
    assert (first["calibration_error"], first["calibration_error_by_chance"]) == (0.043, 0.041)
    assert first["learnt_at"] == "2026-11-21T22:25:10Z"
    assert (second["by"], second["auroc"], second["learnt_at"]) == ("prior", None, None)
    assert second["why"] == "nothing is finished yet"
    page = client.get("/status", headers=BROWSER).text
    for shown in (
        "0.82 (0.77 to 0.86)",
        "0.043",
        "better than the prior",
        "nothing is finished yet",
    ):
        assert shown in page


def test_problems_are_named() -> None:
    assert problems(busy()) == [
        "Project 22 is not drafted at present, what is ready is still served: "
        "llm.budget of 0.5 is spent (0.50); raise it"
    ]
    (said,) = problems(idle())
    assert said.startswith("No worker is alive")


def test_the_service_reads_its_own_queue(client: FlaskClient, web_jobs: Jobs) -> None:
    Figures(web_jobs.drafts).error(LastError(1, 5, "no reply fits"))
    web_jobs.sweep(1)
    said = client.get("/status").json
    assert said["version"] == metadata.version("labeltune")
    assert sum(said["queue"].values()) == 1
    assert [error["said"] for error in said["errors"]] == ["no reply fits"]


def test_the_service_tells_who_works_and_what_does_not(
    client: FlaskClient, jobs: Jobs, web_jobs: Jobs, project: ProjectSettings
) -> None:
    """As the worker left it in the queue's store."""
    jobs.projects.remember(1, project)
    jobs.projects.stop(1, "the model refused OPENAI_API_KEY", 60)
    jobs.ledger.mark_failed("v1:7:0", 1, 7, "no reply fits")
    jobs.projects.remember_model_server("http://me:secret@llm/v1/", "m", {"lacks": ["no logprobs"]})
    said = client.get("/status").json
    (worker,) = said["workers"]
    assert (worker["id"], worker["alive"]) == ("w1", True)
    (shown,) = said["projects"]
    assert shown["model_version"] == model_version(project)
    assert said["problems"] == [
        "Project 1 is not drafted at present, what is ready is still served: "
        "the model refused OPENAI_API_KEY"
    ]
    assert [(f["task_id"], f["reason"]) for f in said["undrafted"]] == [(7, "no reply fits")]
    assert said["model_servers"] == [{"url": "http://llm/v1/ m", "lacks": ["no logprobs"]}]
    assert "no reply fits" in client.get("/status?format=html").text


def test_a_project_is_what_was_counted_of_it(web_jobs: Jobs) -> None:
    figures = Figures(web_jobs.drafts)
    figures.add("drafted", 7, 3)
    figures.add("cost_micros", 7, 1_500_000)
    figures.add("drafted", 8)
    found = project_state(figures, 7, "v")
    assert (found.counts["drafted"], found.today["drafted"], found.drafted_lately) == (3, 3, 3)
    assert (found.cost, found.cost_today) == (1.5, 1.5)


# --- as a page


class Texts(HTMLParser):
    """The texts and tags of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_the_page_escapes_what_it_shows() -> None:
    page = serving(busy()).get("/status?format=html")
    assert HOSTILE not in page.text
    found = Texts(page.text)
    assert "script" not in found.tags
    assert sum(HOSTILE in text for text in found.texts) == 2


@pytest.mark.parametrize("state", [busy(), idle()], ids=["busy", "idle"])
def test_the_page_needs_nothing_else(state: BackendState) -> None:
    answer = serving(state).get("/status?format=html")
    assert not re.search(r"(src|href)=|url\(|@import", answer.text)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert '<meta http-equiv="refresh" content="10">' in answer.text


def test_the_page_tells_what_the_json_tells() -> None:
    page = " ".join(" ".join(Texts(serving(busy()).get("/status?format=html").text).texts).split())
    for told in (
        "UP for", "version 1.2.3", "1,234", "Project 22 is not drafted at present", "host-a:4711",
        "alive", "gone", "logprobs, n", "none of 4 replies fits", "within, 5.0 a day, 100.0 in all",
        "12.35", "chat_response-qwen2.5-coder-1.5b-instruct-3f2a9c01", "unknown",
    ):  # fmt: skip
        assert told in page


@pytest.fixture
def shown(browser: Browser) -> Iterator[str]:
    """The page, as a browser's console complains about it in both themes."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    html = serving(busy()).get("/status?format=html").text
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        page.set_content(html)
        complaints.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        wide = page.evaluate(
            "[...document.querySelectorAll('html, .table')]"
            ".filter(e => e.scrollWidth > e.clientWidth).length"
        )
        complaints += ["something has to be scrolled sideways"] if wide else []
    context.close()
    yield "\n".join(complaints)


@pytest.mark.browser
def test_the_page_in_both_themes(shown: str) -> None:
    assert shown.splitlines() == ["rgb(246, 246, 248)", "rgb(23, 23, 27)"]
