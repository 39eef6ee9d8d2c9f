"""What a region's or a table's loss asks for: restore to a second, export, import into another stack, and the fence around the old one."""
