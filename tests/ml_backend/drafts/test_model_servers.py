"""What is known of model servers, from one worker to the next."""

import threading
from dataclasses import asdict

from connectors.llm import Capabilities
from ml_backend.drafts.model_servers import ModelServers
from ml_backend.settings import BackendSettings
from ml_backend.work.jobs import Jobs

URL = "http://llm.example/v1/"


def test_the_next_worker_knows_what_one_found_out(jobs: Jobs) -> None:
    endpoints = ModelServers(BackendSettings(llm_key="k"), jobs.projects)
    client = endpoints.client(URL)
    client.restore("m", Capabilities(logprobs=False))
    endpoints.tell(client, "m")
    (told,) = jobs.projects.model_servers()
    assert (told["url"], told["model"]) == (URL, "m")
    assert told["lacks"] == Capabilities(logprobs=False).lacking()
    later = ModelServers(BackendSettings(llm_key="k"), jobs.projects).client(URL)
    assert later.capabilities("m") == Capabilities(logprobs=False)
    assert later.capabilities("other") == Capabilities()


def test_what_another_version_knew_does_no_harm(jobs: Jobs) -> None:
    kept = asdict(Capabilities(n=1)) | {"telepathy": True}
    del kept["temperature"]
    jobs.projects.remember_model_server(URL, "m", {"capabilities": kept, "lacks": []})
    client = ModelServers(BackendSettings(llm_key="k"), jobs.projects).client(URL)
    assert client.capabilities("m") == Capabilities(n=1)


def test_one_client_a_server(jobs: Jobs) -> None:
    endpoints = ModelServers(BackendSettings(llm_key="k"), jobs.projects)
    assert endpoints.client(URL) is endpoints.client(URL)
    assert endpoints.client(URL) is not endpoints.client("http://other.example/v1/")
    own = ModelServers(BackendSettings(llm_base_url=URL, llm_key="k"), jobs.projects)
    assert own.client("http://other.example/v1/").base_url == URL


def test_further_samples_never_take_the_last_slot(jobs: Jobs) -> None:
    """Three of one call and three of another would be more than four of five."""
    endpoints = ModelServers(BackendSettings(llm_key="k", concurrency=5), jobs.projects)
    began = threading.Event()

    def draw_more() -> None:
        with endpoints.further_slots(3):
            began.set()

    with endpoints.further_slots(3):
        other = threading.Thread(target=draw_more)
        other.start()
        assert not began.wait(0.1)
        with endpoints.slots:  # an annotator waits for no one
            pass
    assert began.wait(10)
    other.join()


def test_one_call_for_more_samples_than_slots_is_let_through(jobs: Jobs) -> None:
    for concurrency in (1, 2, 4):
        settings = BackendSettings(llm_key="k", concurrency=concurrency)
        endpoints = ModelServers(settings, jobs.projects)
        for _ in range(2):
            with endpoints.further_slots(15):
                free = endpoints.slots.acquire(blocking=False)
                assert free == (concurrency > 1)
            if free:
                endpoints.slots.release()


def test_the_first_requests_are_alone_where_that_is_asked_for(jobs: Jobs) -> None:
    settings = BackendSettings(llm_key="k", concurrency=3, first_alone=2)
    slots = ModelServers(settings, jobs.projects).slots
    for _ in range(2):
        with slots:
            assert not slots.acquire(blocking=False)
    assert [slots.acquire(blocking=False) for _ in range(4)] == [True, True, True, False]
    slots.release()
    assert [slots.acquire(blocking=False) for _ in range(2)] == [True, False]
