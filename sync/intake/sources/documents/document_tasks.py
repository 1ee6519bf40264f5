"""One document as tasks: its sections, each to be asked about and answered."""

import importlib
from collections.abc import Iterator
from pathlib import Path

from sync.common.source_task import SourceTask
from sync.intake.sources.documents.sections import DocumentSection, Part, sections
from sync.settings.sources import DocumentsSection


def tasks(
    path: Path,
    name: str,
    module: str,
    settings: DocumentsSection,
    notes: list[str],
    encoding: str | None = None,
) -> Iterator[SourceTask]:
    """The tasks of one document, which is read whole.

    Args:
        name: its path within the folder that was named, its identity whatever its text.
        module: that reads files of its kind.
        notes: what the user should know, such as pages without text; added to.
        encoding: of text files, as the settings name it.
    """
    noted = len(notes)
    parts: list[Part] = importlib.import_module(module).parts(path, notes, encoding)
    cut = sections(
        parts,
        Path(name).stem,
        level=settings.level,
        smallest=settings.smallest,
        largest=settings.largest,
    )
    if not cut and len(notes) == noted:
        notes.append(f"{path}: holds no text, so it was left out")
    for section in cut:
        yield _task(section, name, settings.template, f"{path}, {section.place}")


def _task(section: DocumentSection, document: str, template: str, where: str) -> SourceTask:
    asked = template.format(title=section.title, document=document)
    key = section.key.strip()
    return SourceTask(
        f"{document}#{key}" if key else document,
        {
            "messages": [{"role": "user", "content": asked}],
            "documents": [{"title": section.title, "text": section.text}],
            # so that a later split keeps what comes from one document together
            "document": document,
            "section": section.heading,
        },
        where,
    )
