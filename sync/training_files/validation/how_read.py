"""What is told of how a file was read: where nobody said it, or where a list of data sets did."""

from collections.abc import Iterator

from sync.training_files.validation.checked_file import CheckedFile


def how_read(file: CheckedFile) -> Iterator[str]:
    """The notes on a file."""
    name, reading = file.source.name, file.reading
    if file.examples and reading is not None and (reading.names or not reading.told_by):
        by = f"as {reading.entry} of {reading.told_by} says" if reading.told_by else "by its parts"
        names = f": {reading.names}" if reading.names else ""
        yield f"{name}: read as {file.form} {by}{names}; problems use the names of {file.form}"
    elif file.examples and file.format_by == "guess":
        yield f"{name}: taken for {file.form} by its keys; --format says another"
    if not file.source.asked:
        yield f"{name}: checked too, since it is a split of the same release"
