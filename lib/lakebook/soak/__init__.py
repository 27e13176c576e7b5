"""Full runs again and again, and several at once: each must say the same, and leave nothing behind."""
