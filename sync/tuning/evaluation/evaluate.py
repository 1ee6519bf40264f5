"""An evaluation: every arm answers the held-out items, and all that is measured is compared."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial

from connectors.embedding import load_encoder
from connectors.reading import Embeddings
from sync.common.errors import ConfigError
from sync.common.json_text import Json
from sync.common.terminal import ShowProgress
from sync.compute import LocalEngine
from sync.compute.embedding import LoadEncoder
from sync.compute.vector_cache import VECTORS, text_vectors
from sync.quality.judge.connect import ProjectJudge, sampled
from sync.quality.judge.kept_replies import KeptReplies
from sync.settings import Config
from sync.table.data_folder import data_folder
from sync.tuning.evaluation import EVALUATION_FOLDER
from sync.tuning.evaluation.arms.arm import FULL, EvaluatedArm, arms_of, chosen_arms
from sync.tuning.evaluation.arms.prompts import (
    ArmRequest,
    ProjectPrompts,
    VectorsOf,
    shown_examples,
)
from sync.tuning.evaluation.arms.servers import ArmServers
from sync.tuning.evaluation.ask_arms import AskArms, Showing
from sync.tuning.evaluation.blind_pairs import ExpertChoices, expert_choices, pair_rows
from sync.tuning.evaluation.evaluated_work import EvaluatedWork, evaluated_work
from sync.tuning.evaluation.held_out import HeldOutItem
from sync.tuning.evaluation.judged_pairs import JudgedArms, judged_arms
from sync.tuning.evaluation.measures import MEASURES
from sync.tuning.evaluation.measures.measure import AnsweredItems, MeasuredSeries
from sync.tuning.evaluation.rephrased import REPHRASINGS, rephrased, rephrased_series
from sync.tuning.evaluation.results import Evaluation
from sync.tuning.evaluation.rounds.evaluation_round import EvaluationRound
from sync.tuning.evaluation.statistics.intervals import group_numbers
from sync.tuning.evaluation.summing_up import main_arm, summed_up

REPLIES = f"{EVALUATION_FOLDER}/replies.jsonl"

TakePairs = Callable[[Iterable[Json]], None]
# gets what was evaluated, and its round
TakeRound = Callable[[EvaluatedWork, EvaluationRound], None]
# Label Studio's id of a project -> its judge, if it has one
ConnectJudge = Callable[[int], ProjectJudge | None]


def _silent(said: str) -> ShowProgress:
    return lambda done, total: None


@dataclass(frozen=True)
class WantedEvaluation:
    """What is asked for.

    Attributes:
        models: names of tuned models; none: the newest.
        release: None: the one that the first model learned.
        arms: names; none: all.
        against: the arm that the others are held against.
    """

    models: Sequence[str] = ()
    release: str | None = None
    arms: Sequence[str] = ()
    against: str = FULL


def evaluate(
    config: Config,
    wanted: WantedEvaluation,
    *,
    load: LoadEncoder = load_encoder,
    showing: Showing = _silent,
    connect_judge: ConnectJudge = lambda project_id: None,
    compared: Config | None = None,
    take_pairs: TakePairs = lambda rows: None,
    take_round: TakeRound = lambda work, now: None,
) -> Evaluation:
    """Ask, measure and compare; what is asked is kept, so that a killed run goes on.

    Args:
        connect_judge: gives the model that compares answers of two arms.
        compared: of the project in which experts compare them blind.
        take_pairs: gets what they can compare there, as rows.
        take_round: gets what failed, where the main arm is a tuned model or the base.

    Raises:
        SyncError: the release can't judge the models (see `evaluated_work`), or an endpoint fails.
        ConfigError: an arm is unknown, or only one is asked for.
        EmbeddingError: the embedding model can't be loaded.
        MissingExtraError: the client of model servers is not installed.
    """
    with (
        evaluated_work(
            config,
            wanted.models,
            wanted.release,
            load,
            showing("verifying the split"),
            wanted.arms,
        ) as work,
        closing(ArmServers(config)) as servers,
    ):
        arms = _arms(config, work, wanted)
        for arm in arms:
            servers.check(arm)
        kept = KeptReplies(work.folder, REPLIES, "evaluate")
        vectors_of = vectors_by(config, load, showing("embedding texts"))
        asking = AskArms(work, servers, kept, showing)
        requests_of = partial(_requests, work, arms, vectors_of)
        requests = requests_of(work.held.items)
        replies = {arm.name: asking.replies(arm, requests[arm.name]) for arm in arms}
        answered = AnsweredItems(
            config,
            work.interface,
            work.held.items,
            {name: each.answers for name, each in replies.items()},
            vectors_of,
            asking.losses(arms, requests) if config.evaluate.loss else {},
        )
        series = [each for measure in MEASURES.values() for each in measure(answered)]
        if config.evaluate.rephrased:
            series += _in_other_words(arms, asking, answered, requests_of)
        main = main_arm(arms, wanted.against)
        chosen = ExpertChoices(None)
        if main is not None and wanted.against in answered.answers:
            take_pairs(pair_rows(answered.items, answered.answers, main, wanted.against))
            if compared is not None:
                chosen = expert_choices(compared, answered, main, wanted.against)
        judged = _judged(connect_judge, work, answered, main, wanted)
        series += [each for each in (chosen.series, judged.series) if each is not None]
        general = asking.general(arms) if config.evaluate.general else None
        found = summed_up(work, arms, replies, answered, series, wanted.against, general)
        if found.progress is not None:
            take_round(work, found.progress.now)
        return replace(found, notes=(*found.notes, *chosen.notes, *judged.notes))


def _judged(
    connect_judge: ConnectJudge,
    work: EvaluatedWork,
    answered: AnsweredItems,
    main: str | None,
    wanted: WantedEvaluation,
) -> JudgedArms:
    judge = connect_judge(work.project_id) if work.config.evaluate.judge else None
    if judge is None or main is None:
        return JudgedArms(None, ("No model judged answers in pairs: [checks.judge] is not set",))
    groups = group_numbers([item.group for item in work.held.items])
    return judged_arms(judge, answered, groups, main, wanted.against)


def _arms(
    config: Config, work: EvaluatedWork, wanted: WantedEvaluation
) -> tuple[EvaluatedArm, ...]:
    every = arms_of(config, work.entries)
    chosen = chosen_arms(every, wanted.arms)
    chosen_arms(every, [wanted.against])
    if wanted.arms and wanted.against not in {arm.name for arm in chosen}:
        raise ConfigError(
            f"--arm: {wanted.against!r}, which the others are held against, is not among them; add "
            "it, or choose another one with --against"
        )
    return chosen


def _requests(
    work: EvaluatedWork,
    arms: Sequence[EvaluatedArm],
    vectors_of: VectorsOf,
    items: Sequence[HeldOutItem],
) -> dict[str, list[ArmRequest]]:
    """By arm, what it is asked about items."""
    interface, shown = work.interface, {}
    if any(arm.prompt == "full" for arm in arms):
        k = work.config.llm.examples
        shown = shown_examples(interface, items, work.train, k, vectors_of)
    prompts = ProjectPrompts(interface, shown)
    return {arm.name: [prompts.request(arm.prompt, item) for item in items] for arm in arms}


def vectors_by(config: Config, load: LoadEncoder, progress: ShowProgress) -> VectorsOf:
    """Embeds texts by the project's model; what other commands have embedded is not done again."""
    cache = data_folder(config).on_this_machine(VECTORS)

    def vectors_of(texts: Sequence[str]) -> Embeddings:
        model, engine = config.embedding.model, LocalEngine()
        return text_vectors(texts, model, cache, load, engine, progress, keep_for=None).vectors

    return vectors_of


def _in_other_words(
    arms: Sequence[EvaluatedArm],
    asking: AskArms,
    answered: AnsweredItems,
    requests_of: Callable[[Sequence[HeldOutItem]], dict[str, list[ArmRequest]]],
) -> Iterator[MeasuredSeries]:
    """A share of the items as other kinds of people would ask."""
    some = sampled(range(len(answered.items)), answered.config.evaluate.rephrased)
    for how, change in REPHRASINGS.items():
        changed = {place: rephrased(answered.items[place], change) for place in some}
        items = {place: item for place, item in changed.items() if item is not None}
        if not items:
            continue
        requests = requests_of(list(items.values()))
        said = {arm.name: asking.replies(arm, requests[arm.name]).answers for arm in arms}
        these = replace(answered, items=list(items.values()), answers=said, losses={})
        yield from rephrased_series(how, these, list(items), answered.answers)
