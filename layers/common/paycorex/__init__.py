"""PayCoreX shared code: what no single domain owns."""
