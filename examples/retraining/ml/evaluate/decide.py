"""When a model replaces another."""


def is_better(error: float, current: float | None) -> bool:
    """Errors are mean squared errors on the same rows; `None` where no model is registered yet."""
    return current is None or error < current
