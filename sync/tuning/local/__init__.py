"""Training on this machine: LoRA, QLoRA or every weight, by TRL and PEFT, in a process of its own.

`local_tuner` decides what a run does and writes it down as a `plan`; `training_process` does it and
says how far it is in `step_log`; a killed run goes on from its last checkpoint. `adapter_gguf`
makes of the result what the local model server takes, and `served_adapter` finds it for it.
Open first: `plan`.
"""
