"""Processors of the library, each played by a server on 127.0.0.1 as its public reference documents it: one file each, found by itself."""
