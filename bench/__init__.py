"""Every measured claim of the documents, runnable: `python -m bench.<name>`. Times are ratios to a floor of the same run."""
