// Checks Carnet's receipt files with packages nobody here wrote; only the reading of the text is ours.
//
//	verify.mjs POLICY FILE|FOLDER...
//
// One JSON object a line, {file, sigstore, disclosures, canonical}, where each is what that package found
// wrong, or empty:
//   sigstore      @sigstore/verify: the checkpoint's signature, the leaf's place below its root
//   disclosures   @sd-jwt/decode: what is disclosed is what the leaf holds digests of, all five
//   canonical     canonicalize: the leaf is canonical JSON
import { createHash, createPublicKey } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { decodeSdJwt, getClaims } from '@sd-jwt/decode';
import { verifyCheckpoint } from '@sigstore/verify/dist/tlog/checkpoint.js';
import { verifyMerkleInclusion } from '@sigstore/verify/dist/tlog/merkle.js';
import canonicalize from 'canonicalize';

const names = ['context', 'evidence', 'outcome', 'request', 'subject'];
const [policy, ...named] = process.argv.slice(2);
const log = readLog(readFileSync(policy, 'utf8'));

/** The log's key as @sigstore/verify takes it. */
function readLog(text) {
	const [, vkey] = /^log (\S+)/m.exec(text);
	const [, name, id, key] = /^([^+]*)\+([^+]*)\+(.*)$/.exec(vkey);
	const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'),
		Buffer.from(key, 'base64').subarray(1)]);
	return {
		baseURL: name,
		logID: Buffer.from(id, 'hex'),
		publicKey: createPublicKey({ key: spki, format: 'der', type: 'spki' }),
	};
}

/** Bytes of base64 (or base64url) that is written in the only right way: Node takes anything. */
function strict(text, encoding) {
	const bytes = Buffer.from(text, encoding);
	if (bytes.toString(encoding) !== text)
		throw new Error(`not ${encoding}`);
	return bytes;
}

function parse(text) {
	const parts = /^c2sp\.org\/tlog-proof@v1\nextra (.*)\nindex (0|[1-9][0-9]*)\n((?:.+\n)*)\n([^]*)$/.exec(text);
	if (!parts)
		throw new Error('not a tlog-proof with extra data');
	const [, extra, logIndex, path, envelope] = parts;
	const sdJwt = strict(extra, 'base64').toString('latin1');
	const [leaf] = sdJwt.split('~', 1);
	return {
		leaf, sdJwt,
		canonicalizedBody: strict(leaf, 'base64url'),
		inclusionProof: {
			logIndex,
			hashes: path.split('\n').slice(0, -1).map((line) => strict(line, 'base64')),
			checkpoint: { envelope },
		},
	};
}

function checkInclusion(entry) {
	verifyMerkleInclusion(entry, verifyCheckpoint(entry, [log]));
}

const hash = (data, algorithm) => createHash(algorithm.replace('-', '')).update(data).digest();

async function checkDisclosures({ sdJwt }) {
	// The leaf is the payload alone: a JWT has a header before it and a signature behind.
	const header = Buffer.from('{"alg":"none"}').toString('base64url');
	const { jwt, disclosures } = await decodeSdJwt(sdJwt.replace(/^[^~]*/, `${header}.$&.`), hash);
	const claims = await getClaims(jwt.payload, disclosures, hash);
	const shown = names.filter((name) => name in claims);
	if (shown.length !== names.length || disclosures.length !== names.length)
		throw new Error(`${disclosures.length} disclosures, of which the leaf knows: ${shown}`);
}

function checkCanonical({ canonicalizedBody }) {
	const text = canonicalizedBody.toString('utf8');
	if (canonicalize(JSON.parse(text)) !== text)
		throw new Error('the leaf is not canonical');
}

async function complaint(check, entry) {
	try {
		await check(entry);
		return '';
	} catch (error) {
		return error.message || String(error);
	}
}

async function verify(file) {
	let entry;
	try {
		entry = parse(readFileSync(file, 'utf8'));
	} catch ({ message }) {
		return { file, sigstore: message, disclosures: message, canonical: message };
	}
	return {
		file,
		sigstore: await complaint(checkInclusion, entry),
		disclosures: await complaint(checkDisclosures, entry),
		canonical: await complaint(checkCanonical, entry),
	};
}

const files = named.flatMap((name) => statSync(name).isDirectory()
	? readdirSync(name).filter((file) => file.endsWith('.tlog-proof')).sort().map((file) => join(name, file))
	: [name]);
let good = files.length > 0;
for (const file of files) {
	const found = await verify(file);
	good &&= !found.sigstore && !found.disclosures && !found.canonical;
	process.stdout.write(`${JSON.stringify(found)}\n`);
}
process.exitCode = good ? 0 : 1;
