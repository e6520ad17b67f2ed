// What a number means: the words of the server's own OpenAPI document, which is fetched once.

import { signal } from '@preact/signals';

export interface Schema {
  $ref?: string;
  type?: string | string[];
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  enum?: string[];
  allOf?: Schema[];
  oneOf?: Schema[];
  maximum?: number;
  minimum?: number;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  description?: string;
  required?: boolean;
  schema: Schema;
}

export interface Operation {
  summary?: string;
  description?: string;
  tags?: string[];
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}

export interface OpenApi {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

export const openApi = signal<OpenApi | undefined>(undefined);
let asked: Promise<void> | undefined;

export function loadOpenApi(): Promise<void> {
  asked ??= fetch('/api/openapi.json')
    .then(response => response.json())
    .then((document: OpenApi) => {
      openApi.value = document;
    })
    .catch(() => {
      asked = undefined;
    });
  return asked;
}

export function schemaOf(schema: Schema): Schema {
  const name = schema.$ref?.split('/').pop();
  return (name && openApi.value?.components.schemas[name]) || schema;
}

/** The description of a field; empty until the document is there. */
export function explain(schema: string, field?: string): string {
  const found = openApi.value?.components.schemas[schema];
  if (!found || !field) {
    return found?.description ?? '';
  }
  const parts = [found, ...(found.allOf ?? [])];
  return parts.map(part => schemaOf(part).properties?.[field]?.description).find(text => text) ?? '';
}
