"""The main job, shown from beginning to end on a database of its own."""
