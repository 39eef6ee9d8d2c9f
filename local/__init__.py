"""The one-command platform: build, local AWS, deployment, demonstration. Nothing here runs in a Lambda."""
