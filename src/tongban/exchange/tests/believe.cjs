// Asks the npm package http-message-signatures whether it believes a message: JSON in, true, false or why not out.
const { readFileSync } = require("node:fs");
const { createVerifier, httpbis } = require("http-message-signatures");

const { keys, call, answer } = JSON.parse(readFileSync(0, "utf8"));
const keyLookup = async ({ keyid }) =>
  keys[keyid] ? { id: keyid, algs: ["ed25519"], verify: createVerifier(keys[keyid], "ed25519") } : null;
const believed = answer
  ? httpbis.verifyMessage({ keyLookup, maxAge: 300 }, answer, call)
  : httpbis.verifyMessage({ keyLookup, maxAge: 300 }, call);
believed.then(
  (is) => process.stdout.write(JSON.stringify(is)),
  (why) => process.stdout.write(JSON.stringify(String(why))),
);
