"""What a data set should hold, what it lacks, and how an export and the queue make up for it.

`[targets]` says what is wanted; `labeltune gaps` counts, and `--queue` has missing kinds labelled
first. `sync.dataset.release` holds the rest: `balancing` plans which lines an export leaves out or
repeats, and `general_examples` reads the examples that keep a model from forgetting.
"""
