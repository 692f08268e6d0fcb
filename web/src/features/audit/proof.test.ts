import { beforeAll, expect, test } from "vitest";
import { type Proof, check, readHead } from "./proof";

const { subtle } = globalThis.crypto;
const NAME = "valv.local/audit/t/ekdalen";
const BODIES = ["noll", "ett", "två", "tre", "fyra", "fem", "sex"].map((text) => Buffer.from(text));

let proofs: Proof[];
let vkey: string;

beforeAll(async () => {
  const { publicKey, privateKey } = await subtle.generateKey("Ed25519", true, ["sign", "verify"]);
  const leaves = await Promise.all(BODIES.map((body) => hash(Buffer.of(0), body)));
  const text = `${NAME}\n${BODIES.length}\n${(await root(leaves)).toString("base64")}\n`;
  const signature = Buffer.from(await subtle.sign("Ed25519", privateKey, Buffer.from(text)));
  const point = Buffer.from(await subtle.exportKey("raw", publicKey));
  const id = (await hash(Buffer.from(`${NAME}\n`), Buffer.of(1), point)).subarray(0, 4);
  vkey = `${NAME}+${id.toString("hex")}+${Buffer.concat([Buffer.of(1), point]).toString("base64")}`;
  const checkpoint = `${text}\n\u2014 ${NAME} ${Buffer.concat([id, signature]).toString("base64")}\n`;
  proofs = await Promise.all(
    BODIES.map(async (body, seq) => ({
      seq,
      leaf: (leaves[seq] ?? Buffer.of()).toString("hex"),
      body: body.toString("base64"),
      path: (await path(seq, leaves)).map((step) => step.toString("base64")),
      checkpoint,
    })),
  );
});

async function hash(...parts: Buffer[]): Promise<Buffer> {
  return Buffer.from(await subtle.digest("SHA-256", Buffer.concat(parts)));
}

/** RFC 6962 2.1, as it is written there. */
async function root(leaves: Buffer[]): Promise<Buffer> {
  const [only, second] = leaves;
  if (only !== undefined && second === undefined) return only;
  const split = turn(leaves.length);
  return hash(Buffer.of(1), await root(leaves.slice(0, split)), await root(leaves.slice(split)));
}

async function path(index: number, leaves: Buffer[]): Promise<Buffer[]> {
  if (leaves.length === 1) return [];
  const split = turn(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return index < split
    ? [...(await path(index, left)), await root(right)]
    : [...(await path(index - split, right)), await root(left)];
}

function turn(count: number): number {
  return 2 ** Math.floor(Math.log2(count - 1));
}

function first(): Proof {
  const [proof] = proofs;
  if (proof === undefined) throw new Error("no proofs");
  return proof;
}

test("every record of a log holds", async () => {
  for (const proof of proofs) expect(await check(proof, vkey, subtle)).toBe("good");
});

test("one altered byte of the record is found", async () => {
  const body = Buffer.from("Noll").toString("base64");
  expect(await check({ ...first(), body }, vkey, subtle)).toBe("badLeaf");
});

test("a record that is not where it is said to be is found", async () => {
  expect(await check({ ...first(), seq: 1 }, vkey, subtle)).toBe("badPath");
  expect(await check({ ...first(), path: first().path.slice(1) }, vkey, subtle)).toBe("badPath");
  expect(await check({ ...first(), seq: 7 }, vkey, subtle)).toBe("badPath");
  expect(await check({ ...first(), checkpoint: "x" }, vkey, subtle)).toBe("badPath");
});

test("a head that was not signed by the key is found", async () => {
  const forged = first().checkpoint.replace(`\n7\n`, `\n8\n`);
  expect(await check({ ...first(), checkpoint: forged }, vkey, subtle)).not.toBe("good");
  const { publicKey } = await subtle.generateKey("Ed25519", true, ["sign", "verify"]);
  const other = Buffer.concat([Buffer.of(1), Buffer.from(await subtle.exportKey("raw", publicKey))]).toString("base64");
  expect(await check(first(), `${NAME}+00000000+${other}`, subtle)).toBe("badSignature");
});

test("a key that is none is said to be none, and where nothing can be computed that is said", async () => {
  expect(await check(first(), "not a key", subtle)).toBe("badKey");
  expect(await check(first(), vkey, undefined)).toBe("noCrypto");
});

test("a head is read with its origin, size and root", () => {
  expect(readHead(first().checkpoint)).toMatchObject({ origin: NAME, size: 7 });
  expect(readHead("only one line")).toBeNull();
});
