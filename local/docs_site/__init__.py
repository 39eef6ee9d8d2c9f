"""The documentation site: built by MkDocs from docs/ and the contract, with pages that are made of the code's own tables."""
