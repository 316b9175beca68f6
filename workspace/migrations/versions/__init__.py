"""One migration per file; `schema.REVISIONS` lists them in order."""
