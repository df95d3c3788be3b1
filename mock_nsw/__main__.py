"""`python -m mock_nsw CN --token-file FILE`: run one country's mock window until it is told to stop."""

from __future__ import annotations

import argparse
import json
import sys
from importlib.metadata import entry_points
from pathlib import Path

from mock_nsw.national import Nsw
from mock_nsw.serving import serve


def main(arguments: list[str] | None = None) -> int:
    """Run the command; the exit code is 0 after a clean end and 2 when it cannot start."""
    parser = argparse.ArgumentParser(prog="python -m mock_nsw", description="A simulated national single window.")
    parser.add_argument("country", help="ISO 3166-1 alpha-2 code of an installed country, for example CN")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--control-host", help="address of the control port; the same as --host when absent")
    parser.add_argument("--port", type=int, default=0, help="port for the adapter; 0 takes a free one")
    parser.add_argument("--control-port", type=int, default=0, help="port for the operator; 0 takes a free one")
    parser.add_argument("--adapter", help="address of the adapter; may be set later at the control port")
    parser.add_argument("--token-file", type=Path, required=True, help="file with the token shared with the adapter")
    parser.add_argument("--seed", type=int, help="make the numbers of the samples repeatable")
    given = parser.parse_args(arguments)
    try:
        serve(
            _installed(given.country),
            port=given.port,
            control_port=given.control_port,
            adapter_url=given.adapter,
            token_file=given.token_file,
            ready=lambda port, control_port: _say_ready(
                (given.host, port), (given.control_host or given.host, control_port)
            ),
            host=given.host,
            control_host=given.control_host,
            seed=given.seed,
        )
    except (LookupError, OSError, ValueError) as reason:
        sys.stderr.write(f"{reason}\n")
        return 2
    return 0


def _installed(country: str) -> Nsw:
    found = {entry.name: entry for entry in entry_points(group="torugart.nsws")}
    if country.upper() not in found:
        raise LookupError(f"no window for {country}; installed are {', '.join(sorted(found))}")
    nsw: Nsw = found[country.upper()].load()
    return nsw


def _say_ready(wire: tuple[str, int], control: tuple[str, int]) -> None:
    urls = {"wire": "http://{}:{}".format(*wire), "control": "http://{}:{}".format(*control)}
    sys.stdout.write(json.dumps({"ready": urls}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
