"""What is there before the pages are looked at: enough that no list is empty, and one thing that went wrong of each kind."""

from dataclasses import dataclass

from tests.rag.files import pdf
from tests.web.hostile import TEXTS
from tests.web.house import WebHouse

RULE = (
    "Riktlinje för distansarbete\n\n"
    "En medarbetare får arbeta på distans högst två dagar i veckan. "
    "Chefen beslutar om undantag för längre tid än tre månader.\n"
)
PROSE = """## Sammanfattning

Ni får arbeta på distans **två dagar i veckan** [1], och en påhittad källa får ingen länk [9].

| Fråga | Svar | Underlag |
|---|---|---|
| Hur ofta? | Högst två dagar i veckan | Överenskommelseförhandlingsunderlag |
| Vem beslutar? | Närmaste chef | Riktlinje för distansarbete |

1. Prata med din chef.
2. Skriv en överenskommelse.

- [x] Riktlinjen är antagen
- [ ] Avtalet är skrivet

```text
en kodrad som är så lång att den måste kunna rullas i sidled utan att sidan runt omkring den börjar röra på sig
```
"""
LONG = "Informationssäkerhetsklassificeringsanvisning_2026-11.txt"  # as files are named: one word, wider than a phone
QUESTION = "Hur många dagar i veckan får jag arbeta på distans?"


@dataclass(frozen=True)
class Seeds:
    """Ids of one of each, of the first organisation."""

    house: WebHouse
    collection: str
    document: str
    pdf: str
    conversation: str
    quotes: str
    hostile: str
    failed: str


def sown(house: WebHouse) -> Seeds:
    collection = house.collection("Styrdokument")
    document = house.document(collection, LONG, RULE)
    drawn = house.document(
        collection, "Policy.pdf", pdf([["Policy för distansarbete", "Två dagar i veckan."], ["Sida två"]])
    )
    house.document(collection, "Trasig.pdf", b"%PDF-1.7 intet")
    house.document(house.collection("Fientliga texter"), "fientlig.txt", "\n\n".join(TEXTS.values()))
    return Seeds(house, collection, document, drawn, **_conversations(house, collection))


def _conversations(house: WebHouse, collection: str) -> dict[str, str]:
    house.writes(PROSE)
    written = house.conversation(QUESTION, "Sammanfatta det.", collections=[collection])
    quotes = house.conversation(QUESTION, collections=[collection], model=None, mode="quotations")
    house.writes("\n\n".join(TEXTS.values()))
    hostile = house.conversation("Vad står det i bilagan?")
    house.breaks("Halva svaret")
    failed = house.conversation("Vad sade fullmäktige?", end="error")
    house.quiet()
    return {"conversation": written, "quotes": quotes, "hostile": hostile, "failed": failed}
