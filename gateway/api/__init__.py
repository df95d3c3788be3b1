"""HTTP in: one file for each group of endpoints; problem documents are made in `problems.py` alone."""
