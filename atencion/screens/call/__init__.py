"""The call on screen: one frame whatever the step, and a stage in the middle for what there is to do."""
