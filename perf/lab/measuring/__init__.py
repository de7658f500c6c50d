"""Measures rounds, catalogue loads and faults, and holds the results. Nothing here prints."""
