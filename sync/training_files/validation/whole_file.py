"""The rules of a file as a whole: its size, how many examples it has, and what holds them."""

from collections.abc import Iterator

from sync.training_files.formats.format import Fault, FileRules
from sync.training_files.trainers import PROVIDERS
from sync.training_files.trainers.provider import Provider
from sync.training_files.validation.checked_file import CheckedFile, CheckSettings
from sync.training_files.validation.containers import ExampleStream, container_fault, nothing_in
from sync.training_files.validation.files_to_check import Role


def whole_faults(
    passed: CheckedFile, asked: CheckSettings, examples: ExampleStream, *, told: bool
) -> Iterator[Fault]:
    """Every rule that a file breaks as a whole.

    Args:
        examples: read to their end.
        told: it is known already why there is no example.
    """
    form, named = passed.form, asked.provider
    if named and form not in named.formats:
        others = ", ".join(named.formats)
        yield Fault("provider-format", f"{named.name} does not read {form}; export one of {others}")
    yield from check_bom(examples.bom, named)
    reader = named or (PROVIDERS[passed.reading.reader] if passed.reading else None)
    fault = container_fault(examples, form, reader)
    if fault is not None and (passed.complete or passed.examples):
        yield fault
    rules = asked.formats[form].rules
    if reader and form in reader.formats:
        rules = reader.formats[form]
    yield from check_size(rules, passed.size)
    if passed.examples == 0:
        if not told:
            yield Fault("examples", f"{nothing_in(examples)}: there is no example in it")
        return
    yield from check_number(rules, passed.examples, passed.source.role, reader)


def check_size(rules: FileRules, size: int) -> Iterator[Fault]:
    """Every rule that a file of so many bytes breaks."""
    most = rules.max_bytes
    if most is not None and (size > most or (rules.below and size == most)):
        limit = f"less than {most:,}" if rules.below else f"at most {most:,}"
        yield Fault("size", f"the file has {size:,} bytes and may have {limit}; split it")


def check_number(
    rules: FileRules, number: int, role: Role, provider: Provider | None
) -> Iterator[Fault]:
    """Every rule that a file of so many examples breaks.

    Least numbers are of training files: a validation file may be small.
    """
    who, asks = (provider.name, "s") if provider else ("its readers", "")
    found = "1 example" if number == 1 else f"{number:,} examples"
    if role == "training" and number < rules.least_examples:
        yield Fault("examples", f"{found}; {who} ask{asks} for {rules.least_examples:,} at least")
    elif role == "training" and number < rules.recommended_examples:
        message = f"{found}; {who} recommend{asks} {rules.recommended_examples:,} or more"
        yield Fault("recommended-examples", message, "warning")
    most = rules.most_examples
    if role == "validation" and provider and provider.most_validation is not None:
        most = provider.most_validation
    if most is not None and number > most:
        yield Fault("most-examples", f"{found}; {who} take{asks} {most:,} at most")


def check_bom(bom: bool, provider: Provider | None) -> Iterator[Fault]:
    """A byte order mark stands where it is wanted, and nowhere else."""
    wanted = provider.bom if provider else False
    if bom and not wanted:
        yield Fault(
            "bom",
            "the file begins with a byte order mark, which most readers refuse; save it as UTF-8 "
            "without one",
        )
    elif wanted and not bom and provider:
        yield Fault(
            "bom",
            f"{provider.name} reads UTF-8 with a byte order mark, and the file begins with none; "
            "save it as UTF-8 with BOM",
        )
