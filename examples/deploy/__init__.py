"""Other ways to deploy the template."""
