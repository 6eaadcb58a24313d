// Carnet's services as @grpc/proto-loader and @grpc/grpc-js make them from the proto files.
import { readFileSync } from 'node:fs';
import grpc from '@grpc/grpc-js';
import protoLoader from '@grpc/proto-loader';
import protobuf from 'protobufjs';

const files = ['carnet/v1/transfer.proto', 'carnet/v1/receipt.proto', 'google/rpc/status.proto'];

/** The packages below `folder`, a copy of proto/. */
export function load(folder) {
	return grpc.loadPackageDefinition(protoLoader.loadSync(files, {
		includeDirs: [folder], keepCase: true, longs: String, enums: String, bytes: Buffer,
	}));
}

/** The channel's credentials: an authority, and a pair (PATH.pem, PATH.key) if there is one. */
export function credentials(authority, pair) {
	return grpc.credentials.createSsl(readFileSync(authority),
		pair ? readFileSync(`${pair}.key`) : null, pair ? readFileSync(`${pair}.pem`) : null);
}

/** One unary call: {error, response}. */
export function call(client, method, request) {
	return new Promise((resolve) => {
		client[method](request, { deadline: Date.now() + 60_000 },
			(error, response) => resolve({ error, response }));
	});
}

/** A message of the type named, as the command line writes it: enums without the prefix that all of one share. */
export function plain(folder, typeName, message) {
	return plainMessage(root(folder).lookupType(typeName), message);
}

function plainMessage(type, message) {
	return Object.fromEntries(Object.entries(message).map(([name, value]) => {
		const one = (item) => plainValue(type.fields[name].resolvedType, item);
		return [name, Array.isArray(value) ? value.map(one) : one(value)];
	}));
}

function plainValue(type, value) {
	if (type instanceof protobuf.Enum)
		return value.slice(type.valuesById[0].length - 'UNSPECIFIED'.length);
	return type ? plainMessage(type, value) : value;
}

/** A google.rpc.Status message from a call's trailers, and its details by short name. */
export function details(folder, error) {
	const [bytes] = error.metadata?.get('grpc-status-details-bin') ?? [];
	const all = root(folder);
	const found = {};
	for (const detail of bytes ? all.lookupType('google.rpc.Status').decode(bytes).details : []) {
		const name = detail.type_url.replace('type.googleapis.com/', '');
		found[name.split('.').pop()] = all.lookupType(name).decode(detail.value);
	}
	return found;
}

const roots = new Map();

function root(folder) {
	if (!roots.has(folder)) {
		const made = new protobuf.Root();
		made.resolvePath = (origin, target) =>
			target.startsWith('google/protobuf/') && protobuf.common.get(target)
				? target : `${folder}/${target}`;
		roots.set(folder, made.loadSync(files, { keepCase: true }).resolveAll());
	}
	return roots.get(folder);
}
