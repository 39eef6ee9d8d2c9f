"""Dashboard: read models, statistics and the web page. Reads everything, decides nothing."""
