"""`labeltune up`: Label Studio, a local model, the backend and its worker on one machine.

Open first: `launch`.
"""
