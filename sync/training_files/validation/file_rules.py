"""The rules of a file as a whole: its size, its number of examples, its byte order mark."""

from collections.abc import Iterator

from sync.training_files.formats.format import Fault, FileRules
from sync.training_files.trainers.provider import Provider
from sync.training_files.validation.files_to_check import Role


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
    if number == 0:
        yield Fault("examples", "the file holds no example")
    elif role == "training" and number < rules.least_examples:
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
