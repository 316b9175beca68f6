"""A pilot: what it will do (`planning`), how it is kept (`documents`), what came out (`results`)."""
