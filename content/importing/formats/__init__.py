"""The formats an article may come in. Each is read into HTML, which takes one way from there."""
