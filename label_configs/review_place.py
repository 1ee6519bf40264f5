"""Where a review stands among others of its task: which tier, of which answers, who may decide.

`labeltune review` writes it into a review's data, under one name. A review that somebody else has
made has none: it stands in the first tier, and whoever decides it may.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Literal

from label_configs.errors import LabelConfigError

PLACE = "review_place"
# of an answer that an earlier tier amended: what its annotator had written
AMENDED_FROM = "amended_from"

WhyIgnored = Literal["own work", "not of this tier"]


@dataclass(frozen=True, slots=True)
class ReviewPlace:
    """A review's place.

    Attributes:
        round: a digest of the answers as their annotators wrote them; one of them changes, and
            another round begins. One that begins although none has changed goes on with the
            first one's digest, see `another_round`. Empty where nobody told.
        tier: from 0; a later one is asked after an earlier one, and overrules it.
        name: of the tier.
        authors: Label Studio's ids of those who wrote or amended what is shown.
        may_review: of those who may decide, where not everybody but the authors may.
        order: in [0, 1], low comes first; None: by how doubtful the answer is.
    """

    round: str = ""
    tier: int = 0
    name: str = ""
    authors: frozenset[int] = frozenset()
    may_review: frozenset[int] = frozenset()
    order: float | None = None

    def why_ignored(self, reviewer: int | None) -> WhyIgnored | None:
        """Why what somebody decides has no effect; None where it has."""
        if reviewer in self.authors:
            return "own work"
        if self.may_review and reviewer not in self.may_review:
            return "not of this tier"
        return None

    def to_data(self) -> dict[str, Any]:
        """As it stands in a task's data."""
        return {
            "round": self.round,
            "tier": self.tier,
            "name": self.name,
            "authors": sorted(self.authors),
            "may_review": sorted(self.may_review),
            **({} if self.order is None else {"order": self.order}),
        }


NO_PLACE = ReviewPlace()


def place_of(data: Mapping[str, Any]) -> ReviewPlace:
    """A review's place by its task's data.

    Raises:
        LabelConfigError: it is not as it was written.
    """
    written = data.get(PLACE)
    if written is None:
        return NO_PLACE
    try:
        return ReviewPlace(
            round=_is(str, written["round"]),
            tier=_is(int, written["tier"]),
            name=_is(str, written["name"]),
            authors=frozenset(_is(int, each) for each in written["authors"]),
            may_review=frozenset(_is(int, each) for each in written["may_review"]),
            order=_is(float, written["order"]) if "order" in written else None,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise LabelConfigError(
            f"{PLACE!r} is not as `labeltune review` wrote it ({error}); delete the review, then "
            "run `labeltune review` again"
        ) from error


def round_of(answers: Iterable[str]) -> str:
    """A digest of the answers under review, in any order and whatever their white space."""
    digests = sorted(words_digest(answer) for answer in answers)
    return blake2b(b"".join(digests), digest_size=8).hexdigest()


def another_round(round: str, why: str) -> str:
    """The round in which the same answers are reviewed once more: `0123456789abcdef/89ab`."""
    return f"{answers_of(round)}/{blake2b(why.encode(errors='replace'), digest_size=4).hexdigest()}"


def answers_of(round: str) -> str:
    """The part of a round that names its answers."""
    return round.partition("/")[0]


def words_digest(text: str) -> bytes:
    """A digest of a text's words, whatever the white space between them."""
    words = " ".join(text.split())
    return blake2b(words.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _is(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise ValueError(f"expected {kind.__name__}, found {value!r}")
    return value
