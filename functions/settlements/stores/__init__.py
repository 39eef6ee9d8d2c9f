"""Tables of settlements, their lines and imports. Stores know no rules."""
