"""What kind of request a task is, in as many respects as a project configures.

`[categories.NAME]` of `labeltune.toml` says which labels there are and who assigns them: rules,
here; the model, in the backend; or only the annotators, who may correct either. A task carries its
own as `data["categories"] = {name: label}`.

`push` calls `rules.categorise(task, config.categories)` for each cleaned task: a SourceTask in, a
SourceTask out, `data["categories"]` checked (a SourceError names file and line) and completed by
the rules. Where no category is configured the task comes back as it is.
"""
