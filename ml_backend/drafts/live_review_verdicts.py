"""What review projects say of a project's tasks, read from Label Studio again as it changes.

The backend drafts for review projects, too, so it knows them without asking. Which projects they
review, their push has told; of one that an older LabelTune pushed it is not known.
"""

from collections.abc import Callable, Mapping
from typing import Any

import label_configs
from connectors.errors import LabelStudioError
from drafting.project_settings import ProjectSettings
from label_configs import LabelConfigError
from label_configs.annotations.candidates import ListedAnnotation
from label_configs.annotations.read_verdict import verdict_of
from label_configs.annotations.reviews import (
    NO_VERDICTS,
    ReviewVerdict,
    Verdicts,
    newer,
)
from label_configs.review import ReviewInterface
from ml_backend.drafts.finished_tasks import FinishedListing, FinishedTaskReader

REVIEW = ReviewInterface.name

# the settings of the projects that the backend drafts for, by id
KnownProjects = Callable[[], Mapping[int, ProjectSettings]]
# the id that the reviewed task has from its source, and what was decided about it
_Said = tuple[str, ReviewVerdict] | None


class ReviewVerdicts:
    """The newest verdict on each task of one project; for one thread at a time.

    Attributes:
        verdicts: as they were read last.
    """

    def __init__(self, client: FinishedListing, project_id: int, known: KnownProjects) -> None:
        """Nothing is read yet.

        Args:
            project_id: of the reviewed project.
        """
        self.verdicts: Verdicts = NO_VERDICTS
        self._client = client
        self._project_id = project_id
        self._known = known
        self._reviews: dict[int, FinishedTaskReader[_Said]] = {}
        # what was read is more than `verdicts` holds
        self._has_more = False

    def refresh(self) -> set[str]:
        """Read what reviewers have decided since.

        Returns:
            The ids of tasks, from their source, on which there is another verdict now, or none
            any more.

        Raises:
            LabelStudioError: Label Studio can't be asked; what was read before stays.
        """
        reviewing = self._reviewing()
        kept = {
            each: self._reviews.get(each) or FinishedTaskReader(self._client, each, _said)
            for each in reviewing
        }
        self._has_more |= kept.keys() != self._reviews.keys()
        for project_id, reviews in list(kept.items()):
            try:
                self._has_more |= reviews.refresh()
            except LabelStudioError as error:
                if error.status != 404:
                    raise
                del kept[project_id]  # nobody can review there any more
                self._has_more = True
        self._reviews = kept
        # a verdict that names no text and no annotator of the task is about it only where no other
        # project can be meant
        one_project = all(reviewing[each] for each in kept)
        if not self._has_more and one_project == self.verdicts.one_project:
            return set()
        self._has_more = False
        return self._replace(Verdicts(self._newest(), one_project))

    def _replace(self, found: Verdicts) -> set[str]:
        """Take over what was found; the ids on which it says something else."""
        before, self.verdicts = self.verdicts, found
        ids = before.newest.keys() | found.newest.keys()
        if before.one_project != found.one_project:
            return set(ids)
        return {each for each in ids if before.newest.get(each) != found.newest.get(each)}

    def _newest(self) -> dict[str, ReviewVerdict]:
        newest: dict[str, ReviewVerdict] = {}
        for reviews in self._reviews.values():
            for said in reviews.made().values():
                if said is not None:
                    newer(newest, *said)
        return newest

    def _reviewing(self) -> dict[int, bool]:
        """The projects that review this one, and whether each reviews no other."""
        known = self._known()
        own = known.get(self._project_id)
        found = {each: one.reviews for each, one in known.items() if one.interface == REVIEW}
        if not found or (own is not None and own.interface == REVIEW):
            return {}
        title = self._title() if any(found.values()) else None
        return {
            each: reviewed is not None and len(reviewed) == 1
            for each, reviewed in found.items()
            if reviewed is None or title in reviewed
        }

    def _title(self) -> str | None:
        """The project's title, by which a push names the projects of its file."""
        projects = self._client.projects(include="id,title")
        return next((str(p["title"]) for p in projects if int(p["id"]) == self._project_id), None)


def _said(task: Mapping[str, Any]) -> _Said:
    """What a finished task of a review project says; None where it decides nothing."""
    interface = label_configs.load(REVIEW)
    assert isinstance(interface, ReviewInterface)
    try:
        annotations = [ListedAnnotation.of(listed) for listed in task["annotations"]]
        return verdict_of(int(task["id"]), task["data"], annotations, interface)
    except (LabelConfigError, LookupError, TypeError, ValueError, AttributeError):
        return None  # somebody changed it by hand
