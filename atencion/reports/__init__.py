"""What the store proves and shows of itself: reads through the desk, writes nothing in it."""
