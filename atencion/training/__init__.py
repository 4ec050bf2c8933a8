"""Practice on the same screens: scenarios, the simulated customer, what was said, and the score of an interaction.

A scenario is data. The customer is a fold over the journal and so is the score: no clock, no network, no model of
language. The same fold scores an interaction that really happened.
"""
