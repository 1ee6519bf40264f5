"""Have the local model read the guidelines while Label Studio still starts.

Every draft of a project begins with its guidelines, and the model server keeps what it has read, in
each of its slots by itself. Asked for as many replies as there are slots, it reads once for all of
them, so that the first drafts, which are written side by side, need not read the guidelines again.
"""

import logging
import threading

import httpx

from sync.stack.llm_server import SLOTS
from sync.stack.readiness import Probe, wait_until_ready

log = logging.getLogger(__name__)


def warm_up(llm_url: str, model: str, key: str | None, guidelines: str) -> None:
    """Begin in the background; a failure costs nothing but the gain.

    Args:
        llm_url: of the local model, ending in `/v1`.
    """
    threading.Thread(target=_read, args=(llm_url, model, key, guidelines), daemon=True).start()


def _read(llm_url: str, model: str, key: str | None, guidelines: str) -> None:
    try:
        probe = Probe("model", llm_url.removesuffix("/v1") + "/health")
        wait_until_ready([probe], lambda: None, lambda ready, seconds: None, limit_s=60.0)
        with httpx.Client(timeout=120.0, trust_env=False) as client:
            client.post(
                f"{llm_url}/chat/completions",
                headers={"Authorization": f"Bearer {key}"},
                json={
                    "model": model,
                    "messages": [
                        {"role": "system", "content": guidelines},
                        {"role": "user", "content": "Ready?"},
                    ],
                    "max_tokens": 1,
                    "n": SLOTS,
                },
            ).raise_for_status()
    except Exception as error:  # noqa: BLE001 - only a head start is lost
        log.debug("the model was not warmed up: %s", type(error).__name__)
