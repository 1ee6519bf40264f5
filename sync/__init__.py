"""The `labeltune` command: from source files to tasks, and from finished work to training files.

One room a kind of data; an import only goes down the floors that docs/architecture.md draws.
Open first: `cli`.
"""
