"""Connector `razorpay`: cards and UPI through Razorpay's HTTP API."""
