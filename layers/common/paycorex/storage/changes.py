"""The difference of two versions of one item, as update actions: attributes that the model does not declare stay as they are."""

from pynamodb.expressions.update import Action

from paycorex.storage.items import Item


def copy_of[M: Item](item: M) -> M:
    """An independent copy, to be changed and compared."""
    return type(item).load(item.serialize())


def difference(before: Item, after: Item) -> list[Action]:
    """The actions that turn the one into the other; empty when they are equal."""
    old, new = before.serialize(), after.serialize()
    actions: list[Action] = []
    for name, attribute in type(after).get_attributes().items():
        stored = attribute.attr_name
        if old.get(stored) != new.get(stored):
            actions.append(attribute.set(getattr(after, name)) if stored in new else attribute.remove())
    return actions
