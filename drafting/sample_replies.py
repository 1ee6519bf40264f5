"""The replies of one task, drawn from every model, once more where they do not fit, as records."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from connectors.errors import ContextTooLong
from connectors.llm_replies import Reply, Sample
from connectors.llm_tools import OfferedTools
from connectors.llm_turns import PromptMessage
from drafting.project_settings import LLMSettings
from drafting.prompts import messages_of
from drafting.read_turns import offered_tools, turn_of
from label_configs import Interface, ReplyError
from label_configs.lessons import TrainingTurn


class Sampler(Protocol):
    """What drafting needs of a model; `ml_backend.drafts.paid_sampler.PaidSampler` is one."""

    def sample(
        self,
        messages: Sequence[PromptMessage],
        *,
        model: str,
        n: int,
        schema: Mapping[str, Any] | None = None,
        attempt: int = 0,
        tools: OfferedTools | None = None,
    ) -> Reply:
        """Draw `n` replies; another `attempt` draws anew."""


Result = TypeVar("Result")
_Read = tuple[Any, Sample, TrainingTurn]
# the messages for a task, then ever shorter ones for a model whose context they exceed
Prompts = Callable[[Interface[Any], Mapping[str, Any]], Iterator[list[PromptMessage]]]


@dataclass(frozen=True)
class Drawn:
    """The replies that fit the interface, as records.

    Attributes:
        records: at least one, each from the sample at the same place.
        turns: the samples as messages of the assistant's, likewise.
        share: of whole replies that fit among all that were drawn; where there is none, what
            Laplace's rule of succession says of the next one, so that cut drafts keep an order.
        count: of samples that were drawn, without second tries.
    """

    records: list[Any]
    samples: list[Sample]
    turns: list[TrainingTurn]
    share: float
    count: int


def uncut_prompt(
    interface: Interface[Any], data: Mapping[str, Any], settings: LLMSettings
) -> Iterator[list[PromptMessage]]:
    """The prompt of a model with everything in it, and no shorter one."""
    yield messages_of(interface, data, plain=settings.plain_prompt(interface))


def draw(
    interface: Interface[Any],
    data: Mapping[str, Any],
    settings: LLMSettings,
    sampler: Sampler,
    prompts: Prompts | None = None,
) -> Drawn:
    """Draw `settings.samples` replies, shared out among the models.

    A reply that does not fit is drawn once more. A text that was cut at `max_tokens` is kept only
    where there is no whole one, and counts as one that does not fit.

    Args:
        prompts: None: the uncut prompt, and no shorter one.

    Raises:
        ReplyError: none fits.
        ContextTooLong: even the shortest prompt exceeds the model's context.
        LLMError: the endpoint failed.
    """
    variants = prompts(interface, data) if prompts else uncut_prompt(interface, data, settings)
    return until_it_fits(
        variants,
        lambda messages: _draw(interface, data, settings, sampler, messages),
    )


def until_it_fits(
    prompts: Iterable[list[PromptMessage]], call: Callable[[list[PromptMessage]], Result]
) -> Result:
    """The first call whose prompt the model's context can hold.

    Raises:
        ContextTooLong: not even the last prompt fits.
    """
    refused: ContextTooLong | None = None
    for messages in prompts:
        try:
            return call(messages)
        except ContextTooLong as error:
            refused = error
    raise refused or ValueError("no prompt to send")


def shares(samples: int, models: Sequence[str]) -> Iterator[tuple[str, int]]:
    """How many samples come from each model: as even as can be, the first ones get the rest."""
    for place, model in enumerate(models):
        count = samples // len(models) + (place < samples % len(models))
        if count:
            yield model, count


def _draw(
    interface: Interface[Any],
    data: Mapping[str, Any],
    settings: LLMSettings,
    sampler: Sampler,
    messages: list[PromptMessage],
) -> Drawn:
    tools = offered_tools(interface, data, settings)
    beside = {"tools": tools} if tools else {}
    plain = settings.plain_prompt(interface) is not None
    schema = None if plain else interface.schema()
    read_turn = interface.read_plain_turn if plain else interface.read_turn
    whole: list[_Read] = []
    cut: list[_Read] = []
    refused: list[ReplyError] = []
    total = first = 0
    for model, count in shares(settings.samples, settings.models):
        for attempt in range(2):
            reply = sampler.sample(
                messages, model=model, n=count, schema=schema, attempt=attempt, **beside
            )
            fitting, wrong = _read(interface, read_turn, reply.samples, data, tools)
            whole += [read for read in fitting if not read[1].truncated]
            cut += [read for read in fitting if read[1].truncated]
            refused += wrong
            total += len(reply.samples)
            first += 0 if attempt else len(reply.samples)
            count = len(wrong)
            if not count:
                break
    chosen = whole or cut
    if not chosen:
        raise ReplyError(_none_fits(interface, schema, total, refused))
    records, samples, turns = zip(*chosen, strict=True)
    share = len(whole) / total if whole else 1 / (total + 2)
    return Drawn(list(records), list(samples), list(turns), share, first)


def _read(
    interface: Interface[Any],
    read_turn: Callable[[TrainingTurn, Mapping[str, Any]], Any],
    samples: Iterable[Sample],
    data: Mapping[str, Any],
    tools: OfferedTools | None,
) -> tuple[list[_Read], list[ReplyError]]:
    fitting, wrong = [], []
    for sample in samples:
        try:
            turn = turn_of(sample, tools)
            record = interface.attributed(read_turn(turn, data), sample.model)
            fitting.append((record, sample, turn))
        except ReplyError as error:
            wrong.append(error)
    return fitting, wrong


def _none_fits(
    interface: Interface[Any],
    schema: Mapping[str, Any] | None,
    total: int,
    refused: Sequence[ReplyError],
) -> str:
    helps = "a larger llm.max_tokens helps"
    if schema:
        helps = "a model with JSON schemas, or a larger llm.max_tokens, helps"
    return (
        f"none of {total} replies fits {interface.name}, a second try included; "
        f"the last one: {refused[-1]}; {helps}"
    )
