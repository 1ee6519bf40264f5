"""Logging of both processes: one line an event, never keys, headers, prompts or task text."""

import logging
import os


def configure() -> None:
    """Set the root logger from LABELTUNE_LOG (default INFO); libraries stay quiet below that."""
    logging.basicConfig(
        level=os.environ.get("LABELTUNE_LOG", "INFO").upper(),
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    # httpx logs every request at INFO; huey logs every job with its arguments at INFO
    for noisy in ("httpx", "httpx2", "httpcore", "huey", "openai", "sentence_transformers"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
