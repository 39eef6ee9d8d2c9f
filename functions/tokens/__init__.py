"""The vault: payment instruments sealed under keys of their merchant, shown to a connector for one call and to nobody else."""
