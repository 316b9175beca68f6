"""Asking a hosted model: address, key, price, calls. Nothing here imports the client before a call is made."""
