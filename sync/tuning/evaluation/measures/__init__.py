"""What is measured of answers, one module a measure and one entry in `MEASURES`.

Each gives series: a figure of every arm and item. What an item has no figure of is NaN there.
Open first: `measure`, then `edit_distance`.
"""

from sync.tuning.evaluation.measures import edit_distance, expert_loss, similarity, text_checks
from sync.tuning.evaluation.measures.measure import AnswerMeasure

MEASURES: dict[str, AnswerMeasure] = {
    "checks": text_checks.measure,
    "similarity": similarity.measure,
    "edit_distance": edit_distance.measure,
    "expert_loss": expert_loss.measure,
}
