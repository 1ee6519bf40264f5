"""The judge of a project: its options, its server, and what of a task it is shown."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.extras import require
from label_configs import Interface
from label_configs.content import spoken
from label_configs.context import context_text
from sync.common.errors import ConfigError
from sync.common.terminal import ShowProgress
from sync.intake.redaction.in_finished_work import for_answers
from sync.intake.redaction.placeholders import redact
from sync.intake.redaction.spans import analysis
from sync.intake.services.health import get
from sync.quality.judge.asking import AskJudge
from sync.quality.judge.budget import judge_budget
from sync.quality.judge.kept_replies import KeptReplies
from sync.quality.judge.prompts import RUBRIC, JudgedCase
from sync.settings import Config
from sync.table.data_folder import data_folder

NAME = "judge"


@dataclass(frozen=True)
class JudgeOptions:
    """`[checks.judge]` of `labeltune.toml`.

    Attributes:
        model, base_url: as in `[llm]` unless set.
        rubric: what answers are judged by, as text; `rubric_file` names a file with it.
        budget: the most that judging may cost in all, in the currency of the prices.
        concurrency: requests at a time.
        tasks: the most that are judged, a random share of more; 0: all.
        calibrate: answers that experts rejected, to learn what grades are worth; 0: none.
        least: an answer is a finding where experts accept fewer of those that are graded like it.
        max_tokens: of a reply.
    """

    model: str = ""
    base_url: str = ""
    rubric: str = ""
    rubric_file: str = ""
    budget: float | None = None
    concurrency: int = 4
    tasks: int = 0
    calibrate: int = 100
    least: float = 0.5
    max_tokens: int = 800

    def __post_init__(self) -> None:
        if self.rubric and self.rubric_file:
            raise ValueError("rubric and rubric_file are both set; take one of them out")
        if self.concurrency < 1 or self.max_tokens < 16 or min(self.tasks, self.calibrate) < 0:
            raise ValueError(
                "concurrency must be at least 1, max_tokens 16, tasks and calibrate 0; correct it"
            )
        if self.budget is not None and self.budget < 0:
            raise ValueError("budget must be 0 or more; correct it")


@dataclass(frozen=True)
class ProjectJudge:
    """A judge that can be asked.

    Attributes:
        rubric: as it is shown.
        also_drafts: whether the model wrote drafts of the project, too.
        notes: what the user should know before its findings.
        redact: replaces personal data in texts under their names, before anything is sent.
    """

    ask: AskJudge
    rubric: str
    also_drafts: bool
    notes: tuple[str, ...]
    redact: Callable[[Mapping[str, Any]], Mapping[str, Any]]

    def shown(
        self, interface: Interface[Any], data: Mapping[str, Any], *answers: str
    ) -> tuple[JudgedCase, list[str]]:
        """What a task's answers are judged beside, and they themselves.

        Where `push` redacts, so is all of it, since experts may have typed what `push` never saw.
        """
        turns = interface.prompt_messages(data)
        inputs = interface.inputs(data)
        texts = self.redact(
            {
                "question": "\n\n".join(f"{turn['role']}: {spoken(turn)}" for turn in turns),
                "text": context_text(inputs["context"], inputs["documents"]),
                "answer": list(answers),
            }
        )
        case = JudgedCase(texts["question"], texts["text"], str(inputs["guidelines"]))
        return case, list(texts["answer"])


def connect(
    config: Config,
    options: JudgeOptions,
    project_id: int,
    say: Callable[[str], None],
    progress: ShowProgress,
) -> ProjectJudge:
    """Read what was said before, and open the client; nothing is asked yet.

    Raises:
        ConfigError: the rubric can't be read, or a budget could never be reached.
        CredentialsError: the backend's user or password can't be used.
        MissingExtraError: the client is not installed.
        SyncError: the data folder can't be read.
    """
    require("backend", "checks.judge")
    from connectors.llm import LLM, Capabilities

    model = options.model or config.llm.model
    kept = KeptReplies(data_folder(config))
    budget, note = judge_budget(config, model, options.budget, kept, project_id, get)
    endpoint = LLM(
        options.base_url or config.llm.base_url, config.env.get("OPENAI_API_KEY"), max_retries=4
    )
    # nobody asks how sure it was of each token
    endpoint.restore(model, Capabilities(logprobs=False))
    settings = config.cleaning.redaction
    find = analysis(for_answers(settings)).spans if settings.on else None
    return ProjectJudge(
        ask=AskJudge(
            endpoint,
            model,
            kept,
            budget,
            concurrency=options.concurrency,
            max_tokens=options.max_tokens,
            say=say,
            progress=progress,
        ),
        rubric=_rubric(config, options),
        also_drafts=model in (config.llm.model, *config.llm.more_models),
        notes=(note,) if note else (),
        redact=(lambda texts: redact(texts, find)[0])
        if find is not None
        else (lambda texts: texts),
    )


def _rubric(config: Config, options: JudgeOptions) -> str:
    if not options.rubric_file:
        return options.rubric.strip() or RUBRIC
    path = config.folder / options.rubric_file
    try:
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{path}: the rubric can't be read ({error}); correct checks.judge.rubric_file in "
            "labeltune.toml"
        ) from error
    if not text:
        raise ConfigError(f"{path}: the rubric is empty; write what a good answer must be")
    return text


def sampled(rows: Sequence[int], most: int) -> list[int]:
    """Rows, or so many of them at random, in their order; the same each time."""
    import numpy as np

    if most <= 0 or len(rows) <= most:
        return list(rows)
    chosen = np.random.default_rng(0).choice(len(rows), most, replace=False)
    return [rows[i] for i in np.sort(chosen).tolist()]
