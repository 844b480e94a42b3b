"""The product's own settings with one thing changed: for yardsticks, for counting queries, for profiles."""

from types import ModuleType


def settings_of(product: ModuleType) -> dict[str, object]:
    """Return all settings of a module by name."""
    return {name: getattr(product, name) for name in dir(product) if name.isupper()}
