"""The pilots: real prompting and real tuning on a team's own rows, on this machine."""
