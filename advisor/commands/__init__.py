"""The command line of the advice half: one module per command, each with `NAME`, `HELP`, `add` and `run`."""
