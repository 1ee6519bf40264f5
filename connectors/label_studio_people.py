"""Users and single annotations of Label Studio: who there is, who skips what, whose work counts."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from connectors.errors import LabelStudioError
from connectors.label_studio_http import Transport
from connectors.task_pages import Json

_DUPLICATE = 409


class PeoplesWork:
    """The part of the client that knows users and single annotations."""

    _http: Transport

    def users(self) -> list[Json]:
        """Everybody in the organization of the key, with `id` and `email`."""
        return self._http.list("GET", "api/users/")

    def skip_for(self, task_id: int, user_id: int, unique_id: UUID) -> bool:
        """Skip a task in somebody's name, so that "Label All Tasks" never gives it to them.

        Others get it all the same, and it counts for nothing. Safe to repeat: Label Studio takes
        one annotation of an id, and no other.

        Returns:
            False where it was there already.
        """
        skipped = {
            "result": [],
            "was_cancelled": True,
            "completed_by": user_id,
            "unique_id": str(unique_id),
        }
        return self._annotate(task_id, skipped)

    def annotate_as(self, task_id: int, fields: Mapping[str, Any], unique_id: UUID) -> bool:
        """Store an annotation; safe to repeat, as `skip_for` is.

        Args:
            fields: `result`, `completed_by` and what else Label Studio keeps of one.

        Returns:
            False where it was there already.
        """
        return self._annotate(task_id, {**fields, "unique_id": str(unique_id)})

    def _annotate(self, task_id: int, fields: Mapping[str, Any]) -> bool:
        try:
            self._http.object("POST", f"api/tasks/{task_id}/annotations/", body=dict(fields))
        except LabelStudioError as error:
            if error.status != _DUPLICATE:
                raise
            return False
        return True

    def set_overlap(self, task_id: int, overlap: int, *, is_labeled: bool) -> None:
        """Say how many annotators one task is for; other tasks stay as they are.

        It holds until the project's own `maximum_annotations` changes.

        Args:
            is_labeled: whether as many have finished it already; Label Studio does not count anew.
        """
        fields = {"overlap": overlap, "is_labeled": is_labeled}
        self._http.call("PATCH", f"api/tasks/{task_id}/", body=fields)

    def set_ground_truth(self, annotation_id: int, *, to: bool = True) -> None:
        """Give an annotation the star, or take it away; no other one of its task keeps it."""
        self._http.object("PATCH", f"api/annotations/{annotation_id}/", body={"ground_truth": to})
