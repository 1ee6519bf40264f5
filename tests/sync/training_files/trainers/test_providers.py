"""Providers: their names, limits of models, and rules of a job's settings."""

import pytest

from sync.common.errors import SyncError
from sync.training_files.formats import FORMATS
from sync.training_files.trainers import PROVIDERS, JobSettings, Provider, for_name, names

FULL = {f"key{number}": "value" for number in range(16)}


@pytest.mark.parametrize("provider", PROVIDERS.values(), ids=lambda p: p.name)
def test_a_provider_reads_formats_that_there_are(provider: Provider) -> None:
    assert provider.formats
    assert set(provider.formats) | provider.needs_validation <= set(FORMATS)
    assert provider.needs_validation <= set(provider.formats)


@pytest.mark.parametrize("name", ["llama-factory", "axolotl"])
def test_a_trainer_names_the_formats_that_say_how_it_reads_them(name: str) -> None:
    """So that messages list them in its own order, and a companion has an entry for each."""
    provider = PROVIDERS[name]
    assert set(provider.takes) == {form.name for form in FORMATS.values() if provider.reads(form)}


def test_by_name_and_alias() -> None:
    assert [for_name(name).name for name in ("azure", "gemini", "vertex")] == [
        "azure",
        "gemini",
        "gemini",
    ]
    assert len(names()) == len(set(names()))
    with pytest.raises(SyncError, match="did you mean 'together'"):
        for_name("togeher")


def test_azure_alone_wants_a_byte_order_mark() -> None:
    assert [p.name for p in PROVIDERS.values() if p.bom] == ["azure"]


@pytest.mark.parametrize(
    ("provider", "model", "limit"),
    [
        ("openai", "gpt-4.1-mini-2025-04-14", 65_536),
        ("openai", "gpt-4o-mini", 65_536),
        ("openai", "gpt-3.5-turbo-0125", 16_385),
        ("openai", "gpt-3.5-turbo-0613", 4_096),
        ("openai", "gpt-9", None),
        ("azure", "gpt-35-turbo-1106", 16_385),
        ("gemini", "gemini-2.5-flash", 131_072),
        ("together", "Qwen/Qwen3-8B", None),
    ],
)
def test_tokens_of_one_example_by_model(provider: str, model: str, limit: int | None) -> None:
    assert for_name(provider).token_limit(model) == limit


@pytest.mark.parametrize("provider", ["openai", "azure"])
@pytest.mark.parametrize(
    ("job", "rule"),
    [
        (JobSettings(epochs=0), "epochs"),
        (JobSettings(epochs=51), "epochs"),
        (JobSettings(batch_size=0), "batch-size"),
        (JobSettings(batch_size=257), "batch-size"),
        (JobSettings(seed=-1), "seed"),
        (JobSettings(seed=2_147_483_648), "seed"),
        (JobSettings(suffix="s" * 65), "suffix"),
        (JobSettings(metadata=FULL | {"one more": ""}), "metadata"),
        (JobSettings(metadata={"k" * 65: ""}), "metadata"),
        (JobSettings(metadata={"key": "v" * 513}), "metadata"),
    ],
)
def test_settings_that_a_job_may_not_have(provider: str, job: JobSettings, rule: str) -> None:
    (fault,) = for_name(provider).job.check(job)
    assert (fault.rule, fault.severity) == (rule, "error")


@pytest.mark.parametrize(
    "job",
    [
        JobSettings(),
        JobSettings(epochs=1, batch_size=1, seed=0, suffix="", metadata={}),
        JobSettings(50, 256, "s" * 64, FULL, 2_147_483_647),
        JobSettings(metadata={"k" * 64: "v" * 512}),
    ],
)
def test_settings_at_their_limits(job: JobSettings) -> None:
    assert list(for_name("openai").job.check(job)) == []


def test_a_provider_whose_limits_are_not_known_takes_any_job() -> None:
    assert list(for_name("trl").job.check(JobSettings(epochs=1000, seed=-5))) == []


def test_what_a_provider_takes_all_the_same_is_a_warning_that_says_so() -> None:
    line = {"messages": [{"role": "user", "content": ""}, {"role": "assistant", "content": "a"}]}
    (fault,) = FORMATS["openai-chat"].check(line)
    (judged,) = for_name("together").faults(FORMATS["openai-chat"], line)
    assert (fault.severity, judged.severity) == ("error", "warning")
    assert judged.message == f"{fault.message} (together takes it)"
    assert list(for_name("openai").faults(FORMATS["openai-chat"], line)) == [fault]


def test_an_empty_answer_turns_the_verdict_round_in_llama_factory() -> None:
    turns = [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": ""}]
    line = {"conversations": turns, "kto_tag": True}
    found = for_name("llama-factory").faults(FORMATS["sharegpt-kto"], line)
    assert [(f.rule, f.severity) for f in found] == [
        ("value", "warning"),
        ("empty-answer", "error"),
    ]
