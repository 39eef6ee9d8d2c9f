"""Dangerous acts of a merchant's people: which they are, the passkey that has to be fresh for them, and the second person.

A machine that signs with a key is bound by its scopes alone. Who may make keys or loosen these rules is a person, and is bound by them.
"""
