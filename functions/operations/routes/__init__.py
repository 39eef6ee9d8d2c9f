"""The routes of the operators' page: what `/admin/…` and the commands do, for operators who are signed in."""
