// Asks the running daemon over mutual TLS with stock @grpc/grpc-js: each question once, then those
// about now a thousand times.  Each answer must be the one that the command line got, field by field.
//
//	ask.mjs HOST:PORT CA PAIR PROTO QUESTIONS ANSWERS
//
// QUESTIONS holds {id, request} a line, ANSWERS what `carnet check --output json` wrote, in the same order.
import assert from 'node:assert';
import { readFileSync } from 'node:fs';
import { call, credentials, load, plain } from './service.mjs';

const CALLS = Number(process.env.CALLS ?? 1000); // about now, at least
const AT_ONCE = 16;
const [target, authority, pair, proto, questionsFile, answersFile] = process.argv.slice(2);

const lines = (file) => readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
const questions = lines(questionsFile);
const answers = lines(answersFile);

const wrong = [];
const indexes = new Set();
let authorised = 0;

async function ask(client, at) {
	const { id, request } = questions[at];
	const { error, response } = await call(client, 'Check', request);
	if (error) {
		wrong.push(`${id}: ${error.message}`);
		return;
	}
	try {
		assert.deepStrictEqual(plain(proto, 'carnet.v1.Decision', response.decision), answers[at].decision);
	} catch (difference) {
		wrong.push(`${id}: not the decision that \`carnet check\` got: ${difference.message}`);
	}
	if (!response.receipt?.leaf?.length || !response.receipt.checkpoint)
		wrong.push(`${id}: no receipt`);
	authorised += response.decision?.authorises === true;
	indexes.add(response.receipt?.index ?? '0');
}

if (questions.length !== answers.length)
	wrong.push(`${questions.length} questions, but ${answers.length} answers of \`carnet check\``);
const calls = [...questions.keys()];
const live = calls.filter((at) => !answers[at]?.decision.advisory);
for (let more = live.length; live.length && more < CALLS; more++)
	calls.push(live[more % live.length]);
if (!live.length)
	wrong.push('no question is about now');

const client = new (load(proto).carnet.v1.TransferService)(target, credentials(authority, pair));
let next = 0;
const workers = Array.from({ length: AT_ONCE }, async () => {
	while (next < calls.length)
		await ask(client, calls[next++]);
});
await Promise.all(workers);
client.close();
if (indexes.size !== calls.length)
	wrong.push(`${calls.length} calls, but ${indexes.size} receipts`);
for (const line of wrong.slice(0, 20))
	console.log(line);
console.log(`asked ${calls.length}, ${live.length} questions about now, authorised ${authorised}, ` +
	`differences ${wrong.length}`);
process.exitCode = wrong.length ? 1 : 0;
