"""Where the published contract (`schemas/`) lies.

In a checkout it lies beside this package; a wheel carries it inside the package as `gateway/_schemas/`. Whoever
reads a code list, an agreement or a schema asks here and never builds the path itself.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def published(*parts: str) -> Path:
    """The path of a file or folder of the published contract.

    Args:
        *parts: Names below `schemas/`, for example `"codelists", "index.toml"`. None of them: the folder itself.
    """
    inside = _PACKAGE / "_schemas"
    return (inside if inside.is_dir() else _PACKAGE.parent / "schemas").joinpath(*parts)
