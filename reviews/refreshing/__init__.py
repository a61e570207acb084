"""New access dates for many public articles in one go, through the same doors as every other edition."""
