"""All that is asked of the arms' endpoints: held-out items, losses, general questions."""

from collections.abc import Callable, Mapping, Sequence

from sync.common.terminal import ShowProgress
from sync.quality.judge.kept_replies import KeptReplies
from sync.tuning.evaluation.answer_loss import AnswerLosses
from sync.tuning.evaluation.arms.arm import EvaluatedArm
from sync.tuning.evaluation.arms.prompts import ArmRequest
from sync.tuning.evaluation.arms.replies import ArmReplies, DrawReplies
from sync.tuning.evaluation.arms.servers import ArmServers
from sync.tuning.evaluation.evaluated_work import EvaluatedWork
from sync.tuning.evaluation.general_questions import (
    GeneralAnswers,
    general_questions,
    general_requests,
    one_arm_a_model,
)
from sync.tuning.evaluation.measures.measure import Answers

# what is done now -> how far it is
Showing = Callable[[str], ShowProgress]


class AskArms:
    """Everything that is asked of the arms' endpoints."""

    def __init__(
        self, work: EvaluatedWork, servers: ArmServers, kept: KeptReplies, showing: Showing
    ) -> None:
        """Nothing is asked yet.

        Args:
            showing: what is done now -> how far it is.
        """
        settings, llm = work.config.evaluate, work.config.llm
        self._items = work.held.items
        self._showing = showing
        self._losses = AnswerLosses(servers, kept, settings.concurrency)
        self._draw = DrawReplies(
            servers,
            kept,
            max_tokens=settings.max_tokens or llm.max_tokens,
            concurrency=settings.concurrency,
            prices=llm.prices,
        )
        self._tells_losses = settings.loss

    def replies(self, arm: EvaluatedArm, requests: Sequence[ArmRequest]) -> ArmReplies:
        """What an arm says."""
        return self._draw.of_arm(arm, requests, self._showing(f"asking {arm.name}"))

    def losses(
        self, arms: Sequence[EvaluatedArm], requests: Mapping[str, Sequence[ArmRequest]]
    ) -> dict[str, list[float | None]]:
        """By arm, the loss of the experts' answers after its own prompts; arms without are absent.

        Not of arms whose replies follow a schema: no expert wrote such a thing.
        """
        found = {}
        for arm in arms:
            if any(request.schema is not None for request in requests[arm.name]):
                continue
            asked = [
                (request.variants[0], item.reference)
                for request, item in zip(requests[arm.name], self._items, strict=True)
            ]
            progress = self._showing(f"measuring the loss of {arm.name}")
            if (told := self._losses.of_arm(arm, asked, progress)) is not None:
                found[arm.name] = told
        return found

    def general(self, arms: tuple[EvaluatedArm, ...]) -> GeneralAnswers:
        """The general questions, asked of each model once."""
        answers: dict[str, Answers] = {}
        losses: dict[str, list[float | None]] = {}
        pairs = [(question.messages, question.reply) for question in general_questions()]
        for arm in one_arm_a_model(arms):
            progress = self._showing(f"asking {arm.name} general questions")
            answers[arm.name] = self._draw.of_arm(arm, general_requests(), progress).answers
            if self._tells_losses:
                told = self._losses.of_arm(arm, pairs, progress)
                losses |= {} if told is None else {arm.name: told}
        return GeneralAnswers(answers, losses)
