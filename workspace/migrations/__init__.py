"""How the database on disk became what `schema.py` says, one step per file in `versions`."""
