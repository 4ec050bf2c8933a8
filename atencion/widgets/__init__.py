"""What several screens share. Every text that came from data is shown through `plain`."""
