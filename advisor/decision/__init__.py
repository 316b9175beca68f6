"""Limits, simulation over ranges, ranking, flips, break-even, worth of a pilot, and the words of the verdict."""
