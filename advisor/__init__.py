"""The advice half: pure functions from a team's answers to a ranked, explained verdict."""
