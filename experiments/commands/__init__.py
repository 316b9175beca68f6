"""The command line of the pilots: one module per command, each with `NAME`, `HELP`, `add` and `run`."""
