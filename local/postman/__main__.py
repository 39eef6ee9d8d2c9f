"""Write the collection and its environment: `python -m local.postman`."""

from local.paths import ROOT
from local.postman import collection

if __name__ == "__main__":
    collection.write()
    print(f"{collection.FOLDER.relative_to(ROOT)}: {len(list(collection.requests()))} requests")
