/** The proof of one record, recomputed in the browser: RFC 6962 hashes, RFC 9162 2.1.3.2, and C2SP signed-note. */

export type Proof = Readonly<{
  seq: number;
  leaf: string;
  /** The stored bytes and the steps, in base64. */
  body: string;
  path: readonly string[];
  checkpoint: string;
}>;

export type Verdict = "good" | "half" | "badLeaf" | "badPath" | "badSignature" | "badKey" | "noCrypto";

type Bytes = Uint8Array<ArrayBuffer>;

const ED25519 = 1;

/** `subtle` is WebCrypto, which is there at secure addresses alone. */
export async function check(proof: Proof, vkey: string, subtle: SubtleCrypto | undefined): Promise<Verdict> {
  if (subtle === undefined) return "noCrypto";
  const leaf = await sha256(subtle, [Uint8Array.of(0), bytes(proof.body)]);
  if (hex(leaf) !== proof.leaf) return "badLeaf";
  const head = readHead(proof.checkpoint);
  const steps = proof.path.map(bytes);
  if (head === null || !(await isUnder(subtle, { leaf, index: proof.seq, steps }, head))) return "badPath";
  const key = readKey(vkey);
  return key === null ? "badKey" : isSigned(subtle, proof.checkpoint, key);
}

export type Head = Readonly<{ origin: string; size: number; root: string }>;

/** C2SP tlog-checkpoint: origin, size, root. */
export function readHead(checkpoint: string): Head | null {
  const [origin, size, root] = checkpoint.split("\n");
  if (origin === undefined || root === undefined || !/^\d{1,15}$/u.test(size ?? "")) return null;
  return { origin, size: Number(size), root };
}

async function isUnder(
  subtle: SubtleCrypto,
  { leaf, index, steps }: { leaf: Bytes; index: number; steps: readonly Bytes[] },
  { size, root }: Head,
): Promise<boolean> {
  if (index >= size) return false;
  let hash = leaf;
  let at: At = { place: index, last: size - 1 };
  for (const step of steps) {
    if (at.last === 0) return false;
    const isRight = at.place % 2 === 1 || at.place === at.last;
    hash = await sha256(subtle, isRight ? [Uint8Array.of(1), step, hash] : [Uint8Array.of(1), hash, step]);
    at = above(isRight ? lowestTurn(at) : at);
  }
  return at.last === 0 && base64(hash) === root;
}

/** A node's place on its level, and that of the last node there. */
type At = Readonly<{ place: number; last: number }>;

function above({ place, last }: At): At {
  return { place: Math.floor(place / 2), last: Math.floor(last / 2) };
}

/** Levels on which the last node has no sibling are passed over. */
function lowestTurn(at: At): At {
  return at.place % 2 === 0 && at.place !== 0 ? lowestTurn(above(at)) : at;
}

type Key = Readonly<{ name: string; id: string; point: Bytes }>;

/** `<name>+<key id, hex>+<base64 of type and key>` */
function readKey(vkey: string): Key | null {
  const found = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/u.exec(vkey.trim());
  const [, name, id, encoded] = found ?? [];
  if (name === undefined || id === undefined || encoded === undefined) return null;
  const raw = bytes(encoded);
  return raw.length === 33 && raw[0] === ED25519 ? { name, id, point: raw.slice(1) } : null;
}

async function isSigned(subtle: SubtleCrypto, checkpoint: string, key: Key): Promise<Verdict> {
  const end = checkpoint.indexOf("\n\n") + 1;
  const signed = new TextEncoder().encode(checkpoint.slice(0, end));
  const signatures = checkpoint.slice(end + 1).split("\n").flatMap(readSignature);
  try {
    const point = await subtle.importKey("raw", key.point, "Ed25519", false, ["verify"]);
    for (const signature of signatures) {
      if (await subtle.verify("Ed25519", point, signature, signed)) return "good";
    }
    return "badSignature";
  } catch (fault) {
    if (fault instanceof DOMException && fault.name === "NotSupportedError") return "half";
    return "badKey";
  }
}

/** A line of a note: dash, name, and in base64 four bytes of the key's id and 64 of the signature. */
function readSignature(line: string): Bytes[] {
  const found = /^\u2014 [^\s+]+ ([A-Za-z0-9+/]+=*)$/u.exec(line);
  const raw = found?.[1] === undefined ? null : bytes(found[1]);
  return raw?.length === 68 ? [raw.slice(4)] : [];
}

async function sha256(subtle: SubtleCrypto, parts: readonly Bytes[]): Promise<Bytes> {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  parts.reduce((start, part) => {
    whole.set(part, start);
    return start + part.length;
  }, 0);
  return new Uint8Array(await subtle.digest("SHA-256", whole));
}

function bytes(encoded: string): Bytes {
  try {
    return Uint8Array.from(atob(encoded), (letter) => letter.codePointAt(0) ?? 0);
  } catch {
    return new Uint8Array();
  }
}

function base64(raw: Bytes): string {
  return btoa(String.fromCodePoint(...raw));
}

function hex(raw: Bytes): string {
  return [...raw].map((each) => each.toString(16).padStart(2, "0")).join("");
}
