"""Have the local model read the guidelines while Label Studio still starts.

Every draft of a project begins with its guidelines, and the model server keeps what it has read, in
each of its slots by itself. One slot reads; the others get a copy of its state, which takes some
milliseconds where reading takes ten seconds and more on two cores.
"""

import logging
import threading
from pathlib import Path

import httpx

from sync.stack.llm_server import SLOTS
from sync.stack.readiness import Probe, wait_until_ready

log = logging.getLogger(__name__)

_FILE = "guidelines"


def warm_up(llm_url: str, model: str, key: str | None, guidelines: str, slot_folder: Path) -> None:
    """Begin in the background; a failure costs nothing but the gain.

    Args:
        llm_url: of the local model, ending in `/v1`.
        slot_folder: that the server was started with.
    """
    threading.Thread(
        target=read, args=(llm_url, model, key, guidelines, slot_folder), daemon=True
    ).start()


def read(
    llm_url: str,
    model: str,
    key: str | None,
    guidelines: str,
    slot_folder: Path,
    limit_s: float = 60.0,
) -> None:
    """Have all slots of the server know the guidelines, once it answers.

    Args:
        limit_s: how long to wait for the server.
    """
    server = llm_url.removesuffix("/v1")
    try:
        probe = Probe("model", f"{server}/health")
        wait_until_ready([probe], lambda: None, lambda ready, seconds: None, limit_s=limit_s)
        headers = {"Authorization": f"Bearer {key}"}
        with httpx.Client(timeout=120.0, trust_env=False, headers=headers) as client:
            client.post(
                f"{llm_url}/chat/completions",
                json={
                    "model": model,
                    "messages": [
                        {"role": "system", "content": guidelines},
                        {"role": "user", "content": "Ready?"},
                    ],
                    "max_tokens": 1,
                    "id_slot": 0,
                },
            ).raise_for_status()
            for slot in range(SLOTS):
                action = "restore" if slot else "save"
                client.post(
                    f"{server}/slots/{slot}", params={"action": action}, json={"filename": _FILE}
                ).raise_for_status()
    except Exception as error:  # noqa: BLE001 - only a head start is lost
        log.debug("the model was not warmed up: %s", type(error).__name__)
    finally:
        (slot_folder / _FILE).unlink(missing_ok=True)
