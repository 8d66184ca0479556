// The pieces that Python consists of: fetched once, with progress, and kept in this browser.

const HERE = new URL(".", import.meta.url);

// Return what pieces.json states, and the bytes of each piece; progress gets bytes so far and all.
export async function pieces(progress) {
  const stated = await (await fetch(new URL("pieces.json", HERE), { cache: "no-cache" })).json();
  const kept = await open();
  const total = stated.files.reduce((sum, { size }) => sum + size, 0);
  let loaded = 0;
  const more = (count) => progress((loaded += count), total);
  const one = async ({ name, hash, size }) => {
    const found = await read(kept, hash);
    if (found) more(size);
    return [name, found ?? (await keep(kept, hash, await load(`${name}?${hash}`, more)))];
  };
  const bytes = Object.fromEntries(await Promise.all(stated.files.map(one)));
  await tidy(kept, stated.files.map(({ hash }) => hash));
  return { ...stated, bytes };
}

// What a piece was before it was compressed, as a stream.
export const inflated = ({ bytes }, name) => opened(bytes[name] ?? bytes[`${name}.gz`]);

// Some hosts say of a compressed file that it is: then the browser has opened it already.
export function opened(bytes) {
  const [first, second] = new Uint8Array(bytes, 0, 2);
  const stream = new Blob([bytes]).stream();
  return first === 0x1f && second === 0x8b ? stream.pipeThrough(new DecompressionStream("gzip")) : stream;
}

async function load(name, more) {
  const answer = await fetch(new URL(name, HERE));
  if (!answer.ok) throw new Error(`${name} could not be loaded (${answer.status})`);
  const parts = [];
  for (const reader = answer.body.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) return new Blob(parts).arrayBuffer();
    parts.push(value);
    more(value.length);
  }
}

// A browser may forbid storage: then the pieces are loaded again next time.
const open = () => new Promise((resolve, reject) => {
  const asked = indexedDB.open("momentum-run", 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("pieces");
  asked.onsuccess = () => resolve(asked.result);
  asked.onerror = reject;
}).catch(() => null);

const ask = (kept, mode, what) => new Promise((resolve, reject) => {
  if (!kept) return resolve(undefined);
  const asked = what(kept.transaction("pieces", mode).objectStore("pieces"));
  asked.onsuccess = () => resolve(asked.result);
  asked.onerror = reject;
}).catch(() => undefined);

const read = (kept, hash) => ask(kept, "readonly", (store) => store.get(hash));

async function keep(kept, hash, bytes) {
  await ask(kept, "readwrite", (store) => store.put(bytes, hash));
  return bytes;
}

// What an earlier edition of the book left is of no use.
async function tidy(kept, hashes) {
  for (const old of (await ask(kept, "readonly", (store) => store.getAllKeys())) ?? []) {
    if (!hashes.includes(old)) await ask(kept, "readwrite", (store) => store.delete(old));
  }
  kept?.close();
}
