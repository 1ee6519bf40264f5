"""What every room of sync stands on: errors, JSON text, files, the terminal, the source task.

Open first: `source_task`.
"""
