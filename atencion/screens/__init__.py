"""One module per Textual screen. A screen asks the desk in a worker and paints what comes back."""
