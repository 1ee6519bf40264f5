"""The reply cache: a model is never paid twice for the same reply."""

import contextlib
import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cachelib import FileSystemCache, RedisCache
from cachelib.base import BaseCache
from huey.api import Huey

from connectors.llm_replies import Reply
from connectors.llm_turns import PromptMessage

# replies hold text of tasks: not for ever
KEPT_S = 30 * 86400
TIDY_EVERY_S = 86400.0


class _Files(FileSystemCache):
    """A folder of replies from which old ones are deleted; cachelib only stops to read them."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder), threshold=0, default_timeout=KEPT_S)
        self._folder = folder
        self._tidy_at = 0.0  # by the monotonic clock

    def set(self, key: str, value: Any, *more: Any, **options: Any) -> Any:
        now = time.monotonic()
        if now >= self._tidy_at:
            self._tidy_at = now + TIDY_EVERY_S
            self._delete_old()
        return super().set(key, value, *more, **options)

    def _delete_old(self) -> None:
        oldest = time.time() - KEPT_S
        for path in self._folder.iterdir():
            # another worker may be deleting, too
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime < oldest:
                    path.unlink()


class Replies:
    """Keeps replies by a digest of everything that shapes them."""

    def __init__(self, cache: BaseCache) -> None:
        self._cache = cache

    @classmethod
    def beside(cls, queue: Huey) -> "Replies":
        """Open the cache in a folder beside the queue's SQLite file, or on its Redis server."""
        kwargs = queue.storage_kwargs
        if "url" in kwargs:
            cache: BaseCache = RedisCache(
                host=queue.storage.conn, key_prefix="labeltune-reply:", default_timeout=KEPT_S
            )
        else:
            cache = _Files(Path(kwargs["filename"]).with_suffix(".replies"))
        return cls(cache)

    def get(self, key: str) -> Reply | None:
        """A reply that was paid for already, or None."""
        raw = self._cache.get(key)
        return None if raw is None else Reply.from_json(json.loads(raw))

    def put(self, key: str, reply: Reply) -> None:
        """Keep a reply."""
        self._cache.set(key, json.dumps(reply.to_json()))

    def prompt(self, key: str) -> list[PromptMessage] | None:
        """The prompt that a draft was made by, or None."""
        raw = self._cache.get(f"prompt:{key}")
        return None if raw is None else list(json.loads(raw))

    def put_prompt(self, key: str, messages: Sequence[PromptMessage]) -> None:
        """Keep a draft's prompt: further samples of another one would not go with the first."""
        self._cache.set(f"prompt:{key}", json.dumps(messages))


def reply_key(base_url: str, request: Mapping[str, Any]) -> str:
    """A digest of a request: endpoint, model, messages, schema, sampling parameters.

    Args:
        request: plain values.
    """
    shape = json.dumps([base_url, request], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(shape.encode("utf-8", "surrogatepass")).hexdigest()
