"""A number for an example and one for its prompt that are equal wherever texts read the same.

Whether two texts are the same to a reader is costly to say (`repeated_examples`), and few are. So
each line first gets numbers of how its last question and its answer begin and end, which leave
white space, case and a few letters away (`folded_ends`): lines that are the same to a reader have
the same numbers, and those few lines of which others have the number are read again and looked at
exactly.
"""

from collections.abc import Sequence

import numpy as np

from sync.common.same_text import is_said
from sync.training_files.formats.example_texts import Said
from sync.training_files.validation.folded_ends import KEPT, TAKEN, ends_of, folded
from sync.training_files.validation.repeated_examples import HashedLines, Hashes

_NOTHING = ("", "", "", "")


class Likenesses(HashedLines):
    """The numbers of a file's lines; 0 for a line that equals nothing."""

    def add_all(self, lines: Sequence[Said | None]) -> None:
        """The next lines; None for one that can't be read."""
        windows: list[str] = []
        for said in lines:
            if said is None:
                windows += _NOTHING
                continue
            prompt, answer = said[0], said[1]
            question = prompt[-1] if prompt else ""
            one, other = (answer[0], answer[-1]) if answer else ("", "")
            windows += (question[:TAKEN], question[-TAKEN:], one[:TAKEN], other[-TAKEN:])
        found, all_folded = folded(windows)
        pieces = iter(found)
        # of a shorter text, what is taken is all
        least = TAKEN if all_folded else 0
        examples, prompts = [], []
        for said, first, last, begun, ended in zip(
            lines, pieces, pieces, pieces, pieces, strict=True
        ):
            example = asked = 0
            if said is not None:
                prompt, answer, _, _, mark = said
                if not len(first) > KEPT < len(last) and prompt and len(prompt[-1]) >= least:
                    first, last = ends_of(prompt[-1])
                if not len(begun) > KEPT < len(ended) and any(len(t) >= least for t in answer):
                    begun, ended = ends_of(answer[0])[0], ends_of(answer[-1])[1]
                both = hash((first[:KEPT], last[-KEPT:]))
                asked = both if is_said(prompt) else 0
                if asked or is_said(answer):
                    example = hash((both, begun[:KEPT], ended[-KEPT:], mark))
            examples.append(example)
            prompts.append(asked)
        self.put_all(examples, prompts)


def met_again(hashes: Hashes) -> Hashes:
    """The indices of all lines of which another has the hash; 0 is that of none."""
    ordered = np.sort(hashes)
    twice = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    return met_in(hashes, twice)


def met_in(hashes: Hashes, others: Hashes) -> Hashes:
    """The indices of all lines whose hash others have, too."""
    return np.flatnonzero(np.isin(hashes, others) & (hashes != 0))
