"""Where the cards' days and hours come from."""

SOURCE = (
    "assumption: days and hours of one engineer who has done it before, from first try to a checked release, "
    "and the team's experience and data move them most"
)
