"""Records that several rooms read: how they are stored, and how they look outside.

Each has one owning room that decides about it and is the only one to write it; here are only the shapes. Answers, webhooks, lists and the
dashboard all show the same object, because they all use the same view.
"""
