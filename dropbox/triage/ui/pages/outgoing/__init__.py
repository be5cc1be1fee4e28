"""Pages of what reporters will read: beside each form, and all that has not left."""
