"""The demo: the main job from beginning to end, on its own database."""
