"""The authorizer: the half of the signature check that needs no body."""
