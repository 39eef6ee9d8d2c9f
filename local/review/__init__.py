"""A review of the template before any deployment: what AWS's quotas, rules and roles say of it, found without an account."""
