"""What to say and do: the protocol language, its texts and conditions, and the run that a journal folds into. Pure."""
