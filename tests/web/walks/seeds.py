"""What is there before the pages are looked at: enough that no list is empty."""

from dataclasses import dataclass

from tests.web.house import WebHouse

RULE = (
    "Riktlinje för distansarbete\n\n"
    "En medarbetare får arbeta på distans högst två dagar i veckan. "
    "Chefen beslutar om undantag för längre tid än tre månader.\n"
)


@dataclass(frozen=True)
class Seeds:
    """Ids of one of each, of the first organisation."""

    house: WebHouse
    collection: str
    document: str


def sown(house: WebHouse) -> Seeds:
    collection = house.collection("Styrdokument")
    return Seeds(house, collection, house.document(collection, "Riktlinje för distansarbete.txt", RULE))
