"""What a provider asks of a fine-tuning job's settings."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sync.training_files.formats.format import Fault

Limits = tuple[int, int]


@dataclass(frozen=True)
class JobSettings:
    """A job as a user asks for it; None: the provider chooses."""

    epochs: int | None = None
    batch_size: int | None = None
    suffix: str | None = None
    metadata: Mapping[str, str] | None = None
    seed: int | None = None


@dataclass(frozen=True)
class JobRules:
    """The settings that a provider takes; None: any, as far as is known.

    Attributes:
        epochs, batch_size, seed: least and most.
        suffix: characters of the tuned model's suffix, at most.
        metadata: pairs, at most.
        metadata_key, metadata_value: characters of each, at most.
    """

    epochs: Limits | None = None
    batch_size: Limits | None = None
    seed: Limits | None = None
    suffix: int | None = None
    metadata: int | None = None
    metadata_key: int | None = None
    metadata_value: int | None = None

    def check(self, job: JobSettings) -> Iterator[Fault]:
        """Every rule that a job's settings break."""
        yield from _within("epochs", job.epochs, self.epochs)
        yield from _within("batch-size", job.batch_size, self.batch_size)
        yield from _within("seed", job.seed, self.seed)
        yield from _short("suffix", job.suffix, self.suffix)
        pairs = job.metadata or {}
        if self.metadata is not None and len(pairs) > self.metadata:
            message = f"{len(pairs)} pairs of metadata; at most {self.metadata} are taken"
            yield Fault("metadata", message)
        for key, value in pairs.items():
            yield from _short("metadata", key, self.metadata_key, "a key of metadata")
            yield from _short("metadata", value, self.metadata_value, "a value of metadata")


def _within(rule: str, value: int | None, limits: Limits | None) -> Iterator[Fault]:
    if value is not None and limits is not None and not limits[0] <= value <= limits[1]:
        name = rule.replace("-", " ")
        yield Fault(rule, f"{name} is {value:,}; it must be {limits[0]:,} to {limits[1]:,}")


def _short(rule: str, text: str | None, most: int | None, name: str = "") -> Iterator[Fault]:
    if text is not None and most is not None and len(text) > most:
        message = f"{name or rule} has {len(text)} characters; at most {most} are taken"
        yield Fault(rule, message)
