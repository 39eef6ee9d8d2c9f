"""The doctor: looks whether a deployed stack works, and says what is wrong and what to do. It reads, and pays once."""
