"""What each page costs in a directory of 1,000, 10,000 and 100,000 groups, on both databases."""
