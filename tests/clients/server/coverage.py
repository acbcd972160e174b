"""Which tests are about which capability, by its path in what the server says about itself."""

from lsprotocol import converters

COVERED: set[str] = set()


def covers(*capabilities: str):
    """A test is about these."""
    COVERED.update(capabilities)
    return lambda test: test


def paths(value, path: str = "") -> set[str]:
    """Every capability that is on; of lists of kinds each one."""
    if isinstance(value, dict):
        return set().union(*(paths(it, f"{path}.{key}" if path else key) for key, it in value.items()), {path} if path else set())
    if isinstance(value, list):
        return {f"{path}.{it}" for it in value if isinstance(it, str)} | {path}
    return set() if value is False or value is None else {path}


def advertised(client) -> dict:
    return converters.get_converter().unstructure(client.initialized.capabilities)
