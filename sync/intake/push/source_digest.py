"""Which part of a task comes from its source, and whether two tasks agree in it."""

import json
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from label_configs import Interface
from sync.common.source_task import ID_FIELD

Data = Mapping[str, Any]


class SourceFields:
    """The fields of a project's tasks that their sources speak of.

    Guidelines are the project's, and what only the page needs is made from the rest.

    Attributes:
        page: fields that the page needs and no source holds.
    """

    def __init__(self, interface: Interface[Any]) -> None:
        completed = interface.complete_task(interface.example)
        made = interface.drafted_fields.keys() | interface.shown_fields(completed).keys()
        self.page = frozenset(completed.keys() - interface.example.keys())
        given = self.page | {"context", "documents", "guidelines"}
        self._completed = {ID_FIELD: "", **{name: completed[name] for name in given}}
        self._others = frozenset(made | {ID_FIELD, "guidelines"})

    def digest(self, data: Data) -> bytes:
        """16 bytes that are equal where two tasks say the same, completed or not."""
        own = {
            key: value
            for key, value in data.items()
            # completing a task adds an empty context
            if key not in self._others and value not in ({}, [], "", None)
        }
        return blake2b(json.dumps(own, sort_keys=True).encode(), digest_size=16).digest()

    def as_completed(self, data: Data) -> dict[str, Any]:
        """The fields of the completed task; those that completing makes are an example's."""
        given = {name: value for name, value in data.items() if name not in self.page}
        return {**self._completed, **given}
