"""Presents results: tables, a chart, the JSON file, the progress line."""
