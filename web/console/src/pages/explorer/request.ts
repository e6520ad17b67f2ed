// Requests as the OpenAPI document describes them, filled in.

import { type OpenApi, type Operation, type Parameter, type Schema, schemaOf } from '../../data/explain.ts';

export interface Listed {
  id: string;
  method: string;
  path: string;
  operation: Operation;
}

export type Values = Readonly<Record<string, string>>;

export function listOf(document: OpenApi): Listed[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      id: `${method} ${path}`,
      method: method.toUpperCase(),
      path,
      operation,
    })),
  );
}

/** Path and query with the values that were given. */
export function filled({ path, operation }: Listed, values: Values): string {
  const parameters = operation.parameters ?? [];
  const whole = parameters
    .filter(one => one.in === 'path')
    .reduce((text, { name }) => text.replace(`{${name}}`, encodeURIComponent(values[name] ?? '')), path);
  const given = parameters.filter(one => one.in === 'query' && values[one.name]);
  const text = new URLSearchParams(given.map(({ name }) => [name, values[name] ?? ''])).toString();
  return text ? `${whole}?${text}` : whole;
}

export function headersOf({ operation }: Listed, values: Values): [string, string][] {
  const parameters: Parameter[] = operation.parameters ?? [];
  return parameters
    .filter(one => one.in === 'header' && values[one.name])
    .map(({ name }) => [name, values[name] ?? '']);
}

/** The body's schema; `undefined` when there is no body. */
export function bodyOf({ operation }: Listed): Schema | undefined {
  return operation.requestBody?.content['application/json']?.schema;
}

const DEEPEST = 5;

/** A value that has the shape of a schema, to begin with. */
export function example(schema: Schema, depth = 0): unknown {
  const found = schemaOf(schema);
  const type = Array.isArray(found.type) ? found.type.find(one => one !== 'null') : found.type;
  if (depth > DEEPEST) {
    return null;
  }
  if (found.enum) {
    return found.enum[0];
  }
  if (found.oneOf?.[0]) {
    return example(found.oneOf[0], depth + 1);
  }
  if (found.properties) {
    const fields = Object.entries(found.properties);
    return Object.fromEntries(fields.map(([name, one]) => [name, example(one, depth + 1)]));
  }
  const simple: Record<string, unknown> = { array: [], string: '', boolean: false, object: {} };
  return type === 'integer' || type === 'number' ? (found.minimum ?? 0) : (simple[type ?? ''] ?? null);
}

/** The request for a shell; the operator token is read from its file, so it is in no history. */
export function curl(listed: Listed, values: Values, body: string, origin: string): string {
  const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
  const parts = [`curl -X ${listed.method}`, '-H "Authorization: Bearer $(cat yidu-data/operator.token)"'];
  for (const [name, value] of headersOf(listed, values)) {
    parts.push(`-H ${quote(`${name}: ${value}`)}`);
  }
  if (body) {
    parts.push("-H 'Content-Type: application/json'", `-d ${quote(body)}`);
  }
  return [...parts, quote(origin + filled(listed, values))].join(' \\\n  ');
}
