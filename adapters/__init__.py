"""Adapters: one folder for each country, all with the same files, on the kit in `adapters/kit/`."""
