"""The operators' page, through the authorizer and the doors."""
