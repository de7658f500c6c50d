"""Processes and what the kernel says about them. Knows nothing of Canvas; everything else stands on it."""
