"""The demonstration: real exchanges between real servers on loopback, checked from outside.

`stage` starts the gateway, the adapters and the mock national windows, each a process with a port of its own, and puts
a `tap` on both sides of the gateway. `play` plays the exchanges one after the other, those of a whole life as
`scenarios` has them. `watch` waits and looks, and `reading` reads what is there; `checks` judges what went over the
taps, `ends` what the windows and the gateway hold in the end, and neither trusts anybody's word. What was `played` is
what `show` prints in English, Russian or Chinese.
"""

from gateway.demo.play import play

__all__ = ["play"]
