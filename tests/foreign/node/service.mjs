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

/** Full enum name -> its name without the prefix that all of one enum share. */
export function shortNames(folder) {
	const names = new Map();
	const visit = (type) => {
		for (const nested of type.nestedArray ?? []) {
			if (nested instanceof protobuf.Enum && nested.valuesById[0]?.endsWith('_UNSPECIFIED')) {
				const prefix = nested.valuesById[0].slice(0, -'UNSPECIFIED'.length);
				for (const name of Object.keys(nested.values))
					names.set(name, name.slice(prefix.length));
			}
			visit(nested);
		}
	};
	visit(root(folder));
	return names;
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
