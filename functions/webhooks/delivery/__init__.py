"""Delivering: one attempt, its HTTP post, its retry schedule and its log."""
