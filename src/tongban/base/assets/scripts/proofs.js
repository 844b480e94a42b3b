// Checks proofs from the ledger, as check_proof.py does: nothing is sent anywhere, nothing is asked for.
// Digests and signatures by noble, so that it works in old browsers and on plain pages too.
import { hashes, verify } from "@noble/ed25519";
import { sha256, sha512 } from "@noble/hashes/sha2.js";

hashes.sha512 = sha512;
const LOG = 1;
const WITNESS = 4;
const utf8 = new TextEncoder();

export class NotProven extends Error {
  constructor(code, values = {}) {
    super(code);
    this.code = code;
    this.values = values;
  }
}

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const digest = (...parts) => sha256(joined(...parts));
const hexOf = (bytes) => Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
const same = (one, two) => one !== null && hexOf(one) === hexOf(two);

function fromHex(text) {
  if (typeof text !== "string" || !/^(?:[0-9a-f]{2})*$/.test(text)) {
    throw new TypeError("hex");
  }
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

function fromBase64(text) {
  return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
}

function whole(value) {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new TypeError("number");
  }
  return value;
}

function eightBytes(value) {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(whole(value)));
  return bytes;
}

function isSigned(publicKey, text, signature) {
  try {
    return verify(signature, utf8.encode(text), publicKey, { zip215: false });
  } catch {
    return false;
  }
}

export class Key {
  constructor(name, kind, publicKey) {
    this.name = name;
    this.kind = kind;
    this.publicKey = publicKey;
    this.id = hexOf(digest(utf8.encode(`${name}\n`), Uint8Array.of(kind), publicKey).slice(0, 4));
  }

  static parse(told) {
    const [name, id, ...material] = told.trim().split("+");
    const bytes = fromBase64(material.join("+"));
    const key = new Key(name, bytes[0], bytes.slice(1));
    if (key.id !== id || key.publicKey.length !== 32 || ![LOG, WITNESS].includes(key.kind)) {
      throw new TypeError("key");
    }
    return key;
  }

  get isOfWitness() {
    return this.kind === WITNESS;
  }
}

class Note {
  constructor(told) {
    const cut = told.lastIndexOf("\n\n");
    this.text = `${told.slice(0, cut)}\n`;
    const [origin, size, root, ...more] = told.slice(0, cut).split("\n");
    if (cut < 0 || !/^(?:0|[1-9][0-9]*)$/.test(size)) {
      throw new TypeError("note");
    }
    Object.assign(this, { origin, size: whole(Number(size)), root: fromBase64(root), more });
    this.signatures = told.slice(cut + 2).trim().split("\n").map((line) => {
      const [name, material] = line.replace("\u2014 ", "").split(" ");
      const bytes = fromBase64(material);
      return { name, id: hexOf(bytes.slice(0, 4)), signed: bytes.slice(4) };
    });
  }

  // Returns 0 when a log has signed, for a witness the time at which it did; null when neither has.
  timeOf(key) {
    for (const { name, id, signed } of this.signatures) {
      if (name !== key.name || id !== key.id) {
        continue;
      }
      if (!key.isOfWitness) {
        return isSigned(key.publicKey, this.text, signed) ? 0 : null;
      }
      if (signed.length !== 72) {
        return null;
      }
      const time = new DataView(signed.buffer, signed.byteOffset).getBigUint64(0);
      const text = `cosignature/v1\ntime ${time}\n${this.text}`;
      return isSigned(key.publicKey, text, signed.slice(8)) ? Number(time) : null;
    }
    return null;
  }
}

// RFC 9162, section 2.1.3.2, with numbers halved by division: they may be beyond 32 bits.
function rootOf(leaf, index, size, steps) {
  let [number, last, hash] = [index, size - 1, leaf];
  if (index < 0 || index >= size) {
    return null;
  }
  const half = () => {
    number = Math.floor(number / 2);
    last = Math.floor(last / 2);
  };
  for (const step of steps) {
    if (last === 0) {
      return null;
    }
    if (number % 2 === 1 || number === last) {
      hash = digest(Uint8Array.of(1), step, hash);
      while (number !== 0 && number % 2 === 0) {
        half();
      }
    } else {
      hash = digest(Uint8Array.of(1), hash, step);
    }
    half();
  }
  return last === 0 ? hash : null;
}

function checkEvent(told, note) {
  const position = whole(told.position);
  const commitment = fromHex(told.commitment);
  if (told.event !== null && !same(digest(fromHex(told.salt), utf8.encode(told.event)), commitment)) {
    throw new NotProven("event_changed", { position });
  }
  const leaf = digest(Uint8Array.of(0), commitment);
  if (!same(rootOf(leaf, position - 1, note.size, told.inclusion.map(fromBase64)), note.root)) {
    throw new NotProven("event_elsewhere", { position });
  }
}

function checkLinks(told, note) {
  const chain = fromHex(told.chain.replaceAll("-", ""));
  const heads = [digest(utf8.encode("tongban chain 1\n"), fromHex(told.salt), chain)];
  let before = 0;
  told.links.forEach((link, place) => {
    const number = place + 1;
    checkEvent(link, note);
    if (link.number !== number || link.position <= before) {
      throw new NotProven("link_missing", { number });
    }
    before = link.position;
    const parts = [utf8.encode("tongban link 1\n"), heads[place], eightBytes(number), fromHex(link.commitment)];
    heads.push(digest(...parts));
  });
  return heads;
}

function checkStatement(told, heads, key) {
  const stated = told.statement;
  const note = new Note(stated.note);
  const signer = new Key(`${key.name}/chains`, LOG, key.publicKey);
  if (note.timeOf(signer) === null || note.origin !== signer.name) {
    throw new NotProven("count_not_signed");
  }
  const count = whole(stated.count);
  const size = whole(Number(note.more[1].split(" ")[1]));
  if (count === 0 || count >= heads.length || hexOf(heads[count]) !== stated.head) {
    throw new NotProven("count_differs");
  }
  if (told.links.some((link) => link.position <= size !== link.number <= count)) {
    throw new NotProven("count_incomplete");
  }
  const leaf = digest(Uint8Array.of(0), heads[0], eightBytes(count), heads[count]);
  if (!same(rootOf(leaf, whole(stated.index), note.size, stated.inclusion.map(fromBase64)), note.root)) {
    throw new NotProven("count_without");
  }
  if (stated.record) {
    checkEvent(stated.record, new Note(stated.record.checkpoint));
    const { data } = JSON.parse(stated.record.event);
    if (`day ${data.day}` !== note.more[0] || data.size !== size || data.root !== hexOf(note.root)) {
      throw new NotProven("count_of_record");
    }
  }
}

// Checks a proof; returns what was found: pairs of a code and its values. Throws NotProven, or another error when it
// is no proof at all. `known`: keys that whoever asks knows from elsewhere.
export function check(told, known) {
  const key = known.find((one) => !one.isOfWitness) ?? Key.parse(told.log);
  const note = new Note(told.checkpoint);
  const found = [];
  if (note.timeOf(key) === null || note.origin !== key.name) {
    throw new NotProven("ledger_not_signed");
  }
  if (told.format === "tongban-proof-1") {
    checkEvent(told, note);
    found.push(["event", { position: told.position }]);
    found.push(told.event === null ? ["erased", {}] : ["content", { event: told.event }]);
  } else if (told.format === "tongban-chain-1") {
    const heads = checkLinks(told, note);
    found.push(["chain", { number: heads.length - 1 }]);
    if (told.statement === null) {
      found.push(["no_count", {}]);
    } else {
      checkStatement(told, heads, key);
      found.push(["counted", { day: told.statement.day, number: told.statement.count }]);
    }
  } else {
    throw new TypeError("format");
  }
  for (const witness of known.filter((one) => one.isOfWitness)) {
    const time = note.timeOf(witness);
    if (time === null) {
      throw new NotProven("not_witnessed", { name: witness.name });
    }
    found.push(["witnessed", { name: witness.name, time: new Date(time * 1000).toISOString() }]);
  }
  found.push(["ledger", { name: key.name, size: note.size }]);
  if (known.every((one) => one.isOfWitness)) {
    found.push(["key_of_file", { id: key.id }]);
  }
  return found;
}
