"""What a team keeps: projects, answers, data sets, runs and their rows. Sole owner of the data home."""
