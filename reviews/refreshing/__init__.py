"""New access dates for many public articles in one go, through the same verbs and gate as every other edition."""
