"""Finished work as a release: fine-tuning files that were checked before anything is published.

export                opens the finished work and the place of the release
  prepare             reads the split, plans the balance, collects documents
  _ReleaseBuilder     fills a folder that nobody else sees:
    ExampleWriter     the examples of each record into data files, its origin into the lineage
    write_general     general examples after them
    COMPANIONS        the card, and the files of trainers
    finish            the manifest, whose hash names the release
    check_release     every line by the rules of its readers; what they refuse is left out, and
                      the folder filled once more
  publish             the folder becomes the release, all of it at once
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from sync.common.errors import ExportError
from sync.dataset.examples.reasoning import untold_note
from sync.dataset.release import export_notes
from sync.dataset.release.check_release import Checked, check_release, refusal
from sync.dataset.release.companions import COMPANIONS
from sync.dataset.release.data_files import SUPERVISED, DataFiles, Refused
from sync.dataset.release.export_counts import ExportCounter
from sync.dataset.release.export_report import ALL, ExportReport, ExportRequest, FateCounts
from sync.dataset.release.picture_store import PictureStore, picture_store
from sync.dataset.release.pictures import ReleasePictures
from sync.dataset.release.places import FolderRelease, empty, release_place
from sync.dataset.release.prepare import Prepared, prepare
from sync.dataset.release.write_examples import write_general
from sync.records.pulled_work import open_pulled_work
from sync.settings import Config
from sync.table import last_runs
from sync.table.data_folder import data_folder
from sync.table.snapshot import Snapshot
from sync.training_files.formats import FORMATS, Format
from sync.training_files.general_examples import GeneralExamples, count_for, general_examples
from sync.training_files.manifest.contents import ReleaseSummary, WrittenFile
from sync.training_files.manifest.lineage import LineageWriter
from sync.training_files.manifest.manifest import ReleaseOrigin, settings_of, write_manifest

OnExported = Callable[[int], None]


@dataclass(frozen=True)
class _Written:
    """Data files and lineage; companions and manifest are still missing."""

    tally: ExportCounter
    files: tuple[WrittenFile, ...]
    left_out: Mapping[str, Mapping[str, int]]
    summary: ReleaseSummary
    lineage: LineageWriter
    general: GeneralExamples | None


@dataclass(frozen=True)
class _Built:
    """A release that was written and held to its readers' rules, and not yet published.

    Attributes:
        refused: lines that were left out, since a reader would not take them.
    """

    written: _Written
    counts: FateCounts
    release: str
    checked: Checked
    refused: Refused


def export(
    config: Config, request: ExportRequest, progress: OnExported = lambda done: None
) -> ExportReport:
    """Write the finished work in each format, all of them or none.

    Args:
        progress: told how many finished tasks are written.

    Raises:
        ExportError: nothing is finished, the provider would refuse a file, personal data is to be
            refused, or `out` holds other files; nothing is written.
        SyncError: nothing was pulled, or the place can't be written.
    """
    started = time.monotonic()
    formats = _formats(request)
    folder = data_folder(config)
    finished = open_pulled_work(config, request.at)
    snapshot = finished.snapshot
    prepared = prepare(finished, folder, request.balance)
    target = FolderRelease(request.out) if request.out else release_place(folder)
    with target.building() as draft, picture_store(config, folder) as pictures:
        builder = _ReleaseBuilder(config, snapshot, prepared, formats, request, progress, pictures)
        built = builder.build_checked(draft)
        personal = prepared.personal.finish()
        written = target.publish(draft)
    done, counts = built.written, built.counts
    report = ExportReport(
        path=target.path,
        release=built.release,
        written=written,
        counts=counts,
        drafts=done.tally.drafts.use(),
        files=done.files,
        left_out=done.left_out,
        notes=(
            *export_notes.notes(prepared.plan, done.general, done.left_out, built.refused),
            *_untold(config, done),
            *personal.notes,
        ),
        unlisted=done.summary.unlisted,
        warnings=(
            *personal.warnings,
            *export_notes.unmade(formats, done.files, request),
            *export_notes.unsplit(counts),
            *(each.exported() for each in done.summary.unlisted),
            *built.checked.warnings,
        ),
        table_version=snapshot.table_version,
        seconds=round(time.monotonic() - started, 3),
    )
    if not snapshot.past:
        last_runs.note(folder, "export", asdict(report))
    return report


def _formats(request: ExportRequest) -> list[Format]:
    """The formats that are asked for, each once.

    Raises:
        ExportError: the provider reads none of them, or not all that were named.
    """
    provider = request.provider
    if ALL in request.formats:
        return [f for f in FORMATS.values() if provider is None or f.name in provider.formats]
    for name in request.formats:
        if provider is not None and name not in provider.formats:
            raise ExportError(
                f"{provider.name} does not read {name}; export one of {', '.join(provider.formats)}"
            )
    return [FORMATS[name] for name in dict.fromkeys(request.formats)]


@dataclass(frozen=True)
class _ReleaseBuilder:
    """Fills a folder with a release."""

    config: Config
    snapshot: Snapshot
    prepared: Prepared
    formats: Sequence[Format]
    request: ExportRequest
    progress: OnExported
    pictures: PictureStore

    def build_checked(self, draft: Path) -> _Built:
        """Build, and where readers refuse some lines, build once more without them.

        Raises:
            ExportError: see `build`; or lines are refused though such lines were left out.
        """
        built = self.build(draft, {})
        if built.checked.refused:
            # rare, so that writing twice is cheaper than to check each line on its way out
            empty(draft)
            built = self.build(draft, built.checked.refused)
            if built.checked.refused:
                raise refusal(built.checked.refused)
        return built

    def build(self, draft: Path, refused: Refused) -> _Built:
        """Write everything into an empty folder, without lines that were refused, and check it.

        Raises:
            ExportError: there is nothing to write, or the provider would refuse a file.
        """
        config, snapshot, request = self.config, self.snapshot, self.request
        self.prepared.personal.begin([form.takes for form in self.formats])
        done = self._write(draft, refused)
        counts = FateCounts(**done.tally.tasks)
        if not done.files:
            raise ExportError(export_notes.nothing(config, counts, done.left_out))
        companions = {
            name: text
            for companion in COMPANIONS
            for name, text in companion(done.summary, config.card).items()
        }
        of_file = config.export.system_prompt_file is not None
        source = ReleaseOrigin(
            project_id=snapshot.project_id,
            label_studio=config.label_studio.url,
            table_version=snapshot.table_version,
            committed_at=snapshot.committed_at,
            settings=settings_of(config),
            mix=done.general.manifest() if done.general else None,
            system_prompt=self.prepared.writer.layout.prompt.system if of_file else "",
        )
        manifest = write_manifest(draft, done.summary, source, done.lineage, companions)
        checked = check_release(draft, request.provider, repeated=request.balance == "repeat")
        return _Built(done, counts, manifest["release"], checked, refused)

    def _write(self, draft: Path, refused: Refused) -> _Written:
        """Write data and lineage into a folder."""
        config, prepared, provider = self.config, self.prepared, self.request.provider
        bom = provider is not None and provider.bom
        split = None if prepared.split is None else "train"
        general = None
        lineage = LineageWriter(draft)
        pictures = ReleasePictures(draft, self.pictures, config.export.pictures)
        with (
            DataFiles(draft, self.formats, bom=bom, refused=refused, pictures=pictures) as data,
            lineage,
        ):
            tally = prepared.writer.write(prepared.outcomes(), data, lineage, self.progress)
            if config.mix.files and (own := data.most_lines(SUPERVISED, split)):
                count = count_for(own, config.mix.share)
                general = general_examples(config.mix, config.folder, count)
                write_general(general, data, lineage, split)
            files = data.written()
        summary = ReleaseSummary(
            project=config.label_studio.project,
            interface=config.label_studio.interface,
            files=files,
            counts=asdict(FateCounts(**tally.tasks)),
            categories=tally.labels(),
            drafts=asdict(tally.drafts.use()),
            held=tally.held(),
            split=prepared.split.manifest() if prepared.split else None,
            balance=prepared.plan.manifest() if prepared.plan else None,
            unlisted=prepared.unlisted.found(),
            left_out=data.left_out(),
            sample=data.first_lines(),
            pictures=tuple(pictures.written()),
        )
        return _Written(tally, files, data.left_out(), summary, lineage, general)


def _untold(config: Config, done: _Written) -> Iterator[str]:
    turns = done.tally.untold_reasoning
    if turns:
        yield untold_note(turns, config.export.reasoning)
