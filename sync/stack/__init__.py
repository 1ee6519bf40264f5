"""`labeltune up`: Label Studio, a local model, the backend and its worker on one machine.

`settings` decides what is started and on which ports; one that is taken is refused, by `preflight`.
Open first: `launch`.
"""
