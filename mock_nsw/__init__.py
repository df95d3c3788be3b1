"""Simulated national single windows: state and behaviour, a national wire, a control port, named faults.

Nothing here is shared with the gateway or with the adapters: both sides are written against
`docs/national-wires.md`, so that a mistake made on one side is seen by the other.

    national.py    what a country is: the frozen value every country file fills in
    documents.py   national documents as bytes: read safely, write, bundle in a zip
    issuing.py     whatever must be fresh: moments, identifiers, numbers; repeatable with a seed
    simulator.py   what the window knows and decides: a state machine without input or output
    faults.py      what can be made to go wrong, by name
    sending.py     how a document is handed to the adapter: bounded repeats
    wire.py        the port the adapter sees
    control.py     the port the operator of the simulation sees
    problems.py    what both ports say when they cannot do something
    serving.py     both ports in one process
    events.py      what an authority sees at the border, in no country's form
    cn.py, kg.py, kz.py, uz.py
                   one country each; beside it its form, its changes, its events and its samples
    __main__.py    one window from the command line
"""
