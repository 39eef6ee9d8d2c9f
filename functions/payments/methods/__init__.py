"""Payment methods: one module each, all filling `start`."""
