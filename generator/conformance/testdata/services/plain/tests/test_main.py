def test_nothing():
    """Stands here to be kept out of the image."""
