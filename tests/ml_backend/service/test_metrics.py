"""/metrics: Prometheus' text form of the shared figures."""

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from ml_backend.service.metrics import BackendCollector, metrics_text
from ml_backend.service.state import BackendState
from ml_backend.store.figures import NAMES
from tests.ml_backend.states import AT, busy, idle


def samples(state: BackendState) -> dict[tuple[str, str], float]:
    """(name, project or version) -> value, as Prometheus reads them."""
    text = metrics_text(BackendCollector(lambda: state, "1.2.3", AT)).decode()
    return {
        (sample.name, next(iter(sample.labels.values()), "")): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_what_a_scrape_finds() -> None:
    found = samples(busy())
    expected = {
        ("labeltune_build_info", "1.2.3"): 1,
        ("labeltune_start_time_seconds", ""): AT,
        ("labeltune_jobs_waiting", ""): 1234,
        ("labeltune_jobs_scheduled", ""): 3,
        ("labeltune_workers_alive", ""): 1,
        ("labeltune_worker_slots", ""): 4,
        ("labeltune_drafts_total", "1"): 1000,
        ("labeltune_drafts_total", "22"): 5,
        ("labeltune_drafts_refined_total", "1"): 2000,
        ("labeltune_drafts_refining", "1"): 31,
        ("labeltune_drafts_refining", "22"): 0,
        ("labeltune_cost_total", "1"): 12.345678,
        ("labeltune_budget_reached", "1"): 0,
        ("labeltune_budget_reached", "22"): 1,
        ("labeltune_acceptance_calibrated", "1"): 1,
        ("labeltune_acceptance_judged", "1"): 312,
        ("labeltune_acceptance_auroc", "1"): 0.82,
        ("labeltune_acceptance_calibration_error", "1"): 0.043,
        ("labeltune_acceptance_learnt_time_seconds", "1"): AT - 90,
    }
    assert expected.items() <= found.items()
    assert ("labeltune_acceptance_auroc", "22") not in found
    assert ("labeltune_budget_reached", "33") not in found


def test_every_figure_is_there_once() -> None:
    counters = {name for name, _ in samples(busy()) if name.endswith("_total")}
    assert len(counters) == len(NAMES)


@pytest.mark.parametrize("state", [busy(), idle()], ids=["busy", "idle"])
def test_every_metric_has_help_and_a_type(state: BackendState) -> None:
    text = metrics_text(BackendCollector(lambda: state, "1.2.3", AT)).decode()
    families = list(text_string_to_metric_families(text))
    assert len({family.name for family in families}) == len(families) >= 17
    for family in families:
        assert family.name.startswith("labeltune_")
        assert family.documentation.endswith(".")
        assert family.type in ("counter", "gauge")
        assert (family.type == "counter") == (f"# TYPE {family.name}_total counter" in text)


def test_the_route_answers_prometheus(client: FlaskClient) -> None:
    answer = client.get("/metrics")
    assert answer.content_type == "text/plain; version=0.0.4; charset=utf-8"
    assert "labeltune_jobs_waiting 0.0" in answer.text
