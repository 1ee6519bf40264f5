"""What a task remembers of its star: who gave it, and to which answer.

Label Studio keeps a star on an annotation whose text is changed, and tells neither when it was
given nor by whom. So `labeltune review` notes in the task's data what the annotation said when the
star was first seen: a star counts while its annotation says the same. One that it gave itself,
after reviewers had decided, counts for nothing beside their verdict: it only shows in Label Studio
what they said.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from label_configs.annotations.candidates import AnnotationFacts, Kind, candidate_of
from label_configs.errors import LabelConfigError
from label_configs.interface import Interface
from label_configs.queue_fields import STARRED


@dataclass(frozen=True, slots=True)
class StarNote:
    """What was noted of a star.

    Attributes:
        annotation_id: that has it.
        said: a digest of what the annotation said then; empty: `labeltune review` gave the star.
    """

    annotation_id: int
    said: str = ""

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "StarNote | None":
        """The note in a task's data; None where there is none, or none that can be read."""
        held = data.get(STARRED)
        if not isinstance(held, Mapping):
            return None
        annotation_id, said = held.get("annotation"), held.get("said", "")
        if type(annotation_id) is not int or not isinstance(said, str):
            return None
        return cls(annotation_id, said)

    def to_data(self) -> dict[str, Any]:
        """As it stands in a task's data."""
        return {"annotation": self.annotation_id, **({"said": self.said} if self.said else {})}


def starred(annotations: Iterable[Kind]) -> Kind | None:
    """The annotation with a star; of finished ones, the latest first, the first."""
    return next((each for each in annotations if each.ground_truth), None)


def counts(
    star: AnnotationFacts, note: StarNote | None, interface: Interface[Any], task_id: int
) -> bool:
    """Whether a star settles its task: nobody has noted otherwise.

    One whose annotation can't be read still does, so that nothing takes its place unseen.
    """
    if note is None or note.annotation_id != star.id:
        return True
    if not note.said:
        return False
    try:
        return said_by(star, interface, task_id) == note.said
    except LabelConfigError:
        return True


def said_by(annotation: AnnotationFacts, interface: Interface[Any], task_id: int) -> str:
    """A digest of the words and labels of an annotation, whatever the white space; 16 hex digits.

    Raises:
        LabelConfigError: its interface can't read it.
    """
    record = candidate_of(task_id, annotation, interface).record
    texts = [
        " ".join(text.split()) for text in (interface.answer(record), interface.written(record))
    ]
    labels = {**interface.task_labels(record), **interface.labels(record)}
    told = json.dumps([texts, labels], sort_keys=True, default=list)
    return blake2b(told.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
