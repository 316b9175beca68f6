"""Where a run runs: a process of its own on this machine. `worker` is what runs there."""
