"""What an option would need and cost: pure functions named after what they return."""
