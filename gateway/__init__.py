"""Torugart: a gateway through which customs administrations exchange signed advance cargo declarations."""
