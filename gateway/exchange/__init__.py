"""What the gateway does, one module a verb: accept, route, deliver, trace; and the life of an exchange."""
