"""Pure functions named after what they return; every fact comes in as an argument."""
