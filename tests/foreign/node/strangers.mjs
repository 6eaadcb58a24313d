// Who should not get in does not: each refusal as docs/FORMATS.md tells it.
//
//	strangers.mjs HOST:PORT FOLDER PROTO
//
// FOLDER has what `carnetd init --dev` and tests/foreign/strangers.sh made.
import grpc from '@grpc/grpc-js';
import { call, credentials, details, load } from './service.mjs';

const [target, folder, proto] = process.argv.slice(2);
const { TransferService } = load(proto).carnet.v1;
const { UNAVAILABLE, UNAUTHENTICATED, PERMISSION_DENIED, INVALID_ARGUMENT } = grpc.status;
const question = {
	exporter: 'line-plus', purpose: 'essential.service', categories: ['user.contact'],
	recipients: [{ party: 'carrier-be' }],
};
let wrong = 0;

function differs(text) {
	console.log(text);
	wrong++;
}

async function check(pair, request) {
	const client = new TransferService(target, credentials(`${folder}/ca.pem`, pair && `${folder}/${pair}`));
	const result = await call(client, 'Check', request);
	client.close();
	return result;
}

for (const [pair, what, code] of [
	[null, 'no certificate', UNAVAILABLE],
	['foreign', 'a foreign authority', UNAVAILABLE],
	['nameless', 'no SPIFFE id', UNAUTHENTICATED],
	['double', 'two SPIFFE ids', UNAUTHENTICATED],
	['auditor', 'a wrong role', PERMISSION_DENIED],
	['unknown', 'an identity without a rule', PERMISSION_DENIED],
	['bound', "another's exporter", PERMISSION_DENIED],
]) {
	const { error } = await check(pair, question);
	if (error?.code !== code)
		differs(`${what}: ${error ? error.message : 'an answer'}, expected ${grpc.status[code]}`);
	else if (code !== UNAVAILABLE) {
		const info = details(proto, error).ErrorInfo;
		if (info?.domain !== 'carnet' || !info.reason)
			differs(`${what}: ErrorInfo is ${JSON.stringify(info)}`);
	}
}

// The same caller gets an answer about the exporter that it is bound to.
const own = await check('bound', { ...question, exporter: 'google-llc' });
if (!own.response?.decision?.verdict)
	differs(`a bound checker's own exporter: ${own.error?.message}`);

// What a malformed request gets: the field.
const bad = await check('checker', { exporter: 'line-plus' });
const fields = bad.error && details(proto, bad.error).BadRequest?.field_violations.map(({ field }) => field);
if (bad.error?.code !== INVALID_ARGUMENT || fields?.join() !== 'recipients')
	differs(`no recipient: ${bad.error?.message}, about ${fields}`);

// An unregistered word is an answer: a denial, with its receipt.
const unknown = await check('checker', { ...question, recipients: [{ party: 'carrier-bee' }] });
const decision = unknown.response?.decision;
if (decision?.verdict !== 'VERDICT_DENIED' || decision.authorises || decision.reasons[0].code !== 'UNKNOWN_PARTY' ||
	!unknown.response.receipt.leaf.length || decision.did_you_mean[0].did_you_mean !== 'carrier-be')
	differs(`an unknown party: ${unknown.error?.message ?? JSON.stringify(decision)}`);

console.log(`strangers: ${wrong} differences`);
process.exitCode = wrong ? 1 : 0;
