"""What a trainer can learn from a record, before any file's format.

A `LabelledRecord` comes in; conversations, completions, preferences, judgements, steps and graded
prompts come out, as `sync.training_files.example` defines them.
Open first: `from_record`.
"""
