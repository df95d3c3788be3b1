"""Settings of a gateway process: read once, checked, never changed.

Each is an environment variable with the prefix `TORUGART_`. Secrets are given as file paths. Nothing else in the
gateway reads the environment.
"""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import DirectoryPath, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from gateway.published import published

PREFIX = "TORUGART_"


class Settings(BaseSettings):
    """Settings of a gateway process."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    participant: str = Field("GATEWAY", description="The gateway's own participant id: issuer of receipts and seals")
    key: str = Field("file:torugart/keys/GATEWAY.pem", description="URI of the signing key and its certificate chain")
    trust: Path = Field(Path("torugart/trust"), description="Folder of the trust store")
    database: str = Field(
        "sqlite:///torugart/gateway.db", description="SQLite or PostgreSQL (postgresql+psycopg://…), no password in it"
    )
    agreements: DirectoryPath = Field(
        default_factory=lambda: published("agreements"), description="Folder of the agreements"
    )
    largest_message: int = Field(10 * 1024 * 1024, ge=1024, description="Bytes; a larger body is refused unread")
    clock_file: Path | None = Field(None, description="File with seconds by which the clock is moved; workshops only")
    refresh_seconds: float = Field(1.0, gt=0, description="How often the trust store is looked at for changes")


def strangers() -> tuple[str, ...]:
    """Variables of the environment that are named as a setting and are none, such as a setting mistyped."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    return tuple(sorted(name for name in os.environ if name.upper().startswith(PREFIX) and name.upper() not in known))
