"""The rules of the common form, one file for each part of a message."""
