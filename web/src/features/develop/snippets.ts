/** A first call in four ways: ready to paste, for this address and the chosen model. The key stays in the environment. */
import type { ModelCard } from "~/api/building";

export const WAYS = ["curl", "python", "javascript", "langchain"] as const;
export type Way = (typeof WAYS)[number];

/** `install` is what the way needs first, in a terminal; null where every system has it. */
export type Snippet = Readonly<{ install: string | null; code: string }>;

/** `base` ends in /v1; `text` is what is asked, or made a vector of. */
type Call = Readonly<{ base: string; model: string; text: string }>;

export type Use = Pick<ModelCard, "name" | "kind">;

/** Reads the key without showing it or leaving it in the shell's history. */
export const KEEP_KEY = "read -rs VALV_API_KEY && export VALV_API_KEY";

const INSTALLS: Readonly<Record<Way, string | null>> = {
  curl: null,
  python: "pip install openai",
  javascript: "npm install openai@6",
  langchain: "pip install langchain-openai",
};

export function snippet(way: Way, base: string, model: Use, text: string): Snippet {
  const writers = model.kind === "embedding" ? VECTORS : ANSWERS;
  return { install: INSTALLS[way], code: writers[way]({ base, model: model.name, text }) };
}

type Writers = Readonly<Record<Way, (call: Call) => string>>;

const ANSWERS: Writers = {
  curl: ({ base, model, text }) => `curl ${base}/chat/completions \\
  -H "Authorization: Bearer $VALV_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{
    "model": "${model}",
    "messages": [{"role": "user", "content": "${text}"}]
  }'`,
  python: ({ base, model, text }) => `import os

from openai import OpenAI

client = OpenAI(base_url="${base}", api_key=os.environ["VALV_API_KEY"])

answer = client.chat.completions.create(
    model="${model}",
    messages=[{"role": "user", "content": "${text}"}],
)
print(answer.choices[0].message.content)`,
  javascript: ({ base, model, text }) => `import OpenAI from "openai";

const client = new OpenAI({ baseURL: "${base}", apiKey: process.env.VALV_API_KEY });

const answer = await client.chat.completions.create({
  model: "${model}",
  messages: [{ role: "user", content: "${text}" }],
});
console.log(answer.choices[0].message.content);`,
  langchain: ({ base, model, text }) => `import os

from langchain_openai import ChatOpenAI

model = ChatOpenAI(model="${model}", base_url="${base}", api_key=os.environ["VALV_API_KEY"])

print(model.invoke("${text}").content)`,
};

const VECTORS: Writers = {
  curl: ({ base, model, text }) => `curl ${base}/embeddings \\
  -H "Authorization: Bearer $VALV_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"model": "${model}", "input": "${text}"}'`,
  python: ({ base, model, text }) => `import os

from openai import OpenAI

client = OpenAI(base_url="${base}", api_key=os.environ["VALV_API_KEY"])

found = client.embeddings.create(model="${model}", input="${text}")
print(len(found.data[0].embedding))`,
  javascript: ({ base, model, text }) => `import OpenAI from "openai";

const client = new OpenAI({ baseURL: "${base}", apiKey: process.env.VALV_API_KEY });

const found = await client.embeddings.create({ model: "${model}", input: "${text}" });
console.log(found.data[0].embedding.length);`,
  langchain: ({ base, model, text }) => `import os

from langchain_openai import OpenAIEmbeddings

model = OpenAIEmbeddings(
    model="${model}",
    base_url="${base}",
    api_key=os.environ["VALV_API_KEY"],
    check_embedding_ctx_length=False,
)
print(len(model.embed_query("${text}")))`,
};

/** What is asked: in Swedish of what writes it, else in English; quotations have something to look for. */
export function textFor(model: Pick<ModelCard, "kind" | "languages" | "prefixes">): string {
  if (model.kind === "embedding") return `${model.prefixes["query"] ?? ""}Hur många semesterdagar har jag?`;
  if (model.kind === "extractive") return "Hur många dagar i veckan får jag arbeta på distans?";
  const isSwedish = model.languages.includes("sv") || model.languages.includes("*");
  return isSwedish ? "Förklara kort vad en revisionslogg är." : "Explain in one sentence what an audit log is.";
}

/** The models that a first call can be made to, those that answer first. */
export function usable(models: readonly ModelCard[]): readonly ModelCard[] {
  const fitting = models.filter(({ paths, fits }) => paths.length > 0 && fits);
  return fitting.toSorted((one, other) => order(one) - order(other));
}

const KINDS = ["chat", "extractive", "embedding"];

function order({ kind }: ModelCard): number {
  return KINDS.indexOf(kind);
}
