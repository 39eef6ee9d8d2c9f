"""Captures: what was authorized becomes the merchant's, in one part or several, or is given back."""
