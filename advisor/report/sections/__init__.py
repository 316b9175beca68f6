"""The report's sections, one file each: `blocks(contents)` says what it has to say, or nothing."""
