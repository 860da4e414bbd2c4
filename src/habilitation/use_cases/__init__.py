"""What people ask of the portal, one class each, grouped by story.

A use case is five steps and no rule: open the transaction, load, decide, save, let the outbox speak.
"""
