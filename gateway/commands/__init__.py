"""The commands, by what they are about; `gateway.cli` puts them together.

terms.py       what every command shares: exit codes, options, help with examples
documents.py   validate, convert, sign, verify
contract.py    schemas, rules, agreements
running.py     serve, adapter, nsw, demo, check-config
trust.py       keys, token
"""
