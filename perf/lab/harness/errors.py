"""The one error that ends a run of the lab with a message."""


class LabError(Exception):
    """The run cannot continue. The message says why, and what to do about it."""
