"""Whether a llama.cpp server's chat template shows a model the tools that a request holds.

Where it does not, the server takes them and passes them over in silence. It says so under `/props`,
which other servers don't have: only those are asked whose answers look like its.
"""

import json
import re
from typing import Any

import openai

_TIMEOUT_S = 5.0


class ChatTemplates:
    """What the chat templates of one server's models do with tools; each is asked about once."""

    def __init__(self, client: openai.OpenAI) -> None:
        self._client = client
        self._pass_over: dict[str, bool] = {}

    def pass_over_tools(self, model: str, content: bytes) -> bool:
        """Whether a model is not told of tools; False where nobody can tell.

        Args:
            content: of the server's answer to a request with tools.
        """
        if b'"timings"' not in content:  # as llama.cpp has them
            return False
        if model not in self._pass_over:
            self._pass_over[model] = not self._shows_tools()
        return self._pass_over[model]

    def _shows_tools(self) -> bool:
        url = f"{re.sub(r'/v1/?$', '', str(self._client.base_url)).rstrip('/')}/props"
        options: Any = {"timeout": _TIMEOUT_S, "max_retries": 0}
        try:
            told = json.loads(self._client.get(url, cast_to=bytes, options=options))
            return bool(told["chat_template_caps"]["supports_tools"])
        except (openai.APIError, ValueError, LookupError, TypeError):
            return True
