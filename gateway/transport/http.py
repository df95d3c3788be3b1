"""Delivery over HTTP: `POST {endpoint}/deliveries`, one pool of kept-alive connections for each participant."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import httpx
from httpx_aiohttp import AiohttpTransport

from gateway.errors import DeliveryFailed
from gateway.transport.port import Handed, Parcel

LONGEST_RECEIPT = 1024 * 1024
"""Bytes; a longer answer is not read."""


class HttpTransport:
    """Delivers over HTTP. State: the pools, from the first use to `close`."""

    def __init__(self, endpoints: Callable[[], Mapping[str, str]], *, timeout: float = 15.0) -> None:
        self._endpoints = endpoints
        self._timeout = timeout
        self._pools: dict[str, httpx.AsyncClient] = {}

    async def send(self, parcel: Parcel) -> Handed:
        """Hand a parcel over.

        Raises:
            DeliveryFailed: No endpoint, no connection, no answer in time, or not a receipt.
        """
        endpoint = self._endpoints().get(parcel.recipient)
        if not endpoint:
            raise DeliveryFailed(f"No endpoint is registered for {parcel.recipient}")
        headers = {"Content-Type": parcel.media_type, "Torugart-Seal": parcel.seal, "X-Message-ID": parcel.message_id}
        headers["Accept-Encoding"] = "identity"  # a packed answer could be any length once it is unpacked
        if parcel.signature:
            headers["JWS-Signature"] = parcel.signature
        try:
            return await self._post(parcel.recipient, endpoint.rstrip("/") + "/deliveries", parcel.body, headers)
        except httpx.HTTPError as error:
            raise DeliveryFailed(f"{parcel.recipient} could not be reached: {type(error).__name__}") from error

    async def _post(self, recipient: str, url: str, body: bytes, headers: Mapping[str, str]) -> Handed:
        pool = self._pools.get(recipient)
        if pool is None:
            pool = self._pools[recipient] = httpx.AsyncClient(
                transport=AiohttpTransport(), timeout=self._timeout, follow_redirects=False, trust_env=False
            )
        async with pool.stream("POST", url, content=body, headers=headers) as response:
            if response.status_code not in (200, 422):
                raise DeliveryFailed(f"{recipient} answered {response.status_code}")
            receipt = b""
            async for chunk in response.aiter_raw():
                receipt += chunk
                if len(receipt) > LONGEST_RECEIPT:
                    raise DeliveryFailed(f"The answer of {recipient} is longer than a receipt can be")
            return Handed(receipt, response.headers.get("JWS-Signature", ""))

    async def close(self) -> None:
        """Close the pools."""
        for pool in self._pools.values():
            await pool.aclose()
