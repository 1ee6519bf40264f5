"""The Delta table of pulled tasks, and all else that lies in the data folder.

Rows by task come in with each pull, one version comes out; any version can be read again. `pull`
fills it.
Open first: `task_table`.
"""
