"""Dashboard: read models, statistics and the web page. It only reads."""
