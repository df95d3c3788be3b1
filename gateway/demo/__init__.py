"""The demonstration: real exchanges between real servers on loopback, checked from outside.

`stage` starts the gateway, the adapters and the mock national windows, each a process with a port of its own, and puts
a tap on both sides of the gateway; `exchanges` plays; `checks` looks at what went over the taps and at what was stored,
and trusts nobody's word; `show` prints it in English, Russian or Chinese.
"""

from gateway.demo.play import play

__all__ = ["play"]
