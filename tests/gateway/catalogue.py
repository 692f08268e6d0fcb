"""The model routes of the tests; each server is a scripted one."""

_TEMPLATE = """
routes:
  - name: skrivare
    kind: chat
    engine: vllm
    weights: skrivare
    languages: [sv, en]
    context_length: 4096
    ceiling: internal
    default: true
    digest: "sha256:1111111111111111111111111111111111111111111111111111111111111111"
    max_parallel: 8
    max_queue: 16
    backends: ["{chat}"]
    title: {{sv: Skrivare, en: Writer}}
    description: {{sv: Skriver., en: Writes.}}
  - name: ostadig
    kind: chat
    engine: vllm
    weights: ostadig
    languages: [en]
    context_length: 2048
    ceiling: internal
    max_parallel: 1
    max_queue: 1
    backends: ["{unsteady}"]
    title: {{sv: Ostadig, en: Unsteady}}
    description: {{sv: Kan vara nere., en: May be down.}}
  - name: citat
    kind: extractive
    languages: ["*"]
    ceiling: confidential
    default: true
    max_parallel: 8
    max_queue: 64
    title: {{sv: Citat, en: Quotes}}
    description: {{sv: Citerar., en: Quotes.}}
  - name: vektorer
    kind: embedding
    engine: vllm
    weights: vektorer
    languages: ["*"]
    context_length: 512
    ceiling: confidential
    default: true
    max_parallel: 8
    max_queue: 256
    backends: ["{vectors}"]
    title: {{sv: Vektorer, en: Vectors}}
    description: {{sv: Ger vektorer., en: Makes vectors.}}
"""


def catalogue(*, chat, unsteady, vectors):
    return _TEMPLATE.format(chat=chat, unsteady=unsteady, vectors=vectors)
