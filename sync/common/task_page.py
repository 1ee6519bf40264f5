"""The page of a task in Label Studio."""

from collections.abc import Callable


def pages_of(url: str, project_id: int) -> Callable[[int], str]:
    """From a task's id to its page, without a client.

    Args:
        url: of Label Studio.
    """
    base = f"{url.rstrip('/')}/projects/{project_id}/data?task="
    return lambda task_id: f"{base}{task_id}"
