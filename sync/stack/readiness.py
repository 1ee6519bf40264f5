"""Wait until the parts of a stack answer."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import httpx
from tenacity import RetryError, Retrying, retry_if_result, stop_after_delay, wait_fixed

from sync.common.errors import StackError


@dataclass(frozen=True)
class Probe:
    """A URL that answers 200 once its part is ready."""

    title: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    def is_ready(self) -> bool:
        """Ask once."""
        try:
            # no proxy: the part is on this machine
            with httpx.Client(timeout=2.0, trust_env=False) as client:
                return client.get(self.url, headers=self.headers).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False


# (title -> ready?, seconds since the start)
Show = Callable[[Mapping[str, bool], float], None]


def wait_until_ready(
    probes: Sequence[Probe],
    check_alive: Callable[[], None],
    show: Show,
    limit_s: float = 240.0,
    every_s: float = 0.5,
) -> None:
    """Ask all probes again and again until each has answered.

    Args:
        check_alive: raises when a part has died, so that nobody waits for it.
        show: told how things stand after each round.
        limit_s: seconds for all of them together; Label Studio's first start on a slow machine
            takes a good minute.

    Raises:
        StackError: a part was not ready in time.
    """
    began = time.monotonic()
    ready = {probe.title: False for probe in probes}

    def ask() -> list[str]:
        check_alive()
        for probe in probes:
            ready[probe.title] = ready[probe.title] or probe.is_ready()
        show(ready, time.monotonic() - began)
        return [title for title, is_ready in ready.items() if not is_ready]

    waiting = Retrying(
        retry=retry_if_result(bool), stop=stop_after_delay(limit_s), wait=wait_fixed(every_s)
    )
    try:
        waiting(ask)
    except RetryError as error:
        late = ", ".join(title for title, is_ready in ready.items() if not is_ready)
        raise StackError(
            f"not ready after {limit_s:.0f} s: {late}; see .labeltune/logs, then run "
            "`labeltune up` again"
        ) from error
