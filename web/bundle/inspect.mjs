/** Refuses a build that is too heavy to begin with, asks for anything outside its origin, or lacks what the gateway serves. */
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const BUDGET = 180 * 1024; // gzip, what index.html loads before anything is asked
// names of XML vocabularies, and addresses in error texts, which nothing fetches
const NAMES_ONLY = [
  "http://www.w3.org/",
  "https://react.dev/errors/",
  "https://react.dev/link/",
  "https://github.com/remarkjs/react-markdown/",
  "https://here.invalid",
  "https://react.i18next.com/latest/usetranslation-hook",
  "https://github.com/syntax-tree/hast-util-to-jsx-runtime",
  "http://localhost", // what the router takes where there is no window
];
const ADDRESS = /https?:\/\/[^\s"'`<>\\)]*/gu;

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const page = await readFile(join(dist, "index.html"), "utf8");
const names = await readdir(join(dist, "assets"));
const faults = [...budgetFaults(await initialSizes()), ...(await addressFaults()), ...pageFaults(), ...siblingFaults()];
faults.forEach((fault) => console.error(fault));
process.exitCode = faults.length === 0 ? 0 : 1;

async function initialSizes() {
  const scripts = [...page.matchAll(/(?:src|href)="\/assets\/([^"]+\.js)"/gu)].map((match) => match[1]);
  const sizes = scripts.map(async (name) => gzipSync(await readFile(join(dist, "assets", name)), { level: 9 }).length);
  return Promise.all(sizes);
}

function budgetFaults(sizes) {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  console.log(`initial JavaScript: ${(total / 1024).toFixed(1)} K gzip of ${BUDGET / 1024} K`);
  return total > BUDGET || total === 0 ? [`initial JavaScript is ${total} bytes gzip; the budget is ${BUDGET}`] : [];
}

async function addressFaults() {
  const files = ["index.html", ...names.filter((name) => /\.(?:js|css|svg|json)$/u.test(name)).map((name) => `assets/${name}`)];
  const found = files.map(async (name) => {
    const addresses = (await readFile(join(dist, name), "utf8")).match(ADDRESS) ?? [];
    return addresses.filter(isForeign).map((address) => `${name} holds the address ${address}`);
  });
  return (await Promise.all(found)).flat();
}

function isForeign(address) {
  return !NAMES_ONLY.some((name) => address.startsWith(name)) && URL.canParse(address);
}

function pageFaults() {
  const faults = [];
  if (!page.includes('<meta property="csp-nonce" nonce="__CSP_NONCE__"')) faults.push("index.html has no place for the nonce");
  if (/<script(?![^>]*\ssrc=)[^>]*>/u.test(page) || /<style|\sstyle=|\son\w+=/u.test(page)) {
    faults.push("index.html holds script or style of its own");
  }
  return faults;
}

function siblingFaults() {
  const plain = names.filter((name) => /\.(?:js|css|svg|json)$/u.test(name));
  const unhashed = plain.filter((name) => !/-[\w-]{8}\.\w+$/u.test(name)).map((name) => `${name} has no hash in its name`);
  const lacking = plain.filter((name) => !names.includes(`${name}.br`) || !names.includes(`${name}.gz`));
  return [...unhashed, ...lacking.map((name) => `${name} is not precompressed`)];
}
