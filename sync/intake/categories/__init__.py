"""The categories that rules assign to a source task.

`[categories.NAME]` of `labeltune.toml` says which labels there are and who assigns them: rules,
here; the model, in the backend; or only annotators, who may correct either. A source task comes in
and comes out with `data["categories"] = {name: label}`, checked and completed.
Open first: `rules`.
"""
