"""The monitor's tables: watched addresses, cursors and transfers. They know no rule."""
