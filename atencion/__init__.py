"""The workstation of a customer-care agent, in the terminal."""

__version__ = "0.1.0.dev0"
