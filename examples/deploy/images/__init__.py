"""An example: the template with container images instead of zip archives and layers."""
