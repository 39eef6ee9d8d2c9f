"""Audit packs: a month of the books in one file, with the way of each entry to a signed root, and the program that checks it offline."""
